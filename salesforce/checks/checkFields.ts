// The fields are those of the contract: names, labels, types, lengths, and the answers that core knows.
import { contractObjects, word, type ContractField } from './contractFields';
import type { Finding } from './finding';
import { readOwnFields, type OwnField } from './objects';
import { base, fromRoot, type Project } from './project';

/** Objects that the package brings itself: the contract names only some of their fields. */
const bringsItself = /^Cosell_/;

export function checkFields(project: Project): Finding[] {
  const own = readOwnFields(project);
  const expected = Object.entries(contractObjects).flatMap(([object, fields]) => fields.flatMap((field) => {
    const ours = own.find((each) => each.object === object && each.name === field.name);
    if (!ours) return [{ file: fromRoot(`${base}objects/${object}/fields`), line: 1, what: `The field ${object}.${field.name} of the contract is missing.` }];
    return problemsOf(ours, field, project);
  }));
  const unknown = own.filter(({ object, name }) => !bringsItself.test(object) && !contractObjects[object]?.some((field) => field.name === name));
  return [...expected, ...unknown.map((field) => ({ file: field.file, line: field.lineOf('fullName'), what: `The contract knows no field ${field.object}.${field.name}.` })), ...own.flatMap(platformProblems)];
}

function problemsOf(ours: OwnField, field: ContractField, { words }: Project): Finding[] {
  const at = (element: string, what: string): Finding => ({ file: ours.file, line: ours.lineOf(element), what });
  const label = field.wording ? word(words.en, field.wording) : field.label;
  return [
    ...(ours.label === label ? [] : [at('label', `The label is "${label}", not "${ours.label}".`)]),
    ...(ours.type === field.type ? [] : [at('type', `${field.name} is of type ${field.type}, not ${ours.type}.`)]),
    ...(ours.length === field.length ? [] : [at('length', `${field.name} holds ${field.length ?? 'no fixed number of'} characters, not ${ours.length ?? 'an unset number'}.`)]),
    ...(ours.isUniqueExternalId === (field.unique ?? false) ? [] : [at('unique', `${field.name} is ${field.unique ? '' : 'not '}a unique external id.`)]),
    ...answerProblems(ours, field.answers?.(words.en) ?? []),
  ];
}

function answerProblems(ours: OwnField, answers: readonly { readonly value: string; readonly label: string }[]): Finding[] {
  const wanted = answers.map(({ value }) => value);
  const wrong = ours.values.flatMap(({ value, label, line }, index): Finding[] => {
    if (!wanted.includes(value)) return [{ file: ours.file, line, what: `Core knows no value "${value}" of ${ours.name}.` }];
    if (answers[index]?.value !== value) return [{ file: ours.file, line, what: `"${value}" stands in another place than in the contract.` }];
    return answers[index].label === label ? [] : [{ file: ours.file, line, what: `The label of "${value}" is "${answers[index].label}", not "${label}".` }];
  });
  const missing = wanted.filter((value) => !ours.values.some((each) => each.value === value));
  return [...wrong, ...missing.map((value) => ({ file: ours.file, line: ours.lineOf('valueSet'), what: `The value "${value}" of ${ours.name} is missing.` }))];
}

/** What the platform refuses at deployment and the WSDL does not say (Metadata API guide, CustomField; Setup's own limits). */
function platformProblems(field: OwnField): Finding[] {
  const at = (element: string, what: string): Finding => ({ file: field.file, line: field.lineOf(element), what });
  const length = field.length ?? 0;
  return [
    ...(field.label.length <= 40 ? [] : [at('label', 'A label has 40 characters at most.')]),
    ...(field.help.length <= 510 ? [] : [at('inlineHelpText', 'A help text has 510 characters at most.')]),
    ...(field.type !== 'Text' || (length >= 1 && length <= 255) ? [] : [at('length', 'A text has 1 to 255 characters.')]),
    ...(field.type !== 'LongTextArea' || (length >= 256 && length <= 131_072) ? [] : [at('length', 'A long text has 256 to 131,072 characters.')]),
    ...(field.type !== 'LongTextArea' || field.lineOf('visibleLines') > 1 ? [] : [at('type', 'A long text needs <visibleLines>.')]),
    ...(field.type !== 'Picklist' || field.values.length > 0 ? [] : [at('type', 'A picklist needs values.')]),
    ...(field.file.endsWith(`/${field.name}.field-meta.xml`) ? [] : [at('fullName', `${field.name} stands in a file of another name.`)]),
  ];
}
