// One call to the REST API by jsforce: signed in, in time, on connections that stay open; the answer, or what went wrong in the schedule's classes.
//
// jsforce words requests and answers, tells the org who calls and reads the limits; what it sends goes through our own transport (docs/notes/salesforce-client.md).
import type { Connection } from 'jsforce/lib/connection';
import type { RemoteFailure } from '../../ports/failure';
import type { CallBudget } from '../../ports/crm';
import type { Timings } from '../../timings';
import { networkFailure } from '../signIn/networkFailure';
import { CONNECTION, DISPLAY_NAME, errorOf, failed, forbidden, isRedirect, judge, notUnderstood } from './failures';
import type { SalesforceSignIn, Session } from './signIn';
import { TooMuch, type CallOptions, type Transport } from './transport';

/** A record, or any other object, as Salesforce words it. */
export type Row = Readonly<Record<string, unknown>>;

export interface SalesforceCall {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Under `/services/data/v66.0`, with its first slash, query included and encoded. */
  readonly path: string;
  /** In a few words, for messages: `read an opportunity`. */
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface SalesforceAnswer {
  readonly status: number;
  /** Parsed JSON; `null` when there is none. */
  readonly body: unknown;
  /** Salesforce's own time, ISO; whole seconds. */
  readonly serverNow: string;
  /** It was at least this late there when the call was made, in milliseconds since 1970. */
  readonly notBefore: number;
}

/** Passed in, so that a test need not wait. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** @throws the signal's reason */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface SalesforceClientOptions {
  readonly signIn: SalesforceSignIn;
  readonly transport: Transport;
  readonly timings: Pick<Timings, 'probeMaxDaily'>;
  readonly clock: Clock;
}

export interface SalesforceClient {
  /** 2xx, 300, 400, 403, 404, 412, 413, 414 come back as answers; a 401 or a redirect signs in again once. @throws RemoteFailure for everything else; the signal's reason when it was the caller who gave up */
  send(call: SalesforceCall): Promise<SalesforceAnswer>;
  /** A GET that can only succeed. @throws RemoteFailure: forbidden where rights are missing, bug for an answer that says our question is wrong */
  get(path: string, what: string, signal?: AbortSignal): Promise<SalesforceAnswer>;
  /** The records of a query, one page. @throws RemoteFailure as `get`; the API error itself as `QueryRefused` */
  query(soql: string, what: string, options?: { readonly signal?: AbortSignal | undefined; readonly withDeleted?: boolean }): Promise<{ readonly records: readonly Row[] } & Pick<SalesforceAnswer, 'serverNow' | 'notBefore'>>;
  session(): Promise<Session>;
  /** The earliest that it can be there now, by what its clock was last heard to say; milliseconds since 1970. */
  serverNotBefore(): number;
  budget(): CallBudget | null;
  readonly clock: Clock;
  close(): Promise<void>;
}

/** A query that names what there is not, or not for us: what was learnt of the org is no longer true. */
export class QueryRefused extends Error {
  constructor(readonly code: string, readonly failure: RemoteFailure) {
    super(failure.message);
  }
}

/** Spring '26; what the package is made for. */
export const API_VERSION = '66.0';
/** A duplicate rule that only warns refuses every save by API that does not say so; nobody is there to read a warning (REST API guide, "Duplicate Rule Header"). */
export const passingWarnings: Readonly<Record<string, string>> = { 'sforce-duplicate-rule-header': 'allowSave=true' };

/** In event headers and logs of the org it says who wrote (REST API guide, "Call Options Header"). */
const CLIENT_NAME = 'cosell-sync';

export function createSalesforceClient({ signIn, transport, timings, clock }: SalesforceClientOptions): SalesforceClient {
  let connection: Connection | undefined;
  let heard: { readonly server: number; readonly at: number } | undefined;
  const connect = async (): Promise<Connection> => {
    // Not needed by a service without Salesforce, and slow to load.
    const { Connection } = await import('jsforce/lib/connection');
    return (connection ??= new Connection({ version: API_VERSION, callOptions: { client: CLIENT_NAME } }));
  };

  /** What it was there when the last answer was written, and how long ago that is here. */
  const serverNotBefore = (): number => (heard ? heard.server + (clock.now() - heard.at) : 0);

  const sendOnce = async (call: SalesforceCall, session: Session): Promise<SalesforceAnswer> => {
    const open = await connect();
    open.accessToken = session.token;
    open.instanceUrl = session.instanceUrl;
    const options: CallOptions = { signal: call.signal, transport };
    const [asked, since] = [clock.now(), serverNotBefore()];
    const body = await open.request(toRequest(call), options).then((answer) => answer ?? null, (error: unknown) => readError(error, options));
    const { status, headers } = options.heard!;
    const answered = clock.now();
    const server = Date.parse(headers.date ?? '') || 0;
    if (server > 0) heard = { server, at: answered };
    return { status, body, serverNow: new Date(server || Date.now()).toISOString(), notBefore: Math.max(since, server - (answered - asked)) };
  };
  const sendGuarded = async (call: SalesforceCall, session: Session): Promise<SalesforceAnswer> => {
    try {
      return await sendOnce(call, session);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (error instanceof TooMuch) throw failed(`${DISPLAY_NAME} answered ${error.message}.`, { class: 'bug', cause: error });
      throw networkFailure(error, CONNECTION, DISPLAY_NAME, call.what);
    }
  };
  const send = async (call: SalesforceCall): Promise<SalesforceAnswer> => {
    const session = await signIn.session();
    let answer = await sendGuarded(call, session);
    // An org that moved answers with a redirect; only the sign-in tells where it is now.
    if (answer.status === 401 || isRedirect(answer.status)) {
      signIn.invalidate(session.token);
      answer = await sendGuarded(call, await signIn.session());
    }
    judge(answer.status, answer.body, call.what, timings.probeMaxDaily);
    if (typeof answer.body === 'string') throw failed(`${DISPLAY_NAME} failed to ${call.what} (${answer.status}, unreadable answer). It is tried again by itself.`, { class: 'remote', status: answer.status });
    return answer;
  };
  const get = async (path: string, what: string, signal?: AbortSignal): Promise<SalesforceAnswer> => {
    const answer = await send({ method: 'GET', path, what, signal });
    if (answer.status === 403) throw forbidden(what, 403);
    if (answer.status >= 300) throw notUnderstood(what, answer.status, answer.body);
    return answer;
  };
  return {
    send, get, clock, serverNotBefore,
    session: () => signIn.session(),
    async query(soql, what, { signal, withDeleted = false } = {}) {
      const answer = await send({ method: 'GET', path: `/${withDeleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`, what, signal });
      if (answer.status === 403) throw forbidden(what, 403);
      if (answer.status >= 300) throw new QueryRefused(errorOf(answer.body).code, notUnderstood(what, answer.status, answer.body));
      return { records: (answer.body as { records?: readonly Row[] }).records ?? [], serverNow: answer.serverNow, notBefore: answer.notBefore };
    },
    budget() {
      const usage = connection?.limitInfo.apiUsage;
      return usage ? { used: usage.used, limit: usage.limit } : null;
    },
    close: () => transport.close(),
  };
}

const toRequest = ({ method, path, headers, body }: SalesforceCall) => ({
  method, url: path,
  headers: { ...(body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' }), ...headers },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

/** jsforce throws for every status from 300 on; its error carries the body. @throws what is not about an answer */
function readError(error: unknown, options: CallOptions): unknown {
  if (!options.heard || !(error instanceof Error) || !('data' in error)) throw error;
  const { errorCode, message } = (error.data ?? {}) as { readonly errorCode?: unknown; readonly message?: unknown };
  // What jsforce makes of a body that is no JSON, or of none.
  return typeof errorCode === 'string' && errorCode.startsWith('ERROR_HTTP_') ? message || null : error.data;
}
