// Solution, run by hand and by the build: makes the sources from the model, packs them, seals what a release ships.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkRules } from './check/checkRules';
import { findingLine } from './check/finding';
import { idsFile, sourceFolder } from './files';
import { openIds, type IdFile } from './make/ids';
import { makeSources } from './make/makeSources';
import { sealOf } from './make/seal';
import { packageName, packSolution, solutionVersion } from './pack/packSolution';
import { filesBelow, readProject } from './readProject';

/** Writes solution/src and, when components came, solution/ids.json. Returns the paths that changed. */
export function make(root: string): string[] {
  const ids = openIds(readIds(root), randomUUID);
  const sources = makeSources(ids);
  const wanted = new Map([...sources].map(([path, text]) => [`${sourceFolder}${path}`, text]));
  wanted.set(idsFile, idText(ids.file()));
  const changed = [...wanted].filter(([path, text]) => !holds(root, path, Buffer.from(text)));
  for (const [path, text] of changed) write(root, path, text);
  const left = filesBelow(root, sourceFolder).filter((path) => !wanted.has(path));
  for (const path of left) rmSync(join(root, path));
  return [...changed.map(([path]) => path), ...left].sort();
}

/** Writes both packages, to dist/ when nothing else is said. Returns the paths of those that differ from what stood there. @throws PackProblem */
export function pack(root: string, folder = 'dist'): string[] {
  const files = readProject(root);
  const packages = [false, true].map((managed) => [`${folder}/${packageName(files, managed)}`, packSolution(files, managed)] as const);
  const changed = packages.filter(([path, content]) => !holds(root, path, content));
  for (const [path, content] of changed) write(root, path, content);
  return changed.map(([path]) => path);
}

/** Findings by our own rules, a line each. The schemas are asked in npm test: they are no part of the project. */
export const check = (root: string): string[] => checkRules(readProject(root)).map(findingLine);

/** Notes in solution/ids.json that a release ships all ids there are now. A version that has shipped already is left alone. */
export function ship(root: string): string[] {
  const ids = readIds(root);
  const version = solutionVersion(readProject(root));
  const entry = { version, count: ids.ids.length, sha256: sealOf(ids.ids, ids.ids.length) };
  if (ids.shipped.some((each) => each.version === version)) return [];
  write(root, idsFile, idText({ shipped: [...ids.shipped, entry], ids: ids.ids }));
  return [idsFile];
}

function readIds(root: string): IdFile {
  return existsSync(join(root, idsFile)) ? (JSON.parse(readFileSync(join(root, idsFile), 'utf8')) as IdFile) : { shipped: [], ids: [] };
}

/** One id a line, so that a finding's line number and a review's diff say enough. */
const idText = ({ shipped, ids }: IdFile): string =>
  `{\n  "shipped": [\n${shipped.map((each) => `    ${JSON.stringify(each)}`).join(',\n')}\n  ],\n  "ids": [\n${ids.map((each) => `    ${JSON.stringify(each)}`).join(',\n')}\n  ]\n}\n`;

const holds = (root: string, path: string, content: Uint8Array): boolean => existsSync(join(root, path)) && readFileSync(join(root, path)).equals(content);

/** Whole or not at all. */
function write(root: string, path: string, content: string | Uint8Array): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, target);
}
