// What jsforce sends its requests through, instead of its own transport: that one tries five times, waits half an hour, follows redirects and knows no signal.
import { PassThrough } from 'node:stream';
import type { HttpRequest, HttpRequestOptions, HttpResponse } from 'jsforce/lib/types';
import type { StreamPromise } from 'jsforce/lib/util/promise';
import { Agent, request as undiciRequest } from 'undici';
import type { Timings } from '../../timings';
import { isBrokenConnection, networkCode } from '../signIn/networkFailure';
import { withinTime } from '../withinTime';

/** Beside jsforce's own options: who may give up, and what came back, which jsforce's errors do not tell. */
export interface CallOptions extends HttpRequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly transport?: Transport;
  heard?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
}

export interface Transport {
  /** One try; an idempotent GET whose connection broke is made once more. @throws undici's errors, `TooMuch`, the signal's reason */
  httpRequest(request: HttpRequest, options?: CallOptions): StreamPromise<HttpResponse>;
  close(): Promise<void>;
}

export class TooMuch extends Error {}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const KEEP_ALIVE_MS = 30_000;
/** Requests of 20 s and more count against 25 at a time in production (salesforce-app-limits-platform-api); what is more waits here. */
const MOST_CONNECTIONS = 20;

export function createTransport(timings: Pick<Timings, 'connect' | 'answer'>): Transport {
  const agent = new Agent({ connections: MOST_CONNECTIONS, connect: { timeout: timings.connect }, keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: timings.answer, bodyTimeout: timings.answer, maxResponseSize: MAX_ANSWER_BYTES });
  const sendOnce = (request: HttpRequest, options: CallOptions): Promise<HttpResponse> => withinTime(timings.answer, options.signal, async (signal) => {
    // A length that jsforce counted is undici's own business.
    const { 'content-length': _length, ...sent } = request.headers ?? {};
    const { statusCode, headers, body } = await undiciRequest(request.url, { method: request.method as 'GET', dispatcher: agent, headers: { accept: 'application/json', ...sent }, body: typeof request.body === 'string' ? request.body : null, signal });
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(Array.isArray(value) ? value[0] : value)]));
    options.heard = { status: statusCode, headers: plain };
    return { statusCode, headers: plain, body: await body.text() };
  });
  const send = async (request: HttpRequest, options: CallOptions): Promise<HttpResponse> => {
    try {
      return await sendOnce(request, options);
    } catch (error) {
      if (networkCode(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw new TooMuch(`more than ${MAX_ANSWER_BYTES} bytes`);
      if (request.method !== 'GET' || options.signal?.aborted || !isBrokenConnection(error)) throw error;
      return sendOnce(request, options);
    }
  };
  return {
    httpRequest: (request, options = {}) => asStream(send(request, options)),
    close: () => agent.close(),
  };
}

/** jsforce pipes what it got nothing from; nobody here reads an answer as a stream. */
const asStream = <T>(promise: Promise<T>): StreamPromise<T> => Object.assign(promise, { stream: () => new PassThrough() });
