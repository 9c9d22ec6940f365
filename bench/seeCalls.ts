// Bench: what the stand-ins see of one round, from its first bell to its last call.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataverse } from '../sandbox/dataverse/startDataverse';
import type { PartnerCenter } from '../sandbox/partnerCenter/partnerCenter';

export interface CallsSeen {
  /** From the bells until the last change was written on both sides. */
  readonly writtenMs: number;
  /** From the bells until the last call of any kind: a round is not over before its own echoes have been looked at. */
  readonly ms: number;
  /** Calls of every kind, until it was quiet. */
  readonly calls: Readonly<Record<string, number>>;
}

const PATIENCE_MS = 120_000;
const QUIET_MS = 400;

/** @throws when the changes are not written in two minutes */
export async function seeCalls(pc: PartnerCenter, dv: Dataverse, changes: number, begin: () => void): Promise<CallsSeen> {
  dv.resetRequests();
  pc.resetRequests();
  const started = performance.now();
  const startedOn = Date.now();
  begin();
  const written = (): number => Math.min(dv.counts()['opportunity.patch'] ?? 0, pc.counts()['referral.patch'] ?? 0);
  while (written() < changes) {
    if (performance.now() - started > PATIENCE_MS) throw new Error(`${written()} of ${changes} changes were written in ${PATIENCE_MS / 1_000} s. ${JSON.stringify(countsOf(pc, dv))}`);
    await sleep(2);
  }
  const writtenMs = performance.now() - started;
  await quiet(pc, dv);
  const ended = [...pc.api.requests(), ...dv.requests()].reduce((latest, call) => Math.max(latest, call.at + call.ms), 0);
  return { writtenMs, ms: ended - startedOn, calls: countsOf(pc, dv) };
}

const countsOf = (pc: PartnerCenter, dv: Dataverse): Record<string, number> => {
  const { 'webhook.put': _put, ...partner } = pc.counts();
  return { ...dv.counts(), ...partner };
};

/** Nothing on its way to anybody, and no call for a while: late echoes belong to the round that caused them. */
async function quiet(pc: PartnerCenter, dv: Dataverse): Promise<void> {
  let seen = '';
  let since = performance.now();
  while (performance.now() - since < QUIET_MS) {
    await sleep(20);
    const now = JSON.stringify([countsOf(pc, dv), pc.waitingEvents().length]);
    if (now !== seen || pc.waitingEvents().length > 0) since = performance.now();
    seen = now;
  }
}
