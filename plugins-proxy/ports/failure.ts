// What goes wrong with a remote system, in the classes that the schedule acts upon.

export type FailureClass =
  /** 401 after signing in again, a refused refresh token: the connection's gate closes. */
  | 'auth'
  /** 429: the gate closes until Retry-After has passed. */
  | 'throttled'
  /** Refused, reset, time-out, 502 to 504: the gate closes and probes alone. */
  | 'unreachable'
  /** A 500 or the like about one record: that record backs off. */
  | 'remote'
  /** The service user may not do this. */
  | 'forbidden'
  /** Unexpected: five tries, then parked with its reason. */
  | 'bug';

export interface FailureDetails {
  readonly connection: string;
  readonly class: FailureClass;
  /** Milliseconds that the remote system asks us to wait; at most an hour is granted. */
  readonly retryAfterMs?: number;
  /** Longest pause between the probes of a closed gate, where such a failure usually lasts (a day's calls used up). */
  readonly longestProbeMs?: number;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** Whether the request surely had no effect: it never left, or was refused before it was looked at (never connected, 401, 403, 429). */
  readonly surelyNotSent?: boolean;
  readonly cause?: unknown;
}

/** No system means more than this: what asks for more has a wrong clock, or is not what we think it is. */
const LONGEST_WAIT = 60 * 60_000;

/** An accident with a remote system. Its message names the system and what happened, never a payload, a token or an address with a secret. */
export class RemoteFailure extends Error {
  readonly connection: string;
  readonly class: FailureClass;
  readonly retryAfterMs: number | undefined;
  readonly longestProbeMs: number | undefined;
  readonly status: number | undefined;
  readonly surelyNotSent: boolean;

  constructor(message: string, details: FailureDetails) {
    super(message, { cause: details.cause });
    this.name = 'RemoteFailure';
    this.connection = details.connection;
    this.class = details.class;
    this.retryAfterMs = details.retryAfterMs === undefined ? undefined : Math.min(details.retryAfterMs, LONGEST_WAIT);
    this.longestProbeMs = details.longestProbeMs;
    this.status = details.status;
    this.surelyNotSent = details.surelyNotSent ?? false;
  }
}
