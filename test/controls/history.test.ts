// The history: the audit's plain text as a seller reads it.
import { describe, expect, test } from '@jest/globals';
import { auditEntry, changeText, notKeptText } from '../../core/audit';
import type { Entry } from '../../controls/SyncStatus/entries';
import { statusOf } from '../kit/controls/controlTools';
import { audit, statusSituations as s } from '../kit/controls/situations';

const read = (text: string, language: 1033 | 2052 = 1033): readonly Entry[] => statusOf({ values: { ...s.accepted.values, audit: text } }, { language }).history;
const said = ({ label, old, fresh }: Entry): string => [label, old && `~${old}~`, fresh].filter(Boolean).join(' ');
const out = (text: string): string => auditEntry('2026-11-23T18:42:05.120Z', 'Dynamics 365', 'Partner Center', text);
const into = (text: string): string => auditEntry('2026-11-23T18:42:05Z', 'Partner Center', 'Dynamics 365', text);

describe('an entry', () => {
  test.each([
    ['an amount', out(changeText('dealValue', '450000', '485000.5', [])), 'Deal value ~$450,000.00~ → $485,000.50'],
    ['a date', into(changeText('closingDate', '2027-03-15', '2027-03-31', [])), 'Closing date ~3/15/2027~ → 3/31/2027'],
    ['a text with line breaks', out(changeText('notes', 'Pilot', 'Pilot\nwith Fabric', [])), 'Notes ~Pilot~ → Pilot\nwith Fabric'],
    ['a text that holds an arrow', out(changeText('notes', null, 'from A → B', [])), 'Notes → from A → B'],
    ['products that came and went', out(changeText('solutions', ['SOL-1', 'SOL-2'], ['SOL-2', 'SOL-3'], [])), 'Products + SOL-3, − SOL-1'],
    ['a status', into(changeText('status', 'Active', 'Won', [])), 'Status ~Active~ → Won'],
    ['visibility', out(changeText('visibility', 'private', 'visible', [])), 'Visibility ~Private~ → Visible to Microsoft sellers'],
    ['a secured column', out(changeText('notes', 'a', 'b', ['notes'])), 'Notes: changed'],
    ['a request for help', out(changeText('help', null, 'ProofOfConceptOrDemo', [])), 'Referral created, help asked:  Proof of concept or demo'],
    ['a new referral', out('CRM id: referral 7f3c2a10 created'), 'Referral created'],
    ['a linked referral', out('CRM id: referral 7f3c2a10 linked'), 'Referral linked'],
    ['a failure', out('Products: not sent, solution-missing'), 'No product is chosen.'],
    ['a failure that names its field', out('Name: not sent, frozen-field-changed'), 'Name was changed, but is fixed once shared.'],
    ['a failure that nobody knows yet', out('Products: not sent, a-code-from-tomorrow'), 'Products: not sent, a-code-from-tomorrow'],
    ['a sentence that nobody knows', out('Conflict choices could not be read'), 'Conflict choices could not be read'],
    ['a field’s own sentence', out('Deal value: the choice no longer fitted the values'), 'Deal value: the choice no longer fitted the values'],
    ['a failure without a field', out('Sync: not sent, sign-in-expired'), 'The sign-in to Partner Center has expired.'],
  ])('tells %s', (_, text, expected) => {
    expect(said(read(text)[0]!)).toBe(expected);
  });

  test('names the loser of a conflict by the system that it stood in', () => {
    const [theirs, ours, secret] = read([into(notKeptText('dealValue', '440000', [])), out(notKeptText('dealValue', '485000', [])), out(notKeptText('notes', 'x', ['notes']))].join('\n'));
    expect([said(theirs!), theirs!.more]).toEqual(['Conflict on Deal value settled: ours kept', 'Not kept: $440,000.00 (Partner Center)']);
    expect([said(ours!), ours!.more]).toEqual(['Conflict on Deal value settled: theirs kept', 'Not kept: $485,000.00 (Dynamics 365)']);
    expect([said(secret!), secret!.more]).toEqual(['Conflict on Notes settled: theirs kept', 'Dynamics 365 → Partner Center']);
  });

  test('shows its direction, and its time and day where the user is', () => {
    const [entry] = read(into('Deal value: 1 → 2'));
    expect([entry!.icon, entry!.more, entry!.time, entry!.day]).toEqual(['back', 'Partner Center → Dynamics 365', '10:42 AM', 'Today, Monday, November 23, 2026']);
    expect(read(auditEntry('2026-11-22T07:00:00Z', 'Dynamics 365', 'Partner Center', 'Deal value: 1 → 2'))[0]!.day).toBe('Saturday, November 21, 2026');
  });

  test('speaks Chinese, too', () => {
    const [entry] = read(into(changeText('help', 'GeneralOrOther', 'QuotesOrLicensing', [])), 2052);
    expect([said(entry!), entry!.more, entry!.day, entry!.time]).toEqual(['帮助 ~常规或其他~ → 报价或许可', '合作伙伴中心 → Dynamics 365', '今天，2026年11月23日', '10:42']);
  });
});

describe('amounts', () => {
  test('stand without a currency once it was changed: an older one may be of another', () => {
    const [amount] = read([out(changeText('dealValue', '1', '2', [])), out(changeText('currency', 'USD', 'EUR', []))].join('\n'));
    expect(said(amount!)).toBe('Deal value ~1~ → 2');
  });
});

describe('the history', () => {
  test('keeps the order, newest first, and counts every entry', () => {
    const entries = read(audit);
    expect(entries).toHaveLength(10);
    expect(entries.map((entry) => entry.time)).toEqual(['10:42 AM', '10:42 AM', '9:15 AM', '4:03 PM', '11:20 AM', '11:20 AM', '8:02 AM', '8:02 AM', '8:57 AM', '8:57 AM']);
  });

  test('passes over lines that are none, and over one that was cut', () => {
    expect(read(`\n\nhello\n${out('Deal value: 1 → 2')}\nyesterday | A → B | x\n2026-11-23T10:00:00Z | Partner`)).toHaveLength(1);
  });

  test('shows a day that is none as it stands, and passes over a time that no calendar has', () => {
    expect(read(out('Closing date: 2027-3-5 → 2027-03-31')).map(said)).toEqual(['Closing date ~2027-3-5~ → 3/31/2027']);
    const values = { ...s.accepted.values, audit: `+275760-09-13T00:00:00Z | A → B | x\n0000-01-01T00:00:00Z | A → B | x\n${out('Deal value: 1 → 2')}` };
    for (const offset of [-720, 0, 840]) expect(statusOf({ values }, { offset }).history).toHaveLength(1);
  });

  test('of nothing is empty; that of a deal that is no longer shared stays', () => {
    expect([read(''), statusOf(s.notShared).history]).toEqual([[], []]);
    expect(statusOf({ values: { ...s.notShared.values, audit } }).history).toHaveLength(10);
  });

  test('is found by whatever an entry shows', () => {
    expect(read(audit).filter((entry) => entry.all.includes('$485,000.00'))).toHaveLength(1);
    expect(read(audit).filter((entry) => entry.all.includes('november 21'))).toHaveLength(3);
  });
});
