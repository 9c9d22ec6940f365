// What the audit column of a record shows: the end of its timeline.
import type { Pool } from 'pg';

/** Lengths are counted as the CRMs count them, in UTF-16 units; the database counts code points, so it never leaves out too much. */
const text = `
  select number, text from (
    select number, text, sum(length(text) + 1) over (order by number desc) as total from cosell.timeline where link_id = $1
  ) newest where total <= $2 or number = (select max(number) from cosell.timeline where link_id = $1) order by number desc`;

/** Newest whole entries first, one a line (each with its line break, `\n`, within `maxChars`), and the newest entry's number, 0 when there is none. */
export async function timelineTail(pool: Pool, linkId: string, maxChars: number): Promise<{ readonly text: string; readonly newest: number }> {
  const { rows } = await pool.query<{ number: string; text: string }>({ name: 'timelineTail', text, values: [linkId, maxChars] });
  const fitting: string[] = [];
  let total = 0;
  for (const row of rows) {
    total += row.text.length + 1;
    if (total > maxChars) break;
    fitting.push(row.text);
  }
  return { text: fitting.join('\n'), newest: Number(rows[0]?.number ?? 0) };
}
