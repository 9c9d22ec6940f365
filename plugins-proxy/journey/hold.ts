// Hold: what to tell the seller when a run cannot go on, and until when it waits.
import { reason, type Link, type Reason } from '../../core/index';
import { RemoteFailure } from '../ports/failure';
import { GateClosed } from '../ports/gates';
import { LeaseLost } from '../ports/store';
import { gateReason, show } from './present';
import { after, finish, remember, type Pair, type Run, type RunOutcome } from './run';

/**
 * Shows on the record why it waits. Nothing is shown when the CRM itself is the one that cannot be reached.
 * @returns how the run ends, or `undefined` when the caller decides
 * @throws RemoteFailure when the CRM failed on this record, which then backs off
 */
export async function hold(run: Run, pair: Pair | undefined, error: GateClosed | RemoteFailure): Promise<RunOutcome | undefined> {
  if (!pair || error.connection === run.crm.connection || pair.crm.version === '') return undefined;
  const latest = await latestLink(run, pair);
  const nextTryOn = error instanceof GateClosed ? error.nextTryOn : after(run.now(), error.retryAfterMs ?? run.deps.timings.recordBackOff);
  const why = reasonFor(run, error, nextTryOn);
  const waits = why.actor === 'wait';
  try {
    const shown = await show(run, { ...pair, link: { ...latest, refs: pair.link.refs } }, {
      reasons: [why], conflicts: latest.conflicts, travelled: false, ...(waits ? { unfinished: { progress: 'queued', nextTryOn } } : {}),
    });
    if (!(error instanceof GateClosed) && error.class === 'forbidden') return finish(run, { link: { ...shown.link, crm: shown.crm } });
    await remember(run, { ...shown.link, crm: shown.crm });
  } catch (second) {
    if (second instanceof LeaseLost) throw second;
    // Both are away: the record comes back with the CRM, finds the other one's gate closed still, and says so then.
    if (second instanceof GateClosed || (second instanceof RemoteFailure && closesGate(second))) return { type: 'waits', gate: second.connection };
    if (second instanceof RemoteFailure && second.class === 'remote') throw second;
    run.deps.log({ key: run.lease.key, error: String(second) }, 'the reason could not be shown');
  }
  return undefined;
}

/** Something that nobody foresaw stopped the record for the last time: the seller is told as far as that can be done, and an admin finds why with the parked records. */
export async function tellGivenUp(run: Run, pair: Pair | undefined, thrown: unknown): Promise<void> {
  if (!pair || pair.crm.version === '' || run.signal.aborted || !run.deps.givesUp(run.lease, thrown)) return;
  try {
    const latest = await latestLink(run, pair);
    const shown = await show(run, { ...pair, link: { ...latest, refs: pair.link.refs } }, { reasons: [reason('unexpected')], conflicts: latest.conflicts, travelled: false });
    await remember(run, { ...shown.link, crm: shown.crm });
  } catch (second) {
    if (second instanceof LeaseLost) throw second;
    run.deps.log({ key: run.lease.key, error: String(second) }, 'the reason could not be shown');
  }
}

const latestLink = async (run: Run, pair: Pair): Promise<Link> => (await run.deps.store.linkByCrm(run.crm.connection, run.ref.kind, run.ref.id)) ?? pair.link;

const closesGate = (failure: RemoteFailure): boolean => failure.class === 'auth' || failure.class === 'throttled' || failure.class === 'unreachable';

function reasonFor(run: Run, error: GateClosed | RemoteFailure, nextTryOn: string): Reason {
  const system = run.deps.partner.displayName;
  if (error instanceof GateClosed) return gateReason(error.code, system, nextTryOn);
  if (error.class === 'forbidden') return reason('no-permission', undefined, { system, role: 'Referrals admin' });
  const code = error.class === 'auth' ? 'sign-in-expired' : error.class === 'throttled' ? 'throttled' : 'remote-down';
  return gateReason(code, system, nextTryOn);
}
