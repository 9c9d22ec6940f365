// Who belongs to whom: deleted, retired, bound and taken-over records never make a second referral, and no deal a second record.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { crms, type CrmSeller, type Typed } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

describe.each(crms)('with %s', (_, name) => {
  describe.each([['an exact', false], ['a nasty', true]])('in %s world', (_, nasty) => {
    let world: World;
    let seller: CrmSeller;

    beforeAll(async () => {
      world = await createWorld({ crms: [name], nasty });
      seller = world.crm.seller;
      await world.serve();
    });
    afterEach(() => {
      world.pc.api.clearFaults();
      world.crm.clearFaults();
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    describe('a new deal of a seller who may not own opportunities', () => {
      test('arrives all the same, with everything in it, and belongs to the service', async () => {
        world.crm.keepFromRobin();
        const { id: referralId } = world.pc.createDeal({ name: 'Of nobody', customerName: 'Owned By Nobody Ltd', notes: 'Arrives.', team: [{ email: 'robin.seller@contoso.example' }] });
        const id = await records.arrived(referralId);
        await until('the opportunity is synced', () => records.isSynced(id), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.dealsOf(referralId)).toHaveLength(1);
        expect(records.deal(id)).toMatchObject({ notes: 'Arrives.', customer: world.crm.accounts('Owned By Nobody Ltd')[0] });
        expect(records.reasons(id)).toEqual([]);
        expect(world.pc.referral(referralId)?.externalReferenceId).toBe(id);
        expect(world.pc.referral(referralId)?.team.map((each) => each.email)).toEqual(['robin.seller@contoso.example']);
      });
    });

    describe('an opportunity that was deleted', () => {
      test('ends the link: the referral is not touched, and later bells make nothing', async () => {
        const id = await records.shared({ name: 'Deleted' });
        const { id: referralId } = records.referral(id);
        const before = records.unchanged(referralId);
        await seller.remove(id);
        await world.quiet();
        expect(records.unchanged(referralId)).toBe(before);
        const count = world.crm.deals().length;
        records.forget();
        world.pc.edit(referralId, { dealValue: 5_001 });
        world.pc.redeliver(referralId, 3, true);
        await world.quiet();
        expect(world.crm.deals()).toHaveLength(count);
        expect(world.crm.deal(id)).toBeUndefined();
        expect(world.crm.writes()).toEqual([]);
        expect(records.patches(referralId)).toEqual([]);
        expect(records.creates()).toBe(0);
      });

      test('that once came from the portal is never made again under its retired id', async () => {
        const deal = world.pc.createDeal({ name: 'Deleted inbound', customerName: 'Retired Ltd', closingDate: '2027-02-28' });
        const { id } = await until('the opportunity stands', () => records.dealsOf(deal.id)[0], 20_000);
        await world.quiet();
        // Nobody heard of it: the next write finds out.
        world.crm.bells.loseNext(1);
        await seller.remove(id);
        const count = world.crm.deals().length;
        records.forget();
        world.pc.edit(deal.id, { dealValue: 5_101 });
        await world.quiet();
        world.pc.edit(deal.id, { notes: 'And again.' });
        world.pc.redeliver(deal.id, 3, true);
        await world.quiet();
        expect(world.crm.deal(id)).toBeUndefined();
        expect(world.crm.deals()).toHaveLength(count);
        expect(records.dealsOf(deal.id)).toEqual([]);
        expect(world.crm.writes()).toEqual([]);
        expect(records.patches(deal.id)).toEqual([]);
        expect(records.creates()).toBe(0);
      });

      test('in the middle of a write stays deleted', async () => {
        const id = await records.shared({ name: 'Deleted in the middle' });
        const { id: referralId } = records.referral(id);
        world.crm.addFault('write', { kind: 'slow', ms: 300, times: 1 });
        const before = world.crm.calls().write ?? 0;
        world.pc.edit(referralId, { dealValue: 5_201 });
        await until('our write is on its way', () => (world.crm.calls().write ?? 0) > before);
        await seller.remove(id);
        records.forget();
        await world.quiet();
        expect(world.crm.deal(id)).toBeUndefined();
        expect(world.crm.writes()).toEqual([]);
        expect(records.patches(referralId)).toEqual([]);
        expect(records.creates()).toBe(0);
      });

      test('and undeleted goes on with its old referral', async () => {
        const id = await records.shared({ name: 'Undeleted' });
        const { id: referralId } = records.referral(id);
        await seller.remove(id);
        await world.quiet();
        records.forget();
        await seller.undelete(id);
        await seller.edit(id, { dealValue: 5_301 });
        await until('the amount is there', () => Number(world.pc.referral(referralId)?.details.dealValue) === 5_301, 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.isSynced(id)).toBe(true);
        expect(records.referralsOf(id)).toHaveLength(1);
        expect(records.creates()).toBe(0);
        expect(records.carried(id, 'dealValue', 'notes')).toEqual([]);
      });
    });

    describe('a record that carries a referral identifier', () => {
      test('that another record holds says so, and sends nothing', async () => {
        const first = await records.shared({ name: 'Holder' });
        const { id: referralId } = records.referral(first);
        const before = records.unchanged(referralId);
        await seller.edit(first, { identifier: null });
        records.forget();
        const id = await seller.opportunity({ name: 'Second holder', identifier: referralId, dealValue: 7_101 });
        await until('it is explained', () => String(records.deal(id).details).includes('linked-elsewhere'), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id).status).toBe('needsAttention');
        expect(records.unchanged(referralId)).toBe(before);
        expect(records.patches(referralId)).toEqual([]);
        expect(records.creates()).toBe(0);
        expect(records.carried(id, 'dealValue', 'notes', 'name')).toEqual([]);
        expect(records.carried(first, 'dealValue', 'notes', 'name')).toEqual([]);
      });
    });

    describe('a portal deal with an external id', () => {
      test.each(['CRM-4711', 'an id of that CRM'])('%s that names no record makes nothing', async (text) => {
        const externalReferenceId = text === 'CRM-4711' ? text : world.crm.nobodysId;
        const [count, customers, people] = [world.crm.deals().length, world.crm.accounts().length, world.crm.contacts().length];
        records.forget();
        const deal = world.pc.createDeal({ name: 'Elsewhere', customerName: 'Elsewhere Ltd', externalReferenceId, contact: { email: 'else@where.example' } });
        await world.quiet();
        expect(world.pc.deliveries().some((each) => each.referralId === deal.id && each.outcome === 202)).toBe(true);
        world.pc.edit(deal.id, { dealValue: 8_001 });
        await world.quiet();
        expect([world.crm.deals().length, world.crm.accounts().length, world.crm.contacts().length]).toEqual([count, customers, people]);
        expect(world.crm.writes()).toEqual([]);
        expect(records.patches(deal.id)).toEqual([]);
        expect(world.pc.referral(deal.id)?.externalReferenceId).toBe(externalReferenceId);
        expect(records.creates()).toBe(0);
      });

      test('of a linked record makes no second link, and the first referral stays the record’s', async () => {
        const id = await records.shared({ name: 'Named twice' });
        const { id: referralId } = records.referral(id);
        const count = world.crm.deals().length;
        records.forget();
        const second = world.pc.createDeal({ name: 'Names it too', externalReferenceId: id, dealValue: 8_101 });
        await world.quiet();
        expect(records.deal(id).identifier).toBe(referralId);
        expect(records.deal(id).dealValue).toBe(50_000);
        expect(world.crm.deals()).toHaveLength(count);
        expect(records.carried(id, 'dealValue', 'notes', 'name')).toEqual([]);
        expect([...records.patches(second.id), ...records.patches(referralId)]).toEqual([]);
        expect(records.creates()).toBe(0);
      });

      // The flag's own event is lost, so that the deal is the first that is heard of the record.
      async function unknownRecord(typed: Typed): Promise<string> {
        world.crm.bells.setExact(true);
        world.crm.bells.loseNext(1);
        const id = await seller.opportunity(typed);
        world.crm.bells.setExact(!nasty);
        return id;
      }

      test('takes over the record of that id: equal values settle without a write of a value', async () => {
        const id = await unknownRecord({ name: 'Take-over, equal' });
        records.forget();
        const deal = world.pc.createDeal({ name: 'Take-over, equal', externalReferenceId: id, dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
        await until('it is synced', () => records.isSynced(id), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id).identifier).toBe(deal.id);
        expect(records.creates()).toBe(0);
        expect(records.patches(deal.id)).toEqual([]);
        expect(records.carried(id, 'dealValue', 'notes', 'closingDate', 'name', 'solutions')).toEqual([]);
      });

      test('takes over: an empty side takes the other’s value, and what differs is for a person', async () => {
        const id = await unknownRecord({ name: 'Take-over, different', notes: null, dealValue: 8_201 });
        records.forget();
        const deal = world.pc.createDeal({ name: 'Take-over, different', externalReferenceId: id, dealValue: 8_202, closingDate: '2027-03-31', notes: 'Only there.' });
        await until('the conflict is shown', () => records.deal(id).status === 'conflict', 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id)).toMatchObject({ notes: 'Only there.', dealValue: 8_201 });
        expect(Number(world.pc.referral(deal.id)?.details.dealValue)).toBe(8_202);
        expect(records.patches(deal.id)).toEqual([]);
        expect(records.carried(id, 'dealValue', 'closingDate', 'name')).toEqual([]);
        expect(records.creates()).toBe(0);
      });

      test('leaves a record alone whose flag is no, and links it when the flag is set', async () => {
        const id = await seller.opportunity({ name: 'Take-over, later', sync: false });
        await world.quiet();
        records.forget();
        const deal = world.pc.createDeal({ name: 'Take-over, later', externalReferenceId: id, dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
        await world.quiet();
        expect(world.crm.writes()).toEqual([]);
        await seller.edit(id, { sync: true });
        await until('it is synced', () => records.isSynced(id), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id).identifier).toBe(deal.id);
        expect(records.creates()).toBe(0);
        expect(records.patches(deal.id)).toEqual([]);
        expect(records.carried(id, 'dealValue', 'notes', 'name')).toEqual([]);
      });
    });
  });

  test('a record that carries the identifier of a referral which nobody knows sends nothing; adopted, it is bound to that referral and makes none of its own', async () => {
    const world = await createWorld({ crms: [name] });
    try {
      const { seller } = world.crm;
      const { deal, carried } = createRecords(() => world);
      await world.serve();
      const old = world.pc.createDeal({ name: 'Made by the old connector', externalReferenceId: 'LEGACY-17', dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
      await world.quiet();
      const id = await seller.opportunity({ name: 'Bound', identifier: old.id });
      const now = (): unknown => deal(id);
      const patches = (): number => world.pc.counts()['referral.patch'] ?? 0;
      await until('it is explained', () => String(deal(id).details).includes('environment-copied'), 20_000, now);
      await world.quiet();
      expect(patches()).toBe(0);
      expect(await world.adopt()).toBe(200);
      await seller.edit(id, { dealValue: 50_000 });
      await until('it is synced', () => deal(id).status === 'synced', 20_000, now);
      await world.quiet();
      expect(deal(id)).toMatchObject({ identifier: old.id, dealValue: 50_000, name: 'Bound', notes: 'First talk was good.' });
      expect(carried(id, 'name', 'dealValue', 'notes', 'closingDate')).toEqual([]);
      world.pc.edit(old.id, { dealValue: 7_001 });
      await until('a change of the portal arrives', () => deal(id).dealValue === 7_001, 20_000, now);
      await world.quiet();
      expect(world.pc.counts()['referral.create'] ?? 0).toBe(0);
      expect(patches()).toBe(0);
      expect(world.pc.referrals()).toHaveLength(1);
      expect(world.crm.deals()).toHaveLength(1);
    } finally {
      await world.close();
    }
  });

  describe('where lists are seconds behind', () => {
    let world: World;
    beforeAll(async () => {
      world = await createWorld({ crms: [name], listDelayMs: 1_500, timings: { inboundWait: 1_000 } });
      await world.serve();
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    test('a deal that the portal shared with Microsoft shows what Microsoft says to it, and Microsoft is not asked again', async () => {
      const { id: referralId, engagementId } = world.pc.createDeal({ name: 'Shared there', help: 'ProofOfConceptOrDemo' });
      const id = await records.arrived(referralId);
      await until('the opportunity shows it', () => records.deal(id).microsoftStatus === 'New/Pending', 10_000, () => records.deal(id));
      await world.quiet();
      expect(world.pc.engagement(engagementId)).toHaveLength(2);
      expect(records.creates()).toBe(0);
    });
  });
});
