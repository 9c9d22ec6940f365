// The bell of an account or contact: rings the records that hang on it, in batches and behind everything else.
import type { Pool } from 'pg';
import { wakeWorkers } from '../store/wakeWorkers';

/** One batch of at most `limit` links after the link id `after`; `next` goes on, `null` at the end. Links that are off or whose record is gone stay asleep. */
export async function ringLinksOf(
  pool: Pool, kind: 'account' | 'contact', connection: string, id: string, after: string | null, limit: number,
): Promise<{ readonly rung: number; readonly next: string | null }> {
  const values = [kind, connection, id, after, limit];
  const { rows } = await pool.query<{ rung: number; next: string | null }>({ name: 'ringLinksOf', text: 'select rung, next from cosell.ring_links_of($1,$2,$3,$4,$5)', values });
  wakeWorkers(pool);
  return rows[0] ?? { rung: 0, next: null };
}

/** All batches; returns how many records were rung. Dying in between repeats some bells, which changes nothing. */
export async function ringAllLinksOf(pool: Pool, kind: 'account' | 'contact', connection: string, id: string, limit = 200): Promise<number> {
  let rung = 0;
  let after: string | null = null;
  do {
    const batch: { readonly rung: number; readonly next: string | null } = await ringLinksOf(pool, kind, connection, id, after, limit);
    rung += batch.rung;
    after = batch.next;
  } while (after !== null);
  return rung;
}
