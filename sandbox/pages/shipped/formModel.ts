// What a customer installs, read back: a merged form as a page shows it, in one language.
import { labelIn, labelsOf } from './labels';
import { allBelow, below, childOf, childrenOf, textOf, type Element } from './xml';

export interface FormModel {
  readonly id: string;
  readonly name: string;
  readonly table: string;
  readonly header: readonly CellModel[];
  readonly tabs: readonly TabModel[];
  /** Web resources that hold the handlers, in order. */
  readonly libraries: readonly string[];
  readonly handlers: readonly HandlerModel[];
}

export interface TabModel {
  readonly name: string;
  readonly label: string;
  readonly isVisible: boolean;
  readonly columns: readonly { readonly width: string; readonly sections: readonly SectionModel[] }[];
}

export interface SectionModel {
  readonly name: string;
  readonly label: string;
  readonly showsLabel: boolean;
  readonly isVisible: boolean;
  readonly rows: readonly (readonly CellModel[])[];
}

export interface CellModel {
  readonly id: string;
  readonly label: string;
  readonly showsLabel: boolean;
  readonly isVisible: boolean;
  /** None: a spacer. */
  readonly control?: ControlModel;
}

export interface ControlModel {
  /** As `getControl` knows it. */
  readonly id: string;
  readonly classId: string;
  readonly column: string;
  readonly isDisabled: boolean;
  /** A code component instead of the platform's own control. */
  readonly component?: { readonly name: string; readonly parameters: Readonly<Record<string, ParameterModel>> };
}

export type ParameterModel = { readonly type: string; readonly column: string } | { readonly type: string; readonly value: string };

export interface HandlerModel {
  readonly event: string;
  /** Column, for onchange. */
  readonly attribute?: string;
  readonly functionName: string;
  readonly library: string;
  readonly passesContext: boolean;
}

/** The class of a control that hands its place to a code component (dataverse.md 1.7). */
const COMPONENT_CLASS = 'F9A8A302-114E-466A-B582-6771B2AE0D92';
/** 0 phone, 1 tablet, 2 web (platform-facts.md 1.5). */
const WEB = '2';

/** @param form a merged `<form>` @param columnLabel words of a column, for cells that have none of their own */
export function readForm(form: Element, about: { id: string; name: string; table: string }, language: number, columnLabel: (column: string) => string): FormModel {
  const descriptions = new Map(childrenOf(childOf(form, 'controlDescriptions'), 'controlDescription').map((each) => [bare(each.attributes.forControl), each]));
  const cell = (each: Element): CellModel => readCell(each, descriptions, language, columnLabel);
  return {
    ...about,
    header: childrenOf(form, 'header').flatMap((header) => allBelow(header, 'cell')).map(cell),
    tabs: childrenOf(childOf(form, 'tabs'), 'tab').map((tab) => ({
      name: tab.attributes.name ?? '', label: labelIn(labelsOf(childOf(tab, 'labels'), 'label'), language), isVisible: tab.attributes.visible !== 'false',
      columns: childrenOf(childOf(tab, 'columns'), 'column').map((column) => ({ width: column.attributes.width ?? '100%', sections: childrenOf(childOf(column, 'sections'), 'section').map((section) => readSection(section, cell, language)) })),
    })),
    libraries: childrenOf(childOf(form, 'formLibraries'), 'Library').map(({ attributes }) => attributes.name ?? ''),
    handlers: childrenOf(childOf(form, 'events'), 'event').flatMap(readHandlers),
  };
}

const readSection = (section: Element, cell: (each: Element) => CellModel, language: number): SectionModel => ({
  name: section.attributes.name ?? '', label: labelIn(labelsOf(childOf(section, 'labels'), 'label'), language), showsLabel: section.attributes.showlabel !== 'false', isVisible: section.attributes.visible !== 'false',
  rows: childrenOf(childOf(section, 'rows'), 'row').map((row) => childrenOf(row, 'cell').map(cell)),
});

function readCell(cell: Element, descriptions: ReadonlyMap<string, Element>, language: number, columnLabel: (column: string) => string): CellModel {
  const control = childOf(cell, 'control');
  const column = control?.attributes.datafieldname ?? '';
  return {
    id: cell.attributes.id ?? column, label: labelIn(labelsOf(childOf(cell, 'labels'), 'label'), language) || columnLabel(column), showsLabel: cell.attributes.showlabel !== 'false', isVisible: cell.attributes.visible !== 'false',
    ...(control ? { control: readControl(control, column, descriptions) } : {}),
  };
}

/** @throws Error when the class promises a code component and no description names one for the web */
function readControl({ attributes }: Element, column: string, descriptions: ReadonlyMap<string, Element>): ControlModel {
  const plain: ControlModel = { id: attributes.id ?? column, classId: bare(attributes.classid), column, isDisabled: attributes.disabled === 'true' };
  if (plain.classId !== COMPONENT_CLASS) return plain;
  const web = childrenOf(descriptions.get(bare(attributes.uniqueid)), 'customControl').find((each) => each.attributes.formFactor === WEB);
  if (!web) throw new Error(`The control ${plain.id} has the class of a code component, but no controlDescription names one for the web.`);
  return { ...plain, component: { name: web.attributes.name ?? '', parameters: Object.fromEntries((below(web, 'parameters')?.children ?? []).map(readParameter)) } };
}

const readParameter = ({ name, attributes, text }: Element): [string, ParameterModel] => [name, attributes.static === 'true' ? { type: attributes.type ?? '', value: text } : { type: attributes.type ?? '', column: text }];

const readHandlers = (event: Element): readonly HandlerModel[] =>
  childrenOf(childOf(event, 'Handlers'), 'Handler')
    .filter(({ attributes }) => attributes.enabled !== 'false')
    .map(({ attributes }) => ({
      event: event.attributes.name ?? '', ...(event.attributes.attribute ? { attribute: event.attributes.attribute } : {}),
      functionName: attributes.functionName ?? '', library: attributes.libraryName ?? '', passesContext: attributes.passExecutionContext === 'true',
    }));

/** GUIDs are compared without braces and in capitals. */
export const bare = (guid: string | undefined): string => (guid ?? '').replaceAll(/[{}]/g, '').toUpperCase();

export const formOf = (systemform: Element): { readonly id: string; readonly form: Element | undefined } => ({ id: bare(textOf(systemform, 'formid')), form: childOf(systemform, 'form') });
