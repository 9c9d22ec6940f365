// Checker: the committed sources are those that the model makes.
import { idsFile, pathsBelow, sourceFolder, textAt } from '../../files';
import { openIds, type IdFile } from '../../make/ids';
import { makeSources } from '../../make/makeSources';
import type { Finding } from '../finding';
import type { Sources } from '../sources';

const REMEDY = 'Change solution/model instead and run npm run solution make.';

export function checkInStep({ files }: Sources): Finding[] {
  const ids = openIds(JSON.parse(textAt(files, idsFile) ?? '{"shipped":[],"ids":[]}') as IdFile, () => 'an id that npm run solution make will choose');
  const wanted = new Map([...makeSources(ids)].map(([path, text]) => [`${sourceFolder}${path}`, text]));
  const paths = new Set([...wanted.keys(), ...pathsBelow(files, sourceFolder)]);
  return [...paths].flatMap((file) => {
    const [is, shall] = [textAt(files, file), wanted.get(file)];
    if (is === shall) return [];
    if (is === undefined) return [{ file, line: 1, message: 'The model makes this file, and it is not there. Run npm run solution make.' }];
    if (shall === undefined) return [{ file, line: 1, message: `The model does not make this file. ${REMEDY}` }];
    return [{ file, line: firstDifference(is, shall), message: `This is not what the model makes. ${REMEDY}` }];
  });
}

function firstDifference(a: string, b: string): number {
  const [left, right] = [a.split('\n'), b.split('\n')];
  return left.findIndex((line, at) => line !== right[at]) + 1 || left.length;
}
