// The ✔ in a list: icon and tooltip, in both languages, whatever the row holds.
import { describe, expect, test } from '@jest/globals';
import { reasonActors, syncStatuses } from '../../core/index';
import { Grid } from '../../webresources/main';
import { status } from './formKit';

const row = (cells: Record<string, unknown>): string => JSON.stringify(cells);
const shown = (choice: unknown, more: Record<string, unknown> = {}, language = 1033): [string, string] => Grid.syncStatusIcon(row({ cosell_syncstatus: 'As the list shows it', cosell_syncstatus_Value: choice, ...more }), language);

describe('the icon', () => {
  test('is one for each status', () => {
    expect(Object.values(status).map((choice) => shown(choice)[0])).toEqual(['notshared', 'pending', 'synced', 'attention', 'conflict', 'failed'].map((name) => `cosell_/icons/${name}.png`));
    expect(Object.keys(status)).toEqual([...syncStatuses]);
  });

  test.each([{ cosell_syncstatus_Value: null }, { cosell_syncstatus: '' }, {}])('of a row that was never shared is the one of Not shared: %j', (cells) => {
    expect(Grid.syncStatusIcon(row(cells), 1033)).toEqual(['cosell_/icons/notshared.png', 'Not shared']);
  });

  test.each(['', 'no JSON', 'null', row({ cosell_syncstatus_Value: 7 }), row({ cosell_syncstatus_Value: 'Synced' })])('is none, and no exception, for a row that cannot be read: %s', (data) => {
    expect(Grid.syncStatusIcon(data, 1033)).toEqual(['', '']);
  });
});

describe('the tooltip', () => {
  const when = { cosell_lastsyncedon: '11/23/2026 10:42 AM' };
  const details = (...reasons: object[]): Record<string, unknown> => ({ cosell_syncdetails: JSON.stringify({ reasons }) });

  test('says the word and the time, as the list shows it', () => {
    expect(shown(status.synced, when)[1]).toBe('Synced, 11/23/2026 10:42 AM');
    expect(shown(status.synced)[1]).toBe('Synced');
    expect(shown(status.synced, { cosell_lastsyncedon: '2026/11/23 10:42' }, 2052)[1]).toBe('已同步，2026/11/23 10:42');
    expect(shown(status.synced, when, 1036)[1]).toBe('Synced, 11/23/2026 10:42 AM');
  });

  test('names the first reason, and how many more', () => {
    const reasons = details({ code: 'customer-country-missing' }, { code: 'solution-missing' }, { code: 'contact-missing' });
    expect(shown(status.needsAttention, reasons)[1]).toBe('Needs attention\nThe customer’s country is missing. 2 more.');
    expect(shown(status.needsAttention, details({ code: 'solution-unknown', params: { id: 'SOL-9' } }))[1]).toBe('Needs attention\nPartner Center does not know SOL-9.');
    expect(shown(status.needsAttention, reasons, 2052)[1]).toBe('需要处理\n缺少客户所在国家/地区。另有 2 项。');
  });

  test('names fields as people call them, and takes no harm from what it does not know', () => {
    expect(shown(status.failed, details({ code: 'value-not-taken', field: 'dealValue', params: { system: 'Dynamics 365' } }))[1]).toContain('Dynamics 365 did not take the new value of Deal value.');
    expect(shown(status.failed, details({ code: 'value-not-taken', field: 'custom:acme_x', params: { system: 'Dynamics 365' } }))[1]).toContain('of acme_x.');
    expect(shown(status.failed, details({ code: 'of-a-newer-service' }))[1]).toBe('Failed\nSomething is missing.');
    for (const odd of ['no JSON', '[]', '{"reasons":{}}', '{"reasons":[null,1,{}]}']) expect(shown(status.failed, { cosell_syncdetails: odd })[1]).toBe('Failed');
  });

  test.each([null, 5, {}, ['dealValue']])('takes no harm from a field that is no text: %j', (field) => {
    const [icon, text] = shown(status.failed, details({ code: 'value-not-taken', field, params: { system: 'Dynamics 365' } }));
    expect([icon, text.split('\n')[0]]).toEqual(['cosell_/icons/failed.png', 'Failed']);
  });

  test.each(Object.keys(reasonActors))('has a sentence for %s in both languages', (code) => {
    const [english = '', chinese = ''] = [1033, 2052].map((language) => shown(status.failed, details({ code, field: 'name', params: {} }), language)[1].split('\n')[1]!);
    expect(english).not.toBe('Something is missing.');
    expect(chinese).toMatch(/[\u4e00-\u9fff]/);
    expect(english + chinese).not.toMatch(/[{}]/);
  });
});
