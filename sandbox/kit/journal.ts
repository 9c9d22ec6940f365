// What a stand-in remembers, kept in an append-only file so that the next start, also after kill -9, finds it.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Journal<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  put(id: string, row: Row): void;
  remove(id: string): void;
}

/** Opens (or makes) a journal; without a file it lives in memory only. A torn last line is left out. */
export function openJournal<Row>(file: string | undefined): Journal<Row> {
  const rows = new Map<string, Row>();
  if (file && existsSync(file)) replay(file, rows);
  if (file) compact(file, rows);
  const note = (line: unknown): void => {
    if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  return {
    rows,
    put(id, row) {
      rows.set(id, row);
      note({ id, row });
    },
    remove(id) {
      rows.delete(id);
      note({ id });
    },
  };
}

function replay<Row>(file: string, rows: Map<string, Row>): void {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    let entry: { id: string; row?: Row };
    try {
      entry = JSON.parse(line) as { id: string; row?: Row };
    } catch {
      continue;
    }
    if (entry.row === undefined) rows.delete(entry.id);
    else rows.set(entry.id, entry.row);
  }
}

function compact<Row>(file: string, rows: Map<string, Row>): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = [...rows].map(([id, row]) => `${JSON.stringify({ id, row })}\n`).join('');
  writeFileSync(`${file}.new`, fresh);
  renameSync(`${file}.new`, file);
}
