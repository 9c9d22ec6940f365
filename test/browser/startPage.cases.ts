// Browser: the start page tells what the stand-ins see, and makes trouble that can be undone in place.
import { describe, expect, test } from '@jest/globals';
import { eventually, type Stage } from './tryOut';

export function startPageCases(stage: () => Stage): void {
  describe('the start page', () => {
    test('counts all systems alike, and shows what just happened', async () => {
      const page = await stage().open('/');
      await page.getByText(/^\d+ opportunities, all in sync but \d+$/).first().waitFor();
      await page.getByText(/^\d+ deals, all in sync/).waitFor();
      expect(await page.locator('.trip').count()).toBeGreaterThan(10);
    });

    test('tells a change from save to ✔ while one watches, and says only the end of it aloud', async () => {
      const page = await stage().open('/');
      await page.locator('.trip').first().waitFor();
      const before = await page.getByRole('log').textContent();
      const deal = await stage().rowNamed('Proseware – Contact centre AI');
      await stage().seller('PATCH', `opportunities(${deal!.id})`, { estimatedvalue: 188_000 });
      const row = page.locator('.trip', { hasText: /^\d\d:\d\d:\d\dOpportunity saved Proseware – Contact centre AISaved in Dynamics 365Picked up \d+ msReferral updated: Deal value \d+ ms\d+\.\d s$/ });
      await row.getByLabel('In sync').waitFor();
      expect(before).not.toContain('Proseware');
      await eventually('it is said', async () => /^Opportunity saved, Proseware – Contact centre AI: in sync, \d+\.\d s$/.test((await page.getByRole('log').textContent()) ?? ''));
    });

    test('stands still while it is read, and catches up afterwards', async () => {
      const page = await stage().open('/');
      await page.locator('.trip').first().waitFor();
      await page.locator('.feed-rows').focus();
      await page.getByText('paused while you read').waitFor();
      const deal = await stage().rowNamed('Proseware – Contact centre AI');
      const first = await page.locator('.trip').first().textContent();
      await stage().seller('PATCH', `opportunities(${deal!.id})`, { estimatedvalue: 189_000 });
      await page.getByText(/paused while you read · \d+ new/).waitFor();
      expect(await page.locator('.trip').first().textContent()).toBe(first);
      await page.getByRole('button', { name: 'Make it fail' }).focus();
      await page.getByText('live', { exact: true }).waitFor();
    });

    test.each([
      ['Make it fail', 'answers 503', 'answers'],
      ['Let it expire', 'expired', 'works'],
      ['Lose the next 3', 'loses the next 3', undefined],
    ] as const)('“%s” is undone where it was made', async (name, made, after) => {
      const page = await stage().open('/');
      await page.getByRole('button', { name }).click();
      await page.getByText(made, { exact: true }).waitFor();
      if (name !== 'Lose the next 3') await page.getByRole('img', { name: 'Partner Center can’t be reached; changes wait' }).nth(1).waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('button', { name }).waitFor();
      if (after) await page.getByText(after, { exact: true }).waitFor();
      expect(await page.getByRole('img', { name: 'The service carries changes both ways' }).count()).toBe(2);
    });
  });
}
