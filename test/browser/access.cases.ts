// Browser: everybody can use the pages: with keys alone, with a screen reader, in the dark, in Chinese.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { showsStatus } from './desk';
import { eventually, type Stage } from './tryOut';

const axe = readFileSync(createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

export function accessCases(stage: () => Stage): void {
  const formOf = async (name: string): Promise<string> => `/dynamics/form?table=opportunity&tab=cosell_partnercenter&id=${(await stage().rowNamed(name))!.id}`;
  const dealOf = async (name: string): Promise<string> => `/partner-center?deal=${(await stage().referrals()).find((each) => each.name === name && each.organizationName === 'Fabrikam')!.id}`;
  const places: readonly (readonly [what: string, address: () => string | Promise<string>, ready: string])[] = [
    ['start page', () => '/', 'What just happened'],
    ['list', () => '/dynamics/list?table=opportunity', 'Rows: '],
    ['form, in sync', () => formOf('Adventure Works – Azure data platform'), 'Sync now'],
    ['form, to be mended', () => formOf('Tailspin Toys – Connected factory pilot'), 'History'],
    ['form, new', () => '/dynamics/form?table=opportunity&tab=cosell_partnercenter', 'Save the opportunity first'],
    ['portal', () => '/partner-center', 'Adventure Works – Azure data platform'],
    ['portal, a deal', () => dealOf('Adventure Works – Azure data platform'), 'Parties'],
    ['portal, new deal', () => '/partner-center?new', 'Create deal'],
    ['list of Salesforce', () => '/salesforce', 'Blue Yonder Airlines – Crew planning'],
    ['list of Salesforce, a change', async () => `/salesforce?change=${(await stage().salesforceRows('Opportunity'))[0]!.id}`, 'Cancel'],
  ];

  describe('axe finds nothing, light and dark', () => {
    const background = (page: Page): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');

    test.each(places)('on the %s', async (_what, address, ready) => {
      const page = await stage().open(await address());
      await page.getByText(ready).first().waitFor();
      await page.evaluate(axe);
      const findings: string[] = [];
      const backgrounds: unknown[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(50);
        backgrounds.push(await background(page));
        const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)')) as Finding[];
        findings.push(...found.map(({ id, help, nodes }) => `${colorScheme} ${id}: ${help}\n${nodes.slice(0, 4).map(({ html, failureSummary }) => `  ${html.slice(0, 200)}\n  ${failureSummary.replaceAll('\n', '\n  ')}`).join('\n')}`));
      }
      expect(findings).toEqual([]);
      expect(backgrounds).toEqual(['rgb(243, 243, 243)', 'rgb(20, 20, 20)']);
    });
  });

  describe('with keys alone', () => {
    /** What has the keyboard, by the words that a screen reader would say first. */
    const focused = (page: Page): Promise<string> =>
      page.evaluate(() => {
        interface Focused { readonly ariaLabel: string | null; readonly labels?: Iterable<{ readonly textContent: string }> | null; readonly textContent: string; readonly placeholder?: string; getAttribute(name: string): string | null }
        const { activeElement: element, getElementById } = (globalThis as unknown as { document: { activeElement: Focused; getElementById(id: string): { textContent: string } | null } }).document;
        const labelledBy = element.getAttribute('aria-labelledby');
        const byId = labelledBy ? getElementById.call((globalThis as unknown as { document: unknown }).document, labelledBy)?.textContent : undefined;
        const label = [...(element.labels ?? [])][0]?.textContent;
        return (element.ariaLabel ?? byId ?? label ?? (element.textContent || element.placeholder || '')).trim();
      });
    const reach = async (page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
      const met: string[] = [];
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press(key);
        const now = await focused(page);
        if (name.test(now)) return;
        met.push(now);
      }
      throw new Error(`The keyboard never came to ${name}. It came to: ${met.join(' | ')}`);
    };
    const pick = async (page: Page, name: RegExp, letters: string): Promise<void> => {
      await reach(page, name);
      await page.keyboard.type(letters);
      await page.locator('[role="option"]:visible').first().waitFor();
    };

    test('a new opportunity is written, shared and brought to ✔', async () => {
      const page = await stage().open('/dynamics/list?table=opportunity');
      await page.getByRole('table').waitFor();
      await reach(page, /^New$/);
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: 'Summary' }).waitFor();
      await reach(page, /^Topic/);
      await page.keyboard.type('Keys alone');
      await pick(page, /^Contact$/, 'Avery');
      await page.keyboard.press('Enter');
      await pick(page, /^Account$/, 'Contoso');
      await page.keyboard.press('Enter');
      await reach(page, /^Est\. close date/);
      await page.keyboard.type('06302027');
      await reach(page, /^Est\. revenue/);
      await page.keyboard.type('99000');
      await reach(page, /^Summary$/, 'Shift+Tab');
      await page.keyboard.press('ArrowRight');
      await reach(page, /^Sync with Partner Center/);
      await page.keyboard.press('Space');
      await pick(page, /^Products/, 'lake');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove Lakehouse Managed Service' }).waitFor();
      await reach(page, /^No help needed/);
      for (let down = 0; down < 3; down += 1) await page.keyboard.press('ArrowDown');
      expect(await page.getByRole('radio', { name: 'Proof of concept or demo' }).isChecked()).toBe(true);
      await reach(page, /^Notes to Microsoft/);
      await page.keyboard.type('Please join.');
      await page.keyboard.press('Control+s');
      await page.getByRole('alertdialog', { name: 'Share this deal?' }).waitFor();
      expect(await focused(page)).toBe('Share and save');
      await page.keyboard.press('Enter');
      await showsStatus(page, 'Synced');
      const { cells } = (await stage().rowNamed('Keys alone'))!;
      expect(cells).toMatchObject({ estimatedvalue: 99_000, estimatedclosedate: '2027-06-30', cosell_products: 'SOL-15974-MQF', cosell_notestomicrosoft: 'Please join.', cosell_syncstatus: 481_200_002 });
    });
  });

  describe('in Chinese', () => {
    const texts = (page: Page): Promise<string[]> =>
      page.evaluate(() => {
        interface Walked { nextNode(): { readonly textContent: string; readonly parentElement: { checkVisibility(): boolean } } | null }
        const { document } = globalThis as unknown as { document: { body: unknown; createTreeWalker(root: unknown, show: number): Walked } };
        const walker = document.createTreeWalker(document.body, 4);
        const found: string[] = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) if (node.parentElement.checkVisibility()) found.push(node.textContent.trim());
        return found;
      });
    /** Names that are the same in any language, and signs of a time or an amount. */
    const names = /^(Co-sell Referral Sync|Dynamics 365|Microsoft|Webhook|English|中文|npx cosell doctor|npm run trip|REF [\w….]+|RC|DS|USD|PM|AM|IP|Services)$/;

    test.each([places[0]!, places[1]!, places[2]!, places[3]!, places[5]!, places[6]!, places[7]!, places[8]!, places[9]!])('nothing but data stays English on the %s', async (_what, address, ready) => {
      const path = await address();
      const [english, chinese] = await Promise.all([stage().open(path), stage().open(`${path}${path.includes('?') ? '&' : '?'}lang=zh`)]);
      await english.getByText(ready).first().waitFor();
      const shown = (await texts(english)).length;
      await eventually('the Chinese page shows as much', async () => (await texts(chinese)).length >= shown * 0.9);
      const data = JSON.stringify(['Fabrikam, Inc.', 'PartnerID 1234567', 'USD', await stage().referrals(), ...(await Promise.all(['opportunity', 'account', 'contact', 'systemuser', 'cosell_solution'].map((table) => stage().rows(table)))), ...(await Promise.all(['Opportunity', 'Account'].map((object) => stage().salesforceRows(object))))]);
      const both = new Set(await texts(english));
      // A line of data may be put together of several: an address, a name with its identifier.
      const isData = (text: string): boolean => text.split(/[\s·,]+/).every((word) => !/[a-z]{2}/i.test(word) || data.includes(word)) || /^(7-|[0-9a-f]{4,8}…)/.test(text);
      const stayed = (await texts(chinese)).filter((text) => /[a-z]{2}/i.test(text) && both.has(text) && !names.test(text) && !isData(text));
      expect([...new Set(stayed)]).toEqual([]);
    });
  });
}
