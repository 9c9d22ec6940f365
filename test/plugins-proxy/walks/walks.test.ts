// The walks on a real PostgreSQL, over remote systems that answer as the test says: nothing found is lost, and nothing odd stops a walk for ever.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newLink, type Json, type Link } from '../../../core/index';
import { RemoteFailure } from '../../../plugins-proxy/ports/failure';
import type { ChangedRecord, CrmPort } from '../../../plugins-proxy/ports/crm';
import type { ListedReferral, PartnerPort, ReferralPage } from '../../../plugins-proxy/ports/partner';
import { side } from '../../../plugins-proxy/ports/store';
import { choreKey, choreStates, scheduleChore, type Chore } from '../../../plugins-proxy/schedule/chores';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { startInventory } from '../../../plugins-proxy/store/inventory';
import { createInventory } from '../../../plugins-proxy/walks/inventory';
import { createReconcile } from '../../../plugins-proxy/walks/reconcile';
import { createRetention } from '../../../plugins-proxy/walks/retention';
import { bench, openBench, quick, row, until } from '../schedule/bench';

beforeAll(() => openBench());
afterEach(() => bench.clear());
afterAll(() => bench.close());

const now = '2026-11-27T10:00:00.000Z';
const referralId = '7f1d8a52-6c1a-4a52-9f58-0d0a6c1f0001';
const record = 'crm:dataverse:opportunity:o1';

const referral = (more: Partial<ListedReferral> = {}): ListedReferral => ({
  id: referralId, engagementId: 'e1', externalReferenceId: null, organizationId: 'ours', version: 'v2', status: 'Active', substatus: 'Accepted',
  createdOn: '2026-11-01T08:00:00.000Z', updatedOn: now, expiresOn: null, ...more,
});

type List = (next: string | null) => Promise<Omit<ReferralPage, 'serverNow'>>;
const partner = (list: List): PartnerPort => {
  const page = async (next: string | null): Promise<ReferralPage> => ({ ...(await list(next)), serverNow: now });
  return { connection: 'partner-center', listOldest: page, listUpdated: page } as unknown as PartnerPort;
};

type Changed = (next: string | null) => Promise<{ readonly records: readonly ChangedRecord[]; readonly next: string | null }>;
const crm = (changed: Changed): CrmPort =>
  ({ connection: 'dataverse', displayName: 'Dynamics 365', canonicalId: (text: string) => (text.startsWith('o') ? text : null), changedSince: async (_kind: string, _mark: string, next: string | null) => ({ ...(await changed(next)), serverNow: now }) }) as unknown as CrmPort;
const silent = crm(async () => ({ records: [], next: null }));

/** A pair that is remembered as it was before the changes that the walks find. */
async function linked(more: Partial<Link> = {}): Promise<void> {
  const link: Link = {
    ...newLink({ id: 'l1', crmConnection: 'dataverse', partnerConnection: 'partner-center', kind: 'opportunity', crmId: 'o1', mappingVersion: '1' }), phase: 'linked', referralId, engagementId: 'e1',
    crm: { version: 'W/"1"' } as Link['crm'], partner: { version: 'v1' } as Link['partner'], refs: { account: 'a1', contact: null, owner: null }, ...more,
  };
  await ring(bench.pool, [{ key: record, sides: 0, priority: 1 }]);
  await bench.pool.query('update cosell.work set lease = 7, claimed = wanted where key = $1', [record]);
  await createStore(bench.pool).commit({ lease: { key: record, owner: 7, wanted: '1', sides: 0, rungOn: now, attempts: 1, claimedOn: now }, link, finish: true });
}

/** The row waits for a connection that cannot be reached, and owes these sides. */
async function waits(sides: number, gate: string): Promise<void> {
  await bench.pool.query("insert into cosell.gate (connection, closed, code, since, next_try_on) values ($1, true, 'remote-down', now(), now() + interval '1 hour')", [gate]);
  await ring(bench.pool, [{ key: record, sides, priority: 1 }]);
  await bench.pool.query('update cosell.work set waits_for = $2, sides = $3 where key = $1', [record, gate, sides]);
}

/** The sides of the record's row that nobody has looked at. */
const owedSides = async (): Promise<number> => {
  const { sides, taken } = (await row(bench.pool, record)) as { sides: number; taken: number };
  return sides | taken;
};

const found: [string, number][] = [];
const walksOf = (deps: { partner?: PartnerPort; crms?: readonly CrmPort[] }): readonly Chore[] => {
  found.length = 0;
  return createReconcile({ pool: bench.pool, store: createStore(bench.pool), partner: deps.partner ?? partner(async () => ({ referrals: [], next: null })), crms: deps.crms ?? [silent], everyMs: 300, timings: quick, found: (connection, count) => found.push([connection, count]) });
};

/** Runs one chore in a worker that knows no other; records stay where they are. @param cursor where its last page left off */
async function walk(chore: Chore, cursor: Json | null = { mark: '2026-11-27T09:50:00.000Z', next: null, nextMark: null, rung: {} }): Promise<void> {
  await scheduleChore(bench.pool, { ...chore, firstAfterMs: 3_600_000 });
  await bench.pool.query('update cosell.chore set cursor = $2, ran_on = null where key = $1', [choreKey(chore), JSON.stringify(cursor)]);
  const { worker } = await bench.work(async () => ({ type: 'later', afterMs: 3_600_000 }));
  await worker.registerChore({ ...chore, firstAfterMs: 0 });
  await until(async () => (await choreStates(bench.pool)).some((each) => each.ranOn !== null));
}

const stateOf = async (name: string) => (await choreStates(bench.pool)).find((each) => each.name === name)!;

describe('reconcile', () => {
  test('rings a record that waits already for the other side, so that its change is read when it goes on, and counts it as no missed event', async () => {
    await linked();
    await waits(side.crm, 'dataverse');
    await walk(walksOf({ partner: partner(async () => ({ referrals: [referral()], next: null })) }).find((each) => each.name === 'reconcile-referrals')!);
    expect((await owedSides()) & side.partner).toBe(side.partner);
    expect(found).toEqual([['partner-center', 0]]);
  });

  test('does so for a change in the CRM too, while Partner Center is away', async () => {
    await linked();
    await waits(side.partner, 'partner-center');
    const changed = crm(async () => ({ records: [{ kind: 'opportunity', id: 'o1', version: 'W/"2"', modifiedOn: now }], next: null }));
    await walk(walksOf({ crms: [changed] }).find((each) => each.name === 'reconcile-opportunity')!);
    expect((await owedSides()) & side.crm).toBe(side.crm);
    expect(found).toEqual([['dataverse', 0]]);
  });

  test('rings only those customers that a shared record hangs on', async () => {
    await linked();
    const changed = crm(async () => ({ records: ['a1', 'a2'].map((id) => ({ kind: 'account', id, version: 'W/"2"', modifiedOn: now })), next: null }));
    await walk(walksOf({ crms: [changed] }).find((each) => each.name === 'reconcile-account')!);
    const { rows } = await bench.pool.query("select key from cosell.work where key like 'crm:dataverse:account:%'");
    expect(rows).toEqual([{ key: 'crm:dataverse:account:a1' }]);
    expect((await stateOf('reconcile-account')).cursor).toMatchObject({ next: null, rung: { a1: 'W/"2"' } });
  });

  test('stops at a list that leads back to the page just read, and says so', async () => {
    await linked();
    let pages = 0;
    const endless = crm(async () => { pages += 1; return { records: [], next: 'the same' }; });
    await walk(walksOf({ crms: [endless] }).find((each) => each.name === 'reconcile-opportunity')!);
    await until(async () => (await stateOf('reconcile-opportunity')).failingSince !== null);
    expect(pages).toBeLessThanOrEqual(4);
  });

  test.each(['reconcile-opportunity', 'reconcile-referrals'])('begins a walk anew when the place where it stood is no longer taken: %s', async (name) => {
    await linked();
    const refused = (): never => { throw new RemoteFailure('The page is no longer known (400).', { connection: 'x', class: name === 'reconcile-referrals' ? 'remote' : 'bug', status: 400 }); };
    const changed = crm(async (next) => (next === 'stale' ? refused() : { records: [{ kind: 'opportunity', id: 'o1', version: 'W/"2"', modifiedOn: now }], next: null }));
    const list = partner(async (next) => (next === 'stale' ? refused() : { referrals: [referral()], next: null }));
    await walk(walksOf({ crms: [changed], partner: list }).find((each) => each.name === name)!, { mark: '2026-11-27T09:50:00.000Z', next: 'stale', nextMark: now, rung: {} });
    await until(async () => (await owedSides()) !== 0);
    expect((await stateOf(name)).failingSince).toBeNull();
  });
});

describe('the inventory', () => {
  const inventoryOf = (list: List): Chore => createInventory({ pool: bench.pool, store: createStore(bench.pool), partner: partner(list), crms: [silent], timings: quick });
  const isComplete = async (): Promise<boolean> => (await createStore(bench.pool).inventory('partner-center')).complete;

  test('goes on soon after an accident: older opportunities wait for it', async () => {
    await startInventory(bench.pool, 'partner-center');
    let asked = 0;
    await walk(inventoryOf(async () => {
      if ((asked += 1) === 1) throw new RemoteFailure('Partner Center answered 500.', { connection: 'partner-center', class: 'remote', status: 500 });
      return { referrals: [referral()], next: null };
    }), null);
    await until(isComplete, 5_000);
  });

  test('takes in referrals whose texts a database dislikes', async () => {
    await startInventory(bench.pool, 'partner-center');
    await walk(inventoryOf(async () => ({ referrals: [referral({ externalReferenceId: 'a\0b\ud83d', engagementId: 'e\0' })], next: null })), null);
    await until(isComplete);
    expect((await bench.pool.query('select id from cosell.seen_referral')).rows).toEqual([{ id: referralId }]);
  });

  test('begins anew when the place where it stood is no longer taken', async () => {
    await startInventory(bench.pool, 'partner-center');
    await walk(inventoryOf(async (next) => {
      if (next !== null) throw new RemoteFailure('The page is no longer known (400).', { connection: 'partner-center', class: 'remote', status: 400 });
      return { referrals: [referral()], next: null };
    }), 'stale');
    await until(isComplete);
  });
});

test('the timeline keeps two years, and older entries are forgotten page by page', async () => {
  await linked();
  await bench.pool.query(`insert into cosell.timeline (link_id, plan, n, at, text)
    select 'l1', 'old', n, now() - interval '2 years 1 minute', 'old' from generate_series(1, 5001) n
    union all select 'l1', 'kept', 0, now() - interval '2 years' + interval '1 hour', 'kept'`);
  await walk({ ...createRetention(bench.pool, 'partner-center'), firstAfterMs: 0 }, null);
  const left = async (): Promise<readonly string[]> => (await bench.pool.query<{ text: string }>('select distinct text from cosell.timeline')).rows.map((each) => each.text);
  await until(async () => (await left()).length === 1);
  expect(await left()).toEqual(['kept']);
});
