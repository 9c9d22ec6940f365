// What the links remember of records that a walk found changed.
import type { Pool } from 'pg';

export interface Known {
  readonly key: string;
  /** The version that the link remembers of that side. */
  readonly version: string | null;
  /** A bell rang already. */
  readonly pending: boolean;
}

/** By CRM id. */
export async function knownRecords(pool: Pool, connection: string, kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await pool.query<Known & { id: string }>(
    `select l.crm_id as id, 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id as key, l.document->'crm'->>'version' as version,
       coalesce(w.wanted > w.done, false) as pending
     from cosell.link l left join cosell.work w on w.key = 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id
     where l.crm_connection = $1 and l.kind = $2 and l.crm_id = any ($3)`,
    [connection, kind, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export interface KnownReferral extends Known {
  readonly microsoft: boolean;
}

/** By referral id, our own or Microsoft's; Microsoft's version is when it was last updated. */
export async function knownReferrals(pool: Pool, connection: string, ids: readonly string[]): Promise<ReadonlyMap<string, KnownReferral>> {
  const { rows } = await pool.query<KnownReferral & { id: string }>(
    `select r.id, 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id as key, r.id = l.microsoft_id as microsoft,
       case when r.id = l.microsoft_id then l.document->'microsoft'->>'updatedOn' else l.document->'partner'->>'version' end as version,
       coalesce(w.wanted > w.done, false) as pending
     from unnest($2::text[]) as r (id)
     join cosell.link l on l.partner_connection = $1 and (l.referral_id = r.id or l.microsoft_id = r.id)
     left join cosell.work w on w.key = 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id`,
    [connection, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Referrals that were seen, with the time of their last change then. */
export async function seenReferrals(pool: Pool, connection: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; updated_on: Date }>('select id, updated_on from cosell.seen_referral where connection = $1 and id = any ($2)', [connection, ids]);
  return new Map(rows.map((row) => [row.id, row.updated_on.toISOString()]));
}

/** Links whose Microsoft referral is still open, in turn after an id. */
export async function openMicrosoft(pool: Pool, connection: string, after: string, limit: number): Promise<readonly { readonly id: string; readonly key: string }[]> {
  const { rows } = await pool.query<{ id: string; key: string }>(
    `select id, 'crm:' || crm_connection || ':' || kind || ':' || crm_id as key from cosell.link
     where partner_connection = $1 and microsoft_id is not null and phase = 'linked' and document->'microsoft'->>'status' <> 'Closed' and id > $2 order by id limit $3`,
    [connection, after, limit],
  );
  return rows;
}
