// Reconcile: an event that never came, on either side, costs time and nothing else; what was found so is counted.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { crms, type CrmName, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

/** Milliseconds between two walks. */
const INTERVAL = 400;

describe.each(crms)('with %s', (_, name) => {
  let world: World;
  let seller: CrmSeller;

  beforeAll(async () => {
    // Both stand-ins tell their time in whole seconds: what was changed just now may seem to lie ahead of them. All that is missed counts here, however young.
    world = await createWorld({ crms: [name], reconcileMinutes: INTERVAL / 60_000, timings: { missedAfter: -2_000 } });
    seller = world.crm.seller;
    await world.serve();
    await walks(1);
  });
  afterAll(() => world.close());

  const records = createRecords(() => world);

  /** Waits until every walk has been made so many times from now on. */
  async function walks(times: number): Promise<void> {
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    const since = ((await client.query('select clock_timestamp() as now')).rows[0] as { now: Date }).now;
    const finished = async (after: Date): Promise<boolean> => (await client.query("select 1 from cosell.chore where key like 'chore:reconcile%' and (succeeded_on is null or succeeded_on <= $1)", [after])).rowCount === 0;
    let from = since;
    for (let time = 0; time < times; time += 1) {
      await until('reconcile has walked', () => finished(from));
      from = ((await client.query('select clock_timestamp() as now')).rows[0] as { now: Date }).now;
    }
    await client.end();
  }

  async function found(connection: CrmName | 'partner-center'): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${world.port}/metrics`)).text();
    return Number(new RegExp(`^cosell_found_by_reconcile_total\\{connection="${connection}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  }

  const lost = async (side: CrmName | 'partner-center', change: () => Promise<unknown> | unknown): Promise<void> => {
    const lose = side === 'partner-center' ? world.pc.loseNextEvents : world.crm.bells.loseNext;
    lose(1_000);
    await change();
    lose(0);
  };

  describe('a missed event of the CRM', () => {
    test('about a new opportunity: it is shared', async () => {
      const before = await found(name);
      let id = '';
      await lost(name, async () => (id = await seller.opportunity({ name: 'Nobody rang' })));
      await records.reaches(id, 'synced');
      expect(records.referralsOf(id)).toHaveLength(1);
      expect(await found(name)).toBeGreaterThan(before);
    });

    test('about a changed amount: it goes out', async () => {
      const id = await records.shared({ name: 'Changed in silence' });
      // What was read within the second of its change is looked at once more, which must be over: else that look finds the change.
      await world.crm.clockTick();
      await walks(1);
      await world.quiet();
      const before = await found(name);
      await lost(name, () => seller.edit(id, { dealValue: 81_000 }));
      await until('the amount arrives', () => Number(records.referral(id).details.dealValue) === 81_000, 20_000, () => records.deal(id));
      await records.reaches(id, 'synced');
      expect(await found(name)).toBeGreaterThan(before);
    });

    test('about a won deal: it is won there', async () => {
      const id = await records.shared({ name: 'Won in silence' });
      await lost(name, () => seller.win(id));
      await until('the referral is won', () => records.referral(id).substatus === 'Won', 20_000, () => records.deal(id));
      await records.reaches(id, 'synced');
    });

    test('about a mended account: the opportunity that waited for it is shared, untouched', async () => {
      const account = await seller.customer({ name: 'Wide World Importers', street: '1 Main Street', city: 'Oslo' });
      const id = await seller.opportunity({ customer: account });
      await records.shows(id, 'customer-country-missing');
      await world.quiet();
      await lost(name, () => seller.editCustomer(account, { country: 'Norway' }));
      await records.reaches(id, 'synced');
      expect(records.referral(id).customerProfile.address.country).toBe('NO');
    });
  });

  describe('a missed event of Partner Center', () => {
    test('about an edited deal: the opportunity follows', async () => {
      const id = await records.shared({ name: 'Edited in silence' });
      // The look at our own echo must be over, else it finds the edit.
      await world.crm.clockTick();
      await walks(1);
      await world.quiet();
      const before = await found('partner-center');
      await lost('partner-center', () => world.pc.edit(records.referral(id).id, { dealValue: 82_000, notes: 'No event told this.' }));
      await until('the edit arrives', () => records.deal(id).dealValue === 82_000, 20_000, () => records.deal(id));
      await records.reaches(id, 'synced');
      expect(records.deal(id).notes).toBe('No event told this.');
      expect(await found('partner-center')).toBeGreaterThan(before);
    });

    test('about a new deal: the opportunity is made, once', async () => {
      const before = await found('partner-center');
      let referralId = '';
      await lost('partner-center', () => (referralId = world.pc.createDeal({ name: 'Arrived in silence' }).id));
      await records.arrived(referralId);
      await walks(1);
      await world.quiet();
      expect(records.dealsOf(referralId)).toHaveLength(1);
      expect(await found('partner-center')).toBeGreaterThan(before);
    });

    test('about Microsoft, which accepted: it is shown', async () => {
      const id = await records.shared({ name: 'Accepted in silence', help: 'ProofOfConceptOrDemo' });
      await lost('partner-center', () => world.pc.microsoftAccepts(records.referral(id).id));
      await until('it is shown', () => records.deal(id).microsoftStatus === 'Active/Accepted', 20_000, () => records.deal(id));
      await records.reaches(id, 'synced');
    });
  });

  test('events missed on both sides about the same field: a conflict, nothing overwritten', async () => {
    const id = await records.shared({ name: 'Both in silence' });
    await lost(name, () => lost('partner-center', async () => {
      world.pc.edit(records.referral(id).id, { dealValue: 55_000 });
      await seller.edit(id, { dealValue: 60_000 });
    }));
    await until('a side was found', () => records.deal(id).status === 'conflict', 20_000, () => records.deal(id));
    await world.quiet();
    expect(records.deal(id).dealValue).toBe(60_000);
    expect(Number(records.referral(id).details.dealValue)).toBe(55_000);
  });

  test('where nothing was missed the walks find nothing, write nothing and read no record', async () => {
    await world.quiet();
    await walks(2);
    await world.quiet();
    const before = [await found(name), await found('partner-center')];
    records.forget();
    await walks(2);
    await world.quiet();
    expect([await found(name), await found('partner-center')]).toEqual(before);
    expect(world.crm.writes()).toEqual([]);
    const { 'referral.list': lists = 0, ...others } = world.pc.counts();
    expect(lists).toBeGreaterThan(0);
    // Microsoft's open referrals are asked for in turn, event or not.
    expect(Object.keys(others).filter((kind) => kind !== 'referral.get')).toEqual([]);
    expect(world.crm.calls().read ?? 0).toBe(0);
  });

  test('while Partner Center is away the walk of the CRM goes on, and afterwards what was missed there is found too', async () => {
    const id = await records.shared({ name: 'Missed in an outage' });
    world.pc.api.addFault({ kind: '503' });
    await lost('partner-center', () => world.pc.edit(records.referral(id).id, { notes: 'Missed in the outage.' }));
    let other = '';
    await lost(name, async () => (other = await seller.opportunity({ name: 'Found in the outage' })));
    expect(await records.shows(other, 'remote-down')).toMatchObject({ actor: 'wait' });
    await sleep(INTERVAL);
    world.pc.api.clearFaults();
    await records.reaches(other, 'synced');
    await until('the edit arrives', () => records.deal(id).notes === 'Missed in the outage.', 20_000, () => records.deal(id));
  });
});
