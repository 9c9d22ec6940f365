// Before anything else at start: brings the schema `cosell` up to date, whichever process comes first.
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { migrations } from './migrations/migrations';

/** Any number; processes that migrate at the same time wait for each other on it. */
const lockKey = 4_850_300_112_233;
const oldestServer = 150_000;

/**
 * Applies what is missing, all in one transaction: either the database is up to date afterwards, or nothing changed.
 * @returns the numbers applied now
 * @throws when the server is older than PostgreSQL 15, or the database was made by a newer version of the service
 */
export async function migrate(pool: Pool): Promise<readonly number[]> {
  const client = await pool.connect();
  try {
    await refuseOldServer(client);
    await client.query('begin');
    await client.query(patiently('select pg_advisory_xact_lock($1)', [lockKey]));
    const applied = await applyMissing(client);
    await client.query('commit');
    return applied;
  } catch (accident) {
    await client.query('rollback').catch(() => undefined);
    throw accident;
  } finally {
    client.release();
  }
}

async function applyMissing(client: PoolClient): Promise<readonly number[]> {
  await client.query('create schema if not exists cosell');
  await client.query('create table if not exists cosell.migration (number integer primary key, name text not null, applied_on timestamptz not null default now())');
  const done = await client.query<{ number: number }>('select number from cosell.migration');
  const known = new Set(done.rows.map((row) => row.number));
  refuseNewerDatabase(known);
  const missing = migrations.filter((step) => !known.has(step.number));
  for (const step of missing) {
    await client.query(patiently(step.sql));
    await client.query('insert into cosell.migration (number, name) values ($1, $2)', [step.number, step.name]);
  }
  return missing.map((step) => step.number);
}

/** Another process may be at it, and a large table takes its time: the pool's patience with ordinary statements is not meant for these. */
const patiently = (text: string, values?: readonly unknown[]): QueryConfig => ({ text, ...(values ? { values: [...values] } : {}), query_timeout: 60 * 60_000 }) as QueryConfig;

function refuseNewerDatabase(known: ReadonlySet<number>): void {
  const newest = migrations.at(-1)?.number ?? 0;
  if ([...known].some((number) => number > newest)) {
    throw new Error('The database was brought up to date by a newer version of this service. Start that version, or restore a backup made before it.');
  }
}

async function refuseOldServer(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: number; name: string }>(
    `select current_setting('server_version_num')::integer as version, current_setting('server_version') as name`,
  );
  const server = rows[0];
  if (server && server.version < oldestServer) throw new Error(`PostgreSQL ${server.name} is too old; 15 or later is needed.`);
}
