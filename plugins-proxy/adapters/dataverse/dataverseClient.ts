// One call to the Dataverse Web API: signed in, in time, on connections that stay open; the answer, or what went wrong in the schedule's classes.
//
// Not dynamics-web-api: its 2.5.0 parses answers inside a Node stream event without a guard, so that a cut-off answer, or the text
// "--batchresponse_" in any seller's note, ends the process; a connection dropped in the middle of an answer hangs for ever, signal or not;
// and it hands out no headers (Retry-After on success, Date). The set-up, an admin's command that waits for nothing else, does use it.
import { Agent, request as undiciRequest } from 'undici';
import { RemoteFailure, type FailureDetails } from '../../ports/failure';
import type { Timings } from '../../timings';
import type { SignIn } from '../signIn/createSignIn';
import { withinTime } from '../withinTime';
import { isBrokenConnection, networkCode, networkFailure, retryAfterMs } from '../signIn/networkFailure';

/** A row, or any other object, as Dataverse words it. */
export type Row = Readonly<Record<string, unknown>>;

export interface DataverseCall {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Under `/api/data/v9.2/`, query included and encoded. */
  readonly path: string;
  /** In a few words, for messages: `read an opportunity`. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Row;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the sign-in's own: for the check of a token that nobody has been given yet. */
  readonly token?: string;
}

export interface DataverseAnswer {
  readonly status: number;
  /** Parsed JSON; an empty object when there is none. */
  readonly body: Row;
  /** Dataverse's own time, ISO. */
  readonly serverNow: string;
}

export interface DataverseClientOptions {
  readonly connection: string;
  readonly displayName: string;
  /** `https://org.crm.dynamics.com` */
  readonly url: string;
  readonly signIn: SignIn;
  readonly timings: Pick<Timings, 'connect' | 'answer'>;
}

export interface DataverseClient {
  readonly connection: string;
  readonly displayName: string;
  /**
   * 2xx, 400, 403, 404, 409, 412, 413 come back as answers; a 401 signs in again once, a GET whose connection broke is made again once.
   * @throws RemoteFailure for everything else; the signal's reason when it was the caller who gave up
   */
  send(call: DataverseCall): Promise<DataverseAnswer>;
  /** A GET that can only succeed. @throws RemoteFailure: forbidden for a 403, bug for an answer that says our question is wrong */
  get(path: string, what: string, options?: { readonly signal?: AbortSignal | undefined; readonly headers?: Readonly<Record<string, string>>; readonly token?: string }): Promise<DataverseAnswer>;
  close(): Promise<void>;
}

const BASE = '/api/data/v9.2/';
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** The platform's front keeps idle connections for minutes; undici's four seconds would mean a new handshake for nearly every bell. */
const KEEP_ALIVE_MS = 30_000;
/** One user may have 52 requests at a time (service protection limits); what is more waits here instead of being refused there. */
const MOST_CONNECTIONS = 48;

export function createDataverseClient(options: DataverseClientOptions): DataverseClient {
  const { connection, displayName, signIn, timings } = options;
  const origin = new URL(options.url).origin;
  const agent = new Agent({ connections: MOST_CONNECTIONS, connect: { timeout: timings.connect }, keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: timings.answer, bodyTimeout: timings.answer, maxResponseSize: MAX_ANSWER_BYTES });
  const fail = (message: string, details: Omit<FailureDetails, 'connection'>): RemoteFailure => new RemoteFailure(message, { connection, ...details });

  const sendOnce = (call: DataverseCall, token: string): Promise<RawAnswer> => withinTime(timings.answer, call.signal, async (signal) => {
    const { statusCode, headers, body } = await undiciRequest(`${origin}${BASE}${call.path}`, {
      method: call.method,
      dispatcher: agent,
      headers: { ...standardHeaders, authorization: `Bearer ${token}`, ...(call.body ? { 'content-type': 'application/json; charset=utf-8' } : {}), ...call.headers },
      body: call.body ? JSON.stringify(call.body) : null,
      signal,
    });
    return { status: statusCode, text: await body.text(), retryAfter: single(headers['retry-after']), date: single(headers.date) };
  });

  const sendGuarded = async (call: DataverseCall, token: string): Promise<RawAnswer> => {
    try {
      return await sendOnce(call, token).catch((error: unknown) => {
        if (call.method !== 'GET' || call.signal?.aborted || !isBrokenConnection(error)) throw error;
        return sendOnce(call, token);
      });
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (networkCode(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw fail(`${displayName} answered more than ${MAX_ANSWER_BYTES} bytes.`, { class: 'bug', cause: error });
      throw networkFailure(error, connection, displayName, call.what);
    }
  };

  const send = async (call: DataverseCall): Promise<DataverseAnswer> => {
    const token = call.token ?? (await signIn.token(origin));
    let raw = await sendGuarded(call, token);
    if (raw.status === 401 && call.token === undefined) {
      signIn.invalidate(token);
      raw = await sendGuarded(call, await signIn.token(origin));
    }
    return judge(raw, call, displayName, fail);
  };

  return {
    connection,
    displayName,
    send,
    async get(path, what, { signal, headers, token } = {}) {
      const answer = await send({ method: 'GET', path, what, signal, ...(headers ? { headers } : {}), ...(token ? { token } : {}) });
      if (answer.status === 403) throw fail(`${displayName} does not let the service ${what}. Give its user the role Co-sell Sync Service.`, { class: 'forbidden', status: 403, surelyNotSent: true });
      if (answer.status >= 300) throw fail(`${displayName} did not understand how to ${what} (${answer.status} ${errorOf(answer.body).code}). Run "cosell doctor".`, { class: 'bug', status: answer.status });
      return answer;
    },
    close: () => agent.close(),
  };
}

const standardHeaders = { accept: 'application/json', 'odata-version': '4.0', 'odata-maxversion': '4.0' };

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
}

/** Statuses that say something about the request itself. */
const ANSWERS = new Set([400, 403, 404, 409, 412, 413]);

function judge(raw: RawAnswer, call: DataverseCall, displayName: string, fail: (message: string, details: Omit<FailureDetails, 'connection'>) => RemoteFailure): DataverseAnswer {
  const { status } = raw;
  const serverNow = Date.parse(raw.date ?? '') || Date.now();
  const waitMs = retryAfterMs(raw.retryAfter, serverNow);
  const details = { status, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
  if (status === 401) throw fail(`${displayName} does not accept the service's sign-in. Check the application user and its client secret.`, { ...details, class: 'auth', surelyNotSent: true });
  if (status === 429) throw fail(`${displayName} asks us to slow down.`, { ...details, class: 'throttled', surelyNotSent: true });
  if (status >= 502 && status <= 504) throw fail(`${displayName} is not available (${status}). It is tried again by itself.`, { ...details, class: 'unreachable' });
  const body = parse(raw.text);
  if (body !== undefined && ((status >= 200 && status < 300) || ANSWERS.has(status))) {
    return { status, body, serverNow: new Date(serverNow).toISOString() };
  }
  throw fail(`${displayName} failed to ${call.what} (${status}${body ? ` ${errorOf(body).code}` : ', unreadable answer'}). It is tried again by itself.`, { ...details, class: 'remote' });
}

function parse(text: string): Row | undefined {
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Row) : undefined;
  } catch {
    return undefined;
  }
}

/** Code (`0x80044331`) and sentence of an error body; both empty when it has none. */
export function errorOf(body: Row): { readonly code: string; readonly message: string } {
  const error = (body.error ?? {}) as { code?: unknown; message?: unknown };
  return { code: typeof error.code === 'string' ? error.code.toLowerCase() : '', message: typeof error.message === 'string' ? error.message : '' };
}

const single = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);
