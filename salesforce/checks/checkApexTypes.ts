// Apex compiles: types, methods and the platform's API, checked by apex-ls, which needs Java 17 or later.
import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import type { Finding } from './finding';
import { jarFolder } from './tools';

/** `undefined` when there is no Java that apex-ls could run on. */
export function javaVersion(): number | undefined {
  const { stderr, status } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = status === 0 ? Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1]) : NaN;
  return version >= 17 ? version : undefined;
}

/**
 * @param folder an SFDX project on disk
 * @param tools folder of the checks' tools
 * @throws Error when apex-ls does not run
 */
export function checkApexTypes(folder: string, tools: string): Finding[] {
  const { status, stdout, stderr, error } = spawnSync('java', ['-XX:TieredStopAtLevel=1', '-cp', `${jarFolder(tools)}/*`, 'io.github.apexdevtools.apexls.CheckForIssues', '--workspace', folder, '--detail', 'errors', '--nocache', '--format', 'json'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0 && status !== 4) throw new Error(`apex-ls failed: ${error?.message ?? stderr}`);
  const { files } = JSON.parse(stdout) as { files: readonly { readonly path: string; readonly messages: readonly { readonly start: { readonly line: number }; readonly message: string }[] }[] };
  return files.flatMap(({ path, messages }) => messages.map(({ start, message }) => ({ file: `salesforce/${relative(folder, path).replaceAll('\\', '/')}`, line: start.line, what: message })));
}
