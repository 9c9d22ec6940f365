// Packer: [Content_Types].xml, which tells the platform what kind of file each entry of the package is.

const known: Readonly<Record<string, string>> = {
  xml: 'application/octet-stream', js: 'application/octet-stream', css: 'application/octet-stream', resx: 'application/octet-stream',
  png: 'application/octet-stream', svg: 'application/octet-stream', html: 'application/octet-stream', json: 'application/octet-stream',
};

/** One line, as exports have it: a default for each ending, an override for each entry without one (web resources). @param paths entries of the package */
export function contentTypes(paths: readonly string[]): string {
  const endings = [...new Set(paths.map(endingOf))].filter((ending) => ending in known).sort();
  const defaults = endings.map((ending) => `<Default Extension="${ending}" ContentType="${known[ending]}" />`);
  const overrides = paths.filter((path) => !(endingOf(path) in known)).map((path) => `<Override PartName="/${path}" ContentType="application/octet-stream" />`);
  return `\ufeff<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join('')}${overrides.join('')}</Types>`;
}

/** The ending of a file name in lower case; empty when it has none. */
export const endingOf = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
