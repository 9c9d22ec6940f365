// Readiness: every reason alone, all at once, and what may not be read.
import { describe, expect, test } from '@jest/globals';
import { createValues, dealKind, readiness, type FieldKey, type Json, type ReasonCode } from '../../core/index';
import { crmOf, names } from './sides';

const today = '2026-11-23';
const reach = { firstName: 'Ada', lastName: 'Low', email: 'ada@contoso.example', phone: '+1 555 0100' };
const ready: Readonly<Partial<Record<FieldKey, Json>>> = {
  name: 'Deal', dealValue: '50000', currency: 'USD', closingDate: '2027-01-15', notes: null, solutions: ['SOL-A'], 'customer.name': 'Contoso', 'customer.country': { code: 'US', text: 'United States' },
  'customer.address': { line1: '1 Way', line2: null, city: 'Redmond', state: null, postalCode: null }, 'customer.contact': null, help: null, notesToMicrosoft: null, visibility: null,
};
const judged = (change: Readonly<Partial<Record<FieldKey, Json>>>): string[] => readiness(crmOf({ ...ready, ...change }), today, names.partner).map((each) => `${each.code} ${each.field} ${each.actor}${each.params ? ` ${JSON.stringify(each.params)}` : ''}`);

describe('a deal', () => {
  test('that has everything can be sent, help and a reachable contact included', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ help: 'GeneralOrOther', 'customer.contact': reach })).toEqual([]);
    expect(judged({ help: 'GeneralOrOther', 'customer.contact': reach, visibility: 'visible' })).toEqual([]);
    expect(judged({ closingDate: today, dealValue: '0' })).toEqual([]);
    expect(judged({ solutions: Array.from({ length: 50 }, (_, n) => `S${n}`) })).toEqual([]);
  });

  test.each<[ReasonCode, Readonly<Partial<Record<FieldKey, Json>>>, string]>([
    ['name-missing', { name: ' ' }, 'name-missing name you'],
    ['solution-missing', { solutions: null }, 'solution-missing solutions you'],
    ['solution-missing', { solutions: [] }, 'solution-missing solutions you'],
    ['solutions-too-many', { solutions: Array.from({ length: 51 }, (_, n) => `S${n}`) }, 'solutions-too-many solutions you {"n":51}'],
    ['deal-value-missing', { dealValue: null }, 'deal-value-missing dealValue you'],
    ['currency-unknown', { currency: null }, 'currency-unknown currency you {"system":"Partner Center","code":"–"}'],
    ['closing-date-missing', { closingDate: null }, 'closing-date-missing closingDate you'],
    ['closing-date-past', { closingDate: '2026-11-22' }, 'closing-date-past closingDate you'],
    ['customer-missing', { 'customer.name': null }, 'customer-missing customer.name you'],
    ['customer-country-missing', { 'customer.country': null }, 'customer-country-missing customer.country you'],
    ['customer-country-missing', { 'customer.country': { code: null, text: '  ' } }, 'customer-country-missing customer.country you'],
    ['customer-country-unknown', { 'customer.country': { code: null, text: ' Narnia ' } }, 'customer-country-unknown customer.country you {"value":"Narnia"}'],
    ['customer-address-missing', { 'customer.address': { line1: '1 Way', city: null } }, 'customer-address-missing customer.address you'],
    ['customer-address-missing', { 'customer.address': null }, 'customer-address-missing customer.address you'],
    ['help-needs-visibility', { help: 'GeneralOrOther', 'customer.contact': reach, visibility: 'private' }, 'help-needs-visibility visibility you'],
    ['contact-missing', { help: 'GeneralOrOther' }, 'contact-missing customer.contact you'],
    ['contact-missing', { help: 'GeneralOrOther', 'customer.contact': { ...reach, phone: ' ' } }, 'contact-missing customer.contact you'],
  ])('with only %s wrong says only that', (_code, change, expected) => {
    expect(judged(change)).toEqual([expected]);
  });

  test('hears everything at once', () => {
    const all = judged({ name: null, solutions: null, dealValue: null, closingDate: null, 'customer.country': null, 'customer.address': null, help: 'GeneralOrOther', visibility: 'private' });
    expect(all.map((each) => each.split(' ')[0])).toEqual(['name-missing', 'solution-missing', 'deal-value-missing', 'closing-date-missing', 'customer-country-missing', 'customer-address-missing', 'help-needs-visibility', 'contact-missing']);
  });

  test('without a customer is not asked for the customer’s country and street too', () => {
    expect(judged({ 'customer.name': null, 'customer.country': null, 'customer.address': null })).toEqual(['customer-missing customer.name you']);
  });

  test.each<FieldKey>(['name', 'solutions', 'dealValue', 'currency', 'closingDate', 'customer.name', 'customer.country', 'customer.address', 'help', 'visibility'])('whose %s may not be read is told just that: unreadable is never empty', (field) => {
    const whole = crmOf(ready);
    const reasons = readiness({ ...whole, cells: { ...whole.cells, [field]: { kind: 'unreadable' } } }, today, names.partner);
    expect(reasons).toEqual([{ code: 'field-unreadable', field, actor: 'admin' }]);
  });

  test('minds a contact that may not be read only when Microsoft is asked', () => {
    const whole = crmOf({ ...ready, help: 'GeneralOrOther' });
    const hidden = { ...whole, cells: { ...whole.cells, 'customer.contact': { kind: 'unreadable' } as const } };
    expect(readiness(hidden, today, names.partner).map((each) => each.code)).toEqual(['field-unreadable']);
    expect(readiness({ ...hidden, cells: { ...hidden.cells, help: { kind: 'empty' } } }, today, names.partner)).toEqual([]);
  });
});

test.each<[Json, Json, string | undefined]>([
  [null, null, 'private'], [null, 'private', 'private'], [null, 'visible', 'partnerLed'], ['GeneralOrOther', null, 'coSell'], ['GeneralOrOther', 'visible', 'coSell'], ['GeneralOrOther', 'private', undefined],
])('help %p and visibility %p make the kind %p', (help, visibility, kind) => {
  expect(dealKind(help, visibility)).toBe(kind);
});

test('a create carries canonical values where they are compared later, and whole ones where details are wanted', () => {
  const team = [{ firstName: 'C', lastName: 'D', email: 'C@x.example', phone: null }];
  expect(createValues(crmOf({ ...ready, dealValue: 50_000.005, currency: 'usd', solutions: ['B', 'A'], team, notes: 'x \r\n' }))).toMatchObject({
    dealValue: '50000.01', currency: 'USD', solutions: ['A', 'B'], notes: 'x', team, 'customer.country': { code: 'US', text: 'United States' }, help: null, externalReferenceId: null,
  });
});
