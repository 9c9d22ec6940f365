// What a seller is told about a record: the mapper of SyncStatus, on everything that the service can write and on much that it cannot.
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { syncStatuses } from '../../core/browser';
import { detailsToText } from '../../core/details';
import { reason } from '../../core/status';
import { audit, statusSituations as s } from '../kit/controls/situations';
import { here, statusOf, viewOf } from '../kit/controls/controlTools';

const line = (view: ReturnType<typeof statusOf>): string => view.line.join(' | ');

describe('a status', () => {
  test.each([
    ['notShared', s.notShared, 'Not shared', 'Microsoft can’t see this opportunity.', 'saved | – | –'],
    ['pending', s.pending, 'Pending', 'Your last save is on its way to Partner Center.', 'saved | writing | –'],
    ['synced', s.notAsked, 'Synced', 'Dynamics 365 and Partner Center hold the same values.', 'saved 10:42 AM | received 10:42 AM | Not asked'],
    ['synced', s.accepted, 'Synced', 'Dynamics 365 and Partner Center hold the same values.', 'saved 10:42 AM | received 10:42 AM | Accepted'],
    ['synced', s.waitingOut, 'Synced', 'Microsoft has 11 days left to answer.', 'saved 10:42 AM | received 10:42 AM | 11 days left'],
    ['waitingIn', s.waitingIn, 'Waiting for your answer', 'Microsoft sent you this deal. Answer within 9 days or it expires.', 'waits for you | 9 days left | sent 11/18/2026'],
    ['needsAttention', s.attention, 'Needs attention', '3 things to complete. Your work is saved; Microsoft gets it once they are done.', 'saved | – | –'],
    ['conflict', s.conflict, 'Conflict', '2 fields were changed on both sides. Nothing is overwritten until you choose.', 'changed 10:31 AM | changed 10:30 AM | Accepted'],
    ['failed', s.failed, 'Failed', 'Your last change has not reached Partner Center. It is kept and will be sent.', 'saved | received 10:42 AM | Accepted'],
  ])('%s is told by its word, one sentence and the line', (face, situation, label, text, shown) => {
    const view = statusOf(situation);
    expect([view.face, view.label, view.text, line(view)]).toEqual([face, label, text, shown]);
  });

  test('says one thing where there is one', () => {
    const one = { ...s.attention.values, details: JSON.stringify({ reasons: [reason('name-missing', 'name')] }) };
    expect(statusOf({ values: one }).text).toBe('1 thing to complete. Your work is saved; Microsoft gets it once it is done.');
    expect(statusOf({ values: { ...s.waitingOut.values, details: JSON.stringify({ microsoft: { status: 'New/Pending', direction: 'outgoing', expiresOn: '2026-11-24T12:00:00Z' } }) } }).line[2]).toBe('1 day left');
  });

  test.each([[s.won, 'Won', 'won'], [s.declined, 'Declined', 'declined']])('tells Microsoft’s last word', (situation, text, microsoft) => {
    const view = statusOf(situation);
    expect([view.line[2], view.microsoft]).toEqual([text, microsoft]);
  });

  test('that nobody knows is not claimed to be one', () => {
    expect(statusOf({ values: { status: 481_200_099 } }).face).toBe('notShared');
    expect(statusOf({ values: { status: null } }).face).toBe('notShared');
  });

  test('is told in Chinese, with the user’s dates', () => {
    const view = statusOf(s.conflict, { language: 2052 });
    expect([view.label, view.text, line(view)]).toEqual(['存在冲突', '2 个字段在两边都被修改。在您选择之前不会覆盖任何内容。', '10:31 修改 | 10:30 修改 | 已接受']);
    expect(statusOf(s.attention, { language: 2052 }).reasons[1]!.what).toBe('合作伙伴中心无法识别 SOL-99104-XYZ。');
  });
});

describe('the time of a save', () => {
  test('lies as long before the ✔ as the trip took', () => {
    expect(statusOf(s.won).line.slice(0, 2)).toEqual(['saved 10:41 AM', 'received 10:42 AM']);
  });

  test('is not guessed while the change is under way, and is told when the control saw it', () => {
    expect(statusOf(s.pending).line[0]).toBe('saved');
    expect(statusOf(s.pending, {}, here, Date.parse('2026-11-23T18:40:00Z')).line[0]).toBe('saved 10:40 AM');
  });

  test('of a change that came from Partner Center is not told as the seller’s', () => {
    const from = (text: string): string => statusOf({ values: { ...s.accepted.values, audit: text } }).facts.at(-1)!.text;
    expect(from(audit)).toBe('11/23/2026 10:42 AM, 0.4 s after you saved');
    const quick = statusOf({ values: { ...s.accepted.values, audit, details: JSON.stringify({ tookMs: 38 }) } });
    expect(quick.facts.at(-1)!.text).toBe('11/23/2026 10:42 AM, 0.1 s after you saved');
    expect(from('2026-11-23T18:42:05Z | Partner Center → Dynamics 365 | Deal value: 1 → 2')).toBe('11/23/2026 10:42 AM');
  });
});

describe('the facts', () => {
  test('lead to the referral, and to nothing that is no web address', () => {
    const href = (link: string | null): unknown => statusOf({ values: { ...s.accepted.values, link } }).facts[0]!.href;
    expect(statusOf(s.accepted).facts[0]!.text).toBe('REF 7f3c…91ad');
    expect(href('https://partner.microsoft.com/x')).toBe('https://partner.microsoft.com/x');
    for (const other of ['javascript:alert(1)', 'data:text/html,x', '//x', null]) expect(href(other)).toBeUndefined();
  });

  test('that are not there are not shown', () => {
    expect(statusOf(s.waitingOut).facts.map((fact) => fact.label)).toEqual(['fld.refid', 'fld.lastsynced']);
    expect(statusOf({ values: { status: 481_200_002 } }).facts).toEqual([]);
  });
});

describe('the steps of a trip', () => {
  test.each([['saved', 0], ['queued', 1], ['writing', 2], ['confirming', 3], ['flying', 0], [undefined, 0]])('%s is step %s', (progress, step) => {
    const { step: shown, line } = statusOf({ values: { status: 481_200_001, details: JSON.stringify({ progress }) } });
    expect(shown).toBe(step);
    // What is saved in Dynamics 365 only is not saved in Partner Center.
    expect(line[1]).not.toBe('saved');
  });

  test('leave out what was asked of the seller before the save, and keep what is waited for', () => {
    const details = JSON.stringify({ reasons: [reason('name-missing', 'name'), reason('remote-down', undefined, { system: 'Partner Center', when: '2026-11-23T18:47:00Z' })] });
    expect(statusOf({ values: { status: 481_200_001, details } }).reasons.map((row) => row.code)).toEqual(['remote-down']);
  });

  test('tell when it is tried again, once that is known', () => {
    expect(statusOf(s.pendingSlow).slowText).toBe('Taking longer than usual. Next try 10:47 AM.');
    expect(statusOf(s.pending).slowText).toBe('');
  });
});

describe('instead of a status', () => {
  test.each([
    ['a record that is not saved', s.unsaved, { ...here, isNew: true }, 'unsaved', 'Save the opportunity first. Its status then appears here.'],
    ['a device that is offline', s.offline, { ...here, isOffline: true }, 'offline', 'You are offline. Your changes are sent when you are back.'],
    ['a secured column', s.masked, here, 'masked', 'You don’t have permission to see this field'],
    ['a record that is being read', s.loading, here, 'loading', 'Reading the status…'],
  ])('%s has one line', (_, situation, place, icon, text) => {
    expect(viewOf(situation, {}, place)).toEqual({ face: 'note', icon, text });
  });
});

describe('whoever may not write', () => {
  test('is offered nothing to press', () => {
    expect(statusOf(s.accepted).canAct).toBe(true);
    expect(statusOf(s.accepted, {}, { ...here, isDisabled: true }).canAct).toBe(false);
    expect(statusOf({ values: { ...s.accepted.values, requestedAction: { raw: null, security: { readable: true, editable: false, secured: true } } } }).canAct).toBe(false);
  });

  test('and whoever has just switched sharing off are offered nothing either', () => {
    expect([true, false, null].map((sync) => statusOf({ values: { ...s.accepted.values, sync } }).canAct)).toEqual([true, false, true]);
  });

  test('is told that something was asked already', () => {
    expect([null, 481_200_000].map((requestedAction) => statusOf({ values: { ...s.accepted.values, requestedAction } }).isAsked)).toEqual([false, true]);
  });
});

describe('details that cannot be read', () => {
  test('leave the status word and the history', () => {
    const view = statusOf(s.unreadable);
    expect([view.label, view.text, view.reasons, view.conflicts, view.history.length]).toEqual(['Needs attention', '', [], [], 10]);
  });

  test.each(['null', '[]', '0', '"x"', '{', '{"reasons":5}', '{"reasons":[null]}', '{"conflicts":[null]}', '{"conflicts":[{"field":5}]}', '{"microsoft":{"status":7}}', '{"frozen":7,"progress":{}}', '{"nextTryOn":[]}'])('%s is no exception, for any status', (details) => {
    for (const [position] of syncStatuses.entries()) expect(statusOf({ values: { status: 481_200_000 + position, details, audit } }).label).not.toBe('');
  });

  test('are never an exception, whatever they hold', () => {
    fc.assert(fc.property(fc.json(), fc.string(), fc.nat(5), (details, text, position) => {
      expect(statusOf({ values: { status: 481_200_000 + position, details, audit: text, microsoftStatus: text, identifier: text, link: text } }).label).not.toBe('');
    }), { numRuns: 300 });
  });

  test('with shapes like the service’s are never an exception either', () => {
    const any = fc.oneof(fc.jsonValue(), fc.constantFrom('dealValue', 'closingDate', 'help', 'solutions', '2026-11-23T18:42:05Z', 'New/Pending', 'incoming', 'you'));
    const shaped = fc.record({ reasons: fc.array(fc.record({ code: any, field: any, actor: any, params: any })), conflicts: fc.array(fc.record({ field: any, group: any, agreed: any, crm: any, partner: any, crmOn: any })), progress: any, tookMs: any, nextTryOn: any, microsoft: fc.record({ status: any, direction: any, expiresOn: any }), frozen: any }, { requiredKeys: [] });
    fc.assert(fc.property(shaped, fc.nat(5), (details, position) => {
      expect(typeof statusOf({ values: { ...s.conflict.values, status: 481_200_000 + position, details: JSON.stringify(details) } }).label).toBe('string');
    }), { numRuns: 300 });
  });

  test('as core writes them are always read', () => {
    expect(statusOf({ values: { ...s.failed.values, details: detailsToText({ reasons: [reason('no-permission', undefined, { system: 'Dynamics 365', role: 'Co-sell Sync Service' })] }) } }).reasons[0]!.what).toBe('The service may not change this record in Dynamics 365.');
  });
});

test('the same record, words, settings and time give the same view, and nothing of the record is changed', () => {
  for (const situation of Object.values(s)) {
    const before = JSON.stringify(situation);
    expect(viewOf(situation)).toEqual(viewOf(situation));
    expect(JSON.stringify(situation)).toBe(before);
  }
});
