// Checker: ids are unique, every id is the one that its component got once, and none that was shipped is gone.
import { idsFile, textAt } from '../../files';
import { opportunityForm } from '../../model/forms';
import type { IdFile } from '../../make/ids';
import { sealOf } from '../../make/seal';
import { walk, type ReadElement } from '../../xml/readXml';
import type { Finding } from '../finding';
import type { Sources } from '../sources';

/** The form that our tab is added to is Microsoft's. */
const foreign = new Set<string>([opportunityForm.id]);

export function checkIds({ files, xml }: Sources): Finding[] {
  const used = [...xml].flatMap(([file, root]) => (file.startsWith('solution/') ? idsIn(root).map((each) => ({ ...each, file })) : [])).filter(({ id }) => !foreign.has(id));
  const { shipped, ids, lines } = readIds(textAt(files, idsFile) ?? '');
  const known = new Map(ids.map((each) => [each.id, each.of]));
  const present = new Set(used.map(({ id }) => id));
  const lost = ids.filter(({ id }) => !present.has(id));
  return [
    ...used.filter(({ id }, at) => used.findIndex((other) => other.id === id) < at).map((each) => finding(each, `The id {${each.id}} is there already, at ${placeOf(used, each.id)}. Give this component its own: npm run solution make.`)),
    ...used.filter(({ id }) => !known.has(id)).map((each) => finding(each, `The id {${each.id}} is not in ${idsFile}. An id never changes once it was shipped: put back the old one${hint(lost)}, or run npm run solution make for a new component.`)),
    ...lost.map(({ id, of }) => ({ file: idsFile, line: lineOf(lines, id), message: `The id {${id}} of "${of}" is in no source any more. Put the component back; what was shipped is taken away by an upgrade that says so, never by accident.` })),
    ...shipped.filter((each) => sealOf(ids, each.count) !== each.sha256).map(({ version, count }) => ({ file: idsFile, line: lineOf(lines, `"${version}"`), message: `The first ${count} ids are not those that ${version} shipped. Put them back as they were; new ids go to the end.` })),
  ];
}

interface Used {
  readonly id: string;
  readonly element: ReadElement;
  readonly file: string;
}

const finding = ({ file, element }: Used, message: string): Finding => ({ file, line: element.line, message });

function placeOf(used: readonly Used[], id: string): string {
  const first = used.find((each) => each.id === id);
  return first ? `${first.file}:${first.element.line}` : 'another place';
}

const hint = (lost: IdFile['ids']): string => (lost.length === 1 && lost[0] ? `, {${lost[0].id}} of "${lost[0].of}"` : '');

/** Attributes and elements by which a component carries an id of its own; class ids and references to other components are none. */
const ownAttributes: Readonly<Record<string, readonly string[]>> = {
  tab: ['id', 'labelid'], section: ['id', 'labelid'], cell: ['id', 'labelid'], control: ['uniqueid'], Handler: ['handlerUniqueId'], Library: ['libraryUniqueId'], Role: ['id'],
};
const ownElements = new Set(['formid', 'savedqueryid', 'WebResourceId']);

function idsIn(root: ReadElement): { readonly id: string; readonly element: ReadElement }[] {
  return [...walk(root)].flatMap((element) => {
    const texts = ownElements.has(element.name) ? [element.text] : [];
    const attributes = (ownAttributes[element.name] ?? []).map((name) => element.attributes[name]);
    return [...texts, ...attributes].filter((id) => id !== undefined).map((id) => ({ id: id.replace(/[{}]/g, '').toLowerCase(), element }));
  });
}

function readIds(text: string): IdFile & { readonly lines: readonly string[] } {
  const { shipped, ids } = JSON.parse(text) as IdFile;
  return { shipped, ids, lines: text.split('\n') };
}

const lineOf = (lines: readonly string[], part: string): number => Math.max(1, lines.findIndex((line) => line.includes(part)) + 1);
