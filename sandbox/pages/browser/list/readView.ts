// Opportunity list: the rows that a view asks for, as a grid shows them and as its scripts are told of them.
import type { ColumnModel, TableModel } from '../../dynamics/tableModel';
import type { ViewModel } from '../../shipped/viewModel';
import { propertyOf, readValue, type LookupValue, type Row } from '../form/record/values';
import { readRows } from '../form/record/webApi';
import { readSettings } from '../settings';
import { day, shortDateTime } from '../words';

export interface GridRow {
  readonly id: string;
  /** By column, as a reader sees it. */
  readonly text: Readonly<Record<string, string>>;
  /** What an icon function gets: formatted values by column, raw ones behind `_Value` (dataverse.md section 5). */
  readonly data: string;
  /** All that is shown, for filtering. */
  readonly search: string;
}

const FORMATTED = '@OData.Community.Display.V1.FormattedValue';

/** @throws WebApiProblem when the list is refused */
export async function readView(view: ViewModel, table: TableModel): Promise<readonly GridRow[]> {
  const rows = await readRows(`${table.set}?${view.query.replaceAll(encodeURIComponent('{userid}'), readSettings().user?.id ?? '')}`);
  return rows.map((row) => toGridRow(view, table, row));
}

function toGridRow(view: ViewModel, table: TableModel, row: Row): GridRow {
  const columns = view.columns.flatMap(({ name }) => table.columns[name] ?? []);
  const text = Object.fromEntries(columns.map((column) => [column.name, textOf(column, row)]));
  const data = Object.fromEntries(columns.flatMap((column) => [[column.name, text[column.name]], [`${column.name}_Value`, rawOf(column, row)]]));
  return { id: String(row[table.id]), text, data: JSON.stringify({ ...data, RowId: row[table.id] }), search: Object.values(text).join(' ').toLocaleLowerCase() };
}

function textOf(column: ColumnModel, row: Row): string {
  const value = readValue(column, row);
  if (value === null) return '';
  if (Array.isArray(value)) return (value as readonly LookupValue[])[0]?.name ?? '';
  if (value instanceof Date) return column.type === 'date' ? day(String(row[column.name])) : shortDateTime(value);
  const choice = column.choices?.find((each) => each.value === Number(value));
  return choice?.label ?? String(row[propertyOf(column) + FORMATTED] ?? value);
}

/** A lookup comes as an object with its parts, everything else as the Web API has it. */
function rawOf(column: ColumnModel, row: Row): unknown {
  if (column.type !== 'lookup') return row[column.name] ?? null;
  const [value] = (readValue(column, row) as readonly LookupValue[] | null) ?? [];
  return value ? { Id: { guid: value.id.replaceAll(/[{}]/g, '').toLowerCase() }, Name: value.name, LogicalName: value.entityType } : null;
}
