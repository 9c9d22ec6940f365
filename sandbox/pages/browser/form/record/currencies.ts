// Opportunity form: the currencies of the environment, read once for a page, for writing amounts as their currency does.
import { bareId, type LookupValue, type Value } from './values';
import { readRows } from './webApi';

export interface Currency {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly digits: number;
}

let known: readonly Currency[] = [];

export async function loadCurrencies(): Promise<readonly Currency[]> {
  const rows = await readRows('transactioncurrencies?$select=currencyname,isocurrencycode,currencyprecision&$orderby=currencyname');
  known = rows.map((row) => ({ id: String(row.transactioncurrencyid), name: String(row.currencyname), code: String(row.isocurrencycode), digits: Number(row.currencyprecision) }));
  return known;
}

/** Dollars until the record names another. */
export function currencyOf(value: Value): Pick<Currency, 'code' | 'digits'> {
  const id = bareId((value as readonly LookupValue[] | null)?.[0]?.id ?? '');
  return known.find((each) => each.id === id) ?? { code: 'USD', digits: 2 };
}

export const dollars = (): Currency | undefined => known.find(({ code }) => code === 'USD');
