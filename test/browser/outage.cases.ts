// Browser: ✔ is never shown beside a value that Partner Center does not have, whatever the service is doing meanwhile.
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectEqual, fill, isSaved, openRecord, saveButton, showsStatus } from './desk';
import { eventually, type Cells, type Stage } from './tryOut';

const EDITS = 50;
const SAMPLE_MS = 50;
const name = 'Woodgrove Bank – Fraud analytics';

export function outageCases(stage: () => Stage): void {
  describe('an outage', () => {
    test(`of the service in the midst of ${EDITS} edits: Pending and why, never a ✔ beside a value that Partner Center lacks, and ✔ without a click once it is back`, async () => {
      const page = await openRecord(stage(), name);
      await showsStatus(page, 'Synced');
      const sampler = startSampler(stage(), page, (await stage().rowNamed(name))!);
      const dice = createDice(7);
      // The status is drawn on its tab also while another one is in front.
      await page.getByRole('tab', { name: 'Summary' }).click();
      const edit = async (mayArrive = true): Promise<number> => {
        const amount = 600_000 + Math.floor(dice() * 90_000);
        await fill(page, 'Est. revenue', String(amount));
        await saveButton(page).click();
        const seen = sampler.ticks();
        // Mostly into the trip of the edit before, sometimes after its ✔.
        if (mayArrive && dice() < 0.3) await eventually('the sampler sees the ✔', async () => sampler.ticks() > seen);
        else await page.waitForTimeout(dice() * 80);
        return amount;
      };
      let last = 0;
      for (let times = 0; times < 20; times += 1) last = await edit();
      await trouble(stage(), 'service');
      for (let times = 0; times < 8; times += 1) last = await edit(false);
      await isSaved(page);
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await showsStatus(page, 'Pending');
      await page.getByText('Saved. The sync service can’t be reached; your change goes out by itself when it is back.').waitFor();
      expect((await stage().rowNamed(name))!.cells.estimatedvalue).toBe(last);
      await trouble(stage(), 'service/undo');
      // The steps' bells of the outage are lost: the first walk finds the changes, and the form looks every 15 s by now.
      await showsStatus(page, 'Synced', 60_000);
      expect(await page.getByText('The sync service can’t be reached').count()).toBe(0);
      await expectEqual(stage(), name, last);
      await page.getByRole('tab', { name: 'Summary' }).click();
      for (let times = 28; times < EDITS; times += 1) last = await edit();
      await page.getByRole('tab', { name: 'Partner Center' }).click();
      await showsStatus(page, 'Synced');
      await eventually('the last edit is equal', async () => (await stage().rowNamed(name))?.cells.cosell_syncstatus === 481_200_002);
      await expectEqual(stage(), name, last);

      const { samples, ticks, lies } = await sampler.stop();
      expect(lies).toEqual([]);
      // A sampler that saw no ✔, or never looked, would prove nothing.
      expect([samples > 100, ticks > 10]).toEqual([true, true]);
    });
  });
}

/** Make trouble as the start page does. */
export async function trouble(stage: Stage, path: string): Promise<void> {
  const answer = await fetch(new URL(`/trouble/${path}`, stage.tryOut.addresses.pages.start), { method: 'POST' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

interface Shown {
  /** The form shows ✔ and nothing unsaved. */
  readonly isTicked: boolean;
  readonly amount: string;
}

/** Looks every 50 ms at the form, at the record and at the referral. A value that the referral had between two looks at it is one it has. */
function startSampler(stage: Stage, page: Page, { id, cells }: { readonly id: string; readonly cells: Cells }): { ticks(): number; stop(): Promise<{ samples: number; ticks: number; lies: readonly string[] }> } {
  const lies: string[] = [];
  let [samples, ticks, isOver] = [0, 0, false];
  const referralValue = async (): Promise<number> => (await stage.referral(String(cells.cosell_referralidentifier))).details.dealValue;
  const look = async (): Promise<void> => {
    const before = await referralValue();
    const form = await readForm(page);
    const row = await stage.row(id);
    const has = new Set([before, await referralValue()]);
    samples += 1;
    if (form.isTicked) ticks += 1;
    if (form.isTicked && !has.has(Number(form.amount.replaceAll(/[$,]/g, '')))) lies.push(`the form shows ✔ beside ${form.amount}, Partner Center has ${[...has].join(' or ')}`);
    if (row.cosell_syncstatus === 481_200_002 && !has.has(Number(row.estimatedvalue))) lies.push(`the record has ✔ and ${String(row.estimatedvalue)}, Partner Center has ${[...has].join(' or ')}`);
  };
  const running = (async () => {
    while (!isOver) {
      await look();
      await page.waitForTimeout(SAMPLE_MS);
    }
  })();
  return {
    ticks: () => ticks,
    async stop() {
      isOver = true;
      await running;
      return { samples, ticks, lies };
    },
  };
}

/** In one glance, so that status and amount are of the same moment. */
function readForm(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const { document } = globalThis as unknown as { document: { querySelector(selector: string): { textContent: string } | null } };
    const status = document.querySelector('[data-component="cosell_CoSell.SyncStatus"] h3')?.textContent ?? '';
    const isSaved = / - Saved$/.test(document.querySelector('h1')?.textContent ?? '');
    return { isTicked: status.startsWith('Synced') && isSaved, amount: document.querySelector('.head-figures div:nth-child(2) dd')?.textContent ?? '' };
  });
}

function createDice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

