// The solution's sources and the builds that go into the package, as packer and checker read them; built once, by whoever asks first.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildParts } from '../../scripts/buildSolution.mjs';
import { schemaFiles, type Schemas } from '../../solution/check/checkSchema';
import type { Files } from '../../solution/files';
import { readProject } from '../../solution/readProject';

const root = process.cwd();
let read: Promise<Files> | undefined;

/** All files, with real builds. */
export const solutionFiles = (): Promise<Files> => (read ??= build());

async function build(): Promise<Files> {
  await buildParts(() => undefined);
  return readProject(root);
}

/** The same files but for one, in which the first text that stands there becomes another. @throws Error when it does not stand there */
export function withText(files: Files, path: string, from: string | RegExp, to: string): Files {
  const text = new TextDecoder().decode(files.get(path));
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`${path} does not hold ${String(from)}.`);
  return new Map([...files, [path, new TextEncoder().encode(changed)]]);
}

/** The line, from 1, on which a text first stands. */
export function lineOf(files: Files, path: string, text: string): number {
  const lines = new TextDecoder().decode(files.get(path)).split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** Microsoft's published schemas: data of the workspace beside the project, never a part of it. `undefined` where there is none. */
export function schemas(): Schemas | undefined {
  const folder = join(root, '..', 'shared', 'schemas', 'dataverse');
  if (!existsSync(folder)) return undefined;
  return Object.fromEntries(Object.entries(schemaFiles).map(([file, name]) => [name, readFileSync(join(folder, file), 'utf8')]));
}
