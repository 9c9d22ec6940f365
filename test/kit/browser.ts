// Test kit: a real Chromium. One that the system has, else the one that comes with the packages, with its own libraries and fonts; no step by hand.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const system = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Starts a browser; close it in afterAll. @throws when there is none for this system */
export async function openBrowser(): Promise<Browser> {
  const found = system.find((path) => existsSync(path));
  // Chromium refuses its own sandbox as root, and in containers without user namespaces.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none', '--force-color-profile=srgb'];
  if (found) return chromium.launch({ executablePath: found, args });
  const folder = await unpacked();
  const env = { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: fontsOf(folder), HOME: folder } as Record<string, string>;
  return chromium.launch({ executablePath: join(folder, 'chromium'), args: [...args, '--headless=shell', '--no-zygote', '--disable-gpu'], env });
}

/** The package's own list of font folders names places of another machine, and a Chromium that finds no font at all loads none from a page either. */
function fontsOf(folder: string): string {
  const file = join(folder, 'fonts', `fonts-${process.pid}.conf`);
  const text = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>`;
  writeFileSync(file, text);
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}

/** Unpacked once for a checkout, whole or not at all: two test processes may come at the same time. */
async function unpacked(): Promise<string> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const bin = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin');
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8')) as { version: string };
  const folder = join(process.cwd(), '.cache', `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  await unpackInto(draft, bin);
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // the other process was quicker
  }
  return folder;
}

/** The package unpacks into the folder for temporary files, and skips what it finds there: hence a process with a folder of its own. */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const script = `import { inflate } from '@sparticuz/chromium';
    for (const file of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']) await inflate(${JSON.stringify(`${bin}/`)} + file);`;
  const env = { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: process.cwd(), env });
}
