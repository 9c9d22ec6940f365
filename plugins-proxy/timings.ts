// Waits and time-outs, all in milliseconds. Tests shorten them; nobody else needs to.
export interface Timings {
  readonly connect: number;
  readonly answer: number;
  readonly post: number;
  /** Looks for an attempt of unknown outcome, after each of these; then it is made anew. */
  readonly lookAgain: readonly number[];
  /** A create is sent so soon after it was stored, or stored anew: far sooner than another process would take it for lost. */
  readonly sendWithin: number;
  /** An outgoing referral of unknown origin waits this long at a time, and at most so often, while an attempt is open. */
  readonly inboundWait: number;
  readonly inboundWaits: number;
  /** Back-off of one record: first wait, and its ceiling. */
  readonly recordBackOff: number;
  readonly recordBackOffMax: number;
  /** Probes of a closed gate: first wait, and its ceiling. */
  readonly probe: number;
  readonly probeMax: number;
  /** The ceiling where a day's calls are used up: they come back little by little. */
  readonly probeMaxDaily: number;
  /** A bell never brings a failing record back sooner than this after its last try. */
  readonly bellFloor: number;
  /** How often the work table is looked at when no notification came. */
  readonly poll: number;
  /** First walk of reconcile after start. */
  readonly firstWalk: number;
  /** What reconcile alone found counts only when it is older than this. */
  readonly missedAfter: number;
}

export const timings: Timings = {
  connect: 10_000, answer: 30_000, post: 60_000, lookAgain: [5_000, 30_000, 120_000], sendWithin: 10_000, inboundWait: 5_000, inboundWaits: 60,
  recordBackOff: 5_000, recordBackOffMax: 15 * 60_000, probe: 2_000, probeMax: 60_000, probeMaxDaily: 15 * 60_000, bellFloor: 5_000, poll: 1_000, firstWalk: 5_000, missedAfter: 2 * 60_000,
};
