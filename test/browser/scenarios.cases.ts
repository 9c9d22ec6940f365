// Browser: the two scenarios of the page that this project was created from, told exactly, and what the start page tells people to try.
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { addProduct, choose, expectEqual, fill, isSaved, openRecord, saveButton, showsStatus, statusOf, switchOf } from './desk';
import { eventually, type Stage } from './tryOut';

export function scenarioCases(stage: () => Stage): void {
  describe('scenario 1: a seller creates and updates an opportunity', () => {
    const name = 'Graphic Design Institute – Render farm';

    test('new opportunity, Sync = Yes, help, product, Save: the referral stands in Partner Center, and ✔, identifier, link and history on the record', async () => {
      const page = await stage().open('/dynamics/list?table=opportunity');
      await page.getByRole('button', { name: 'New', exact: true }).click();
      await fill(page, 'Topic', name);
      await choose(page, 'Account', 'Contoso Retail');
      await choose(page, 'Contact', 'Avery Howard', 'avery.howard@');
      await fill(page, 'Est. revenue', '485000');
      await fill(page, 'Est. close date', '2027-06-30');
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await switchOf(page).click();
      await page.getByRole('radio', { name: 'Proof of concept or demo' }).click();
      await page.getByRole('textbox', { name: 'Notes to Microsoft' }).fill('Please bring someone who knows capacity planning.');
      await addProduct(page, 'data', 'Fabrikam Data Estate Accelerator');
      await saveButton(page).click();
      const question = page.getByRole('alertdialog', { name: 'Share this deal?' });
      expect(await question.textContent()).toMatch(/Microsoft is asked for help; that and your notes to Microsoft can’t be taken back\./);
      expect((await stage().referrals()).filter((each) => each.name === name)).toEqual([]);
      await question.getByRole('button', { name: 'Share and save' }).click();
      await showsStatus(page, 'Synced');
      await isSaved(page);

      const { cells } = (await stage().rowNamed(name))!;
      const referrals = (await stage().referrals()).filter((each) => each.name === name);
      expect(referrals.map(({ organizationName, status }) => [organizationName, status]).sort()).toEqual([['Fabrikam', 'Active'], ['Microsoft', 'New']]);
      const own = referrals.find(({ organizationName }) => organizationName === 'Fabrikam')!;
      expect(own).toMatchObject({ details: { dealValue: 485_000, currency: 'USD' }, customerProfile: { name: 'Contoso Retail' } });
      expect(cells).toMatchObject({ cosell_referralidentifier: own.id, cosell_howcanmicrosofthelp: 481_200_002 });
      const link = statusOf(page).getByRole('link', { name: /^REF / });
      expect(await link.getAttribute('href')).toBe(`${stage().tryOut.addresses.pages.portal}?deal=${own.id}`);
      expect(await statusOf(page).getByText('Referral created, help asked: Proof of concept or demo').count()).toBeGreaterThan(0);
    });

    test('a later change of the amount reaches Partner Center, and ✔ comes back by itself', async () => {
      const page = await openRecord(stage(), name, 'Summary');
      await fill(page, 'Est. revenue', '$512,500.00');
      await saveButton(page).click();
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await eventually('both sides hold it', async () => (await stage().rowNamed(name))?.cells.cosell_syncstatus === 481_200_002);
      await showsStatus(page, 'Synced');
      await expectEqual(stage(), name, 512_500);
      expect(await page.getByRole('alertdialog').count()).toBe(0);
    });

    test('the portal shows ours and Microsoft’s, and a change there reaches the opportunity', async () => {
      const page = await stage().open('/partner-center');
      await page.getByRole('link', { name }).click();
      await page.getByText('New · Pending').waitFor();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('dialog').getByLabel('Deal value').fill('530000');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByText('$530,000.00 USD').waitFor();
      await eventually('the opportunity has it', async () => (await stage().rowNamed(name))?.cells.estimatedvalue === 530_000);
      await page.getByRole('button', { name: 'Accept' }).click();
      await page.getByText('Active · Accepted').nth(1).waitFor();
      const form = await openRecord(stage(), name);
      await eventually('the seller reads it', async () => (await statusOf(form).getByText('Accepted').count()) > 0 || (await form.getByRole('button', { name: 'Refresh' }).click(), false));
      await expectEqual(stage(), name, 530_000);
    });
  });

  describe('scenario 2: a new deal in Partner Center', () => {
    test('stands among the open opportunities with ✔, and its section is filled', async () => {
      const portal = await stage().open('/partner-center');
      await portal.getByRole('link', { name: 'Referrals' }).click();
      await portal.getByRole('button', { name: 'New deal' }).click();
      const panel = portal.getByRole('dialog', { name: 'New deal' });
      await panel.getByLabel('Deal name').fill('Coho Winery – Cellar sensors');
      await panel.getByLabel('Deal value').fill('74,000');
      await panel.getByRole('button', { name: 'Create deal' }).click();
      await portal.getByRole('link', { name: 'Coho Winery – Cellar sensors' }).waitFor();

      await eventually('it is there', async () => (await stage().rowNamed('Coho Winery – Cellar sensors'))?.cells.cosell_syncstatus === 481_200_002);
      const list = await stage().open('/dynamics/list?table=opportunity');
      await list.getByRole('combobox', { name: 'View' }).selectOption({ label: 'Open opportunities' });
      const row = list.getByRole('row', { name: /Coho Winery – Cellar sensors/ });
      await row.getByRole('img', { name: /^Synced, / }).waitFor();
      await row.getByRole('link').click();
      await list.getByRole('tab', { name: 'Partner Center' }).click();
      await showsStatus(list, 'Synced');
      expect(await switchOf(list).getAttribute('aria-checked')).toBe('true');
      await list.getByText('SOL-34104-EBB').first().waitFor();
      const own = (await stage().referrals()).find((each) => each.name === 'Coho Winery – Cellar sensors')!;
      expect(await statusOf(list).getByRole('link', { name: /^REF / }).getAttribute('href')).toBe(`${stage().tryOut.addresses.pages.portal}?deal=${own.id}`);
      await statusOf(list).getByText('History', { exact: true }).click();
      await statusOf(list).getByText('Partner Center → Dynamics 365').first().waitFor();
      expect(await list.getByRole('definition').allTextContents()).toContain('$74,000.00');
    });
  });

  describe('“Try this” on the start page, by what it names and nothing else', () => {
    const press = (page: Page, text: string): Promise<void> => page.getByText(text, { exact: true }).first().click();
    /** What a step tells people to press: a test that presses something else proves nothing of it. */
    const named = async (page: Page, step: string): Promise<string[]> => [...((await page.getByRole('listitem').filter({ hasText: step }).textContent()) ?? '').matchAll(/“([^”]+)”/g)].map(([, name]) => name!);

    test('1: save an opportunity', async () => {
      const page = await stage().open('/');
      expect(await named(page, 'Save an opportunity')).toEqual(['Open the form', 'Sync with Partner Center', 'Save', 'Share and save']);
      await press(page, 'Open the form');
      await press(page, 'Sync with Partner Center');
      await page.getByPlaceholder('Search by name or paste Solution IDs').click();
      await page.keyboard.type('mo');
      await press(page, 'SOL-20417-KPD');
      await press(page, 'Save');
      await press(page, 'Share and save');
      await showsStatus(page, 'Synced');
      const name = (await page.getByRole('heading', { level: 1 }).textContent())!.replace(/ - Saved$/, '');
      await press(page, 'Back to the try-out');
      await press(page, 'Open the deals');
      await page.getByText(name, { exact: true }).waitFor();
    });

    test('2: create a deal', async () => {
      const page = await stage().open('/');
      expect(await named(page, 'Create a deal')).toEqual(['New deal', 'Create deal', 'Opportunity list']);
      await press(page, 'New deal');
      const name = await page.getByLabel('Deal name').inputValue();
      await press(page, 'Create deal');
      await page.getByRole('link', { name, exact: true }).waitFor();
      await eventually('it has arrived', () => stage().rowNamed(name));
      await press(page, 'Back to the try-out');
      await page.locator('.system', { hasText: 'Dynamics 365' }).getByText('Opportunity list', { exact: true }).click();
      await page.getByText(name, { exact: true }).waitFor();
    });

    test('3: make a conflict', async () => {
      const name = 'Lamna Healthcare – Imaging archive';
      const page = await stage().open('/');
      expect(await named(page, 'Make a conflict')).toEqual(['Stop', 'Start again']);
      await press(page, 'Stop');
      await page.getByText('Start again', { exact: true }).waitFor();
      await page.getByText('The service is stopped. What you save waits and goes out when it runs again.').waitFor();
      const seller = await openRecord(stage(), name, 'Summary');
      await fill(seller, 'Est. revenue', '910000');
      await press(seller, 'Save');
      const portal = await stage().open('/partner-center');
      await press(portal, name);
      await press(portal, 'Edit');
      await portal.getByLabel('Deal value').fill('899000');
      await portal.getByRole('dialog').getByText('Save', { exact: true }).click();
      await portal.getByText('$899,000.00 USD').waitFor();
      await press(page, 'Start again');
      await page.getByText('running', { exact: true }).waitFor();
      await press(seller, 'Partner Center');
      await showsStatus(seller, 'Conflict', 30_000);
      await statusOf(seller).getByText('$910,000.00', { exact: true }).click();
      await press(seller, 'Apply 1 choice');
      await showsStatus(seller, 'Synced');
      await expectEqual(stage(), name, 910_000);
    });
  });

  test('a first share that is not agreed to shares nothing and saves nothing', async () => {
    const page = await openRecord(stage(), 'Bellows College – Student portal');
    await switchOf(page).click();
    await saveButton(page).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Go back' }).click();
    await page.getByRole('heading', { level: 1 }).getByText(/- Unsaved$/).waitFor();
    expect((await stage().rowNamed('Bellows College – Student portal'))!.cells.cosell_syncwithpartnercenter).toBe(false);
    await switchOf(page).click();
    await isSaved(page);
  });

}
