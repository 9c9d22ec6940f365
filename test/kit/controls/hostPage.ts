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
  readonly element: object;
  values: Record<string, Given>;
  settings: Partial<HostSettings>;
}

const classes = new Map<string, new () => Control>();
const mounted = new Map<string, Mounted>();
export interface Log {
  readonly outputs: Record<string, unknown>[];
  readonly events: { readonly event: string; readonly payload: unknown }[];
  readonly calls: { readonly table: string; readonly query: string | undefined; readonly size: number | undefined }[];
}

const log: Log = { outputs: [], events: [], calls: [] };
/** As little of a page as this needs: tests are compiled without the types of one. */
interface Element {
  className: string;
  id: string;
  textContent: string;
  append(...children: Element[]): void;
  readonly dataset: Record<string, string>;
  readonly style: { setProperty(name: string, value: string): void };
}
const page = globalThis as unknown as {
  ComponentFramework: object;
  host: object;
  readonly document: { getElementById(id: string): Element | null; createElement(tag: string): Element; querySelector(selector: string): Element; readonly documentElement: Element };
  readonly ReactDOM: { render(element: unknown, into: object): void; unmountComponentAtNode(from: object): void };
};
const { document } = page;

page.ComponentFramework = { registerControl: (name: string, control: new () => Control) => classes.set(name, control) };

function mount(id: string, name: string, values: Record<string, Given>, settings: Partial<HostSettings> & { readonly solutions?: object[] | 'fail' | 'never' }): void {
  const Class = classes.get(`CoSell.${name}`);
  const element = document.getElementById(id);
  if (!Class || !element) throw new Error(`no control ${name} or no element ${id}`);
  const entry: Mounted = { control: new Class(), element, values, settings: { ...settings, retrieveMultipleRecords: answer(settings.solutions ?? []), onEvent: (event, payload) => log.events.push({ event, payload }) } };
  mounted.set(id, entry);
  entry.control.init(createContext(entry.values, entry.settings), () => setTimeout(() => takeOutputs(id), settings.takesAfter), {});
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

/** The page itself: language, direction, look. */
function prepare(lang: string, dir: string, theme: string, columns: number): void {
  Object.assign(document.documentElement, { lang, dir });
  document.documentElement.dataset.theme = theme;
  document.documentElement.style.setProperty('--columns', String(columns));
}

/** A card with a heading, and in it a place for a control. */
function card(id: string, title: string): void {
  const [article, heading, frame, place] = ['article', 'h2', 'div', 'div'].map((tag) => document.createElement(tag)) as [Element, Element, Element, Element];
  Object.assign(heading, { textContent: title });
  Object.assign(frame, { className: 'card' });
  Object.assign(place, { id });
  frame.append(place);
  article.append(heading, frame);
  document.querySelector('main').append(article);
}

const host = { prepare, card, mount, update, unmount, log };
export type Host = typeof host;
page.host = host;
