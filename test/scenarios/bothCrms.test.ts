// A partner with both CRMs: a new referral goes to one of them, what concerns the one never touches the other, and trouble with the one does not slow the other.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/kit/faults';
import { crms, type CrmName, type TestCrm } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

const both: readonly CrmName[] = ['dataverse', 'salesforce'];

describe.each(crms)('with both CRMs, where new deals of the portal go to %s', (_, name) => {
  let world: World;
  /** Takes the new deals. */
  let first: TestCrm;
  /** The other one. */
  let second: TestCrm;

  beforeAll(async () => {
    world = await createWorld({ crms: [name, ...both.filter((each) => each !== name)] });
    [first, second] = [world.crms[0]!, world.crms[1]!];
    await world.serve();
    await Promise.all(world.crms.map((crm) => createRecords(() => world, () => crm).shared({ name: 'Warm up' })));
  });
  beforeEach(async () => {
    await world.quiet();
    ours.forget();
    theirs.forget();
  });
  afterEach(() => {
    for (const crm of world.crms) crm.clearFaults();
    world.pc.api.clearFaults();
  });
  afterAll(() => world.close());

  const ours = createRecords(() => world, () => first);
  const theirs = createRecords(() => world, () => second);
  const remarks = async (): Promise<readonly { connection: string }[]> => ((await (await fetch(`http://127.0.0.1:${world.port}/readyz`)).json()) as { remarks: { connection: string }[] }).remarks;

  describe('a new deal of the portal', () => {
    test('stands in that CRM once, with its customer, and the other one is not even asked', async () => {
      const deals = Array.from({ length: 5 }, (_each, n) => world.pc.createDeal({ name: `For one ${n}`, customerName: `Customer of one ${n}`, contact: { email: `one${n}@customer.example` } }));
      for (const deal of deals) world.pc.redeliver(deal.id, 2, true);
      const ids = await Promise.all(deals.map((deal) => ours.arrived(deal.id)));
      await world.quiet();
      for (const [n, deal] of deals.entries()) {
        expect(ours.dealsOf(deal.id)).toHaveLength(1);
        expect(first.accounts(`Customer of one ${n}`)).toHaveLength(1);
        expect(world.pc.referral(deal.id)?.externalReferenceId).toBe(ids[n]);
      }
      expect(second.calls()).toEqual({});
      expect(second.writes()).toEqual([]);
    });

    test('waits while that CRM is away, instead of going to the other one', async () => {
      first.addFault('any', { kind: '503' });
      const deal = world.pc.createDeal({ name: 'Waits for its CRM', customerName: 'Patient Ltd' });
      await until('readyz remarks it', async () => (await remarks()).some((each) => each.connection === first.name));
      const id = await second.seller.opportunity({ name: 'Meanwhile in the other' });
      await theirs.reaches(id, 'synced');
      expect(second.deals().filter((each) => each.identifier === deal.id)).toEqual([]);
      expect(second.accounts('Patient Ltd')).toEqual([]);
      first.clearFaults();
      await ours.arrived(deal.id);
      await world.quiet();
      expect(ours.dealsOf(deal.id)).toHaveLength(1);
      expect(theirs.dealsOf(deal.id)).toEqual([]);
      expect(theirs.isSynced(id)).toBe(true);
    });

    test.each(['first', 'second'] as const)('that names a record of the %s CRM is linked with it there', async (which) => {
      const [crm, records, another] = which === 'first' ? [first, ours, second] : [second, theirs, first];
      crm.bells.loseNext(1);
      const id = await crm.seller.opportunity({ name: `Named ${which}` });
      const deal = world.pc.createDeal({ name: `Named ${which}`, externalReferenceId: id, dealValue: 50_000, closingDate: '2027-03-31', notes: 'First talk was good.' });
      await records.reaches(id, 'synced');
      await world.quiet();
      expect(records.deal(id).identifier).toBe(deal.id);
      expect(another.writes()).toEqual([]);
      expect(world.crms.flatMap((each) => each.deals()).filter((each) => each.identifier === deal.id)).toHaveLength(1);
    });
  });

  describe('work in one CRM', () => {
    test.each(['first', 'second'] as const)('(the %s) asks and writes nothing in the other one, in either direction', async (which) => {
      const [records, another] = which === 'first' ? [ours, second] : [theirs, first];
      const crm = which === 'first' ? first : second;
      const id = await records.shared({ name: `Alone ${which}`, help: 'ProofOfConceptOrDemo' });
      await crm.seller.edit(id, { dealValue: 61_000 });
      await until('the amount is there', () => Number(records.referral(id).details.dealValue) === 61_000);
      world.pc.edit(records.referral(id).id, { notes: 'From the portal.' });
      await until('the notes are here', () => records.deal(id).notes === 'From the portal.');
      world.pc.microsoftAccepts(records.referral(id).id);
      await until('Microsoft is shown', () => records.deal(id).microsoftStatus === 'Active/Accepted');
      await crm.seller.win(id);
      await until('it is won there', () => records.referral(id).substatus === 'Won');
      await world.quiet();
      expect(records.referralsOf(id)).toHaveLength(1);
      expect(records.deal(id).audit).toContain(`${crm.label} → Partner Center | Deal value: 50000 → 61000`);
      expect(records.deal(id).audit).not.toContain(another.label);
      expect(another.calls()).toEqual({});
      expect(another.writes()).toEqual([]);
    });

    test('and in the other one at once, on deals that look the same: each keeps its own values', async () => {
      const [mine, other] = await Promise.all([ours.shared({ name: 'Twins' }), theirs.shared({ name: 'Twins' })]);
      await Promise.all([first.seller.edit(mine, { dealValue: 70_001, notes: 'First.' }), second.seller.edit(other, { dealValue: 70_002, notes: 'Second.' })]);
      await until('both have arrived', () => ours.isAmount(mine, 70_001) && theirs.isAmount(other, 70_002));
      world.pc.edit(ours.referral(mine).id, { dealValue: 70_003 });
      world.pc.edit(theirs.referral(other).id, { dealValue: 70_004 });
      await until('both have come back', () => ours.isAmount(mine, 70_003) && theirs.isAmount(other, 70_004));
      await world.quiet();
      expect([ours.referral(mine).externalReferenceId, theirs.referral(other).externalReferenceId]).toEqual([mine, other]);
      expect([ours.referral(mine).details.notes, theirs.referral(other).details.notes]).toEqual(['First.', 'Second.']);
      ours.neverInConflict();
      theirs.neverInConflict();
    });

    test('a record that carries the identifier of a deal in the other one says so, and sends nothing', async () => {
      const mine = await ours.shared({ name: 'Holder' });
      const { id: referralId } = ours.referral(mine);
      const before = ours.unchanged(referralId);
      const id = await second.seller.opportunity({ name: 'Copied by hand', identifier: referralId, dealValue: 71_000 });
      expect(await theirs.shows(id, 'linked-elsewhere')).toMatchObject({ actor: 'you' });
      await world.quiet();
      expect(theirs.deal(id).status).toBe('needsAttention');
      expect(ours.unchanged(referralId)).toBe(before);
      expect(ours.deal(mine)).toMatchObject({ status: 'synced', dealValue: 50_000 });
    });
  });

  describe('trouble with one CRM', () => {
    /** More than the service runs at a time. */
    const WAITING = 24;
    const troubles: readonly (readonly [string, Omit<Fault, 'match'>])[] = [['is down', { kind: '503' }], ['is throttled', { kind: '429', retryAfter: 3 }], ['does not answer at all', { kind: 'hang' }]];
    const cases = troubles.flatMap(([what, fault]) => (['first', 'second'] as const).map((which) => [which, what, fault] as const));

    test.each(cases)('(the %s) that %s: the other one works as ever, in both directions, and afterwards nothing is lost', async (which, _what, fault) => {
      const [ill, itsRecords, well, records] = which === 'first' ? [first, ours, second, theirs] : [second, theirs, first, ours];
      const waiting = await Promise.all(Array.from({ length: WAITING }, (_each, n) => ill.seller.opportunity({ name: `Waiting ${n}` })));
      const [id, ...others] = await Promise.all(Array.from({ length: 5 }, (_each, n) => well.seller.opportunity({ name: `Well ${n}` })));
      await Promise.all([...waiting.map((each) => itsRecords.reaches(each, 'synced')), ...[id!, ...others].map((each) => records.reaches(each, 'synced'))]);
      await world.quiet();
      ill.addFault('any', fault);
      await Promise.all(waiting.map((each, n) => ill.seller.edit(each, { dealValue: 90_000 + n })));
      await until('the trouble is met', () => ill.requests().some((each) => each.status === 'hanging' || each.status === 503 || each.status === 429 || each.status === 403));
      // Within less than the time-out of one call to the CRM that is ill.
      await well.seller.edit(id!, { dealValue: 91_000 });
      await until('the change is there', () => Number(records.referral(id!).details.dealValue) === 91_000, 2_500);
      world.pc.edit(records.referral(others[0]!).id, { dealValue: 92_000 });
      await until('the change is here', () => records.deal(others[0]!).dealValue === 92_000, 2_500);
      const fresh = await well.seller.opportunity({ name: 'Made meanwhile' });
      await records.reaches(fresh, 'synced', 2_500);
      expect(waiting.filter((each) => Number(itsRecords.referral(each).details.dealValue) !== 50_000)).toEqual([]);
      expect((await remarks()).filter((each) => each.connection !== ill.name)).toEqual([]);
      ill.clearFaults();
      await until('all has arrived', () => waiting.every((each, n) => itsRecords.isAmount(each, 90_000 + n)), 40_000);
    });
  });
});
