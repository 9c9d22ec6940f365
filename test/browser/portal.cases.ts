// Browser: the Partner Center portal of the try-out follows the documented rules, and people find their way with keys alone.
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually, type Stage } from './tryOut';

export function portalCases(stage: () => Stage): void {
  const portal = (path = ''): Promise<Page> => stage().open(`/partner-center${path}`);
  const openDeal = async (page: Page, tab: string, name: string): Promise<void> => {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  };

  describe('the portal', () => {
    test('says on every page that it is a stand-in, and leads back', async () => {
      const page = await portal();
      await page.getByText('Local stand-in').waitFor();
      await page.getByRole('link', { name: 'Back to the try-out' }).click();
      await page.getByRole('heading', { name: 'What just happened' }).waitFor();
    });

    test('lets a deal of Microsoft be accepted, and the opportunity follows', async () => {
      const page = await portal();
      await openDeal(page, 'Waiting for you', 'Relecloud – Streaming analytics');
      await page.getByText('14 days left to answer').waitFor();
      await page.getByRole('button', { name: 'Accept' }).click();
      await page.getByText('Active · Accepted').first().waitFor();
      await page.getByRole('button', { name: 'Accept' }).waitFor({ state: 'detached' });
      const opportunity = await eventually('the opportunity knows', async () => (await stage().rowNamed('Relecloud – Streaming analytics'))?.cells);
      expect(opportunity.cosell_syncwithpartnercenter).toBe(true);
    });

    test('declines only with a reason, and a closed deal has no buttons', async () => {
      await stage().control('partnerCenter', 'deals', { fromMicrosoft: true, name: 'Declined deal', customerName: 'Margie’s Travel' });
      const page = await portal('?tab=waiting');
      await openDeal(page, 'Waiting for you', 'Declined deal');
      await page.getByRole('button', { name: 'Decline…' }).click();
      const dialog = page.getByRole('alertdialog', { name: /Decline this deal\?/ });
      await dialog.getByLabel('Reason').selectOption({ label: 'Timeline too short' });
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect((await stage().referrals()).find(({ name }) => name === 'Declined deal')?.status).not.toBe('Closed');
      await page.getByRole('button', { name: 'Decline…' }).click();
      await dialog.getByLabel('Reason').selectOption({ label: 'Timeline too short' });
      await dialog.getByRole('button', { name: 'Decline', exact: true }).click();
      await page.getByText('This deal is closed and takes no more changes. Reason: Timeline too short').waitFor();
      expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    });

    test('shows a refusal as Partner Center words it, and changes nothing', async () => {
      const page = await portal();
      await openDeal(page, 'Active', 'Fourth Coffee – Loyalty app');
      await page.getByRole('button', { name: 'Edit' }).click();
      const panel = page.getByRole('dialog', { name: 'Edit' });
      await panel.getByLabel('Deal value').fill('0');
      await panel.getByRole('button', { name: 'Save' }).click();
      expect(await panel.getByRole('alert').textContent()).toMatch(/dealValue/i);
      expect((await stage().referrals()).find(({ name }) => name.startsWith('Fourth Coffee'))?.details.dealValue).toBe(54_900);
    });

    test('calls a value that somebody changed new for ten seconds, without a reload', async () => {
      const page = await portal();
      await openDeal(page, 'Active', 'Fourth Coffee – Loyalty app');
      expect(await page.getByText('changed just now').count()).toBe(0);
      await page.getByRole('button', { name: 'Change value…' }).click();
      await page.getByRole('dialog').getByLabel('Deal value').fill('55,400');
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByText('$55,400.00 USD').waitFor();
      await page.getByText('changed just now').waitFor();
      await eventually('the seller has it', async () => (await stage().rowNamed('Fourth Coffee – Loyalty app'))?.cells.estimatedvalue === 55_400);
    });

    test('asks before a panel is left only when something was typed', async () => {
      const page = await portal();
      await page.getByRole('button', { name: 'New deal' }).click();
      const panel = page.getByRole('dialog', { name: 'New deal' });
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'New deal' }).click();
      await page.keyboard.type('x');
      await page.keyboard.press('Escape');
      await panel.getByText('Close without keeping what you typed?').waitFor();
      await panel.getByRole('button', { name: 'Discard' }).click();
      await panel.waitFor({ state: 'detached' });
    });

    test('has its tabs on the arrow keys, and its states in the address', async () => {
      const page = await portal();
      await page.getByRole('tab', { name: 'Active' }).focus();
      await page.keyboard.press('ArrowRight');
      expect(await page.getByRole('tab', { selected: true }).textContent()).toMatch(/^Closed/);
      expect(new URL(page.url()).searchParams.get('tab')).toBe('closed');
      await page.goBack();
      await page.getByRole('tab', { name: 'Active', selected: true }).waitFor();
    });
  });
}
