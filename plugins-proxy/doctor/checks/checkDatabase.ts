// Doctor: the database, and whether this service takes part in the work on it.
import type { Pool } from 'pg';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { fail, ok, warn, type Finding } from '../finding';

export const checkDatabase = ({ pool, embedded }: DoctorDeps): readonly Check[] => [
  { name: 'database', run: () => database(pool, embedded) },
  { name: 'schedule', run: () => schedule(pool) },
];

async function database(pool: Pool, embedded: boolean): Promise<Finding> {
  const { rows } = await pool.query<{ version: string; schema: number; size: string }>(
    `select current_setting('server_version') as version, (select max(number) from cosell.migration) as schema, pg_size_pretty(pg_database_size(current_database())) as size`,
  );
  const { version, schema, size } = rows[0]!;
  return ok('database', `PostgreSQL ${version.split(' ')[0]}, ${embedded ? 'embedded in the data folder' : 'shared (COSELL_DATABASE_URL)'}, schema ${schema}, ${size}.`);
}

/** Each process holds a lock in a session of its own: that is how others learn that it died. */
async function schedule(pool: Pool): Promise<Finding> {
  const { rows } = await pool.query<{ living: number; stranded: number }>(
    `select (select count(*)::integer from cosell.living()) as living,
            (select count(*)::integer from cosell.work w where w.lease is not null and w.lease not in (select cosell.living())) as stranded`,
  );
  const { living, stranded } = rows[0]!;
  if (living === 0) return fail('schedule', 'No process holds its lock in the database, so no record is worked on.', 'Start the service again. If it stays so, COSELL_DATABASE_URL leads through a pooler in transaction mode: point it to PostgreSQL itself, or to a pooler in session mode.');
  if (stranded > 0) return warn('schedule', `${plural(living, 'process takes', 'processes take')} part; ${plural(stranded, 'record is', 'records are')} still held by one that died.`, 'Nothing to do: they are taken over within a second. If it stays so, start the service again.');
  return ok('schedule', `${plural(living, 'process takes', 'processes take')} part; no record is held by one that died.`);
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
