// Opportunity form: what the screen shows besides values: controls, tabs, sections, notifications. Scripts may change all of it.
import type { FormPageModel } from '../../../dynamics/pageModels';
import type { ControlModel } from '../../../shipped/formModel';

export interface ControlState {
  readonly model: ControlModel;
  readonly section: SectionState;
  label: string;
  isVisible: boolean;
  isDisabled: boolean;
  /** By the id that whoever set it chose. */
  readonly notifications: Map<string, { readonly level: 'ERROR' | 'RECOMMENDATION'; readonly text: string }>;
  /** Handlers of a code component's events, by event. */
  readonly eventHandlers: Map<string, ((payload: unknown) => void)[]>;
  /** Puts the keyboard there; set by whoever draws the control. */
  focus?: () => void;
}

export interface SectionState {
  readonly name: string;
  readonly tab: TabState;
  label: string;
  isVisible: boolean;
}

export interface TabState {
  readonly name: string;
  label: string;
  isVisible: boolean;
  readonly sections: SectionState[];
  readonly stateHandlers: ((context: unknown) => void)[];
}

export interface FormNotification {
  readonly id: string;
  readonly level: 'ERROR' | 'WARNING' | 'INFO';
  readonly text: string;
}

export interface FormScreen {
  readonly controls: ReadonlyMap<string, ControlState>;
  readonly tabs: readonly TabState[];
  readonly notifications: FormNotification[];
  activeTab(): string;
  openTab(name: string): void;
  /** Opens the control's tab and puts the keyboard there. */
  focus(control: ControlState): void;
}

/** @param changed told whenever the screen must be drawn again */
export function createScreen({ form }: FormPageModel, changed: () => void): FormScreen {
  const controls = new Map<string, ControlState>();
  const tabs = form.tabs.map((tab): TabState => {
    const state: TabState = { name: tab.name, label: tab.label, isVisible: tab.isVisible, sections: [], stateHandlers: [] };
    for (const section of tab.columns.flatMap(({ sections }) => sections)) {
      const own: SectionState = { name: section.name, tab: state, label: section.label, isVisible: section.isVisible };
      state.sections.push(own);
      for (const { control, label, isVisible } of section.rows.flat()) {
        // A column that stands on the form twice gets a number behind its second control, as the platform does it.
        if (control) controls.set(freeName(controls, control.id), { model: control, section: own, label, isVisible, isDisabled: control.isDisabled, notifications: new Map(), eventHandlers: new Map() });
      }
    }
    return state;
  });
  let active = tabs.find(({ isVisible }) => isVisible)?.name ?? '';
  const openTab = (name: string): void => {
    active = name;
    changed();
  };
  return {
    controls, tabs, notifications: [],
    activeTab: () => active,
    openTab,
    focus(control) {
      openTab(control.section.tab.name);
      // The control is drawn first.
      setTimeout(() => control.focus?.(), 0);
    },
  };
}

function freeName(taken: ReadonlyMap<string, unknown>, id: string): string {
  let name = id;
  for (let number = 1; taken.has(name); number += 1) name = `${id}${number}`;
  return name;
}
