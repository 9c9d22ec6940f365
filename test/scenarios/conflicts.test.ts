// Conflicts: both sides changed. Different fields are merged; of the same field nothing is overwritten until one side gives way or the seller has chosen.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) as unknown as string;

describe.each(crms)('with %s', (label, name) => {
  describe('while the service was down', () => {
    let world: World;
    let seller: CrmSeller;

    beforeAll(async () => {
      // A CRM may tell each event once: what it told while nobody listened is found by reconcile.
      world = await createWorld({ crms: [name], reconcileMinutes: 0.01 });
      seller = world.crm.seller;
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    /** Reconcile looks for what changed since its first walk, so that must have been. */
    async function walked(): Promise<void> {
      const client = new pg.Client({ connectionString: world.databaseUrl });
      await client.connect();
      await until('reconcile has walked', async () => (await client.query("select 1 from cosell.chore where key like 'chore:reconcile%' and succeeded_on is null")).rowCount === 0);
      await client.end();
    }

    test('different fields changed on both sides are merged', async () => {
      const service = await world.serve();
      const id = await records.shared({ name: 'Merged after a stop' });
      await walked();
      await service.stop();
      await seller.edit(id, { dealValue: 61_000, solutions: 'SOL-12345-ABC;SOL-23456-BCD' });
      world.pc.edit(records.referral(id).id, { notes: 'From the portal.', closingDate: '2027-05-05', solutions: ['SOL-12345-ABC', 'SOL-34567-CDE'] });
      world.crm.forget();
      const again = await world.serve();
      const all = ['SOL-12345-ABC', 'SOL-23456-BCD', 'SOL-34567-CDE'];
      await until('both sides are merged', () => Number(records.referral(id).details.dealValue) === 61_000 && records.deal(id).notes === 'From the portal.', 20_000, () => records.deal(id));
      await records.reaches(id, 'synced');
      await world.quiet();
      expect(records.deal(id)).toMatchObject({ dealValue: 61_000, closingDate: '2027-05-05', notes: 'From the portal.', status: 'synced' });
      expect(records.referral(id).details).toMatchObject({ notes: 'From the portal.', closingDateTime: '2027-05-05T00:00:00Z' });
      expect(records.referral(id).details.requirements.solutions.map((each) => each.id).sort()).toEqual(all);
      expect(String(records.deal(id).solutions).split(';').sort()).toEqual(all);
      expect(records.statusesShown(id)).not.toContain('conflict');
      expect(records.referralsOf(id)).toHaveLength(1);
      await again.stop();
    });

    test('the same field is a conflict, with both values in Sync details and neither overwritten', async () => {
      const service = await world.serve();
      const id = await records.shared({ name: 'Same field after a stop' });
      await walked();
      await service.stop();
      await seller.edit(id, { dealValue: 60_000 });
      world.pc.edit(records.referral(id).id, { dealValue: 55_000 });
      const again = await world.serve();
      await records.reaches(id, 'conflict');
      await world.quiet();
      expect(records.conflicts(id)).toEqual([{ field: 'dealValue', group: 'money', agreed: 50_000, crm: 60_000, partner: 55_000, crmOn: time, partnerOn: time }]);
      expect(records.deal(id).dealValue).toBe(60_000);
      expect(Number(records.referral(id).details.dealValue)).toBe(55_000);
      await again.stop();
    });

    test('killed right after its PATCH: what was sent is settled, later edits of either side are merged', async () => {
      const dying = await world.spawnService({ killAt: 'U3' });
      await dying.ready();
      const id = await records.shared({ name: 'Killed after the PATCH' });
      await walked();
      await seller.edit(id, { dealValue: 62_000 });
      expect(await dying.ended).toBe('SIGKILL');
      expect(Number(records.referral(id).details.dealValue)).toBe(62_000);
      await seller.edit(id, { dealValue: 63_000, notes: 'Typed after the kill.' });
      world.pc.edit(records.referral(id).id, { closingDate: '2027-07-07' });
      world.crm.forget();
      const again = await world.serve();
      await until('both sides are merged', () => Number(records.referral(id).details.dealValue) === 63_000 && records.deal(id).closingDate === '2027-07-07', 20_000, () => records.deal(id));
      await records.reaches(id, 'synced');
      await world.quiet();
      expect(records.deal(id)).toMatchObject({ dealValue: 63_000, closingDate: '2027-07-07', notes: 'Typed after the kill.' });
      expect(records.referral(id).details).toMatchObject({ notes: 'Typed after the kill.', closingDateTime: '2027-07-07T00:00:00Z' });
      expect(records.statusesShown(id)).not.toContain('conflict');
      expect(records.referralsOf(id)).toHaveLength(1);
      await again.stop();
    });

    test('killed right after its PATCH, then the same field changed on both sides: a conflict, nothing overwritten', async () => {
      const dying = await world.spawnService({ killAt: 'U3' });
      await dying.ready();
      const id = await records.shared({ name: 'Killed, then both' });
      await walked();
      await seller.edit(id, { dealValue: 64_000 });
      expect(await dying.ended).toBe('SIGKILL');
      await seller.edit(id, { dealValue: 65_000 });
      world.pc.edit(records.referral(id).id, { dealValue: 70_000 });
      const again = await world.serve();
      await records.reaches(id, 'conflict');
      await world.quiet();
      expect(records.conflicts(id)).toMatchObject([{ field: 'dealValue', crm: 65_000, partner: 70_000 }]);
      expect(records.deal(id).dealValue).toBe(65_000);
      expect(Number(records.referral(id).details.dealValue)).toBe(70_000);
      await again.stop();
    });
  });

  describe('a conflict', () => {
    let world: World;
    let seller: CrmSeller;

    beforeAll(async () => {
      world = await createWorld({ crms: [name] });
      seller = world.crm.seller;
      await world.serve();
    });
    afterEach(() => {
      world.pc.api.clearFaults();
      world.crm.clearFaults();
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    /** A shared record whose amount is 60,000 here and 55,000 there. */
    async function aboutTheAmount(name: string): Promise<string> {
      const id = await records.shared({ name });
      await records.whileNobodyLooks(async () => {
        await seller.edit(id, { dealValue: 60_000 });
        world.pc.edit(records.referral(id).id, { dealValue: 55_000 });
      });
      await records.reaches(id, 'conflict');
      await world.quiet();
      return id;
    }
    const amounts = (id: string) => [records.deal(id).dealValue, Number(records.referral(id).details.dealValue)];
    const audit = (id: string): string => records.deal(id).audit;
    const choose = (id: string, ...choices: readonly object[]): Promise<void> => seller.edit(id, { choices: JSON.stringify({ choices }) });
    const emptied = (id: string): Promise<unknown> => until('the choices are emptied', () => records.deal(id).choices === null, 10_000, () => records.deal(id));
    const seen = { crm: 60_000, partner: 55_000 };

    describe('without a choice', () => {
      test('does not stop the other fields, in either direction', async () => {
        const id = await aboutTheAmount('Others flow');
        await seller.edit(id, { notes: 'Still typing.' });
        world.pc.edit(records.referral(id).id, { closingDate: '2027-08-08' });
        await until('the others arrive', () => records.referral(id).details.notes === 'Still typing.' && records.deal(id).closingDate === '2027-08-08', 10_000, () => records.deal(id));
        await world.quiet();
        expect(amounts(id)).toEqual([60_000, 55_000]);
        expect(records.deal(id).status).toBe('conflict');
        expect(records.conflicts(id)).toEqual([{ field: 'dealValue', group: 'money', agreed: 50_000, crm: 60_000, partner: 55_000, crmOn: time, partnerOn: time }]);
      });

      test('dissolves when the CRM returns to what was agreed: the other side wins', async () => {
        const id = await aboutTheAmount('CRM returns');
        await seller.edit(id, { dealValue: 50_000 });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([55_000, 55_000]);
        expect(records.conflicts(id)).toEqual([]);
      });

      test('dissolves when Partner Center returns to what was agreed: the CRM wins', async () => {
        const id = await aboutTheAmount('Portal returns');
        world.pc.edit(records.referral(id).id, { dealValue: 50_000 });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([60_000, 60_000]);
      });

      test('dissolves when both sides come to say the same', async () => {
        const id = await aboutTheAmount('Same in the end');
        await seller.edit(id, { dealValue: 55_000 });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([55_000, 55_000]);
      });

      test('stays shown while Partner Center is away, beside the reason why another change waits', async () => {
        const id = await aboutTheAmount('Conflict in an outage');
        world.pc.api.addFault({ kind: '503', match: 'referral\\..*' });
        await seller.edit(id, { notes: 'Typed in the outage.' });
        await records.shows(id, 'remote-down');
        expect(records.deal(id).status).toBe('conflict');
        expect(records.conflicts(id)).toMatchObject([{ field: 'dealValue', crm: 60_000, partner: 55_000 }]);
        world.pc.api.clearFaults();
        await until('the change arrives', () => records.referral(id).details.notes === 'Typed in the outage.');
        await world.quiet();
        expect(records.reasons(id)).toEqual([]);
        expect(amounts(id)).toEqual([60_000, 55_000]);
      });

      test('is none when both sides changed to the same value', async () => {
        const id = await records.shared({ name: 'Same idea' });
        world.crm.forget();
        await records.whileNobodyLooks(async () => {
          await seller.edit(id, { dealValue: 58_000, notes: 'Agreed on the phone.' });
          world.pc.edit(records.referral(id).id, { dealValue: 58_000, notes: 'Agreed on the phone.' });
        });
        await world.quiet();
        await records.reaches(id, 'synced');
        expect(amounts(id)).toEqual([58_000, 58_000]);
        expect(records.statusesShown(id)).not.toContain('conflict');
      });

      test('names each differing field of a group, and shows day, currency and text as the contract words them', async () => {
        const id = await records.shared({ name: 'Several fields' });
        await records.whileNobodyLooks(async () => {
          await seller.edit(id, { dealValue: 60_000, currency: 'EUR', closingDate: '2027-09-01', notes: 'Ours.' });
          world.pc.edit(records.referral(id).id, { dealValue: 55_000, closingDate: '2027-10-01', notes: 'Theirs.' });
        });
        await records.reaches(id, 'conflict');
        await world.quiet();
        expect(records.conflicts(id)).toEqual([
          { field: 'dealValue', group: 'money', agreed: 50_000, crm: 60_000, partner: 55_000, crmOn: time, partnerOn: time },
          { field: 'currency', group: 'money', agreed: 'USD', crm: 'EUR', partner: 'USD', crmOn: time, partnerOn: time },
          { field: 'closingDate', group: 'closingDate', agreed: '2027-03-31', crm: '2027-09-01', partner: '2027-10-01', crmOn: time, partnerOn: time },
          { field: 'notes', group: 'notes', agreed: 'First talk was good.', crm: 'Ours.', partner: 'Theirs.', crmOn: time, partnerOn: time },
        ]);
        expect(amounts(id)).toEqual([60_000, 55_000]);
      });

      test('in products is none: what either side added is kept, what either removed is gone', async () => {
        const id = await records.shared({ name: 'Products', solutions: 'SOL-12345-ABC;SOL-45678-DEF' });
        await records.whileNobodyLooks(async () => {
          await seller.edit(id, { solutions: 'SOL-12345-ABC;SOL-23456-BCD' });
          world.pc.edit(records.referral(id).id, { solutions: ['SOL-12345-ABC', 'SOL-45678-DEF', 'SOL-34567-CDE'] });
        });
        const all = ['SOL-12345-ABC', 'SOL-23456-BCD', 'SOL-34567-CDE'];
        await until('products are merged', () => String(records.deal(id).solutions).split(';').sort().join() === all.join(), 10_000, () => records.deal(id));
        await records.reaches(id, 'synced');
        expect(records.referral(id).details.requirements.solutions.map((each) => each.id).sort()).toEqual(all);
      });
    });

    describe('answered by the seller', () => {
      test('with ours: Partner Center takes the value, the lost one stands in the audit, the column is emptied', async () => {
        const id = await aboutTheAmount('Keep ours');
        await choose(id, { field: 'dealValue', keep: 'crm', seen });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([60_000, 60_000]);
        expect(records.deal(id).choices).toBeNull();
        expect(audit(id)).toContain(`| Partner Center → ${label} | Deal value: not kept: 55000`);
        await seller.edit(id, { dealValue: 61_000 });
        await until('a later change goes out as any', () => amounts(id)[1] === 61_000);
      });

      test('with theirs: the CRM takes the value, the lost one stands in the audit, the column is emptied', async () => {
        const id = await aboutTheAmount('Keep theirs');
        await choose(id, { field: 'dealValue', keep: 'partner', seen });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([55_000, 55_000]);
        expect(records.deal(id).choices).toBeNull();
        expect(audit(id)).toContain(`| ${label} → Partner Center | Deal value: not kept: 60000`);
      });

      test('on values that are no longer there: emptied, said in the audit, shown anew with the values of now', async () => {
        const id = await aboutTheAmount('Stale choice');
        await records.whileNobodyLooks(async () => {
          world.pc.edit(records.referral(id).id, { dealValue: 56_000 });
          await choose(id, { field: 'dealValue', keep: 'crm', seen });
        });
        await emptied(id);
        await world.quiet();
        expect(records.conflicts(id)).toMatchObject([{ crm: 60_000, partner: 56_000 }]);
        expect(amounts(id)).toEqual([60_000, 56_000]);
        expect(audit(id)).toContain('no longer fitted');
        await choose(id, { field: 'dealValue', keep: 'partner', seen: { crm: 60_000, partner: 56_000 } });
        await records.reaches(id, 'synced');
        expect(amounts(id)).toEqual([56_000, 56_000]);
      });

      test.each([['not JSON', '{"choices":[{"field"'], ['of another shape', '{"choices":[{"field":"dealValue","keep":"mine","seen":{}}]}'], ['no list', '[]']])('with what is %s: emptied, said in the audit, nothing written', async (_, text) => {
        const id = await aboutTheAmount('Unreadable choice');
        await seller.edit(id, { choices: text });
        await emptied(id);
        await world.quiet();
        expect(records.deal(id).status).toBe('conflict');
        expect(amounts(id)).toEqual([60_000, 55_000]);
        expect(audit(id)).toContain('could not be read');
      });

      test('with opposite choices for one group: emptied, said in the audit, nothing written', async () => {
        const id = await aboutTheAmount('Opposite choices');
        await choose(id, { field: 'dealValue', keep: 'crm', seen }, { field: 'dealValue', keep: 'partner', seen });
        await emptied(id);
        await world.quiet();
        expect(records.deal(id).status).toBe('conflict');
        expect(amounts(id)).toEqual([60_000, 55_000]);
        expect(audit(id)).toContain('contradicted');
      });

      test('one of two: that one travels, the other stands still and can be answered later', async () => {
        const id = await records.shared({ name: 'Partial answer' });
        await records.whileNobodyLooks(async () => {
          await seller.edit(id, { dealValue: 60_000, notes: 'Ours.' });
          world.pc.edit(records.referral(id).id, { dealValue: 55_000, notes: 'Theirs.' });
        });
        await records.reaches(id, 'conflict');
        await world.quiet();
        await choose(id, { field: 'notes', keep: 'partner', seen: { crm: 'Ours.', partner: 'Theirs.' } });
        await until('the answered one travels', () => records.deal(id).notes === 'Theirs.');
        await emptied(id);
        await world.quiet();
        expect(records.conflicts(id)).toMatchObject([{ field: 'dealValue', crm: 60_000, partner: 55_000 }]);
        expect(records.deal(id).status).toBe('conflict');
        expect(amounts(id)).toEqual([60_000, 55_000]);
        await choose(id, { field: 'dealValue', keep: 'crm', seen });
        await records.reaches(id, 'synced');
        expect(amounts(id)).toEqual([60_000, 60_000]);
        expect(records.referral(id).details.notes).toBe('Theirs.');
      });

      test('for a whole group by one choice: amount and currency go together', async () => {
        const id = await records.shared({ name: 'Group choice' });
        await records.whileNobodyLooks(async () => {
          await seller.edit(id, { dealValue: 60_000, currency: 'EUR' });
          world.pc.edit(records.referral(id).id, { dealValue: 55_000 });
        });
        await records.reaches(id, 'conflict');
        await choose(id, { field: 'dealValue', keep: 'partner', seen });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([55_000, 55_000]);
        expect(records.deal(id).currency).toBe('USD');
        expect(records.referral(id).details.currency).toBe('USD');
      });

      test('about a text that was shown cut: the whole text is kept', async () => {
        const [ours, theirs] = ['o'.repeat(1_500), 't'.repeat(1_400)];
        const id = await records.shared({ name: 'Long notes' });
        await records.whileNobodyLooks(async () => {
          await seller.edit(id, { notes: ours });
          world.pc.edit(records.referral(id).id, { notes: theirs });
        });
        await records.reaches(id, 'conflict');
        const [conflict] = records.conflicts(id);
        expect(conflict).toMatchObject({ crm: `${ours.slice(0, 1_000)}…`, partner: `${theirs.slice(0, 1_000)}…` });
        await choose(id, { field: 'notes', keep: 'crm', seen: { crm: conflict!.crm, partner: conflict!.partner } });
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(records.referral(id).details.notes).toBe(ours);
        expect(audit(id)).toContain(`Notes: not kept: ${theirs}`);
      });

      test('for a field that is in no conflict: emptied in silence', async () => {
        const id = await records.shared({ name: 'No conflict' });
        await choose(id, { field: 'dealValue', keep: 'partner', seen });
        await emptied(id);
        await world.quiet();
        expect(amounts(id)).toEqual([50_000, 50_000]);
        expect(records.deal(id).status).toBe('synced');
        expect(audit(id)).not.toMatch(/choice/i);
      });

      test('while Partner Center is away: the choice waits and is carried out once', async () => {
        const id = await aboutTheAmount('Choice in an outage');
        world.pc.api.addFault({ kind: '503', match: 'referral\\..*' });
        await choose(id, { field: 'dealValue', keep: 'crm', seen });
        await records.shows(id, 'remote-down');
        // Decided, so no conflict any more; not carried out, so the choice still stands on the record.
        expect(records.deal(id)).toMatchObject({ status: 'pending', dealValue: 60_000 });
        expect(records.deal(id).choices).toBeTruthy();
        expect(amounts(id)).toEqual([60_000, 55_000]);
        world.pc.api.clearFaults();
        await records.reaches(id, 'synced');
        await world.quiet();
        expect(amounts(id)).toEqual([60_000, 60_000]);
        expect(audit(id).match(/not kept: 55000/g)).toHaveLength(1);
      });
    });

    test('between a change here and a deal that was closed there is none: the closed status wins and the change is explained', async () => {
      const id = await records.shared({ name: 'Closed there' });
      await records.whileNobodyLooks(async () => {
        await seller.edit(id, { notes: 'One more talk.' });
        world.pc.lose(records.referral(id).id);
      });
      await until('the opportunity is lost', () => records.deal(id).state === 'lost', 10_000, () => records.deal(id));
      const reason = await records.shows(id, 'referral-terminal');
      expect(reason).toMatchObject({ actor: 'you', field: 'status', params: { status: 'Closed/Lost' } });
      expect(records.deal(id).notes).toBe('One more talk.');
    });
  });
});
