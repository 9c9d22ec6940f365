// One call to a Partner Center API: signs in, sends, reads. Tries once; a 401 signs in again once, a reset GET goes once more.
import { randomUUID } from 'node:crypto';
import { Agent, request, type Dispatcher } from 'undici';
import type { Json } from '../../../core/index';
import { RemoteFailure } from '../../ports/failure';
import { withinTime } from '../withinTime';
import { failureOfCall, failureOfContent, isReset, needsSignIn, withSurelyNotSent } from './failures';
import { nameOf, type HttpAnswer, type HttpCall } from './httpCall';
import { LARGEST_ANSWER, type PartnerCenterOptions } from './options';

export interface PartnerHttp {
  /** Any answer is a value. @throws RemoteFailure when there was none, or the sign-in failed; the caller's abort reason when it aborted */
  send(call: HttpCall): Promise<HttpAnswer>;
  /** A token, from memory while it lasts. @throws RemoteFailure, always surelyNotSent */
  signIn(): Promise<string>;
  close(): Promise<void>;
}

/** Shorter than any gateway keeps an idle connection: a POST on a connection that just closed has an unknown outcome. */
const KEEP_ALIVE = 15_000;

export function createPartnerHttp(base: string, audience: string, options: Pick<PartnerCenterOptions, 'token' | 'invalidate' | 'timings'>): PartnerHttp {
  const { timings } = options;
  const agent = new Agent({ connect: { timeout: timings.connect }, keepAliveTimeout: KEEP_ALIVE, keepAliveMaxTimeout: KEEP_ALIVE, maxResponseSize: LARGEST_ANSWER });
  return { send, signIn, close: () => agent.close() };

  async function send(call: HttpCall): Promise<HttpAnswer> {
    const token = await signIn();
    const answer = await sendWith(token, call);
    if (!needsSignIn(answer)) return answer;
    options.invalidate(token);
    return sendWith(await signIn(), call);
  }

  async function signIn(): Promise<string> {
    try {
      return await options.token(audience);
    } catch (error) {
      throw error instanceof RemoteFailure ? withSurelyNotSent(error, true) : error;
    }
  }

  async function sendWith(token: string, call: HttpCall): Promise<HttpAnswer> {
    try {
      return await once(token, call).catch((error: unknown) => {
        if (call.method === 'GET' && isReset(error)) return once(token, call);
        throw error;
      });
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      throw error instanceof RemoteFailure ? error : failureOfCall(error, nameOf(call));
    }
  }

  function once(token: string, call: HttpCall): Promise<HttpAnswer> {
    const limit = call.method === 'POST' ? timings.post : timings.answer;
    return withinTime(limit, call.signal, async (signal) => {
      const answer = await request(base + call.path, {
        method: call.method,
        dispatcher: agent,
        headersTimeout: limit,
        bodyTimeout: limit,
        signal,
        headers: { accept: 'application/json', 'client-request-id': randomUUID(), ...(call.body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers, authorization: `Bearer ${token}` },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      return toAnswer(answer, call);
    });
  }
}

async function toAnswer(answer: Dispatcher.ResponseData, call: HttpCall): Promise<HttpAnswer> {
  const text = await answer.body.text();
  const header = (name: string): string | undefined => {
    const value = answer.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const date = Date.parse(header('date') ?? '');
  const serverNow = new Date(Number.isNaN(date) ? Date.now() : date).toISOString();
  return { status: answer.statusCode, body: parse(text, answer.statusCode, call), header, serverNow };
}

/** An error page that is not JSON counts as no body; a success that is not JSON is an accident. */
function parse(text: string, status: number, call: HttpCall): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    if (status >= 300) return undefined;
    throw failureOfContent('something that is not JSON', nameOf(call), status);
  }
}
