// Dates, times and amounts as a seller reads them: in their own time zone, pattern and currency.
import { describe, expect, test } from '@jest/globals';
import { momentsFor, now, toolsFor } from '../kit/controls/controlTools';

const at = Date.parse('2026-11-23T18:42:05Z');

describe('a moment', () => {
  test('is told by the user’s clock, not the browser’s', () => {
    expect(momentsFor({ offset: -480 }).time(at)).toBe('10:42 AM');
    expect(momentsFor({ offset: 480, language: 2052 }).time(at)).toBe('2:42');
  });

  test('belongs to the user’s day, on either side of midnight', () => {
    expect(momentsFor({ offset: -480 }).dayOf(at)).toBe('2026-11-23');
    expect(momentsFor({ offset: 480 }).dayOf(at)).toBe('2026-11-24');
  });

  test('of today is a time, of another day a date', () => {
    const moments = momentsFor();
    expect(moments.brief('2026-11-23T18:42:05Z')).toBe('10:42 AM');
    expect(moments.brief('2026-11-22T18:42:05Z')).toBe('11/22/2026');
    expect(moments.brief(now)).toBe('10:42 AM');
  });

  test.each([[undefined], [null], [''], ['soon'], [NaN]])('that is none (%s) is an empty text', (value) => {
    expect(momentsFor().brief(value)).toBe('');
  });

  test('without a time stays the calendar day that it is, in every zone', () => {
    for (const offset of [-720, -480, 0, 480, 780]) expect(momentsFor({ offset }).date('2027-03-31')).toBe('3/31/2027');
  });
});

describe('an amount', () => {
  const money = (formatted: string | undefined, value: number, currency?: string): string => toolsFor({ dealValue: { raw: 1, ...(formatted === undefined ? {} : { formatted }) } }).money(value, currency);

  test.each([['$485,000.00', '$1,234.50'], ['¥485,000', '¥1,235'], ['CA$485,000.00', 'CA$1,234.50'], ['485,000.00 kr', 'kr1,234.50'], ['-€1.50', '€1,234.50'], ['(US$485,000.00)', 'US$1,234.50']])('stands in the record’s own currency, with its decimal places (%s)', (own, shown) => {
    expect(money(own, 1234.5)).toBe(shown);
  });

  test('stands alone where nobody knows its currency', () => {
    expect([money(undefined, 1234.5), money('', 1234), money('485,000.00', 1234)]).toEqual(['1,234.50', '1,234', '1,234']);
  });

  test('of another currency is named by its code, never by the record’s symbol', () => {
    expect([money('$485,000.00', 60_000, 'EUR'), money('$485,000.00', 60_000.5, 'CAD')]).toEqual(['60,000 EUR', '60,000.50 CAD']);
  });
});
