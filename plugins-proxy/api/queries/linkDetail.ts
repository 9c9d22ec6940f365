// Admin API: one link with everything that tells why it is or is not in sync. No values: the timeline has those that were written.
import type { Pool } from 'pg';
import type { Attempt, MicrosoftSide, Refusal } from '../../../core/index';
import { crmKey } from '../../ports/workKey';
import type { LinkDetail } from '../shapes';
import { linkColumns, linkSource, rowToSummary, type LinkRow } from './linkColumns';

interface DetailRow extends LinkRow {
  readonly kind: 'opportunity' | 'lead';
  readonly partner_connection: string;
  readonly engagement_id: string | null;
  readonly shared_on: string | null;
  readonly mapping_version: string;
  readonly planned: number;
  readonly own: Attempt | null;
  readonly microsoft_attempt: Attempt | null;
  readonly refused: Readonly<Record<string, Refusal>> | null;
  readonly microsoft: MicrosoftSide | null;
  readonly partner_status: string | null;
  readonly partner_substatus: string | null;
  readonly partner_direction: string | null;
  readonly partner_updated_on: string | null;
}

/** The link, or `undefined` when there is none with this id. */
export async function linkDetail(pool: Pool, id: string): Promise<LinkDetail | undefined> {
  const { rows } = await pool.query<DetailRow>(
    `select ${linkColumns}, l.partner_connection, l.engagement_id, d.document->'sharedOn' as shared_on, d.document->'mappingVersion' as mapping_version,
       coalesce(json_array_length(d.document->'planned'), 0) as planned, d.document->'attempts'->'own' as own, d.document->'attempts'->'microsoft' as microsoft_attempt,
       d.document->'refused' as refused, d.document->'microsoft' as microsoft, d.document->'partner'->'status' as partner_status,
       d.document->'partner'->'substatus' as partner_substatus, d.document->'partner'->'direction' as partner_direction, d.document->'partner'->'updatedOn' as partner_updated_on
     from ${linkSource} where l.id = $1`, [id],
  );
  return rows[0] && rowToDetail(rows[0]);
}

const rowToDetail = (row: DetailRow): LinkDetail => ({
  ...rowToSummary(row),
  key: crmKey(row.crm_connection, row.kind, row.crm_id),
  partner: row.partner_connection,
  engagementId: row.engagement_id,
  sharedOn: row.shared_on,
  mappingVersion: row.mapping_version,
  referral: row.partner_status === null ? null : { status: row.partner_status, substatus: row.partner_substatus ?? '', direction: row.partner_direction ?? '', updatedOn: row.partner_updated_on ?? '' },
  microsoft: row.microsoft && { id: row.microsoft.id, status: row.microsoft.status, substatus: row.microsoft.substatus, expiresOn: row.microsoft.expiresOn },
  planned: row.planned,
  attempts: { own: toAttempt(row.own), microsoft: toAttempt(row.microsoft_attempt) },
  refused: Object.entries(row.refused ?? {}).map(([group, refusal]) => ({ group, side: refusal.side, reasons: [...refusal.reasons] })),
});

const toAttempt = (attempt: Attempt | null): LinkDetail['attempts']['own'] =>
  attempt && { state: attempt.state, startedOn: attempt.startedOn, looked: attempt.looked, lookAgainOn: attempt.lookAgainOn };
