// Admin API: links, last changed first, a page at a time.
import type { Pool } from 'pg';
import type { Phase, SyncStatus } from '../../../core/index';
import type { Links } from '../shapes';
import { linkColumns, linkSource, rowToSummary, type LinkRow } from './linkColumns';

export interface LinkFilter {
  /** As the record shows it. */
  readonly status?: SyncStatus;
  readonly phase?: Phase;
  /** Connection of the CRM. */
  readonly crm?: string;
  /** A part of the name, or a whole id of record, referral or engagement. */
  readonly search?: string;
}

/** A place in the list: microseconds since 1970 and the id, so that records changed at the same moment are not skipped. */
export interface LinkPlace {
  readonly micros: string;
  readonly id: string;
}

const changedMicros = `(extract(epoch from l.changed_on) * 1000000)::bigint`;

/** One page of at most `limit`, after `after`. */
export async function listLinks(pool: Pool, filter: LinkFilter, after: LinkPlace | null, limit: number): Promise<Links> {
  const { where, values } = conditions(filter, after);
  const { rows } = await pool.query<LinkRow & { micros: string }>(
    `select ${linkColumns}, ${changedMicros}::text as micros from ${linkSource} where ${where} order by l.changed_on desc, l.id desc limit ${limit + 1}`, values,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { links: page.map(rowToSummary), next: rows.length > limit && last ? placeToCursor({ micros: last.micros, id: last.id }) : null };
}

function conditions(filter: LinkFilter, after: LinkPlace | null): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const all = ['true'];
  const add = (text: (place: string) => string, value: unknown): void => void all.push(text(`$${values.push(value)}`));
  if (filter.phase) add((at) => `l.phase = ${at}`, filter.phase);
  if (filter.crm) add((at) => `l.crm_connection = ${at}`, filter.crm);
  if (filter.status) add((at) => `(d.document->'crm'->'shown'->'status')::text = ${at}`, JSON.stringify(filter.status));
  if (filter.search) {
    const id = `$${values.push(filter.search.trim().replace(/^\{(.*)\}$/, '$1').toLowerCase())}`;
    add((name) => `(${id} in (lower(l.id), lower(l.crm_id), l.referral_id, l.microsoft_id, lower(l.engagement_id)) or (${isOpen} and ${nameText} ilike ${name}))`, `%${needle(filter.search)}%`);
  }
  if (after) {
    const micros = `$${values.push(after.micros)}`;
    add((id) => `(l.changed_on, l.id) < (timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id})`, after.id);
  }
  return { where: all.join(' and '), values };
}

const nameText = `(d.document->'crm'->'cells'->'name'->'value')::text`;
/** A secured name must not be found out by searching either. */
const isOpen = `coalesce((d.document->'crm'->'secured')::text, '') not like '%"name"%'`;

/** The text as it stands inside JSON, with the signs of `like` taken literally. */
const needle = (text: string): string => JSON.stringify(text.trim()).slice(1, -1).replace(/[\\%_]/g, (sign) => `\\${sign}`);

export const placeToCursor = ({ micros, id }: LinkPlace): string => Buffer.from(`${micros} ${id}`).toString('base64url');

/** `undefined` when it is no cursor. */
export function cursorToPlace(cursor: string): LinkPlace | undefined {
  const [, micros, id] = /^(\d{1,18}) (\S+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  return micros !== undefined && id !== undefined ? { micros, id } : undefined;
}
