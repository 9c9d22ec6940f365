// Accidents on the way to Partner Center, in the classes that the schedule acts upon.
import { RemoteFailure, type FailureClass } from '../../ports/failure';
import type { HttpAnswer } from './httpCall';
import { CONNECTION, DISPLAY_NAME, LARGEST_ANSWER } from './options';
import { readProblem } from './problem';

/** How a call ended without an answer. */
export function failureOfCall(error: unknown, call: string): RemoteFailure {
  const code = codeOf(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return tooMuch(call, error);
  const neverConnected = isNeverConnected(error, code);
  const what = neverConnected ? `cannot be reached (${code})` : isTimeout(error, code) ? 'did not answer in time' : `broke the connection (${code})`;
  return new RemoteFailure(`${DISPLAY_NAME} ${what} on ${call}. Calls are tried again by themselves; if this lasts, check the network and the address in the settings.`, {
    connection: CONNECTION, class: 'unreachable', surelyNotSent: neverConnected, cause: error,
  });
}

/** Not `unreachable`: one record whose answer has no end would close the gate for all of them, again and again. */
const tooMuch = (call: string, cause: unknown): RemoteFailure =>
  new RemoteFailure(`${DISPLAY_NAME} answered ${call} with more than ${LARGEST_ANSWER / 1024 / 1024} MiB. Check that the address in the settings is the Referrals API.`, { connection: CONNECTION, class: 'bug', cause });

/** An answer that is neither a success nor a definite no about the values. */
export function failureOfAnswer(answer: HttpAnswer, call: string): RemoteFailure {
  const kind = classOf(answer);
  const code = readProblem(answer.body).code;
  return new RemoteFailure(`${DISPLAY_NAME} answered ${answer.status}${code ? ` ${code}` : ''} on ${call}. ${remedies[kind]}`, {
    connection: CONNECTION, class: kind, status: answer.status, retryAfterMs: retryAfterMs(answer), surelyNotSent: [401, 403, 429].includes(answer.status),
  });
}

/** A success whose content cannot be understood: what was sent may have had its effect. */
export const failureOfContent = (what: string, call: string, status?: number): RemoteFailure =>
  new RemoteFailure(`${DISPLAY_NAME} answered ${call} with ${what}. It is looked up again; if this lasts, check that the address in the settings is the Referrals API.`, { connection: CONNECTION, class: 'remote', status });

/** The same accident, with what is now known about whether the request had an effect. */
export const withSurelyNotSent = (failure: RemoteFailure, surelyNotSent: boolean): RemoteFailure =>
  new RemoteFailure(failure.message, { connection: failure.connection, class: failure.class, retryAfterMs: failure.retryAfterMs, status: failure.status, surelyNotSent, cause: failure.cause });

const remedies: Readonly<Record<FailureClass, string>> = {
  auth: 'An admin signs in again; waiting changes then go out.',
  throttled: 'Calls wait for as long as it asks.',
  unreachable: 'Calls are tried again by themselves.',
  remote: 'This record is tried again by itself.',
  forbidden: 'Give the signed-in user the Partner Center role Referrals admin.',
  bug: 'Look at the log of the service.',
};

/** 403 with `insufficient_claims` is conditional access asking for a fresh sign-in (referrals-api-response-codes). */
export const needsSignIn = (answer: HttpAnswer): boolean =>
  answer.status === 401 || (answer.status === 403 && (readProblem(answer.body).code === 'insufficient_claims' || /insufficient_claims/i.test(answer.header('www-authenticate') ?? '')));

function classOf(answer: HttpAnswer): FailureClass {
  if (needsSignIn(answer)) return 'auth';
  switch (answer.status) {
    case 403:
      return 'forbidden';
    case 429:
    case 509:
      return 'throttled';
    case 408:
    case 502:
    case 503:
    case 504:
      return 'unreachable';
    default:
      return 'remote';
  }
}

/** `Retry-After` in seconds, or as a date against the server's own clock. */
function retryAfterMs(answer: HttpAnswer): number | undefined {
  const asked = answer.header('retry-after')?.trim();
  if (!asked) return undefined;
  if (/^\d+(\.\d+)?$/.test(asked)) return Math.round(Number(asked) * 1000);
  const until = Date.parse(asked);
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.parse(answer.serverNow));
}

const codeOf = (error: unknown): string => (isNamed(error) ? (error.code ?? error.name) : 'unknown');

const isNamed = (error: unknown): error is { readonly name: string; readonly code?: string; readonly syscall?: string } => typeof error === 'object' && error !== null && 'name' in error;

const isTimeout = (error: unknown, code: string): boolean => /TIMEOUT/i.test(code) || (isNamed(error) && error.name === 'TimeoutError');

/** No byte of the request left: no address, no connection, or no trust in the server's certificate. */
function isNeverConnected(error: unknown, code: string): boolean {
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code)) return true;
  if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/.test(code)) return true;
  return isNamed(error) && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
}

/** A kept connection that the other end had already closed: an idempotent call may go once more. */
export const isReset = (error: unknown): boolean => ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error));
