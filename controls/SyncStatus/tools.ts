// What the mapper needs to speak to this user: words, times, amounts, and the names of fields.
import { createMoments, type Moments } from '../shared/moments';
import { createWords, type Words } from '../shared/words';
import type { Events, Inputs } from './inputs';

export interface Tools extends Moments {
  readonly words: Words;
  readonly formatting: ComponentFramework.Formatting;
  /** @param currency ISO code; without it the currency is the record's own. One that nobody knows is never guessed: the number then stands alone */
  money(value: number, currency?: unknown): string;
  /** A field by our word, a customer's own column by its own name. */
  fieldName(field: string): string;
  /** A code of the service, or a system's name as it gives it, in the seller's words. */
  translate(code: unknown): string;
}

/** The CRM that this control lives in: a product's name, the same in every language. */
export const crm = 'Dynamics 365';
export const partner = 'Partner Center';
/** Stands for what is not there. */
export const NONE = '–';

type Context = Pick<ComponentFramework.Context<Inputs, Events>, 'resources' | 'userSettings' | 'formatting' | 'parameters'>;

/** @param now milliseconds */
export function createTools(context: Context, now: number): Tools {
  const { formatting, parameters: { dealValue } } = context;
  const words = createWords(context.resources);
  // The record's own amount (`$485,000.00`) tells its currency's symbol and decimal places.
  const own = dealValue?.formatted ?? '';
  const symbol = own.replace(/[\d.,\s'’\u2212()-]/g, '');
  const places = own.split(context.userSettings.numberFormattingInfo.currencyDecimalSeparator)[1]?.replace(/\D/g, '').length;
  const plain = (value: number): string => formatting.formatDecimal(value, value % 1 ? 2 : 0);
  return {
    ...createMoments(context, now), words, formatting,
    money: (value, currency) => (currency ? `${plain(value)} ${currency}` : symbol ? formatting.formatCurrency(value, places ?? 0, symbol) : plain(value)),
    fieldName: (field) => words(`field.${field}`) || field.replace('custom:', ''),
    translate: (code) => words(`code.${code}`) || String(code),
  };
}
