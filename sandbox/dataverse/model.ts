// The tables of the environment by name and by set, and what a row's cells hold.
import { createHash } from 'node:crypto';
import { platformTables } from './metadata/platformTables';
import { salesTables } from './metadata/salesTables';
import type { Table } from './metadata/table';
import { Problem } from './problem';

export interface Reference {
  readonly table: string;
  readonly id: string;
}

/** Dates are `YYYY-MM-DD` or `...Z` with whole seconds; money and numbers are numbers; lookups are references. */
export type Cell = string | number | boolean | null | Reference;
export type Cells = Readonly<Record<string, Cell>>;

export const tables: readonly Table[] = [...salesTables, ...platformTables];
const byName = new Map(tables.map((table) => [table.name, table]));
const bySet = new Map(tables.map((table) => [table.set, table]));

/** @throws Problem when there is no such table. */
export function tableNamed(name: string): Table {
  const table = byName.get(name);
  if (!table) throw new Problem(404, '0x80060888', `The entity with a name = '${name}' was not found.`);
  return table;
}

/** @throws Problem as the Web API answers an unknown segment. */
export function tableOfSet(set: string): Table {
  const table = bySet.get(set);
  if (!table) throw new Problem(404, '0x80060888', `Resource not found for the segment '${set}'.`);
  return table;
}

export const findTableOfSet = (set: string): Table | undefined => bySet.get(set);

export const isReference = (value: unknown): value is Reference => typeof value === 'object' && value !== null && 'table' in value && 'id' in value;

/** The same id for the same name on every machine and at every start. */
export function stableId(name: string): string {
  const hex = createHash('sha1').update(`sandbox-dataverse/${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;
/** Lower case, without braces; undefined when it is no GUID. */
export const readGuid = (value: string): string | undefined => GUID.exec(value)?.[1]?.toLowerCase();
