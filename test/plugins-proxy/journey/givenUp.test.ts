// A record that the schedule gives up on: the seller is told, nobody is told too early, and what cannot be told hides nothing.
import { expect, test } from '@jest/globals';
import { syncRecord } from '../../../plugins-proxy/journey/syncRecord';
import { LeaseLost } from '../../../plugins-proxy/ports/store';
import { givesUp, bugTries } from '../../../plugins-proxy/schedule/judge';
import { timings } from '../../../plugins-proxy/timings';
import type { CrmWritten } from '../../../plugins-proxy/ports/crm';
import { linkOf, partnerSnapshot, referralId, runOver, snapshot, type Told } from './journeyKit';

const key = 'crm:crm:opportunity:record-1';
const crm = snapshot({ shown: { ...snapshot().shown, status: 'pending', identifier: referralId } });

/** One run in which Partner Center's answer cannot be understood. */
async function fail({ attempts, failedAs = 'bug', thrown = new TypeError('nobody foresaw this'), write = () => ({ type: 'written', snapshot: crm }) }: { attempts: number; failedAs?: string; thrown?: Error; write?: () => CrmWritten }): Promise<Told & { error: unknown }> {
  const link = linkOf({ referralId, engagementId: 'e', phase: 'linked', crm, partner: partnerSnapshot() });
  const told = runOver(key, { lease: { attempts, failedAs, sides: 3, link }, read: () => ({ type: 'found', snapshot: crm }), write });
  const { deps, lease, signal } = told.run;
  const partner = { ...deps.partner, read: () => Promise.reject(thrown) };
  const store = { ...deps.store, linkByCrm: async () => link, connectionState: async () => ({ copied: null, organizationId: null }) };
  const given = { ...deps, partner, store, crms: new Map([['crm', told.run.crm]]), givesUp: (claimed: typeof lease, error: unknown) => givesUp(claimed, error, timings) };
  const error: unknown = await syncRecord(given as never, lease, signal).then(() => undefined, (reason: unknown) => reason);
  return { ...told, error };
}

test('on the last try the record says Failed, whom to ask and what to name, and the failure still reaches the schedule', async () => {
  const { writes, commits, error } = await fail({ attempts: bugTries });
  expect(error).toEqual(new TypeError('nobody foresaw this'));
  expect(writes).toMatchObject([{ values: {}, present: { status: 'failed', details: expect.stringContaining('"reasons":[{"code":"unexpected","actor":"admin"}]') } }]);
  // Its own words may carry a value: they stay with the parked records.
  expect(JSON.stringify([writes, commits])).not.toContain('foresaw');
  expect(commits.flatMap((each) => each.lines ?? []).map((each) => each.text)).toEqual([expect.stringMatching(/\| CRM → Partner Center \| Sync: not sent, unexpected$/)]);
  expect(commits.some((each) => each.finish)).toBe(false);
});

test.each([
  ['an earlier try', { attempts: bugTries - 1 }],
  ['the first failure after many of another kind', { attempts: 40, failedAs: 'waits' }],
  ['our own database\'s trouble', { attempts: 40, thrown: Object.assign(new Error('terminating connection'), { code: '57P01' }) }],
])('nothing is said on %s', async (_, given) => {
  const { writes, error } = await fail(given);
  expect(error).toBeInstanceOf(Error);
  expect(writes).toEqual([]);
});

test('what cannot be told hides nothing; a lost lease ends the run', async () => {
  const untold = await fail({ attempts: bugTries, write: () => { throw new Error('the CRM, too'); } });
  expect(untold.error).toEqual(new TypeError('nobody foresaw this'));
  const lost = await fail({ attempts: bugTries, write: () => { throw new LeaseLost(key); } });
  expect(lost.error).toBeInstanceOf(LeaseLost);
});
