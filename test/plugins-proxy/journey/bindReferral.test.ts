// A referral's event may be read before the run that made the referral has stored its answer, and be judged after.
import { expect, test } from '@jest/globals';
import { newLink, type Link, type PartnerSnapshot } from '../../../core/index';
import { bindReferral } from '../../../plugins-proxy/journey/bindReferral';
import type { JourneyDeps, RunOutcome } from '../../../plugins-proxy/journey/run';
import type { CrmPort } from '../../../plugins-proxy/ports/crm';
import type { Commit, Lease } from '../../../plugins-proxy/ports/store';
import { timings } from '../../../plugins-proxy/timings';

const referralId = '7f1d8a52-6c1a-4a52-9f58-0d0a6c1f0001';
const lease: Lease = { key: `pc:partner-center:${referralId}`, owner: 1, wanted: '1', sides: 2, rungOn: '2026-11-27T10:00:00.000Z', attempts: 1, claimedOn: '2026-11-27T10:00:00.000Z' };
const referral = { id: referralId.toUpperCase(), engagementId: 'e', organizationId: 'ours', externalReferenceId: 'record-1', category: 'coSell', direction: 'outgoing', status: 'Active', substatus: 'Accepted', version: 'v', cells: { status: { kind: 'value', value: 'Active' } }, createdOn: '2026-11-27T10:00:00Z', updatedOn: '2026-11-27T10:00:00Z' } as unknown as PartnerSnapshot;

/** Nobody knows the referral when the run begins; the record's link says what it says by the time it is asked for. */
async function bind(link: Partial<Link>, more: { theirs?: boolean; engaged?: boolean; listed?: boolean; waited?: number } = {}): Promise<{ commits: Commit[]; counted: string[]; outcome: RunOutcome }> {
  const [commits, counted]: [Commit[], string[]] = [[], []];
  const known = { ...newLink({ id: 'l', crmConnection: 'crm', partnerConnection: 'partner-center', kind: 'opportunity', crmId: 'record-1', mappingVersion: 'm' }), ...link };
  const crm = { connection: 'crm', displayName: 'CRM', canonicalId: (text: string) => text } as unknown as CrmPort;
  const deps = {
    timings, crms: new Map([['crm', crm]]), partner: { connection: 'partner-center', displayName: 'Partner Center', microsoftOrganizationId: 'msft', listEngagement: async () => (more.listed ? [referral] : []), read: async () => ({ type: 'found', snapshot: more.theirs ? { ...referral, organizationId: 'msft', externalReferenceId: null } : referral }) },
    store: { linkByReferral: async () => undefined, linkByEngagement: async () => (more.engaged ? known : undefined), linkByCrm: async () => known, connectionState: async () => ({ organizationId: 'ours', copied: null, adoptedOn: null }), openAttempts: async () => 0, commit: async (change: Commit) => void commits.push(change) },
    passed: () => undefined, newId: () => 'id', count: (what: string) => void counted.push(what), log: () => undefined, mappingVersion: 'm',
  } as unknown as JourneyDeps;
  const claimedOn = new Date(Date.parse(lease.rungOn) + (more.waited ?? 0)).toISOString();
  const outcome = await bindReferral(deps, { ...lease, claimedOn }, referralId, new AbortController().signal);
  return { commits, counted, outcome };
}

test('the record that just got this very referral is rung for its partner, and nothing is said of a second one', async () => {
  const { commits, counted } = await bind({ referralId, phase: 'linked' });
  expect(commits).toMatchObject([{ finish: true, ring: [{ key: 'crm:crm:opportunity:record-1', sides: 2 }] }]);
  expect([commits[0]!.link, commits[0]!.lines, counted]).toEqual([undefined, undefined, []]);
});

test('a record without a referral looks itself, and one with another says so and gets nothing', async () => {
  expect((await bind({ referralId: null })).commits).toMatchObject([{ ring: [{ key: 'crm:crm:opportunity:record-1', sides: 1 }] }]);
  const { commits, counted } = await bind({ referralId: 'another', phase: 'linked' });
  expect(commits).toMatchObject([{ link: { referralId: 'another', auditDue: true }, lines: [{ text: expect.stringContaining('names this record too') }] }]);
  expect([commits[0]!.ring, counted]).toEqual([undefined, ['linkedElsewhere']]);
});

test('Microsoft\'s referral that is heard of before our own of the engagement waits for it, and then rings the record for Microsoft', async () => {
  expect(await bind({}, { theirs: true })).toMatchObject({ outcome: { type: 'later', afterMs: timings.inboundWait }, commits: [], counted: [] });
  expect((await bind({}, { theirs: true, engaged: true, listed: true, waited: timings.inboundWait })).commits).toMatchObject([{ finish: true, ring: [{ key: 'crm:crm:opportunity:record-1', sides: 4 }] }]);
});

test('Microsoft\'s referral that the list of its engagement does not show yet is waited for, though not for ever, and not where it is known', async () => {
  const rings = [{ finish: true, ring: [{ key: 'crm:crm:opportunity:record-1', sides: 4 }] }];
  expect(await bind({}, { theirs: true, engaged: true })).toMatchObject({ outcome: { type: 'later', afterMs: timings.inboundWait }, commits: [] });
  expect((await bind({}, { theirs: true, engaged: true, waited: timings.inboundWait * 3 })).commits).toMatchObject(rings);
  expect((await bind({ microsoft: { id: 'm', status: 'New', substatus: 'Pending', expiresOn: null, updatedOn: '' } }, { theirs: true, engaged: true })).commits).toMatchObject(rings);
});

test('a referral of another party in an engagement that stays foreign is passed over', async () => {
  expect(await bind({}, { theirs: true, waited: timings.inboundWait * 3 })).toMatchObject({ outcome: { type: 'done' }, commits: [{ finish: true }], counted: ['ignored'] });
});
