// Values of fields as a seller reads them, from the raw ones in details and audit.
import type { Value } from '../shared/details';
import { noon } from '../shared/moments';
import { NONE, type Tools } from './tools';

/** @param currency ISO code of an amount, where it is not the record's own */
export function showValue({ money, date, translate }: Tools, field: string, value: Value, currency?: unknown): string {
  const text = [value].flat().join(', ');
  if (!text) return NONE;
  if (field === 'dealValue' && isFinite(+text)) return money(+text, currency);
  if (field === 'closingDate' && +noon(text)) return date(text);
  return /^(help|visibility|status)$/.test(field) ? translate(text) : text;
}
