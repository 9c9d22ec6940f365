// Packer: sources and builds -> the entries of the package, and the package as bytes. The same input gives the same bytes, on every Node.
import { zipSync, strToU8, type Zippable } from 'fflate';
import { readXml, textOf, walk } from '../xml/readXml';
import { controlsFolder, pathsBelow, sourceFolder, textAt, type Files } from '../files';
import { webResources } from '../model/webResources';
import { assembleCustomizations } from './assembleCustomizations';
import { contentTypes } from './contentTypes';
import { PackProblem } from './packProblem';

/** The one date that every entry carries: the oldest that a zip can hold, in local time (fflate writes local time), so that every zone gives the same. */
const DATE = new Date(1980, 0, 1);

/** @throws PackProblem that names the file and what to do */
export function packSolution(files: Files, managed: boolean): Uint8Array {
  const entries = entriesOf(files, managed);
  const zippable: Zippable = Object.fromEntries([...entries].map(([path, content]) => [path, [content, { mtime: DATE, level: 9 }]]));
  return zipSync(zippable);
}

/** Entries of the package in its order: what says what is in it comes first. @throws PackProblem */
export function entriesOf(files: Files, managed: boolean): ReadonlyMap<string, Uint8Array> {
  const rest = new Map([...webResourceEntries(files), ...controlEntries(files), ...folderEntries(files)].sort(([a], [b]) => (a < b ? -1 : 1)));
  const customizations = `<?xml version="1.0" encoding="utf-8"?>\n${assembleCustomizations(files).map((line) => line.text).join('\n')}\n`;
  const heads = new Map([['solution.xml', strToU8(manifest(files, managed))], ['customizations.xml', strToU8(customizations)]]);
  const named = new Map([...heads, ...rest]);
  return new Map([['[Content_Types].xml', strToU8(contentTypes([...named.keys()]))], ...named]);
}

/** Four parts, as Dataverse counts: 1.2.3 is 1.2.3.0. @throws PackProblem */
export function solutionVersion(files: Files): string {
  const { version = '' } = JSON.parse(textAt(files, 'package.json') ?? '{}') as { version?: string };
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new PackProblem(`package.json: the version "${version}" does not fit; Dataverse wants three numbers, such as 1.0.0.`);
  return `${version}.0`;
}

/** Name of a package in dist/ (contract, "Commands"). */
export const packageName = (files: Files, managed: boolean): string => `CosellReferralSync_${solutionVersion(files).replace(/\.0$/, '')}${managed ? '_managed' : ''}.zip`;

function manifest(files: Files, managed: boolean): string {
  const path = `${sourceFolder}Other/Solution.xml`;
  const text = textAt(files, path) ?? missing(path);
  return text.replace('<Version>0.0.0.0</Version>', `<Version>${solutionVersion(files)}</Version>`).replace('<Managed>2</Managed>', `<Managed>${managed ? 1 : 0}</Managed>`);
}

const missing = (path: string): never => {
  throw new PackProblem(`${path} is missing. Make the sources again: npm run solution make.`);
};

const notBuilt = (path: string): never => {
  throw new PackProblem(`${path} is missing: its build has not run, or has failed. Run npm run build and mend what it says first.`);
};

/** Contents come from their builds; the name in the package is the one that the web resource's own file gives. */
function webResourceEntries(files: Files): [string, Uint8Array][] {
  return pathsBelow(files, `${sourceFolder}WebResources/`, '.data.xml').map((path) => {
    const described = readXml(textAt(files, path) ?? '');
    const name = textOf(described, 'Name');
    const from = webResources.find((each) => each.name === name)?.file;
    if (from === undefined) throw new PackProblem(`${path}: no build makes "${name}". Add it to solution/model/webResources.ts.`);
    return [textOf(described, 'FileName').replace(/^\//, ''), files.get(from) ?? notBuilt(from)];
  });
}

/** A control's build goes in as it is: the manifest, and what the manifest names. */
function controlEntries(files: Files): [string, Uint8Array][] {
  return pathsBelow(files, `${sourceFolder}Controls/`, '.data.xml').flatMap((path) => {
    const target = textOf(readXml(textAt(files, path) ?? ''), 'FileName').replace(/^\//, '').replace(/ControlManifest\.xml$/, '');
    const build = `${controlsFolder}${target.replace(/^.*\.([^.]+)\/$/, '$1')}/`;
    const manifestText = textAt(files, `${build}ControlManifest.xml`) ?? notBuilt(`${build}ControlManifest.xml`);
    const named = [...walk(readXml(manifestText))].filter(({ name }) => name === 'code' || name === 'css' || name === 'img' || name === 'resx').map(({ attributes }) => attributes.path ?? '');
    return ['ControlManifest.xml', ...named].map((each): [string, Uint8Array] => [`${target}${each}`, files.get(`${build}${each}`) ?? notBuilt(`${build}${each}`)]);
  });
}

/** Components that live in folders of their own, in the package as in the sources. */
const folderEntries = (files: Files): [string, Uint8Array][] =>
  pathsBelow(files, `${sourceFolder}customapis/`).map((path) => [path.slice(sourceFolder.length), files.get(path) as Uint8Array]);
