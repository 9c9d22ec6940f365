// Composite: up to 25 requests in one, later ones built from the answers of earlier ones (REST guide, "Composite"; salesforce.md section 7).
import type { StandInAnswer } from '../../kit/standIn';
import type { Org } from '../org';
import { parserError, Problem, problemAnswer } from '../problem';
import { methodNotAllowed, readParameters, type Answer, type ApiCall } from './apiCall';
import { API } from '../presentRow';
import { refuseConditions } from './preconditions';

const MOST = 25;
/** Of queries and collections. */
const MOST_HEAVY = 5;
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'];
/** Taken from the request around them; naming them is an error (REST guide, "Composite Subrequest"). */
const INHERITED = ['accept', 'authorization', 'content-type'];

interface Part {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body?: unknown;
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

interface PartAnswer {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

class RolledBack extends Error {
  constructor(readonly answers: readonly PartAnswer[]) {
    super('rolled back');
  }
}

/** @param answer answers one subrequest, as if it had come alone */
export function answerComposite(org: Org, call: ApiCall, answer: Answer): StandInAnswer {
  if (call.method !== 'POST') throw methodNotAllowed(call);
  readParameters(call, []);
  refuseConditions(call);
  const { parts, allOrNone } = readParts(call.body());
  const run = (): readonly PartAnswer[] => {
    const done: PartAnswer[] = [];
    for (const part of parts) {
      done.push(answerPart(org, call, part, done, answer));
      if (allOrNone && isFailed(done.at(-1))) throw new RolledBack(done);
    }
    return done;
  };
  try {
    return { status: 200, body: { compositeResponse: allOrNone ? org.store.transaction(run) : run() } };
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    const failed = error.answers.at(-1);
    return { status: 200, body: { compositeResponse: parts.map((part) => (part.referenceId === failed?.referenceId ? failed : halted(part.referenceId, 'The transaction was rolled back since another operation in the same transaction failed.'))) } };
  }
}

const isFailed = (answer: PartAnswer | undefined): boolean => (answer?.httpStatusCode ?? 500) >= 300;

const halted = (referenceId: string, message: string): PartAnswer => ({ body: [{ errorCode: 'PROCESSING_HALTED', message }], httpHeaders: {}, httpStatusCode: 400, referenceId });

function readParts(body: unknown): { parts: readonly Part[]; allOrNone: boolean } {
  const { allOrNone = false, collateSubrequests = false, compositeRequest, ...unknown } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  if (typeof allOrNone !== 'boolean' || typeof collateSubrequests !== 'boolean' || !Array.isArray(compositeRequest) || Object.keys(unknown).length > 0) throw parserError('A composite request has allOrNone, collateSubrequests and the list compositeRequest.');
  const parts = compositeRequest as Part[];
  if (parts.length === 0 || parts.length > MOST) throw new Problem(400, 'INVALID_INPUT', `The number of subrequests must be from 1 to ${MOST}.`);
  if (parts.filter(({ url }) => /\/(?:query|queryAll|composite\/sobjects)\b/.test(String(url))).length > MOST_HEAVY) throw new Problem(400, 'INVALID_INPUT', `A composite request holds up to ${MOST_HEAVY} queries and collections.`);
  parts.forEach(checkPart);
  if (new Set(parts.map(({ referenceId }) => referenceId)).size !== parts.length) throw new Problem(400, 'INVALID_INPUT', 'Duplicate ReferenceId provided in the request.');
  return { parts, allOrNone };
}

function checkPart(part: Part): void {
  const unknown = Object.keys(part).filter((name) => !['method', 'url', 'referenceId', 'body', 'httpHeaders'].includes(name));
  if (unknown.length > 0 || typeof part.url !== 'string' || !METHODS.includes(part.method) || !/^[A-Za-z0-9]\w*$/.test(part.referenceId ?? '')) throw parserError(`A subrequest has method, url, referenceId, body and httpHeaders; this one is wrong: ${JSON.stringify(part).slice(0, 200)}`);
  const inherited = Object.keys(part.httpHeaders ?? {}).find((name) => INHERITED.includes(name.toLowerCase()));
  if (inherited) throw new Problem(400, 'INVALID_INPUT', `The header ${inherited} is not supported in a subrequest.`);
}

function answerPart(org: Org, call: ApiCall, part: Part, done: readonly PartAnswer[], answer: Answer): PartAnswer {
  const result = attempt(() => {
    const url = new URL(fill(part.url, done), 'http://subrequest');
    if (!url.pathname.startsWith(`${API}/`)) throw new Problem(400, 'INVALID_INPUT', `The url of a subrequest begins with ${API}/.`);
    const path = decodeURIComponent(url.pathname.slice(API.length + 1)).replace(/\/$/, '');
    if (path === 'composite') throw new Problem(400, 'INVALID_INPUT', 'A composite request cannot hold another one.');
    const headers = Object.fromEntries(Object.entries(part.httpHeaders ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
    return answer(org, { caller: call.caller, method: part.method, path, search: url.searchParams, headers, body: () => fillBody(part.body, done) });
  });
  if (result instanceof Halt) return halted(part.referenceId, result.message);
  const { 'content-length': _length, ...headers } = result.headers ?? {};
  return { body: result.body ?? null, httpHeaders: headers, httpStatusCode: result.status, referenceId: part.referenceId };
}

/** A reference to something that is not there halts the subrequest and whatever depends on it. */
class Halt extends Error {}

function attempt(run: () => StandInAnswer): StandInAnswer | Halt {
  try {
    return run();
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error);
    if (error instanceof Halt) return error;
    throw error;
  }
}

const REFERENCE = /@\{(?<path>[^}]+)\}/g;

function fillBody(body: unknown, done: readonly PartAnswer[]): unknown {
  if (body === undefined) throw parserError('The subrequest has no body.');
  if (typeof body === 'string') return fill(body, done);
  if (Array.isArray(body)) return body.map((one) => fillBody(one, done));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value === undefined ? undefined : fillBody(value, done)]));
}

/** `@{ref.id}`, `@{ref.records[0].Id}`. */
function fill(text: string, done: readonly PartAnswer[]): string {
  return text.replace(REFERENCE, (whole, path: string) => {
    const [name, ...steps] = path.split(/[.[\]]+/).filter((step) => step !== '');
    const from = done.find(({ referenceId }) => referenceId === name);
    const value = from && !isFailed(from) ? steps.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined), from.body) : undefined;
    if (value === undefined || value === null || typeof value === 'object') throw new Halt(`Invalid reference specified. No value for ${whole} found in ${name ?? 'the request'}`);
    return String(value);
  });
}
