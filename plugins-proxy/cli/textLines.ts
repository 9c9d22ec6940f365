// Command line: aligned plain lines.

/** Texts from the CRMs may hold control characters, which a terminal would obey. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');

/** Columns two blanks apart; the last one is not filled up. */
export function alignedLines(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map(plain));
  const widths = (cells[0] ?? []).map((_cell, at) => Math.max(...cells.map((row) => widthOf(row[at] ?? ''))));
  return cells.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell)))).join('  ').trimEnd());
}

/** Chinese, Japanese and Korean signs take two columns. */
const widthOf = (text: string): number => [...text].reduce((width, sign) => width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(sign) ? 2 : 1), 0);

export const shortened = (text: string, longest: number): string => ([...text].length > longest ? `${[...text].slice(0, longest - 1).join('')}…` : text);

/** `2026-11-23 10:42:07Z` */
export const timeText = (iso: string | null): string => (iso === null ? '-' : iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z'));

/** `1 record`, `2 records` */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
