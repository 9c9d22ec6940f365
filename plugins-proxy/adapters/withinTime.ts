// A remote call's own time limit, let go of when the call ends: a signal that times out by itself lives on, and fires, long after its call.

/**
 * Runs a call under a signal that is aborted after `ms`, with a `TimeoutError` as `AbortSignal.timeout` has it, or when the caller's is.
 * @throws what the call throws
 */
export async function withinTime<T>(ms: number, signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms);
  const giveUp = (): void => abort.abort(signal?.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await call(abort.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
