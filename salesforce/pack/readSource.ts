// Before packing and checking: the files of the SFDX project as texts by path, in one order everywhere.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Texts by path below the project's folder, `/` between, sorted by code point. */
export type SourceFiles = ReadonlyMap<string, string>;

/** Files that never travel to an org: those that .forceignore names. */
const ignored = /(^|\/)__tests__\/|(^|\/)(js|ts)config[^/]*\.json$|\.d\.ts$/;

/** Reads everything below `force-app` of an SFDX project. */
export function readSource(folder: string): SourceFiles {
  const paths = readdirSync(join(folder, 'force-app'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'))
    .filter((path) => !ignored.test(path));
  return sorted(new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n')])));
}

/** The same files in the order of their paths, which is that of code points and no locale's. */
export const sorted = (files: SourceFiles): SourceFiles => new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
