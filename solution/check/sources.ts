// Checker: the solution's files parsed once, and questions that several rules ask.
import { pathsBelow, sourceFolder, textAt, type Files } from '../files';
import { readXml, XmlProblem, type ReadElement } from '../xml/readXml';
import type { Finding } from './finding';

export interface Sources {
  readonly files: Files;
  /** Root elements by path. */
  readonly xml: ReadonlyMap<string, ReadElement>;
}

/** Parses every XML file of the sources and the manifests of the controls; one that is no XML is a finding. */
export function readSources(files: Files, manifests: readonly string[]): { readonly sources: Sources; readonly findings: readonly Finding[] } {
  const xml = new Map<string, ReadElement>();
  const findings: Finding[] = [];
  for (const path of [...pathsBelow(files, sourceFolder, '.xml'), ...manifests]) {
    try {
      xml.set(path, readXml(textAt(files, path) ?? ''));
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      findings.push({ file: path, line: error.line, message: `This is no XML: ${error.message} Mend it, or make the sources again: npm run solution make.` });
    }
  }
  return { sources: { files, xml }, findings };
}

/** Roots of the sources below a folder, with their paths; the folder is named from `solution/src/`. */
export const rootsBelow = ({ xml }: Sources, folder: string): (readonly [string, ReadElement])[] => [...xml].filter(([path]) => path.startsWith(`${sourceFolder}${folder}`));

export const source = (path: string): string => `${sourceFolder}${path}`;
