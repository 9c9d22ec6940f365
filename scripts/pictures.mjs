// npm run pictures: takes the pictures of docs/pictures/ from a try-out of its own, as `npm start` shows it to anybody.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../test/kit/browser.ts';
import { checkNode } from './checkNode.mjs';
import { scenes } from './pictures/scenes.mjs';
import { smallPng } from './pictures/smallPng.mjs';

checkNode();
const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const folder = join(root, 'docs', 'pictures');
const asked = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const tryOut = await startTryOut();
const browser = await openBrowser();
try {
  await firstDeals(tryOut);
  for (const scene of scenes) await take(scene);
} finally {
  await browser.close();
  await tryOut.stop();
}

/** Scenes build upon one another: each is played, but only those that were asked for are written. */
async function take({ file, path, width = 1280, height = 820, dark = false, act }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: 'en-US', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(new URL(await path(tryOut), tryOut.pages).href);
  await act(page, tryOut);
  // Fonts of signs that were not on the page before come with them.
  await page.evaluate(() => globalThis.document.fonts.ready);
  await wait(300);
  const picture = smallPng(await page.screenshot());
  await context.close();
  if (asked.length > 0 && !asked.includes(file)) return;
  writeFileSync(join(folder, file), picture);
  console.log(`docs/pictures/${file}  ${Math.round(picture.length / 1024)} KB`);
}

/** Data and ports of its own, so that a try-out that runs already is left alone. */
async function startTryOut() {
  const data = mkdtempSync(join(tmpdir(), 'cosell-pictures-'));
  chmodSync(data, 0o755);
  mkdirSync(join(data, 'try-out'));
  const ports = {};
  for (const name of ['pages', 'entra', 'partnerCenter', 'webhooks', 'certificates', 'dataverse', 'salesforce']) ports[name] = await freePort();
  writeFileSync(join(data, 'try-out', 'ports.json'), JSON.stringify(ports));
  const child = spawn(process.execPath, ['scripts/run.mjs', 'sandbox'], { env: { ...process.env, COSELL_DATA_DIR: data, COSELL_PORT: String(await freePort()) }, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const file = join(data, 'try-out.json');
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error('The try-out did not start; see above.');
    await wait(200);
  }
  const addresses = JSON.parse(readFileSync(file, 'utf8'));
  return {
    pages: addresses.pages.start,
    rows: async (table) => (await (await fetch(`${addresses.dataverse.url}/__sandbox/rows/${table}`)).json()).rows,
    trouble: (path) => fetch(new URL(`/trouble/${path}`, addresses.pages.start), { method: 'POST' }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Until the deals that the try-out begins with have all been made, and nothing is under way. */
async function firstDeals({ rows }) {
  for (let times = 0; times < 300; times += 1, await wait(200)) {
    const deals = await rows('opportunity');
    const find = (name) => deals.find(({ cells }) => cells.name?.startsWith(name))?.cells;
    if (find('Relecloud') && find('Alpine')?.statecode === 2 && !deals.some(({ cells }) => cells.cosell_syncstatus === 481_200_001)) return;
  }
  throw new Error('The first deals were not made within a minute.');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
