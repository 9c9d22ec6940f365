// The end of the build: dist/cosell-salesforce-<version>.zip, which an admin deploys. The same sources give the same bytes.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync, strToU8, type Zippable } from 'fflate';
import { readSource, type SourceFiles } from './readSource';
import { sourceToMetadata } from './sourceToMetadata';

/**
 * Packs the SFDX project.
 * @param root the repository's root; the version is that of its package.json
 * @returns path of the zip, and whether it differs from what was there
 * @throws Error naming a file that cannot be packed
 */
export function packSalesforce(root: string): { readonly file: string; readonly changed: boolean } {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const project = join(root, 'salesforce');
  const { sourceApiVersion } = JSON.parse(readFileSync(join(project, 'sfdx-project.json'), 'utf8')) as { sourceApiVersion: string };
  const file = join(root, 'dist', `cosell-salesforce-${version}.zip`);
  const bytes = zipped(sourceToMetadata(readSource(project), sourceApiVersion));
  const before = older(join(root, 'dist'), file);
  if (before && Buffer.compare(before, bytes) === 0) return { file, changed: false };
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
  return { file, changed: true };
}

/** A zip without anything of the machine: one date, one order, no attributes. fflate takes the date as local time. */
export function zipped(files: SourceFiles): Uint8Array {
  const entries: Zippable = {};
  for (const [path, text] of files) entries[path] = [strToU8(text), { level: 9, mtime: new Date(1980, 0, 1) }];
  return zipSync(entries);
}

/** The zip that is there; those of other versions go, so that nobody deploys one by mistake. */
function older(dist: string, file: string): Buffer | undefined {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) if (/^cosell-salesforce-.*\.zip$/.test(name) && join(dist, name) !== file) rmSync(join(dist, name));
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
