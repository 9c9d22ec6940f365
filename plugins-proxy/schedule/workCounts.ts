// How the schedule stands, for metrics, doctor and readiness.
import type { Pool } from 'pg';

export interface WorkCounts {
  /** Rows that owe a run, the others below included; chores are not counted. */
  readonly pending: number;
  readonly running: number;
  readonly waiting: number;
  readonly parked: number;
  /** Of the oldest bell that could run now, milliseconds. */
  readonly oldestMs: number;
}

/** One pass over the rows that owe something. */
export async function workCounts(pool: Pool): Promise<WorkCounts> {
  const { rows } = await pool.query<WorkCounts>({
    name: 'workCounts',
    text: `select count(*)::integer as pending, count(lease)::integer as running, count(waits_for)::integer as waiting, count(parked)::integer as parked,
             coalesce(extract(epoch from now() - min(rung_on) filter (where lease is null and waits_for is null and parked is null and greatest(due, not_before) <= now())) * 1000, 0)::double precision as "oldestMs"
             from cosell.work where (wanted > done or lease is not null) and left(key, 6) <> 'chore:'`,
  });
  return rows[0] ?? { pending: 0, running: 0, waiting: 0, parked: 0, oldestMs: 0 };
}
