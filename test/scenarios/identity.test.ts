// Who belongs to whom: deleted, retired, bound and taken-over records never make a second referral, and no deal a second record.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { createSeller, status, type Row, type Seller } from '../kit/seller';
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

  const { cells, referralOf, named, recordsOf, isSynced, shared, carried, patches, unchanged, creates, forget } = watchPairs(() => world, () => seller);

  describe('an opportunity that was deleted', () => {
    test('ends the link: the referral is not touched, and later bells make nothing', async () => {
      const id = await shared({ name: 'Deleted' });
      const { id: referralId } = referralOf(id);
      const before = unchanged(referralId);
      await seller.remove('opportunities', id);
      await world.quiet();
      expect(unchanged(referralId)).toBe(before);
      const records = world.dv.rows('opportunity').length;
      forget();
      world.pc.edit(referralId, { dealValue: 5_001 });
      world.pc.redeliver(referralId, 3, true);
      await world.quiet();
      expect(world.dv.rows('opportunity')).toHaveLength(records);
      expect(world.dv.row('opportunity', id)).toBeUndefined();
      expect(world.dv.writes()).toEqual([]);
      expect(patches(referralId)).toEqual([]);
      expect(creates()).toBe(0);
    });

    test('that once came from the portal is never made again under its retired id', async () => {
      const deal = world.pc.createDeal({ name: 'Deleted inbound', customerName: 'Retired Ltd', closingDate: '2027-02-28' });
      const { id } = await until('the opportunity stands', () => recordsOf(deal.id)[0], 20_000);
      await world.quiet();
      // Nobody heard of it: the next write finds out.
      world.dv.loseNextEvents(1);
      await seller.remove('opportunities', id);
      const records = world.dv.rows('opportunity').length;
      forget();
      world.pc.edit(deal.id, { dealValue: 5_101 });
      await world.quiet();
      world.pc.edit(deal.id, { notes: 'And again.' });
      world.pc.redeliver(deal.id, 3, true);
      await world.quiet();
      expect(world.dv.row('opportunity', id)).toBeUndefined();
      expect(world.dv.rows('opportunity')).toHaveLength(records);
      expect(recordsOf(deal.id)).toEqual([]);
      expect(world.dv.writes()).toEqual([]);
      expect(patches(deal.id)).toEqual([]);
      expect(creates()).toBe(0);
    });

    test('in the middle of a write stays deleted', async () => {
      const id = await shared({ name: 'Deleted in the middle' });
      const { id: referralId } = referralOf(id);
      world.dv.addFault({ kind: 'slow', match: 'opportunity\\.patch', ms: 300, times: 1 });
      const before = world.dv.counts()['opportunity.patch'] ?? 0;
      world.pc.edit(referralId, { dealValue: 5_201 });
      await until('our write is on its way', () => (world.dv.counts()['opportunity.patch'] ?? 0) > before);
      await seller.remove('opportunities', id);
      forget();
      await world.quiet();
      expect(world.dv.row('opportunity', id)).toBeUndefined();
      expect(world.dv.writes()).toEqual([]);
      expect(patches(referralId)).toEqual([]);
      expect(creates()).toBe(0);
    });

    test('and undeleted goes on with its old referral', async () => {
      const id = await shared({ name: 'Undeleted' });
      const { id: referralId } = referralOf(id);
      const { cosell_lastsyncedon, cosell_syncstatus } = cells(id);
      await seller.remove('opportunities', id);
      await world.quiet();
      forget();
      await seller.opportunity({ opportunityid: id, name: 'Undeleted', cosell_referralidentifier: referralId, cosell_syncstatus, cosell_lastsyncedon, estimatedvalue: 5_301 });
      await until('the amount is there', () => Number(world.pc.referral(referralId)?.details.dealValue) === 5_301, 20_000, () => cells(id));
      await world.quiet();
      expect(isSynced(id)()).toBe(true);
      expect(named(id)).toHaveLength(1);
      expect(creates()).toBe(0);
      expect(carried(id, 'estimatedvalue', 'description')).toEqual([]);
    });
  });

  describe('a record that carries a referral identifier', () => {
    test('that another record holds says so, and sends nothing', async () => {
      const first = await shared({ name: 'Holder' });
      const { id: referralId } = referralOf(first);
      const before = unchanged(referralId);
      await seller.update('opportunities', first, { cosell_referralidentifier: null });
      forget();
      const id = await seller.opportunity({ name: 'Second holder', cosell_referralidentifier: referralId, estimatedvalue: 7_101 });
      await until('it is explained', () => String(cells(id).cosell_syncdetails).includes('linked-elsewhere'), 20_000, () => cells(id));
      await world.quiet();
      expect(cells(id).cosell_syncstatus).toBe(status.needsAttention);
      expect(unchanged(referralId)).toBe(before);
      expect(patches(referralId)).toEqual([]);
      expect(creates()).toBe(0);
      expect(carried(id, 'estimatedvalue', 'description', 'name')).toEqual([]);
      expect(carried(first, 'estimatedvalue', 'description', 'name')).toEqual([]);
    });
  });

  describe('a portal deal with an external id', () => {
    test.each(['CRM-4711', '0f0f0f0f-1111-4222-8333-444444444444'])('%s that names no record makes nothing', async (externalReferenceId) => {
      const [records, customers, people] = [world.dv.rows('opportunity').length, world.dv.rows('account').length, world.dv.rows('contact').length];
      forget();
      const deal = world.pc.createDeal({ name: 'Elsewhere', customerName: 'Elsewhere Ltd', externalReferenceId, contact: { email: 'else@where.example' } });
      await world.quiet();
      expect(world.pc.deliveries().some((each) => each.referralId === deal.id && each.outcome === 202)).toBe(true);
      world.pc.edit(deal.id, { dealValue: 8_001 });
      await world.quiet();
      expect([world.dv.rows('opportunity').length, world.dv.rows('account').length, world.dv.rows('contact').length]).toEqual([records, customers, people]);
      expect(world.dv.writes()).toEqual([]);
      expect(patches(deal.id)).toEqual([]);
      expect(world.pc.referral(deal.id)?.externalReferenceId).toBe(externalReferenceId);
      expect(creates()).toBe(0);
    });

    test('of a linked record makes no second link, and the first referral stays the record’s', async () => {
      const id = await shared({ name: 'Named twice' });
      const { id: referralId } = referralOf(id);
      const records = world.dv.rows('opportunity').length;
      forget();
      const second = world.pc.createDeal({ name: 'Names it too', externalReferenceId: id, dealValue: 8_101 });
      await world.quiet();
      expect(cells(id).cosell_referralidentifier).toBe(referralId);
      expect(cells(id).estimatedvalue).toBe(50_000);
      expect(world.dv.rows('opportunity')).toHaveLength(records);
      expect(carried(id, 'estimatedvalue', 'description', 'name')).toEqual([]);
      expect([...patches(second.id), ...patches(referralId)]).toEqual([]);
      expect(creates()).toBe(0);
    });

    // The flag's own event is lost, so that the deal is the first that is heard of the record.
    async function unknownRecord(row: Row): Promise<string> {
      world.dv.setExactDelivery(true);
      world.dv.loseNextEvents(1);
      const id = await seller.opportunity(row);
      world.dv.setExactDelivery(!nasty);
      return id;
    }

    test('takes over the record of that id: equal values settle without a write of a value', async () => {
      const id = await unknownRecord({ name: 'Take-over, equal' });
      forget();
      const deal = world.pc.createDeal({ name: 'Take-over, equal', externalReferenceId: id, dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
      await until('it is synced', isSynced(id), 20_000, () => cells(id));
      await world.quiet();
      expect(cells(id).cosell_referralidentifier).toBe(deal.id);
      expect(creates()).toBe(0);
      expect(patches(deal.id)).toEqual([]);
      expect(carried(id, 'estimatedvalue', 'description', 'estimatedclosedate', 'name', 'cosell_products')).toEqual([]);
    });

    test('takes over: an empty side takes the other’s value, and what differs is for a person', async () => {
      const id = await unknownRecord({ name: 'Take-over, different', description: null, estimatedvalue: 8_201 });
      forget();
      const deal = world.pc.createDeal({ name: 'Take-over, different', externalReferenceId: id, dealValue: 8_202, closingDate: '2027-03-31', notes: 'Only there.' });
      await until('the conflict is shown', () => cells(id).cosell_syncstatus === status.conflict, 20_000, () => cells(id));
      await world.quiet();
      expect(cells(id)).toMatchObject({ description: 'Only there.', estimatedvalue: 8_201 });
      expect(Number(world.pc.referral(deal.id)?.details.dealValue)).toBe(8_202);
      expect(patches(deal.id)).toEqual([]);
      expect(carried(id, 'estimatedvalue', 'estimatedclosedate', 'name')).toEqual([]);
      expect(creates()).toBe(0);
    });

    test('leaves a record alone whose flag is no, and links it when the flag is set', async () => {
      const id = await seller.opportunity({ name: 'Take-over, later', cosell_syncwithpartnercenter: false });
      await world.quiet();
      forget();
      const deal = world.pc.createDeal({ name: 'Take-over, later', externalReferenceId: id, dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
      await world.quiet();
      expect(world.dv.writes()).toEqual([]);
      await seller.update('opportunities', id, { cosell_syncwithpartnercenter: true });
      await until('it is synced', isSynced(id), 20_000, () => cells(id));
      await world.quiet();
      expect(cells(id).cosell_referralidentifier).toBe(deal.id);
      expect(creates()).toBe(0);
      expect(patches(deal.id)).toEqual([]);
      expect(carried(id, 'estimatedvalue', 'description', 'name')).toEqual([]);
    });
  });
});

test('a record that carries the identifier of a referral which nobody knows sends nothing; adopted, it is bound to that referral and makes none of its own', async () => {
  const world = await createWorld();
  try {
    const seller = createSeller(world.dv);
    await world.serve();
    const deal = world.pc.createDeal({ name: 'Made by the old connector', externalReferenceId: 'LEGACY-17', dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
    await world.quiet();
    const id = await seller.opportunity({ name: 'Bound', cosell_referralidentifier: deal.id });
    const cells = (): Row => world.dv.row('opportunity', id)?.cells ?? {};
    const patches = (): number => world.pc.counts()['referral.patch'] ?? 0;
    await until('it is explained', () => String(cells().cosell_syncdetails).includes('environment-copied'), 20_000, cells);
    await world.quiet();
    expect(patches()).toBe(0);
    const answer = await fetch(`http://127.0.0.1:${world.port}/api/v1/adopt`, { method: 'POST', headers: { authorization: 'Bearer admin-token-of-the-tests', 'content-type': 'application/json' }, body: '{}' });
    expect(answer.status).toBe(200);
    await seller.update('opportunities', id, { estimatedvalue: 50_000 });
    await until('it is synced', () => cells().cosell_syncstatus === status.synced, 20_000, cells);
    await world.quiet();
    expect(cells()).toMatchObject({ cosell_referralidentifier: deal.id, estimatedvalue: 50_000, name: 'Bound', description: 'First talk was good.' });
    expect(world.dv.writes().filter((each) => each.id === id && each.user === seedIds.serviceUser && ['name', 'estimatedvalue', 'description', 'estimatedclosedate'].some((column) => each.columns.includes(column)))).toEqual([]);
    world.pc.edit(deal.id, { dealValue: 7_001 });
    await until('a change of the portal arrives', () => cells().estimatedvalue === 7_001, 20_000, cells);
    await world.quiet();
    expect(world.pc.counts()['referral.create'] ?? 0).toBe(0);
    expect(patches()).toBe(0);
    expect(world.pc.referrals()).toHaveLength(1);
    expect(world.dv.rows('opportunity')).toHaveLength(1);
  } finally {
    await world.close();
  }
});
