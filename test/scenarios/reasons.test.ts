// Reasons: whatever keeps a record from Partner Center is said on it with code, field and who acts, and is gone once it was put right.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SyncStatus } from '../../core/index';
import { crms, demanded, type CrmSeller, type Typed, type TypedCustomer } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

type Params = Readonly<Record<string, string | number>>;

describe.each(crms)('with %s', (label, name) => {
  let world: World;
  let seller: CrmSeller;
  /** While true, Partner Center takes the service's user for an app without a user, and refuses it. */
  let isDemoted = false;

  const currencies = ['USD', 'EUR', 'CHF'];

  beforeAll(async () => {
    world = await createWorld({
      crms: [name],
      partner: (entra) => ({
        currencies,
        entra: {
          check(token, audience) {
            const owner = entra.check(token, audience);
            return owner && isDemoted ? { ...owner, kind: 'app' } : owner;
          },
        },
      }),
    });
    seller = world.crm.seller;
    await world.serve();
    await until('the inventory was taken', () => world.pc.counts()['referral.list']);
  });
  afterAll(() => world.close());

  const records = createRecords(() => world);

  const posts = (): number => (world.pc.counts()['referral.create'] ?? 0) + (world.pc.counts()['referral.createMicrosoft'] ?? 0);
  const allCalls = (): number => Object.entries(world.pc.counts()).filter(([kind]) => kind.startsWith('referral.')).reduce((sum, [, count]) => sum + count, 0);
  const refusedPatches = (id: string): number => world.pc.api.requests().filter((each) => each.kind === 'referral.patch' && each.path.includes(id) && each.status === 400).length;
  const account = (typed: TypedCustomer): Promise<string> => seller.customer({ name: 'Litware', street: '1 Main Street', city: 'Seattle', country: 'United States', ...typed });
  const referralDetails = (id: string) => records.referral(id).details;
  const settled = async (id: string, wanted: SyncStatus): Promise<void> => {
    await records.reaches(id, wanted);
    await world.quiet();
  };

  describe('what is missing before a deal can be created', () => {
    interface Missing<What = Typed> {
      readonly code: string;
      readonly field: string;
      readonly typed: What;
      readonly mend: (world: World) => What;
      readonly params?: Params;
    }
    const cases: readonly Missing[] = ([
      { code: 'name-missing', field: 'name', typed: { name: ' ' }, mend: () => ({ name: 'Named' }) },
      { code: 'customer-missing', field: 'customer.name', typed: { customer: null }, mend: ({ crm }) => ({ customer: crm.seeds.customer }) },
      { code: 'solution-missing', field: 'solutions', typed: { solutions: '' }, mend: () => ({ solutions: 'SOL-12345-ABC' }) },
      { code: 'solutions-too-many', field: 'solutions', params: { n: 51 }, typed: { solutions: Array.from({ length: 51 }, (_, n) => `SOL-${10_000 + n}-XYZ`).join(';') }, mend: () => ({ solutions: 'SOL-12345-ABC' }) },
      { code: 'deal-value-missing', field: 'dealValue', typed: { dealValue: null }, mend: () => ({ dealValue: 1_000 }) },
      { code: 'closing-date-missing', field: 'closingDate', typed: { closingDate: null }, mend: () => ({ closingDate: '2027-01-01' }) },
      { code: 'closing-date-past', field: 'closingDate', typed: { closingDate: '2020-01-01' }, mend: () => ({ closingDate: '2027-01-01' }) },
      { code: 'help-needs-visibility', field: 'visibility', typed: { help: 'ProofOfConceptOrDemo', visibility: 'private' }, mend: () => ({ visibility: 'visible' }) },
      { code: 'contact-missing', field: 'customer.contact', typed: { help: 'ProofOfConceptOrDemo', contact: null }, mend: ({ crm }) => ({ contact: crm.seeds.contact }) },
    ] satisfies readonly Missing[]).filter(({ code, field }) => !code.endsWith('-missing') || !demanded[name].some((each) => each === field));

    test.each(cases.map((each) => [each.code, each] as const))('%s is shown without a call to Partner Center, and mended it syncs', async (_, { code, field, typed, mend, params }) => {
      const before = allCalls();
      const id = await seller.opportunity(typed);
      await settled(id, 'needsAttention');
      expect(records.reasons(id)).toEqual([{ code, field, actor: 'you', ...(params ? { params } : {}) }]);
      expect(allCalls()).toBe(before);
      await seller.edit(id, mend(world));
      await settled(id, 'synced');
      expect(records.details(id)).not.toHaveProperty('reasons');
      expect(records.referralsOf(id)).toHaveLength(1);
    });

    for (const field of demanded[name]) {
      test(`${field} is never missing there: the CRM refuses the save, and nothing is sent`, async () => {
        const before = allCalls();
        await expect(seller.opportunity({ [field]: null })).rejects.toThrow();
        await world.quiet();
        expect(allCalls()).toBe(before);
      });
    }

    const accounts: readonly Missing<TypedCustomer>[] = [
      { code: 'customer-country-missing', field: 'customer.country', typed: { country: null }, mend: () => ({ country: 'Germany' }) },
      { code: 'customer-country-unknown', field: 'customer.country', params: { value: 'Atlantis' }, typed: { country: 'Atlantis' }, mend: () => ({ country: '德国' }) },
      { code: 'customer-address-missing', field: 'customer.address', typed: { street: null }, mend: () => ({ street: '3 Main Street' }) },
    ];

    test.each(accounts.map((each) => [each.code, each] as const))('%s is shown without a call to Partner Center, and mending the account syncs the opportunity untouched', async (_, { code, field, typed, mend, params }) => {
      const customer = await account(typed);
      const before = allCalls();
      const id = await seller.opportunity({ customer });
      await settled(id, 'needsAttention');
      expect(records.reasons(id)).toEqual([{ code, field, actor: 'you', ...(params ? { params } : {}) }]);
      expect(allCalls()).toBe(before);
      world.crm.forget();
      await seller.editCustomer(customer, mend(world));
      await settled(id, 'synced');
      expect(records.referralsOf(id)).toHaveLength(1);
      expect(world.crm.writes().filter((each) => each.id === id && each.by !== 'service')).toEqual([]);
      expect(records.referral(id).customerProfile.address.country).toMatch(/^(US|DE)$/);
    });

    test('everything is said at once, and each failure stands in the audit once', async () => {
      const id = await seller.opportunity({ dealValue: null, solutions: '', closingDate: '2020-01-01', customer: world.crm.seeds.customerWithoutCountry });
      await settled(id, 'needsAttention');
      expect(records.reasons(id).map((each) => each.code).sort()).toEqual(['closing-date-past', 'customer-country-missing', 'deal-value-missing', 'solution-missing']);
      await seller.edit(id, { dealValue: 5 });
      await until('one reason less', () => records.reasons(id).length === 3);
      await world.quiet();
      const audit = records.deal(id).audit;
      expect(audit.match(/Customer country: not sent, customer-country-missing/g)).toHaveLength(1);
      expect(audit.match(/Deal value: not sent, deal-value-missing/g)).toHaveLength(1);
      expect(records.referralsOf(id)).toEqual([]);
    });
  });

  describe('what only Partner Center can refuse', () => {
    const cases: readonly (readonly [code: string, field: string, params: Params, typed: Typed, mend: Typed])[] = [
      ['solution-unknown', 'solutions', { id: 'SOL-99104-XYZ' }, { solutions: 'SOL-12345-ABC;SOL-99104-XYZ' }, { solutions: 'SOL-12345-ABC' }],
      ['currency-unknown', 'currency', { system: 'Partner Center', code: 'CNY' }, { currency: 'CNY' }, { currency: 'EUR' }],
    ];
    test.each(cases)('%s at a create: shown with what it is about, asked once, and mended it syncs', async (code, field, params, typed, mend) => {
      const before = posts();
      const id = await seller.opportunity(typed);
      const reason = await records.shows(id, code);
      await world.quiet();
      expect(reason).toEqual({ code, field, actor: 'you', params });
      expect(records.deal(id).status).toBe('needsAttention');
      expect(records.referralsOf(id)).toEqual([]);
      expect(posts()).toBe(before + 1);
      await seller.edit(id, mend);
      await settled(id, 'synced');
      expect(records.referralsOf(id)).toHaveLength(1);
    });

    test('deal-value-zero at a create, and mended it syncs', async () => {
      const id = await seller.opportunity({ dealValue: 0 });
      expect(await records.shows(id, 'deal-value-zero')).toEqual({ code: 'deal-value-zero', field: 'dealValue', actor: 'you' });
      expect(records.deal(id).status).toBe('needsAttention');
      await seller.edit(id, { dealValue: 10 });
      await settled(id, 'synced');
      expect(Number(referralDetails(id).dealValue)).toBe(10);
    });

    test.each(cases)('%s in an update: the other fields arrive, the bad one is asked once until it changes', async (code, field, params, typed, mend) => {
      const id = await records.shared();
      const referralId = records.referral(id).id;
      await seller.edit(id, { ...typed, notes: 'With a bad one.', closingDate: '2027-04-04' });
      const reason = await records.shows(id, code);
      await world.quiet();
      expect(reason).toEqual({ code, field, actor: 'you', params });
      expect(records.deal(id).status).toBe('needsAttention');
      expect(referralDetails(id)).toMatchObject({ notes: 'With a bad one.', closingDateTime: '2027-04-04T00:00:00Z', currency: 'USD' });
      const asked = refusedPatches(referralId);
      await seller.edit(id, { notes: 'Another bell.' });
      await until('the next change arrives', () => referralDetails(id).notes === 'Another bell.');
      await world.quiet();
      expect(refusedPatches(referralId)).toBe(asked);
      expect(records.reasons(id)).toEqual([reason]);
      await seller.edit(id, mend);
      await settled(id, 'synced');
      expect(records.deal(id).audit).toContain(`not sent, ${code}`);
    });

    test('a user without the right to write: Failed with no-permission for the admin, and with the right back a bell syncs', async () => {
      isDemoted = true;
      const id = await seller.opportunity();
      const reason = await records.shows(id, 'no-permission');
      expect(reason).toEqual({ code: 'no-permission', actor: 'admin', params: { system: 'Partner Center', role: 'Referrals admin' } });
      await settled(id, 'failed');
      isDemoted = false;
      await seller.edit(id, { requestedAction: 'syncNow' });
      await settled(id, 'synced');
      expect(records.referralsOf(id)).toHaveLength(1);
    });
  });

  describe('what is missing in an update', () => {
    test.each(([
      ['deal-value-missing', 'dealValue', { dealValue: null }, { dealValue: 70_000 }],
      ['closing-date-missing', 'closingDate', { closingDate: null }, { closingDate: '2027-12-12' }],
      ['closing-date-past', 'closingDate', { closingDate: '2021-01-01' }, { closingDate: '2027-12-12' }],
      ['solution-missing', 'solutions', { solutions: '' }, { solutions: 'SOL-23456-BCD' }],
    ] as const).filter(([code, field]) => !code.endsWith('-missing') || !demanded[name].some((each) => each === field)))('%s is explained and never clears what Partner Center has; the other fields arrive', async (code, field, typed, mend) => {
      const id = await records.shared();
      const before = structuredClone(referralDetails(id));
      await seller.edit(id, { ...typed, notes: 'Beside it.' });
      await until('the notes arrive', () => referralDetails(id).notes === 'Beside it.', 10_000, () => records.deal(id));
      await settled(id, 'needsAttention');
      expect(records.reasons(id)).toEqual([{ code, field, actor: 'you' }]);
      expect(referralDetails(id)).toEqual({ ...before, notes: 'Beside it.' });
      await seller.edit(id, mend);
      await settled(id, 'synced');
    });

    test('a closing date that has passed since does not hold up the amount', async () => {
      const id = await records.shared();
      world.pc.edit(records.referral(id).id, { closingDate: '2021-06-06' });
      await until('the date arrives', () => records.deal(id).closingDate === '2021-06-06');
      await world.quiet();
      await seller.edit(id, { dealValue: 71_000 });
      await until('the amount arrives', () => Number(referralDetails(id).dealValue) === 71_000);
      await settled(id, 'synced');
    });

    test('help asked for a private deal: not sent, explained, and opened it asks Microsoft', async () => {
      const id = await records.shared({ visibility: 'private' });
      const before = posts();
      await seller.edit(id, { help: 'ProofOfConceptOrDemo' });
      expect(await records.shows(id, 'help-needs-visibility')).toEqual({ code: 'help-needs-visibility', field: 'visibility', actor: 'you' });
      await world.quiet();
      expect(posts()).toBe(before);
      await seller.edit(id, { visibility: 'visible' });
      await settled(id, 'synced');
      expect(world.pc.engagement(records.referral(id).engagementId)).toHaveLength(2);
    });

    test('help asked without a contact: the deal is not opened before Microsoft can be asked', async () => {
      const id = await records.shared({ contact: null });
      await seller.edit(id, { help: 'ProofOfConceptOrDemo' });
      expect(await records.shows(id, 'contact-missing')).toEqual({ code: 'contact-missing', field: 'customer.contact', actor: 'you' });
      await world.quiet();
      expect(records.referral(id).consent.consentToShareReferralWithMicrosoftSellers).toBe(false);
      await seller.edit(id, { contact: world.crm.seeds.contact });
      await settled(id, 'synced');
      expect(world.pc.engagement(records.referral(id).engagementId)).toHaveLength(2);
    });
  });

  describe('what is fixed once shared', () => {
    test('a changed name is explained, other fields go on, and put back all is well', async () => {
      const id = await records.shared({ name: 'As shared' });
      await seller.edit(id, { name: 'Renamed', notes: 'Renamed it.' });
      expect(await records.shows(id, 'frozen-field-changed')).toEqual({ code: 'frozen-field-changed', field: 'name', actor: 'you' });
      await settled(id, 'needsAttention');
      expect(records.referral(id)).toMatchObject({ name: 'As shared', details: { notes: 'Renamed it.' } });
      expect(records.details(id).frozen?.fields).toContain('name');
      await seller.edit(id, { name: 'As shared' });
      await settled(id, 'synced');
    });

    test.each([
      ['help', { help: 'PostSalesCustomerSuccess' }, { help: 'ProofOfConceptOrDemo' }],
      ['notesToMicrosoft', { notesToMicrosoft: 'Something else.' }, { notesToMicrosoft: 'Please join.' }],
      ['visibility', { visibility: 'private' }, { visibility: 'visible' }],
    ] as const)('%s after Microsoft was asked is explained, nothing is sent, and put back all is well', async (field, change, back) => {
      const id = await records.shared({ help: 'ProofOfConceptOrDemo', notesToMicrosoft: 'Please join.', visibility: 'visible' });
      const before = world.pc.engagement(records.referral(id).engagementId).map((each) => each.eTag);
      await seller.edit(id, change);
      expect(await records.shows(id, 'frozen-field-changed')).toEqual({ code: 'frozen-field-changed', field, actor: 'you' });
      await settled(id, 'needsAttention');
      expect(world.pc.engagement(records.referral(id).engagementId).map((each) => each.eTag)).toEqual(before);
      await seller.edit(id, back);
      await settled(id, 'synced');
    });

    test('an account that is renamed is an audit line and no trouble', async () => {
      const customer = await account({ name: 'Before the merger' });
      const id = await records.shared({ customer });
      await seller.editCustomer(customer, { name: 'After the merger' });
      await until('the audit tells it', () => records.deal(id).audit.includes('Customer: Before the merger → After the merger'), 10_000, () => records.deal(id));
      await settled(id, 'synced');
      expect(records.referral(id).customerProfile.name).toBe('Before the merger');
    });
  });

  describe('a referral that was closed there', () => {
    test('takes no more changes: referral-terminal, nothing is sent', async () => {
      const id = await records.shared();
      world.pc.win(records.referral(id).id);
      await until('the opportunity is won', () => records.deal(id).state === 'won');
      await settled(id, 'synced');
      const before = records.referral(id).eTag;
      await seller.edit(id, { notes: 'After the end.' });
      expect(await records.shows(id, 'referral-terminal')).toEqual({ code: 'referral-terminal', field: 'status', actor: 'you', params: { status: 'Closed/Won' } });
      await settled(id, 'needsAttention');
      expect(records.referral(id).eTag).toBe(before);
      await seller.edit(id, { notes: 'First talk was good.' });
      await settled(id, 'synced');
    });

    test('is not reopened by reopening the opportunity: explained, nothing is sent', async () => {
      const id = await records.shared();
      await seller.win(id);
      await until('the referral is won', () => records.referral(id).substatus === 'Won');
      await settled(id, 'synced');
      const before = records.referral(id).eTag;
      await seller.reopen(id);
      expect(await records.shows(id, 'referral-terminal')).toMatchObject({ field: 'status', actor: 'you', params: { status: 'Closed/Won' } });
      await settled(id, 'needsAttention');
      expect(records.referral(id).eTag).toBe(before);
      expect(records.deal(id).state).toBe('open');
    });
  });

  describe('what the CRM cannot hold', () => {
    const tooLong = (): unknown => ({ code: 'text-too-long', field: 'notes', actor: 'you', params: { system: label, max: longest() } });
    const longest = (): number => world.crm.longest.notes;

    test('a longer text from the portal is never cut: explained, the other fields arrive, shortened it syncs', async () => {
      const id = await records.shared();
      world.pc.edit(records.referral(id).id, { notes: 'n'.repeat(longest() + 1), dealValue: 72_000 });
      expect(await records.shows(id, 'text-too-long')).toEqual(tooLong());
      await settled(id, 'needsAttention');
      expect(records.deal(id)).toMatchObject({ dealValue: 72_000, notes: 'First talk was good.' });
      world.pc.edit(records.referral(id).id, { notes: 'n'.repeat(longest()) });
      await settled(id, 'synced');
      expect(records.deal(id).notes).toBe('n'.repeat(longest()));
    });

    test('a longer text that the seller overwrites here is then a conflict, as neither saw the other', async () => {
      const id = await records.shared();
      world.pc.edit(records.referral(id).id, { notes: 'n'.repeat(longest() + 1) });
      await records.shows(id, 'text-too-long');
      await world.quiet();
      await seller.edit(id, { notes: 'Mine.' });
      await settled(id, 'conflict');
      expect(records.conflicts(id)).toMatchObject([{ field: 'notes', crm: 'Mine.', partner: `${'n'.repeat(1_000)}…` }]);
      expect(referralDetails(id).notes).toHaveLength(longest() + 1);
    });

    test('a currency from the portal that the CRM lacks: amount and currency stay as they are, the other fields arrive, changed it syncs', async () => {
      const id = await records.shared();
      world.pc.edit(records.referral(id).id, { currency: 'CHF', dealValue: 40_000, notes: 'In francs.' });
      expect(await records.shows(id, 'currency-unknown')).toEqual({ code: 'currency-unknown', field: 'currency', actor: 'you', params: { system: label, code: 'CHF' } });
      await settled(id, 'needsAttention');
      expect(records.deal(id)).toMatchObject({ dealValue: 50_000, notes: 'In francs.' });
      world.pc.edit(records.referral(id).id, { currency: 'EUR' });
      await settled(id, 'synced');
      expect(records.deal(id)).toMatchObject({ dealValue: 40_000, currency: 'EUR' });
    });

    test('a new deal with too long a text and an unknown currency still arrives, without them and with both reasons', async () => {
      const deal = world.pc.createDeal({ name: 'Alpine deal', currency: 'CHF', notes: 'n'.repeat(longest() + 1), customerName: 'Alpine Ski House' });
      const id = await records.arrived(deal.id);
      await settled(id, 'needsAttention');
      expect(records.reasons(id)).toEqual(expect.arrayContaining([tooLong(), { code: 'currency-unknown', field: 'currency', actor: 'you', params: { system: label, code: 'CHF' } }]));
      expect(records.deal(id)).toMatchObject({ dealValue: null, notes: null });
      world.pc.edit(deal.id, { currency: 'USD', notes: 'Short.' });
      await settled(id, 'synced');
      expect(records.deal(id)).toMatchObject({ dealValue: 50_000, notes: 'Short.' });
    });

    test('a new deal whose name is longer than the column: shortened so that it can exist, whole in the audit', async () => {
      const { name: most } = world.crm.longest;
      const whole = 'N'.repeat(most + 1);
      const id = await records.arrived(world.pc.createDeal({ name: whole }).id);
      await settled(id, 'synced');
      expect(records.deal(id).name).toBe(`${'N'.repeat(most - 1)}…`);
      expect(records.deal(id).audit).toContain(whole);
    });

    test('a name whose cut would fall into the middle of a character: that character goes whole', async () => {
      const { name: most } = world.crm.longest;
      const whole = `${'N'.repeat(most - 2)}🎉🎉`;
      const id = await records.arrived(world.pc.createDeal({ name: whole }).id);
      await settled(id, 'synced');
      expect(records.deal(id).name).toBe(`${'N'.repeat(most - 2)}…`);
      expect(records.deal(id).audit).toContain(whole);
    });

    test('a customer of whom there are two: no account is guessed, a person chooses', async () => {
      await Promise.all([1, 2].map(() => account({ name: 'Twin Traders', country: null })));
      const id = await records.arrived(world.pc.createDeal({ name: 'Whose deal', customerName: 'Twin Traders' }).id);
      expect(await records.shows(id, 'account-ambiguous')).toEqual({ code: 'account-ambiguous', field: 'customer.name', actor: 'you', params: { n: 2 } });
      await settled(id, 'needsAttention');
      expect(world.crm.accounts('Twin Traders')).toHaveLength(2);
      await seller.edit(id, { customer: world.crm.accounts('Twin Traders')[0] });
      await settled(id, 'synced');
    });

    test('a revenue that is calculated there: not written, value-not-taken, the other fields arrive', async () => {
      const id = await records.shared();
      await seller.letAmountBeComputed(id, true);
      await world.quiet();
      expect(records.deal(id).status).toBe('synced');
      world.pc.edit(records.referral(id).id, { dealValue: 80_000, notes: 'Beside the amount.' });
      expect(await records.shows(id, 'value-not-taken')).toEqual({ code: 'value-not-taken', field: 'dealValue', actor: 'admin', params: { system: label } });
      await settled(id, 'failed');
      expect(records.deal(id)).toMatchObject({ dealValue: 50_000, notes: 'Beside the amount.' });
      expect(Number(referralDetails(id).dealValue)).toBe(80_000);
      await seller.letAmountBeComputed(id, false);
      await settled(id, 'synced');
      expect(records.deal(id).dealValue).toBe(80_000);
    });

    test('a value that the CRM refuses: field-refused once, the other fields stay in sync, changed it syncs', async () => {
      const id = await records.shared();
      world.pc.edit(records.referral(id).id, { dealValue: world.crm.refusedAmount.amount, notes: 'Beside a huge amount.' });
      const reason = await records.shows(id, 'field-refused');
      expect(reason).toMatchObject({ field: 'dealValue', actor: 'admin', params: { system: label, message: expect.stringContaining(world.crm.refusedAmount.column) as unknown as string } });
      await settled(id, 'failed');
      expect(records.deal(id)).toMatchObject({ dealValue: 50_000 });
      await seller.edit(id, { closingDate: '2027-11-11' });
      await until('a change the other way arrives', () => referralDetails(id).closingDateTime.startsWith('2027-11-11'));
      world.pc.edit(records.referral(id).id, { notes: 'Later notes.' });
      await until('a change from there arrives', () => records.deal(id).notes === 'Later notes.', 10_000, () => records.deal(id));
      await world.quiet();
      expect(records.reasons(id)).toEqual([reason]);
      world.pc.edit(records.referral(id).id, { dealValue: 90_000 });
      await settled(id, 'synced');
      expect(records.deal(id).dealValue).toBe(90_000);
    });
  });

  describe('what the service may not do in the CRM', () => {
    let own: World;
    let seller: CrmSeller;

    beforeAll(async () => {
      own = await createWorld({ crms: [name] });
      seller = own.crm.seller;
    });
    afterAll(() => own.close());

    const records = createRecords(() => own);
    const syncNow = (id: string): Promise<void> => seller.edit(id, { requestedAction: 'syncNow' });

    test('read a column: field-unreadable, it is neither sent nor cleared nor printed, other fields go on, and with the permission it flows', async () => {
      const first = await own.serve();
      const id = await records.shared();
      await first.stop();
      own.crm.secure('dealValue', { read: false, write: false });
      const second = await own.serve();
      await seller.edit(id, { dealValue: 51_234, notes: 'Read this.' });
      expect(await records.shows(id, 'field-unreadable')).toEqual({ code: 'field-unreadable', field: 'dealValue', actor: 'admin' });
      await records.reaches(id, 'failed');
      await own.quiet();
      expect(records.referral(id).details).toMatchObject({ dealValue: 50_000, notes: 'Read this.' });
      const untouched = await seller.opportunity({ name: 'Never readable' });
      expect(await records.shows(untouched, 'field-unreadable')).toMatchObject({ field: 'dealValue' });
      await own.quiet();
      expect(records.referralsOf(untouched)).toEqual([]);
      expect(records.reasons(untouched).map((each) => each.code)).toEqual(['field-unreadable']);
      await second.stop();
      own.crm.secure('dealValue', { read: true, write: true });
      const third = await own.serve();
      await Promise.all([syncNow(id), syncNow(untouched)]);
      await Promise.all([records.reaches(id, 'synced'), records.reaches(untouched, 'synced')]);
      expect(Number(records.referral(id).details.dealValue)).toBe(51_234);
      expect(records.referralsOf(untouched)).toHaveLength(1);
      await third.stop();
    });

    test('read a column any more, while the service runs: what it no longer sees is not taken for emptied', async () => {
      const service = await own.serve();
      const id = await records.shared();
      await seller.edit(id, { notes: 'Stays at Microsoft.' });
      await until('the notes arrive', () => records.referral(id).details.notes === 'Stays at Microsoft.');
      await own.quiet();
      own.crm.secure('notes', { read: false, write: false });
      await seller.edit(id, { dealValue: 50_777 });
      expect(await records.shows(id, 'field-unreadable')).toEqual({ code: 'field-unreadable', field: 'notes', actor: 'admin' });
      await own.quiet();
      expect(records.referral(id).details).toMatchObject({ dealValue: 50_777, notes: 'Stays at Microsoft.' });
      own.crm.secure('notes', { read: true, write: true });
      await service.stop();
    });

    test('write a column: no-permission for that field alone, the other fields arrive', async () => {
      const first = await own.serve();
      const id = await records.shared();
      await first.stop();
      own.crm.secure('dealValue', { read: true, write: false });
      const second = await own.serve();
      own.pc.edit(records.referral(id).id, { dealValue: 53_000, notes: 'Write this.' });
      expect(await records.shows(id, 'no-permission')).toEqual({ code: 'no-permission', field: 'dealValue', actor: 'admin', params: { system: label, role: own.crm.role } });
      await records.reaches(id, 'failed');
      own.pc.edit(records.referral(id).id, { notes: 'And this.' });
      await until('the other field arrives', () => records.deal(id).notes === 'And this.', 10_000, () => records.deal(id));
      expect(records.deal(id).dealValue).toBe(50_000);
      // Printed or not: a secured amount stays out of the audit.
      expect(records.deal(id).audit).not.toContain('53000');
      own.crm.secure('dealValue', { read: true, write: true });
      own.pc.edit(records.referral(id).id, { dealValue: 54_000 });
      await records.reaches(id, 'synced');
      expect(records.deal(id).dealValue).toBe(54_000);
      await second.stop();
    });

    test('write opportunities at all: nothing is made twice, the record is parked with its reason, and with the role back a bell finishes', async () => {
      const service = await own.serve();
      own.crm.setRight('write', false);
      const id = await seller.opportunity({ name: 'Not writable' });
      const parked = async (): Promise<{ parked: readonly { key: string; why: string }[] }> =>
        (await (await fetch(`http://127.0.0.1:${own.port}/api/v1/parked`, { headers: { authorization: 'Bearer admin-token-of-the-tests' } })).json()) as { parked: { key: string; why: string }[] };
      const found = await until('the record is parked', async () => (await parked()).parked.find((each) => each.key.endsWith(id)), 20_000, () => records.deal(id));
      expect(found.why).toContain('no-permission');
      expect(records.referralsOf(id)).toHaveLength(1);
      expect(records.deal(id).identifier).toBeNull();
      own.crm.setRight('write', true);
      await seller.edit(id, { notes: 'Again.' });
      await records.reaches(id, 'synced');
      await own.quiet();
      expect(records.referralsOf(id)).toHaveLength(1);
      expect(records.referral(id).details.notes).toBe('Again.');
      expect((await parked()).parked).toEqual([]);
      await service.stop();
    });

    test('read opportunities at all: nothing is made, and with the role back a bell syncs', async () => {
      const service = await own.serve();
      own.crm.setRight('read', false);
      const id = await seller.opportunity({ name: 'Not readable' });
      await own.quiet();
      expect(records.referralsOf(id)).toEqual([]);
      own.crm.setRight('read', true);
      await seller.edit(id, { notes: 'Now.' });
      await records.reaches(id, 'synced');
      expect(records.referralsOf(id)).toHaveLength(1);
      await service.stop();
    });
  });
});
