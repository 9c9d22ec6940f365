// Links as the store keeps them, put in directly: the admin API only reads.
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { newLink, type CrmSnapshot, type Link, type Reason } from '../../../core/index';

export interface LinkWish {
  readonly name?: string;
  readonly status?: string;
  readonly reasons?: readonly Reason[];
  readonly secured?: readonly 'name'[];
  readonly notes?: string;
  readonly more?: Partial<Link>;
}

/** Stores a link on `dataverse` and `partner-center`; returns it. */
export async function putLink(pool: Pool, wish: LinkWish = {}): Promise<Link> {
  const link: Link = {
    ...newLink({ id: randomUUID(), crmConnection: 'dataverse', partnerConnection: 'partner-center', kind: 'opportunity', crmId: randomUUID(), mappingVersion: 'm1' }),
    phase: 'linked', referralId: randomUUID(), engagementId: `E-${randomUUID()}`, crm: snapshot(wish), ...wish.more,
  };
  await pool.query(
    `insert into cosell.link (id, rev, crm_connection, kind, crm_id, partner_connection, referral_id, microsoft_id, engagement_id, phase, attempts_open, document)
     values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, false, $10)`,
    [link.id, link.crmConnection, link.kind, link.crmId, link.partnerConnection, link.referralId, link.microsoft?.id ?? null, link.engagementId, link.phase, JSON.stringify(link)],
  );
  return link;
}

const snapshot = ({ name = 'A deal', status = 'synced', reasons = [], secured = [], notes }: LinkWish): CrmSnapshot => ({
  version: 'W/"1"', moneyScale: 2, createdOn: '2026-11-01T00:00:00Z', modifiedOn: '2026-11-02T00:00:00Z', secured,
  cells: { name: { kind: 'value', value: name }, ...(notes === undefined ? {} : { notes: { kind: 'value', value: notes } }), dealValue: { kind: 'value', value: '98765.43' } },
  control: { sync: true, requestedAction: null, requestedReason: null, choices: null },
  shown: { identifier: null, link: null, status, details: reasons.length > 0 ? JSON.stringify({ reasons }) : null, microsoftStatus: null, microsoftCrmId: null, lastSyncedOn: null },
  refs: { customer: null, contact: null, owner: null },
});

export interface WorkState {
  readonly wanted: string;
  readonly done: string;
  readonly sides: number;
  readonly priority: number;
  readonly parked: string | null;
  readonly not_before: Date | null;
}

export const workOf = async (pool: Pool, key: string): Promise<WorkState | undefined> => (await pool.query<WorkState>('select wanted, done, sides, priority, parked, not_before from cosell.work where key = $1', [key])).rows[0];
