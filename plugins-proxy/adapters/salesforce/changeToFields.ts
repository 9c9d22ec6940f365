// A change to the fields that a PATCH carries: only those that differ from what was read.
import { reason, type CrmSnapshot, type FieldKey, type Json, type Reason, type Values } from '../../../core/index';
import type { Presentation } from '../../ports/crm';
import { changedColumns, columnValue, holds, type Wanted } from '../columnValues';
import { DISPLAY_NAME } from './failures';
import type { MappingRow } from './mapping';
import { statusValues } from './packageFields';
import type { RecordContext } from './recordToSnapshot';
import type { Row } from './salesforceClient';

export type Fields =
  | {
    readonly type: 'fields';
    readonly fields: Row;
    /** Whether a seller may have changed one of these meanwhile: the rest only the service writes. */
    readonly touchesSeller: boolean;
  }
  | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** @param base what was read; without it (a create) every field is carried */
export function changeToFields(values: Values, present: Presentation, context: RecordContext, base?: CrmSnapshot): Fields {
  const fields: Record<string, unknown> = {};
  const reasons: Reason[] = [];
  for (const [field, value] of Object.entries(values) as [FieldKey, Json][]) {
    const rule = context.table.rows.find((row) => row.field === field);
    if (!rule || !isWritable(rule) || (base && holds(base, field, value))) continue;
    if (rule.type === 'currency') writeCurrency(rule, value, context, fields, reasons);
    else fields[rule.columns.value ?? ''] = columnValue(rule, value);
  }
  if (reasons.length > 0) return { type: 'refused', reasons };
  const asked = requestFields(present, context, base);
  const shown = shownFields(present, context, base);
  return { type: 'fields', fields: { ...fields, ...asked, ...shown }, touchesSeller: Object.keys({ ...fields, ...asked }).length > 0 };
}

/** The stage is closing's; what lives on other records and what the platform gives is not written here. */
const isWritable = (rule: MappingRow): boolean => rule.direction !== 'toPartner' && rule.party === undefined && rule.type !== 'state' && rule.type !== 'recordId' && rule.columns.value !== undefined;

/** Without several currencies there is one, and nothing to write. */
function writeCurrency(rule: MappingRow, value: Json, { facts, table, currency }: RecordContext, fields: Record<string, unknown>, reasons: Reason[]): void {
  const column = rule.columns.value ?? '';
  const isThere = facts.object(table.set)?.has(column) === true;
  const isKnown = isThere ? facts.currencies?.some((each) => each.code === value) : currency === value;
  if (!isKnown) reasons.push(reason('currency-unknown', rule.field, { system: DISPLAY_NAME, code: String(value) }));
  else if (isThere) fields[column] = value;
}

/** The flag, and what the seller asked for once it is carried out: both are theirs to change. */
function requestFields({ sync, clear = [] }: Presentation, { fields, kind }: RecordContext, base: CrmSnapshot | undefined): Row {
  const names = fields.service(kind);
  return changedColumns([
    [names.sync, sync, base?.control.sync],
    [names.requestedAction, clear.includes('requestedAction') ? null : undefined, base?.control.requestedAction ?? null],
    [names.choices, clear.includes('choices') ? null : undefined, base?.control.choices ?? null],
  ], base !== undefined);
}

function shownFields(present: Presentation, { fields, kind }: RecordContext, base: CrmSnapshot | undefined): Row {
  const names = fields.service(kind);
  const { status, audit, sync: _sync, clear: _clear, ...texts } = present;
  return changedColumns([
    ...(Object.entries(texts) as [keyof typeof texts, string | null | undefined][]).map(([name, value]): Wanted => [names[name], value, base?.shown[name] ?? null]),
    [names.status, status && statusValues[status], base?.shown.status ? statusValues[base.shown.status as keyof typeof statusValues] : null],
    [fields.audit, audit, undefined],
  ], base !== undefined);
}
