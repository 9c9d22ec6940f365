// How many calls a change costs, counted by the stand-ins: the numbers of algorithm.md, section 4.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

describe.each(crms)('with %s', (_, name) => {
  let world: World;
  let seller: CrmSeller;
  let id: string;
  let referralId: string;

  beforeAll(async () => {
    world = await createWorld({ crms: [name] });
    seller = world.crm.seller;
    await world.serve();
  });
  beforeEach(async () => {
    id = await shared();
    referralId = referral(id).id;
    forget();
  });
  afterAll(() => world.close());

  const { deal, referral, shared, forget } = createRecords(() => world);
  /** The service's calls since `forget`. Certificates that the door fetches are no calls of a record. */
  const calls = (): Record<string, number> => ({ ...world.pc.api.counts(), ...world.crm.calls() });
  /** A write of the service there, with the reads that belong to it and others. */
  function written(what: 'ofOurs' | 'ofSellers', reads: number): Record<string, number> {
    const all = reads + world.crm.readsOfAWrite[what];
    return { ...(all > 0 ? { read: all } : {}), write: 1 };
  }
  const amountThere = (amount: number) => () => Number(referral(id).details.dealValue) === amount;
  const workDone = (): Promise<unknown> => until('the work is done', async () => (await world.owed()).every((each) => String((each as { key: string }).key).startsWith('chore:')));
  /** At most so many of one kind, and nothing else. */
  function costsAtMost(kind: string, most: number): void {
    expect(calls()[kind] ?? 0).toBeLessThanOrEqual(most);
    expect({ ...calls(), [kind]: 0 }).toEqual({ [kind]: 0 });
  }

  describe('a change in the CRM', () => {
    test('costs one read and two writes; its echo at most one read and no write', async () => {
      world.pc.pauseDelivery();
      await seller.edit(id, { dealValue: 60_000 });
      await until('the amount is there', amountThere(60_000));
      await workDone();
      expect(calls()).toEqual({ 'referral.patch': 1, ...written('ofOurs', 1) });
      forget();
      world.pc.resumeDelivery();
      await world.quiet();
      costsAtMost('referral.get', 1);
      expect(world.crm.writes()).toEqual([]);
    });

    test('of a column that nobody shares costs nothing', async () => {
      await seller.editUnshared(id);
      await world.quiet();
      expect(calls()).toEqual({});
    });

    test('that changes nothing costs one read, where it rings at all', async () => {
      await seller.edit(id, { dealValue: 50_000 });
      await world.quiet();
      expect(calls()).toEqual(world.crm.ringsForNothing ? { read: 1 } : {});
    });

    test('of a record that is not shared costs one read at most', async () => {
      const other = await seller.opportunity({ sync: false });
      await world.quiet();
      forget();
      await seller.edit(other, { dealValue: 70_000 });
      await world.quiet();
      costsAtMost('read', 1);
    });
  });

  describe('a new opportunity', () => {
    test('costs one read, one POST and one write; its echo at most one read', async () => {
      world.pc.pauseDelivery();
      const fresh = await seller.opportunity({ visibility: 'visible' });
      await until('it is shown', () => deal(fresh).status === 'synced');
      await workDone();
      expect(calls()).toEqual({ 'referral.create': 1, ...written('ofOurs', 1) });
      forget();
      world.pc.resumeDelivery();
      await world.quiet();
      costsAtMost('referral.get', 1);
      expect(world.crm.writes()).toEqual([]);
    });
  });

  describe('a change in the portal', () => {
    test('costs one read and one write; its echo at most one read and no write', async () => {
      world.crm.bells.pause();
      await world.crm.clockTick();
      world.pc.edit(referralId, { dealValue: 61_000 });
      await until('the amount is here', () => deal(id).dealValue === 61_000);
      await workDone();
      expect(calls()).toEqual({ 'referral.get': 1, ...written('ofSellers', 0) });
      expect(world.crm.writes()).toHaveLength(1);
      forget();
      world.crm.bells.resume();
      await world.quiet();
      costsAtMost('read', 1);
      expect(world.crm.writes()).toEqual([]);
    });

    test('costs nothing while the flag is no', async () => {
      await seller.edit(id, { sync: false });
      await until('it is not shared', () => deal(id).status === 'notShared');
      await world.quiet();
      expect(calls()).toEqual(written('ofOurs', 1));
      forget();
      world.pc.edit(referralId, { dealValue: 62_000 });
      world.pc.redeliver(referralId, 3, true);
      await world.quiet();
      expect(world.pc.deliveries().filter((each) => each.referralId === referralId && each.outcome === 202).length).toBeGreaterThanOrEqual(7);
      expect(calls()).toEqual({});
      expect(world.crm.writes()).toEqual([]);
    });

    test('costs nothing after the opportunity was deleted', async () => {
      await seller.remove(id);
      await world.quiet();
      forget();
      world.pc.edit(referralId, { dealValue: 63_000 });
      await world.quiet();
      expect(calls()).toEqual({});
      expect(world.crm.writes()).toEqual([]);
    });
  });

  describe('a further bell', () => {
    test('from Partner Center costs at most one read each', async () => {
      const rung = world.pc.redeliver(referralId, 5, true);
      await world.quiet();
      costsAtMost('referral.get', rung);
      expect(world.crm.writes()).toEqual([]);
    });

    test('from the CRM costs at most one read each', async () => {
      await seller.edit(id, { dealValue: 50_001 });
      await world.quiet();
      forget();
      await world.crm.bells.redeliverLast(5);
      await world.quiet();
      costsAtMost('read', 5);
      expect(world.crm.writes()).toEqual([]);
    });

    test('about a referral that belongs elsewhere costs at most one read each', async () => {
      const foreign = world.pc.createDeal({ name: 'Of another CRM', externalReferenceId: 'LEGACY-17' });
      await world.quiet();
      forget();
      const rung = world.pc.redeliver(foreign.id, 3, true);
      await world.quiet();
      costsAtMost('referral.get', rung);
      expect(world.crm.writes()).toEqual([]);
    });
  });
});
