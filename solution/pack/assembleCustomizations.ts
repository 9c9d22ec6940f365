// Packer: the many unpacked files of classic components put together to the one customizations.xml that Dataverse imports.
//
// Line by line and not by parsing: what a person wrote is what goes in, and every line remembers where it came from, so that a finding about the
// package names the source.
import { pathsBelow, sourceFolder, textAt, type Files } from '../files';
import { PackProblem } from './packProblem';

export interface Line {
  readonly text: string;
  /** Path from the project's root, and the line there from 1; the packer's own lines have the place they were put. */
  readonly file: string;
  readonly line: number;
}

/** @throws PackProblem */
export const assembleCustomizations = (files: Files): readonly Line[] => {
  const frame = linesOf(files, `${sourceFolder}Other/Customizations.xml`, false);
  return frame.flatMap((line) => {
    const section = /^\s*<(\w+)\s*\/>\s*$/.exec(line.text)?.[1];
    const content = section === undefined ? undefined : sections[section]?.(files);
    return content && content.length > 0 ? wrapped(section ?? '', line, content) : [line];
  });
};

const sections: Readonly<Record<string, (files: Files) => readonly Line[]>> = {
  Entities: (files) => pathsBelow(files, `${sourceFolder}Entities/`, '/Entity.xml').flatMap((path) => entity(files, path)),
  Roles: (files) => whole(files, `${sourceFolder}Roles/`, '.xml'),
  EntityRelationships: (files) => pathsBelow(files, `${sourceFolder}Other/Relationships/`, '.xml').flatMap((path) => inside(linesOf(files, path))),
  optionsets: (files) => whole(files, `${sourceFolder}OptionSets/`, '.xml'),
  WebResources: (files) => whole(files, `${sourceFolder}WebResources/`, '.data.xml'),
  CustomControls: (files) => whole(files, `${sourceFolder}Controls/`, '.data.xml'),
};

const whole = (files: Files, folder: string, ending: string): readonly Line[] => pathsBelow(files, folder, ending).flatMap((path) => linesOf(files, path));

/** A table with its forms and views, which stand in folders of their own beside it. */
function entity(files: Files, path: string): readonly Line[] {
  const folder = path.slice(0, -'Entity.xml'.length);
  const lines = linesOf(files, path);
  return lines.flatMap((line) => {
    if (/^\s*<FormXml\s*\/>\s*$/.test(line.text)) return wrapped('FormXml', line, forms(files, `${folder}FormXml/`, line));
    if (/^\s*<SavedQueries\s*\/>\s*$/.test(line.text)) return wrapped('SavedQueries', line, wrapped('savedqueries', line, pathsBelow(files, `${folder}SavedQueries/`, '.xml').flatMap((view) => inside(linesOf(files, view)))));
    return [line];
  });
}

/** Folder FormXml/main holds the forms of type main, and so on. */
function forms(files: Files, folder: string, at: Line): readonly Line[] {
  const paths = pathsBelow(files, folder, '.xml');
  const types = [...new Set(paths.map((path) => path.slice(folder.length).split('/')[0] ?? ''))];
  return types.flatMap((type) => wrapped('forms', at, paths.filter((path) => path.startsWith(`${folder}${type}/`)).flatMap((path) => inside(linesOf(files, path))), ` type="${type}"`));
}

const wrapped = (name: string, at: Line, content: readonly Line[], attributes = ''): readonly Line[] =>
  content.length === 0 ? [at] : [{ ...at, text: `<${name}${attributes}>` }, ...content, { ...at, text: `</${name}>` }];

/** Without the lines of the root element's own tags, which a file has and the package has not. */
const inside = (lines: readonly Line[]): readonly Line[] => lines.slice(1, -1);

/** Lines of a file without declaration, namespace and the blank ones around. @throws PackProblem when the root shares a line with its content */
function linesOf(files: Files, path: string, nested = true): Line[] {
  const text = textAt(files, path);
  if (text === undefined) throw new PackProblem(`${path} is missing. Make the sources again: npm run solution make.`);
  const lines = text.split(/\r?\n/).map((each, at) => ({ text: each, file: path, line: at + 1 })).filter((line) => line.text.trim() !== '' && !line.text.startsWith('<?xml'));
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last || !/^<\w+[^>]*>$/.test(first.text.trim()) || !/^<\/\w+>$/.test(last.text.trim())) throw new PackProblem(`${path}: the tags of the root element must stand on lines of their own, as npm run solution make writes them.`);
  return nested ? [{ ...first, text: first.text.replace(/ xmlns:xsi="[^"]*"/, '') }, ...lines.slice(1)] : lines;
}
