// Records that were given up on after five unexpected failures: an admin sees them and sends them again.
import type { Pool } from 'pg';
import { side } from '../ports/store';
import { wakeWorkers } from '../store/wakeWorkers';

export interface ParkedRow {
  readonly key: string;
  readonly why: string;
  readonly attempts: number;
  /** ISO. */
  readonly triedOn: string | null;
}

/** By key, at most `limit` after the key `after`. */
export async function listParked(pool: Pool, after = '', limit = 200): Promise<readonly ParkedRow[]> {
  const { rows } = await pool.query<{ key: string; parked: string; attempts: number; tried_on: Date | null }>(
    'select key, parked, attempts, tried_on from cosell.work where parked is not null and key > $1 order by key limit $2', [after, limit],
  );
  return rows.map((row) => ({ key: row.key, why: row.parked, attempts: row.attempts, triedOn: row.tried_on?.toISOString() ?? null }));
}

/** Sends a parked record again, reading both sides; `false` when it is not parked. */
export async function replayParked(pool: Pool, key: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update cosell.work set parked = null, attempts = 0, class = null, not_before = null, wanted = wanted + 1, sides = sides | $2, priority = 0, due = now(), rung_on = now()
      where key = $1 and parked is not null and lease is null`,
    [key, side.both],
  );
  if (rowCount) wakeWorkers(pool);
  return Boolean(rowCount);
}
