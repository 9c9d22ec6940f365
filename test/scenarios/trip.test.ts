// The trip of the seed, without form and portal page: both ways, from a seller's save to the referral and back.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

describe.each(crms)('with %s', (label, name) => {
  let world: World;
  let seller: CrmSeller;

  beforeEach(async () => {
    world = await createWorld({ crms: [name] });
    seller = world.crm.seller;
    await world.serve();
  });
  afterEach(() => world.close());

  const { deal, reaches, arrived } = createRecords(() => world);
  const ours = () => world.pc.referrals().filter((each) => each.organizationId !== 'msft');
  const theirs = () => world.pc.referrals().filter((each) => each.organizationId === 'msft');
  const one = () => ours()[0]!;

  describe('a saved opportunity', () => {
    test('becomes one private referral with identifier, link, status and audit', async () => {
      const id = await seller.opportunity();
      await reaches(id, 'synced');
      expect(ours()).toHaveLength(1);
      expect(deal(id).identifier).toBe(one().id);
      expect(one()).toMatchObject({ type: 'Independent', externalReferenceId: id, target: [] });
      expect(deal(id).link).toContain('https://partner.microsoft.com');
      expect(deal(id).audit).toContain(`${label} → Partner Center`);
      expect(deal(id).lastSyncedOn).toBeTruthy();
      await world.quiet();
      expect(world.pc.referrals()).toHaveLength(1);
    });

    test('visible to Microsoft is partner-led: one referral with consent and target', async () => {
      const id = await seller.opportunity({ visibility: 'visible' });
      await reaches(id, 'synced');
      expect(world.pc.referrals()).toHaveLength(1);
      expect(one()).toMatchObject({ type: 'Independent', consent: { consentToShareReferralWithMicrosoftSellers: true }, target: [{ type: 'SolutionProfile', id: 'SOL-12345-ABC' }] });
    });

    test('with help asked is co-sell: two referrals in one engagement, and Microsoft accepting is shown', async () => {
      const id = await seller.opportunity({ help: 'ProofOfConceptOrDemo', notesToMicrosoft: 'Please join the workshop.' });
      await reaches(id, 'synced');
      expect(ours()).toHaveLength(1);
      expect(theirs()).toHaveLength(1);
      expect(theirs()[0]).toMatchObject({ engagementId: one().engagementId, inviteContext: { assistanceRequestCode: 'ProofOfConceptOrDemo', notes: 'Please join the workshop.' } });
      expect(one().type).toBe('Shared');
      expect(deal(id).microsoftStatus).toBe('New/Pending');
      world.pc.microsoftAccepts(one().id);
      await until('Microsoft is shown to have accepted', () => deal(id).microsoftStatus === 'Active/Accepted');
      expect(deal(id).status).toBe('synced');
    });

    test('is upgraded from private to partner-led to co-sell and keeps its type', async () => {
      const id = await seller.opportunity({ visibility: 'private' });
      await reaches(id, 'synced');
      await seller.edit(id, { visibility: 'visible' });
      await until('the deal is visible', () => one().consent.consentToShareReferralWithMicrosoftSellers);
      await seller.edit(id, { help: 'ProofOfConceptOrDemo' });
      await until('Microsoft is asked', () => theirs().length === 1);
      await world.quiet();
      await reaches(id, 'synced');
      expect(ours()).toHaveLength(1);
      expect(theirs()).toHaveLength(1);
      expect(one().type).toBe('Independent');
    });
  });

  describe('a change', () => {
    test('in the CRM reaches Partner Center, and a change there comes back', async () => {
      const id = await seller.opportunity();
      await reaches(id, 'synced');
      await seller.edit(id, { dealValue: 60_000, closingDate: '2027-06-30', notes: 'Second talk.' });
      await until('the amount arrives', () => Number(one().details.dealValue) === 60_000, 5_000, one);
      expect(one().details.closingDateTime).toMatch(/^2027-06-30T00:00:00/);
      expect(one().details.notes).toBe('Second talk.');
      await reaches(id, 'synced');
      world.pc.edit(one().id, { dealValue: 75_000, notes: 'Seen in the portal.' });
      await until('the amount comes back', () => deal(id).dealValue === 75_000, 5_000, () => deal(id));
      await world.quiet();
      await reaches(id, 'synced');
      expect(deal(id).notes).toBe('Seen in the portal.');
      expect(deal(id).audit).toContain(`Partner Center → ${label} | Deal value: 60000 → 75000`);
      expect(deal(id).audit).toContain(`${label} → Partner Center | Deal value: 50000 → 60000`);
    });

    test('of what Partner Center takes and the CRM is never told: the sales stage, and the contact until help is asked', async () => {
      const id = await seller.opportunity({ salesStage: 30 });
      await reaches(id, 'synced');
      expect(one().salesStage).toBe('30');
      await seller.edit(id, { salesStage: 60 });
      await until('the stage arrives', () => one().salesStage === '60', 5_000, one);
      await seller.editContact(world.crm.seeds.contact, '+1 425 555 0199');
      await until('the number arrives', () => one().customerProfile.team[0]?.phoneNumber === '+1 425 555 0199', 5_000, one);
      world.pc.edit(one().id, { salesStage: '80', notes: 'Seen.' });
      await until('the notes come back', () => deal(id).notes === 'Seen.', 5_000, () => deal(id));
      await world.quiet();
      await reaches(id, 'synced');
      expect([one().salesStage, one().status]).toEqual(['80', 'Active']);
      expect(world.crm.writes().some((each) => each.by === 'service' && each.fields.includes('salesStage'))).toBe(false);
      await seller.edit(id, { visibility: 'visible', help: 'ProofOfConceptOrDemo' });
      await until('Microsoft is asked', () => theirs().length === 1);
      await seller.editContact(world.crm.seeds.contact, '+1 425 555 0111');
      await until('the audit tells it', () => deal(id).audit.split('Customer contact:').length === 3, 5_000, () => deal(id));
      await world.quiet();
      await reaches(id, 'synced');
      expect(one().customerProfile.team[0]?.phoneNumber).toBe('+1 425 555 0199');
    });

    test('of status: won here is won there, lost there is lost here', async () => {
      const won = await seller.opportunity();
      await reaches(won, 'synced');
      await seller.win(won);
      await until('the referral is won', () => one().substatus === 'Won', 5_000, one);
      await world.quiet();
      expect(deal(won).status).toBe('synced');
      const lost = await seller.opportunity({ name: 'Second deal' });
      await reaches(lost, 'synced');
      world.pc.lose(deal(lost).identifier!, 'Customer chose another vendor');
      await until('the opportunity is lost', () => deal(lost).state === 'lost', 5_000, () => deal(lost));
      await until('the audit tells it', () => deal(lost).audit.includes('Status: Active → Lost'));
      await reaches(lost, 'synced');
      await world.quiet();
      expect(deal(lost).audit.split('\n').filter((line) => line.endsWith('Status: Active → Lost'))).toHaveLength(1);
    });
  });

  describe('a new deal in the portal', () => {
    test('arrives as a shared opportunity with customer and contact, and its later edits too', async () => {
      const { id: referralId } = world.pc.createDeal({ name: 'Northwind rollout', customerName: 'Northwind Traders', dealValue: 12_000, currency: 'EUR', closingDate: '2027-02-28' });
      const id = await arrived(referralId);
      expect(deal(id)).toMatchObject({ name: 'Northwind rollout', dealValue: 12_000, currency: 'EUR', sync: true, status: 'synced', closingDate: '2027-02-28', customer: world.crm.accounts('Northwind Traders')[0] });
      await until('the referral names the record', () => world.pc.referral(referralId)?.externalReferenceId === id);
      expect(world.crm.accounts('Northwind Traders')).toHaveLength(1);
      await seller.edit(id, { dealValue: 13_000 });
      await until('the edit goes out', () => Number(world.pc.referral(referralId)?.details.dealValue) === 13_000);
      expect(world.pc.referrals()).toHaveLength(1);
    });
  });
});
