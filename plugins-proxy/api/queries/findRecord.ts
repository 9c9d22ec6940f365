// Admin API: which record somebody means by an id of whatever kind.
import type { Pool } from 'pg';
import type { AdminCrm } from '../adminDeps';

export type FoundRecord =
  | { readonly type: 'link'; readonly linkId: string; readonly crm: string; readonly kind: 'opportunity' | 'lead'; readonly crmId: string }
  /** A referral that was seen, but that no link knows. */
  | { readonly type: 'referral'; readonly connection: string; readonly id: string }
  /** It could be a record of this CRM; nobody has heard of it. */
  | { readonly type: 'record'; readonly crm: string; readonly id: string }
  | { readonly type: 'nothing' };

/** Looks for a link id, then a CRM id, then a referral id (ours or Microsoft's); GUIDs in any usual form. */
export async function findRecord(pool: Pool, crms: readonly Pick<AdminCrm, 'connection' | 'canonicalId'>[], record: string): Promise<FoundRecord> {
  const text = record.trim().replace(/^\{(.*)\}$/, '$1').toLowerCase();
  const named = crms.flatMap((crm) => {
    const id = crm.canonicalId(record.trim());
    return id === null ? [] : [{ crm: crm.connection, id }];
  });
  const { rows } = await pool.query<{ id: string; crm_connection: string; kind: 'opportunity' | 'lead'; crm_id: string }>(
    `select l.id, l.crm_connection, l.kind, l.crm_id from cosell.link l
      where l.id in ($1, $2) or (l.crm_connection, l.crm_id) in (select * from unnest($3::text[], $4::text[])) or l.referral_id = $2 or l.microsoft_id = $2
      order by l.id in ($1, $2) desc, (l.crm_connection, l.crm_id) in (select * from unnest($3::text[], $4::text[])) desc, coalesce(l.referral_id = $2, false) desc, l.id limit 1`,
    [record.trim(), text, named.map((each) => each.crm), named.map((each) => each.id)],
  );
  const link = rows[0];
  if (link) return { type: 'link', linkId: link.id, crm: link.crm_connection, kind: link.kind, crmId: link.crm_id };
  const seen = await pool.query<{ connection: string }>('select connection from cosell.seen_referral where id = $1 order by connection limit 1', [text]);
  if (seen.rows[0]) return { type: 'referral', connection: seen.rows[0].connection, id: text };
  return named[0] ? { type: 'record', ...named[0] } : { type: 'nothing' };
}
