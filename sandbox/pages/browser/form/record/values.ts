// Opportunity form: a column's value as the Web API carries it, as the Client API shows it, and back.
import type { ColumnModel, TableModel } from '../../../dynamics/tableModel';

/** As `getAttribute().getValue()` gives it: text, number, yes/no, Date, or a lookup's one-element array. */
export type Value = string | number | boolean | Date | readonly LookupValue[] | null;

export interface LookupValue {
  /** In braces and capitals, as the Client API writes ids. */
  readonly id: string;
  readonly name: string;
  readonly entityType: string;
}

export type Row = Readonly<Record<string, unknown>>;

const FORMATTED = '@OData.Community.Display.V1.FormattedValue';
const TABLE = '@Microsoft.Dynamics.CRM.lookuplogicalname';

/** The name under which the Web API answers a column. */
export const propertyOf = ({ name, type }: ColumnModel): string => (type === 'lookup' ? `_${name}_value` : name);

export function readValue(column: ColumnModel, row: Row): Value {
  const property = propertyOf(column);
  const raw = row[property];
  if (raw === null || raw === undefined) return null;
  if (column.type === 'lookup') return [{ id: bracedId(String(raw)), name: String(row[property + FORMATTED] ?? ''), entityType: String(row[property + TABLE] ?? '') }];
  // A calendar date is local midnight in the Client API, whatever the zone.
  if (column.type === 'date') return localMidnight(String(raw));
  if (column.type === 'datetime') return new Date(String(raw));
  return raw as string | number | boolean;
}

/** Members of a payload that write this value. */
export function writeValue(column: ColumnModel, value: Value, tables: TableModel): Readonly<Record<string, unknown>> {
  if (column.type === 'lookup') return writeLookup(column, value as readonly LookupValue[] | null);
  if (value instanceof Date) return { [column.name]: column.type === 'date' ? calendarDay(value) : value.toISOString() };
  if (tables.columns[column.name] === undefined) throw new Error(`There is no column ${column.name}.`);
  return { [column.name]: value };
}

function writeLookup(column: ColumnModel, value: readonly LookupValue[] | null): Record<string, unknown> {
  const chosen = value?.[0];
  const targets = column.targets ?? [];
  if (!chosen) return { [targets[0]?.navigation ?? column.name]: null };
  const target = targets.find(({ table }) => table === chosen.entityType);
  if (!target) throw new Error(`${column.name} takes no rows of ${chosen.entityType}.`);
  return { [`${target.navigation}@odata.bind`]: `/${target.set}(${bareId(chosen.id)})` };
}

/** Empty text is no text, as the platform keeps it. */
export const normalise = (value: Value | undefined): Value => (value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value);

export function isSame(one: Value, other: Value): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (Array.isArray(one) && Array.isArray(other)) return bareId((one as readonly LookupValue[])[0]?.id ?? '') === bareId((other as readonly LookupValue[])[0]?.id ?? '');
  return one === other;
}

export const bareId = (id: string): string => id.replaceAll(/[{}]/g, '').toLowerCase();
export const bracedId = (id: string): string => `{${bareId(id).toUpperCase()}}`;

function localMidnight(date: string): Date {
  const [year = 0, month = 1, dayOfMonth = 1] = date.slice(0, 10).split('-').map(Number);
  return new Date(year, month - 1, dayOfMonth);
}

export const calendarDay = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
