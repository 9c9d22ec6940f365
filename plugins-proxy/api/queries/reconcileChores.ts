// Admin API: the walks of reconcile that some process of this service runs.
import type { Pool } from 'pg';

/** Keys of work, in their order. Chores that were registered once, but whose reconcile is switched off since, are rows still; ringing them does no harm. */
export async function reconcileChores(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>(`select key from cosell.chore where key like 'chore:reconcile%' order by key`);
  return rows.map((row) => row.key);
}
