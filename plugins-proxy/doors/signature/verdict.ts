// The Partner Center door, signature check: what the check says about an event.

/** A refusal; `status` is the HTTP answer of the contract's table, `reason` is fit for a log line (no header values, no body). */
export interface Refused {
  type: 'refused';
  status: 400 | 401 | 503;
  reason: string;
}

/** The whole answer of the check. */
export type Verdict = { type: 'genuine' } | Refused;

/** Builds a refusal. */
export function refuse(status: Refused['status'], reason: string): Refused {
  return { type: 'refused', status, reason };
}
