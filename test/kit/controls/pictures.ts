// Test kit: pictures of every state, to be looked at beside the design. `COSELL_PICTURES=<folder> npm test -- test/browser/controls` writes them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlsHost, Look } from './openControls';
import { helpSituations, productSituations, statusSituations, type Situation } from './situations';

const looks: Readonly<Record<string, Look>> = {
  light: {}, dark: { theme: 'dark' }, classic: { theme: 'classic' }, forced: { theme: 'forced' }, chinese: { language: 2052 }, rtl: { isRightToLeft: true }, narrow: { width: 312 },
};
const sets = { status: statusSituations, help: helpSituations, products: productSituations };

const perPicture = 9;

/** @param only names of looks, all of them when empty */
export async function takePictures(host: ControlsHost, folder: string, only: readonly string[] = []): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, look] of Object.entries(looks).filter(([each]) => only.length === 0 || only.includes(each))) {
    for (const [set, situations] of Object.entries(sets)) {
      const all: readonly Situation[] = Object.values(situations);
      for (let from = 0; from < all.length; from += perPicture) await takeOne(host, look, all.slice(from, from + perPicture), join(folder, `${name}-${set}-${from / perPicture + 1}.png`));
    }
  }
}

async function takeOne(host: ControlsHost, look: Look, situations: readonly Situation[], path: string): Promise<void> {
  const { page, show } = await host.open({ columns: look.width ? 3 : 2, ...look });
  for (const situation of situations) await show(situation);
  // A sheet of several columns shows each state once, also open.
  const histories = page.locator('details');
  if ((await histories.count()) > 0) await histories.last().locator('summary').click();
  await page.evaluate(() => (globalThis as unknown as { document: { fonts: { load(font: string, text: string): Promise<unknown> } } }).document.fonts.load('14px "Noto Sans SC"', '→同'));
  await page.screenshot({ path, fullPage: true });
  await page.close();
}
