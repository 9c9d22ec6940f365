// What the audit column of a record shows: the end of its timeline.
import type { Pool } from 'pg';

/** An entry with its time and the names of both systems has some 40 characters at least, so this is as much as an audit column holds. */
const MOST = 500;

const text = `select number, text from cosell.timeline where link_id = $1 order by number desc limit ${MOST}`;

/** Newest whole entries first, at most 500, one a line (each with its line break, `\n`, within `maxChars`), and the newest entry's number, 0 when there is none. */
export async function timelineTail(pool: Pool, linkId: string, maxChars: number): Promise<{ readonly text: string; readonly newest: number }> {
  // Lengths are counted as the CRMs count them, in UTF-16 units.
  const { rows } = await pool.query<{ number: string; text: string }>({ name: 'timelineTail', text, values: [linkId] });
  const fitting: string[] = [];
  let total = 0;
  for (const row of rows) {
    total += row.text.length + 1;
    if (total > maxChars) break;
    fitting.push(row.text);
  }
  return { text: fitting.join('\n'), newest: Number(rows[0]?.number ?? 0) };
}
