// One call of the REST API, on its own or inside a composite request: what it asks, and the body and parameters read strictly.
import type { StandInAnswer } from '../../kit/standIn';
import type { Caller } from '../access';
import type { Org } from '../org';
import { notDocumented, parserError, Problem } from '../problem';

export interface ApiCall {
  readonly caller: Caller;
  readonly method: string;
  /** After `/services/data/v66.0/`, decoded, without a slash at its end. */
  readonly path: string;
  readonly search: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON. @throws Problem 400 or 415 when there is none. */
  body(): unknown;
}

export type Answer = (org: Org, call: ApiCall) => StandInAnswer;

/** The parameters of a resource; one that is not documented for it is refused. */
export function readParameters(call: ApiCall, known: readonly string[]): ReadonlyMap<string, string> {
  for (const name of call.search.keys()) if (!known.includes(name)) throw notDocumented(`The parameter '${name}'`);
  return new Map(call.search);
}

export function readJsonBody(raw: Buffer, headers: Readonly<Record<string, string>>): unknown {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Type not supported: ${headers['content-type'] ?? 'none'}`);
  try {
    return JSON.parse(raw.toString('utf8')) as unknown;
  } catch (error) {
    throw parserError(`The HTTP entity body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

export const methodNotAllowed = (call: ApiCall): Problem => new Problem(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed.`);

/** Request headers of the API that this stand-in knows; any other one with this beginning would be without effect (REST guide, "Headers"). */
const KNOWN = new Set(['sforce-call-options', 'sforce-query-options', 'sforce-duplicate-rule-header', 'sforce-auto-assign', 'sforce-mru']);

export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(headers)) if (name.startsWith('sforce-') && !KNOWN.has(name)) throw notDocumented(`The header ${name}`);
}

/** `allowSave=true` (REST guide, "Duplicate Rule Header"). */
export function allowsDuplicates(call: ApiCall): boolean {
  const header = call.headers['sforce-duplicate-rule-header'];
  if (header === undefined) return false;
  const hit = /^allowSave=(?<value>true|false)$/i.exec(header.trim());
  if (!hit) throw notDocumented(`Sforce-Duplicate-Rule-Header: ${header}`);
  return hit.groups?.value?.toLowerCase() === 'true';
}
