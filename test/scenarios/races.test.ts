// Races: bells that come twice, late, out of order or in the middle of a run, and people who work on both sides at once.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

describe.each(crms)('with %s', (_, name) => {
  describe.each([['an exact', false], ['a nasty', true]])('in %s world', (_, nasty) => {
    let world: World;
    let seller: CrmSeller;

    beforeAll(async () => {
      world = await createWorld({ crms: [name], nasty, timings: { inboundWait: 100, inboundWaits: 4 } });
      seller = world.crm.seller;
      await world.serve();
    });
    afterEach(() => {
      world.pc.api.clearFaults();
      world.pc.passOverPreference(nasty ? 'sometimes' : 'never');
      world.pc.loseNextEvents(0);
      world.crm.bells.loseNext(0);
      world.crm.clearFaults();
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    describe('a record saved twice within 100 ms', () => {
      test('when it is new becomes one referral with the last values', async () => {
        records.forget();
        const id = await seller.opportunity({ name: 'Twice new', dealValue: 1_000 });
        await Promise.all([seller.edit(id, { dealValue: 1_001 }), seller.edit(id, { notes: 'Twice.' })]);
        await until('both sides hold the last values', () => records.isAmount(id, 1_001), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.referralsOf(id)).toHaveLength(1);
        expect(records.referral(id).details.notes).toBe('Twice.');
        expect(records.creates()).toBe(1);
        expect(records.carried(id, 'dealValue', 'notes')).toEqual([]);
        records.neverInConflict();
      });

      test('when it is shared sends the last values and writes none back', async () => {
        const id = await records.shared({ name: 'Twice shared' });
        records.forget();
        await seller.edit(id, { dealValue: 2_001 });
        await seller.edit(id, { dealValue: 2_002 });
        await until('both sides hold the last value', () => records.isAmount(id, 2_002), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.patches(records.referral(id).id).length).toBeLessThanOrEqual(2);
        expect(records.carried(id, 'dealValue')).toEqual([]);
        expect(records.creates()).toBe(0);
        records.neverInConflict();
      });
    });

    describe('the same event 5 times and out of order', () => {
      test('of a new deal makes one opportunity, one account and one contact', async () => {
        const count = world.crm.deals().length;
        const deal = world.pc.createDeal({ name: 'Five times', customerName: 'Five Times Ltd', contact: { email: 'five@times.example' } });
        world.pc.redeliver(deal.id, 5, true);
        await until('the opportunity stands', () => records.dealsOf(deal.id)[0], 20_000);
        await world.quiet();
        expect(records.dealsOf(deal.id)).toHaveLength(1);
        expect(world.crm.deals()).toHaveLength(count + 1);
        expect(world.crm.accounts('Five Times Ltd')).toHaveLength(1);
        expect(world.crm.contacts('five@times.example')).toHaveLength(1);
        expect(records.referralsOf(records.dealsOf(deal.id)[0]!.id)).toHaveLength(1);
      });

      test('of a change writes once, and of no change writes nothing', async () => {
        const id = await records.shared({ name: 'Five changes' });
        records.forget();
        world.pc.edit(records.referral(id).id, { dealValue: 3_001 });
        world.pc.redeliver(records.referral(id).id, 5, true);
        await until('the amount is here', () => records.isAmount(id, 3_001), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.carried(id, 'dealValue')).toHaveLength(1);
        expect(records.patches(records.referral(id).id)).toEqual([]);
        records.forget();
        world.pc.redeliver(records.referral(id).id, 5, true);
        await world.quiet();
        expect(world.crm.writes()).toEqual([]);
        expect(records.patches(records.referral(id).id)).toEqual([]);
        expect(records.creates()).toBe(0);
      });

      test('of the CRM sends nothing a second time', async () => {
        const id = await records.shared({ name: 'Five saves' });
        records.forget();
        await seller.edit(id, { dealValue: 3_501 });
        await until('the amount is there', () => records.isAmount(id, 3_501), 20_000, () => records.deal(id));
        await world.crm.bells.redeliverLast(5);
        await world.quiet();
        expect(records.patches(records.referral(id).id)).toHaveLength(1);
        expect(records.carried(id, 'dealValue')).toEqual([]);
        expect(records.creates()).toBe(0);
      });
    });

    describe('a bell in the middle of a run', () => {
      test('sends what the seller saved while the change before it was on its way', async () => {
        const id = await records.shared({ name: 'Middle of a patch' });
        records.forget();
        world.pc.api.addFault({ kind: 'slow', match: 'referral\\.patch', ms: 400, times: 1 });
        await seller.edit(id, { dealValue: 4_001 });
        await until('the first change is on its way', () => (world.pc.counts()['referral.patch'] ?? 0) === 1);
        await seller.edit(id, { dealValue: 4_002, notes: 'While it ran.' });
        await until('the second change is there', () => records.isAmount(id, 4_002), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.referral(id).details.notes).toBe('While it ran.');
        expect(records.carried(id, 'dealValue', 'notes')).toEqual([]);
        records.neverInConflict();
      });

      test('keeps a change of the portal that came before our write of another field', async () => {
        const id = await records.shared({ name: 'Middle of a patch, portal' });
        records.forget();
        world.pc.api.addFault({ kind: 'slow', match: 'referral\\.patch', ms: 400, times: 1 });
        await seller.edit(id, { dealValue: 4_101 });
        await until('our write is on its way', () => (world.pc.counts()['referral.patch'] ?? 0) === 1);
        world.pc.edit(records.referral(id).id, { notes: 'From the portal.' });
        await until('both changes are on both sides', () => records.isAmount(id, 4_101) && records.deal(id).notes === 'From the portal.', 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.referral(id).details.notes).toBe('From the portal.');
        expect(records.carried(id, 'dealValue')).toEqual([]);
        expect(records.carried(id, 'notes')).toHaveLength(1);
        expect(records.patches(records.referral(id).id)).toHaveLength(1);
        records.neverInConflict();
      });

      test('keeps what the seller saved while a change of the portal was being written', async () => {
        const id = await records.shared({ name: 'Middle of a write' });
        records.forget();
        world.crm.addFault('write', { kind: 'slow', ms: 400, times: 1 });
        const before = world.crm.calls().write ?? 0;
        world.pc.edit(records.referral(id).id, { dealValue: 4_201 });
        await until('our write is on its way', () => (world.crm.calls().write ?? 0) > before);
        await seller.edit(id, { notes: 'By the seller.' });
        await until('both changes are on both sides', () => records.isAmount(id, 4_201) && records.referral(id).details.notes === 'By the seller.', 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id).notes).toBe('By the seller.');
        expect(records.carried(id, 'dealValue')).toHaveLength(1);
        expect(records.carried(id, 'notes')).toEqual([]);
        records.neverInConflict();
      });
    });

    describe('an answer that does not hold the record', () => {
      test('takes what the portal wrote behind our own write of the same field for a change of the portal', async () => {
        const id = await records.shared({ name: 'Behind a patch' });
        records.forget();
        world.pc.passOverPreference('always');
        world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.patch', ms: 400, times: 1 });
        world.pc.loseNextEvents(1_000);
        await seller.edit(id, { notes: 'By the seller.', dealValue: 4_301 });
        await until('our write has its effect', () => records.referral(id).details.notes === 'By the seller.');
        world.pc.edit(records.referral(id).id, { notes: 'By the portal, later.' });
        await until('the later one is on both sides', () => records.deal(id).notes === 'By the portal, later.' && records.isAmount(id, 4_301), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.referral(id).details.notes).toBe('By the portal, later.');
        expect(records.carried(id, 'notes')).toHaveLength(1);
        expect(records.carried(id, 'dealValue')).toEqual([]);
        expect(records.reasons(id)).toEqual([]);
        records.neverInConflict();
      });

      test('takes what the seller saved behind our own write of the same field for a change of the seller', async () => {
        const id = await records.shared({ name: 'Behind a write' });
        records.forget();
        world.crm.addFault('write', { kind: 'lateAnswer', ms: 400, times: 1 });
        world.pc.edit(records.referral(id).id, { notes: 'By the portal.', dealValue: 4_401 });
        await until('our write has its effect', () => records.deal(id).notes === 'By the portal.');
        world.crm.bells.loseNext(1_000);
        await seller.edit(id, { notes: 'By the seller, later.' });
        await until('the later one is on both sides', () => records.referral(id).details.notes === 'By the seller, later.' && records.isAmount(id, 4_401), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id).notes).toBe('By the seller, later.');
        expect(records.carried(id, 'notes')).toHaveLength(1);
        expect(records.reasons(id)).toEqual([]);
        records.neverInConflict();
      });
    });

    describe("Microsoft's event before the answer", () => {
      test('to POST 1 makes no second opportunity and no second referral', async () => {
        const count = world.crm.deals().length;
        const customers = world.crm.accounts().length;
        records.forget();
        world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.create', ms: 600, times: 1 });
        const id = await seller.opportunity({ name: 'Event first' });
        const event = await until('the event was delivered', () => world.pc.deliveries().find((each) => each.referralId === records.referralsOf(id)[0]?.id && each.outcome === 202), 5_000);
        const first = world.pc.api.requests().find((each) => each.kind === 'referral.create');
        if (!nasty) expect(first).toBeUndefined();
        expect(event.eventName).toContain('created');
        await until('the opportunity is synced', () => records.isSynced(id), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.referralsOf(id)).toHaveLength(1);
        expect(records.creates()).toBe(1);
        expect(world.crm.deals()).toHaveLength(count + 1);
        expect(world.crm.accounts()).toHaveLength(customers);
        expect(records.carried(id, 'name', 'dealValue', 'notes', 'closingDate')).toEqual([]);
        records.neverInConflict();
      });

      test('to POST 2 asks Microsoft once', async () => {
        records.forget();
        world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.createMicrosoft', ms: 600, times: 1 });
        const id = await seller.opportunity({ name: 'Event of the second first', help: 'ProofOfConceptOrDemo' });
        await until('the opportunity is synced', () => records.isSynced(id), 20_000, () => records.deal(id));
        await world.quiet();
        expect(world.pc.engagement(records.referral(id).engagementId)).toHaveLength(2);
        expect(records.creates()).toBe(2);
        expect(records.deal(id).microsoftStatus).toBe('New/Pending');
        records.neverInConflict();
      });

      test('that comes only after the waiting has ended still finds the record', async () => {
        const count = world.crm.deals().length;
        records.forget();
        world.pc.api.addFault({ kind: 'lateAnswer', match: 'referral\\.create', ms: 1_000, times: 1 });
        const id = await seller.opportunity({ name: 'Event long before' });
        await until('the opportunity is synced', () => records.isSynced(id), 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.referralsOf(id)).toHaveLength(1);
        expect(records.creates()).toBe(1);
        expect(world.crm.deals()).toHaveLength(count + 1);
      });
    });

    describe('a new record that is rung for before the run that made it has ended', () => {
      test('is that run’s record, and no copy of another environment', async () => {
        records.forget();
        world.crm.addFault('create', { kind: 'lateAnswer', ms: 300, times: 1 });
        const { id: referralId } = world.pc.createDeal({ name: 'Rung for early', customerName: 'Rung For Early Ltd' });
        const id = await records.arrived(referralId);
        // Looked at while nobody has stored its id, and answered when that is done.
        world.crm.addFault('read', { kind: 'slow', ms: 700, times: 1 });
        await world.crm.bells.ring(id);
        await until('the referral names the record', () => world.pc.referral(referralId)?.externalReferenceId === id);
        await world.quiet();
        expect(records.reasons(id)).toEqual([]);
        expect(records.isSynced(id)).toBe(true);
        expect(records.dealsOf(referralId)).toHaveLength(1);
        expect(records.creates()).toBe(0);
        expect(await (await fetch(`http://127.0.0.1:${world.port}/readyz`)).json()).toEqual({ ready: true, remarks: [] });
      });
    });

    describe('two portal deals of one new customer at once', () => {
      test('make two opportunities, one account and one contact', async () => {
        records.forget();
        const input = { customerName: 'Tailspin Toys', address: { postalCode: '98101' }, contact: { email: 'both@tailspin.example' } };
        const deals = [world.pc.createDeal({ ...input, name: 'Tailspin one' }), world.pc.createDeal({ ...input, name: 'Tailspin two' })];
        await until('both opportunities stand', () => deals.every((each) => records.dealsOf(each.id).length === 1 && records.isSynced(records.dealsOf(each.id)[0]!.id)), 20_000, () => deals.map((each) => records.dealsOf(each.id)));
        await world.quiet();
        expect(world.crm.accounts('Tailspin Toys')).toHaveLength(1);
        expect(world.crm.contacts('both@tailspin.example')).toHaveLength(1);
        const customer = world.crm.accounts('Tailspin Toys')[0]!;
        for (const each of deals) {
          expect(records.dealsOf(each.id)).toHaveLength(1);
          expect(records.dealsOf(each.id)[0]!.customer).toBe(customer);
          expect(world.pc.referral(each.id)?.externalReferenceId).toBe(records.dealsOf(each.id)[0]!.id);
          expect(records.patches(each.id)).toHaveLength(1);
        }
        expect(records.creates()).toBe(0);
      });
    });

    describe('the flag off, both sides edited, and on again', () => {
      test('writes nothing while it is off; then every change travels, and there is one referral, one opportunity, one account', async () => {
        const id = await records.shared({ name: 'Off and on' });
        const { id: referralId } = records.referral(id);
        const [count, customers, deals] = [world.crm.deals().length, world.crm.accounts().length, world.pc.referrals().length];
        await seller.edit(id, { sync: false });
        await until('it is not shared', () => records.deal(id).status === 'notShared');
        await world.quiet();
        records.forget();
        await seller.edit(id, { dealValue: 6_001 });
        world.pc.edit(referralId, { notes: 'Written while off.' });
        await world.quiet();
        expect(world.crm.writes().filter((each) => each.by === 'service')).toEqual([]);
        expect(records.patches(referralId)).toEqual([]);
        await seller.edit(id, { sync: true });
        await until('both changes are on both sides', () => records.isAmount(id, 6_001) && records.deal(id).notes === 'Written while off.', 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.patches(referralId)).toHaveLength(1);
        expect(records.carried(id, 'notes')).toHaveLength(1);
        expect(records.carried(id, 'dealValue')).toEqual([]);
        expect([world.crm.deals().length, world.crm.accounts().length, world.pc.referrals().length]).toEqual([count, customers, deals]);
        expect(records.creates()).toBe(0);
        records.neverInConflict();
      });

      test('asks a person when both edited the same field, and touches neither value', async () => {
        const id = await records.shared({ name: 'Off and on, same field' });
        const { id: referralId } = records.referral(id);
        await seller.edit(id, { sync: false });
        await until('it is not shared', () => records.deal(id).status === 'notShared');
        await world.quiet();
        records.forget();
        await seller.edit(id, { dealValue: 6_101 });
        world.pc.edit(referralId, { dealValue: 6_102 });
        await world.quiet();
        await seller.edit(id, { sync: true });
        await until('the conflict is shown', () => records.deal(id).status === 'conflict', 20_000, () => records.deal(id));
        await world.quiet();
        expect(records.deal(id).dealValue).toBe(6_101);
        expect(Number(world.pc.referral(referralId)?.details.dealValue)).toBe(6_102);
        expect(records.patches(referralId)).toEqual([]);
        expect(records.carried(id, 'dealValue')).toEqual([]);
        expect(records.creates()).toBe(0);
      });
    });
  });
});
