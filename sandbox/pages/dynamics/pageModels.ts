// A seller's Dynamics 365: what its form and list are made of, out of the package that a customer installs, in the reader's language.
import { mainForms, quickCreateForms, type ShippedForm } from '../outOfTheBox/forms';
import { ownViews } from '../outOfTheBox/views';
import { packageVersion } from '../server/assets';
import { PageProblem } from '../server/pageServer';
import type { Language } from '../server/shell';
import { readForm, type ControlModel, type FormModel } from '../shipped/formModel';
import { mergeForm } from '../shipped/mergeForm';
import type { ShippedPackage } from '../shipped/openPackage';
import { readViews, type ViewModel } from '../shipped/viewModel';
import { readXml } from '../shipped/xml';
import { languageCode, readTable, type TableModel } from './tableModel';

/** All that a form page asks for before it shows a record. */
export interface FormPageModel {
  readonly form: FormModel;
  readonly table: TableModel;
  readonly components: Readonly<Record<string, ComponentModel>>;
}

/** A code component for the browser. */
export interface ComponentModel {
  readonly name: string;
  readonly registeredAs: string;
  readonly isVirtual: boolean;
  readonly properties: readonly { readonly name: string; readonly type: string; readonly usage: string; readonly isRequired: boolean }[];
  readonly events: readonly string[];
  readonly script: string;
  readonly styles: readonly string[];
  readonly strings: Readonly<Record<string, string>>;
}

export interface ListPageModel {
  readonly views: readonly ViewModel[];
  readonly table: TableModel;
}

export interface PlatformLibrary {
  readonly name: string;
  readonly version: string;
}

/** @throws PageProblem when there is no form for the table, or a component that it names cannot run here */
export function formPage(shipped: ShippedPackage, name: string, language: Language, isQuick: boolean, platform: readonly PlatformLibrary[]): FormPageModel {
  const base = (isQuick ? quickCreateForms : mainForms)[name];
  if (!base) throw new PageProblem(404, `The try-out has no form for ${name}.`);
  const table = readTable(name, languageCode(language), shipped);
  const form = mergedForm(shipped, base, language, table);
  const names = new Set(controlsOf(form).flatMap(({ component }) => component?.name ?? []));
  return { form, table, components: Object.fromEntries([...names].map((each) => [each, readComponentModel(shipped, each, language, platform)])) };
}

export function listPage(shipped: ShippedPackage, name: string, language: Language): ListPageModel {
  const table = readTable(name, languageCode(language), shipped);
  const queries = [...(ownViews[name] ?? []).map(readXml), ...shipped.views(name)];
  return { table, views: readViews(queries, name, (column) => table.columns[column]?.type, languageCode(language)) };
}

function mergedForm(shipped: ShippedPackage, base: ShippedForm, language: Language, table: TableModel): FormModel {
  const merged = shipped.forms(base.id).reduce(mergeForm, readXml(base.xml));
  const about = { id: base.id.toLowerCase(), name: base.name[language === 'zh' ? 1 : 0], table: table.name };
  return readForm(merged, about, languageCode(language), (column) => table.columns[column]?.label ?? column);
}

const controlsOf = (form: FormModel): readonly ControlModel[] =>
  form.tabs
    .flatMap(({ columns }) => columns)
    .flatMap(({ sections }) => sections)
    .flatMap(({ rows }) => rows.flat())
    .flatMap(({ control }) => control ?? []);

function readComponentModel(shipped: ShippedPackage, name: string, language: Language, platform: readonly PlatformLibrary[]): ComponentModel {
  const component = shipped.component(name);
  if (!component) throw new PageProblem(500, `The form wants the component ${name}, which the package does not hold.`);
  for (const wanted of component.libraries) {
    const here = platform.find((each) => each.name === wanted.name);
    if (here?.version !== wanted.version) throw new PageProblem(500, `${name} wants ${wanted.name} ${wanted.version}; here is ${here?.version ?? 'none'}.`);
  }
  const at = (path: string): string => `/shipped/components/${name}/${path}`;
  const { registeredAs, isVirtual, properties, events, strings } = component;
  return { name, registeredAs, isVirtual, properties, events, script: at(component.code), styles: component.styles.map(at), strings: strings[languageCode(language)] ?? strings[1033] ?? {} };
}

/** What the platform gives to code components: the versions that are installed here, by the names of manifests. */
export const platformLibraries = (): readonly PlatformLibrary[] => [
  { name: 'React', version: packageVersion('react') },
  { name: 'Fluent', version: packageVersion('@fluentui/react') },
];
