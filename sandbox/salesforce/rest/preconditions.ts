// Conditional requests (REST guide, "Conditional Request Headers"; salesforce.md section 7): by time for rows of every object, by ETag for Account rows only, none for DELETE.
import { createHash } from 'node:crypto';
import { momentToMs } from '../org';
import { notDocumented, preconditionFailed, Problem } from '../problem';
import type { Row } from '../rowStore';
import type { SObject } from '../schema/field';
import type { ApiCall } from './apiCall';

const STRONG = ['if-match', 'if-none-match'] as const;
const WEAK = ['if-modified-since', 'if-unmodified-since'] as const;

/** For resources that know no conditions. */
export function refuseConditions(call: ApiCall): void {
  for (const name of [...STRONG, ...WEAK, 'if-range']) if (call.headers[name] !== undefined) throw notDocumented(`The header ${name}`);
}

/** Whether a GET finds the row unchanged. @throws Problem 412 when it changed after If-Unmodified-Since, 400 for a header that is invalid or not for this object */
export function isUnchanged(call: ApiCall, object: SObject, row: Row): boolean {
  checkObject(call, object);
  const since = readTime(call, 'if-modified-since');
  const etags = readTags(call, 'if-none-match');
  expectUnchanged(call, object)?.(row);
  return (since !== undefined && changedOn(row) <= since) || etags?.includes(etagOf(row)) === true;
}

/** What a PATCH expects of the row at the moment of writing: If-Unmodified-Since compares whole seconds, so an edit within the second of the read passes unseen. */
export function expectUnchanged(call: ApiCall, object: SObject): ((row: Row) => void) | undefined {
  checkObject(call, object);
  if (call.method === 'PATCH') for (const name of ['if-modified-since', 'if-none-match']) if (call.headers[name] !== undefined) throw notDocumented(`The header ${name} on PATCH`);
  const until = readTime(call, 'if-unmodified-since');
  const etags = readTags(call, 'if-match');
  if (until === undefined && etags === undefined) return undefined;
  return (row) => {
    if (until !== undefined && changedOn(row) > until) throw preconditionFailed();
    if (etags !== undefined && !etags.includes(etagOf(row))) throw preconditionFailed();
  };
}

/** A hash of the content, answered with Account rows. */
export const etagOf = (row: Row): string => `"${createHash('sha1').update(JSON.stringify(row.cells)).digest('base64')}--gzip"`;

/** The last modified date, not the system's stamp. */
const changedOn = (row: Row): number => momentToMs(String(row.cells.LastModifiedDate));

function checkObject(call: ApiCall, object: SObject): void {
  if (call.headers['if-range'] !== undefined) throw notDocumented('The header if-range');
  if (object.name !== 'Account') for (const name of STRONG) if (call.headers[name] !== undefined) throw notDocumented(`The header ${name} on ${object.name}`);
}

/** `EEE, dd MMM yyyy HH:mm:ss z`. */
function readTime(call: ApiCall, name: (typeof WEAK)[number]): number | undefined {
  const text = call.headers[name];
  if (text === undefined) return undefined;
  const at = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [A-Z]{3}$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new Problem(400, 'INVALID_HEADER', `${name}: '${text}' is not a date such as 'Mon, 30 Nov 2020 08:34:54 GMT'.`);
  return at;
}

function readTags(call: ApiCall, name: (typeof STRONG)[number]): readonly string[] | undefined {
  const text = call.headers[name];
  if (text === undefined) return undefined;
  const tags = text.split(',').map((tag) => tag.trim());
  if (tags.some((tag) => !/^"[^"]+"$/.test(tag))) throw new Problem(400, 'INVALID_HEADER', `${name}: '${text}' is no list of ETags.`);
  return tags;
}
