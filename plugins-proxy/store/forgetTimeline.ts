// How long the timeline is kept: two years, then its entries are forgotten (contract, "Audit").
import type { Pool } from 'pg';

/** Deletes the oldest entries that are past their time, at most so many at once. Returns how many. */
export async function forgetTimeline(pool: Pool, most: number): Promise<number> {
  const { rowCount } = await pool.query(
    `with old as materialized (select number from cosell.timeline where at < now() - interval '2 years' order by at limit $1)
     delete from cosell.timeline t using old where t.number = old.number`,
    [most],
  );
  return rowCount ?? 0;
}
