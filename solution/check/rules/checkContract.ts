// Checker: every name that the contract promises is there, with the promised type, length and numbers.
import { allNamed, childOf, childrenOf, textOf, walk, type ReadElement } from '../../xml/readXml';
import {
  firstChoice, promisedCatalogueColumns, promisedChoices, promisedColumns, promisedControls, promisedCustomApi, promisedKeys, promisedManifest, promisedRoles, promisedSections, promisedTab, promisedWebResources,
  type PromisedColumn,
} from '../contract';
import type { Finding } from '../finding';
import { rootsBelow, source, type Sources } from '../sources';
import { attributeOf, kindOf } from '../tables';

export const checkContract = (sources: Sources): Finding[] => [
  ...tables(sources), ...choices(sources), ...manifest(sources), ...customApi(sources), ...form(sources), ...names(sources),
];

const KEEP = 'Customers and the service know it by this; put it back.';

function tables(sources: Sources): Finding[] {
  const lead = Object.fromEntries(Object.entries(promisedColumns).filter(([, column]) => column.lead));
  return [
    ...table(sources, 'Entities/Opportunity/Entity.xml', 'opportunity', promisedColumns),
    ...table(sources, 'Entities/Lead/Entity.xml', 'lead', lead),
    ...table(sources, 'Entities/cosell_solution/Entity.xml', 'cosell_solution', promisedCatalogueColumns),
  ];
}

function table({ xml }: Sources, path: string, name: string, promised: Readonly<Record<string, PromisedColumn>>): Finding[] {
  const file = source(path);
  const root = xml.get(file);
  if (!root) return [{ file, line: 1, message: `The table ${name} is missing. ${KEEP}` }];
  const attributes = allNamed(root, 'attributes')[0] ?? root;
  const extra = name === 'cosell_solution' ? [] : allNamed(root, 'attribute').filter((each) => !(textOf(each, 'LogicalName') in promised));
  return [
    ...Object.entries(promised).flatMap(([column, is]) => {
      const found = attributeOf(root, column);
      return found ? columnFindings(file, found, column, is) : [{ file, line: attributes.line, message: `The column ${column} of ${name} is missing. ${KEEP}` }];
    }),
    ...extra.map((each) => ({ file, line: each.line, message: `The column ${textOf(each, 'LogicalName')} is not in the contract. Add it to solution/check/contract.ts when it is meant to stay for ever.` })),
    ...key(file, root, name),
  ];
}

function columnFindings(file: string, attribute: ReadElement, column: string, is: PromisedColumn): Finding[] {
  const length = Number(textOf(attribute, 'MaxLength'));
  const at = (element: string): number => childOf(attribute, element)?.line ?? attribute.line;
  return [
    ...(kindOf(attribute) === is.kind ? [] : [{ file, line: at('Type'), message: `${column} is of the type ${textOf(attribute, 'Type')} (${kindOf(attribute)}); the contract says ${is.kind}. ${KEEP}` }]),
    ...(is.length === undefined || length === is.length ? [] : [{ file, line: at('MaxLength'), message: `${column} holds ${length} characters; the contract says ${is.length}. ${KEEP}` }]),
    ...(is.kind !== 'choice' || textOf(attribute, 'OptionSetName') === column ? [] : [{ file, line: at('OptionSetName'), message: `${column} takes the choice ${textOf(attribute, 'OptionSetName')}; it must be ${column}. ${KEEP}` }]),
  ];
}

function key(file: string, root: ReadElement, table: string): Finding[] {
  const promised = promisedKeys[table];
  const found = allNamed(root, 'EntityKey').find((each) => textOf(each, 'LogicalName') === promised?.name);
  const columns = allNamed(found, 'AttributeName').map((each) => each.text);
  if (!promised || (columns.length === 1 && columns[0] === promised.column)) return [];
  return [{ file, line: found?.line ?? root.line, message: `The alternate key ${promised.name} on ${promised.column} is missing or on other columns. ${KEEP}` }];
}

function choices({ xml }: Sources): Finding[] {
  return Object.entries(promisedChoices).flatMap(([name, labels]) => {
    const file = source(`OptionSets/${name}.xml`);
    const root = xml.get(file);
    if (!root) return [{ file, line: 1, message: `The choice ${name} is missing. ${KEEP}` }];
    const options = allNamed(root, 'option');
    const wrong = labels.map((label, at) => ({ label, number: firstChoice + at, option: options[at] })).filter(({ label, number, option }) => option?.attributes.value !== String(number) || englishOf(option) !== label);
    return wrong.map(({ label, number, option }) => ({ file, line: option?.line ?? root.line, message: `${number} must be "${label}"; here stands ${option ? `${option.attributes.value} "${englishOf(option)}"` : 'nothing'}. ${KEEP}` }));
  });
}

const englishOf = (option: ReadElement): string => allNamed(option, 'label').find((each) => each.attributes.languagecode === '1033')?.attributes.description ?? '';

function manifest({ xml }: Sources): Finding[] {
  const file = source('Other/Solution.xml');
  const root = xml.get(file);
  if (!root) return [{ file, line: 1, message: `The manifest is missing. ${KEEP}` }];
  return Object.entries(promisedManifest).flatMap(([name, value]) => {
    const found = [...walk(root)].find((each) => each.name === name);
    return found?.text === value ? [] : [{ file, line: found?.line ?? root.line, message: `${name} must be ${value}. ${KEEP}` }];
  });
}

function customApi({ xml }: Sources): Finding[] {
  const file = source('customapis/cosell_SyncReferral/customapi.xml');
  const root = xml.get(file);
  if (!root) return [{ file, line: 1, message: `The Custom API cosell_SyncReferral is missing. ${KEEP}` }];
  const wrong = Object.entries(promisedCustomApi).filter(([name, value]) => textOf(root, name) !== value);
  const plugIn = childrenOf(root, 'plugintypeid').map((each) => ({ file, line: each.line, message: 'The Custom API has a plug-in. It is a bell only; take the plug-in out.' }));
  return [...wrong.map(([name, value]) => ({ file, line: childOf(root, name)?.line ?? root.line, message: `${name} of the Custom API must be ${value}. ${KEEP}` })), ...plugIn];
}

function form(sources: Sources): Finding[] {
  const [found] = rootsBelow(sources, 'Entities/Opportunity/FormXml/main/');
  if (!found) return [{ file: source('Entities/Opportunity/FormXml/main/'), line: 1, message: `The Opportunity form is missing. ${KEEP}` }];
  const [file, root] = found;
  const tab = allNamed(root, 'tab').find((each) => each.attributes.name === promisedTab);
  if (!tab) return [{ file, line: root.line, message: `The tab ${promisedTab} is missing. ${KEEP}` }];
  const sections = allNamed(tab, 'section').map((each) => each.attributes.name);
  return promisedSections.filter((name) => !sections.includes(name)).map((name) => ({ file, line: tab.line, message: `The section ${name} is missing. ${KEEP}` }));
}

/** Components that are a file each: who is missing, and who is not in the manifest's list and would not be installed. */
function names(sources: Sources): Finding[] {
  const solution = source('Other/Solution.xml');
  const root = sources.xml.get(solution);
  const listed = allNamed(root, 'RootComponent').map((each) => `${each.attributes.type} ${each.attributes.schemaName ?? each.attributes.id}`);
  const present = {
    61: rootsBelow(sources, 'WebResources/').map(([, each]) => textOf(each, 'Name')),
    66: rootsBelow(sources, 'Controls/').map(([, each]) => textOf(each, 'Name')),
    9: rootsBelow(sources, 'OptionSets/').map(([, each]) => each.attributes.Name ?? ''),
    20: rootsBelow(sources, 'Roles/').map(([, each]) => each.attributes.id ?? ''),
    1: rootsBelow(sources, 'Entities/').filter(([path]) => path.endsWith('/Entity.xml')).map(([, each]) => allNamed(each, 'entity')[0]?.attributes.Name?.toLowerCase() ?? ''),
  } as const;
  const have = Object.entries(present).flatMap(([type, all]) => all.map((name) => `${type} ${name}`));
  const roleNames = rootsBelow(sources, 'Roles/').map(([, each]) => each.attributes.name ?? '');
  const missing = [
    ...promisedWebResources.filter((name) => !present[61].includes(name)), ...promisedControls.filter((name) => !present[66].includes(name)), ...promisedRoles.filter((name) => !roleNames.includes(name)),
  ];
  const at = { file: solution, line: allNamed(root, 'RootComponents')[0]?.line ?? 1 };
  return [
    ...missing.map((name) => ({ ...at, message: `${name} is missing. ${KEEP}` })),
    ...have.filter((each) => !listed.includes(each)).map((each) => ({ ...at, message: `The component "${each}" (type, name) has a source and is not in RootComponents, so it would not be installed. Run npm run solution make.` })),
    ...listed.filter((each) => !have.includes(each)).map((each) => ({ ...at, message: `RootComponents names "${each}" (type, name), which has no source. Run npm run solution make.` })),
  ];
}
