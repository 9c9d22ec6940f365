// The Client API of the try-out: formContext.getControl(...).
import type { FormSession } from '../record/session';
import type { ControlState, FormScreen } from '../record/screen';
import { strict } from './strict';

const KINDS: Readonly<Record<string, string>> = { string: 'standard', memo: 'standard', boolean: 'boolean', picklist: 'optionset', state: 'optionset', status: 'optionset', lookup: 'lookup' };

export interface ControlParts {
  readonly name: string;
  readonly state: ControlState;
  readonly session: FormSession;
  readonly screen: FormScreen;
  readonly attribute: () => object | null;
  readonly section: () => object;
}

export function createControlApi({ name, state, session, screen, attribute, section }: ControlParts): object {
  const { model, notifications, eventHandlers } = state;
  const type = session.page.table.columns[model.column]?.type ?? 'string';
  const component = model.component && session.page.components[model.component.name];
  const handlersOf = (event: string): ((payload: unknown) => void)[] => {
    if (component && !component.events.includes(event)) throw new Error(`${component.name} has no event "${event}". It has: ${component.events.join(', ') || 'none'}.`);
    const known = eventHandlers.get(event) ?? [];
    eventHandlers.set(event, known);
    return known;
  };
  const change = (deed: () => void): void => {
    deed();
    session.changed();
  };
  return strict(`control ${name}`, {
    getName: () => name,
    getControlType: () => (component ? `customcontrol:${component.name}` : (KINDS[type] ?? 'standard')),
    getLabel: () => state.label,
    setLabel: (label: string) => change(() => void (state.label = label)),
    getVisible: () => state.isVisible,
    setVisible: (isVisible: boolean) => change(() => void (state.isVisible = isVisible)),
    getDisabled: () => state.isDisabled,
    setDisabled: (isDisabled: boolean) => change(() => void (state.isDisabled = isDisabled)),
    setFocus: () => screen.focus(state),
    getAttribute: attribute,
    getParent: section,
    setNotification: (text: string, id = '') => (change(() => void notifications.set(id, { level: 'ERROR', text })), true),
    addNotification: ({ messages, notificationLevel = 'ERROR', uniqueId }: { messages: string[]; notificationLevel?: 'ERROR' | 'RECOMMENDATION'; uniqueId: string }) => (change(() => void notifications.set(uniqueId, { level: notificationLevel, text: messages.join(' ') })), true),
    clearNotification: (id?: string) => (change(() => (id === undefined ? notifications.clear() : notifications.delete(id))), true),
    // Only code components have events of their own (Client API, addEventHandler); scripts may ask whether these methods are there.
    addEventHandler: component ? (event: string, handler: (payload: unknown) => void) => void handlersOf(event).push(handler) : undefined,
    removeEventHandler: component ? (event: string, handler: (payload: unknown) => void) => void eventHandlers.set(event, handlersOf(event).filter((each) => each !== handler)) : undefined,
    getOutputs: component ? () => ({}) : undefined,
  });
}
