// A row as the Web API answers it: chosen columns, lookups by `_x_value`, expanded rows, annotations when preferred.
import type { Column, Table } from './metadata/table';
import { isReference, tableNamed, type Cell } from './model';
import type { Shape } from './queryOptions';
import { cellOf, etagOf, referenceId, type Row, type RowStore } from './rowStore';

export interface Viewer {
  readonly store: RowStore;
  readonly annotations: boolean;
  canRead(table: string, column: string): boolean;
}

const FORMATTED = 'OData.Community.Display.V1.FormattedValue';

export function presentRow(viewer: Viewer, table: Table, row: Row, shape: Shape): Record<string, unknown> {
  const chosen = shape.select ? new Set([table.id, ...shape.select]) : undefined;
  const body: Record<string, unknown> = { '@odata.etag': etagOf(row) };
  for (const column of table.columns.values()) {
    if (column.hidden || (chosen && !chosen.has(column.name))) continue;
    // A secured column that the caller may not read arrives empty, not missing; the metadata tells it apart (Learn, column-level security).
    const cell = viewer.canRead(table.name, column.name) ? cellOf(row, column) : null;
    addMember(viewer, body, column, cell, row);
  }
  for (const { navigation, column, table: target, options } of shape.expand) {
    const reference = viewer.canRead(table.name, column) ? row.cells[column] : null;
    const other = isReference(reference) && reference.table === target.name ? viewer.store.get(target.name, reference.id) : undefined;
    body[navigation] = other ? presentRow(viewer, target, other, options) : null;
  }
  return body;
}

function addMember(viewer: Viewer, body: Record<string, unknown>, column: Column, cell: Cell, row: Row): void {
  const name = column.type === 'lookup' ? `_${column.name}_value` : column.name;
  if (viewer.annotations && cell !== null) {
    const formatted = formatCell(viewer.store, column, cell, row);
    if (formatted !== undefined) body[`${name}@${FORMATTED}`] = formatted;
    if (isReference(cell)) {
      body[`${name}@Microsoft.Dynamics.CRM.lookuplogicalname`] = cell.table;
      const navigation = column.navigations?.find((one) => one.table === cell.table)?.name;
      if (navigation) body[`${name}@Microsoft.Dynamics.CRM.associatednavigationproperty`] = navigation;
    }
  }
  body[name] = isReference(cell) ? cell.id : cell;
}

/** The text a user would see; undefined for plain text. */
export function formatCell(store: RowStore, column: Column, cell: Cell, row: Row): string | undefined {
  if (cell === null) return undefined;
  if (isReference(cell)) return nameOf(store, cell.table, cell.id);
  if (column.choices) return column.choices.find((one) => one.value === cell)?.label;
  if (typeof cell === 'boolean') return cell ? 'Yes' : 'No';
  if (column.type === 'money' && typeof cell === 'number') return `${currencySymbol(store, row)}${cell.toLocaleString('en-US', { minimumFractionDigits: 2 })}`;
  if (typeof cell === 'number' && column.type !== 'bigint') return cell.toLocaleString('en-US');
  if (column.type === 'date') return new Date(`${String(cell)}T00:00:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC' });
  if (column.type === 'datetime') return new Date(String(cell)).toLocaleString('en-US', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' }).replace(/\u202f/g, ' ');
  return undefined;
}

export function nameOf(store: RowStore, table: string, id: string): string | undefined {
  const cell = store.get(table, id)?.cells[tableNamed(table).primaryName];
  return typeof cell === 'string' ? cell : undefined;
}

function currencySymbol(store: RowStore, row: Row): string {
  const symbol = store.get('transactioncurrency', referenceId(row.cells.transactioncurrencyid) ?? '')?.cells.currencysymbol;
  return typeof symbol === 'string' ? symbol : '';
}
