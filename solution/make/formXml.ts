// Solution sources: the tab "Partner Center" as a diff to the Opportunity form of Dynamics 365 Sales, and the whole form of the catalogue.
//
// A form that the target environment holds as managed is merged from diffs: only what is added stands here, each added container says so once, and
// its children carry their place (Microsoft Learn, "Maintain managed model-driven app forms").
import { catalogueColumns } from '../model/catalogue';
import { classIds, codeComponentClassId } from '../model/classIds';
import { columns } from '../model/columns';
import { controls, type ControlModel } from '../model/controls';
import { catalogueTab, opportunityForm, partnerCenterTab, type CellModel, type SectionModel, type TabModel } from '../model/forms';
import { handlers, scriptLibrary } from '../model/webResources';
import { both, type Words } from '../model/words';
import { el, texts, xsi, type Element } from '../xml/element';
import type { Ids } from './ids';
import { descriptions, labels, localizedNames } from './labels';
import { introduced } from './version';

const ADDED = 'Added';
/** No other publisher's tab shall claim the same place: tabs that clash land on a "Conflicts Tab". */
const TAB_PLACE = 48_120;

export function opportunityFormXml(ids: Ids): Element {
  const of = (part: string): string => ids.braced(`opportunity form, ${part}`);
  const taken = partnerCenterTab.columns.flatMap((column) => column.sections).flatMap((section) => section.cells).filter((cell) => cell.control);
  return file(`{${opportunityForm.id}}`, [
    el('form', {}, [
      el('tabs', {}, [tabXml(partnerCenterTab, of, { ordinalvalue: TAB_PLACE, solutionaction: ADDED })]),
      el('controlDescriptions', {}, taken.map((cell) => controlDescription(cell, of))),
      el('events', {}, [eventXml('onload', handlers.onLoad, of, inBulkEdit), eventXml('onsave', handlers.onSave, of)]),
      el('formLibraries', {}, [el('Library', { name: scriptLibrary, libraryUniqueId: of(`library ${scriptLibrary}`), solutionaction: ADDED })]),
    ]),
    localizedNames(opportunityForm.label),
  ], '5.0.0.0');
}

export function catalogueFormXml(ids: Ids): { readonly id: string; readonly element: Element } {
  const id = ids.braced('solution form');
  const element = file(id, [
    el('form', {}, [el('tabs', {}, [tabXml(catalogueTab, (part) => ids.braced(`solution form, ${part}`), {})]), el('DisplayConditions', { Order: 0, FallbackForm: 'true' }, [el('Everyone')])]),
    ...texts({ IsCustomizable: 1, CanBeDeleted: 1 }),
    localizedNames(both('Co-sell solution', '联合销售解决方案')),
    descriptions(both('A solution that sellers pick under Products.', '销售人员在“产品”中选择的解决方案。')),
  ], introduced);
  return { id, element };
}

const file = (formId: string, content: readonly Element[], since: string): Element =>
  el('forms', xsi, [el('systemform', {}, [...texts({ formid: formId, IntroducedVersion: since, FormPresentation: 1, FormActivationState: 1 }), ...content])]);

type IdOf = (part: string) => string;

function tabXml(tab: TabModel, of: IdOf, diff: Readonly<Record<string, string | number>>): Element {
  return el('tab', { name: tab.name, id: of(`tab ${tab.name}`), IsUserDefined: 0, locklevel: 0, showlabel: 'true', expanded: 'true', labelid: of(`tab ${tab.name} label`), verticallayout: 'true', ...diff }, [
    labels(tab.label),
    el('columns', {}, tab.columns.map((column, at) =>
      el('column', { width: column.width, ...(isDiff(diff) ? { id: at } : {}) }, [el('sections', {}, column.sections.map((section, place) => sectionXml(section, of, isDiff(diff) ? place : undefined)))]))),
  ]);
}

const isDiff = (diff: object): boolean => 'solutionaction' in diff;

/** @param place among the sections of its column, in a diff */
function sectionXml(section: SectionModel, of: IdOf, place: number | undefined): Element {
  const id = of(`section ${section.name}`);
  return el('section', {
    name: section.name, id, IsUserDefined: 0, locklevel: 0, showlabel: String(!section.hidden), showbar: 'false', ...(section.hidden ? { visible: 'false' } : {}),
    layout: 'varwidth', celllabelalignment: 'Left', celllabelposition: 'Left', columns: 1, labelwidth: 115, labelid: of(`section ${section.name} label`), ordinalvalue: place,
  }, [
    labels(section.label),
    el('rows', {}, section.cells.map((cell, at) => el('row', {}, [cellXml(cell, section, of, place === undefined ? undefined : at)]))),
  ]);
}

function cellXml(cell: CellModel, section: SectionModel, of: IdOf, place: number | undefined): Element {
  const part = `${section.name}, ${cell.column}`;
  return el('cell', { id: of(`cell ${part}`), labelid: of(`cell ${part} label`), locklevel: 0, colspan: 1, rowspan: 1, showlabel: String(!cell.noLabel), ordinalvalue: place === undefined ? undefined : 10_000 + place }, [
    labels(labelOf(cell.column)),
    el('control', {
      id: cell.column, classid: cell.control ? codeComponentClassId : classIds[kindOf(cell.column)], datafieldname: cell.column, disabled: String(cell.readOnly ?? false),
      uniqueid: cell.control ? of(`control ${cell.control}`) : undefined,
    }),
  ]);
}

const modelOf = (column: string): (typeof columns)[number] | undefined => [...columns, ...catalogueColumns].find((each) => each.name === column);
const kindOf = (column: string): keyof typeof classIds => modelOf(column)?.kind ?? 'lookup';
const labelOf = (column: string): Words => modelOf(column)?.label ?? both('Owner', '负责人');

/** The plain control first, for clients that cannot show ours; then ours on phone (0), tablet (1) and web (2). */
function controlDescription(cell: CellModel, of: IdOf): Element {
  const control = controls.find((each) => each.folder === cell.control) as ControlModel;
  const plain = el('customControl', { id: classIds[kindOf(cell.column)] }, [el('parameters', {}, [el('datafieldname', {}, cell.column)])]);
  const properties = control.properties.map(([property, column, type]) => el(property, { type }, column));
  const own = [0, 1, 2].map((formFactor) => el('customControl', { formFactor, name: control.name }, [el('parameters', {}, properties)]));
  return el('controlDescription', { forControl: of(`control ${control.folder}`), solutionaction: ADDED }, [plain, ...own]);
}

/** Where many rows are edited at once, no handler runs unless its event says so, and only OnLoad may (Learn, Events in forms and grids): it takes the switch away there. */
const inBulkEdit = { BehaviorInBulkEditForm: 'Enabled' };

function eventXml(name: string, functionName: string, of: IdOf, more: Readonly<Record<string, string>> = {}): Element {
  const handler = { functionName, libraryName: scriptLibrary, handlerUniqueId: of(`handler ${functionName}`), enabled: 'true', parameters: '', passExecutionContext: 'true' };
  return el('event', { name, ...more, application: 'false', active: 'false', solutionaction: ADDED }, [el('Handlers', {}, [el('Handler', handler)])]);
}
