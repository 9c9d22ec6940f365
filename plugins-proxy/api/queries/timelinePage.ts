// Admin API: a link's timeline, newest first.
import type { Pool } from 'pg';
import type { Timeline } from '../shapes';

/** At most `limit` entries with numbers below `before`; `next` is the `before` of the following page, `null` at the end. */
export async function timelinePage(pool: Pool, linkId: string, before: number | null, limit: number): Promise<Omit<Timeline, 'linkId'>> {
  const { rows } = await pool.query<{ number: string; at: Date; text: string }>(
    'select number, at, text from cosell.timeline where link_id = $1 and ($2::bigint is null or number < $2) order by number desc limit $3', [linkId, before, limit + 1],
  );
  const entries = rows.slice(0, limit).map((row) => ({ number: Number(row.number), at: row.at.toISOString(), text: row.text }));
  return { entries, next: rows.length > limit ? (entries.at(-1)?.number ?? null) : null };
}
