// When the list of referral ids began and whether it is complete: an older opportunity is not created before that.
import type { Pool } from 'pg';
import { wakeWorkers } from './wakeWorkers';

/** Notes the first start of the inventory of a partner connection; later calls change nothing. Returns that first start, ISO, the database's time. */
export async function startInventory(pool: Pool, connection: string): Promise<string> {
  const { rows } = await pool.query<{ started: Date }>(
    `insert into cosell.connection as c (name, inventory_started_on) values ($1, now())
     on conflict (name) do update set inventory_started_on = coalesce(c.inventory_started_on, excluded.inventory_started_on)
     returning inventory_started_on as started`,
    [connection],
  );
  if (!rows[0]) throw new Error(`The start of the inventory of ${connection} could not be stored.`);
  return rows[0].started.toISOString();
}

/** Notes that every page was seen, and lets the records look again that waited for it (others that wait keep their own times in their attempts). */
export async function completeInventory(pool: Pool, connection: string): Promise<void> {
  await pool.query('update cosell.connection set inventory_completed_on = coalesce(inventory_completed_on, now()) where name = $1', [connection]);
  // In the order of the keys, as whoever rings locks them.
  await pool.query(`with waiting as materialized (select key from cosell.work where wanted > done and lease is null and class = 'later' and key like 'crm:%' order by key for update)
    update cosell.work w set not_before = now(), due = now() from waiting where w.key = waiting.key`);
  wakeWorkers(pool);
}
