// Opportunity form: a value as a seller reads it.
import type { ColumnModel } from '../../../dynamics/tableModel';
import type { FormSession } from '../record/session';
import { calendarDay, type LookupValue, type Value } from '../record/values';
import { currencyOf } from '../record/currencies';
import { day, locale, money, shortDateTime } from '../../words';

export function formatValue(column: ColumnModel, value: Value, session: FormSession): string {
  if (value === null) return '';
  if (Array.isArray(value)) return (value as readonly LookupValue[])[0]?.name ?? '';
  if (value instanceof Date) return column.type === 'date' ? day(calendarDay(value)) : shortDateTime(value);
  const choice = column.choices?.find((each) => each.value === Number(value));
  if (choice) return choice.label;
  if (column.type === 'money') return moneyText(Number(value), session);
  return typeof value === 'number' ? new Intl.NumberFormat(locale()).format(value) : String(value);
}

function moneyText(value: number, session: FormSession): string {
  const { code, digits } = currencyOf(session.attributes.get('transactioncurrencyid')?.value ?? null);
  return money(value, code, digits);
}
