// A referral is named after the record that was made for it; what happened to it meanwhile is never passed over.
import { expect, test } from '@jest/globals';
import { nameReferral } from '../../../plugins-proxy/journey/nameReferral';
import type { Run } from '../../../plugins-proxy/journey/run';
import type { PartnerPort, PartnerWritten } from '../../../plugins-proxy/ports/partner';
import { linkOf, partnerSnapshot, referralId, runOver, snapshot } from './journeyKit';

const unnamed = partnerSnapshot({ externalReferenceId: null });
const closed = partnerSnapshot({ version: 'e2', externalReferenceId: null, status: 'Closed', substatus: 'Lost', cells: { status: { kind: 'value', value: 'Lost' } } });

async function name(written: PartnerWritten): Promise<{ version: string | undefined; calls: readonly string[] }> {
  const { run } = runOver('crm:crm:opportunity:record-1');
  const calls: string[] = [];
  const partner = { ...run.deps.partner, write: async () => (calls.push('write'), written), read: async () => (calls.push('read'), { type: 'found', snapshot: closed }) } as unknown as PartnerPort;
  const pair = await nameReferral({ ...run, deps: { ...run.deps, partner } } as Run, { link: linkOf({ referralId, phase: 'linked', partner: unnamed }), crm: snapshot(), partner: unnamed, fresh: { crm: true, partner: false } });
  expect(pair.link.partner).toBe(pair.partner);
  return { version: pair.partner?.version, calls };
}

test.each([['somebody edited it', { type: 'stale' }], ['it takes nothing any more', { type: 'refused', reasons: [] }]] as const)('when %s, the run goes on with what it says now', async (_, written) => {
  expect(await name(written)).toEqual({ version: 'e2', calls: ['write', 'read'] });
});

test('a referral that is gone is not asked for', async () => {
  const { calls } = await name({ type: 'gone' });
  expect(calls).toEqual(['write']);
});
