// The conductor: one record, one run, whatever rang. Resolve the link, read the sides that rang, plan, write, present.
import { GateClosed } from '../ports/gates';
import { RemoteFailure } from '../ports/failure';
import type { Lease } from '../ports/store';
import { parseWorkKey, type CrmKind } from '../ports/workKey';
import { bindReferral } from './bindReferral';
import { createOpportunity } from './createOpportunity';
import { createReferral } from './createReferral';
import { isCopied, showCopied } from './guardCopies';
import { hold, tellGivenUp } from './hold';
import { readSides } from './readSides';
import { resolveLink } from './resolveLink';
import { clockFrom, finish, type JourneyDeps, type Pair, type Run, type RunOutcome } from './run';
import { updateBoth } from './updateBoth';

/**
 * Runs the journey over a claimed row of work.
 * @throws RemoteFailure when one record failed and backs off; LeaseLost when another process took over; anything else is a bug
 */
export async function syncRecord(deps: JourneyDeps, lease: Lease, signal: AbortSignal): Promise<RunOutcome> {
  const key = parseWorkKey(lease.key);
  if (key.type === 'partner') return bindReferral(deps, lease, key.referralId, signal);
  const crm = deps.crms.get(key.connection);
  if (!crm) return finish({ deps, lease });
  if (key.kind === 'account' || key.kind === 'contact') return ringLinks(deps, lease, key.connection, key.kind, key.id);
  if (key.kind === 'lead') {
    deps.count('ignored');
    return finish({ deps, lease });
  }
  const run: Run = { deps, lease, signal, crm, ref: { kind: key.kind, id: key.id }, now: clockFrom(lease.claimedOn) };
  const known: { pair?: Pair } = {};
  try {
    return await travel(run, known);
  } catch (error) {
    return holdOrThrow(run, known.pair, error);
  }
}

/** The trip itself; `known` keeps what was learnt, so that a failure can be shown on the record. */
async function travel(run: Run, known: { pair?: Pair }): Promise<RunOutcome> {
  const resolved = await resolveLink(run);
  run.deps.passed('U0');
  if (resolved.type === 'end') return resolved.outcome;
  const read = await readSides(run, resolved.link, resolved.crm, known);
  if (read.type === 'end') return read.outcome;
  run.deps.passed('U1');
  const pair = read.pair;
  known.pair = pair;
  if (await isCopied(run, pair)) return showCopied(run, pair);
  if (pair.link.plannedRecord) return createOpportunity(run, pair, known);
  if (!pair.link.referralId) {
    const created = await createReferral(run, pair, known);
    if (created.type === 'end') return created.outcome;
    known.pair = created.pair;
    return updateBoth(run, created.pair, known, 'create');
  }
  return updateBoth(run, pair, known, isOnItsWayIn(pair) ? 'inbound' : 'update');
}

/** As long as the referral does not name the record that was made for it. */
const isOnItsWayIn = ({ link, partner }: Pair): boolean => link.plannedRecord === null && link.attempts.own === null && partner !== null && !partner.externalReferenceId;

/** An account's or contact's bell rings the records that hang on it, at low priority. */
async function ringLinks(deps: JourneyDeps, lease: Lease, connection: string, kind: Extract<CrmKind, 'account' | 'contact'>, id: string): Promise<RunOutcome> {
  await deps.ringLinksOf(kind, connection, id);
  return finish({ deps, lease });
}

/** What cannot go on now is shown where that is possible; only the schedule tries again. */
async function holdOrThrow(run: Run, pair: Pair | undefined, error: unknown): Promise<RunOutcome> {
  const gated = error instanceof GateClosed || (error instanceof RemoteFailure && ['auth', 'throttled', 'unreachable'].includes(error.class));
  const blocked = error instanceof RemoteFailure && ['remote', 'forbidden'].includes(error.class);
  if (!gated && !blocked) {
    await tellGivenUp(run, pair, error);
    throw error;
  }
  const told = await hold(run, pair, error);
  if (told) return told;
  if (gated) return { type: 'waits', gate: error.connection };
  if (error.class === 'forbidden') return finish(run);
  throw error;
}

