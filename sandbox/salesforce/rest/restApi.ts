// The REST API's doors under /services/data/: versions, then one resource each, counted by name, with the usage of the day in every answer.
import type { Route, StandInAnswer, StandInRequest } from '../../kit/standIn';
import type { Org } from '../org';
import { notFound, Problem, problemAnswer } from '../problem';
import { API } from '../presentRow';
import { checkHeaders, methodNotAllowed, readJsonBody, type ApiCall } from './apiCall';
import { answerCollection } from './collections';
import { answerComposite } from './composite';
import { basicInformation, describeGlobal, describeObject } from './describe';
import type { Queries } from './queries';
import { answerByExternalId, answerRow, createRecord, objectFor } from './rows';
import { answerTree } from './tree';
import type { Usage } from './usage';

const PATH = /^\/services\/data(?:\/(?<path>.*))?$/;
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'] as const;
const VERSION = 'v66.0';
/** Longest address (REST guide, "Status Codes and Error Responses", 414). */
const LONGEST_URI = 16_384;

export interface RestParts {
  readonly org: Org;
  readonly queries: Queries;
  readonly usage: Usage;
}

export function restRoutes(parts: RestParts): Route[] {
  const known = METHODS.map((method): Route => ({ method, path: PATH, kind: kindOf, handle: (request) => answerRequest(parts, request) }));
  const unknown = METHODS.map((method): Route => ({ method, path: /^\/(?!__sandbox\/).*$/, kind: 'unknown', handle: () => problemAnswer(notFound()) }));
  return [...known, ...unknown];
}

const VERBS: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PATCH: 'patch', DELETE: 'delete', PUT: 'put' };

/** `opportunity.get`, `opportunity.create`, `opportunity.patch`, `opportunity.upsert`, `query.opportunity`, `query.more`, `composite(opportunity.patch+opportunity.get)`, `collection.patch`, `describe.account`, `limits`, ... */
function kindOf(request: StandInRequest): string {
  const path = resourceOf(request.params.path ?? '');
  if (path === undefined) return 'versions';
  if (path !== 'composite') return partKind(request.method, path, request.url.searchParams);
  try {
    const { compositeRequest } = JSON.parse(request.body.toString('utf8')) as { compositeRequest: { method: string; url: string }[] };
    return `composite(${compositeRequest.map(({ method, url }) => partKind(method, resourceOf(decodeURIComponent(url.split('?')[0] ?? '').replace(/^\/services\/data\//, '')) ?? '', new URL(url, 'http://part').searchParams)).join('+')})`;
  } catch {
    return 'composite';
  }
}

/** What follows the version, without slashes around it; undefined for the list of versions. */
function resourceOf(path: string): string | undefined {
  const [version = '', ...rest] = path.split('/').filter((part) => part !== '');
  return version === '' ? undefined : rest.join('/');
}

function partKind(method: string, path: string, search: URLSearchParams): string {
  const [head = '', name, key, value] = path.split('/');
  if (head === 'query' || head === 'queryAll') return name === undefined ? `query.${/\bfrom\s+(?<object>\w+)(?!.*\bfrom\s+\w+)/is.exec((search.get('q') ?? '').replaceAll(/\([^()]*\bfrom\b[^()]*\)/gi, ''))?.groups?.object?.toLowerCase() ?? 'unknown'}` : 'query.more';
  if (head === 'composite') return name === 'tree' ? 'tree' : `collection.${method === 'PATCH' && value !== undefined ? 'upsert' : (VERBS[method] ?? 'unknown')}`;
  if (head !== 'sobjects') return head === '' ? 'resources' : /^[a-z]+$/i.test(head) ? head : 'unknown';
  if (name === undefined) return 'describe';
  const object = name.toLowerCase();
  if (key === 'describe') return `describe.${object}`;
  if (value !== undefined) return method === 'PATCH' ? `${object}.upsert` : `${object}.${VERBS[method] ?? 'unknown'}ByKey`;
  return key === undefined && method === 'GET' ? `${object}.info` : `${object}.${VERBS[method] ?? 'unknown'}`;
}

function answerRequest({ org, queries, usage }: RestParts, request: StandInRequest): StandInAnswer {
  const date = { date: new Date(org.now()).toUTCString() };
  try {
    if (request.url.href.length > LONGEST_URI) throw new Problem(414, 'URI_TOO_LONG', `The URI is longer than ${LONGEST_URI} bytes.`);
    const path = resourceOf(request.params.path ?? '');
    if (path === undefined) return { ...versions(request), headers: date };
    if (!(request.params.path ?? '').startsWith(VERSION)) throw notFound();
    const call = toCall(org, request, path);
    usage.spend();
    const answer = dispatch(org, queries, usage, call);
    return { ...answer, headers: { ...date, 'sforce-limit-info': usage.info(), ...answer.headers } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const answer = problemAnswer(error);
    return { ...answer, headers: { ...date, ...(error.status === 401 ? {} : { 'sforce-limit-info': usage.info() }), ...answer.headers } };
  }
}

function toCall(org: Org, request: StandInRequest, path: string): ApiCall {
  const caller = org.access.authenticate(request.headers);
  checkHeaders(request.headers);
  return { caller, method: request.method, path, search: request.url.searchParams, headers: request.headers, body: () => readJsonBody(request.body, request.headers) };
}

/** The one resource without a sign-in. */
function versions(request: StandInRequest): StandInAnswer {
  if (request.method !== 'GET') return problemAnswer(new Problem(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed.`));
  return { status: 200, body: [{ label: "Spring '26", url: API, version: '66.0' }] };
}

function dispatch(org: Org, queries: Queries, usage: Usage, call: ApiCall): StandInAnswer {
  if (call.path === 'composite') return answerComposite(org, call, (_org, part) => dispatch(org, queries, usage, part));
  const [head = '', name, key, value, more] = call.path.split('/');
  if (head === '' && name === undefined) return resources(call);
  if (head === 'limits' && name === undefined) return readable(call, usage.limits());
  if (head === 'query' || head === 'queryAll') return name === undefined ? queries.run(call, head === 'queryAll') : queries.more(call, name);
  if (head === 'composite' && name === 'sobjects') return answerCollection(org, call, call.path.split('/').slice(2).join('/'));
  if (head === 'composite' && name === 'tree' && key !== undefined && value === undefined) return answerTree(org, call, key);
  if (head !== 'sobjects' || more !== undefined) throw notFound();
  if (name === undefined) return describeGlobal(org, call);
  const object = objectFor(call, name);
  if (key === undefined) return call.method === 'POST' ? createRecord(org, call, object) : basicInformation(org, call, object);
  if (key === 'describe' && value === undefined) return describeObject(org, call, object);
  return value === undefined ? answerRow(org, call, object, key) : answerByExternalId(org, call, object, key, value);
}

function resources(call: ApiCall): StandInAnswer {
  return readable(call, Object.fromEntries(['composite', 'limits', 'query', 'queryAll', 'sobjects'].map((name) => [name, `${API}/${name}`])));
}

function readable(call: ApiCall, body: unknown): StandInAnswer {
  if (call.method !== 'GET') throw methodNotAllowed(call);
  return { status: 200, body };
}
