// Checker: everything that somebody reads is there in both languages.
import { sourceFolder, textAt } from '../../files';
import { languages } from '../../model/words';
import { allNamed, childOf, walk, type ReadElement } from '../../xml/readXml';
import type { Finding } from '../finding';
import type { Sources } from '../sources';

export const checkLabels = (sources: Sources): Finding[] => [
  ...[...sources.xml].filter(([file]) => file.startsWith(sourceFolder)).flatMap(([file, root]) => [...walk(root)].flatMap((element) => [...untranslated(file, element), ...unlabelled(file, element)])),
  ...controlStrings(sources),
];

const codes: readonly (readonly [name: string, code: string])[] = [['English', String(languages.en)], ['Chinese', String(languages.zh)]];

/** An element whose children carry a language code. */
function untranslated(file: string, element: ReadElement): Finding[] {
  const texts = element.children.filter((child) => 'languagecode' in child.attributes);
  if (texts.length === 0) return [];
  const wanting = codes.filter(([, code]) => !texts.some((text) => text.attributes.languagecode === code && (text.attributes.description ?? '').trim() !== ''));
  const strange = texts.filter((text) => !codes.some(([, code]) => text.attributes.languagecode === code));
  const shown = texts[0]?.attributes.description ?? '';
  return [
    ...wanting.map(([name, code]) => ({ file, line: element.line, message: `The ${name} text (${code}) of "${shown}" is missing. Add it in solution/model and run npm run solution make.` })),
    ...strange.map((text) => ({ file, line: text.line, message: `The language ${text.attributes.languagecode} is none of ours (${codes.map(([, code]) => code).join(', ')}). Take this text out.` })),
  ];
}

/** What each kind of element must hold to be readable at all. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  attribute: ['displaynames', 'Descriptions'], EntityKey: ['displaynames'], option: ['labels'], state: ['labels'], status: ['labels'],
  tab: ['labels'], section: ['labels'], cell: ['labels'], savedquery: ['LocalizedNames'], systemform: ['LocalizedNames'],
};

function unlabelled(file: string, element: ReadElement): Finding[] {
  if (!isShown(element)) return [];
  return (wanted[element.name] ?? [])
    .filter((name) => (childOf(element, name)?.children.length ?? 0) === 0)
    .map((name) => ({ file, line: element.line, message: `This ${element.name} has no ${name}. Add its words in solution/model and run npm run solution make.` }));
}

/** Elements of these names mean other things elsewhere: a view's cell and attribute, a control's property called "status". */
function isShown({ name, attributes, children }: ReadElement): boolean {
  if (name === 'cell') return children.some((child) => child.name === 'control');
  if (name === 'attribute') return 'PhysicalName' in attributes;
  return !['option', 'state', 'status'].includes(name) || 'value' in attributes;
}

/** A code component brings its words as RESX files: one a language, with the same keys. */
function controlStrings({ files, xml }: Sources): Finding[] {
  return [...xml].filter(([file]) => file.endsWith('/ControlManifest.xml')).flatMap(([file, root]) => {
    const listed = allNamed(root, 'resx');
    const folder = file.slice(0, -'ControlManifest.xml'.length);
    const keysOf = (code: string): Set<string> | undefined => {
      const path = listed.map((each) => each.attributes.path ?? '').find((each) => each.includes(`.${code}.`));
      const text = path === undefined ? undefined : textAt(files, `${folder}${path}`);
      return text === undefined ? undefined : new Set([...text.matchAll(/<data name="([^"]+)"/g)].map((hit) => hit[1] ?? ''));
    };
    const [own, other] = [keysOf(String(languages.en)), keysOf(String(languages.zh))];
    const at = { file, line: listed[0]?.line ?? root.line };
    if (!own || !other) return [{ ...at, message: `The strings of ${own ? 'Chinese' : 'English'} are missing. List them in the control's manifest and build again: npm run build.` }];
    const alone = [...own].filter((key) => !other.has(key)).concat([...other].filter((key) => !own.has(key)));
    return alone.length === 0 ? [] : [{ ...at, message: `These strings are there in one language only: ${alone.join(', ')}. Add them in wording/ and build again: npm run build.` }];
  });
}
