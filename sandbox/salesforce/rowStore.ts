// All rows of the org, remembered across kill -9, changed in transactions, and the history of who wrote what.
import { openJournal } from '../kit/journal';
import type { Cells } from './schema/field';

export interface Row {
  readonly object: string;
  readonly id: string;
  readonly cells: Cells;
}

/** One write: `fields` are those it carried; only what it changed is in the values. */
export interface WriteEntry {
  readonly object: string;
  readonly id: string;
  readonly message: 'Create' | 'Update' | 'Delete' | 'Undelete';
  readonly user: string;
  /** `request`: a caller of the API; `person`: somebody in the user interface; `automation`: the customer's flow; `platform`: cascades, merges, roles. */
  readonly origin: 'request' | 'person' | 'automation' | 'platform';
  /** From `Sforce-Call-Options: client=`. */
  readonly client?: string;
  readonly fields: readonly string[];
  readonly at: string;
  readonly oldValues: Cells;
  readonly newValues: Cells;
}

export interface Settings {
  organizationId: string;
  /** Where the package's named credential points, and the key in it. */
  doorbell?: { readonly url: string; readonly key: string };
  /** `<object>.<field>` to what the integration user may do with it, beside the permission set. */
  secured: Record<string, { readonly read: boolean; readonly edit: boolean }>;
  /** `<object>.<verb>` that was taken from the integration user. */
  removedRights: string[];
}

export interface RowStore {
  readonly isNew: boolean;
  readonly settings: Settings;
  saveSettings(): void;
  get(object: string, id: string): Row | undefined;
  /** Deleted rows are among them until they are purged. */
  list(object: string): readonly Row[];
  put(object: string, id: string, cells: Cells): Row;
  /** The number of the next new record; never given twice. */
  nextNumber(): number;
  note(entry: WriteEntry): void;
  readonly writes: WriteEntry[];
  /** Told of every write once it is safe. */
  onWrite(listener: (entry: WriteEntry) => void): void;
  /** All or nothing: what `run` wrote is undone when it throws. May be nested. */
  transaction<T>(run: () => T): T;
  /** Runs once what is being written is safe; never when it is undone. */
  afterCommit(task: () => void): void;
  /** A place for what is not a record: sessions, queued jobs. */
  keep(key: string, value: unknown): void;
  forget(key: string): void;
  recall<T>(key: string): T | undefined;
  kept<T>(prefix: string): readonly (readonly [string, T])[];
}

const REMEMBERED_WRITES = 50_000;
const FIRST_NUMBER = 2_000_000;

export function openRowStore(file: string | undefined, organizationId: string): RowStore {
  const journal = openJournal<unknown>(file);
  const isNew = journal.rows.size === 0;
  const byObject = new Map<string, Map<string, Row>>();
  const rowsOf = (object: string): Map<string, Row> => {
    const rows = byObject.get(object) ?? new Map<string, Row>();
    byObject.set(object, rows);
    return rows;
  };
  for (const [key, value] of journal.rows) if (key.startsWith('row:')) rowsOf((value as Row).object).set((value as Row).id, value as Row);
  let counter = Number(journal.rows.get('counter') ?? FIRST_NUMBER);
  const settings = (journal.rows.get('settings') as Settings | undefined) ?? { organizationId, secured: {}, removedRights: [] };
  const writes: WriteEntry[] = [];
  const listeners: ((entry: WriteEntry) => void)[] = [];
  const remember = (entries: readonly WriteEntry[]): void => {
    writes.push(...entries);
    if (writes.length > REMEMBERED_WRITES) writes.splice(0, writes.length - REMEMBERED_WRITES);
    for (const entry of entries) for (const listener of listeners) listener(entry);
  };
  let open: { undo: (() => void)[]; touched: Map<string, Row>; tasks: (() => void)[]; notes: WriteEntry[] } | undefined;

  const store: RowStore = {
    isNew, settings, writes,
    saveSettings: () => journal.put('settings', settings),
    get: (object, id) => rowsOf(object).get(id),
    list: (object) => [...rowsOf(object).values()],
    put(object, id, cells) {
      const rows = rowsOf(object);
      const before = rows.get(id);
      const row: Row = { object, id, cells };
      rows.set(id, row);
      const key = `row:${object}:${id}`;
      if (!open) return journal.put(key, row), row;
      open.undo.push(() => void (before ? rows.set(id, before) : rows.delete(id)));
      open.touched.set(key, row);
      return row;
    },
    nextNumber() {
      counter += 1;
      journal.put('counter', counter);
      return counter;
    },
    note: (entry) => void (open ? open.notes.push(entry) : remember([entry])),
    onWrite: (listener) => void listeners.push(listener),
    transaction(run) {
      const outer = open;
      const mine = { undo: [] as (() => void)[], touched: new Map<string, Row>(), tasks: [] as (() => void)[], notes: [] as WriteEntry[] };
      open = mine;
      let result;
      try {
        result = run();
      } catch (error) {
        for (const undo of mine.undo.reverse()) undo();
        open = outer;
        throw error;
      }
      open = outer;
      if (outer) {
        outer.undo.push(...mine.undo);
        for (const [key, row] of mine.touched) outer.touched.set(key, row);
        outer.tasks.push(...mine.tasks);
        outer.notes.push(...mine.notes);
        return result;
      }
      for (const [key, row] of mine.touched) journal.put(key, row);
      remember(mine.notes);
      for (const task of mine.tasks) task();
      return result;
    },
    afterCommit: (task) => (open ? void open.tasks.push(task) : task()),
    keep: (key, value) => journal.put(key, value),
    forget: (key) => journal.remove(key),
    recall: <T>(key: string) => journal.rows.get(key) as T | undefined,
    kept: <T>(prefix: string) => [...journal.rows].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key, value as T] as const),
  };
  return store;
}

/** What differs between two states of a row. */
export function changedCells(before: Cells, after: Cells): { oldValues: Cells; newValues: Cells } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => (before[name] ?? null) !== (after[name] ?? null));
  return { oldValues: Object.fromEntries(names.map((name) => [name, before[name] ?? null])), newValues: Object.fromEntries(names.map((name) => [name, after[name] ?? null])) };
}

export const isDeleted = (row: Row | undefined): boolean => row?.cells.IsDeleted === true;
