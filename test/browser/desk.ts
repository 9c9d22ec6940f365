// Browser tests: what a seller does on the form, by the names that stand there.
import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { eventually, type Stage } from './tryOut';

export const switchOf = (page: Page): Locator => page.getByRole('switch', { name: 'Sync with Partner Center' });
export const productsOf = (page: Page): Locator => page.getByRole('combobox', { name: /^Products/ });
export const statusOf = (page: Page): Locator => page.locator('[data-component="cosell_CoSell.SyncStatus"]');
export const saveButton = (page: Page): Locator => page.getByRole('button', { name: 'Save', exact: true });

/** Waits for the status that the form shows, by its word. */
export const showsStatus = (page: Page, word: string, timeout = 20_000): Promise<void> => statusOf(page).getByText(word, { exact: true }).first().waitFor({ timeout });

/** Waits until the form says that nothing is unsaved. */
export const isSaved = (page: Page): Promise<void> => page.getByRole('heading', { level: 1 }).getByText(/- Saved$/).waitFor();

export async function openRecord(stage: Stage, name: string, tab: 'Summary' | 'Partner Center' = 'Partner Center'): Promise<Page> {
  const found = await eventually(`there is ${name}`, () => stage.rowNamed(name));
  const page = await stage.open(`/dynamics/form?table=opportunity&id=${found.id}`);
  await page.getByRole('tab', { name: tab }).click();
  return page;
}

/** Types into a field and leaves it, as people do. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
  // A required field's label ends with a star.
  const field = page.locator('input, textarea, select').and(page.getByLabel(new RegExp(`^${label.replace('.', '\\.')}( \\*)?$`)));
  await field.fill(text);
  await field.blur();
}

/** Chooses in a lookup by the first letters. @param more tells namesakes apart */
export async function choose(page: Page, label: string, name: string, more = ''): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(name.slice(0, 6));
  await page.getByRole('option', { name: `${name} ${more}`.trim() }).click();
}

export async function addProduct(page: Page, letters: string, name: string): Promise<void> {
  await productsOf(page).click();
  await productsOf(page).pressSequentially(letters);
  await page.getByRole('option', { name: new RegExp(name) }).click();
  await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
}

/** Saves, answers the question before the first share with yes, and waits for the ✔. */
export async function shareAndWait(page: Page): Promise<void> {
  await saveButton(page).click();
  await page.getByRole('alertdialog', { name: 'Share this deal?' }).getByRole('button', { name: 'Share and save' }).click();
  await showsStatus(page, 'Synced');
}

/** Both systems hold the same amount, and the record says so. */
export async function expectEqual(stage: Stage, name: string, amount: number): Promise<void> {
  const { cells } = (await stage.rowNamed(name))!;
  const referral = await stage.referral(String(cells.cosell_referralidentifier));
  expect([cells.estimatedvalue, referral.details.dealValue, cells.cosell_syncstatus]).toEqual([amount, amount, 481_200_002]);
}
