// A referral that others keep writing to: each of our writes meets another version. The run gives up for now, and the record says so.
import { expect, test } from '@jest/globals';
import type { Cells, PartnerSnapshot } from '../../../core/index';
import { updateBoth } from '../../../plugins-proxy/journey/updateBoth';
import type { JourneyDeps } from '../../../plugins-proxy/journey/run';
import { linkOf, partnerSnapshot, referralId, runOver, snapshot } from './journeyKit';

const money = (amount: string): Cells => ({ dealValue: { kind: 'value', value: amount }, currency: { kind: 'value', value: 'USD' } });

test('after some rounds the record is Pending with the next try, and no value was written to it', async () => {
  const partner: PartnerSnapshot = partnerSnapshot({ cells: { ...partnerSnapshot().cells, ...money('5') } });
  const crm = snapshot({ cells: money('6'), shown: { ...snapshot().shown, status: 'synced', identifier: referralId, link: 'https://portal.example' } });
  const told = runOver('crm:crm:opportunity:record-1', { read: () => ({ type: 'found', snapshot: crm }), write: (change) => ({ type: 'written', snapshot: { ...crm, version: '2', shown: { ...crm.shown, status: change.present.status ?? crm.shown.status } } }) });
  const tries: string[] = [];
  const others = { ...told.run.deps.partner, write: async () => (tries.push('patch'), { type: 'stale' }), read: async () => ({ type: 'found', snapshot: { ...partner, version: `e${tries.length}` } }) };
  const run = { ...told.run, crm: { ...told.run.crm, describe: async () => ({ maxLengths: {}, currencies: { USD: 2 } }) }, deps: { ...told.run.deps, partner: others } as unknown as JourneyDeps };
  const link = linkOf({ referralId, engagementId: 'e', phase: 'linked', crm, partner, agreed: { dealValue: { crm: '5', partner: '5' }, currency: { crm: 'USD', partner: 'USD' } } });
  const outcome = await updateBoth(run as never, { link, crm, partner, fresh: { crm: true, partner: true } }, {});
  expect(outcome).toMatchObject({ type: 'later', afterMs: run.deps.timings.recordBackOff });
  expect(tries.length).toBeGreaterThan(1);
  expect(told.writes).toMatchObject([{ values: {}, present: { status: 'pending', details: expect.stringMatching(/"progress":"writing","nextTryOn":"2026-11-27T10:00:06Z"/) } }]);
});
