// Races: bells that come twice, late, out of order or in the middle of a run, and people who work on both sides at once.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { createSeller, help, status, type Seller } from '../kit/seller';
import { watchPairs } from '../kit/watchPairs';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

describe.each([['an exact', false], ['a nasty', true]])('in %s world', (_, nasty) => {
  let world: World;
  let seller: Seller;

  beforeAll(async () => {
    world = await createWorld({ nasty });
    seller = createSeller(world.dv);
    await world.serve();
  });
  afterEach(() => {
    world.pc.api.clearFaults();
    world.dv.clearFaults();
  });
  afterAll(() => world.close());

  const { cells, referralOf, named, recordsOf, accounts, contacts, isSynced, shared, carried, patches, creates, forget, neverInConflict, sameAmount } = watchPairs(() => world, () => seller);

  describe('a record saved twice within 100 ms', () => {
    test('when it is new becomes one referral with the last values', async () => {
      forget();
      const id = await seller.opportunity({ name: 'Twice new', estimatedvalue: 1_000 });
      await Promise.all([seller.update('opportunities', id, { estimatedvalue: 1_001 }), seller.update('opportunities', id, { description: 'Twice.' })]);
      await until('both sides hold the last values', sameAmount(id, 1_001), 20_000, () => cells(id));
      await world.quiet();
      expect(named(id)).toHaveLength(1);
      expect(referralOf(id).details.notes).toBe('Twice.');
      expect(creates()).toBe(1);
      expect(carried(id, 'estimatedvalue', 'description')).toEqual([]);
      neverInConflict();
    });

    test('when it is shared sends the last values and writes none back', async () => {
      const id = await shared({ name: 'Twice shared' });
      forget();
      await seller.update('opportunities', id, { estimatedvalue: 2_001 });
      await seller.update('opportunities', id, { estimatedvalue: 2_002 });
      await until('both sides hold the last value', sameAmount(id, 2_002), 20_000, () => cells(id));
      await world.quiet();
      expect(patches(referralOf(id).id).length).toBeLessThanOrEqual(2);
      expect(carried(id, 'estimatedvalue')).toEqual([]);
      expect(creates()).toBe(0);
      neverInConflict();
    });
  });

  describe('the same event 5 times and out of order', () => {
    test('of a new deal makes one opportunity, one account and one contact', async () => {
      const records = world.dv.rows('opportunity').length;
      const deal = world.pc.createDeal({ name: 'Five times', customerName: 'Five Times Ltd', contact: { email: 'five@times.example' } });
      world.pc.redeliver(deal.id, 5, true);
      await until('the opportunity stands', () => recordsOf(deal.id)[0], 20_000);
      await world.quiet();
      expect(recordsOf(deal.id)).toHaveLength(1);
      expect(world.dv.rows('opportunity')).toHaveLength(records + 1);
      expect(accounts('Five Times Ltd')).toHaveLength(1);
      expect(contacts('five@times.example')).toHaveLength(1);
      expect(named(recordsOf(deal.id)[0]!.id)).toHaveLength(1);
    });

    test('of a change writes once, and of no change writes nothing', async () => {
      const id = await shared({ name: 'Five changes' });
      forget();
      world.pc.edit(referralOf(id).id, { dealValue: 3_001 });
      world.pc.redeliver(referralOf(id).id, 5, true);
      await until('the amount is here', sameAmount(id, 3_001), 20_000, () => cells(id));
      await world.quiet();
      expect(carried(id, 'estimatedvalue')).toHaveLength(1);
      expect(patches(referralOf(id).id)).toEqual([]);
      forget();
      world.pc.redeliver(referralOf(id).id, 5, true);
      await world.quiet();
      expect(world.dv.writes()).toEqual([]);
      expect(patches(referralOf(id).id)).toEqual([]);
      expect(creates()).toBe(0);
    });

    test('of the CRM sends nothing a second time', async () => {
      const id = await shared({ name: 'Five saves' });
      forget();
      await seller.update('opportunities', id, { estimatedvalue: 3_501 });
      await until('the amount is there', sameAmount(id, 3_501), 20_000, () => cells(id));
      await world.dv.redeliverLastEvent(5);
      await world.quiet();
      expect(patches(referralOf(id).id)).toHaveLength(1);
      expect(carried(id, 'estimatedvalue')).toEqual([]);
      expect(creates()).toBe(0);
    });
  });

  describe('a bell in the middle of a run', () => {
    test('sends what the seller saved while the change before it was on its way', async () => {
      const id = await shared({ name: 'Middle of a patch' });
      forget();
      world.pc.api.addFault({ kind: 'slow', match: 'referral\\.patch', ms: 400, times: 1 });
      await seller.update('opportunities', id, { estimatedvalue: 4_001 });
      await until('the first change is on its way', () => (world.pc.counts()['referral.patch'] ?? 0) === 1);
      await seller.update('opportunities', id, { estimatedvalue: 4_002, description: 'While it ran.' });
      await until('the second change is there', sameAmount(id, 4_002), 20_000, () => cells(id));
      await world.quiet();
      expect(referralOf(id).details.notes).toBe('While it ran.');
      expect(carried(id, 'estimatedvalue', 'description')).toEqual([]);
      neverInConflict();
    });

    test('keeps a change of the portal that came before our write of another field', async () => {
      const id = await shared({ name: 'Middle of a patch, portal' });
      forget();
      world.pc.api.addFault({ kind: 'slow', match: 'referral\\.patch', ms: 400, times: 1 });
      await seller.update('opportunities', id, { estimatedvalue: 4_101 });
      await until('our write is on its way', () => (world.pc.counts()['referral.patch'] ?? 0) === 1);
      world.pc.edit(referralOf(id).id, { notes: 'From the portal.' });
      await until('both changes are on both sides', () => sameAmount(id, 4_101)() && cells(id).description === 'From the portal.', 20_000, () => cells(id));
      await world.quiet();
      expect(referralOf(id).details.notes).toBe('From the portal.');
      expect(carried(id, 'estimatedvalue')).toEqual([]);
      expect(carried(id, 'description')).toHaveLength(1);
      expect(patches(referralOf(id).id)).toHaveLength(1);
      neverInConflict();
    });

    test('keeps what the seller saved while a change of the portal was being written', async () => {
      const id = await shared({ name: 'Middle of a write' });
      forget();
      world.dv.addFault({ kind: 'slow', match: 'opportunity\\.patch', ms: 400, times: 1 });
      const before = world.dv.counts()['opportunity.patch'] ?? 0;
      world.pc.edit(referralOf(id).id, { dealValue: 4_201 });
      await until('our write is on its way', () => (world.dv.counts()['opportunity.patch'] ?? 0) > before);
      await seller.update('opportunities', id, { description: 'By the seller.' });
      await until('both changes are on both sides', () => sameAmount(id, 4_201)() && referralOf(id).details.notes === 'By the seller.', 20_000, () => cells(id));
      await world.quiet();
      expect(cells(id).description).toBe('By the seller.');
      expect(carried(id, 'estimatedvalue')).toHaveLength(1);
      expect(carried(id, 'description')).toEqual([]);
      neverInConflict();
    });
  });

  describe("Microsoft's event before the answer", () => {
    test('to POST 1 makes no second opportunity and no second referral', async () => {
      const records = world.dv.rows('opportunity').length;
      const customers = world.dv.rows('account').length;
      forget();
      world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.create', ms: 600, times: 1 });
      const id = await seller.opportunity({ name: 'Event first' });
      const event = await until('the event was delivered', () => world.pc.deliveries().find((each) => each.referralId === named(id)[0]?.id && each.outcome === 202), 5_000);
      const first = world.pc.api.requests().find((each) => each.kind === 'referral.create');
      if (!nasty) expect(first).toBeUndefined();
      expect(event.eventName).toContain('created');
      await until('the opportunity is synced', isSynced(id), 20_000, () => cells(id));
      await world.quiet();
      expect(named(id)).toHaveLength(1);
      expect(creates()).toBe(1);
      expect(world.dv.rows('opportunity')).toHaveLength(records + 1);
      expect(world.dv.rows('account')).toHaveLength(customers);
      expect(carried(id, 'name', 'estimatedvalue', 'description', 'estimatedclosedate')).toEqual([]);
      neverInConflict();
    });

    test('to POST 2 asks Microsoft once', async () => {
      forget();
      world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.createMicrosoft', ms: 600, times: 1 });
      const id = await seller.opportunity({ name: 'Event of the second first', cosell_howcanmicrosofthelp: help.poc });
      await until('the opportunity is synced', isSynced(id), 20_000, () => cells(id));
      await world.quiet();
      expect(world.pc.engagement(referralOf(id).engagementId)).toHaveLength(2);
      expect(creates()).toBe(2);
      expect(cells(id).cosell_microsoftreferralstatus).toBe('New/Pending');
      neverInConflict();
    });

    test('that comes only after the waiting has ended still finds the record', async () => {
      const records = world.dv.rows('opportunity').length;
      forget();
      world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.create', ms: 2_500, times: 1 });
      const id = await seller.opportunity({ name: 'Event long before' });
      await until('the opportunity is synced', isSynced(id), 20_000, () => cells(id));
      await world.quiet();
      expect(named(id)).toHaveLength(1);
      expect(creates()).toBe(1);
      expect(world.dv.rows('opportunity')).toHaveLength(records + 1);
    });
  });

  describe('two portal deals of one new customer at once', () => {
    test('make two opportunities, one account and one contact', async () => {
      forget();
      const input = { customerName: 'Tailspin Toys', address: { postalCode: '98101' }, contact: { email: 'both@tailspin.example' } };
      const deals = [world.pc.createDeal({ ...input, name: 'Tailspin one' }), world.pc.createDeal({ ...input, name: 'Tailspin two' })];
      await until('both opportunities stand', () => deals.every((each) => recordsOf(each.id).length === 1 && isSynced(recordsOf(each.id)[0]!.id)()), 20_000, () => deals.map((each) => recordsOf(each.id)));
      await world.quiet();
      expect(accounts('Tailspin Toys')).toHaveLength(1);
      expect(contacts('both@tailspin.example')).toHaveLength(1);
      const customer = accounts('Tailspin Toys')[0]!.id;
      for (const each of deals) {
        expect(recordsOf(each.id)).toHaveLength(1);
        expect(recordsOf(each.id)[0]!.cells.parentaccountid).toEqual({ table: 'account', id: customer });
        expect(world.pc.referral(each.id)?.externalReferenceId).toBe(recordsOf(each.id)[0]!.id);
        expect(patches(each.id)).toHaveLength(1);
      }
      expect(creates()).toBe(0);
    });
  });

  describe('the flag off, both sides edited, and on again', () => {
    test('writes nothing while it is off; then every change travels, and there is one referral, one opportunity, one account', async () => {
      const id = await shared({ name: 'Off and on' });
      const { id: referralId } = referralOf(id);
      const [records, customers, deals] = [world.dv.rows('opportunity').length, world.dv.rows('account').length, world.pc.referrals().length];
      await seller.update('opportunities', id, { cosell_syncwithpartnercenter: false });
      await until('it is not shared', () => cells(id).cosell_syncstatus === status.notShared);
      await world.quiet();
      forget();
      await seller.update('opportunities', id, { estimatedvalue: 6_001 });
      world.pc.edit(referralId, { notes: 'Written while off.' });
      await world.quiet();
      expect(world.dv.writes().filter((each) => each.user === seedIds.serviceUser)).toEqual([]);
      expect(patches(referralId)).toEqual([]);
      await seller.update('opportunities', id, { cosell_syncwithpartnercenter: true });
      await until('both changes are on both sides', () => sameAmount(id, 6_001)() && cells(id).description === 'Written while off.', 20_000, () => cells(id));
      await world.quiet();
      expect(patches(referralId)).toHaveLength(1);
      expect(carried(id, 'description')).toHaveLength(1);
      expect(carried(id, 'estimatedvalue')).toEqual([]);
      expect([world.dv.rows('opportunity').length, world.dv.rows('account').length, world.pc.referrals().length]).toEqual([records, customers, deals]);
      expect(creates()).toBe(0);
      neverInConflict();
    });

    test('asks a person when both edited the same field, and touches neither value', async () => {
      const id = await shared({ name: 'Off and on, same field' });
      const { id: referralId } = referralOf(id);
      await seller.update('opportunities', id, { cosell_syncwithpartnercenter: false });
      await until('it is not shared', () => cells(id).cosell_syncstatus === status.notShared);
      await world.quiet();
      forget();
      await seller.update('opportunities', id, { estimatedvalue: 6_101 });
      world.pc.edit(referralId, { dealValue: 6_102 });
      await world.quiet();
      await seller.update('opportunities', id, { cosell_syncwithpartnercenter: true });
      await until('the conflict is shown', () => cells(id).cosell_syncstatus === status.conflict, 20_000, () => cells(id));
      await world.quiet();
      expect(cells(id).estimatedvalue).toBe(6_101);
      expect(Number(world.pc.referral(referralId)?.details.dealValue)).toBe(6_102);
      expect(patches(referralId)).toEqual([]);
      expect(carried(id, 'estimatedvalue')).toEqual([]);
      expect(creates()).toBe(0);
    });
  });
});
