// What Partner Center would refuse is said before it is asked: code, field and who acts; mended anywhere, it goes out by itself.
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { createSeller, help, status, visibility, type Row, type Seller } from '../kit/seller';
import { createWorld, stopPostgres, until, type World } from '../kit/world';
import { ownReferrals, settledPair, syncedRow } from '../accidents/checks';

let world: World;
let seller: Seller;

beforeEach(async () => {
  world = await createWorld();
  seller = createSeller(world.dv);
  await world.serve();
});
afterEach(() => world.close());
afterAll(stopPostgres);

interface Reason { readonly code: string; readonly field?: string; readonly actor: string; readonly params?: Record<string, unknown> }
const reasonsOf = async (id: string): Promise<readonly Reason[]> => (JSON.parse(String((await seller.get('opportunities', id)).cosell_syncdetails ?? '{}')) as { reasons?: Reason[] }).reasons ?? [];
const shows = (id: string, code: string): Promise<Reason> => until(`${code} is shown`, async () => (await reasonsOf(id)).find((each) => each.code === code), 10_000, () => world.dv.row('opportunity', id)?.cells);

test('a missing country needs attention, Partner Center is not called, and mending the account alone makes it sync', async () => {
  const id = await seller.opportunity({ 'parentaccountid@odata.bind': `/accounts(${seedIds.noCountry})` });
  expect(await shows(id, 'customer-country-missing')).toMatchObject({ code: 'customer-country-missing', field: 'customer.country', actor: 'you' });
  expect((await seller.get('opportunities', id)).cosell_syncstatus).toBe(status.needsAttention);
  await world.quiet();
  expect(Object.keys(world.pc.counts()).filter((kind) => kind.startsWith('referral.create'))).toEqual([]);
  await seller.update('accounts', seedIds.noCountry, { address1_country: 'Germany', address1_line1: 'Hauptstr. 1', address1_city: 'Berlin' });
  await settledPair(world, seller, id);
  expect(ownReferrals(world, id)[0]!.customerProfile.address.country).toBe('DE');
});

test.each<[string, Row, string, Row]>([
  ['no products', { cosell_products: null }, 'solution-missing', { cosell_products: 'SOL-12345-ABC' }],
  ['no amount', { estimatedvalue: null }, 'deal-value-missing', { estimatedvalue: 10 }],
  ['no closing date', { estimatedclosedate: null }, 'closing-date-missing', { estimatedclosedate: '2027-01-31' }],
  ['a closing date that has passed', { estimatedclosedate: '2020-01-31' }, 'closing-date-past', { estimatedclosedate: '2027-01-31' }],
  ['no customer', { 'parentaccountid@odata.bind': undefined }, 'customer-missing', { 'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})` }],
  ['help without a contact', { cosell_howcanmicrosofthelp: help.poc, 'parentcontactid@odata.bind': undefined }, 'contact-missing', { cosell_howcanmicrosofthelp: null }],
  ['help on a private deal', { cosell_howcanmicrosofthelp: help.poc, cosell_referralvisibility: visibility.private }, 'help-needs-visibility', { cosell_howcanmicrosofthelp: null }],
  ['a solution that Partner Center does not know', { cosell_products: 'SOL-99999-XYZ' }, 'solution-unknown', { cosell_products: 'SOL-12345-ABC' }],
])('%s: said, and mended it goes out once', async (_what, broken, code, mended) => {
  const id = await seller.opportunity(broken);
  expect((await shows(id, code)).actor).toBe('you');
  expect((await seller.get('opportunities', id)).cosell_syncstatus).toBe(status.needsAttention);
  await seller.update('opportunities', id, mended);
  await settledPair(world, seller, id);
});

test('a fixed field that was changed is explained, and put back it dissolves', async () => {
  const id = await seller.opportunity();
  await syncedRow(world, seller, id);
  await seller.update('opportunities', id, { name: 'Another name' });
  expect(await shows(id, 'frozen-field-changed')).toMatchObject({ field: 'name', actor: 'you' });
  await seller.update('opportunities', id, { estimatedvalue: 51_000 });
  await until('the amount still flows', () => Number(ownReferrals(world, id)[0]!.details.dealValue) === 51_000);
  await seller.update('opportunities', id, { name: 'Contoso lakehouse' });
  await settledPair(world, seller, id);
});

test('a closed referral takes nothing more, and that is said', async () => {
  const id = await seller.opportunity();
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  world.pc.win(referralId);
  await until('won here too', async () => (await seller.get('opportunities', id)).statecode === 1);
  await world.quiet();
  await seller.update('opportunities', id, { estimatedvalue: 51_000 });
  expect(await shows(id, 'referral-terminal')).toMatchObject({ actor: 'you' });
});

test('a value that one side cannot hold is not cut, and said with its limit', async () => {
  const id = await seller.opportunity();
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  world.pc.edit(referralId, { notes: 'x'.repeat(2_500) });
  expect(await shows(id, 'text-too-long')).toMatchObject({ field: 'notes', actor: 'you', params: { system: 'Dynamics 365', max: 2_000 } });
  world.pc.edit(referralId, { dealValue: 52_000 });
  await until('the amount still flows', async () => (await seller.get('opportunities', id)).estimatedvalue === 52_000);
  world.pc.edit(referralId, { notes: 'Short again' });
  await settledPair(world, seller, id);
});

test('a currency that the CRM lacks is said; the amount stays as it was', async () => {
  const id = await seller.opportunity();
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  world.pc.edit(referralId, { currency: 'CHF', dealValue: 7 });
  expect(await shows(id, 'currency-unknown')).toMatchObject({ field: 'currency', actor: 'you' });
  expect((await seller.get('opportunities', id)).estimatedvalue).toBe(50_000);
});
