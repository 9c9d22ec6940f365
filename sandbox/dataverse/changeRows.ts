// Create, update and delete: each settles the values, asks the synchronous steps, stores, and queues what happened.
import { randomUUID } from 'node:crypto';
import type { Caller } from './access';
import type { Environment } from './environment';
import { entityWire, referenceWire, type Happening } from './executionContext';
import { customerPlugInColumn } from './metadata/salesTables';
import type { Table } from './metadata/table';
import { isReference, tables, type Cells } from './model';
import { checkDelete, checkPlatformRow } from './platformRows';
import { Problem, rowMissing } from './problem';
import { changedCells, type Row, type WriteEntry } from './rowStore';
import { settleCells } from './settleCells';

export interface Circumstances {
  readonly caller: Caller;
  readonly origin: WriteEntry['origin'];
  readonly tag?: string;
  readonly depth?: number;
  /** Win, Lose and QualifyLead may close what they are about. */
  readonly mayClose?: boolean;
  /** Looks at the row as it is now, just before it is written; throws when it is not as expected. */
  readonly expect?: (row: Row) => void;
}

/** @throws Problem: id or key taken, value or state refused, a synchronous step failed. */
export async function createRow(env: Environment, table: Table, id: string | undefined, given: Cells, by: Circumstances): Promise<Row> {
  const rowId = id ?? randomUUID();
  const draft = (): Cells => {
    // 0x80040237: platform-facts.md section 5.
    if (env.store.get(table.name, rowId)) throw new Problem(412, '0x80040237', 'Cannot insert duplicate key.');
    const cells = checkPlatformRow(env.store, table, settleCells(env, { table, before: undefined, given, user: by.caller.id, mayClose: by.mayClose ?? false }));
    checkKeys(env, table, rowId, cells);
    return cells;
  };
  let cells = draft();
  const happening: Happening = {
    message: 'Create', table: table.name, id: rowId, user: by.caller.id, carried: Object.keys(given), depth: by.depth ?? 1, tag: by.tag,
    inputs: () => [{ key: 'Target', value: entityWire(env.store, table, rowId, cells) }],
    outputs: () => [{ key: 'id', value: rowId }],
  };
  if (await env.steps.runSync(happening)) cells = draft();
  const row = env.store.put(table.name, rowId, cells);
  note(env, 'Create', undefined, row, Object.keys(given), by);
  env.steps.queue(happening);
  letPlugInTouch(env, table, rowId, by);
  return env.store.get(table.name, rowId) ?? row;
}

/** @throws Problem as createRow, and what `expect` throws. */
export async function updateRow(env: Environment, table: Table, id: string, given: Cells, by: Circumstances): Promise<Row> {
  const parts = splitUpdate(given);
  const happenings = parts.map((part) => updateHappening(env, table, id, part, by));
  const draft = (): readonly Cells[] => {
    const before = existing(env, table, id);
    by.expect?.(before);
    let now = before;
    return parts.map((part) => {
      const cells = checkPlatformRow(env.store, table, settleCells(env, { table, before: now, given: part, user: by.caller.id, mayClose: by.mayClose ?? false }));
      checkKeys(env, table, id, cells);
      now = { ...now, cells };
      return cells;
    });
  };
  let steps = draft();
  let asked = false;
  for (const happening of happenings) asked = (await env.steps.runSync(happening)) || asked;
  if (asked) steps = draft();
  steps.forEach((cells, at) => {
    const before = existing(env, table, id);
    note(env, 'Update', before, env.store.put(table.name, id, cells), Object.keys(parts[at] ?? {}), by);
    const happening = happenings[at];
    if (happening) env.steps.queue(happening);
  });
  letPlugInTouch(env, table, id, by);
  return existing(env, table, id);
}

/** State and status together with other columns: Update steps run once for the others, then once for these (platform-facts.md section 4). */
function splitUpdate(given: Cells): readonly Cells[] {
  const isState = (name: string): boolean => name === 'statecode' || name === 'statuscode';
  const pick = (wanted: boolean): Cells => Object.fromEntries(Object.entries(given).filter(([name]) => isState(name) === wanted));
  const parts = [pick(false), pick(true)].filter((part) => Object.keys(part).length > 0);
  return parts.length === 0 ? [{}] : parts;
}

/** Target = what the request carried, as stored, the id and who modified when (dataverse.md section 3). */
function updateHappening(env: Environment, table: Table, id: string, given: Cells, by: Circumstances): Happening {
  const target = (): Cells => {
    const now = env.store.get(table.name, id)?.cells ?? {};
    const names = [...Object.keys(given), 'modifiedon', 'modifiedby'];
    return Object.fromEntries(names.map((name) => [name, now[name] ?? null]));
  };
  return {
    message: 'Update', table: table.name, id, user: by.caller.id, carried: Object.keys(given), depth: by.depth ?? 1, tag: by.tag,
    inputs: () => [{ key: 'Target', value: entityWire(env.store, table, id, target()) }],
    outputs: () => [],
  };
}

/** @throws Problem when it is not there, is still used, or a synchronous step failed. */
export async function deleteRow(env: Environment, table: Table, id: string, by: Circumstances): Promise<void> {
  const check = (): Row => {
    const row = existing(env, table, id);
    by.expect?.(row);
    checkDelete(env.store, table, id);
    return row;
  };
  check();
  const happening: Happening = {
    message: 'Delete', table: table.name, id, user: by.caller.id, carried: [], depth: by.depth ?? 1, tag: by.tag,
    inputs: () => [{ key: 'Target', value: referenceWire({ table: table.name, id }) }],
    outputs: () => [],
  };
  await env.steps.runSync(happening);
  const row = check();
  env.store.remove(row);
  note(env, 'Delete', row, undefined, [], by);
  unlink(env, table.name, id, by);
  env.steps.queue(happening);
}

/** Lookups to a deleted row become empty (cascade "remove link"). */
function unlink(env: Environment, target: string, id: string, by: Circumstances): void {
  for (const table of tables) {
    const lookups = [...table.columns.values()].filter((column) => column.navigations?.some((one) => one.table === target));
    if (lookups.length === 0) continue;
    for (const row of env.store.list(table.name)) {
      const dangling = lookups.filter(({ name }) => isReference(row.cells[name]) && row.cells[name].id === id).map(({ name }) => name);
      if (dangling.length === 0) continue;
      const after = env.store.put(table.name, row.id, { ...row.cells, ...Object.fromEntries(dangling.map((name) => [name, null])) });
      note(env, 'Update', row, after, dangling, { ...by, origin: 'platform' });
    }
  }
}

/**
 * A customer's plug-in that writes a column nobody maps, after a share of the service's writes: the version an answer told is then old at once,
 * or a moment later when the plug-in is asynchronous.
 */
function letPlugInTouch(env: Environment, table: Table, id: string, by: Circumstances): void {
  if (by.origin !== 'request' || !by.caller.isApplication || !table.columns.has(customerPlugInColumn) || env.random() >= env.plugInShare) return;
  const touch = (): void => {
    const row = env.store.get(table.name, id);
    if (!row) return;
    const given = { [customerPlugInColumn]: Number(row.cells[customerPlugInColumn] ?? 0) + 1 };
    const cells = settleCells(env, { table, before: row, given, user: by.caller.id, mayClose: true });
    note(env, 'Update', row, env.store.put(table.name, id, cells), Object.keys(given), { ...by, origin: 'plugin' });
    env.steps.queue(updateHappening(env, table, id, given, { ...by, depth: 2 }));
  };
  if (env.random() < 0.5) touch();
  else env.later(5 + env.random() * 15, touch);
}

/** @throws Problem 412 0x80060892 when another row has the key's values. */
function checkKeys(env: Environment, table: Table, id: string, cells: Cells): void {
  for (const key of table.keys) {
    const values = Object.fromEntries(key.columns.map((name) => [name, cells[name] ?? null]));
    if (Object.values(values).includes(null)) continue;
    const other = env.store.findByKey(table, values);
    if (!other || other.id === id) continue;
    throw new Problem(412, '0x80060892', `A record that has the attribute values ${key.label} already exists. The entity key ${key.label} requires that this set of attributes contains unique values. Select unique values and try again.`);
  }
}

function existing(env: Environment, table: Table, id: string): Row {
  const row = env.store.get(table.name, id);
  if (!row) throw rowMissing(table.name, id);
  return row;
}

function note(env: Environment, message: WriteEntry['message'], before: Row | undefined, after: Row | undefined, columns: readonly string[], by: Circumstances): void {
  const row = after ?? before;
  if (!row) return;
  const changed = changedCells(before?.cells ?? {}, after?.cells ?? {});
  env.store.note({ table: row.table, id: row.id, message, user: by.caller.id, origin: by.origin, columns, at: new Date(env.now()).toISOString(), ...changed });
}

