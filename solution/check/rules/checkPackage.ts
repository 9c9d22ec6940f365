// Checker: the package as it would be installed.
import { entriesOf } from '../../pack/packSolution';
import { PackProblem } from '../../pack/packProblem';
import { endingOf } from '../../pack/contentTypes';
import { allNamed, readXml } from '../../xml/readXml';
import type { Files } from '../../files';
import type { Finding } from '../finding';
import { source } from '../sources';

const CONTENT_TYPES = '[Content_Types].xml';

export function checkPackage(files: Files): Finding[] {
  try {
    return checkContentTypes(entriesOf(files, true));
  } catch (error) {
    if (!(error instanceof PackProblem)) throw error;
    return [{ file: source('Other/Solution.xml'), line: 1, message: `No package can be made: ${error.message}` }];
  }
}

/** Every entry has a content type, by its ending or by its name; the platform refuses a package with one that has none. */
export function checkContentTypes(entries: ReadonlyMap<string, Uint8Array>): Finding[] {
  const root = readXml(new TextDecoder().decode(entries.get(CONTENT_TYPES)));
  const endings = new Set(allNamed(root, 'Default').map((each) => each.attributes.Extension));
  const names = new Set(allNamed(root, 'Override').map((each) => each.attributes.PartName));
  return [...entries.keys()]
    .filter((path) => path !== CONTENT_TYPES && !endings.has(endingOf(path)) && !names.has(`/${path}`))
    .map((path) => ({ file: CONTENT_TYPES, line: 1, message: `${path} has no content type. Add its ending in solution/pack/contentTypes.ts.` }));
}
