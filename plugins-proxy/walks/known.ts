// What the links remember of records that a walk found changed.
import type { Pool } from 'pg';
import type { Link } from '../../core/index';

export interface Known {
  readonly key: string;
  /** The version that the link remembers of that side. */
  readonly version: string | null;
  /** Read so soon after its last change that a later one may carry the same version. */
  readonly unsettled?: boolean;
  /** A bell rang already. */
  readonly pending: boolean;
}

// Documents are read whole and looked at here: PostgreSQL's own operators fail on \u0000 and half surrogates, which sellers do paste.
type Remembered = Pick<Link, 'crm' | 'partner' | 'microsoft'>;

/** By CRM id. */
export async function knownRecords(pool: Pool, connection: string, kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await pool.query<{ id: string; key: string; document: Remembered; pending: boolean }>(
    `select l.crm_id as id, 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id as key, l.document, coalesce(w.wanted > w.done, false) as pending
     from cosell.link l left join cosell.work w on w.key = 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id
     where l.crm_connection = $1 and l.kind = $2 and l.crm_id = any ($3)`,
    [connection, kind, ids],
  );
  return new Map(rows.map((row) => [row.id, { key: row.key, pending: row.pending, version: row.document.crm?.version ?? null, unsettled: row.document.crm?.unsettled ?? false }]));
}

/** Of these accounts or contacts, the ids of those that a shared record hangs on. */
export async function knownParties(pool: Pool, connection: string, kind: 'account' | 'contact', ids: readonly string[]): Promise<ReadonlySet<string>> {
  const column = kind === 'account' ? 'account_id' : 'contact_id';
  const { rows } = await pool.query<{ id: string }>(`select distinct ${column} as id from cosell.link where crm_connection = $1 and ${column} = any ($2)`, [connection, ids]);
  return new Set(rows.map((row) => row.id));
}

export interface KnownReferral extends Known {
  readonly microsoft: boolean;
}

/** By referral id, our own or Microsoft's; Microsoft's version is when it was last updated. */
export async function knownReferrals(pool: Pool, connection: string, ids: readonly string[]): Promise<ReadonlyMap<string, KnownReferral>> {
  const { rows } = await pool.query<{ id: string; key: string; document: Remembered; microsoft: boolean; pending: boolean }>(
    `select r.id, 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id as key, r.id = l.microsoft_id is true as microsoft, l.document,
       coalesce(w.wanted > w.done, false) as pending
     from unnest($2::text[]) as r (id)
     join cosell.link l on l.partner_connection = $1 and (l.referral_id = r.id or l.microsoft_id = r.id)
     left join cosell.work w on w.key = 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id`,
    [connection, ids],
  );
  const version = (row: (typeof rows)[number]): string | null => (row.microsoft ? row.document.microsoft?.updatedOn : row.document.partner?.version) ?? null;
  return new Map(rows.map((row) => [row.id, { key: row.key, microsoft: row.microsoft, pending: row.pending, version: version(row) }]));
}

/** Referrals that were seen, with the time of their last change then. */
export async function seenReferrals(pool: Pool, connection: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; updated_on: Date }>('select id, updated_on from cosell.seen_referral where connection = $1 and id = any ($2)', [connection, ids]);
  return new Map(rows.map((row) => [row.id, row.updated_on.toISOString()]));
}

/** Links with a referral of Microsoft's, in turn after an id; `open` tells whether it may still change. */
export async function microsoftLinks(pool: Pool, connection: string, after: string, limit: number): Promise<readonly { readonly id: string; readonly key: string; readonly open: boolean }[]> {
  const { rows } = await pool.query<{ id: string; key: string; document: Remembered }>(
    `select id, 'crm:' || crm_connection || ':' || kind || ':' || crm_id as key, document from cosell.link
     where partner_connection = $1 and microsoft_id is not null and phase = 'linked' and id > $2 order by id limit $3`,
    [connection, after, limit],
  );
  return rows.map((row) => ({ id: row.id, key: row.key, open: row.document.microsoft?.status !== 'Closed' }));
}
