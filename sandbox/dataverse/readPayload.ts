// A request body becomes cells: names, types, lengths, choices and lookups are checked the way the Web API does.
import type { Column, Table } from './metadata/table';
import { readGuid, tableOfSet, type Cell, type Cells, type Reference } from './model';
import { badPayload, Problem, rowMissing } from './problem';
import type { RowStore } from './rowStore';

/** The row's own id when the body carries it, and the cells it names. */
export interface Change {
  readonly id?: string;
  readonly cells: Cells;
}

/** @throws Problem naming the first thing the platform would refuse. */
export function readPayload(store: RowStore, table: Table, body: unknown): Change {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badPayload(table.set, 'A JSON object was expected as the entity.');
  const cells: Record<string, Cell> = {};
  let id: string | undefined;
  for (const [name, value] of Object.entries(body)) {
    if (name === table.id) id = ownId(table, value);
    else if (name.endsWith('@odata.bind')) Object.assign(cells, bind(store, table, name.slice(0, -'@odata.bind'.length), value));
    else if (!name.includes('@')) Object.assign(cells, readMember(table, name, value));
  }
  return { id, cells };
}

function ownId(table: Table, value: unknown): string {
  const id = typeof value === 'string' ? readGuid(value) : undefined;
  if (!id) throw badPayload(table.set, `Cannot convert the literal '${String(value)}' to the expected type 'Edm.Guid'.`);
  return id;
}

function readMember(table: Table, name: string, value: unknown): Cells {
  if (/^_.+_value$/.test(name)) throw badPayload(table.set, 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.');
  const navigation = table.navigations.get(name);
  if (navigation) {
    // Deep insert exists on the platform, but nobody here needs it.
    if (value !== null) throw badPayload(table.set, `The navigation property '${name}' takes null here or a reference by '${name}@odata.bind'.`);
    return { [navigation.column]: null };
  }
  const column = table.columns.get(name);
  if (!column || column.type === 'lookup') throw badPayload(table.set, `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${table.name}'.`);
  if (column.readOnly) throw badPayload(table.set, `The property '${name}' of '${table.name}' cannot be written.`);
  return { [name]: value === null ? null : readValue(table, column, value) };
}

function bind(store: RowStore, table: Table, name: string, value: unknown): Cells {
  const navigation = table.navigations.get(name);
  if (!navigation) {
    throw badPayload(table.set, `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`);
  }
  if (table.columns.get(navigation.column)?.readOnly) throw badPayload(table.set, `The property '${name}' of '${table.name}' cannot be written.`);
  if (value === null) return { [navigation.column]: null };
  const target = readReference(table, value);
  if (target.table !== navigation.table) throw badPayload(table.set, `'${name}' takes rows of '${navigation.table}', not of '${target.table}'.`);
  if (!store.get(target.table, target.id)) throw rowMissing(target.table, target.id);
  return { [navigation.column]: target };
}

/** Reads `/accounts(guid)`, without the slash, or a whole address that ends so. */
function readReference(table: Table, value: unknown): Reference {
  const hit = typeof value === 'string' ? /(?:^|\/)(?<set>\w+)\((?<id>[^()]+)\)$/.exec(value) : null;
  const id = readGuid(hit?.groups?.id ?? '');
  if (!hit || !id) throw badPayload(table.set, `The resource identifier '${String(value)}' is not a valid reference.`);
  return { table: tableOfSet(hit.groups?.set ?? '').name, id };
}

function readValue(table: Table, column: Column, value: unknown): Cell {
  switch (column.type) {
    case 'string':
    case 'memo':
      return readText(table, column, value);
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(table, value, 'Edm.Boolean');
      return value;
    case 'picklist':
    case 'state':
    case 'status':
      return readChoice(table, column, value);
    case 'integer':
    case 'bigint':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(table, value, 'Edm.Int32');
      return inRange(table, column, value);
    case 'decimal':
    case 'double':
    case 'money':
      if (typeof value !== 'number') throw wrongType(table, value, column.type === 'double' ? 'Edm.Double' : 'Edm.Decimal');
      return inRange(table, column, value);
    case 'date':
      return readDay(table, value);
    case 'datetime':
      return readMoment(table, value);
    case 'uniqueidentifier':
      return ownId(table, value);
    case 'lookup':
      throw wrongType(table, value, 'Microsoft.Dynamics.CRM.crmbaseentity');
  }
}

function readText(table: Table, column: Column, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(table, value, 'Edm.String');
  if (value.length > (column.maxLength ?? Infinity)) {
    throw new Problem(400, '0x80044331', `A validation error occurred.  The length of the '${column.name}' attribute of the '${table.name}' entity exceeded the maximum allowed length of '${column.maxLength}'.`);
  }
  return value;
}

function readChoice(table: Table, column: Column, value: unknown): number {
  if (typeof value !== 'number') throw wrongType(table, value, 'Edm.Int32');
  const choices = column.choices ?? [];
  if (!choices.some((one) => one.value === value)) {
    throw new Problem(400, '0x8004431a', `A validation error occurred. The value ${value} of '${column.name}' on record of type '${table.name}' is outside the valid range. Accepted Values: ${choices.map((one) => one.value).join(',')}`);
  }
  return value;
}

function inRange(table: Table, column: Column, value: number): number {
  if (value < (column.min ?? -Infinity) || value > (column.max ?? Infinity)) {
    throw new Problem(400, '0x80044330', `A validation error occurred. The value of '${column.name}' on record of type '${table.name}' is outside the valid range.`);
  }
  return value;
}

function readDay(table: Table, value: unknown): string {
  const isDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value);
  if (!isDay) throw wrongType(table, value, 'Edm.Date');
  return value as string;
}

function readMoment(table: Table, value: unknown): string {
  const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.+(?:Z|[+-]\d{2}:\d{2})$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) throw wrongType(table, value, 'Edm.DateTimeOffset');
  return wholeSeconds(at);
}

/** Dates and times are kept in whole seconds. */
export const wholeSeconds = (at: number): string => new Date(Math.floor(at / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');

const wrongType = (table: Table, value: unknown, type: string): Problem => badPayload(table.set, `Cannot convert the literal '${String(value).slice(0, 100)}' to the expected type '${type}'.`);
