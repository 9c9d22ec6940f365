// Browser: a reason is a door. Each row leads to its field, and what is mended there goes out by itself.
import { describe, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { choose, fill, isSaved, openRecord, saveButton, showsStatus, statusOf } from './desk';
import { eventually, type Stage } from './tryOut';

const name = 'Tailspin Toys – Spare parts portal';

export function reasonCases(stage: () => Stage): void {
  describe('reasons', () => {
    test('for a country, a contact and a solution are mended one after the other, in one session, to ✔', async () => {
      const accounts = await stage().rows('account');
      const account = accounts.find(({ cells }) => cells.name === 'Tailspin Toys')!.id;
      await stage().seller('PATCH', `accounts(${account})`, { address1_country: null });
      await stage().seller('POST', 'opportunities', {
        name, estimatedvalue: 41_000, estimatedclosedate: '2027-04-30', 'parentaccountid@odata.bind': `/accounts(${account})`, cosell_syncwithpartnercenter: true, cosell_howcanmicrosofthelp: 481_200_002, cosell_referralvisibility: 481_200_001, cosell_products: 'SOL-34104-EBB;SOL-99104-XYZ',
      });
      await eventually('the service has looked', async () => (await stage().rowNamed(name))?.cells.cosell_syncstatus === 481_200_003);
      const page = await openRecord(stage(), name);
      const status = statusOf(page);
      // The same words may stand in the history.
      const reason = (text: string): Locator => status.getByRole('listitem').filter({ has: page.getByRole('button') }).getByText(text);
      await reason('The customer’s country is missing.').waitFor();

      await status.getByRole('button', { name: /^Open Tailspin Toys/ }).click();
      const customer = page.getByRole('dialog', { name: 'Account' });
      await customer.getByLabel('Country/Region').fill('United States');
      await customer.getByRole('button', { name: 'Save & Close' }).click();
      await customer.waitFor({ state: 'detached' });
      await reason('The customer’s country is missing.').waitFor({ state: 'detached' });

      await reason('Microsoft needs a customer contact to help.').waitFor();
      await status.getByRole('button', { name: /^Go to Customer contact/ }).click();
      await page.locator('[data-control="parentcontactid"]:focus-within').waitFor();
      await choose(page, 'Contact', 'Jim Glynn');
      await saveButton(page).click();
      await isSaved(page);

      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await reason('Partner Center does not know SOL-99104-XYZ.').waitFor();
      await status.getByRole('button', { name: /^Go to Products/ }).click();
      await page.locator('[data-control="cosell_products"]:focus-within').waitFor();
      await page.getByRole('button', { name: 'Remove SOL-99104-XYZ' }).click();
      await saveButton(page).click();
      await showsStatus(page, 'Synced');
      const { cells } = (await stage().rowNamed(name))!;
      expect((await stage().referral(String(cells.cosell_referralidentifier))).details.requirements.solutions.map(({ id }) => id)).toEqual(['SOL-34104-EBB']);
      expect((await stage().referrals()).filter((each) => each.name === name)).toHaveLength(2);
    });

    test('for a name that was changed after sharing: the shared one is put back by one press, and the seller saves', async () => {
      const shared = 'Woodgrove Bank – Fraud analytics';
      const { id } = (await stage().rowNamed(shared))!;
      const page = await openRecord(stage(), shared, 'Summary');
      await fill(page, 'Topic', 'Woodgrove Bank – renamed');
      await saveButton(page).click();
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await showsStatus(page, 'Needs attention');
      const row = statusOf(page).getByRole('listitem').filter({ hasText: 'Name was changed, but is fixed once shared.' });
      await row.getByRole('button', { name: /^Put back the shared value/ }).press('Enter');
      // Struck out at once, nothing is saved, and whoever works by keyboard is still at the status.
      await row.locator('s').waitFor();
      expect(await row.getByRole('button').count()).toBe(0);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Needs attention');
      await page.getByRole('heading', { level: 1 }).getByText(shared).waitFor();
      await page.getByText('- Unsaved').waitFor();
      expect((await stage().row(id)).name).toBe('Woodgrove Bank – renamed');
      await saveButton(page).click();
      await showsStatus(page, 'Synced');
      expect([(await stage().row(id)).name, (await stage().row(id)).cosell_syncstatus]).toEqual([shared, 481_200_002]);
    });

    test('about notes to Microsoft, whose own column stands in a hidden section, lead to the control that shows them', async () => {
      const details = JSON.stringify({ reasons: [{ code: 'text-too-long', field: 'notesToMicrosoft', actor: 'you', params: { system: 'Partner Center', max: 1_000 } }] });
      await stage().seller('POST', 'opportunities', { name: 'Doors – notes to Microsoft', cosell_syncstatus: 481_200_003, cosell_syncdetails: details });
      const page = await openRecord(stage(), 'Doors – notes to Microsoft');
      await statusOf(page).getByRole('button', { name: /^Go to Notes to Microsoft/ }).click();
      await page.locator('[data-control="cosell_howcanmicrosofthelp"]:focus-within').waitFor();
    });
  });
}
