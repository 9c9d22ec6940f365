// A change to the columns that a PATCH carries: only those that differ from what was read.
import { reason, type CrmSnapshot, type FieldKey, type Json, type Reason, type Values } from '../../../core/index';
import type { Presentation } from '../../ports/crm';
import { changedColumns, columnValue, holds, type Wanted } from '../columnValues';
import type { Row } from './dataverseClient';
import type { MappedKind, MappingRow, MappingTable } from './mapping';
import { auditColumn, choiceOf, serviceColumns, statusWords } from './serviceColumns';
import type { Currency } from './tableFacts';

export type Columns = { readonly type: 'columns'; readonly columns: Row } | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

export interface ColumnContext {
  readonly kind: MappedKind;
  readonly table: MappingTable;
  readonly displayName: string;
  readonly currencies: readonly Currency[];
}

/** @param base what was read; without it (a create) every column is carried */
export function changeToColumns(values: Values, present: Presentation, context: ColumnContext, base?: CrmSnapshot): Columns {
  const columns: Record<string, unknown> = {};
  const reasons: Reason[] = [];
  for (const [field, value] of Object.entries(values) as [FieldKey, Json][]) {
    const rule = context.table.rows.find((row) => row.field === field);
    if (!rule || !isWritable(rule) || (base && holds(base, field, value))) continue;
    if (rule.type === 'currency') bindCurrency(rule, value, context, columns, reasons);
    else columns[rule.columns.value ?? ''] = columnValue(rule, value);
  }
  if (reasons.length > 0) return { type: 'refused', reasons };
  return { type: 'columns', columns: { ...columns, ...presentationColumns(present, context.kind, base) } };
}

/** State is changed by Win, Lose and reopening; what lives on other records and what the platform gives is not written here. */
const isWritable = (rule: MappingRow): boolean =>
  rule.direction !== 'toPartner' && rule.type !== 'state' && rule.type !== 'recordId' && (rule.type === 'currency' || (rule.party === undefined && rule.columns.value !== undefined));

function bindCurrency(rule: MappingRow, value: Json, context: ColumnContext, columns: Record<string, unknown>, reasons: Reason[]): void {
  const path = context.table.parties.currency?.through[0];
  const known = context.currencies.find((each) => each.code === value);
  if (path && value === null) columns[`${path.expand}@odata.bind`] = null;
  else if (path && known) columns[`${path.expand}@odata.bind`] = `/transactioncurrencies(${known.id})`;
  else reasons.push(reason('currency-unknown', rule.field, { system: context.displayName, code: String(value) }));
}

function presentationColumns(present: Presentation, kind: MappedKind, base: CrmSnapshot | undefined): Row {
  const names = serviceColumns(kind);
  const { status, audit, sync, clear = [], ...texts } = present;
  return changedColumns([
    ...(Object.entries(texts) as [keyof typeof texts, string | null | undefined][]).map(([name, value]): Wanted => [names[name], value, base?.shown[name] ?? null]),
    [names.status, status && choiceOf(statusWords, status), status && base ? choiceOf(statusWords, base.shown.status) : null],
    [names.sync, sync, base?.control.sync],
    [names.requestedAction, clear.includes('requestedAction') ? null : undefined, base?.control.requestedAction ?? null],
    [names.choices, clear.includes('choices') ? null : undefined, base?.control.choices ?? null],
    [auditColumn, audit, undefined],
  ], base !== undefined);
}
