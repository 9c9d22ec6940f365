// Doctor: what a closed gate looked like from here. The gate's row says that calls wait; this says what the remote system answered.
import { RemoteFailure, type FailureClass } from '../ports/failure';
import type { Gates } from '../ports/gates';

export interface LastFailure {
  readonly class: FailureClass;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** For people; no payload, no secret. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly on: number;
}

export interface RememberingGates<G extends Gates> {
  /** The same gates; every call's failure is remembered on its way out. */
  readonly gates: G;
  readonly lastFailure: (connection: string) => LastFailure | undefined;
}

/** Remembers the last failure of each connection that concerns the whole connection, in this process only. */
export function rememberFailures<G extends Gates>(gates: G, now: () => number = Date.now): RememberingGates<G> {
  const last = new Map<string, LastFailure>();
  const remember = (thrown: unknown): never => {
    if (thrown instanceof RemoteFailure && ['auth', 'throttled', 'unreachable'].includes(thrown.class)) {
      last.set(thrown.connection, { class: thrown.class, status: thrown.status, message: thrown.message, on: now() });
    }
    throw thrown;
  };
  return {
    gates: { ...gates, guard: (connection, call) => gates.guard(connection, () => call().catch(remember)) },
    lastFailure: (connection) => last.get(connection),
  };
}
