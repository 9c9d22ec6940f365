// What the journey remembers, on PostgreSQL: one round trip per question.
import type { Pool } from 'pg';
import type { Link } from '../../core/index';
import type { ConnectionState, SeenReferral, Store } from '../ports/store';
import { storeCommit } from './storeCommit';
import { timelineTail } from './timelineTail';
import { wakeWorkers } from './wakeWorkers';

interface LinkRow {
  readonly rev: number;
  readonly document: Link;
}

/** The store port on a pool whose database `migrate` has brought up to date. Accidents of the database are thrown as they are. */
export function createStore(pool: Pool): Store {
  const oneLink = async (name: string, where: string, values: readonly unknown[]): Promise<Link | undefined> => {
    const { rows } = await pool.query<LinkRow>({ name, text: `select rev, document from cosell.link where ${where} limit 1`, values: [...values] });
    return rows[0] && { ...rows[0].document, rev: rows[0].rev };
  };
  return {
    now: () => databaseTime(pool),
    linkByCrm: (connection, kind, crmId) => oneLink('linkByCrm', 'crm_connection = $1 and kind = $2 and crm_id = $3', [connection, kind, crmId]),
    linkByReferral: (connection, referralId) =>
      oneLink('linkByReferral', 'partner_connection = $1 and (referral_id = $2 or microsoft_id = $2) order by (referral_id = $2) desc nulls last', [connection, referralId]),
    linkByEngagement: (connection, engagementId) => oneLink('linkByEngagement', 'partner_connection = $1 and engagement_id = $2 order by id', [connection, engagementId]),
    linkById: (id) => oneLink('linkById', 'id = $1', [id]),
    commit: (change) => storeCommit(pool, change),
    timelineTail: (linkId, maxChars) => timelineTail(pool, linkId, maxChars),
    seenByExternalId: (connection, externalId) => seenByExternalId(pool, connection, externalId),
    knowsReferral: (connection, referralId) => knowsReferral(pool, connection, referralId),
    openAttempts: (partnerConnection) => openAttempts(pool, partnerConnection),
    connectionState: (connection) => connectionState(pool, connection),
    rememberOrganization: (connection, organizationId) => rememberOrganization(pool, connection, organizationId),
    markCopied: (connection, why) => markCopied(pool, connection, why),
    adopt: (connection, organizationId) => adopt(pool, connection, organizationId),
    inventory: (connection) => inventoryState(pool, connection),
  };
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

async function databaseTime(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ now: Date }>('select now() as now');
  return (rows[0]?.now ?? new Date()).toISOString();
}

interface SeenRow {
  readonly id: string;
  readonly engagement_id: string;
  readonly external_id: string | null;
  readonly organization_id: string;
  readonly closed: boolean;
  readonly created_on: Date;
  readonly updated_on: Date;
}

const rowToSeen = (row: SeenRow): SeenReferral => ({
  id: row.id, engagementId: row.engagement_id, externalReferenceId: row.external_id, organizationId: row.organization_id, closed: row.closed,
  createdOn: row.created_on.toISOString(), updatedOn: row.updated_on.toISOString(),
});

async function seenByExternalId(pool: Pool, connection: string, externalId: string): Promise<readonly SeenReferral[]> {
  const text = 'select * from cosell.seen_referral where connection = $1 and external_id = $2 order by created_on, id';
  const { rows } = await pool.query<SeenRow>({ name: 'seenByExternalId', text, values: [connection, externalId] });
  return rows.map(rowToSeen);
}

async function knowsReferral(pool: Pool, connection: string, referralId: string): Promise<boolean> {
  const text = 'select exists (select 1 from cosell.link where partner_connection = $1 and (referral_id = $2 or microsoft_id = $2)) as known';
  const { rows } = await pool.query<{ known: boolean }>({ name: 'knowsReferral', text, values: [connection, referralId] });
  return rows[0]?.known ?? false;
}

/** Those that somebody still goes on with: the attempt of a record that was switched off or deleted may stay open for ever. */
async function openAttempts(pool: Pool, partnerConnection: string): Promise<number> {
  const text = `select count(*)::integer as count from cosell.link where partner_connection = $1 and attempts_open and phase not in ('off', 'crmGone')`;
  const { rows } = await pool.query<{ count: number }>({ name: 'openAttempts', text, values: [partnerConnection] });
  return rows[0]?.count ?? 0;
}

async function connectionState(pool: Pool, connection: string): Promise<ConnectionState> {
  const text = 'select organization_id, copied, adopted_on from cosell.connection where name = $1';
  const { rows } = await pool.query<{ organization_id: string | null; copied: string | null; adopted_on: Date | null }>({ name: 'connectionState', text, values: [connection] });
  const row = rows[0];
  return { organizationId: row?.organization_id ?? null, copied: row?.copied ?? null, adoptedOn: iso(row?.adopted_on ?? null) };
}

/** Only the first organisation is learnt; another one later is a copy until somebody adopts it. */
async function rememberOrganization(pool: Pool, connection: string, organizationId: string): Promise<void> {
  await pool.query(
    `insert into cosell.connection as c (name, organization_id) values ($1, $2)
     on conflict (name) do update set organization_id = excluded.organization_id where c.organization_id is null`,
    [connection, organizationId],
  );
}

/** The first reason stays: what comes after it is its consequence. */
async function markCopied(pool: Pool, connection: string, why: string): Promise<void> {
  await pool.query(
    `insert into cosell.connection as c (name, copied) values ($1, $2) on conflict (name) do update set copied = excluded.copied where c.copied is null`,
    [connection, why],
  );
}

async function adopt(pool: Pool, connection: string, organizationId: string | null): Promise<number> {
  const { rows } = await pool.query<{ rung: number }>('select cosell.adopt($1, $2) as rung', [connection, organizationId]);
  wakeWorkers(pool);
  return rows[0]?.rung ?? 0;
}

async function inventoryState(pool: Pool, connection: string): Promise<{ startedOn: string | null; complete: boolean }> {
  const text = 'select inventory_started_on as started, inventory_completed_on is not null as complete from cosell.connection where name = $1';
  const { rows } = await pool.query<{ started: Date | null; complete: boolean }>({ name: 'inventoryState', text, values: [connection] });
  return { startedOn: iso(rows[0]?.started ?? null), complete: rows[0]?.complete ?? false };
}
