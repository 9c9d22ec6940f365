// What a customer installs, read back from the very file: forms, views, web resources, controls and words of the managed package.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { readComponent, type Component } from './component';
import { formOf } from './formModel';
import { labelsOf, type Labels } from './labels';
import { savedQueriesOf } from './viewModel';
import { allBelow, childOf, childrenOf, readXml, textOf, type Element } from './xml';

export interface ShippedPackage {
  /** Changes whenever the package does. */
  readonly mark: string;
  readonly version: string;
  /** `<form>` elements for a form of the platform or of the package, by form id. */
  forms(formId: string): readonly Element[];
  views(table: string): readonly Element[];
  /** By its name, such as `cosell_/CoSell.js`. */
  webResource(name: string): Buffer | undefined;
  /** By its full name, such as `cosell_CoSell.SyncStatus`. */
  component(name: string): Component | undefined;
  componentFile(name: string, path: string): Buffer | undefined;
  columnLabels(table: string, column: string): Labels | undefined;
  columnDescriptions(table: string, column: string): Labels | undefined;
  /** By the choice's number; yes/no has 1 and 0. */
  choiceLabels(table: string, column: string): ReadonlyMap<number, Labels> | undefined;
}

/** @throws Error when the file is not there or is no solution */
export function openPackage(file: string): ShippedPackage {
  const raw = readFileSync(file);
  const entries = unzipSync(raw);
  const text = (name: string): string => {
    const entry = entries[name];
    if (!entry) throw new Error(`${file} holds no ${name}, so it is no solution.`);
    return strFromU8(entry);
  };
  const customizations = readXml(text('customizations.xml'));
  const entities = new Map(childrenOf(childOf(customizations, 'Entities'), 'Entity').map((entity) => [textOf(entity, 'Name').toLowerCase(), entity]));
  const sets = new Map(childrenOf(childOf(customizations, 'optionsets'), 'optionset').map((set) => [set.attributes.Name ?? '', set]));
  const files = new Map(childrenOf(childOf(customizations, 'WebResources'), 'WebResource').map((each) => [textOf(each, 'Name').toLowerCase(), textOf(each, 'FileName').replace(/^\//, '')]));
  const components = new Map<string, Component>();
  const read = (name: string): Buffer | undefined => {
    const entry = entries[name];
    return entry && Buffer.from(entry);
  };
  const attribute = (table: string, column: string): Element | undefined => {
    const entity = entities.get(table);
    return entity && allBelow(entity, 'attribute').find((each) => textOf(each, 'LogicalName') === column);
  };
  return {
    mark: createHash('sha256').update(raw).digest('base64url').slice(0, 12),
    version: textOf(childOf(readXml(text('solution.xml')), 'SolutionManifest'), 'Version'),
    forms: (formId) => [...entities.values()].flatMap((entity) => allBelow(entity, 'systemform')).map(formOf).flatMap(({ id, form }) => (id === formId.toUpperCase() && form ? [form] : [])),
    views: (table) => savedQueriesOf(entities.get(table) ?? { name: '', attributes: {}, children: [], text: '' }),
    webResource: (name) => read(files.get(name.toLowerCase()) ?? ''),
    component(name) {
      const manifest = read(`Controls/${name}/ControlManifest.xml`);
      if (!manifest) return undefined;
      const known = components.get(name) ?? readComponent(name, readXml(manifest.toString('utf8')), (path) => read(`Controls/${name}/${path}`)?.toString('utf8'));
      components.set(name, known);
      return known;
    },
    componentFile: (name, path) => read(`Controls/${name}/${path}`),
    columnLabels: (table, column) => {
      const found = attribute(table, column);
      return found && labelsOf(childOf(found, 'displaynames'), 'displayname');
    },
    columnDescriptions: (table, column) => {
      const found = attribute(table, column);
      return found && labelsOf(childOf(found, 'Descriptions'), 'Description');
    },
    choiceLabels(table, column) {
      const found = attribute(table, column);
      const set = found && (childOf(found, 'optionset') ?? sets.get(textOf(found, 'OptionSetName')));
      return set && new Map(allBelow(set, 'option').map((option) => [Number(option.attributes.value), labelsOf(childOf(option, 'labels'), 'label')]));
    },
  };
}
