// The checks' own tools, from npm alone, in a cache: the product's `npm ci` does not bring them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const files = ['package.json', 'package-lock.json'];

/**
 * Folder with the tools' `node_modules`, installed when its lockfile is new here.
 * @param root the repository's root
 * @throws Error when npm cannot bring them: then nothing was checked, and the message says what to do
 */
export function checkTools(root: string): string {
  const source = join(root, 'salesforce/checks');
  const version = createHash('sha256').update(files.map((file) => readFileSync(join(source, file))).join('\n')).digest('hex').slice(0, 12);
  const folder = join(root, '.cache/salesforce-checks', version);
  if (existsSync(join(folder, 'node_modules'))) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const file of files) copyFileSync(join(source, file), join(draft, file));
  const { status, stderr, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: draft, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    const said = error?.message ?? stderr.split('\n').filter((line) => line.startsWith('npm error')).join('\n');
    throw new Error(`The tools that check the Salesforce package could not be installed; npm must reach its registry once. Then run the tests again.\n${said}`);
  }
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another run was quicker
  }
  return folder;
}

/** Folder of the jars of apex-ls, which come with Salesforce's Code Analyzer. */
export const jarFolder = (tools: string): string => join(tools, 'node_modules/@salesforce/code-analyzer-pmd-engine/dist/java-lib');

/** Runs one of the scripts beside this file in a Node of its own, where a test runner's module loader does not reach. */
export function runTool(root: string, script: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(root, 'salesforce/checks', script), ...args], { input, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${script} failed: ${error?.message ?? stderr}`);
  return stdout;
}
