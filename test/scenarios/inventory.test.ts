// The first start in front of 50,000 referrals: what is new does not wait for the inventory, what is older is never made a second time.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

const referrals = 50_000;

describe.each(crms)('with %s', (_, name) => {
  let world: World;
  let seller: CrmSeller;
  let database: pg.Client;

  beforeAll(async () => {
    world = await createWorld({ crms: [name] });
    seller = world.crm.seller;
    database = new pg.Client({ connectionString: world.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await world.close();
  });

  const { deal, isSynced, referralsOf: named, creates, patches, carried } = createRecords(() => world);
  const isComplete = async (): Promise<boolean> => (await database.query<{ complete: boolean }>('select bool_or(inventory_completed_on is not null) as complete from cosell.connection')).rows[0]?.complete ?? false;
  const seen = async (): Promise<number> => (await database.query<{ count: number }>('select count(*)::integer as count from cosell.seen_referral')).rows[0]!.count;
  const valuesWritten = (id: string) => carried(id, 'name', 'dealValue', 'notes', 'closingDate', 'solutions');

  test('a new opportunity does not wait for it; older ones are Pending until it is complete, then adopted or made, each once', async () => {
    world.pc.seedReferrals(referrals);
    // From the time before the service: nobody heard of them. One has its referral already, the newest of all and so the last to be seen.
    world.crm.bells.loseNext(2);
    const [shared, unshared] = [await seller.opportunity({ name: 'Shared by the old connector' }), await seller.opportunity({ name: 'Never shared' })];
    world.pc.loseNextEvents(1);
    const old = world.pc.createDeal({ name: 'Shared by the old connector', externalReferenceId: shared, dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
    await sleep(1_100);
    const before = JSON.stringify(old);

    // A page takes a moment, so that what is asked meanwhile is asked while the inventory runs.
    const slow = world.pc.api.addFault({ kind: 'slow', match: 'referral\\.list', ms: 100 });
    await world.serve();
    await Promise.all([shared, unshared].map((id) => world.crm.bells.ring(id)));
    const fresh = await seller.opportunity({ name: 'Made after the start' });
    await until('the new opportunity is synced', () => isSynced(fresh), 20_000, () => deal(fresh));
    expect(named(fresh)).toHaveLength(1);
    await until('the older ones are Pending', () => [shared, unshared].every((id) => deal(id).status === 'pending'), 20_000, () => [deal(shared), deal(unshared)]);
    expect(await isComplete()).toBe(false);
    expect(creates()).toBe(1);
    expect(named(shared)).toHaveLength(1);
    expect(JSON.stringify(world.pc.referral(old.id))).toBe(before);

    world.pc.api.clearFaults(slow);
    await until('the inventory is complete', isComplete, 90_000, () => world.pc.counts());
    expect(await seen()).toBeGreaterThanOrEqual(referrals + 1);
    // Their own next look comes by itself; a bell only spares the wait.
    await Promise.all([shared, unshared].map((id) => world.crm.bells.ring(id)));
    await until('the older ones are synced', () => isSynced(shared) && isSynced(unshared), 20_000, () => [deal(shared), deal(unshared)]);
    await world.quiet();
    expect(deal(shared).identifier).toBe(old.id);
    expect(named(shared)).toHaveLength(1);
    expect(named(unshared)).toHaveLength(1);
    expect(creates()).toBe(2);
    expect(patches(old.id)).toEqual([]);
    for (const id of [shared, unshared, fresh]) expect(valuesWritten(id)).toEqual([]);
    expect(world.crm.deals()).toHaveLength(3);
    expect(world.pc.referrals()).toHaveLength(referrals + 3);
  }, 180_000);
});
