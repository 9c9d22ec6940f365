// A CRM without versions: a write of the service's own columns may pass by what somebody wrote meanwhile. The answer shows it, and the record is looked at anew.
import { describe, expect, test } from '@jest/globals';
import type { CrmSnapshot, Plan, Planned } from '../../../core/index';
import { readSides } from '../../../plugins-proxy/journey/readSides';
import type { Round } from '../../../plugins-proxy/journey/round';
import { writeCrm } from '../../../plugins-proxy/journey/writeCrm';
import { linkOf, partnerSnapshot, referralId, runOver, snapshot, type Told } from './journeyKit';

const key = 'crm:crm:opportunity:record-1';
const plan = { reasons: [], conflicts: [], clearChoices: false, lines: [], toPartner: {}, toCrm: {}, open: false, agreed: {}, refused: {}, askHelp: false } as unknown as Plan;
const planned: Planned = { id: 'p', on: '2026-11-27T10:00:00Z', toPartner: {}, toCrm: {}, halves: {}, expects: { crm: '1', partner: 'e' }, lastSyncedOn: '2026-11-27T10:00:01Z', lines: { partner: [], crm: [] } };

/** The record shows ✔ after this; `after` is what the answer to that write shows. */
async function present(after: (asWritten: CrmSnapshot) => CrmSnapshot, toCrm: Planned['toCrm'] = {}): Promise<Told> {
  const crm = snapshot();
  const told = runOver(key, { write: (change) => ({ type: 'written', snapshot: after(snapshot({ version: '2', cells: { ...crm.cells, ...(change.values.notes ? { notes: { kind: 'value', value: change.values.notes } } : {}) }, shown: { ...crm.shown, status: 'synced', identifier: referralId } })) }) });
  const round: Round = { pair: { link: linkOf({ referralId, engagementId: 'e', phase: 'linked', crm }), crm, partner: partnerSnapshot(), fresh: { crm: true, partner: false } }, plan, planned: { ...planned, toCrm }, found: [] };
  expect(await writeCrm(told.run, round, {}, 'update')).toEqual({ type: 'end', outcome: { type: 'done' } });
  return told;
}
const ringsItself = ({ commits }: Told): boolean => (commits.at(-1)!.ring ?? []).some((ring) => ring.key === key && ring.sides === 1);

describe('after our write the record is looked at anew', () => {
  test.each([
    ['an amount that a seller changed', (row: CrmSnapshot) => ({ ...row, cells: { ...row.cells, dealValue: { kind: 'value', value: '6' } as const } })],
    ['a flag that a seller switched off', (row: CrmSnapshot) => ({ ...row, control: { ...row.control, sync: false } })],
    ['a wish that a seller has', (row: CrmSnapshot) => ({ ...row, control: { ...row.control, requestedAction: 'syncNow' as const } })],
    ['a name that a flow changed', (row: CrmSnapshot) => ({ ...row, cells: { ...row.cells, name: { kind: 'value', value: 'Flowed' } as const } })],
  ])('for %s', async (_, after) => {
    expect(ringsItself(await present(after))).toBe(true);
  });

  test.each([
    ['nothing but what we wrote', (row: CrmSnapshot) => row, {}], ['a value that we wrote ourselves', (row: CrmSnapshot) => row, { notes: 'from the other side' }],
    ['line ends of the CRM\'s own kind', (row: CrmSnapshot) => ({ ...row, cells: { ...row.cells, notes: { kind: 'value', value: 'n\r\n' } as const } }), {}],
    ['a probability that follows a stage', (row: CrmSnapshot) => ({ ...row, cells: { ...row.cells, salesStage: { kind: 'value', value: '90' } as const } }), {}],
    ['a wish that was carried out', (row: CrmSnapshot) => ({ ...row, control: { ...row.control, requestedAction: null } }), {}],
  ])('not for %s', async (_, after, toCrm) => {
    expect(ringsItself(await present(after, toCrm))).toBe(false);
  });
});

test('a flag that is switched on again while *Not shared* is written keeps its link', async () => {
  const off = snapshot({ control: { ...snapshot().control, sync: false } });
  const { run, commits, writes } = runOver(key, { read: () => ({ type: 'found', snapshot: off }), write: () => ({ type: 'written', snapshot: snapshot({ version: '2', shown: { ...off.shown, status: 'notShared' } }) }) });
  expect(await readSides(run, linkOf({ referralId, phase: 'linked', crm: snapshot(), partner: partnerSnapshot() }), null, {})).toMatchObject({ type: 'end', outcome: { type: 'later', afterMs: 0 } });
  expect([writes.length, commits]).toEqual([1, []]);
});
