// Solution: reads what packer and checker need from a checkout: the sources and the builds that go into the package.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlsFolder, idsFile, sourceFolder, type Files } from './files';

const folders = [sourceFolder, controlsFolder, 'dist/webresources/', 'webresources/icons/'];
const single = [idsFile, 'package.json'];

/** @param root the project's folder */
export function readProject(root: string): Files {
  const paths = [...single.filter((path) => existsSync(join(root, path))), ...folders.flatMap((folder) => filesBelow(root, folder))];
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path))]));
}

/** Paths from the root of all files in a folder and below; none when there is no such folder. */
export function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length).split('\\').join('/'));
}
