// Solution: the files that packer and checker look at, in memory, so that a test can change one and see what is said.

/** Path from the project's root, with `/`, to content. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Where the unpacked solution stands. */
export const sourceFolder = 'solution/src/';
export const idsFile = 'solution/ids.json';
/** Where pcf-scripts puts each control's build. */
export const controlsFolder = 'controls/out/controls/';

const decoder = new TextDecoder();

/** Text of a file, without a byte order mark; `undefined` when there is no such file. */
export function textAt(files: Files, path: string): string | undefined {
  const content = files.get(path);
  return content === undefined ? undefined : decoder.decode(content);
}

/** Paths below a folder that end so, sorted. */
export const pathsBelow = (files: Files, folder: string, ending = ''): string[] => [...files.keys()].filter((path) => path.startsWith(folder) && path.endsWith(ending)).sort();
