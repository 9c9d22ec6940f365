// Reasons: who acts, what to do, and the door to the very field.
import { describe, expect, test } from '@jest/globals';
import { reasonActors, standardFieldKeys, type FieldKey, type ReasonCode } from '../../core/browser';
import { reason } from '../../core/status';
import type { Given } from '../kit/controls/hostContext';
import { statusOf } from '../kit/controls/controlTools';
import { statusSituations as s } from '../kit/controls/situations';

const rowsOf = (reasons: readonly object[], values: Readonly<Record<string, Given>> = {}, language: 1033 | 2052 = 1033) => statusOf({ values: { status: 481_200_003, details: JSON.stringify({ reasons }), ...values } }, { language }).reasons;
const rowOf = (code: ReasonCode, field?: FieldKey, params?: Record<string, string | number>, values: Readonly<Record<string, Given>> = {}) => rowsOf([reason(code, field, params)], values)[0]!;
const account = { customer: [{ id: 'a1', name: 'Adventure Works', entityType: 'account' }] };

describe('a reason', () => {
  test('says what is wrong, what to do, and who acts', () => {
    const { what, todo, actor, door } = rowOf('solution-unknown', 'solutions', { id: 'SOL-99104-XYZ' });
    expect([what, todo, actor, door]).toEqual(['Partner Center does not know SOL-99104-XYZ.', 'Remove it or pick the solution from the list.', 'you', 'Go to Products']);
  });

  test.each(Object.keys(reasonActors) as ReasonCode[])('%s is a sentence in both languages', (code) => {
    const params = { n: 3, id: 'SOL-1', value: 'Atlantis', system: 'Partner Center', code: 'XXX', max: 100, status: 'Closed/Won', name: 'Other deal', role: 'Role', row: 'Row', message: 'no', when: '2026-11-23T18:47:00Z' };
    for (const language of [1033, 2052] as const) {
      const [row] = rowsOf([{ ...reason(code, 'dealValue'), params }], {}, language);
      expect(row!.what).not.toBe('');
      expect(`${row!.what}${row!.todo}`).not.toMatch(/[{}…]|Closed|undefined|null|NaN|2026-/);
    }
  });

  test('that nobody knows yet is passed on to the admin with its reference, and the others stay', () => {
    const rows = rowsOf([{ code: 'a-code-from-tomorrow', field: 'closingDate', actor: 'you' }, reason('name-missing', 'name')]);
    expect(rows.map((row) => `${row.what} ${row.todo}`)).toEqual(['Something is missing. Ask your admin; reference a-code-from-tomorrow.', 'The opportunity has no name. Enter a topic.']);
  });

  test('of an unknown actor waits for the admin', () => {
    expect(rowsOf([{ code: 'name-missing', actor: 'somebody' }])[0]!.actor).toBe('admin');
  });

  test('that lacks a value still is a sentence', () => {
    expect(rowOf('solution-unknown', 'solutions').what).toBe('Partner Center does not know …');
  });

  test('tells a closed referral’s status in words', () => {
    expect(rowOf('referral-terminal', 'status', { status: 'Closed/Won' }).what).toBe('The referral is closed (Won) and takes no more changes.');
  });
});

describe('the order', () => {
  test('is the seller’s own first, then the admin’s, then what is tried again; within, the service’s', () => {
    const rows = rowsOf([reason('throttled'), reason('referral-gone'), reason('solution-missing', 'solutions'), reason('sign-in-expired'), reason('name-missing', 'name')]);
    expect(rows.map((row) => row.code)).toEqual(['solution-missing', 'name-missing', 'referral-gone', 'sign-in-expired', 'throttled']);
  });
});

describe('the door', () => {
  test.each(standardFieldKeys.filter((key) => !['status', 'externalReferenceId'].includes(key)))('leads to %s', (field) => {
    expect([rowOf('text-too-long', field).door, rowOf('text-too-long', field).field]).toEqual([expect.stringMatching(/^Go to ./), field]);
  });

  test('to a field on the account opens the account by its name', () => {
    expect(rowOf('customer-country-missing', 'customer.country', {}, account).door).toBe('Open Adventure Works');
    expect(rowOf('customer-address-missing', 'customer.address', {}, account).door).toBe('Open Adventure Works');
    expect(rowOf('contact-missing', 'customer.contact', {}, account).door).toBe('Go to Customer contact');
    expect(rowOf('customer-country-missing', 'customer.country').door).toBe('Go to Customer country');
  });

  test('to several accounts asks to choose one', () => {
    expect(rowOf('account-ambiguous', 'customer.name', { n: 3 }).door).toBe('Choose account');
  });

  test('of a fixed field puts the shared value back; where that is not told, it leads to the field', () => {
    const [told, untold] = [rowOf('frozen-field-changed', 'name', { shared: 'As shared' }), rowOf('frozen-field-changed', 'name')];
    expect([told.door, told.isUndo, untold.door, untold.isUndo]).toEqual(['Put back the shared value', true, 'Go to Name', false]);
    expect(rowOf('frozen-field-changed', 'notesToMicrosoft', { shared: '' }).isUndo).toBe(true);
  });

  test('is not offered where there is nothing to go to', () => {
    expect([rowOf('referral-terminal', 'status', { status: 'Closed/Won' }), rowOf('sign-in-expired'), rowOf('field-refused', 'notes'), rowOf('remote-down')].map((row) => row.door || '')).toEqual(['', '', '', '']);
  });

  test('knows a customer’s own column by its name', () => {
    expect(rowOf('text-too-long', 'custom:new_region').door).toBe('Go to new_region');
  });
});

describe('a reason is mended by what the form shows before it is saved', () => {
  const before = { topic: null, customer: [], contact: [], products: null, dealValue: { raw: null }, closingDate: null, help: null, visibility: null };

  test.each<[ReasonCode, FieldKey, Record<string, Given>, Record<string, Given>]>([
    ['name-missing', 'name', {}, { topic: 'Azure' }],
    ['customer-missing', 'customer.name', {}, account],
    ['contact-missing', 'customer.contact', { help: 481_200_000 }, { help: 481_200_000, contact: [{ id: 'c', name: 'Ana', entityType: 'contact' }] }],
    ['contact-missing', 'customer.contact', { help: 481_200_000 }, { help: null }],
    ['solution-missing', 'solutions', {}, { products: 'SOL-1' }],
    ['solution-unknown', 'solutions', { products: 'SOL-1;SOL-2' }, { products: 'SOL-1' }],
    ['solutions-too-many', 'solutions', { products: Array.from({ length: 51 }, (_, at) => `SOL-${at}`).join(';') }, { products: Array.from({ length: 50 }, (_, at) => `SOL-${at}`).join(';') }],
    ['deal-value-missing', 'dealValue', {}, { dealValue: { raw: 1 } }],
    ['deal-value-zero', 'dealValue', { dealValue: { raw: 0 } }, { dealValue: { raw: 0.5 } }],
    ['closing-date-missing', 'closingDate', {}, { closingDate: new Date(2027, 0, 1) }],
    ['closing-date-past', 'closingDate', { closingDate: new Date(2026, 10, 22) }, { closingDate: new Date(2026, 10, 23) }],
    ['help-needs-visibility', 'visibility', { help: 481_200_000, visibility: 481_200_000 }, { help: 481_200_000, visibility: 481_200_001 }],
    ['help-needs-visibility', 'visibility', { help: 481_200_000, visibility: 481_200_000 }, { help: null, visibility: 481_200_000 }],
  ])('%s', (code, field, wrong, right) => {
    const params = { id: 'SOL-2', n: 51 };
    expect(rowOf(code, field, params, { ...before, ...wrong }).isMended).toBe(false);
    expect(rowOf(code, field, params, { ...before, ...right }).isMended).toBe(true);
  });

  test.each<[FieldKey, string, Record<string, Given>, Record<string, Given>]>([
    ['name', 'As shared', { topic: 'Renamed' }, { topic: 'As shared' }],
    ['notesToMicrosoft', 'Please join.', { notes: null }, { notes: 'Please join.' }],
    ['notesToMicrosoft', '', { notes: 'Something' }, { notes: null }],
    ['help', 'ProofOfConceptOrDemo', { help: { raw: 481_200_004, formatted: 'Post-sales customer success' } }, { help: { raw: 481_200_002, formatted: 'Proof of concept or demo' } }],
    ['help', 'ProofOfConceptOrDemo', { help: null }, { help: { raw: 481_200_002, formatted: 'Proof of concept or demo' } }],
    ['visibility', 'visible', { visibility: { raw: 481_200_000, formatted: 'Private' } }, { visibility: { raw: 481_200_001, formatted: 'Visible to Microsoft sellers' } }],
  ])('frozen-field-changed: %s is %j again', (field, was, wrong, right) => {
    expect(rowOf('frozen-field-changed', field, { shared: was }, { ...before, ...wrong }).isMended).toBe(false);
    expect(rowOf('frozen-field-changed', field, { shared: was }, { ...before, ...right }).isMended).toBe(true);
    expect(rowOf('frozen-field-changed', field, { shared: was }).isMended).toBe(false);
  });

  test('and is never judged by what the form does not hand over', () => {
    for (const code of Object.keys(reasonActors) as ReasonCode[]) expect([code, rowOf(code, 'name', { id: 'x' }).isMended]).toEqual([code, false]);
  });
});

test('what an admin is told holds no value of the record', () => {
  const view = statusOf(s.failed);
  expect([view.label, view.reasons.map((row) => row.code), view.identifier]).toEqual(['Failed', ['sign-in-expired'], '7f3c2a10-5b1e-4c2d-9f00-0a1b2c3d91ad']);
});
