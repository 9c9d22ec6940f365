// Conflicts: both values, the difference from what was last agreed, and choices that are made on what was seen.
import { describe, expect, test } from '@jest/globals';
import { isStale, keptIn, pick, toChoices, type ConflictRow, type Picks } from '../../controls/SyncStatus/conflicts';
import { judgeGroup, parseChoices } from '../../core/choices';
import type { Conflict } from '../../core/link';
import { statusOf } from '../kit/controls/controlTools';
import { statusSituations as s } from '../kit/controls/situations';

const conflict = (field: string, agreed: unknown, crm: unknown, partner: unknown, group = field) => ({ field, group, agreed, crm, partner, crmOn: '2026-11-23T18:31:00Z', partnerOn: '2026-11-22T18:30:00Z' });
const rowsOf = (...conflicts: object[]): readonly ConflictRow[] => statusOf({ values: { ...s.conflict.values, details: JSON.stringify({ conflicts }) } }).conflicts;
const money = conflict('dealValue', 450_000, 485_000, 440_000, 'money');
const date = conflict('closingDate', '2027-03-15', '2027-03-31', '2027-03-14');

describe('a conflict', () => {
  test('shows both values, what was agreed, how far each is from it, and when', () => {
    const [row] = rowsOf(money);
    expect([row!.label, row!.agreed]).toEqual(['Deal value', '$450,000.00']);
    expect(row!.crm).toEqual({ text: '$485,000.00', more: '+$35,000.00 · 10:31\u00a0AM', spoken: '$35,000.00 more than last agreed' });
    expect(row!.partner).toEqual({ text: '$440,000.00', more: '−$10,000.00 · 11/22/2026', spoken: '$10,000.00 less than last agreed' });
  });

  test('of dates counts days', () => {
    const [row] = rowsOf(date);
    expect([row!.crm.more, row!.partner.more, row!.partner.spoken]).toEqual(['16\u00a0days\u00a0later · 10:31\u00a0AM', '1\u00a0day\u00a0earlier · 11/22/2026', '1 day earlier']);
  });

  test('of two currencies is one row: each amount with its own, no difference, no symbol of the record', () => {
    const [row, ...others] = rowsOf(money, conflict('currency', 'USD', 'EUR', 'CAD', 'money'));
    expect(others).toEqual([]);
    expect([row!.label, row!.agreed, row!.crm.text, row!.partner.text]).toEqual(['Deal value', '450,000 USD', '485,000 EUR', '440,000 CAD']);
    expect([row!.crm.more, row!.crm.spoken]).toEqual(['10:31\u00a0AM', '']);
  });

  test('of the currency alone shows the codes', () => {
    const [row] = rowsOf(conflict('currency', 'USD', 'EUR', 'CAD', 'money'));
    expect([row!.label, row!.crm.text, row!.partner.text]).toEqual(['Currency', 'EUR', 'CAD']);
  });

  test('with an empty side shows that it is empty, and no difference from nothing', () => {
    const [row, other] = rowsOf(conflict('dealValue', null, 485_000, null, 'money'), conflict('notes', 'A', null, 'B'));
    expect([row!.agreed, row!.crm.text, row!.crm.more, row!.partner.text]).toEqual(['–', '$485,000.00', '10:31\u00a0AM', '–']);
    expect([other!.crm.text, other!.partner.text]).toEqual(['–', 'B']);
  });

  test('tells statuses and lists in words', () => {
    const [status, products] = rowsOf(conflict('status', 'Active', 'Won', 'Lost'), conflict('solutions', ['SOL-1'], ['SOL-1', 'SOL-2'], []));
    expect([status!.agreed, status!.crm.text, status!.partner.text]).toEqual(['Active', 'Won', 'Lost']);
    expect([products!.agreed, products!.crm.text, products!.partner.text]).toEqual(['SOL-1', 'SOL-1, SOL-2', '–']);
  });
});

describe('a choice', () => {
  const rows = rowsOf(money, conflict('currency', 'USD', 'EUR', 'CAD', 'money'), date);
  const none: Picks = {};

  test('is made for nobody beforehand', () => {
    expect(rows.map((row) => keptIn(row, none))).toEqual([false, false]);
    expect(rows.map((row) => isStale(row, none))).toEqual([false, false]);
    expect(toChoices(rows, none)).toBe('{"choices":[]}');
  });

  test('decides its own row and no other', () => {
    const picks = pick(none, [rows[1]!], 'partner');
    expect(rows.map((row) => keptIn(row, picks))).toEqual([false, 'partner']);
    expect(none).toEqual({});
  });

  test('of one side everywhere can still be changed row by row', () => {
    const picks = pick(pick(none, rows, 'crm'), [rows[1]!], 'partner');
    expect(rows.map((row) => keptIn(row, picks))).toEqual(['crm', 'partner']);
  });

  test('is written for every field of its group, with the values that were seen, as core reads it', () => {
    const choices = parseChoices(toChoices(rows, pick(none, rows, 'crm')))!;
    expect(choices).toEqual([
      { field: 'dealValue', keep: 'crm', seen: { crm: 485_000, partner: 440_000 } },
      { field: 'currency', keep: 'crm', seen: { crm: 'EUR', partner: 'CAD' } },
      { field: 'closingDate', keep: 'crm', seen: { crm: '2027-03-31', partner: '2027-03-14' } },
    ]);
    const group = rows[0]!.fields as unknown as Conflict[];
    expect(judgeGroup(group, choices)).toEqual({ type: 'keep', side: 'crm' });
  });

  test('for some rows leaves the others unanswered', () => {
    const choices = parseChoices(toChoices(rows, pick(none, [rows[1]!], 'partner')))!;
    expect(choices.map((choice) => choice.field)).toEqual(['closingDate']);
    expect(judgeGroup(rows[0]!.fields as unknown as Conflict[], choices)).toEqual({ type: 'none' });
  });

  test('falls when a value changes after it was seen, and is not sent', () => {
    const picks = pick(none, rows, 'crm');
    const [changed] = rowsOf({ ...money, partner: 441_000 }, conflict('currency', 'USD', 'EUR', 'CAD', 'money'));
    expect([keptIn(changed!, picks), isStale(changed!, picks), isStale(rows[1]!, picks)]).toEqual([false, true, false]);
    expect(toChoices([changed!, rows[1]!], picks)).toBe(toChoices([rows[1]!], picks));
    expect([keptIn(changed!, pick(picks, [changed!], 'partner')), isStale(changed!, pick(picks, [changed!], 'partner'))]).toEqual(['partner', false]);
  });

  test('stays when only the times or the agreed value are told anew', () => {
    const picks = pick(none, rows, 'crm');
    expect(keptIn(rowsOf({ ...date, agreed: '2027-03-01', crmOn: null })[0]!, picks)).toBe('crm');
  });
});
