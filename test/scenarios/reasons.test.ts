// Reasons: whatever keeps a record from Partner Center is said on it with code, field and who acts, and is gone once it was put right.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { createRecords, type Records } from '../kit/records';
import { createSeller, help, status, visibility, type Row, type Seller } from '../kit/seller';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

let world: World;
let seller: Seller;
let records: Records;
/** While true, Partner Center takes the service's user for an app without a user, and refuses it. */
let isDemoted = false;

const currencies = ['USD', 'EUR', 'CHF'];

beforeAll(async () => {
  world = await createWorld({
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
  seller = createSeller(world.dv);
  records = createRecords(world, seller);
  await world.serve();
  await until('the inventory was taken', () => world.pc.counts()['referral.list']);
});
afterAll(() => world.close());

const posts = (): number => (world.pc.counts()['referral.create'] ?? 0) + (world.pc.counts()['referral.createMicrosoft'] ?? 0);
const allCalls = (): number => Object.entries(world.pc.counts()).filter(([kind]) => kind.startsWith('referral.')).reduce((sum, [, count]) => sum + count, 0);
const refusedPatches = (id: string): number => world.pc.api.requests().filter((each) => each.kind === 'referral.patch' && each.path.includes(id) && each.status === 400).length;
const account = (row: Row): Promise<string> => seller.create('accounts', { name: 'Litware', address1_line1: '1 Main Street', address1_city: 'Seattle', address1_country: 'United States', ...row });
const ofAccount = (id: string): Row => ({ 'parentaccountid@odata.bind': `/accounts(${id})` });
const currency = (code: string): Row => ({ 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency(code)})` });
const referralDetails = (id: string) => records.referral(id).details;
const settled = async (id: string, wanted: keyof typeof status): Promise<void> => {
  await records.reaches(id, wanted);
  await world.quiet();
};

describe('what is missing before a deal can be created', () => {
  interface Missing {
    readonly code: string;
    readonly field: string;
    readonly row: Row;
    readonly mend: Row;
    readonly params?: Row;
  }
  const contactless: Row = { 'parentcontactid@odata.bind': null };
  const cases: readonly Missing[] = [
    { code: 'name-missing', field: 'name', row: { name: ' ' }, mend: { name: 'Named' } },
    { code: 'customer-missing', field: 'customer.name', row: { 'parentaccountid@odata.bind': null }, mend: ofAccount(seedIds.contosoRetail) },
    { code: 'solution-missing', field: 'solutions', row: { cosell_products: '' }, mend: { cosell_products: 'SOL-12345-ABC' } },
    { code: 'solutions-too-many', field: 'solutions', params: { n: 51 }, row: { cosell_products: Array.from({ length: 51 }, (_, n) => `SOL-${10_000 + n}-XYZ`).join(';') }, mend: { cosell_products: 'SOL-12345-ABC' } },
    { code: 'deal-value-missing', field: 'dealValue', row: { estimatedvalue: null }, mend: { estimatedvalue: 1_000 } },
    { code: 'closing-date-missing', field: 'closingDate', row: { estimatedclosedate: null }, mend: { estimatedclosedate: '2027-01-01' } },
    { code: 'closing-date-past', field: 'closingDate', row: { estimatedclosedate: '2020-01-01' }, mend: { estimatedclosedate: '2027-01-01' } },
    { code: 'help-needs-visibility', field: 'visibility', row: { cosell_howcanmicrosofthelp: help.poc, cosell_referralvisibility: visibility.private }, mend: { cosell_referralvisibility: visibility.visible } },
    { code: 'contact-missing', field: 'customer.contact', row: { cosell_howcanmicrosofthelp: help.poc, ...contactless }, mend: { 'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})` } },
  ];

  test.each(cases.map((each) => [each.code, each] as const))('%s is shown without a call to Partner Center, and mended it syncs', async (_, { code, field, row, mend, params }) => {
    const before = allCalls();
    const id = await seller.opportunity(row);
    await settled(id, 'needsAttention');
    expect(records.reasons(id)).toEqual([{ code, field, actor: 'you', ...(params ? { params } : {}) }]);
    expect(allCalls()).toBe(before);
    await seller.update('opportunities', id, mend);
    await settled(id, 'synced');
    expect(records.details(id)).not.toHaveProperty('reasons');
    expect(records.referralsOf(id)).toHaveLength(1);
  });

  const accounts: readonly Missing[] = [
    { code: 'customer-country-missing', field: 'customer.country', row: { address1_country: null }, mend: { address1_country: 'Germany' } },
    { code: 'customer-country-unknown', field: 'customer.country', params: { value: 'Atlantis' }, row: { address1_country: 'Atlantis' }, mend: { address1_country: '德国' } },
    { code: 'customer-address-missing', field: 'customer.address', row: { address1_line1: null }, mend: { address1_line1: '3 Main Street' } },
  ];

  test.each(accounts.map((each) => [each.code, each] as const))('%s is shown without a call to Partner Center, and mending the account syncs the opportunity untouched', async (_, { code, field, row, mend, params }) => {
    const customer = await account(row);
    const before = allCalls();
    const id = await seller.opportunity(ofAccount(customer));
    await settled(id, 'needsAttention');
    expect(records.reasons(id)).toEqual([{ code, field, actor: 'you', ...(params ? { params } : {}) }]);
    expect(allCalls()).toBe(before);
    world.dv.resetWrites();
    await seller.update('accounts', customer, mend);
    await settled(id, 'synced');
    expect(records.referralsOf(id)).toHaveLength(1);
    expect(world.dv.writes().filter((each) => each.id === id && each.user !== seedIds.serviceUser)).toEqual([]);
    expect(records.referral(id).customerProfile.address.country).toMatch(/^(US|DE)$/);
  });

  test('everything is said at once, and each failure stands in the audit once', async () => {
    const id = await seller.opportunity({ estimatedvalue: null, cosell_products: '', estimatedclosedate: null, ...ofAccount(seedIds.noCountry) });
    await settled(id, 'needsAttention');
    expect(records.reasons(id).map((each) => each.code).sort()).toEqual(['closing-date-missing', 'customer-country-missing', 'deal-value-missing', 'solution-missing']);
    await seller.update('opportunities', id, { estimatedvalue: 5 });
    await until('one reason less', () => records.reasons(id).length === 3);
    await world.quiet();
    const audit = String(records.cells(id).cosell_audit);
    expect(audit.match(/Customer country: not sent, customer-country-missing/g)).toHaveLength(1);
    expect(audit.match(/Deal value: not sent, deal-value-missing/g)).toHaveLength(1);
    expect(records.referralsOf(id)).toEqual([]);
  });
});

describe('what only Partner Center can refuse', () => {
  const cases: readonly (readonly [string, string, Row, Row, Row])[] = [
    ['solution-unknown', 'solutions', { id: 'SOL-99104-XYZ' }, { cosell_products: 'SOL-12345-ABC;SOL-99104-XYZ' }, { cosell_products: 'SOL-12345-ABC' }],
    ['currency-unknown', 'currency', { system: 'Partner Center', code: 'CNY' }, currency('CNY'), currency('EUR')],
  ];
  test.each(cases)('%s at a create: shown with what it is about, asked once, and mended it syncs', async (code, field, params, row, mend) => {
    const before = posts();
    const id = await seller.opportunity(row);
    const reason = await records.shows(id, code);
    await world.quiet();
    expect(reason).toEqual({ code, field, actor: 'you', params });
    expect(records.cells(id).cosell_syncstatus).toBe(status.needsAttention);
    expect(records.referralsOf(id)).toEqual([]);
    expect(posts()).toBe(before + 1);
    await seller.update('opportunities', id, mend);
    await settled(id, 'synced');
    expect(records.referralsOf(id)).toHaveLength(1);
  });

  test('deal-value-zero at a create, and mended it syncs', async () => {
    const id = await seller.opportunity({ estimatedvalue: 0 });
    expect(await records.shows(id, 'deal-value-zero')).toEqual({ code: 'deal-value-zero', field: 'dealValue', actor: 'you' });
    expect(records.cells(id).cosell_syncstatus).toBe(status.needsAttention);
    await seller.update('opportunities', id, { estimatedvalue: 10 });
    await settled(id, 'synced');
    expect(Number(referralDetails(id).dealValue)).toBe(10);
  });

  test.each(cases)('%s in an update: the other fields arrive, the bad one is asked once until it changes', async (code, field, params, row, mend) => {
    const id = await records.shared();
    const referralId = records.referral(id).id;
    await seller.update('opportunities', id, { ...row, description: 'With a bad one.', estimatedclosedate: '2027-04-04' });
    const reason = await records.shows(id, code);
    await world.quiet();
    expect(reason).toEqual({ code, field, actor: 'you', params });
    expect(records.cells(id).cosell_syncstatus).toBe(status.needsAttention);
    expect(referralDetails(id)).toMatchObject({ notes: 'With a bad one.', closingDateTime: '2027-04-04T00:00:00Z', currency: 'USD' });
    const asked = refusedPatches(referralId);
    await seller.update('opportunities', id, { description: 'Another bell.' });
    await until('the next change arrives', () => referralDetails(id).notes === 'Another bell.');
    await world.quiet();
    expect(refusedPatches(referralId)).toBe(asked);
    expect(records.reasons(id)).toEqual([reason]);
    await seller.update('opportunities', id, mend);
    await settled(id, 'synced');
    expect(String(records.cells(id).cosell_audit)).toContain(`not sent, ${code}`);
  });

  test('a user without the right to write: Failed with no-permission for the admin, and with the right back a bell syncs', async () => {
    isDemoted = true;
    const id = await seller.opportunity();
    const reason = await records.shows(id, 'no-permission');
    expect(reason).toEqual({ code: 'no-permission', actor: 'admin', params: { system: 'Partner Center', role: 'Referrals admin' } });
    await settled(id, 'failed');
    isDemoted = false;
    await seller.update('opportunities', id, { cosell_requestedaction: 481200000 });
    await settled(id, 'synced');
    expect(records.referralsOf(id)).toHaveLength(1);
  });
});

describe('what is missing in an update', () => {
  test.each([
    ['deal-value-missing', 'dealValue', { estimatedvalue: null }, { estimatedvalue: 70_000 }],
    ['closing-date-missing', 'closingDate', { estimatedclosedate: null }, { estimatedclosedate: '2027-12-12' }],
    ['closing-date-past', 'closingDate', { estimatedclosedate: '2021-01-01' }, { estimatedclosedate: '2027-12-12' }],
    ['solution-missing', 'solutions', { cosell_products: '' }, { cosell_products: 'SOL-23456-BCD' }],
  ] as const)('%s is explained and never clears what Partner Center has; the other fields arrive', async (code, field, row, mend) => {
    const id = await records.shared();
    const before = structuredClone(referralDetails(id));
    await seller.update('opportunities', id, { ...row, description: 'Beside it.' });
    await until('the notes arrive', () => referralDetails(id).notes === 'Beside it.', 10_000, () => records.cells(id));
    await settled(id, 'needsAttention');
    expect(records.reasons(id)).toEqual([{ code, field, actor: 'you' }]);
    expect(referralDetails(id)).toEqual({ ...before, notes: 'Beside it.' });
    await seller.update('opportunities', id, mend);
    await settled(id, 'synced');
  });

  test('a closing date that has passed since does not hold up the amount', async () => {
    const id = await records.shared();
    world.pc.edit(records.referral(id).id, { closingDate: '2021-06-06' });
    await until('the date arrives', () => records.cells(id).estimatedclosedate === '2021-06-06');
    await world.quiet();
    await seller.update('opportunities', id, { estimatedvalue: 71_000 });
    await until('the amount arrives', () => Number(referralDetails(id).dealValue) === 71_000);
    await settled(id, 'synced');
  });

  test('help asked for a private deal: not sent, explained, and opened it asks Microsoft', async () => {
    const id = await records.shared({ cosell_referralvisibility: visibility.private });
    const before = posts();
    await seller.update('opportunities', id, { cosell_howcanmicrosofthelp: help.poc });
    expect(await records.shows(id, 'help-needs-visibility')).toEqual({ code: 'help-needs-visibility', field: 'visibility', actor: 'you' });
    await world.quiet();
    expect(posts()).toBe(before);
    await seller.update('opportunities', id, { cosell_referralvisibility: visibility.visible });
    await settled(id, 'synced');
    expect(world.pc.engagement(records.referral(id).engagementId)).toHaveLength(2);
  });

  test('help asked without a contact: the deal is not opened before Microsoft can be asked', async () => {
    const id = await records.shared({ 'parentcontactid@odata.bind': null });
    await seller.update('opportunities', id, { cosell_howcanmicrosofthelp: help.poc });
    expect(await records.shows(id, 'contact-missing')).toEqual({ code: 'contact-missing', field: 'customer.contact', actor: 'you' });
    await world.quiet();
    expect(records.referral(id).consent.consentToShareReferralWithMicrosoftSellers).toBe(false);
    await seller.update('opportunities', id, { 'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})` });
    await settled(id, 'synced');
    expect(world.pc.engagement(records.referral(id).engagementId)).toHaveLength(2);
  });
});

describe('what is fixed once shared', () => {
  test('a changed name is explained, other fields go on, and put back all is well', async () => {
    const id = await records.shared({ name: 'As shared' });
    await seller.update('opportunities', id, { name: 'Renamed', description: 'Renamed it.' });
    expect(await records.shows(id, 'frozen-field-changed')).toEqual({ code: 'frozen-field-changed', field: 'name', actor: 'you' });
    await settled(id, 'needsAttention');
    expect(records.referral(id)).toMatchObject({ name: 'As shared', details: { notes: 'Renamed it.' } });
    expect(records.details(id).frozen?.fields).toContain('name');
    await seller.update('opportunities', id, { name: 'As shared' });
    await settled(id, 'synced');
  });

  test.each([
    ['help', { cosell_howcanmicrosofthelp: 481200004 }, { cosell_howcanmicrosofthelp: help.poc }],
    ['notesToMicrosoft', { cosell_notestomicrosoft: 'Something else.' }, { cosell_notestomicrosoft: 'Please join.' }],
    ['visibility', { cosell_referralvisibility: visibility.private }, { cosell_referralvisibility: visibility.visible }],
  ] as const)('%s after Microsoft was asked is explained, nothing is sent, and put back all is well', async (field, change, back) => {
    const id = await records.shared({ cosell_howcanmicrosofthelp: help.poc, cosell_notestomicrosoft: 'Please join.', cosell_referralvisibility: visibility.visible });
    const before = world.pc.engagement(records.referral(id).engagementId).map((each) => each.eTag);
    await seller.update('opportunities', id, change);
    expect(await records.shows(id, 'frozen-field-changed')).toEqual({ code: 'frozen-field-changed', field, actor: 'you' });
    await settled(id, 'needsAttention');
    expect(world.pc.engagement(records.referral(id).engagementId).map((each) => each.eTag)).toEqual(before);
    await seller.update('opportunities', id, back);
    await settled(id, 'synced');
  });

  test('an account that is renamed is an audit line and no trouble', async () => {
    const customer = await account({ name: 'Before the merger' });
    const id = await records.shared(ofAccount(customer));
    await seller.update('accounts', customer, { name: 'After the merger' });
    await until('the audit tells it', () => String(records.cells(id).cosell_audit).includes('Customer: Before the merger → After the merger'), 10_000, () => records.cells(id));
    await settled(id, 'synced');
    expect(records.referral(id).customerProfile.name).toBe('Before the merger');
  });
});

describe('a referral that was closed there', () => {
  test('takes no more changes: referral-terminal, nothing is sent', async () => {
    const id = await records.shared();
    world.pc.win(records.referral(id).id);
    await until('the opportunity is won', () => records.cells(id).statecode === 1);
    await settled(id, 'synced');
    const before = records.referral(id).eTag;
    await seller.update('opportunities', id, { description: 'After the end.' });
    expect(await records.shows(id, 'referral-terminal')).toEqual({ code: 'referral-terminal', field: 'status', actor: 'you', params: { status: 'Closed/Won' } });
    await settled(id, 'needsAttention');
    expect(records.referral(id).eTag).toBe(before);
    await seller.update('opportunities', id, { description: 'First talk was good.' });
    await settled(id, 'synced');
  });

  test('is not reopened by reopening the opportunity: explained, nothing is sent', async () => {
    const id = await records.shared();
    await seller.win(id);
    await until('the referral is won', () => records.referral(id).substatus === 'Won');
    await settled(id, 'synced');
    const before = records.referral(id).eTag;
    await seller.update('opportunities', id, { statecode: 0, statuscode: 1 });
    expect(await records.shows(id, 'referral-terminal')).toMatchObject({ field: 'status', actor: 'you', params: { status: 'Closed/Won' } });
    await settled(id, 'needsAttention');
    expect(records.referral(id).eTag).toBe(before);
    expect(records.cells(id).statecode).toBe(0);
  });
});

describe('what the CRM cannot hold', () => {
  const tooLong = { code: 'text-too-long', field: 'notes', actor: 'you', params: { system: 'Dynamics 365', max: 2_000 } };

  test('a longer text from the portal is never cut: explained, the other fields arrive, shortened it syncs', async () => {
    const id = await records.shared();
    world.pc.edit(records.referral(id).id, { notes: 'n'.repeat(2_001), dealValue: 72_000 });
    expect(await records.shows(id, 'text-too-long')).toEqual(tooLong);
    await settled(id, 'needsAttention');
    expect(records.cells(id)).toMatchObject({ estimatedvalue: 72_000, description: 'First talk was good.' });
    world.pc.edit(records.referral(id).id, { notes: 'n'.repeat(2_000) });
    await settled(id, 'synced');
    expect(records.cells(id).description).toBe('n'.repeat(2_000));
  });

  test('a longer text that the seller overwrites here is then a conflict, as neither saw the other', async () => {
    const id = await records.shared();
    world.pc.edit(records.referral(id).id, { notes: 'n'.repeat(2_001) });
    await records.shows(id, 'text-too-long');
    await world.quiet();
    await seller.update('opportunities', id, { description: 'Mine.' });
    await settled(id, 'conflict');
    expect(records.conflicts(id)).toMatchObject([{ field: 'notes', crm: 'Mine.', partner: `${'n'.repeat(1_000)}…` }]);
    expect(referralDetails(id).notes).toHaveLength(2_001);
  });

  test('a currency from the portal that the CRM lacks: amount and currency stay as they are, the other fields arrive, changed it syncs', async () => {
    const id = await records.shared();
    world.pc.edit(records.referral(id).id, { currency: 'CHF', dealValue: 40_000, notes: 'In francs.' });
    expect(await records.shows(id, 'currency-unknown')).toEqual({ code: 'currency-unknown', field: 'currency', actor: 'you', params: { system: 'Dynamics 365', code: 'CHF' } });
    await settled(id, 'needsAttention');
    expect(records.cells(id)).toMatchObject({ estimatedvalue: 50_000, description: 'In francs.' });
    world.pc.edit(records.referral(id).id, { currency: 'EUR' });
    await settled(id, 'synced');
    expect(records.cells(id)).toMatchObject({ estimatedvalue: 40_000, transactioncurrencyid: { id: seedIds.currency('EUR') } });
  });

  const arrived = async (referralId: string): Promise<string> =>
    (await until('the opportunity stands', () => world.dv.rows('opportunity').find((each) => each.cells.cosell_referralidentifier === referralId))).id;

  test('a new deal with too long a text and an unknown currency still arrives, without them and with both reasons', async () => {
    const deal = world.pc.createDeal({ name: 'Alpine deal', currency: 'CHF', notes: 'n'.repeat(2_001), customerName: 'Alpine Ski House' });
    const id = await arrived(deal.id);
    await settled(id, 'needsAttention');
    expect(records.reasons(id)).toEqual(expect.arrayContaining([tooLong, { code: 'currency-unknown', field: 'currency', actor: 'you', params: { system: 'Dynamics 365', code: 'CHF' } }]));
    expect(records.cells(id).estimatedvalue ?? null).toBeNull();
    expect(records.cells(id).description ?? null).toBeNull();
    world.pc.edit(deal.id, { currency: 'USD', notes: 'Short.' });
    await settled(id, 'synced');
    expect(records.cells(id)).toMatchObject({ estimatedvalue: 50_000, description: 'Short.' });
  });

  test('a new deal whose name is longer than the column: shortened so that it can exist, whole in the audit', async () => {
    const name = 'N'.repeat(301);
    const id = await arrived(world.pc.createDeal({ name }).id);
    await settled(id, 'synced');
    expect(records.cells(id).name).toBe(`${'N'.repeat(299)}…`);
    expect(String(records.cells(id).cosell_audit)).toContain(name);
  });

  test('a customer of whom there are two: no account is guessed, a person chooses', async () => {
    await Promise.all([1, 2].map(() => account({ name: 'Twin Traders', address1_country: null })));
    const id = await arrived(world.pc.createDeal({ name: 'Whose deal', customerName: 'Twin Traders' }).id);
    expect(await records.shows(id, 'account-ambiguous')).toEqual({ code: 'account-ambiguous', field: 'customer.name', actor: 'you', params: { n: 2 } });
    await settled(id, 'needsAttention');
    expect(world.dv.rows('account').filter((each) => each.cells.name === 'Twin Traders')).toHaveLength(2);
    const [first] = world.dv.rows('account').filter((each) => each.cells.name === 'Twin Traders');
    await seller.update('opportunities', id, ofAccount(first!.id));
    await settled(id, 'synced');
  });

  test('a revenue that is calculated there: not written, value-not-taken, the other fields arrive', async () => {
    const id = await records.shared();
    await seller.update('opportunities', id, { isrevenuesystemcalculated: true });
    await world.quiet();
    expect(records.cells(id).cosell_syncstatus).toBe(status.synced);
    world.pc.edit(records.referral(id).id, { dealValue: 80_000, notes: 'Beside the amount.' });
    expect(await records.shows(id, 'value-not-taken')).toEqual({ code: 'value-not-taken', field: 'dealValue', actor: 'admin', params: { system: 'Dynamics 365' } });
    await settled(id, 'failed');
    expect(records.cells(id)).toMatchObject({ estimatedvalue: 50_000, description: 'Beside the amount.' });
    expect(Number(referralDetails(id).dealValue)).toBe(80_000);
    await seller.update('opportunities', id, { isrevenuesystemcalculated: false });
    await settled(id, 'synced');
    expect(records.cells(id).estimatedvalue).toBe(80_000);
  });

  test('a value that the CRM refuses: field-refused once, the other fields stay in sync, changed it syncs', async () => {
    const id = await records.shared();
    world.pc.edit(records.referral(id).id, { dealValue: 999_000_000_000_000, notes: 'Beside a huge amount.' });
    const reason = await records.shows(id, 'field-refused');
    expect(reason).toMatchObject({ field: 'dealValue', actor: 'admin', params: { system: 'Dynamics 365', message: expect.stringContaining('estimatedvalue') as unknown as string } });
    await settled(id, 'failed');
    expect(records.cells(id)).toMatchObject({ estimatedvalue: 50_000 });
    await seller.update('opportunities', id, { estimatedclosedate: '2027-11-11' });
    await until('a change the other way arrives', () => referralDetails(id).closingDateTime.startsWith('2027-11-11'));
    world.pc.edit(records.referral(id).id, { notes: 'Later notes.' });
    await until('a change from there arrives', () => records.cells(id).description === 'Later notes.', 10_000, () => records.cells(id));
    await world.quiet();
    expect(records.reasons(id)).toEqual([reason]);
    world.pc.edit(records.referral(id).id, { dealValue: 90_000 });
    await settled(id, 'synced');
    expect(records.cells(id).estimatedvalue).toBe(90_000);
  });
});

describe('what the service may not do in the CRM', () => {
  let own: World;
  let seller: Seller;
  let records: Records;

  beforeAll(async () => {
    own = await createWorld();
    seller = createSeller(own.dv);
    records = createRecords(own, seller);
  });
  afterAll(() => own.close());

  const secure = (may: { canRead: boolean; canUpdate: boolean }): void => own.dv.secureColumn('opportunity', 'estimatedvalue', may);
  const syncNow = (id: string): Promise<void> => seller.update('opportunities', id, { cosell_requestedaction: 481200000 });

  test('read a column: field-unreadable, it is neither sent nor cleared nor printed, other fields go on, and with the permission it flows', async () => {
    const first = await own.serve();
    const id = await records.shared();
    await first.stop();
    secure({ canRead: false, canUpdate: false });
    const second = await own.serve();
    await seller.update('opportunities', id, { estimatedvalue: 51_234, description: 'Read this.' });
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
    secure({ canRead: true, canUpdate: true });
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
    await seller.update('opportunities', id, { description: 'Stays at Microsoft.' });
    await until('the notes arrive', () => records.referral(id).details.notes === 'Stays at Microsoft.');
    await own.quiet();
    own.dv.secureColumn('opportunity', 'description', { canRead: false, canUpdate: false });
    await seller.update('opportunities', id, { estimatedvalue: 50_777 });
    expect(await records.shows(id, 'field-unreadable')).toEqual({ code: 'field-unreadable', field: 'notes', actor: 'admin' });
    await own.quiet();
    expect(records.referral(id).details).toMatchObject({ dealValue: 50_777, notes: 'Stays at Microsoft.' });
    own.dv.secureColumn('opportunity', 'description', { canRead: true, canUpdate: true });
    await service.stop();
  });

  test('write a column: no-permission for that field alone, the other fields arrive', async () => {
    const first = await own.serve();
    const id = await records.shared();
    await first.stop();
    secure({ canRead: true, canUpdate: false });
    const second = await own.serve();
    own.pc.edit(records.referral(id).id, { dealValue: 53_000, notes: 'Write this.' });
    expect(await records.shows(id, 'no-permission')).toEqual({ code: 'no-permission', field: 'dealValue', actor: 'admin', params: { system: 'Dynamics 365', role: 'Co-sell Sync Service' } });
    await records.reaches(id, 'failed');
    own.pc.edit(records.referral(id).id, { notes: 'And this.' });
    await until('the other field arrives', () => records.cells(id).description === 'And this.', 10_000, () => records.cells(id));
    expect(records.cells(id).estimatedvalue).toBe(50_000);
    // Printed or not: a secured amount stays out of the audit.
    expect(String(records.cells(id).cosell_audit)).not.toContain('53000');
    secure({ canRead: true, canUpdate: true });
    own.pc.edit(records.referral(id).id, { dealValue: 54_000 });
    await records.reaches(id, 'synced');
    expect(records.cells(id).estimatedvalue).toBe(54_000);
    await second.stop();
  });

  test('write opportunities at all: nothing is made twice, the record is parked with its reason, and with the role back a bell finishes', async () => {
    const service = await own.serve();
    own.dv.removePrivilege('prvWriteOpportunity');
    const id = await seller.opportunity({ name: 'Not writable' });
    const parked = async (): Promise<{ parked: readonly { key: string; why: string }[] }> =>
      (await (await fetch(`http://127.0.0.1:${own.port}/api/v1/parked`, { headers: { authorization: 'Bearer admin-token-of-the-tests' } })).json()) as { parked: { key: string; why: string }[] };
    const found = await until('the record is parked', async () => (await parked()).parked.find((each) => each.key.endsWith(id)), 20_000, () => records.cells(id));
    expect(found.why).toContain('no-permission');
    expect(records.referralsOf(id)).toHaveLength(1);
    expect(records.cells(id).cosell_referralidentifier ?? null).toBeNull();
    own.dv.restorePrivilege('prvWriteOpportunity');
    await seller.update('opportunities', id, { description: 'Again.' });
    await records.reaches(id, 'synced');
    await own.quiet();
    expect(records.referralsOf(id)).toHaveLength(1);
    expect(records.referral(id).details.notes).toBe('Again.');
    expect((await parked()).parked).toEqual([]);
    await service.stop();
  });

  test('read opportunities at all: nothing is made, and with the role back a bell syncs', async () => {
    const service = await own.serve();
    own.dv.removePrivilege('prvReadOpportunity');
    const id = await seller.opportunity({ name: 'Not readable' });
    await own.quiet();
    expect(records.referralsOf(id)).toEqual([]);
    own.dv.restorePrivilege('prvReadOpportunity');
    await seller.update('opportunities', id, { description: 'Now.' });
    await records.reaches(id, 'synced');
    expect(records.referralsOf(id)).toHaveLength(1);
    await service.stop();
  });
});
