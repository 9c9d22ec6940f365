// The end of a run as the table remembers it: how often in a row, of which class, when again. Only here is anything tried again.
import { GateClosed } from '../ports/gates';
import { RemoteFailure, type FailureClass } from '../ports/failure';
import { LinkChanged, type Lease } from '../ports/store';
import type { Timings } from '../timings';
import type { Claim } from './claim';

/** How a run ended that threw nothing: `done`, with its last commit or now; owed still; or stopped by a gate. */
export type RunOutcome =
  | { readonly type: 'done' }
  | { readonly type: 'later'; readonly afterMs: number; readonly why?: string }
  | { readonly type: 'waits'; readonly gate: string };

/** `conflict`: somebody else wrote first. `later` and `waits` are no failures, but break a row of them. */
export type EndClass = FailureClass | 'conflict' | 'later' | 'waits';

export interface Failure {
  readonly class: EndClass;
  /** The connection whose gate stops the run. */
  readonly gate?: string;
  /** For people; no payload. */
  readonly why: string;
}

/** Owed still, at a time that the run names. */
export interface Later {
  readonly class: 'later';
  readonly afterMs: number;
}

export interface PutBack {
  readonly class: EndClass;
  readonly attempts: number;
  readonly waitMs: number;
  readonly gate: string | null;
  readonly parked: string | null;
}

/** An unexpected failure is tried so often, then parked with its reason. */
export const bugTries = 5;
const conflictWait = 100;
/** From so many failures in a row on, a record that closes a gate stays away for a while after the gate has opened. */
const SUSPECT = 3;
const longestReason = 500;

/** What a thrown value is. Accidents of our own database are nobody's bug: the record backs off until it is back. */
export function classify(thrown: unknown): Failure {
  if (thrown instanceof GateClosed) return { class: 'waits', gate: thrown.connection, why: thrown.message };
  if (thrown instanceof RemoteFailure) return { class: thrown.class, why: thrown.message, ...(closesGate(thrown.class) ? { gate: thrown.connection } : {}) };
  if (thrown instanceof LinkChanged) return { class: 'conflict', why: thrown.message };
  if (isDatabaseAccident(thrown)) return { class: 'remote', why: 'The database did not answer.' };
  return { class: 'bug', why: reasonOf(thrown) };
}

const closesGate = (failure: FailureClass): boolean => failure === 'auth' || failure === 'throttled' || failure === 'unreachable';

/**
 * Connection lost, server stopping, full, read-only or with a broken disk, deadlock, serialisation, a time-out of the server's own (PostgreSQL's
 * appendix A), and the driver's words without a code.
 */
function isDatabaseAccident(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = (thrown as { code?: unknown }).code;
  if (typeof code === 'string') return /^(08|25006|25P0[34]|40|53|55P03|57|58|ECONN|EPIPE|ETIMEDOUT)/.test(code) && code !== '40002';
  return /^(Connection terminated|Client .* is not queryable|timeout exceeded when trying to connect|Query read timeout)/.test(thrown.message);
}

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'Something was thrown that is no error.').replaceAll('\0', '').slice(0, longestReason);

/** @param chance from 0 up to 1, makes the waits longer by at most a tenth, so that records which failed together do not come back together */
export function judge(claim: Claim, end: Failure | Later, timings: Timings, chance: number): PutBack {
  const attempts = claim.failedAs === null || claim.failedAs === end.class ? claim.attempts : 1;
  const base = { class: end.class, attempts, gate: null, parked: null };
  if ('afterMs' in end) return { ...base, waitMs: end.afterMs };
  if (end.class === 'conflict') return { ...base, waitMs: backOff(conflictWait, timings.recordBackOffMax, attempts, chance) };
  // Should the gate stand open already, the row goes again soon, yet never in a tight circle.
  if (end.class === 'waits') return { ...base, gate: end.gate ?? null, waitMs: backOff(conflictWait, timings.recordBackOffMax, claim.attempts, chance) };
  // In an outage many take their turn to find out; who closes the gate time after time may be the only one that fails.
  if (end.gate) return { ...base, gate: end.gate, waitMs: attempts < SUSPECT ? conflictWait : backOff(timings.recordBackOff, timings.probeMax, attempts - SUSPECT + 1, chance) };
  const waitMs = backOff(timings.recordBackOff, timings.recordBackOffMax, attempts, chance);
  return { ...base, waitMs, parked: end.class === 'bug' && attempts >= bugTries ? end.why : null };
}

/** Whether a record is given up on when its run throws this. */
export const givesUp = (lease: Lease, thrown: unknown, timings: Timings): boolean => judge({ ...lease, failedAs: lease.failedAs ?? null }, classify(thrown), timings, 0).parked !== null;

function backOff(first: number, longest: number, attempts: number, chance: number): number {
  const wait = first * 2 ** Math.min(attempts - 1, 30) * (1 + chance * 0.1);
  return Math.round(Math.min(wait, longest));
}
