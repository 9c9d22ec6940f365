// Browser: the form around the product's own parts: closed records, columns that a seller may not see, quick create, and how strict the stand-in is.
import { describe, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { choose, fill, isSaved, openRecord, saveButton, showsStatus, statusOf, switchOf } from './desk';
import { eventually, type Stage } from './tryOut';

/** As much of a form's model as is changed here. */
interface FormTab {
  readonly columns: readonly { readonly sections: readonly { readonly name: string; isVisible: boolean; readonly rows: readonly (readonly { showsLabel: boolean; readonly control?: { component?: object } }[])[] }[] }[];
}

export function formCases(stage: () => Stage): void {
  describe('the form', () => {
    test('of a closed opportunity is read-only from end to end', async () => {
      const page = await openRecord(stage(), 'Alpine Ski House – Booking platform');
      await showsStatus(page, 'Synced');
      await page.getByText('Read-only: the status of this record is Out-sold.').waitFor();
      expect(await saveButton(page).count()).toBe(0);
      expect(await page.getByRole('main').locator('input:not([type=search]):not([disabled]):not([readonly]), textarea:not([disabled]):not([readonly]), select:not([disabled])').count()).toBe(0);
      expect(await page.getByRole('button', { name: /^(Remove|Sync now)/ }).count()).toBe(0);
    });

    test('shows dots for columns that the seller may not read, tells the scripts nothing of them, and saves without them', async () => {
      const name = 'VanArsdel – Sustainability data hub';
      const before = (await stage().rowNamed(name))!.cells;
      const secure = (mayAll: boolean): Promise<unknown> =>
        Promise.all(['cosell_referralvisibility', 'cosell_howcanmicrosofthelp', 'cosell_notestomicrosoft'].map((column) => stage().control('dataverse', 'secureColumn', { table: 'opportunity', column, whom: 'people', canRead: mayAll, canUpdate: mayAll })));
      await secure(false);
      try {
        const page = await openRecord(stage(), name);
        await showsStatus(page, 'Synced');
        const dots = page.getByText('•••••••');
        await dots.first().waitFor();
        expect(await dots.count()).toBe(3);
        expect(await page.getByText('You don’t have permission to see this field').count()).toBe(3);
        expect(await page.getByRole('radio').count()).toBe(0);
        await page.getByRole('tab', { name: 'Summary' }).click();
        await fill(page, 'Description', 'Nobody’s help is touched.');
        await saveButton(page).click();
        await isSaved(page);
      } finally {
        await secure(true);
      }
      const { cells } = (await stage().rowNamed(name))!;
      expect(cells.description).toBe('Nobody’s help is touched.');
      for (const column of ['cosell_referralvisibility', 'cosell_howcanmicrosofthelp', 'cosell_notestomicrosoft']) expect(cells[column]).toEqual(before[column]);
    });

    test('does all of it with plain fields, where an administrator has taken the components off and shown the section of columns', async () => {
      const page = await stage().open('about:blank');
      await page.route('**/shipped/form/opportunity', async (route) => {
        const model = (await (await route.fetch()).json()) as { form: { tabs: FormTab[] } };
        for (const section of model.form.tabs.flatMap(({ columns }) => columns.flatMap(({ sections }) => sections))) {
          section.isVisible ||= section.name === 'cosell_columns';
          for (const cell of section.rows.flat().filter(({ control }) => control?.component)) {
            delete cell.control!.component;
            cell.showsLabel = true;
          }
        }
        await route.fulfill({ json: model });
      });
      const name = 'Plain fields – Warehouse sensors';
      const at = (path: string): string => new URL(path, stage().tryOut.addresses.pages.start).href;
      await page.goto(at('/dynamics/form?table=opportunity'));
      await fill(page, 'Topic', name);
      await choose(page, 'Account', 'Contoso Retail');
      await choose(page, 'Contact', 'Avery Howard', 'avery.howard@');
      await fill(page, 'Est. revenue', '48000');
      await fill(page, 'Est. close date', '2027-06-30');
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await switchOf(page).click();
      await fill(page, 'Products', 'SOL-34104-EBB');
      await page.getByLabel('How can Microsoft help?').selectOption({ label: 'Proof of concept or demo' });
      await fill(page, 'Notes to Microsoft', 'Please join.');
      await saveButton(page).click();
      await page.getByRole('alertdialog', { name: 'Share this deal?' }).getByRole('button', { name: 'Share and save' }).click();
      const { id, cells } = await eventually('it is shared', async () => {
        const row = await stage().rowNamed(name);
        return row?.cells.cosell_syncstatus === 481_200_002 && row;
      });
      expect(cells).toMatchObject({ cosell_products: 'SOL-34104-EBB', cosell_howcanmicrosofthelp: 481_200_002, cosell_notestomicrosoft: 'Please join.' });
      // The status follows here, too, and all that the component would tell can be read.
      const field = (column: string): Locator => page.locator(`[data-control="${column}"]`);
      await field('cosell_syncstatus').getByText('Synced').first().waitFor();
      await field('cosell_referralidentifier').getByText(String(cells.cosell_referralidentifier)).waitFor();
      await field('cosell_audit').getByText(/Help: .*ProofOfConceptOrDemo/).waitFor();
      // A wish is chosen in its column, and carried out without a save: here what came while Partner Center's events were lost.
      await stage().control('partnerCenter', 'delivery/pause');
      await stage().control('partnerCenter', `referrals/${String(cells.cosell_referralidentifier)}/edit`, { dealValue: 49_500 });
      await page.getByLabel('Requested action').selectOption({ label: 'Sync now' });
      await eventually('it was carried out', async () => (await stage().row(id)).estimatedvalue === 49_500).finally(() => stage().control('partnerCenter', 'delivery/resume'));
      await page.getByText('$49,500.00').first().waitFor();
      await isSaved(page);
      expect((await stage().row(id)).cosell_requestedaction ?? null).toBeNull();
      // Nobody writes a ✔ by hand.
      expect(await field('cosell_syncstatus').locator('select').count()).toBe(0);
    });

    test('in short, from the bar of any page, makes an opportunity that nobody shares', async () => {
      const page = await stage().open('/dynamics/list?table=opportunity');
      await page.getByRole('button', { name: 'Quick create' }).click();
      const panel = page.getByRole('dialog');
      await panel.getByRole('button', { name: 'Save & Close' }).click();
      await panel.getByText('Fill in: Topic').waitFor();
      await fill(page, 'Topic', 'Quick create – Fabric pilot');
      await choose(page, 'Account', 'Contoso Retail');
      await panel.getByRole('button', { name: 'Save & Close' }).click();
      await panel.waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Quick create – Fabric pilot' }).waitFor();
      const { cells } = await eventually('it is there', () => stage().rowNamed('Quick create – Fabric pilot'));
      expect(cells).toMatchObject({ cosell_syncwithpartnercenter: false });
      expect((await stage().referrals()).filter((each) => each.name === 'Quick create – Fabric pilot')).toEqual([]);
    });

    test('is saved when it is left, and what cannot be saved is given up only when the seller says so', async () => {
      const name = 'Fourth Coffee – Loyalty app';
      const page = await openRecord(stage(), name, 'Summary');
      await fill(page, 'Description', 'Left without a press of Save.');
      await page.getByRole('button', { name: 'New', exact: true }).click();
      await page.getByRole('heading', { name: /^New Opportunity/ }).waitFor();
      expect((await stage().rowNamed(name))!.cells.description).toBe('Left without a press of Save.');

      await page.goBack();
      await fill(page, 'Topic', '');
      await page.getByRole('button', { name: 'New', exact: true }).click();
      await page.getByRole('button', { name: 'Discard changes' }).click();
      await page.getByRole('heading', { name: /^New Opportunity/ }).waitFor();
      expect(await stage().rowNamed(name)).toBeDefined();
    });

    test('lets the components follow the system into the dark, without a reload', async () => {
      const page = await openRecord(stage(), 'Proseware – Contact centre AI');
      await showsStatus(page, 'Synced');
      const colour = (): Promise<string> => statusOf(page).getByRole('heading', { name: 'Synced' }).evaluate((heading) => (globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }).getComputedStyle(heading).color);
      const light = await colour();
      await page.emulateMedia({ colorScheme: 'dark' });
      await eventually('it is light on dark', async () => (await colour()) !== light);
      expect([light, await colour()]).toEqual(['rgb(36, 36, 36)', 'rgb(255, 255, 255)']);
      expect(await switchOf(page).getAttribute('aria-checked')).toBe('true');
    });

    test('refuses clearly what nobody documents, or what the try-out does not play', async () => {
      const page = await openRecord(stage(), 'Proseware – Contact centre AI', 'Summary');
      const answer = (script: string): Promise<unknown> => page.evaluate(`(() => { try { ${script}; return 'allowed'; } catch (error) { return error.message; } })()`);
      for (const member of ['Xrm.Page', 'Xrm.Utility.showProgress', 'Xrm.WebApi.offline', 'Xrm.App.sidePanes']) expect(await answer(member)).toContain(`${member} is not part of what the try-out plays of the Client API.`);
      expect(await answer('Xrm.Navigation.extra = 1')).toContain('Xrm.Navigation.extra cannot be set');
      expect(await answer('Xrm.Utility.getGlobalContext().userSettings.languageId')).toBe('allowed');
    });
  });
}
