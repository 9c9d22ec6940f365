// Canonical forms: what different systems write for one value comes down to one value, and different values never do.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonical, canonicalDate, canonicalMoney, canonicalSet, canonicalText, cutText, dateToInstant, decodeEntities, instantToDate, mergeSets, minorUnits, roundHalfUp, sameValue, sayTheSame, stable, toDecimalText,
  type Cell, type FieldKey, type Json,
} from '../../core/index';
import { cellsOf } from './sides';

describe('a decimal', () => {
  test.each<[number | string, string | undefined]>([
    [0.1 + 0.2, '0.30000000000000004'], [10_000, '10000'], ['10000', '10000'], ['10000.00', '10000'], [' 0010.50 ', '10.5'], ['+5', '5'], ['.5', '0.5'], ['5.', '5'], ['-0.00', '0'], [-0, '0'],
    [1e21, '1000000000000000000000'], ['1.5e3', '1500'], ['1e-7', '0.0000001'], [1.5e-7, '0.00000015'], ['-12.340', '-12.34'], ['123456789012345678901234.5', '123456789012345678901234.5'],
    ['', undefined], ['.', undefined], ['-', undefined], ['1,000', undefined], ['12 USD', undefined], ['much', undefined], ['1e', undefined], [NaN, undefined], [Infinity, undefined],
  ])('%p is %p', (value, text) => {
    expect(toDecimalText(value)).toBe(text);
  });

  test.each([
    ['0.5', 0, '1'], ['1.5', 0, '2'], ['2.5', 0, '3'], ['-0.5', 0, '-1'], ['-2.5', 0, '-3'], ['-2.4', 0, '-2'], ['-0.004', 2, '0'], ['1.005', 2, '1.01'], ['2.675', 2, '2.68'], ['9.999', 2, '10'], ['-9.995', 2, '-10'],
    ['0.30000000000000004', 2, '0.3'], ['10', 2, '10'], ['1.2345', 3, '1.235'], ['0.0004', 3, '0'], ['999999999999999999999.995', 2, '1000000000000000000000'],
  ])('%s at %i digits is %s', (text, scale, rounded) => {
    expect(roundHalfUp(text, scale)).toBe(rounded);
  });

  test('is rounded once only: rounding what is rounded changes nothing', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat({ max: 6 }), fc.nat({ max: 4 }), (digits, point, scale) => {
      const once = roundHalfUp(toDecimalText(`${digits}e-${point}`)!, scale);
      expect(roundHalfUp(once, scale)).toBe(once);
      expect(toDecimalText(once)).toBe(once);
    }), { numRuns: 200 });
  });
});

describe('money', () => {
  test.each([['USD', 2], ['JPY', 0], ['KWD', 3], ['KRW', 0], ['BHD', 3], ['EUR', 2], ['CLF', 4], [null, 2], [undefined, 2], ['usd', 2], ['ZZZ', 2], ['no code', 2]])('in %s has %i digits', (currency, units) => {
    expect(minorUnits(currency)).toBe(units);
  });

  test.each<[Json, string | null, number | undefined, string | null]>([
    ['10000', 'USD', 2, '10000'], [10_000, 'USD', 2, '10000'], [0.1 + 0.2, 'USD', 2, '0.3'], ['1.2345', 'KWD', 4, '1.235'], ['1.2345', 'KWD', 2, '1.23'], ['100.5', 'JPY', 2, '101'], ['-100.5', 'JPY', 2, '-101'],
    ['10.56', 'USD', 0, '11'], ['10.56', 'USD', 1, '10.6'], ['10.567', 'USD', undefined, '10.57'], [1e21, 'USD', 2, '1000000000000000000000'], [0, 'USD', 2, '0'], [null, 'USD', 2, null], ['much', 'USD', 2, null], [true, 'USD', 2, null],
  ])('%p in %s at a column of %p digits is %p', (value, currency, scale, text) => {
    expect(canonicalMoney(value, currency, scale)).toBe(text);
  });

  test.each<[Json, string, string]>([['1.2345', 'KWD', '1.235'], ['10.55', 'USD', '10.6'], ['10.55', 'EUR', '10.55'], ['10.55', 'JPY', '11']])('%p %s keeps its own digits, whatever currency the other side has: %p', (value, currency, text) => {
    expect(canonicalMoney(value, currency, { USD: 1, KWD: 3, JPY: 0 })).toBe(text);
  });
});

describe('a closing date', () => {
  test.each([
    ['2026-12-31T23:30:00Z', 'UTC', '2026-12-31'], ['2026-12-31T23:30:00Z', 'Asia/Shanghai', '2027-01-01'], ['2026-12-31T23:30:00Z', 'Pacific/Kiritimati', '2027-01-01'], ['2026-12-31T23:30:00Z', 'America/Los_Angeles', '2026-12-31'],
    ['2027-01-01T04:30:00Z', 'America/New_York', '2026-12-31'], ['2026-12-31T16:00:00.0000000Z', 'Asia/Shanghai', '2027-01-01'], ['2026-12-31T15:59:59.999Z', 'Asia/Shanghai', '2026-12-31'], ['2026-12-31T18:29:00Z', 'Asia/Kolkata', '2026-12-31'],
    ['soon', 'UTC', null], ['', 'UTC', null],
  ])('%s in %s is %p', (instant, zone, day) => {
    expect(instantToDate(instant, zone)).toBe(day);
  });

  test.each([
    ['2027-01-01', 'UTC', '2027-01-01T00:00:00Z'], ['2027-01-01', 'Asia/Shanghai', '2026-12-31T16:00:00Z'], ['2026-12-31', 'America/Los_Angeles', '2026-12-31T08:00:00Z'], ['2026-12-31', 'Pacific/Kiritimati', '2026-12-30T10:00:00Z'], ['2026-07-01', 'Asia/Kolkata', '2026-06-30T18:30:00Z'],
    // The clock jumps over midnight: the day begins at 01:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'], ['1940-06-01', 'Asia/Shanghai', '1940-05-31T16:00:00Z'], ['1986-05-04', 'Asia/Shanghai', '1986-05-03T16:00:00Z'], ['2024-04-26', 'Africa/Cairo', '2024-04-25T22:00:00Z'], ['2019-03-31', 'Asia/Beirut', '2019-03-30T22:00:00Z'],
    // The clock goes back over midnight, or into its first hour: the first of the two.
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00Z'], ['2018-11-04', 'America/Havana', '2018-11-04T04:00:00Z'], ['2018-10-28', 'Atlantic/Azores', '2018-10-28T00:00:00Z'],
    // A day that never was begins with the day after it.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z'], ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00Z'], ['2011-12-29', 'Pacific/Apia', '2011-12-29T10:00:00Z'],
  ])('%s begins in %s at %s', (day, zone, instant) => {
    expect(dateToInstant(day, zone)).toBe(instant);
  });

  test('that no calendar has does not hang the run', () => {
    expect(dateToInstant('2026-02-30', 'UTC')).toBe('2026-03-02T00:00:00Z');
    expect(() => dateToInstant('2026-13-01', 'UTC')).toThrow(RangeError);
  });

  test('comes back as the same day from wherever it was sent', () => {
    const zones = fc.constantFrom('UTC', 'America/Sao_Paulo', 'Asia/Shanghai', 'Pacific/Apia', 'Pacific/Kiritimati', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Tehran', 'America/Havana');
    const days = fc.integer({ min: Date.UTC(1975, 0, 1) / 86_400_000, max: Date.UTC(2050, 0, 1) / 86_400_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    fc.assert(fc.property(days, zones, (day, zone) => {
      fc.pre(!(day === '2011-12-30' && zone === 'Pacific/Apia') && !(zone === 'Pacific/Kiritimati' && /^199[45]-(12-31|01-01)$/.test(day)));
      const instant = dateToInstant(day, zone);
      expect(instantToDate(instant, zone)).toBe(day);
      expect(instantToDate(new Date(Date.parse(instant) - 1).toISOString(), zone)! < day).toBe(true);
    }), { numRuns: 300 });
  });

  test.each<[unknown, string | null]>([['2027-01-15', '2027-01-15'], ['2027-01-15T00:00:00Z', '2027-01-15'], ['15.1.2027', null], ['', null], [20270115, null], [null, null]])('written as %p is the day %p', (value, day) => {
    expect(canonicalDate(value)).toBe(day);
  });
});

describe('a text', () => {
  test.each<[unknown, string | null]>([
    ['a \r\n', 'a'], ['a\r\nb\rc\n', 'a\nb\nc'], ['  a', '  a'], [' \t\r\n', null], ['', null], ['a\u00a0', 'a'], ['Tom &amp; Jerry', 'Tom &amp; Jerry'], ['Grüße 🎉', 'Grüße 🎉'], [`${'x'.repeat(2000)}\n`, 'x'.repeat(2000)], [5, null], [null, null],
  ])('loses line-end differences and what is blank at its end, nothing else (%#)', (value, text) => {
    expect(canonicalText(value)).toBe(text);
  });

  test('of a hundred thousand blanks is read at once', () => {
    const started = performance.now();
    expect(canonicalText(`a${' '.repeat(300_000)}b`)).toHaveLength(300_002);
    expect(performance.now() - started).toBeLessThan(5_000); // quadratic, it would be minutes
  });

  test.each([
    ['Tom & Jerry', 'Tom &amp; Jerry', true], ['a < b', 'a &lt; b', true], ['it&#39;s', "it's", true], ['a\n b', 'a b ', true], ['café', 'cafe\u0301', true], ['a\u00a0b', 'a b', true], ['a', 'A', false], ['a b', 'ab', false], ['🎉', '', false], ['a & b', 'a &amp;amp; b', false],
  ])('%p and %p say the same: %p', (a, b, same) => {
    expect([sayTheSame(a, b), sayTheSame(b, a)]).toEqual([same, same]);
  });

  test('is decoded one round only', () => {
    expect(decodeEntities('&amp;lt; &quot;a&quot; &apos;b&#39; &nbsp;')).toBe('&lt; "a" \'b\' &nbsp;');
  });

  test.each([['abc', 3, 'abc'], ['abcd', 3, 'abc…'], ['ab🎉cd', 3, 'ab…'], ['ab🎉cd', 4, 'ab🎉…'], ['🎉', 2, '🎉'], ['', 3, ''], ['abc', Infinity, 'abc']])('%p cut at %p is %p, never half a character', (text, max, cut) => {
    expect(cutText(text, max)).toBe(cut);
  });
});

describe('a set', () => {
  test('has no order, doubles or blanks', () => {
    expect(canonicalSet([' b', 'a', 'b ', '', '  ', 'a'])).toEqual(['a', 'b']);
  });

  test.each([
    [['a', 'b'], ['a', 'b', 'x'], ['a', 'b', 'y'], ['a', 'b', 'x', 'y']], [['a', 'b'], ['a'], ['a', 'b', 'y'], ['a', 'y']], [['a', 'b'], ['a'], ['b'], []], [[], ['a'], ['b'], ['a', 'b']], [['a'], [], [], []], [['a'], ['a'], ['a'], ['a']],
  ])('agreed %p, here %p, there %p, is merged to %p', (agreed, crm, partner, merged) => {
    expect(mergeSets(agreed, crm, partner)).toEqual(merged);
    expect(mergeSets(agreed, partner, crm)).toEqual(merged);
  });
});

describe('the canonical value of a cell', () => {
  const at = (field: FieldKey, cell: Cell | undefined): Json | undefined => canonical(field, { currency: { kind: 'value', value: 'usd' }, ...(cell ? { [field]: cell } : {}) }, { moneyScale: 2 });

  test.each<[FieldKey, Json, Json]>([
    ['dealValue', '60000.000', '60000'], ['currency', 'usd', 'USD'], ['solutions', ['b', 'a', 'a'], ['a', 'b']], ['solutions', [], null], ['solutions', 'a;b', null], ['team', [{ email: 'B@x.example' }, { email: 'a@x.example' }, { email: null }, 'A@X.example'], ['a@x.example', 'b@x.example']],
    ['customer.country', { code: 'US', text: 'United States' }, 'US'], ['customer.country', { code: null, text: 'Narnia ' }, 'Narnia'], ['customer.country', { code: null, text: null }, null],
    ['customer.address', { line1: ' 1 Way ', line2: '', city: 'Redmond', more: 1 }, { line1: ' 1 Way', line2: null, city: 'Redmond', state: null, postalCode: null }], ['customer.address', { line1: '', city: null }, null],
    ['customer.contact', { firstName: 'A', lastName: 'B', email: 'a@x.example', phone: '1 ' }, { firstName: 'A', lastName: 'B', email: 'a@x.example', phone: '1' }], ['status', 'Won', 'Won'], ['help', ' ', null], ['custom:new_column', 'x \r\n', 'x'],
  ])('%s from %p is %p', (field, value, expected) => {
    expect(at(field, { kind: 'value', value })).toEqual(expected);
  });

  test('tells empty, unreadable and unmapped apart, and reads what is computed', () => {
    expect(at('notes', { kind: 'empty' })).toBeNull();
    expect(at('notes', { kind: 'unreadable' })).toBeUndefined();
    expect(at('notes', undefined)).toBeUndefined();
    expect(at('dealValue', { kind: 'computed', value: '5.005' })).toBe('5.01');
  });

  test('is its own canonical value', () => {
    const fields = fc.constantFrom<FieldKey>('notes', 'dealValue', 'currency', 'closingDate', 'solutions', 'status');
    fc.assert(fc.property(fields, fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.array(fc.string()), fc.constant(null)), (field, value) => {
      const once = canonical(field, cellsOf({ [field]: value as Json }), { moneyScale: 2 }) ?? null;
      expect(canonical(field, cellsOf({ [field]: once }), { moneyScale: 2 }) ?? null).toEqual(once);
    }), { numRuns: 300 });
  });
});

test('values are compared by what they hold, not by the order of members', () => {
  expect(sameValue({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(sameValue([1, 2], [2, 1])).toBe(false);
  expect(sameValue(undefined, null)).toBe(false);
  expect(sameValue('1', 1)).toBe(false);
  expect(stable({ b: 1, a: [true] })).toBe('{"a":[true],"b":1}');
});
