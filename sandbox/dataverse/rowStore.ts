// All rows with their versions, remembered across kill -9, and the history of who wrote what.
import { openJournal } from '../kit/journal';
import { isReference, stableId, tables, type Cell, type Cells } from './model';
import type { Column, Table } from './metadata/table';

export interface Row {
  readonly table: string;
  readonly id: string;
  readonly version: number;
  readonly cells: Cells;
}

/** One write: only the columns whose value it changed are in `oldValues` and `newValues`; `columns` are those it carried. */
export interface WriteEntry {
  readonly table: string;
  readonly id: string;
  readonly message: 'Create' | 'Update' | 'Delete';
  readonly user: string;
  /** `request`: a caller of the Web API; `plugin`: the customer's plug-in in that user's name; `platform`: Win, Lose, cascades. */
  readonly origin: 'request' | 'plugin' | 'platform';
  readonly columns: readonly string[];
  readonly at: string;
  readonly oldValues: Cells;
  readonly newValues: Cells;
}

export interface Settings {
  organizationId: string;
  /** `<table>.<column>` to what the application users may do with it. */
  secured: Record<string, { canRead: boolean; canUpdate: boolean }>;
  /** `<systemuserid> <privilege>`. */
  removedPrivileges: string[];
}

export interface RowStore {
  readonly settings: Settings;
  saveSettings(): void;
  isNew: boolean;
  get(table: string, id: string): Row | undefined;
  list(table: string): readonly Row[];
  /** Rows of a table whose text column holds this value; compares as the platform does, without case. */
  findByKey(table: Table, values: Cells): Row | undefined;
  /** Gives the row its next version. */
  put(table: string, id: string, cells: Cells): Row;
  remove(row: Row): void;
  note(entry: WriteEntry): void;
  readonly writes: WriteEntry[];
  /** Told of every write, right after it. */
  onWrite(listener: (entry: WriteEntry) => void): void;
}

const REMEMBERED_WRITES = 50_000;
type Kept = Row | { readonly counter: number } | Settings;

/** Opens the rows of an environment. One counter for all rows, as the platform's row version is (dataverse.md section 4: opaque etag). */
export function openRowStore(file: string | undefined, organizationId: string): RowStore {
  const journal = openJournal<Kept>(file);
  const byTable = new Map<string, Map<string, Row>>(tables.map((table) => [table.name, new Map()]));
  const isNew = journal.rows.size === 0;
  let counter = 1_000_000;
  for (const kept of journal.rows.values()) {
    if ('counter' in kept) counter = Math.max(counter, kept.counter);
    if (!('cells' in kept)) continue;
    byTable.get(kept.table)?.set(kept.id, kept);
    counter = Math.max(counter, kept.version);
  }
  const settings = (journal.rows.get('settings') as Settings | undefined) ?? { organizationId, secured: {}, removedPrivileges: [] };
  const writes: WriteEntry[] = [];
  const listeners: ((entry: WriteEntry) => void)[] = [];
  const rowsOf = (table: string): Map<string, Row> => byTable.get(table) ?? new Map<string, Row>();
  return {
    settings, writes, isNew,
    saveSettings: () => journal.put('settings', settings),
    get: (table, id) => rowsOf(table).get(id),
    list: (table) => [...rowsOf(table).values()],
    findByKey: (table, values) => [...rowsOf(table.name).values()].find((row) => Object.entries(values).every(([name, value]) => sameText(row.cells[name], value))),
    put(table, id, cells) {
      counter += 1;
      const row: Row = { table, id, version: counter, cells };
      rowsOf(table).set(id, row);
      journal.put(`${table}:${id}`, row);
      return row;
    },
    remove(row) {
      rowsOf(row.table).delete(row.id);
      journal.remove(`${row.table}:${row.id}`);
      // A version is never given twice, also not after the newest row is gone.
      journal.put('counter', { counter });
    },
    note(entry) {
      writes.push(entry);
      if (writes.length > REMEMBERED_WRITES) writes.shift();
      for (const listener of listeners) listener(entry);
    },
    onWrite: (listener) => void listeners.push(listener),
  };
}

const sameText = (one: Cell | undefined, other: Cell): boolean => (typeof one === 'string' && typeof other === 'string' ? one.toLowerCase() === other.toLowerCase() : one === other);

export const etagOf = (row: Row): string => `W/"${row.version}"`;

/** The value of a column, the computed ones included. */
export function cellOf(row: Row, column: Column): Cell {
  if (column.name === 'versionnumber') return row.version;
  if (column.type === 'uniqueidentifier' && column.name === idColumnOf(row.table)) return row.id;
  return row.cells[column.name] ?? null;
}

const idColumns = new Map(tables.map((table) => [table.name, table.id]));
const idColumnOf = (table: string): string | undefined => idColumns.get(table);

export const referenceId = (cell: Cell | undefined): string | undefined => (isReference(cell) ? cell.id : undefined);

export const columnId = (table: string, column: string): string => stableId(`column ${table}.${column}`);

/** What differs between two states of a row. */
export function changedCells(before: Cells, after: Cells): { oldValues: Cells; newValues: Cells } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
  return { oldValues: Object.fromEntries(names.map((name) => [name, before[name] ?? null])), newValues: Object.fromEntries(names.map((name) => [name, after[name] ?? null])) };
}
