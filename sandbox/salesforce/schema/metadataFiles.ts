// Finds and parses the package's metadata files: the same XML that an admin deploys, so that package and service cannot drift apart.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

/** Parsed XML: texts stay texts, elements that may repeat are read with `all`. */
export type Xml = Readonly<Record<string, unknown>>;

export interface MetadataFile {
  readonly path: string;
  /** The name before `.field-meta.xml` and the like. */
  readonly name: string;
  readonly root: Xml;
}

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true });

/** Files of one kind (`field`, `object`, `permissionset`, ...) anywhere below the folder, by path. */
export function metadataFiles(folder: string, kind: string): readonly MetadataFile[] {
  const suffix = `.${kind}-meta.xml`;
  return walk(folder).filter((path) => path.endsWith(suffix)).sort().map((path) => ({ path, name: basename(path, suffix), root: rootOf(path) }));
}

/** The object that a field's file belongs to: `objects/<Object>/fields/<Field>.field-meta.xml`. */
export const objectOf = (file: MetadataFile): string => basename(dirname(dirname(file.path)));

function walk(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(path);
    return [path];
  });
}

function rootOf(path: string): Xml {
  const document = parser.parse(readFileSync(path, 'utf8')) as Xml;
  const root = Object.entries(document).find(([name]) => name !== '?xml')?.[1];
  if (typeof root !== 'object' || root === null) throw new Error(`${path} holds no metadata. Write the component again.`);
  return root as Xml;
}

export function textOf(xml: Xml, name: string): string | undefined {
  const value = xml[name];
  return typeof value === 'string' ? value : undefined;
}

export const isTrue = (xml: Xml, name: string): boolean => textOf(xml, name) === 'true';

export function childOf(xml: Xml, name: string): Xml | undefined {
  const value = xml[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Xml) : undefined;
}

/** An element that may stand once, several times or not at all. */
export function all(xml: Xml, name: string): readonly Xml[] {
  const value = xml[name];
  if (value === undefined || value === '') return [];
  return (Array.isArray(value) ? value : [value]) as Xml[];
}
