// Browser: Salesforce beside the others: its card, its line, its list, and a seller's change there from save to ✔.
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually, type Stage } from './tryOut';

export function salesforceCases(stage: () => Stage): void {
  const deals = () => stage().salesforceRows('Opportunity');
  const dealNamed = async (name: string): Promise<Readonly<Record<string, unknown>>> => (await deals()).find(({ cells }) => cells.Name === name)!.cells;
  const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

  describe('Salesforce', () => {
    test('stands beside the others with its count, its line and a way in', async () => {
      const page = await stage().open('/');
      const card = page.locator('.system', { has: page.getByRole('heading', { name: 'Salesforce' }) });
      await card.getByText('7 opportunities, all in sync but 2').waitFor();
      await page.getByText(/^\d+ deals, all in sync but 1$/).waitFor();
      expect(await page.getByRole('img', { name: 'The service carries changes both ways' }).count()).toBe(2);
      await card.getByRole('link', { name: 'Opportunity list' }).click();
      await rowOf(page, 'Blue Yonder Airlines – Crew planning').getByText('Synced').waitFor();
      expect(await page.getByRole('row').count()).toBe(1 + (await deals()).length);
      await rowOf(page, 'Munson’s Pickles – Plant telemetry').getByText('Products').waitFor();
      await rowOf(page, 'Consolidated Messenger – Route planning').getByText('Amount').waitFor();
    });

    test('a deal there is mended, shared to ✔ and found in Partner Center, and the start page tells it by its name', async () => {
      const name = 'Munson’s Pickles – Plant telemetry';
      const start = await stage().open('/');
      const page = await stage().open('/salesforce');
      await page.getByRole('link', { name }).click();
      await page.getByLabel('Products').fill('SOL-34104-EBB');
      await page.getByRole('button', { name: 'Save' }).click();
      await rowOf(page, name).getByText('Synced').waitFor();
      await start.locator('.trip', { hasText: /Opportunity saved Munson’s Pickles – Plant telemetrySaved in SalesforcePicked up [\d.]+ m?s/ }).getByLabel('In sync').waitFor();
      await rowOf(page, name).getByRole('link').last().click();
      await page.getByText('Opportunity in Salesforce').waitFor();
      await page.getByRole('heading', { name }).waitFor();
      expect((await stage().referrals()).filter((each) => each.name === name)).toHaveLength(1);
    });

    test('only what was changed is saved, and what the org refuses is said in its words', async () => {
      const name = 'Southridge Video – Media archive';
      const before = await dealNamed(name);
      const page = await stage().open('/salesforce');
      await page.getByRole('link', { name }).click();
      await page.getByLabel('Close Date').fill('');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').getByText('Close Date is missing.').waitFor();
      await page.getByLabel('Close Date').fill(String(before.CloseDate));
      await page.getByLabel('Amount').fill('1e300');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').getByText('Amount: value outside of valid range on numeric field: 1e+300').waitFor();
      await page.getByLabel('Amount').fill('91,000');
      await page.getByRole('button', { name: 'Save' }).click();
      const referral = await eventually('it has arrived', async () => (await stage().referrals()).find((each) => each.name === name && each.details.dealValue === 91_000));
      expect(referral.details.closingDateTime.slice(0, 10)).toBe(before.CloseDate);
      await rowOf(page, name).getByText('$91,000').waitFor();
      expect(await dealNamed(name)).toMatchObject({ Description: before.Description, Products__c: before.Products__c });
    });

    test('what is not shared is told of, and stays there', async () => {
      const name = 'Margie’s Travel – Booking assistant';
      const start = await stage().open('/');
      const page = await stage().open('/salesforce');
      await page.getByRole('link', { name }).click();
      await page.getByLabel('Amount').fill('119000');
      await page.getByRole('button', { name: 'Save' }).click();
      await start.locator('.trip', { hasText: name }).getByText('Not shared: stays in Salesforce').waitFor();
      expect((await dealNamed(name)).Sync_Status__c).toBeNull();
      expect((await stage().referrals()).filter((each) => each.name === name)).toEqual([]);
    });

    test('in trouble breaks its own line and no other, and mends it by itself', async () => {
      const name = 'Blue Yonder Airlines – Crew planning';
      const page = await stage().open('/');
      const { id } = (await deals()).find(({ cells }) => cells.Name === name)!;
      await page.getByRole('img', { name: 'The service carries changes both ways' }).first().waitFor();
      const fault = (await stage().control('salesforce', 'faults', { kind: '503' })) as { readonly id: string };
      await stage().control('salesforce', 'person/edit', { object: 'Opportunity', id, values: { Amount: 413_000 } });
      await page.getByRole('img', { name: 'Salesforce can’t be reached; changes wait' }).waitFor();
      expect(await page.getByRole('img', { name: 'The service carries changes both ways' }).count()).toBe(1);
      await page.locator('.trip', { hasText: name }).getByText('Salesforce does not answer').waitFor();
      await fetch(`${stage().tryOut.addresses.salesforce!.loginUrl}/__sandbox/faults/${fault.id}`, { method: 'DELETE' });
      await eventually('the amount has arrived', async () => (await stage().referrals()).some((each) => each.name === name && each.details.dealValue === 413_000));
      await eventually('the line is whole', async () => (await page.getByRole('img', { name: 'The service carries changes both ways' }).count()) === 2);
    });
  });
}
