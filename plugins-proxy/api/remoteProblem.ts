// Admin API: accidents with a remote system that happen while an admin waits.
import { GateClosed } from '../ports/gates';
import { RemoteFailure, type FailureClass } from '../ports/failure';
import { AdminProblem } from './adminProblem';

const statuses: Readonly<Record<FailureClass, 429 | 502 | 503>> = { auth: 502, throttled: 429, unreachable: 503, remote: 502, forbidden: 502, bug: 502 };
const codes: Readonly<Record<FailureClass, string>> = { auth: 'sign-in-expired', throttled: 'throttled', unreachable: 'remote-down', remote: 'remote-failed', forbidden: 'no-permission', bug: 'remote-refused' };

/** The problem to answer with, or `undefined` when the error is something else. */
export function remoteProblem(error: unknown): AdminProblem | undefined {
  if (error instanceof GateClosed) return new AdminProblem(503, error.code, error.message);
  if (!(error instanceof RemoteFailure)) return undefined;
  const wait = error.retryAfterMs === undefined ? '' : ` Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;
  return new AdminProblem(statuses[error.class], codes[error.class], `${error.message}${wait}`);
}
