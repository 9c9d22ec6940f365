// The pages of the try-out, in the browser: their words in the reader's language, and numbers and dates as that reader writes them.
import en from '../words/en.json' with { type: 'json' };
import zh from '../words/zh.json' with { type: 'json' };
import { readSettings } from './settings';

export type WordKey = keyof typeof en;
type Given = Readonly<Record<string, string | number>>;

export const locale = (): string => (readSettings().language === 'zh' ? 'zh-CN' : 'en-US');

/** The sentence of a key, its braces filled; the key itself when there is none, so that a gap is seen. */
export function say(key: WordKey, given: Given = {}): string {
  const words: Readonly<Record<string, string>> = readSettings().language === 'zh' ? zh : en;
  return (words[key] ?? key).replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole));
}

/** For keys that come as data, such as a step of a trip. */
export const sayAny = (key: string, given?: Given): string => say(key as WordKey, given);

export const hasWord = (key: string): key is WordKey => key in en;

/** "A, B, C" in the reader's language. */
export const sayList = (items: readonly string[]): string => items.join(readSettings().language === 'zh' ? '、' : ', ');

export const money = (value: number, currency: string, digits?: number): string =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...(digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, 2) }) }).format(value);

/** A calendar date, `YYYY-MM-DD`, that belongs to no time zone. */
export const day = (date: string, style: 'short' | 'medium' | 'long' = 'short'): string =>
  new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...(style === 'short' ? { year: 'numeric', month: 'numeric', day: 'numeric' } : { dateStyle: style }) }).format(new Date(`${date.slice(0, 10)}T00:00:00Z`));

/** A date as the platform writes it short, with the whole year. */
export const shortDate = (date: Date): string => new Intl.DateTimeFormat(locale(), { year: 'numeric', month: 'numeric', day: 'numeric' }).format(date);

/** Date and time with a blank between them, as the platform joins its patterns. */
export const shortDateTime = (date: Date): string => `${shortDate(date)} ${new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' }).format(date)}`;

export const clock = (at: number): string => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/** "2 min ago", "yesterday". @param at milliseconds */
export function ago(at: number, now = Date.now()): string {
  const seconds = Math.max(0, (now - at) / 1_000);
  if (seconds < 10) return say('time.now');
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  if (seconds < 60) return format.format(-Math.round(seconds), 'second');
  if (seconds < 3_600) return format.format(-Math.round(seconds / 60), 'minute');
  return seconds < 86_400 ? format.format(-Math.round(seconds / 3_600), 'hour') : format.format(-Math.round(seconds / 86_400), 'day');
}

/** Days that are begun until then. */
export const daysUntil = (iso: string, now = Date.now()): number => Math.max(0, Math.ceil((Date.parse(iso) - now) / 86_400_000));
