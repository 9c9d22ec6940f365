// Closing a record takes two writes: the values, then Win or Lose. What was not done, or not yet, does not stand in the audit.
import { describe, expect, test } from '@jest/globals';
import { settlePlanned, type Plan, type Planned } from '../../../core/index';
import type { Round } from '../../../plugins-proxy/journey/round';
import { updateBoth } from '../../../plugins-proxy/journey/updateBoth';
import { writeCrm } from '../../../plugins-proxy/journey/writeCrm';
import type { CrmPort } from '../../../plugins-proxy/ports/crm';
import { linkOf, partnerSnapshot, referralId, runOver, snapshot, type Told } from './journeyKit';

const key = 'crm:crm:opportunity:record-1';
const plan = { reasons: [], conflicts: [], clearChoices: false, lines: [], toPartner: {}, toCrm: {}, open: false, agreed: {}, refused: {}, askHelp: false } as unknown as Plan;
const entry = (text: string): string => `2026-11-27T10:00:00Z | Partner Center → CRM | ${text}`;
const planned: Planned = {
  id: 'p', on: '2026-11-27T10:00:00Z', toPartner: {}, toCrm: { notes: 'new', status: 'Lost' }, halves: {}, expects: { crm: '1', partner: 'e' }, lastSyncedOn: '2026-11-27T10:00:01Z',
  lines: { partner: [], crm: [entry('Notes: n → new'), entry('Status: Active → Lost')] },
};
const crm = snapshot({ cells: { ...snapshot().cells, status: { kind: 'value', value: 'Active' } } });
const withNotes = { ...crm, version: '2', cells: { ...crm.cells, notes: { kind: 'value', value: 'new' } as const } };
const partner = partnerSnapshot({ status: 'Closed', substatus: 'Lost', cells: { notes: { kind: 'value', value: 'new' }, status: { kind: 'value', value: 'Lost' } } });
const textsOf = ({ commits }: Told): string[] => commits.flatMap((each) => each.lines ?? []).map((each) => each.text);

async function close(closed: Awaited<ReturnType<CrmPort['close']>>): Promise<Told> {
  const told = runOver(key, { read: () => ({ type: 'found', snapshot: { ...withNotes, version: '3', cells: { ...withNotes.cells, status: { kind: 'value', value: 'Lost' } } } }), write: () => ({ type: 'written', snapshot: withNotes }) });
  const round: Round = { pair: { link: linkOf({ referralId, engagementId: 'e', phase: 'linked', crm, planned: [planned] }), crm, partner, fresh: { crm: true, partner: true } }, plan, planned, found: [] };
  const run = { ...told.run, crm: { ...told.run.crm, close: async () => closed } };
  await writeCrm(run as never, round, {}, 'update');
  return told;
}

describe('the audit', () => {
  test('tells values and status once each when both were taken', async () => {
    expect([...new Set(textsOf(await close({ type: 'closed' })))]).toEqual([entry('Notes: n → new'), entry('Status: Active → Lost')]);
  });

  test('does not tell a status that the CRM refused', async () => {
    const texts = textsOf(await close({ type: 'refused', reasons: [{ code: 'field-refused', field: 'status', actor: 'admin', params: { system: 'CRM', message: 'no' } }] }));
    expect(texts).toContain(entry('Notes: n → new'));
    expect(texts.filter((each) => each.includes('→ Lost'))).toEqual([]);
    expect(texts.at(-1)).toMatch(/Status: not sent, field-refused$/);
  });

  test('does not tell a status that was not set yet when the process ended', async () => {
    const link = linkOf({ referralId, engagementId: 'e', phase: 'linked', crm, partner, planned: [planned], agreed: { notes: { crm: 'n', partner: 'n' }, status: { crm: 'Active', partner: 'Active' } } });
    const told = runOver(key, { write: () => ({ type: 'gone' }) });
    const run = { ...told.run, crm: { ...told.run.crm, describe: async () => ({ maxLengths: {}, currencies: { USD: 2 } }), close: async () => ({ type: 'gone' }) } };
    await updateBoth(run as never, { link, crm: withNotes, partner, fresh: { crm: true, partner: true } }, {});
    expect(told.commits[0]!.lines!.map((each) => each.text)).toEqual([entry('Notes: n → new')]);
  });
});

test('what arrived of an open plan is told by its fields', () => {
  const { arrived } = settlePlanned([planned], { notes: { crm: 'n', partner: 'n' }, status: { crm: 'Active', partner: 'Active' } }, withNotes, partner, { moneyScale: 2 });
  expect(arrived).toEqual([{ plan: planned, partner: [], crm: ['notes'] }]);
});
