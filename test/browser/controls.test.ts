// The built controls in a real browser, as a seller uses them: by eye, by keyboard, and by ear.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { buildControls } from '../../scripts/buildControls.mjs';
import { openBrowser } from '../kit/browser';
import { hostControls, type ControlsHost, type ControlsPage, type Look, type Solutions } from '../kit/controls/openControls';
import { takePictures } from '../kit/controls/pictures';
import { bothChanged, helpSituations as help, productSituations as products, statusSituations as status, type Situation } from '../kit/controls/situations';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const all: readonly Situation[] = [...Object.values(status), ...Object.values(help), ...Object.values(products)];

let browser: Browser;
let host: ControlsHost;
let opened: ControlsPage[] = [];

beforeAll(async () => {
  await buildControls(() => undefined);
  browser = await openBrowser();
  host = await hostControls(browser);
}, 180_000);
afterEach(async () => {
  await Promise.all(opened.map(({ page }) => page.close()));
  opened = [];
});
afterAll(async () => {
  await host?.close();
  await browser?.close();
});

async function open(look: Look = {}): Promise<ControlsPage> {
  const page = await host.open(look);
  opened.push(page);
  return page;
}

/** One control by itself, with its card as the place to look into. */
async function showOne(situation: Situation, look: Look = {}, solutions?: Solutions): Promise<ControlsPage & { readonly id: string; readonly card: Locator }> {
  const controls = await open(look);
  const id = await controls.show(situation, solutions);
  return { ...controls, id, card: controls.page.locator(`#${id}`) };
}

/** As much of a page as these tests read; they are compiled without the types of one. */
interface Clipboard { readonly navigator: { readonly clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> } } }

const spokenIn = (card: Locator): Locator => card.locator('output').first();
const focused = (page: Page): Promise<string> => page.evaluate(() => {
  const element = (globalThis as unknown as { document: { activeElement: { ariaLabel: string | null; textContent: string; tagName: string } } }).document.activeElement;
  return element.ariaLabel ?? (element.textContent.trim() || element.tagName);
});

/** Names of what the focus meets, from here on. */
async function walk(page: Page, stops: number): Promise<string[]> {
  const met: string[] = [];
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    met.push(await focused(page));
  }
  return met;
}

/** What axe-core finds in the controls, as sentences. */
async function findings(page: Page, without: readonly string[] = []): Promise<string[]> {
  // A list that is still fading in has no contrast yet.
  await page.evaluate(() => Promise.all((globalThis as unknown as { document: { getAnimations(): { finished: Promise<unknown>; effect: { getTiming(): { iterations: number; delay: number } } }[] } }).document.getAnimations().filter((each) => each.effect.getTiming().iterations < 9 && each.effect.getTiming().delay < 1_000).map((each) => each.finished)));
  await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const { axe: checker } = globalThis as unknown as { axe: { run(context: object, options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const { violations } = await checker.run({ include: [['.cosell']] }, { rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])) });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
  }, without);
}

describe('names and sentences of any length', () => {
  const name = 'Adventure Works Cycles International Holdings and Subsidiaries of the Northern Hemisphere, Division for Data Platforms';
  const unbroken = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenvereinigung'.repeat(3);
  const reasons = [
    { code: 'customer-country-unknown', field: 'customer.country', actor: 'you', params: { value: unbroken } }, { code: 'frozen-field-changed', field: 'name', actor: 'you', params: { shared: unbroken } },
    { code: 'field-refused', field: `custom:${unbroken}`, actor: 'admin', params: { system: 'Partner Center', message: unbroken } },
  ];
  const conflicts = ['notes', `custom:${unbroken}`].map((field) => ({ field, group: field, agreed: unbroken, crm: unbroken, partner: name }));
  const audit = `2026-11-23T18:42:05Z | Dynamics 365 → Partner Center | Notes: ${unbroken} → ${unbroken}`;
  const values = { ...status.attention.values, customer: [{ id: 'a1', name, entityType: 'account' }], audit };
  const all: readonly Situation[] = [
    { ...status.attention, values: { ...values, details: JSON.stringify({ reasons }) } }, { ...status.conflict, values: { ...status.conflict.values, audit, details: JSON.stringify({ conflicts }) } },
    { ...help.locked, values: { ...help.locked.values, notes: unbroken } }, { ...products.unknown, values: { products: `${unbroken};${name.replaceAll(',', '')}` } },
  ];

  test.each([560, 312])('stay within a card of %i pixels, and a button is one line', async (width) => {
    const { page, show } = await open({ width, columns: 2 });
    for (const situation of all) await show(situation);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.locator('.card').evaluateAll((cards) => (cards as unknown as readonly { readonly scrollWidth: number; readonly clientWidth: number }[]).map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))).toEqual([0, 0, 0, 0]);
    const door = page.getByRole('button', { name: `Open ${name}: “${unbroken}” is not a country that Partner Center knows` });
    expect((await door.boundingBox())!.height).toBe(32);
  });

  test('and fifty products leave the box in sight, where one adds and where one removes', async () => {
    const { card, page } = await showOne({ ...products.chosen, values: { products: Array.from({ length: 50 }, (_, at) => `SOL-${10_000 + at}-ABC`).join(';') } }, { width: 312 });
    const within = async (inner: Locator): Promise<boolean> => {
      const [outer, place] = [(await card.locator('.cs-box').boundingBox())!, (await inner.boundingBox())!];
      return outer.height <= 300 && place.y >= outer.y && place.y + place.height <= outer.y + outer.height;
    };
    const box = card.getByRole('combobox');
    expect([await within(box), await within(card.getByRole('button', { name: 'Remove SOL-10049-ABC' }))]).toEqual([true, false]);
    await box.press('Backspace');
    expect([await focused(page), await within(page.locator(':focus')), await within(box)]).toEqual(['Remove SOL-10049-ABC', true, true]);
    expect(await findings(page)).toEqual([]);
  });
});

test('the platform’s Fluent has what the controls use of it', async () => {
  const { page } = await open();
  expect(await page.evaluate(() => {
    const { FluentUIReactv8290: fluent } = globalThis as unknown as { FluentUIReactv8290: { Callout: unknown; DirectionalHint: { bottomLeftEdge: number } } };
    return [typeof fluent.Callout !== 'undefined', typeof fluent.DirectionalHint.bottomLeftEdge];
  })).toEqual([true, 'number']);
});

describe('every state', () => {
  test.each<[string, Look]>([
    ['in light', {}], ['in dark, narrow', { theme: 'dark', width: 312 }], ['in forced colours', { theme: 'forced' }], ['in the classic look, from right to left', { theme: 'classic', isRightToLeft: true }], ['in Chinese, narrow', { language: 2052, width: 312 }],
  ])('is drawn %s, fits, and gives axe-core nothing to find', async (_, look) => {
    const { page, show } = await open(look);
    for (const situation of all) await show(situation);
    expect(await page.locator('.cosell').count()).toBe(all.length);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.locator('article').evaluateAll((cards) => (cards as unknown as { scrollWidth: number; clientWidth: number; textContent: string }[]).filter((card) => card.scrollWidth > card.clientWidth).map((card) => card.textContent))).toEqual([]);
    // In forced colours the browser paints others than the page asks for, and axe-core knows only the latter.
    expect(await findings(page, look.theme === 'forced' ? ['color-contrast'] : [])).toEqual([]);
  }, 120_000);

  test('mirrors where one reads from right to left: the line begins at the right', async () => {
    const { card } = await showOne(status.accepted, { isRightToLeft: true });
    const [crm, microsoft] = [await card.getByText('Dynamics 365', { exact: true }).boundingBox(), await card.getByText('Microsoft', { exact: true }).boundingBox()];
    expect(crm!.x).toBeGreaterThan(microsoft!.x + 200);
  });

  test('without a permission or a network asks for neither: nothing is called, nothing is changed', async () => {
    const { show, log } = await open();
    for (const situation of all) await show(situation);
    expect(await log()).toEqual({ outputs: [], events: [], calls: [] });
  });

  test('can be taken off the page', async () => {
    const controls = await open();
    const ids: string[] = [];
    for (const situation of all) ids.push(await controls.show(situation));
    for (const id of ids) await controls.unmount(id);
    expect(await controls.page.locator('.cosell').count()).toBe(0);
  });
});

describe('what one hears of the status', () => {
  test('is the line as one image, with all three in words', async () => {
    const { card } = await showOne(status.accepted);
    await card.getByRole('img', { name: 'Dynamics 365: saved 10:42 AM; Partner Center: received 10:42 AM; Microsoft: accepted', exact: true }).waitFor();
  });

  test('is nothing on load, one sentence on a change, and nothing at each step', async () => {
    const { card, id, update, page } = await showOne(status.pending);
    expect(await spokenIn(card).textContent()).toBe('');
    await update(id, { details: JSON.stringify({ progress: 'confirming' }) });
    await card.locator('li[aria-current="true"]', { hasText: 'Confirming' }).waitFor();
    expect(await spokenIn(card).textContent()).toBe('');
    await update(id, status.accepted.values);
    await page.waitForFunction(() => (globalThis as unknown as { document: { querySelector(selector: string): { textContent: string } } }).document.querySelector('output').textContent !== '');
    expect(await spokenIn(card).textContent()).toBe('Synced. Dynamics 365 and Partner Center hold the same values.');
  });
});

test('a status that only took its time to load is not spoken', async () => {
  const { card, id, update } = await showOne(status.loading);
  await card.locator('[aria-busy="true"]').waitFor();
  await update(id, status.accepted.values);
  await card.getByRole('heading', { name: 'Synced' }).waitFor();
  expect(await spokenIn(card).textContent()).toBe('');
  await update(id, status.failed.values);
  await card.getByRole('heading', { name: 'Failed' }).waitFor();
  expect(await spokenIn(card).textContent()).toMatch(/^Failed\. /);
});

describe('a Pending that lasts', () => {
  test('says after ten seconds when it is tried again, and offers to do it now', async () => {
    const { card, page, log } = await showOne(status.pendingSlow);
    const late = card.getByText('Taking longer than usual. Next try 10:47 AM.');
    expect([await card.getByRole('button').count(), await late.isVisible()]).toEqual([0, false]);
    await page.evaluate(() => (globalThis as unknown as { document: { getAnimations(): { currentTime: number }[] } }).document.getAnimations().forEach((each) => (each.currentTime = 9_900)));
    await late.waitFor();
    await card.getByRole('button', { name: 'Sync now' }).click();
    await expectOutput(log, { requestedAction: 481_200_000 });
  });
});

/** The control hands its wishes over a moment later, as the platform asks for them. */
async function expectOutput(log: ControlsPage['log'], wanted: Record<string, unknown>): Promise<void> {
  for (let tries = 0; tries < 100 && (await log()).outputs.length === 0; tries += 1) await new Promise((done) => setTimeout(done, 20));
  const { id: _, ...last } = (await log()).outputs.at(-1) ?? {};
  expect(last).toEqual(wanted);
}

describe('Synced', () => {
  test('is walked from "Sync now" over the referral to the history; the heading is no stop', async () => {
    const { page } = await showOne(status.accepted);
    expect(await walk(page, 3)).toEqual(['Sync now', 'REF 7f3c…91ad', expect.stringMatching(/^History10 entries· Deal value → \$485,000\.00$/)]);
  });

  test('asks for a sync once, and waits until it was carried out', async () => {
    const { card, id, update, log } = await showOne(status.accepted);
    const button = card.getByRole('button', { name: 'Sync now' });
    await button.click();
    await expectOutput(log, { requestedAction: 481_200_000 });
    expect(await button.isDisabled()).toBe(true);
    await update(id, { requestedAction: null });
    expect(await button.isEnabled()).toBe(true);
  });

  test('keeps the focus when the button has done its work: it goes to the status', async () => {
    const { page } = await showOne(status.accepted);
    await walk(page, 1);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sync now', disabled: true }).waitFor();
    expect(await focused(page)).toBe('Synced');
    expect(await walk(page, 1)).toEqual(['REF 7f3c…91ad']);
  });

  test('opens the referral in a tab of its own, which learns nothing of this one', async () => {
    const { card } = await showOne(status.accepted);
    const link = card.getByRole('link');
    expect([await link.getAttribute('href'), await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([status.accepted.values.link, '_blank', 'noreferrer']);
  });

  test('for a reader only has nothing to press but the history', async () => {
    const { card } = await showOne(status.readOnly);
    expect(await card.getByRole('button').count()).toBe(0);
    await card.locator('summary').click();
    await card.getByRole('searchbox', { name: 'Search history' }).waitFor();
  });
});

describe('reasons', () => {
  test('are doors: one press leads to the field, by its key', async () => {
    const { card, log, page } = await showOne(status.attention);
    expect(await walk(page, 3)).toEqual(['Open Adventure Works: The customer’s country is missing', 'Go to Products: Partner Center does not know SOL-99104-XYZ', 'Go to Customer contact: Microsoft needs a customer contact to help']);
    await card.getByRole('button', { name: 'Go to Products: Partner Center does not know SOL-99104-XYZ' }).press('Enter');
    await card.getByRole('button', { name: 'Open Adventure Works' }).click();
    expect((await log()).events).toEqual([{ event: 'onGoTo', payload: 'solutions' }, { event: 'onGoTo', payload: 'customer.country' }]);
  });

  test('are struck out as soon as the form holds what was missing, before it is saved', async () => {
    const { card, id, update } = await showOne(status.attention);
    await update(id, { products: 'SOL-34104-EBB' });
    await card.locator('s', { hasText: 'Partner Center does not know SOL-99104-XYZ.' }).waitFor();
    expect(await card.locator('s').count()).toBe(1);
    expect(await card.getByRole('button', { name: /^Go to Products/ }).count()).toBe(0);
  });

  test('beyond five wait behind one press', async () => {
    const { card } = await showOne(status.manyReasons);
    expect(await card.locator('ul > li').count()).toBe(6);
    await card.getByRole('button', { name: 'Show 3 more' }).click();
    expect(await card.locator('ul > li').count()).toBe(8);
    await card.getByText('Ask your admin; reference a-code-from-tomorrow.').waitFor();
  });

  test('for an admin can be copied: place, time, codes and reference, no value of the record', async () => {
    const { card, page } = await showOne(status.failed);
    await card.getByRole('button', { name: 'Copy details for your admin' }).click();
    await card.getByRole('button', { name: 'Copied' }).waitFor();
    const lines = (await page.evaluate(() => (globalThis as unknown as Clipboard).navigator.clipboard.readText())).split('\n');
    expect(lines).toEqual([page.url(), expect.stringMatching(/^2026-11-23T18:4/), 'Failed', 'sign-in-expired ', '7f3c2a10-5b1e-4c2d-9f00-0a1b2c3d91ad']);
    expect(lines.join()).not.toMatch(/485|Adventure/);
  });
});

describe('a conflict', () => {
  const ours = 'Ours, $485,000.00, $35,000.00 more than last agreed';
  const theirs = 'Theirs, 4/30/2027, 46 days later';

  test('is decided by keyboard: Tab from field to field, arrows choose the side, then Apply', async () => {
    const { page, card, log } = await showOne(status.conflict);
    expect(await walk(page, 2)).toEqual(['Keep all ours', 'Keep all theirs']);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await focused(page)).toBe(ours);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe(theirs);
    expect([await card.getByRole('radio', { name: ours }).isChecked(), await card.getByRole('radio', { name: theirs }).isChecked()]).toEqual([true, true]);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Apply 2 choices');
    await page.keyboard.press('Enter');
    await expectOutput(log, { conflictChoices: JSON.stringify({ choices: [{ field: 'dealValue', keep: 'crm', seen: { crm: 485_000, partner: 440_000 } }, { field: 'closingDate', keep: 'partner', seen: { crm: '2027-03-31', partner: '2027-04-30' } }] }) });
    expect([await focused(page), await spokenIn(card).textContent()]).toEqual(['Conflict', '2 choices sent.']);
  });

  test('names each field with what was last agreed', async () => {
    const { card } = await showOne(status.conflict);
    await card.getByRole('radiogroup', { name: 'Deal value, Last agreed $450,000.00', exact: true }).waitFor();
  });

  test('preselects nothing; "Keep all theirs" only selects', async () => {
    const { card, log } = await showOne(status.conflict);
    expect([await card.getByRole('radio', { checked: true }).count(), await card.getByRole('button', { name: 'Apply 0 choices' }).isDisabled()]).toEqual([0, true]);
    await card.getByRole('button', { name: 'Keep all theirs' }).click();
    expect(await card.getByRole('radio', { name: /^Theirs/, checked: true }).count()).toBe(2);
    expect((await log()).outputs).toEqual([]);
  });

  test('can be answered for some fields only', async () => {
    const { card, log } = await showOne(status.conflict);
    await card.getByText('4/30/2027').click();
    await card.getByRole('button', { name: 'Apply 1 choice' }).click();
    await expectOutput(log, { conflictChoices: JSON.stringify({ choices: [{ field: 'closingDate', keep: 'partner', seen: { crm: '2027-03-31', partner: '2027-04-30' } }] }) });
    expect(await spokenIn(card).textContent()).toBe('1 choice sent.');
    expect(await card.getByRole('button', { name: 'Apply 1 choice' }).isDisabled()).toBe(true);
  });

  test('comes back for a fresh look when a value changed while choosing; other choices stay', async () => {
    const { card, id, update } = await showOne(status.conflict);
    await card.getByRole('button', { name: 'Keep all ours' }).click();
    const [money, date] = bothChanged.conflicts;
    await update(id, { details: JSON.stringify({ ...bothChanged, conflicts: [{ ...money, partner: 441_000 }, date] }) });
    await card.getByText('A value changed while you were choosing. Please look again.').waitFor();
    await card.getByText('$441,000.00').waitFor();
    expect(await card.getByRole('radio', { checked: true }).count()).toBe(1);
    await card.getByRole('button', { name: 'Apply 1 choice' }).waitFor();
    await card.getByText('$441,000.00').click();
    expect(await card.getByText('A value changed').count()).toBe(0);
  });

  test('is decided by itself, also when a page shows two', async () => {
    const { card, show, page } = await showOne(status.conflict);
    await card.getByRole('radio', { name: ours }).check();
    const other = page.locator(`#${await show(status.conflict)}`);
    await other.getByRole('radio', { name: /^Theirs, \$440/ }).check();
    expect([await card.getByRole('radio', { name: ours }).isChecked(), await other.getByRole('radio', { name: /^Theirs, \$440/ }).isChecked()]).toEqual([true, true]);
  });

  test('for a reader only shows both values and no button', async () => {
    const { card } = await showOne(status.conflictReadOnly);
    expect([await card.getByRole('button').count(), await card.getByRole('radio').first().isDisabled()]).toEqual([0, true]);
    await card.getByText('$440,000.00').waitFor();
  });
});

describe('a deal that Microsoft sent', () => {
  test('is accepted with one press, once', async () => {
    const { card, log } = await showOne(status.waitingIn);
    await card.getByRole('button', { name: 'Accept' }).click();
    await expectOutput(log, { requestedAction: 481_200_001 });
    expect(await card.getByRole('button', { name: 'Accept' }).isDisabled()).toBe(true);
  });

  test('is declined with a reason, after being told that it is final', async () => {
    const { card, log } = await showOne(status.waitingIn);
    await card.getByRole('button', { name: 'Decline…' }).click();
    await card.getByText('Decline this deal? Microsoft is told and it closes for good.').waitFor();
    const decline = card.getByRole('button', { name: 'Decline', exact: true });
    expect(await decline.isDisabled()).toBe(true);
    await card.getByRole('combobox', { name: 'Reason' }).selectOption('Timeline too short');
    await decline.click();
    await expectOutput(log, { requestedReason: 'Timeline too short', requestedAction: 481_200_002 });
  });

  test('is not declined by Escape, which leads back to where one was', async () => {
    const { card, page, log } = await showOne(status.waitingIn);
    await card.getByRole('button', { name: 'Decline…' }).click();
    expect(await page.evaluate(() => (globalThis as unknown as { document: { activeElement: { tagName: string } } }).document.activeElement.tagName)).toBe('SELECT');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Decline…');
    expect([await card.getByRole('combobox').count(), (await log()).outputs]).toEqual([0, []]);
  });
});

describe('the history', () => {
  const lines = Array.from({ length: 120 }, (_, at) => `2026-11-${String(20 - Math.floor(at / 10)).padStart(2, '0')}T18:00:00Z | Dynamics 365 → Partner Center | Deal value: ${1000 + at} → ${2000 + at}`).join('\n');
  const long = { ...status.accepted, values: { ...status.accepted.values, audit: lines } };

  test('shows fifty entries by day, and older ones by request', async () => {
    const { card } = await showOne(long);
    await card.locator('summary').click();
    expect([await card.locator('time').count(), await card.locator('h4').count()]).toEqual([50, 5]);
    await card.getByRole('button', { name: 'Show older' }).click();
    await card.getByRole('button', { name: 'Show older' }).click();
    expect([await card.locator('time').count(), await card.getByRole('button', { name: 'Show older' }).count()]).toEqual([120, 0]);
  });

  test('is searched as one types, and says how much was found', async () => {
    const { card } = await showOne(long);
    await card.locator('summary').press('Enter');
    await card.getByRole('searchbox', { name: 'Search history' }).fill('$1,119');
    expect([await card.locator('time').count(), await card.locator('details output').textContent()]).toEqual([1, '1 entry']);
    await card.getByRole('searchbox', { name: 'Search history' }).fill('november 20');
    expect(await card.locator('details output').textContent()).toBe('10 entries');
  });
});

describe('products', () => {
  const box = (card: Locator): Locator => card.getByRole('combobox');
  const tags = (card: Locator): Promise<string[]> => card.locator('.cs-tag > span').allTextContents();

  test('ask for the catalogue when the box is entered for the first time, once', async () => {
    const { card, page, log } = await showOne(products.chosen);
    expect([(await log()).calls, await tags(card)]).toEqual([[], ['SOL-34104-EBB', 'SOL-15974-MQF']]);
    await box(card).focus();
    await card.getByText('Fabrikam Data Estate Accelerator').waitFor();
    await page.keyboard.press('Shift+Tab');
    await box(card).focus();
    expect((await log()).calls.map((call) => call.table)).toEqual(['cosell_solution']);
    expect(await tags(card)).toEqual(['Fabrikam Data Estate AcceleratorSOL-34104-EBB', 'Lakehouse Managed ServiceSOL-15974-MQF']);
  });

  test('keep their names when the page is loaded anew', async () => {
    const { card, page, log } = await showOne(products.chosen);
    await box(card).focus();
    await card.getByText('Lakehouse Managed Service').waitFor();
    await page.reload();
    const again = await host.enter(page);
    const id = await again.show(products.readOnly);
    expect([await tags(page.locator(`#${id}`)), (await log()).calls]).toEqual([['Fabrikam Data Estate AcceleratorSOL-34104-EBB', 'Lakehouse Managed ServiceSOL-15974-MQF'], []]);
  });

  test('are found by name after two letters and a pause, and added by Enter', async () => {
    const { card, page, log } = await showOne(products.chosen);
    await box(card).focus();
    await page.keyboard.type('m');
    await page.clock.runFor(400);
    expect(await page.getByRole('listbox').count()).toBe(0);
    await page.keyboard.type('od');
    await page.clock.runFor(400);
    expect(await page.getByRole('option').allTextContents()).toEqual(['Modern Workplace CareSOL-20417-KPDServices', 'Model Operations for AzureSOL-48215-JHNIP', 'Data Modernization AssessmentSOL-61120-RTWServices']);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    expect(await box(card).getAttribute('aria-activedescendant')).toBe(await page.getByRole('option', { selected: true }).getAttribute('id'));
    await page.keyboard.press('Enter');
    await expectOutput(log, { products: 'SOL-34104-EBB;SOL-15974-MQF;SOL-48215-JHN' });
    expect([await page.getByRole('listbox').count(), await box(card).inputValue(), await focused(page)]).toEqual([0, '', 'Products, 3 of 50 chosen']);
  });

  test('go round in the list: up from the first is the last', async () => {
    const { card, page } = await showOne(products.chosen);
    await box(card).fill('mod');
    await page.clock.runFor(400);
    await page.keyboard.press('ArrowUp');
    expect(await page.getByRole('option', { selected: true }).textContent()).toMatch(/^Data Modernization/);
  });

  test('that are pasted become tags, doubles folded, and one that nobody knows is marked and kept', async () => {
    const { card, page, log } = await showOne(products.chosen);
    await box(card).focus();
    await page.evaluate(() => (globalThis as unknown as Clipboard).navigator.clipboard.writeText('SOL-20417-KPD, sol-34104-ebb;\nSOL-99104-XYZ'));
    await page.keyboard.press('Control+v');
    await expectOutput(log, { products: 'SOL-34104-EBB;SOL-15974-MQF;SOL-20417-KPD;SOL-99104-XYZ' });
    await card.getByText('Not in your catalogue').waitFor();
    expect(await card.locator('.cs-unknown').count()).toBe(1);
  });

  test('that no name fits can be added as an id', async () => {
    const { card, page, log } = await showOne(products.empty);
    await box(card).fill('SOL-77777-NEW');
    await page.clock.runFor(400);
    await page.getByText('No solution matches “SOL-77777-NEW”. Press Enter to add it as an ID.').waitFor();
    await page.keyboard.press('Enter');
    await expectOutput(log, { products: 'SOL-77777-NEW' });
  });

  test('that are typed in full are added when the box is left, too; what is only searched for is not', async () => {
    const { card, page, log } = await showOne(products.empty);
    await box(card).focus();
    for (const typed of ['work', 'sol-20417-kpd']) {
      await page.keyboard.type(typed);
      await page.clock.runFor(400);
      await box(card).blur();
      await box(card).focus();
      expect(await box(card).inputValue()).toBe('');
    }
    await expectOutput(log, { products: 'SOL-20417-KPD' });
    expect((await log()).outputs).toHaveLength(1);
  });

  test('are removed by keyboard: back from the empty box, Delete, on to the next', async () => {
    const { card, page, log } = await showOne({ ...products.chosen, values: { products: 'SOL-1;SOL-2;SOL-3' } });
    await box(card).focus();
    await page.keyboard.press('Backspace');
    expect(await focused(page)).toBe('Remove SOL-3');
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toBe('Remove SOL-2');
    await page.keyboard.press('Delete');
    await expectOutput(log, { products: 'SOL-1;SOL-3' });
    await page.clock.runFor(50);
    expect(await focused(page)).toBe('Remove SOL-3');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('Products, 2 of 50 chosen');
  });

  describe('on a form that takes its time', () => {
    const slowly: Situation = { ...products.chosen, values: { products: 'SOL-1;SOL-2;SOL-3' }, settings: { takesAfter: 200 } };

    test('are all kept, however quickly one follows the other', async () => {
      const { card, page } = await showOne(slowly);
      await box(card).focus();
      for (const id of ['SOL-4', 'SOL-5']) {
        await page.keyboard.type(id);
        await page.keyboard.press('Enter');
      }
      await page.clock.runFor(500);
      await card.getByText('SOL-5').first().waitFor();
      expect((await tags(card)).map((text) => text.slice(0, 5))).toEqual(['SOL-1', 'SOL-2', 'SOL-3', 'SOL-4', 'SOL-5']);
    });

    test('leave the focus with the next tag when one is removed', async () => {
      const { card, page } = await showOne(slowly);
      await box(card).focus();
      for (const key of ['Backspace', 'ArrowLeft', 'Delete']) await page.keyboard.press(key);
      await page.clock.runFor(500);
      await card.getByRole('button', { name: 'Remove SOL-2' }).waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Remove SOL-3');
    });
  });

  test('of the last tag leave the column empty', async () => {
    const { card, log } = await showOne({ ...products.chosen, values: { products: 'SOL-1' } });
    await card.getByRole('button', { name: 'Remove SOL-1' }).click();
    await expectOutput(log, { products: null });
  });

  test('close their list by Escape, which the form never hears', async () => {
    const { card, page } = await showOne(products.chosen);
    await page.evaluate(() => (globalThis as unknown as { document: { addEventListener(name: string, listener: (event: { key: string }) => void): void; title: string } }).document.addEventListener('keydown', (event) => { if (event.key === 'Escape') (globalThis as unknown as { document: { title: string } }).document.title = 'escaped'; }));
    await box(card).fill('mod');
    await page.clock.runFor(400);
    await page.keyboard.press('Escape');
    expect([await page.getByRole('listbox').count(), await page.title()]).toEqual([0, 'Controls']);
  });

  test('say that the catalogue cannot be read; pasting still works', async () => {
    const { card, page, log } = await showOne(products.empty, {}, 'fail');
    await box(card).focus();
    await card.getByText('The catalogue can’t be read now. You can still paste Solution IDs.').waitFor();
    await page.keyboard.type('SOL-1');
    await page.keyboard.press('Enter');
    await expectOutput(log, { products: 'SOL-1' });
    expect(await card.locator('.cs-unknown').count()).toBe(0);
  });

  test('ask again for a catalogue that could not be read, when the box is entered again', async () => {
    const { card, page, log } = await showOne(products.empty, {}, 'fail');
    await box(card).focus();
    await card.getByText('The catalogue can’t be read now.').waitFor();
    await box(card).blur();
    await box(card).focus();
    await page.waitForFunction(() => (globalThis as unknown as { host: { log: { calls: unknown[] } } }).host.log.calls.length > 1, undefined, { timeout: 3_000 });
    expect((await log()).calls).toHaveLength(2);
  });

  test('shimmer in the list only while it is being read', async () => {
    const { card, page } = await showOne(products.empty, {}, 'never');
    await box(card).fill('mod');
    await page.clock.runFor(400);
    await page.getByText('Loading solutions…').waitFor();
    expect([await page.locator('.cs-bar').count(), await card.locator('.cs-bar').count()]).toEqual([3, 0]);
  });

  test('for a reader only are words', async () => {
    const { card, log } = await showOne(products.readOnly);
    expect([await card.getByRole('button').count(), await card.getByRole('combobox').count(), await tags(card), (await log()).calls]).toEqual([0, 0, ['SOL-34104-EBB', 'SOL-15974-MQF'], []]);
  });
});

describe('help from Microsoft', () => {
  test('is one stop; arrows choose, and the warning comes and goes', async () => {
    const { card, page, log } = await showOne(help.nothingAsked);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('No help needed');
    await page.keyboard.press('ArrowDown');
    await expectOutput(log, { help: 481_200_000 });
    const group = card.getByRole('radiogroup', { name: 'How can Microsoft help?' });
    await card.getByText('When you save, Microsoft is asked.').waitFor();
    expect(await group.getAttribute('aria-describedby')).toBe(await card.locator('.cs-warn').getAttribute('id'));
    await page.keyboard.press('ArrowUp');
    await card.getByText('When you save, Microsoft is asked.').waitFor({ state: 'detached' });
    expect((await log()).outputs.map((each) => each.help)).toEqual([481_200_000, null]);
    expect(await walk(page, 1)).toEqual(['TEXTAREA']);
  });

  test('describes each kind by its sentence', async () => {
    const { card } = await showOne(help.chosen);
    const radio = card.getByRole('radio', { name: 'Proof of concept or demo' });
    expect(await radio.isChecked()).toBe(true);
    expect(await card.locator(`[id="${await radio.getAttribute('aria-describedby')}"]`).textContent()).toBe('Microsoft supports a trial or shows the product to the customer.');
  });

  test('hands notes over at a pause and when the focus leaves, not at every key', async () => {
    const { card, page, log } = await showOne(help.chosen);
    const box = card.getByRole('textbox', { name: 'Notes to Microsoft' });
    await box.fill('');
    await box.pressSequentially('Please call');
    await page.clock.runFor(400);
    await expectOutput(log, { notes: 'Please call' });
    await box.pressSequentially(' Ana');
    await page.keyboard.press('Shift+Tab');
    for (let tries = 0; tries < 100 && (await log()).outputs.at(-1)?.notes !== 'Please call Ana'; tries += 1) await new Promise((done) => setTimeout(done, 20));
    expect((await log()).outputs.map((each) => each.notes)).toEqual(['Please call', 'Please call Ana']);
  });

  test('takes what comes from the form, unless somebody is typing', async () => {
    const { card, id, update, page } = await showOne(help.chosen);
    const box = card.getByRole('textbox');
    await update(id, { notes: 'From elsewhere' });
    expect(await box.inputValue()).toBe('From elsewhere');
    await box.pressSequentially('!');
    await update(id, { notes: 'From elsewhere, again' });
    expect(await box.inputValue()).toBe('From elsewhere!');
    await page.clock.runFor(400);
  });

  test('takes notes that come from the form after the seller’s own were handed over, and does not put those back', async () => {
    const { card, id, update, page, log } = await showOne(help.chosen);
    const box = card.getByRole('textbox');
    await box.fill('Mine');
    await page.clock.runFor(400);
    await expectOutput(log, { notes: 'Mine' });
    await update(id, { notes: 'A colleague’s' });
    expect(await box.inputValue()).toBe('A colleague’s');
    await box.blur();
    await page.clock.runFor(400);
    expect((await log()).outputs.map((each) => each.notes)).toEqual(['Mine']);
  });

  test('keeps the notes in sight while a slow form takes them', async () => {
    const { card, page } = await showOne({ ...help.chosen, settings: { takesAfter: 200 } });
    const box = card.getByRole('textbox');
    await box.fill('Mine');
    await box.blur();
    expect(await box.inputValue()).toBe('Mine');
    await page.clock.runFor(700);
    expect(await box.inputValue()).toBe('Mine');
  });

  test('that was asked for is a locked value with the reason as its description', async () => {
    const { card } = await showOne(help.locked);
    expect([await card.getByRole('radio').count(), await card.getByRole('textbox').count()]).toEqual([0, 0]);
    const group = card.getByRole('group', { name: 'How can Microsoft help?' });
    expect(await card.locator(`[id="${await group.getAttribute('aria-describedby')}"]`).textContent()).toMatch(/^Asked on 11\/18\/2026\. Microsoft keeps the first request/);
  });

  test('that is hidden shows dots, says why, and is never written', async () => {
    const { card, log } = await showOne(help.masked);
    expect(await card.getByText('You don’t have permission to see this field').count()).toBe(2);
    expect([await card.getByRole('radio').count(), (await log()).outputs]).toEqual([0, []]);
  });
});

const folder = process.env.COSELL_PICTURES;
if (folder) test('pictures of every state', () => takePictures(host, folder), 300_000);
