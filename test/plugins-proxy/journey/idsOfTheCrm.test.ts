// A CRM that chooses ids itself: a record goes by its referral's id until it is made, and whoever rings meanwhile finds the right row.
import { describe, expect, test } from '@jest/globals';
import { resolveLink } from '../../../plugins-proxy/journey/resolveLink';
import { linkOf, referralId, runOver, snapshot } from './journeyKit';

const plannedRecord = { kind: 'opportunity', values: {}, lastSyncedOn: '2026-11-27T09:59:00Z' } as const;
const shownReferral = { ...snapshot().shown, identifier: referralId.toUpperCase() };

describe('the name that a record went by before it was made', () => {
  test('leads to the record, with the sides that rang', async () => {
    const { run, commits, reads } = runOver(`crm:crm:opportunity:${referralId}`, { lease: { sides: 6 }, store: { linkByReferral: async () => linkOf({ referralId }) } });
    expect(await resolveLink(run)).toEqual({ type: 'end', outcome: { type: 'done' } });
    expect(commits).toMatchObject([{ finish: true, ring: [{ key: 'crm:crm:opportunity:record-1', sides: 6 }] }]);
    expect([reads, commits[0]!.link]).toEqual([[], undefined]);
  });

  test('of a referral that nobody holds costs nothing and makes nothing', async () => {
    const { run, commits, reads } = runOver(`crm:crm:opportunity:${referralId}`);
    expect(await resolveLink(run)).toMatchObject({ type: 'end' });
    expect([commits, reads]).toEqual([[{ lease: run.lease, finish: true, ring: [] }], []]);
  });
});

describe('a record that somebody saved before the run that made it could remember its id', () => {
  const rung = (link: Parameters<typeof linkOf>[0]) => runOver('crm:crm:opportunity:record-9', { read: () => ({ type: 'found', snapshot: snapshot({ shown: shownReferral }) }), store: { linkByReferral: async () => linkOf(link) } });

  test('gets no second link: the run that made it looks again', async () => {
    const { run, commits } = rung({ crmId: referralId, referralId, phase: 'creating', plannedRecord });
    expect(await resolveLink(run)).toMatchObject({ type: 'end' });
    expect(commits).toMatchObject([{ finish: true, ring: [{ key: `crm:crm:opportunity:${referralId}`, sides: 1 }] }]);
  });

  test.each([['has been made', { referralId, plannedRecord: null }], ['another CRM waits for', { referralId, plannedRecord, crmConnection: 'other' }]])('a copy of one that %s is judged as any record', async (_, link) => {
    const { run, commits } = rung(link);
    expect(await resolveLink(run)).toMatchObject({ type: 'go', link: { rev: 0, crmId: 'record-9', phase: 'new' } });
    expect(commits).toEqual([]);
  });
});
