// What is checked: the SFDX project, the mapping and the wording, as texts, so that a test can spoil one and leave the files alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource, type SourceFiles } from '../pack/readSource';
import { parseXml, type XmlNode } from './parseXml';

export interface Project {
  /** Source files by path below `salesforce/`. */
  readonly source: SourceFiles;
  readonly sfdxProject: string;
  readonly mapping: string;
  /** Version of the product, as package.json says it. */
  readonly version: string;
  readonly words: { readonly en: Words; readonly zh: Words };
}

export type Words = Readonly<Record<string, string>>;

/** @param root the repository's root */
export function readProject(root: string): Project {
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  return {
    source: readSource(join(root, 'salesforce')),
    sfdxProject: text('salesforce/sfdx-project.json'),
    mapping: text('mapping/salesforce.json'),
    version: (JSON.parse(text('package.json')) as { version: string }).version,
    words: { en: JSON.parse(text('wording/en.json')) as Words, zh: JSON.parse(text('wording/zh.json')) as Words },
  };
}

export const base = 'force-app/main/default/';

/** Path as a finding names it. */
export const fromRoot = (path: string): string => `salesforce/${path}`;

/** A metadata file, read. */
export interface MetadataFile {
  /** As a finding names it. */
  readonly file: string;
  /** Name of the component: the file's without its endings. */
  readonly name: string;
  readonly root: XmlNode;
}

/** Files of one folder and ending; one that is no XML is left out, as the check of the metadata names it already. */
export function metadataFiles(project: Project, folder: string, suffix: string): MetadataFile[] {
  return [...project.source].flatMap(([path, text]) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!path.startsWith(base + folder) || !name.endsWith(`.${suffix}-meta.xml`)) return [];
    const { root } = parseXml(text);
    return root ? [{ file: fromRoot(path), name: name.slice(0, -`.${suffix}-meta.xml`.length), root }] : [];
  });
}

/** Line of the first place where a text stands, for files whose parser knows no lines. */
export const lineOf = (text: string, part: string): number => text.slice(0, Math.max(0, text.indexOf(part))).split('\n').length;
