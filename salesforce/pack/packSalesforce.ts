// The end of the build: dist/cosell-salesforce-<version>.zip, which an admin deploys. The same sources give the same bytes.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync, strToU8, type Zippable } from 'fflate';
import { readSource, type SourceFiles } from './readSource';
import { sourceToMetadata, sourceToRemoval } from './sourceToMetadata';

/**
 * Packs the SFDX project: what an admin deploys; the same without Chinese, as an org without Translation Workbench refuses translations
 * ("Not available for deploy for this organization", forcedotcom/cli#1272); and what takes everything away again.
 * @param root the repository's root; the version is that of its package.json
 * @returns paths of the zips that were not there yet with these bytes
 * @throws Error naming a file that cannot be packed
 */
export function packSalesforce(root: string): readonly string[] {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const project = join(root, 'salesforce');
  const { sourceApiVersion } = JSON.parse(readFileSync(join(project, 'sfdx-project.json'), 'utf8')) as { sourceApiVersion: string };
  const source = readSource(project);
  const wanted = new Map([
    [`cosell-salesforce-${version}.zip`, zipped(sourceToMetadata(source, sourceApiVersion))],
    [`english-cosell-salesforce-${version}.zip`, zipped(sourceToMetadata(inEnglish(source), sourceApiVersion))],
    [`uninstall-cosell-salesforce-${version}.zip`, zipped(sourceToRemoval(source, sourceApiVersion))],
  ]);
  const dist = join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  // Those of other versions go, so that nobody deploys one by mistake.
  for (const name of readdirSync(dist)) if (/^(english-|uninstall-)?cosell-salesforce-.*\.zip$/.test(name) && !wanted.has(name)) rmSync(join(dist, name));
  return [...wanted].map(([name, bytes]) => [join(dist, name), bytes] as const).filter(([file, bytes]) => put(file, bytes)).map(([file]) => file);
}

const inEnglish = (source: SourceFiles): SourceFiles => new Map([...source].filter(([path]) => !path.includes('/objectTranslations/')));

/** Whole or not at all; a file with these bytes is left alone. */
function put(file: string, bytes: Uint8Array): boolean {
  if (existsSync(file) && Buffer.compare(readFileSync(file), bytes) === 0) return false;
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
  return true;
}

/** A zip without anything of the machine: one date, one order, no attributes. fflate takes the date as local time. */
export function zipped(files: SourceFiles): Uint8Array {
  const entries: Zippable = {};
  for (const [path, text] of files) entries[path] = [strToU8(text), { level: 9, mtime: new Date(1980, 0, 1) }];
  return zipSync(entries);
}
