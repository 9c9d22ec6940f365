// Every field and answer that a seller reads is there in Simplified Chinese, in the words of the wording table.
import { contractObjects, word } from './contractFields';
import type { Finding } from './finding';
import { readOwnFields, type OwnField } from './objects';
import { child, childrenOf, textOf } from './parseXml';
import { base, fromRoot, metadataFiles, type MetadataFile, type Project } from './project';

const language = 'zh_CN';

export function checkTranslations(project: Project): Finding[] {
  const translations = metadataFiles(project, 'objectTranslations/', 'fieldTranslation');
  const of = (object: string, name: string) => translations.find((each) => objectOf(each) === object && each.name === name);
  // Custom metadata is an admin's, in Setup's own language.
  const own = readOwnFields(project).filter(({ object }) => !object.endsWith('__mdt'));
  const missing = own.filter((field) => !of(field.object, field.name)).map((field) => ({ file: field.file, line: field.lineOf('label'), what: `${field.object}.${field.name} has no translation into ${language}.` }));
  const stray = translations.filter((each) => !own.some((field) => field.object === objectOf(each) && field.name === textOf(each.root, 'name')));
  return [
    ...missing,
    ...stray.map((each) => ({ file: each.file, line: child(each.root, 'name')?.line ?? 1, what: `There is no field ${objectOf(each)}.${textOf(each.root, 'name')} to translate.` })),
    ...own.flatMap((field) => {
      const translation = of(field.object, field.name);
      return translation ? problemsOf(field, translation, project) : [];
    }),
    ...objectsWithout(project, own),
  ];
}

const objectOf = ({ file }: MetadataFile): string => file.split('/objectTranslations/')[1]!.split('/')[0]!.replace(`-${language}`, '');

function problemsOf(field: OwnField, { file, root }: MetadataFile, { words }: Project): Finding[] {
  const contract = contractObjects[field.object]?.find(({ name }) => name === field.name);
  const at = (element: string, what: string): Finding => ({ file, line: child(root, element)?.line ?? root.line, what });
  const label = contract?.wording ? word(words.zh, contract.wording) : undefined;
  const english = contract?.answers?.(words.en) ?? [];
  const chinese = contract?.answers?.(words.zh) ?? [];
  return [
    ...(textOf(root, 'label') === '' || (label !== undefined && textOf(root, 'label') !== label) ? [at('label', `The label is "${label ?? '…'}", not "${textOf(root, 'label')}".`)] : []),
    ...((textOf(root, 'help') === '') === (field.help === '') ? [] : [at('help', 'The help text stands in one language only.')]),
    ...field.values.flatMap(({ value, label: masterLabel }) => answerProblems(file, root, masterLabel, chinese[english.findIndex((each) => each.value === value)]?.label)),
  ];
}

function answerProblems(file: string, root: MetadataFile['root'], masterLabel: string, expected: string | undefined): Finding[] {
  const translated = childrenOf(root, 'picklistValues').find((each) => textOf(each, 'masterLabel') === masterLabel);
  if (!translated) return [{ file, line: root.line, what: `The answer "${masterLabel}" has no translation.` }];
  const text = textOf(translated, 'translation');
  return text !== '' && (expected === undefined || text === expected) ? [] : [{ file, line: child(translated, 'translation')?.line ?? translated.line, what: `"${masterLabel}" is "${expected ?? '…'}", not "${text}".` }];
}

/** The packer needs the file of the translated object itself; a custom object's also holds its name. */
function objectsWithout(project: Project, own: readonly OwnField[]): Finding[] {
  const objects = new Set(own.map(({ object }) => object));
  return [...objects].filter((object) => !project.source.has(`${base}objectTranslations/${object}-${language}/${object}-${language}.objectTranslation-meta.xml`))
    .map((object) => ({ file: fromRoot(`${base}objectTranslations`), line: 1, what: `${object} has no translation into ${language}.` }));
}
