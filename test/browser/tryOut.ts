// Browser tests: one try-out for all of them, started as `npm start` starts it, and pages of a real Chromium before it.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Referral } from '../../sandbox/partnerCenter/referral';
import { startTryOut, type TryOut } from '../../sandbox/start/tryOut';
import { openBrowser } from '../kit/browser';
import { freePort, until } from '../kit/world';

export type Cells = Readonly<Record<string, unknown>>;

export interface Stage {
  readonly tryOut: TryOut;
  readonly browser: Browser;
  /** A page in a window of its own; what goes wrong in it fails the test that asked for it. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>;
  /** Raw cells of an opportunity, as the Dataverse stand-in keeps them. */
  row(id: string): Promise<Cells>;
  rowNamed(name: string): Promise<{ readonly id: string; readonly cells: Cells } | undefined>;
  rows(table: string): Promise<readonly { readonly id: string; readonly cells: Cells }[]>;
  /** The same of the Salesforce stand-in. */
  salesforceRows(object: string): Promise<readonly { readonly id: string; readonly cells: Cells }[]>;
  referral(id: string): Promise<Referral>;
  referrals(): Promise<readonly Referral[]>;
  /** POSTs to the control of a stand-in. */
  control(of: 'dataverse' | 'partnerCenter' | 'salesforce', verb: string, body?: object): Promise<unknown>;
  /** Requests that a stand-in has counted since it started, control aside. */
  counts(of: 'dataverse' | 'partnerCenter'): Promise<Readonly<Record<string, number>>>;
  seller(method: string, path: string, body?: object): Promise<void>;
  /** Faults of pages since the last question: script errors, refused addresses, messages that are errors. */
  faults(): readonly string[];
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** Builds what is missing and starts everything. Close it in afterAll. */
export async function openStage(): Promise<Stage> {
  await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { cwd: process.cwd() });
  const folder = mkdtempSync(join(tmpdir(), 'cosell-browser-'));
  chmodSync(folder, 0o755);
  const [tryOut, browser] = await Promise.all([startIn(join(folder, 'data')), openBrowser()]);
  await tryOut.dealsMade;
  const faults: string[] = [];
  const pages: Page[] = [];
  const { dataverse, partnerCenter, salesforce } = tryOut.addresses;
  const urls = { dataverse: dataverse.url, partnerCenter: partnerCenter.url, salesforce: salesforce?.loginUrl };
  const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
  const rows: Stage['rows'] = async (table) => (await get<{ rows: { id: string; cells: Cells }[] }>(`${urls.dataverse}/__sandbox/rows/${table}`)).rows;
  return {
    tryOut, browser, rows,
    async open(address, options) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      watchFaults(page, faults);
      pages.push(page);
      await page.goto(address.startsWith('http') ? address : new URL(address, tryOut.addresses.pages.start).href);
      return page;
    },
    row: async (id) => (await get<{ cells: Cells }>(`${urls.dataverse}/__sandbox/rows/opportunity/${id}`)).cells,
    rowNamed: async (name) => (await rows('opportunity')).find(({ cells }) => cells.name === name),
    salesforceRows: async (object) => (await get<{ rows: { id: string; cells: Cells }[] }>(`${urls.salesforce}/__sandbox/rows/${object}`)).rows,
    referral: (id) => get(`${urls.partnerCenter}/__sandbox/referrals/${id}`),
    referrals: async () => (await get<{ referrals: Referral[] }>(`${urls.partnerCenter}/__sandbox/referrals`)).referrals,
    async control(of, verb, body = {}) {
      const answer = await fetch(`${urls[of]}/__sandbox/${verb}`, { method: 'POST', body: JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${verb}: ${answer.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    counts: async (of) => (await get<{ counts: Record<string, number> }>(`${urls[of]}/__sandbox/requests`)).counts,
    async seller(method, path, body) {
      const { token } = (await (await fetch(`${urls.dataverse}/__sandbox/sellerToken`, { method: 'POST', body: JSON.stringify({ systemuserid: (await rows('systemuser')).find(({ cells }) => cells.firstname === 'Robin')?.id }) })).json()) as { token: string };
      const answer = await fetch(`${urls.dataverse}/api/data/v9.2/${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(method === 'PATCH' ? { 'if-match': '*' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    },
    faults: () => faults.splice(0),
    async closePages() {
      await Promise.all(pages.splice(0).map((page) => page.context().close()));
    },
    async close() {
      await browser.close();
      await tryOut.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startIn(dataDir: string): Promise<TryOut> {
  const names = ['pages', 'entra', 'partnerCenter', 'webhooks', 'certificates', 'dataverse', 'salesforce'];
  mkdirSync(join(dataDir, 'try-out'), { recursive: true });
  chmodSync(dataDir, 0o755);
  writeFileSync(join(dataDir, 'try-out', 'ports.json'), JSON.stringify(Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()] as const)))));
  const said: string[] = [];
  const at = (path: string): string => join(process.cwd(), 'dist', path);
  const packageFile = readdirSync(at('')).filter((file) => file.endsWith('_managed.zip')).sort().at(-1) ?? '';
  try {
    return await startTryOut({
      dataDir, port: await freePort(), env: process.env, programs: { service: at('plugins-proxy/main.js'), cosell: at('plugins-proxy/cosell.js') }, pages: { bundle: at('sandbox/pages.js'), packageFile: at(packageFile) },
      say: (line) => void said.push(line), signal: new AbortController().signal, salesforcePackage: join(process.cwd(), 'salesforce/force-app'),
    });
  } catch (error) {
    throw new Error(`The try-out did not start. It said:\n${said.join('\n')}`, { cause: error });
  }
}

function watchFaults(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => void faults.push(`${page.url()}: ${error.message}`));
  page.on('requestfailed', (request) => {
    // Pages are closed and left while they still ask.
    if (!/ERR_ABORTED/.test(request.failure()?.errorText ?? '')) faults.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:|about:)/.test(request.url())) faults.push(`${request.url()} is not on this computer`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !/the server responded with a status of (400|502)/.test(message.text())) faults.push(`${page.url()}: ${message.text()}`);
  });
}

/** Waits for what the product does by itself, on either side. */
export const eventually = <T>(what: string, look: () => Promise<T | undefined | false | null>, ms = 20_000): Promise<T> => until(what, look, ms);
