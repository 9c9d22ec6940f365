// Values of cells to values as both CRMs' columns hold them, and which of them have to be written.
import type { CrmSnapshot, FieldKey, Json } from '../../core/index';

/** Whether what was read holds this value already. */
export function holds(base: CrmSnapshot, field: FieldKey, value: Json): boolean {
  const cell = base.cells[field];
  if (cell?.kind === 'empty') return value === null;
  return cell?.kind === 'value' && JSON.stringify(cell.value) === JSON.stringify(value);
}

/** @param rule the mapping's row: its type, and a column's own values by our words where it is a choice */
export function columnValue({ type, choices }: { readonly type: string; readonly choices?: Readonly<Record<string, string | number>> }, value: Json): unknown {
  if (value === null) return null;
  switch (type) {
    case 'money':
    case 'number':
      return Number(value);
    case 'choice':
      return choices?.[String(value)] ?? null;
    case 'solutions':
      return Array.isArray(value) ? value.join(';') : value;
    default:
      return typeof value === 'object' ? JSON.stringify(value) : value;
  }
}

/** Column, value, and what stands there. A column or value that is `undefined` is none. */
export type Wanted = readonly [string | undefined, unknown, unknown];

/** @param isUpdate of a create nothing stands there */
export const changedColumns = (wanted: readonly Wanted[], isUpdate: boolean): Readonly<Record<string, unknown>> =>
  Object.fromEntries(wanted.filter(([column, value, now]) => column !== undefined && value !== undefined && !(isUpdate && isSame(value, now))).map(([column, value]) => [column, value]));

/** Whole seconds are kept: an instant that differs by less reads back the same. */
function isSame(value: unknown, now: unknown): boolean {
  if (value === now) return true;
  return typeof value === 'string' && typeof now === 'string' && isInstant(value) && isInstant(now) && Math.floor(Date.parse(value) / 1000) === Math.floor(Date.parse(now) / 1000);
}

const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text);
