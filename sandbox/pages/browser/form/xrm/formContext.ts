// The Client API of the try-out: formContext, over an open record and its screen.
import type { FormSession, SaveMode, SaveOutcome } from '../record/session';
import { saveMode } from '../record/session';
import type { FormScreen, SectionState, TabState } from '../record/screen';
import { bracedId } from '../record/values';
import { tellOutcome } from '../tellOutcome';
import { createAttributeApi } from './attributeApi';
import { createControlApi } from './controlApi';
import { collection, strict } from './strict';

type Handler = (context: unknown) => unknown;

/** Handlers that scripts have added, in the order of adding. */
export interface FormHandlers {
  readonly onLoad: Handler[];
  readonly onLoaded: Handler[];
  readonly onDataLoad: Handler[];
  readonly onSave: Handler[];
  readonly onPostSave: Handler[];
}

export interface FormContextParts {
  readonly session: FormSession;
  readonly screen: FormScreen;
  readonly handlers: FormHandlers;
  /** Saves as a press on the command bar would. */
  save(mode: SaveMode): Promise<SaveOutcome>;
  close(): void;
}

const MODES: Readonly<Record<string, SaveMode>> = { saveandclose: saveMode.saveAndClose, saveandnew: saveMode.saveAndNew };
const FORM_NOTIFICATIONS = ['ERROR', 'WARNING', 'INFO'] as const;

export interface FormContext {
  readonly api: object;
  attribute(name: string): object | null;
}

export function createFormContext(parts: FormContextParts): FormContext {
  const { session, screen } = parts;
  const sections = new Map<SectionState, object>();
  const controlsOf = (column: string): readonly (readonly [string, object])[] => [...controls].filter(([name]) => screen.controls.get(name)?.model.column === column);
  // Columns that no control of the form shows are not there for scripts.
  const attributes = new Map([...session.attributes].filter(([, { isOnForm }]) => isOnForm).map(([name, attribute]) => [name, createAttributeApi(attribute, session, () => controlsOf(name))]));
  const controls = new Map<string, object>();
  for (const [name, state] of screen.controls) controls.set(name, createControlApi({ name, state, session, screen, attribute: () => attributes.get(state.model.column) ?? null, section: () => sectionOf(state.section) }));
  const allAttributes = collection('attributes', () => [...attributes]);
  const allControls = collection('controls', () => [...controls]);
  const tabs = new Map(screen.tabs.map((tab) => [tab.name, createTabApi(tab, parts, () => tab.sections.map((section) => [section.name, sectionOf(section)] as const))]));
  const sectionOf = (section: SectionState): object => {
    const known = sections.get(section) ?? createSectionApi(section, parts, () => tabs.get(section.tab.name) ?? null, () => [...controls].filter(([name]) => screen.controls.get(name)?.section === section));
    sections.set(section, known);
    return known;
  };
  const pick = (all: ReadonlyMap<string, object>, list: object, which?: unknown): unknown => (typeof which === 'string' ? (all.get(which) ?? null) : (list as { get(which?: unknown): unknown }).get(which));
  const api = strict('formContext', {
    data: createDataApi(parts, allAttributes),
    ui: createUiApi(parts, allControls, collection('tabs', () => [...tabs])),
    getAttribute: (which?: unknown) => pick(attributes, allAttributes, which),
    getControl: (which?: unknown) => pick(controls, allControls, which),
  });
  return { api, attribute: (name) => attributes.get(name) ?? null };
}

function createDataApi({ session, screen, handlers, save }: FormContextParts, attributes: object): object {
  /** Rejects as the Client API does: with a number and words. */
  const saveOrReject = async (mode: SaveMode): Promise<{ savedEntityReference: object }> => {
    const outcome = await save(mode);
    if (outcome.type === 'saved' || outcome.type === 'unchanged') return { savedEntityReference: reference(session) };
    throw outcome.type === 'refused' ? { errorCode: outcome.problem.errorCode, message: outcome.problem.message } : { errorCode: 0, message: outcome.type };
  };
  const entity = strict('formContext.data.entity', {
    attributes,
    getId: () => (session.id() === undefined ? '' : bracedId(session.id() ?? '')),
    getEntityName: () => session.page.table.name,
    getEntityReference: () => reference(session),
    getPrimaryAttributeValue: () => session.attributes.get(session.page.table.primaryName)?.value ?? null,
    getIsDirty: session.isDirty,
    isValid: () => session.missing().length === 0,
    addOnSave: (handler: Handler) => void handlers.onSave.push(handler),
    removeOnSave: (handler: Handler) => remove(handlers.onSave, handler),
    addOnPostSave: (handler: Handler) => void handlers.onPostSave.push(handler),
    removeOnPostSave: (handler: Handler) => remove(handlers.onPostSave, handler),
    save: (mode?: string) => void save(MODES[mode ?? ''] ?? saveMode.save),
  });
  return strict('formContext.data', {
    entity, attributes,
    getIsDirty: session.isDirty,
    // Asked, the form points at what is missing (Learn, formContext.data.isValid).
    isValid: () => (tellOutcome(session, screen, { type: 'invalid', columns: session.missing() }), session.missing().length === 0),
    // No business process flow stands on this form.
    process: undefined,
    addOnLoad: (handler: Handler) => void handlers.onDataLoad.push(handler),
    removeOnLoad: (handler: Handler) => remove(handlers.onDataLoad, handler),
    save: (options?: { saveMode?: SaveMode }) => saveOrReject(options?.saveMode ?? saveMode.save),
    async refresh(isSaving?: boolean) {
      if (isSaving === true) await saveOrReject(saveMode.save);
      await session.refresh();
    },
  });
}

const reference = (session: FormSession): object => ({ entityType: session.page.table.name, id: session.id() === undefined ? '' : bracedId(session.id() ?? ''), name: String(session.attributes.get(session.page.table.primaryName)?.value ?? '') });

function createUiApi({ session, screen, handlers, close }: FormContextParts, controls: object, tabs: object): object {
  return strict('formContext.ui', {
    controls, tabs, close,
    getFormType: session.formType,
    getViewPortWidth: () => document.documentElement.clientWidth,
    getViewPortHeight: () => document.documentElement.clientHeight,
    refreshRibbon: () => session.changed(),
    setFormEntityName: () => undefined,
    addOnLoad: (handler: Handler) => void handlers.onLoad.push(handler),
    removeOnLoad: (handler: Handler) => remove(handlers.onLoad, handler),
    addLoaded: (handler: Handler) => void handlers.onLoaded.push(handler),
    removeLoaded: (handler: Handler) => remove(handlers.onLoaded, handler),
    setFormNotification(text: string, level: string, id: string) {
      const known = FORM_NOTIFICATIONS.find((each) => each === level);
      if (!known || !id) return false;
      clear(screen, id);
      screen.notifications.push({ id, level: known, text });
      session.changed();
      return true;
    },
    clearFormNotification(id: string) {
      const isThere = clear(screen, id);
      session.changed();
      return isThere;
    },
    formSelector: strict('formContext.ui.formSelector', { getCurrentItem: () => strict('formItem', { getId: () => session.page.form.id, getLabel: () => session.page.form.name, getVisible: () => true, navigate: () => undefined, setVisible: () => undefined }) }),
    process: undefined,
  });
}

function clear(screen: FormScreen, id: string): boolean {
  const at = screen.notifications.findIndex((each) => each.id === id);
  if (at >= 0) screen.notifications.splice(at, 1);
  return at >= 0;
}

const createTabApi = (tab: TabState, { screen, session }: FormContextParts, sections: () => readonly (readonly [string, object])[]): object =>
  strict(`tab ${tab.name}`, {
    getName: () => tab.name,
    getLabel: () => tab.label,
    setLabel: (label: string) => (void (tab.label = label), session.changed()),
    getVisible: () => tab.isVisible,
    setVisible: (isVisible: boolean) => (void (tab.isVisible = isVisible), session.changed()),
    getDisplayState: () => (screen.activeTab() === tab.name ? 'expanded' : 'collapsed'),
    setDisplayState: (state: string) => (state === 'expanded' ? screen.openTab(tab.name) : undefined),
    setFocus: () => screen.openTab(tab.name),
    getParent: () => null,
    addTabStateChange: (handler: Handler) => void tab.stateHandlers.push(handler),
    removeTabStateChange: (handler: Handler) => remove(tab.stateHandlers, handler),
    sections: collection(`tab ${tab.name}.sections`, sections),
  });

const createSectionApi = (section: SectionState, { session }: FormContextParts, tab: () => object | null, controls: () => readonly (readonly [string, object])[]): object =>
  strict(`section ${section.name}`, {
    getName: () => section.name,
    getLabel: () => section.label,
    setLabel: (label: string) => (void (section.label = label), session.changed()),
    getVisible: () => section.isVisible,
    setVisible: (isVisible: boolean) => (void (section.isVisible = isVisible), session.changed()),
    getParent: tab,
    controls: collection(`section ${section.name}.controls`, controls),
  });

/** Removing takes every place at which the function stands. */
function remove(handlers: Handler[], handler: Handler): void {
  for (let at = handlers.length - 1; at >= 0; at -= 1) if (handlers[at] === handler) handlers.splice(at, 1);
}
