// Money: compared at the coarser of the currency's minor units and the scale of the CRM's column, half up.
import { roundHalfUp, toDecimalText } from './decimal';

/** Fraction digits of a currency (KWD 3, JPY 0); 2 for one that nobody knows. */
export function minorUnits(currency: string | null | undefined): number {
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return 2;
  const known = units.get(currency);
  if (known !== undefined) return known;
  const asked = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  units.set(currency, asked);
  return asked;
}

/** Asking costs more than everything else about an amount; three letters make the map's end. */
const units = new Map<string, number>();

/** Fraction digits that the CRM's amount column holds: its own, or those of each currency (ISO code) where the currency decides. */
export type MoneyScale = number | Readonly<Record<string, number>>;

/**
 * Canonical amount as decimal text without trailing zeros; `null` when empty.
 * @param crmScale without it, or for a currency that it does not name, the currency's own digits count
 */
export function canonicalMoney(value: unknown, currency: string | null | undefined, crmScale: MoneyScale | undefined): string | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const decimal = toDecimalText(value);
  if (decimal === undefined) return null;
  const digits = minorUnits(currency);
  const held = typeof crmScale === 'object' ? crmScale[currency ?? ''] : crmScale;
  return roundHalfUp(decimal, held === undefined ? digits : Math.min(digits, held));
}
