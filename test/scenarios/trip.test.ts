// The trip of the seed, without form and portal page: both ways, from the ordinary Web API to the referral and back.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSeller, help, status, visibility, type Seller } from '../kit/seller';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';

let world: World;
let seller: Seller;

beforeEach(async () => {
  world = await createWorld();
  seller = createSeller(world.dv);
  await world.serve();
});
afterEach(() => world.close());
afterAll(stopPostgres);

const row = (id: string): Promise<Record<string, unknown>> => seller.get('opportunities', id);
const synced = (id: string): Promise<Record<string, unknown>> =>
  until('the opportunity is synced', async () => { const now = await row(id); return now.cosell_syncstatus === status.synced ? now : null; }, 10_000, () => world.dv.row('opportunity', id));

const ours = () => world.pc.referrals().filter((each) => each.organizationId !== 'msft');
const theirs = () => world.pc.referrals().filter((each) => each.organizationId === 'msft');
const one = () => ours()[0]!;

describe('a saved opportunity', () => {
  test('becomes one private referral with identifier, link, status and audit', async () => {
    const id = await seller.opportunity();
    const now = await synced(id);
    expect(ours()).toHaveLength(1);
    expect(now.cosell_referralidentifier).toBe(one().id);
    expect(one()).toMatchObject({ type: 'Independent', externalReferenceId: id, target: [] });
    expect(now.cosell_referrallink).toContain('https://partner.microsoft.com');
    expect(String(now.cosell_audit)).toContain('Dynamics 365 → Partner Center');
    expect(now.cosell_lastsyncedon).toBeTruthy();
    await sleep(300);
    expect(world.pc.referrals()).toHaveLength(1);
  });

  test('visible to Microsoft is partner-led: one referral with consent and target', async () => {
    const id = await seller.opportunity({ cosell_referralvisibility: visibility.visible });
    await synced(id);
    expect(world.pc.referrals()).toHaveLength(1);
    expect(one()).toMatchObject({ type: 'Independent', consent: { consentToShareReferralWithMicrosoftSellers: true }, target: [{ type: 'SolutionProfile', id: 'SOL-12345-ABC' }] });
  });

  test('with help asked is co-sell: two referrals in one engagement, and Microsoft accepting is shown', async () => {
    const id = await seller.opportunity({ cosell_howcanmicrosofthelp: help.poc, cosell_notestomicrosoft: 'Please join the workshop.' });
    const now = await synced(id);
    expect(ours()).toHaveLength(1);
    expect(theirs()).toHaveLength(1);
    expect(theirs()[0]).toMatchObject({ engagementId: one().engagementId, inviteContext: { assistanceRequestCode: 'ProofOfConceptOrDemo', notes: 'Please join the workshop.' } });
    expect(one().type).toBe('Shared');
    expect(now.cosell_microsoftreferralstatus).toBe('New/Pending');
    world.pc.microsoftAccepts(one().id);
    await until('Microsoft is shown to have accepted', async () => (await row(id)).cosell_microsoftreferralstatus === 'Active/Accepted');
    expect((await row(id)).cosell_syncstatus).toBe(status.synced);
  });

  test('is upgraded from private to partner-led to co-sell and keeps its type', async () => {
    const id = await seller.opportunity({ cosell_referralvisibility: visibility.private });
    await synced(id);
    await seller.update('opportunities', id, { cosell_referralvisibility: visibility.visible });
    await until('the deal is visible', () => one().consent.consentToShareReferralWithMicrosoftSellers);
    await seller.update('opportunities', id, { cosell_howcanmicrosofthelp: help.poc });
    await until('Microsoft is asked', () => theirs().length === 1);
    await sleep(300);
    await synced(id);
    expect(ours()).toHaveLength(1);
    expect(theirs()).toHaveLength(1);
    expect(one().type).toBe('Independent');
  });
});

describe('a change', () => {
  test('in the CRM reaches Partner Center, and a change there comes back', async () => {
    const id = await seller.opportunity();
    await synced(id);
    await seller.update('opportunities', id, { estimatedvalue: 60000, estimatedclosedate: '2027-06-30', description: 'Second talk.' });
    await until('the amount arrives', () => Number(one().details.dealValue) === 60000, 5000, one);
    expect(one().details.closingDateTime).toMatch(/^2027-06-30T00:00:00/);
    expect(one().details.notes).toBe('Second talk.');
    await synced(id);
    world.pc.edit(one().id, { dealValue: 75000, notes: 'Seen in the portal.' });
    await until('the amount comes back', async () => (await row(id)).estimatedvalue === 75000, 5000, () => world.dv.row('opportunity', id));
    await sleep(300);
    const now = await synced(id);
    expect(now.description).toBe('Seen in the portal.');
    expect(String(now.cosell_audit)).toContain('Partner Center → Dynamics 365 | Deal value: 60000 → 75000');
    expect(String(now.cosell_audit)).toContain('Dynamics 365 → Partner Center | Deal value: 50000 → 60000');
  });

  test('of status: won here is won there, lost there is lost here', async () => {
    const won = await seller.opportunity();
    await synced(won);
    await seller.win(won);
    await until('the referral is won', () => one().substatus === 'Won', 5000, one);
    await sleep(300);
    expect((await row(won)).cosell_syncstatus).toBe(status.synced);
    const lost = await seller.opportunity({ name: 'Second deal' });
    const shown = await synced(lost);
    world.pc.lose(String(shown.cosell_referralidentifier), 'Customer chose another vendor');
    await until('the opportunity is lost', async () => (await row(lost)).statecode === 2, 5000, () => world.dv.row('opportunity', lost));
    await until('the audit tells it', async () => String((await row(lost)).cosell_audit).includes('Status: Active → Lost'));
    await synced(lost);
  });
});

describe('a new deal in the portal', () => {
  test('arrives as a shared opportunity with customer and contact, and its later edits too', async () => {
    const deal = world.pc.createDeal({ name: 'Northwind rollout', customerName: 'Northwind Traders', dealValue: 12000, currency: 'EUR', closingDate: '2027-02-28' });
    const found = await until('the opportunity stands', async () => (await seller.list('opportunities', `$filter=cosell_referralidentifier eq '${deal.id}'`))[0], 10_000, () => world.dv.rows('opportunity'));
    expect(found).toMatchObject({ name: 'Northwind rollout', estimatedvalue: 12000, cosell_syncwithpartnercenter: true, cosell_syncstatus: status.synced, estimatedclosedate: '2027-02-28' });
    await until('the referral names the record', () => world.pc.referral(deal.id)?.externalReferenceId === found.opportunityid);
    expect(world.dv.rows('account').filter((each) => each.cells.name === 'Northwind Traders')).toHaveLength(1);
    await seller.update('opportunities', String(found.opportunityid), { estimatedvalue: 13000 });
    await until('the edit goes out', () => Number(world.pc.referral(deal.id)?.details.dealValue) === 13000);
    expect(world.pc.referrals()).toHaveLength(1);
  });
});
