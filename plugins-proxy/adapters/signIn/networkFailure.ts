// What an undici call that got no answer means to the schedule: it surely had no effect, or nobody knows.
import { RemoteFailure } from '../../ports/failure';

/** Errors before a request can have left: name not found, refused, no route, no connection in time, a certificate that is not trusted. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** A connection that broke after it stood: only an idempotent request may be repeated. */
const BROKEN = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/;

/** The system's error code behind a failed call, through the wrappers that fetch puts around it; `TIMEOUT` for a signal's; empty when there is none. */
export function networkCode(error: unknown): string {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as Error).cause) {
    const { code, name } = at as NodeJS.ErrnoException;
    if (name === 'TimeoutError') return 'TIMEOUT';
    if (typeof code === 'string' && code !== 'ABORT_ERR') return code;
  }
  return '';
}

export const isBrokenConnection = (error: unknown): boolean => BROKEN.test(networkCode(error));

/**
 * The failure of a call without an answer, class unreachable.
 * @param what the call in a few words, such as `read an opportunity`
 */
export function networkFailure(error: unknown, connection: string, displayName: string, what: string): RemoteFailure {
  const code = networkCode(error);
  const neverSent = NEVER_SENT.test(code);
  const happened = /TIMEOUT/.test(code) ? (neverSent ? 'no connection in time' : 'no answer in time') : code || 'the connection failed';
  return new RemoteFailure(`${displayName} cannot be reached to ${what} (${happened}). It is tried again by itself; check the network if it lasts.`, {
    connection,
    class: 'unreachable',
    surelyNotSent: neverSent,
    cause: error,
  });
}

/** `Retry-After` in milliseconds, from seconds or a date. @param now by the clock of who answered, ours may be off @returns `undefined` when it is missing or unreadable. */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  if (!header) return undefined;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
