// The body of an event as raw bytes, within a size and a time: nobody may fill the memory or hold a connection.
import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  readonly maxBytes: number;
  /** For the whole body. */
  readonly maxMs: number;
}

export type BodyRead =
  | { readonly type: 'read'; readonly body: Buffer }
  | { readonly type: 'tooLarge' }
  | { readonly type: 'slow' }
  /** The sender went away. */
  | { readonly type: 'broken' };

/** Stops listening as soon as the outcome is certain; a declared length over the limit is not read at all. */
export function readBody(request: IncomingMessage, { maxBytes, maxMs }: BodyLimits): Promise<BodyRead> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve({ type: 'tooLarge' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish({ type: 'slow' }), maxMs);
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) finish({ type: 'tooLarge' });
      else chunks.push(chunk);
    };
    const onEnd = (): void => finish({ type: 'read', body: Buffer.concat(chunks) });
    const onBroken = (): void => finish({ type: 'broken' });
    function finish(outcome: BodyRead): void {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onBroken);
      resolve(outcome);
    }
    request.on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken);
  });
}

/**
 * After an answer that came before the end of the body: what still arrives is thrown away for a moment, so that a polite sender gets
 * to read its answer instead of a reset, then the connection is cut.
 * @param graceMs how long it may go on sending
 */
export function dismiss(request: IncomingMessage, graceMs: number): void {
  if (request.complete || request.readableEnded || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), graceMs);
  timer.unref();
  request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}
