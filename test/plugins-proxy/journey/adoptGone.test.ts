// A referral of ours that was seen, in a list or an event, but cannot be read: nothing is made beside it, and nobody hammers.
import { expect, test } from '@jest/globals';
import type { Attempt } from '../../../core/index';
import { createReferral } from '../../../plugins-proxy/journey/createReferral';
import type { Run } from '../../../plugins-proxy/journey/run';
import type { PartnerPort } from '../../../plugins-proxy/ports/partner';
import type { Store } from '../../../plugins-proxy/ports/store';
import { timings } from '../../../plugins-proxy/timings';
import { linkOf, referralId, runOver, snapshot } from './journeyKit';

const unknown = (looked: number): Attempt => ({ id: 'a', requestId: 'q', startedOn: '2026-11-27T09:59:00.000Z', crm: {}, body: null, state: 'unknown', looked, lookAgainOn: null });

async function adopt(own: Attempt | null): Promise<{ outcome: unknown; details: string; attempt: Attempt | null | undefined; creates: number }> {
  const told = runOver('crm:crm:opportunity:record-1', {
    write: (change) => ({ type: 'written', snapshot: snapshot({ version: '2', shown: { ...snapshot().shown, details: change.present.details ?? null } }) }),
    store: { connectionState: async () => ({ organizationId: 'ours', copied: null, adoptedOn: null }), seenByExternalId: async () => [{ id: referralId, organizationId: 'ours', closed: false }] } as unknown as Partial<Store>,
  });
  let creates = 0;
  const partner = { ...told.run.deps.partner, microsoftOrganizationId: 'msft', read: async () => ({ type: 'gone' }), create: async () => { creates += 1; } } as unknown as PartnerPort;
  const run: Run = { ...told.run, deps: { ...told.run.deps, partner } };
  const created = await createReferral(run, { link: linkOf({ attempts: { own, microsoft: null }, phase: own ? 'creating' : 'new' }), crm: snapshot(), partner: null, fresh: { crm: true, partner: false } }, {});
  return { outcome: created.type === 'end' && created.outcome, details: told.writes.map((each) => each.present.details).join(), attempt: told.commits.at(-1)?.link?.attempts.own, creates };
}

test('while a create of unknown outcome is looked for, it is looked for again', async () => {
  const { outcome, details, attempt, creates } = await adopt(unknown(0));
  expect(outcome).toMatchObject({ type: 'later', afterMs: timings.lookAgain[0] });
  expect(attempt).toMatchObject({ state: 'unknown', looked: 1 });
  expect(details).toContain('confirming');
  expect(creates).toBe(0);
});

test.each([['nothing was sent', null], ['it was looked for often enough', unknown(timings.lookAgain.length)]])('when %s, the admin is told, and it is looked at once in a while', async (_, own) => {
  const { outcome, details, attempt, creates } = await adopt(own);
  expect(outcome).toMatchObject({ type: 'later', afterMs: timings.recordBackOffMax });
  expect(JSON.parse(details)).toMatchObject({ reasons: [{ code: 'referral-gone', actor: 'admin' }] });
  expect(attempt).toEqual(own);
  expect(creates).toBe(0);
});
