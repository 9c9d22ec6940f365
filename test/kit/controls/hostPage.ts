/// <reference lib="dom" />
// Test kit: the page that stands for the form. It loads the very bundles that a customer installs and does with them what the platform does.
import { createContext, type Given, type HostSettings } from './hostContext';

interface Control {
  init(context: unknown, notify: () => void, state: object): void;
  updateView(context: unknown): unknown;
  getOutputs(): Record<string, unknown>;
  destroy(): void;
}

interface Mounted {
  readonly control: Control;
  readonly element: HTMLElement;
  values: Record<string, Given>;
  settings: Partial<HostSettings>;
}

const classes = new Map<string, new () => Control>();
const mounted = new Map<string, Mounted>();
const log = { outputs: [] as object[], events: [] as object[], calls: [] as object[] };
const page = window as unknown as { ComponentFramework: object; host: object; ReactDOM: { render(element: unknown, into: Element): void; unmountComponentAtNode(from: Element): void } };

page.ComponentFramework = { registerControl: (name: string, control: new () => Control) => classes.set(name, control) };

function mount(id: string, name: string, values: Record<string, Given>, settings: Partial<HostSettings> & { readonly solutions?: object[] | 'fail' | 'never' }): void {
  const Class = classes.get(`CoSell.${name}`);
  const element = document.getElementById(id);
  if (!Class || !element) throw new Error(`no control ${name} or no element ${id}`);
  const entry: Mounted = { control: new Class(), element, values, settings: { ...settings, retrieveMultipleRecords: answer(settings.solutions ?? []), onEvent: (event, payload) => log.events.push({ id, event, payload }) } };
  mounted.set(id, entry);
  entry.control.init(createContext(entry.values, entry.settings), () => setTimeout(() => takeOutputs(id)), {});
  render(entry);
}

/** The catalogue's table. `never` keeps it waiting. */
const answer = (solutions: object[] | 'fail' | 'never'): HostSettings['retrieveMultipleRecords'] => async (table, query, size) => {
  log.calls.push({ table, query, size });
  if (solutions === 'never') return new Promise(() => undefined);
  if (solutions === 'fail') throw new Error('403');
  return { entities: solutions, nextLink: '' };
};

/** New outputs become the columns' values, and the control is shown them, as a form does. */
function takeOutputs(id: string): void {
  const entry = mounted.get(id)!;
  const outputs = entry.control.getOutputs();
  log.outputs.push({ id, ...outputs });
  entry.values = { ...entry.values, ...(outputs as Record<string, Given>) };
  render(entry);
}

function update(id: string, values: Record<string, Given>, settings: Partial<HostSettings> = {}): void {
  const entry = mounted.get(id)!;
  entry.values = { ...entry.values, ...values };
  entry.settings = { ...entry.settings, ...settings };
  render(entry);
}

const render = ({ control, element, values, settings }: Mounted): void => page.ReactDOM.render(control.updateView(createContext(values, settings)), element);

function unmount(id: string): void {
  const entry = mounted.get(id)!;
  page.ReactDOM.unmountComponentAtNode(entry.element);
  entry.control.destroy();
  mounted.delete(id);
}

page.host = { mount, update, unmount, log };
