// Checker: what a form shows exists: columns, fitting controls, the properties that a code component takes.
import { controlsFolder } from '../../files';
import { classIds, codeComponentClassId } from '../../model/classIds';
import { allNamed, childOf, childrenOf, textOf, type ReadElement } from '../../xml/readXml';
import type { Finding } from '../finding';
import { rootsBelow, type Sources } from '../sources';
import { tableOf, tablesOf, type Kind } from '../tables';

export function checkForms(sources: Sources): Finding[] {
  const tables = tablesOf(sources);
  return rootsBelow(sources, 'Entities/').filter(([path]) => path.includes('/FormXml/')).flatMap(([file, root]) => {
    const form: Form = { file, root, columns: tables.get(tableOf(file)) ?? new Map(), sources };
    return [...cells(form), ...descriptions(form)];
  });
}

interface Form {
  readonly file: string;
  readonly root: ReadElement;
  readonly columns: ReadonlyMap<string, Kind>;
  readonly sources: Sources;
}

const sameId = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();

const classIdOf = (kind: Kind): string | undefined => ({ ...classIds, date: classIds.dateTime, state: classIds.choice } as Readonly<Record<string, string>>)[kind];

function cells({ file, root, columns }: Form): Finding[] {
  return allNamed(root, 'control').flatMap((control) => {
    const { datafieldname: column = '', classid, uniqueid } = control.attributes;
    const kind = columns.get(column);
    const at = { file, line: control.line };
    if (kind === undefined) return [noColumn(at, column)];
    if (sameId(classid, codeComponentClassId)) return described(root, uniqueid) ? [] : [{ ...at, message: `No controlDescription is for the control {${uniqueid ?? ''}}, so nothing would be shown. Add one, or give the cell the plain control of a ${kind} column, ${classIdOf(kind)}.` }];
    return sameId(classid, classIdOf(kind)) ? [] : [{ ...at, message: `The class id ${classid} does not show a ${kind} column such as ${column}. Take ${classIdOf(kind)}.` }];
  });
}

const noColumn = (at: { readonly file: string; readonly line: number }, column: string): Finding =>
  ({ ...at, message: `There is no column "${column}" on this table. Correct the name, or add the column to solution/model/columns.ts (a column of Dynamics 365 to solution/check/tables.ts).` });

const described = (root: ReadElement, uniqueid: string | undefined): boolean => allNamed(root, 'controlDescription').some((each) => sameId(each.attributes.forControl, uniqueid));

function descriptions(form: Form): Finding[] {
  return allNamed(form.root, 'controlDescription').flatMap((description) => {
    const cell = allNamed(form.root, 'control').find((each) => sameId(each.attributes.uniqueid, description.attributes.forControl));
    const at = { file: form.file, line: description.line };
    if (!cell) return [{ ...at, message: `No control has the uniqueid ${description.attributes.forControl}. Correct forControl.` }];
    const own = childrenOf(description, 'customControl').filter((each) => each.attributes.name !== undefined);
    const factors = own.map((each) => each.attributes.formFactor).sort().join();
    return [
      ...(factors === '0,1,2' ? [] : [{ ...at, message: 'The control must be given for phone, tablet and web (formFactor 0, 1 and 2), once each.' }]),
      ...fallback(form, description, cell),
      ...own.flatMap((each) => component(form, each, cell)),
    ];
  });
}

/** Clients that cannot show ours show the plain control of the column's kind. */
function fallback({ file, columns }: Form, description: ReadElement, cell: ReadElement): Finding[] {
  const column = cell.attributes.datafieldname ?? '';
  const plain = childrenOf(description, 'customControl').find((each) => each.attributes.id !== undefined);
  const wanted = classIdOf(columns.get(column) ?? 'text');
  if (plain && sameId(plain.attributes.id, wanted) && textOf(childOf(plain, 'parameters'), 'datafieldname') === column) return [];
  return [{ file, line: plain?.line ?? description.line, message: `The plain control for clients that cannot show ours must have the id ${wanted} and the column ${column}.` }];
}

/** Types of a manifest and the columns that they can be bound to (Microsoft Learn, "property element"). */
const kindsByType: Readonly<Record<string, readonly Kind[]>> = {
  'SingleLine.Text': ['text'], 'SingleLine.URL': ['url'], Multiple: ['memo'], OptionSet: ['choice', 'state'], TwoOptions: ['yesNo'], 'DateAndTime.DateAndTime': ['dateTime'], 'DateAndTime.DateOnly': ['date'],
  Currency: ['money'], 'Lookup.Simple': ['lookup'], 'Whole.None': ['whole'],
};

/** One `customControl` of ours against the manifest of its build. */
function component({ file, columns, sources }: Form, control: ReadElement, cell: ReadElement): Finding[] {
  const name = control.attributes.name ?? '';
  const folder = name.replace(/^.*\./, '');
  const at = { file, line: control.line };
  if (!rootsBelow(sources, 'Controls/').some(([, each]) => textOf(each, 'Name') === name)) return [{ ...at, message: `There is no control ${name} in the solution. Correct the name, or add it to solution/model/controls.ts.` }];
  const manifest = sources.xml.get(`${controlsFolder}${folder}/ControlManifest.xml`);
  const about = allNamed(manifest, 'control')[0];
  if (!about || `cosell_${about.attributes.namespace}.${about.attributes.constructor}` !== name) return [{ ...at, message: `The build of ${name} is missing or calls itself otherwise. Run npm run build.` }];
  const properties = new Map(allNamed(about, 'property').map((each) => [each.attributes.name ?? '', each.attributes]));
  const given = childOf(control, 'parameters')?.children ?? [];
  const missing = [...properties].filter(([property, { required }]) => required === 'true' && !given.some((each) => each.name === property)).map(([property]) => property);
  return [
    ...missing.map((property) => ({ ...at, message: `${name} needs its property "${property}" bound. Name a column for it.` })),
    ...given.flatMap((each) => bound({ file, line: each.line }, each, properties.get(each.name), columns, name)),
    ...(given.some((each) => each.text === cell.attributes.datafieldname) ? [] : [{ ...at, message: `No property of ${name} is bound to ${cell.attributes.datafieldname}, the column of its cell.` }]),
  ];
}

function bound(at: { readonly file: string; readonly line: number }, given: ReadElement, property: Readonly<Record<string, string>> | undefined, columns: ReadonlyMap<string, Kind>, control: string): Finding[] {
  if (!property) return [{ ...at, message: `${control} has no property "${given.name}" in its manifest. Take it out, or add it to the manifest.` }];
  const type = property['of-type'] ?? '';
  if (given.attributes.static === 'true') return [];
  const kind = columns.get(given.text);
  return [
    ...(given.attributes.type === type ? [] : [{ ...at, message: `The property "${given.name}" is of the type ${type} in the manifest, not ${given.attributes.type}.` }]),
    ...(kind === undefined ? [noColumn(at, given.text)] : (kindsByType[type] ?? []).includes(kind) ? [] : [{ ...at, message: `"${given.name}" takes ${type}; the column ${given.text} is ${kind}. Bind a column that fits.` }]),
  ];
}
