// Browser: what a form does while nobody touches it: nothing, except the platform's autosave, which never shares a deal for the first time.
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fill, saveButton, showsStatus, statusOf, switchOf } from './desk';
import { eventually, type Stage } from './tryOut';

const AUTOSAVE_MS = 30_000;
const switchedOn = 'Quiet – switched on';
const edited = 'Quiet – edited';

/** Pages are opened at the beginning and looked at when all other tests are over, so that the half minute costs nothing. */
export function quietCases(stage: () => Stage): { begin(): void; end(): void } {
  const pages = {} as { switchedOn: Page; edited: Page; idle: Page };
  const requests: string[] = [];
  let [since, idleSince] = [0, 0];
  const openKept = async (name: string, tab = ''): Promise<Page> => {
    const { id } = (await stage().rowNamed(name))!;
    const page = await (await stage().browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(new URL(`/dynamics/form?table=opportunity&id=${id}${tab}`, stage().tryOut.addresses.pages.start).href);
    return page;
  };
  const waitFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    begin() {
      test('three forms are left to themselves: one with the flag just switched on, one edited, one untouched', async () => {
        for (const name of [switchedOn, edited]) await stage().seller('POST', 'opportunities', { name, estimatedvalue: 10_000 });
        pages.switchedOn = await openKept(switchedOn, '&tab=cosell_partnercenter');
        await switchOf(pages.switchedOn).click();
        pages.edited = await openKept(edited);
        await pages.edited.getByRole('textbox', { name: 'Description' }).fill('Typed, and never saved by hand.');
        await pages.edited.getByRole('textbox', { name: 'Topic' }).focus();
        since = Date.now();
        // Not just opened: a form that has saved, rung and followed, until it had nothing more to wait for.
        pages.idle = await openKept('Wingtip – Customer 360 on Fabric');
        await fill(pages.idle, 'Description', 'Saved once, then left alone.');
        await saveButton(pages.idle).click();
        await pages.idle.getByRole('tab', { name: 'Partner Center' }).click();
        await statusOf(pages.idle).getByText(/Notes.*Saved once, then left alone\./).first().waitFor();
        await showsStatus(pages.idle, 'Synced');
        await waitFor(500);
        pages.idle.on('request', (request) => void requests.push(request.url()));
        idleSince = Date.now();
        for (const page of [pages.switchedOn, pages.edited]) await page.getByText('- Unsaved').waitFor();
      });
    },
    end() {
      describe('half a minute later', () => {
        test('the autosave has saved the edited form, and shared nothing', async () => {
          await waitFor(Math.max(0, since + AUTOSAVE_MS + 1_500 - Date.now()));
          await eventually('the edit is saved', async () => (await stage().rowNamed(edited))?.cells.description === 'Typed, and never saved by hand.');
          await pages.edited.getByText('- Saved').waitFor();
          expect((await stage().rowNamed(switchedOn))!.cells).toMatchObject({ cosell_syncwithpartnercenter: false });
          expect((await stage().referrals()).filter(({ name }) => name.startsWith('Quiet'))).toEqual([]);
          await pages.switchedOn.getByText('- Unsaved').waitFor();
          expect(await switchOf(pages.switchedOn).getAttribute('aria-checked')).toBe('true');
          expect(await pages.switchedOn.getByRole('alertdialog').count()).toBe(0);
        });

        test('the untouched form has asked nobody anything', async () => {
          const seconds = (Date.now() - idleSince) / 1_000;
          process.stderr.write(`requests per minute of an idle open form: ${((requests.length * 60) / seconds).toFixed(1)} (${requests.length} in ${seconds.toFixed(0)} s)\n`);
          expect(requests).toEqual([]);
          expect(seconds).toBeGreaterThan(25);
        });

        test('leaving the form with the flag switched on asks first, and a no leaves everything unshared', async () => {
          const page = pages.switchedOn;
          await page.getByRole('link', { name: 'Opportunities' }).click();
          await page.getByRole('alertdialog', { name: 'Share this deal?' }).getByRole('button', { name: 'Go back' }).click();
          await page.getByText('- Unsaved').waitFor();
          expect((await stage().rowNamed(switchedOn))!.cells).toMatchObject({ cosell_syncwithpartnercenter: false });
          await Promise.all(Object.values(pages).map((each) => each.context().close()));
        });
      });
    },
  };
}
