// The Partner Center door, signature check: one GET with a limit on everything.
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** `forbidden`: the answer is one we never take (redirect, too big). `unavailable`: a later try may succeed. */
export type Fetched = { type: 'bytes'; bytes: Buffer } | { type: 'forbidden'; reason: string } | { type: 'unavailable'; reason: string };

/** Milliseconds for the whole exchange, name look-up to last byte; bytes of the body. */
export interface FetchLimits {
  timeoutMs: number;
  maxBytes: number;
}

/**
 * Fetches an address that was allowed before. No redirects, no proxy, no kept connection, no decompression
 * (so that the limit counts what is really held in memory). Never throws.
 */
export function fetchBounded(url: URL, limits: FetchLimits): Promise<Fetched> {
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { agent: false, headers: { accept: '*/*', 'accept-encoding': 'identity', connection: 'close' } });
    const settle = (outcome: Fetched): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle({ type: 'unavailable', reason: `no whole answer within ${limits.timeoutMs} ms` }), limits.timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => settle({ type: 'unavailable', reason: `the connection failed (${error.code ?? 'no code'})` }));
    request.on('response', (response) => receive(response, limits.maxBytes, settle));
    request.end();
  });
}

function receive(response: IncomingMessage, maxBytes: number, settle: (outcome: Fetched) => void): void {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) return settle({ type: 'forbidden', reason: 'it was redirected' });
  if (status !== 200) return settle({ type: 'unavailable', reason: `the answer was ${status}` });
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) return settle(tooBig(maxBytes));
  const parts: Buffer[] = [];
  let size = 0;
  response.on('data', (part: Buffer) => {
    size += part.length;
    if (size > maxBytes) settle(tooBig(maxBytes));
    else parts.push(part);
  });
  response.on('end', () => settle({ type: 'bytes', bytes: Buffer.concat(parts) }));
  response.on('error', () => settle({ type: 'unavailable', reason: 'the connection broke off' }));
  response.on('aborted', () => settle({ type: 'unavailable', reason: 'the connection broke off' }));
}

function tooBig(maxBytes: number): Fetched {
  return { type: 'forbidden', reason: `it is larger than ${maxBytes} bytes` };
}
