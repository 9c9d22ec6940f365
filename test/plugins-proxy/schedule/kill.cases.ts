// A process that is killed in the middle of its runs: others have its records within a second, and the try was counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import type { Lease } from '../../../plugins-proxy/ports/store';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { timings } from '../../../plugins-proxy/timings';
import { bench, row, until } from './bench';


/** Bundled beside the project's modules, so that it finds them. */
function bundleChild(): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(process.cwd(), '.cache', 'kill-'));
  const file = join(folder, 'holdLease.mjs');
  buildSync({ entryPoints: [join(process.cwd(), 'test/plugins-proxy/schedule/holdLease.ts')], bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile: file });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

test('kill -9 of a process frees its records at once, also with the usual waits', async () => {
  const child = bundleChild();
  const holder = spawn(process.execPath, [child.file, bench.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await ring(bench.pool, [{ key: 'k1', sides: 2, priority: 1 }]);
    await once(holder.stdout, 'data');
    const held = (await row(bench.pool, 'k1')).lease;
    const leases: Lease[] = [];
    await bench.work(async (lease) => { leases.push(lease); return { type: 'done' }; }, { timings });
    expect(leases).toEqual([]);
    holder.kill('SIGKILL');
    await until(() => leases.length === 1);
    // One for the claim, three in all for the death alone, and one for this claim.
    expect(leases[0]).toMatchObject({ key: 'k1', sides: 2, attempts: 4 });
    expect(leases[0]!.owner).not.toBe(held);
  } finally {
    holder.kill('SIGKILL');
    child.remove();
  }
});
