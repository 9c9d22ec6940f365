// Opportunity form: everything that is open while a form is: record, screen, scripts, dialogs, and the clock of the autosave.
import type { FormPageModel } from '../../dynamics/pageModels';
import type { TableModel } from '../../dynamics/tableModel';
import { readSettings } from '../settings';
import { createDialogs, type Dialogs } from './dialogs';
import { keepAutosave } from './autosave';
import { tellOutcome } from './tellOutcome';
import { dollars, loadCurrencies } from './record/currencies';
import { createScreen, type FormScreen } from './record/screen';
import { openSession, saveMode, type FormSession, type SaveMode, type SaveOutcome } from './record/session';
import { bareId, bracedId, type Value } from './record/values';
import { createEvents, loadScript } from './scripts';
import { createFormContext, type FormHandlers } from './xrm/formContext';
import { createXrm, type XrmGlobal } from './xrm/xrm';

export interface OpenForm {
  readonly session: FormSession;
  readonly screen: FormScreen;
  readonly dialogs: Dialogs;
  /** Saves as the command bar does, and goes where the mode says. */
  save(mode: SaveMode): Promise<SaveOutcome>;
  /** The command of that name: back to where the seller came from. */
  saveAndClose(): Promise<SaveOutcome>;
  /** Leaves for another address; what is not saved is saved first, or asked about. */
  leave(address: string): Promise<void>;
  close(): Promise<void>;
  /** The Refresh button: the data anew, and the form's OnLoad again. */
  reload(): Promise<void>;
  /** Why a script failed last, in words. */
  scriptProblem(): string | undefined;
  dispose(): void;
}

export interface FormTarget {
  readonly table: string;
  readonly id: string | undefined;
  /** `quick` and `dialog` lie over the page and are closed by themselves. */
  readonly place: 'page' | 'quick' | 'dialog';
  readonly defaults: Readonly<Record<string, Value>>;
  readonly onClose?: () => void;
}

let sharedDialogs: Dialogs | undefined;
export const pageDialogs = (): Dialogs => (sharedDialogs ??= createDialogs());

/** @throws Error or WebApiProblem when form or record cannot be had */
export async function openForm(target: FormTarget): Promise<OpenForm> {
  const [page] = await Promise.all([fetchJson<FormPageModel>(`/shipped/form/${target.table}${target.place === 'quick' ? '?quick' : ''}`), loadCurrencies()]);
  const session = await openSession(page, target.id, target.id === undefined ? { ...ownDefaults(page), ...target.defaults } : {});
  const screen = createScreen(page, session.changed);
  const dialogs = pageDialogs();
  const handlers: FormHandlers = { onLoad: [], onLoaded: [], onDataLoad: [], onSave: [], onPostSave: [] };
  const moves = createMoves(session, screen, dialogs, target);
  const formContext = createFormContext({ session, screen, handlers, save: moves.save, close: () => void moves.close() });
  const xrm = openXrm(dialogs);
  if (target.place === 'page') pageForm = { target, session, leave: moves.leave };
  let problem: string | undefined;
  session.events = createEvents({ session, formContext, handlers, globalContext: xrm.globalContext, failed: (message) => (void (problem = message), session.changed()) });
  for (const library of page.form.libraries) await loadScript(`/WebResources/${library}`);
  session.events.onLoad();
  session.events.onDataLoad(1);
  const stop = target.place === 'quick' ? (): void => undefined : keepAutosave(session, () => void moves.save(saveMode.autosave));
  const reload = async (): Promise<void> => {
    await session.refresh();
    session.events.onLoad();
  };
  return { session, screen, dialogs, ...moves, reload, scriptProblem: () => problem, dispose: stop };
}

/** A new record is in the organisation's currency and belongs to whoever makes it. */
function ownDefaults({ table }: FormPageModel): Record<string, Value> {
  const { user } = readSettings();
  const currency = dollars();
  return {
    ...(table.columns.transactioncurrencyid && currency ? { transactioncurrencyid: [{ id: bracedId(currency.id), name: currency.name, entityType: 'transactioncurrency' }] } : {}),
    ...(table.columns.ownerid && user ? { ownerid: [{ id: bracedId(user.id), name: user.name, entityType: 'systemuser' }] } : {}),
  };
}

type Moves = Pick<OpenForm, 'save' | 'saveAndClose' | 'leave' | 'close'>;

function createMoves(session: FormSession, screen: FormScreen, dialogs: Dialogs, target: FormTarget): Moves {
  const go = openAnywhere;
  /** Where the seller wanted to go when the save began that is to close the form. */
  let destination: string | undefined;
  const back = (): void => {
    if (destination !== undefined) go(destination);
    else leaveHistory();
  };
  const leaveHistory = (): void => (history.length > 1 && document.referrer.startsWith(location.origin) ? history.back() : go(readSettings().paths.list));
  const save = async (mode: SaveMode): Promise<SaveOutcome> => {
    const outcome = await session.save(mode);
    if (mode !== saveMode.autosave || outcome.type === 'saved') tellOutcome(session, screen, outcome);
    if (outcome.type !== 'saved' && outcome.type !== 'unchanged') return outcome;
    if (target.place === 'quick' || (target.place === 'dialog' && mode === saveMode.saveAndClose)) target.onClose?.();
    else if (target.place === 'dialog') return outcome;
    else if (mode === saveMode.saveAndClose) back();
    else if (mode === saveMode.saveAndNew) go(formAddress(session.page.table.name, undefined));
    else if (outcome.type === 'saved' && outcome.isNew) history.replaceState(null, '', formAddress(session.page.table.name, outcome.id));
    return outcome;
  };
  const askUnsaved = async (): Promise<void> => {
    const choice = await dialogs.askUnsaved();
    if (choice === 'discard') (target.onClose ?? back)();
    if (choice === 'save') await save(saveMode.saveAndClose);
  };
  /** Leaving a record that exists saves and closes it, as the platform does with autosave on (Learn, getSaveMode); a new one is asked about. */
  const settle = async (address?: string): Promise<void> => {
    destination = address;
    if (!session.isDirty()) return (target.onClose ?? back)();
    if (session.id() === undefined) return askUnsaved();
    const { type } = await save(saveMode.saveAndClose);
    // A script that stopped the save may be asking something itself.
    if (type !== 'saved' && type !== 'unchanged' && !dialogs.open) await askUnsaved();
  };
  return {
    save,
    saveAndClose() {
      destination = undefined;
      return save(saveMode.saveAndClose);
    },
    leave: settle,
    async close() {
      if (target.place === 'quick') target.onClose?.();
      else await settle();
    },
  };
}

export const formAddress = (table: string, id: string | undefined): string => `/dynamics/form?table=${table}${id === undefined ? '' : `&id=${id}`}`;

/** Leaves a page on which nothing can be unsaved. */
export const openAnywhere = (address: string): void => void (location.href = address);

let page: XrmGlobal | undefined;

/** The form that the page itself shows, none on a list. */
let pageForm: { readonly target: FormTarget; readonly session: FormSession; leave(address: string): Promise<void> } | undefined;

/** One Xrm for a page; forms that lie over it share it. */
function openXrm(dialogs: Dialogs): XrmGlobal {
  if (page) return page;
  const leave = async (address: string): Promise<void> => (pageForm ? pageForm.leave(address) : openAnywhere(address));
  page = createXrm({
    dialogs,
    table: (name) => fetchTable(name),
    async openRecord(table, id, { inNewWindow, isQuick, inDialog }) {
      const bare = id === undefined ? undefined : bareId(id);
      if (isQuick) await dialogs.openRecord({ kind: 'quick', table });
      else if (inDialog) await dialogs.openRecord({ kind: 'record', table, id: bare });
      else if (inNewWindow) window.open(formAddress(table, bare), '_blank', 'noopener');
      else await leave(formAddress(table, bare));
      return { savedEntityReference: [] };
    },
    openList: (table, view) => void leave(`/dynamics/list?table=${table}${view ? `&view=${view}` : ''}`),
    page: () => (pageForm ? { pageType: 'entityrecord', entityName: pageForm.target.table, entityId: pageForm.session.id() } : { pageType: 'entitylist' }),
  });
  (window as unknown as { Xrm: object }).Xrm = page.api;
  return page;
}

const tables = new Map<string, Promise<TableModel>>();

/** A table's columns, read once for a page. */
export function fetchTable(name: string): Promise<TableModel> {
  const known = tables.get(name) ?? fetchJson<TableModel>(`/shipped/table/${name}`);
  tables.set(name, known);
  return known;
}

/** @throws Error with the server's own words */
export async function fetchJson<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  const body = (await answer.json()) as T & { error?: { message: string } };
  if (!answer.ok) throw new Error(body.error?.message ?? `${answer.status}`);
  return body;
}
