// Opportunity form: one record that is open in a form, from reading it until it is left. Nothing of the screen and nothing of the Client API stands here.
import type { FormPageModel } from '../../../dynamics/pageModels';
import { readAccess, type RecordAccess } from './access';
import { createAttribute, type Attribute } from './attribute';
import { bareId, isSame, propertyOf, readValue, writeValue, type Row, type Value } from './values';
import { callWebApi, idOf, readRow, WebApiProblem } from './webApi';

/** How a save began (Client API, getSaveMode). */
export const saveMode = { save: 1, saveAndClose: 2, saveAndNew: 59, autosave: 70 } as const;
export type SaveMode = number;

/** As getFormType counts. */
export const formType = { create: 1, update: 2, readOnly: 3, disabled: 4 } as const;

export type SaveOutcome =
  | { readonly type: 'saved'; readonly id: string; readonly isNew: boolean }
  /** Nothing was changed; the events have fired all the same. */
  | { readonly type: 'unchanged' }
  /** A handler stopped it, or the column that must be filled first. */
  | { readonly type: 'prevented' }
  | { readonly type: 'invalid'; readonly columns: readonly string[] }
  | { readonly type: 'refused'; readonly problem: WebApiProblem }
  | { readonly type: 'busy' };

/** What scripts of the form want to know; called in this order and never after the form is left. */
export interface FormEvents {
  /** Asks the handlers of OnSave; true stops the save. Synchronous: the platform does not wait for anybody. */
  onSave(mode: SaveMode): boolean;
  onPostSave(outcome: SaveOutcome): void;
  onChange(column: string): void;
  /** 1 first load, 2 after a save, 3 refreshed. */
  onDataLoad(state: 1 | 2 | 3): void;
  /** Once at the beginning, and again when a new record was saved for the first time. */
  onLoad(): void;
}

export interface FormSession {
  /** Tells the elements of forms apart that are open at the same time. */
  readonly key: string;
  readonly page: FormPageModel;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Without braces; none until the record is saved. */
  id(): string | undefined;
  row(): Row;
  formType(): number;
  isDirty(): boolean;
  isSaving(): boolean;
  /** What the seller enters: dirty, and OnChange fires. */
  enter(column: string, value: Value): void;
  /** What a script sets: dirty, and nothing fires. */
  set(column: string, value: Value): void;
  save(mode: SaveMode): Promise<SaveOutcome>;
  /** Reads the record again; what is not saved is given up. */
  refresh(): Promise<void>;
  /** Columns that must be filled and are not. */
  missing(): readonly string[];
  events: FormEvents;
  /** Counts whatever a screen may show otherwise. */
  version(): number;
  changed(): void;
  subscribe(listener: () => void): () => void;
}

const SILENT: FormEvents = { onSave: () => false, onPostSave: () => undefined, onChange: () => undefined, onDataLoad: () => undefined, onLoad: () => undefined };

/** @param id none for a new record @param defaults values that a new record begins with @throws WebApiProblem when the record cannot be read */
export async function openSession(page: FormPageModel, id: string | undefined, defaults: Readonly<Record<string, Value>>): Promise<FormSession> {
  const onForm = columnsOnForm(page);
  const wanted = [...new Set([...onForm, ...boundColumns(page), ...always(page)])].filter((name) => page.table.columns[name] !== undefined);
  const [access, row] = await Promise.all([readAccess(page.table, id), id === undefined ? {} : readRecord(page, id, wanted)]);
  const attributes = new Map(wanted.map((name) => [name, attributeOf(page, access, onForm, name)]));
  const session = createSession(page, attributes, access, wanted, { id, row });
  for (const attribute of attributes.values()) attribute.reset(id === undefined ? null : readValue(attribute.column, row));
  if (id !== undefined) return session;
  for (const attribute of attributes.values()) attribute.reset(platformDefault(attribute));
  for (const [name, value] of Object.entries(defaults)) attributes.get(name)?.set(value);
  return session;
}

let sessions = 0;

function createSession(page: FormPageModel, attributes: ReadonlyMap<string, Attribute>, access: RecordAccess, wanted: readonly string[], opened: { id: string | undefined; row: Row }): FormSession {
  const listeners = new Set<() => void>();
  let { id, row } = opened;
  let version = 0;
  let isSaving = false;
  const changed = (): void => {
    version += 1;
    for (const listener of [...listeners]) listener();
  };
  const isClosed = (): boolean => id !== undefined && typeof row.statecode === 'number' && row.statecode !== 0;
  const isDirty = (): boolean => [...attributes.values()].some((each) => each.isDirty && each.submitMode !== 'never');

  const missing = (): readonly string[] => [...attributes.values()].filter((each) => each.requiredLevel === 'required' && each.isOnForm && each.value === null).map(({ column }) => column.name);
  /** OnChange also fires for what the form reads from the server and did not show yet (Learn, Column OnChange event). */
  const readAgain = async (discard: boolean): Promise<void> => {
    if (id === undefined) return;
    row = await readRecord(page, id, wanted);
    const changes: string[] = [];
    for (const attribute of attributes.values()) {
      const before = attribute.value;
      attribute[discard ? 'reset' : 'read'](readValue(attribute.column, row));
      if (!isSame(before, attribute.value)) changes.push(attribute.column.name);
    }
    for (const name of changes) session.events.onChange(name);
  };
  const send = async (): Promise<SaveOutcome> => {
    const sent = [...attributes.values()].filter((each) => each.submitMode === 'always' || (each.submitMode === 'dirty' && each.isDirty)).map((each) => ({ each, value: each.value }));
    if (sent.length === 0 && id !== undefined) return { type: 'unchanged' };
    const body = Object.assign({}, ...sent.map(({ each, value }) => writeValue(each.column, value, page.table))) as Record<string, unknown>;
    // The page says that the record must be there: without a condition the Web API would make one (dataverse.md section 4).
    const answer = await (id === undefined ? callWebApi('POST', page.table.set, body) : callWebApi('PATCH', `${page.table.set}(${id})`, body, { 'if-match': '*' }));
    const isNew = id === undefined;
    id ??= bareId(idOf(answer));
    for (const { each, value } of sent) each.saved(value);
    return { type: 'saved', id, isNew };
  };
  const save = async (mode: SaveMode): Promise<SaveOutcome> => {
    if (isSaving) return { type: 'busy' };
    if (missing().length > 0) return { type: 'invalid', columns: missing() };
    if (session.events.onSave(mode)) return { type: 'prevented' };
    isSaving = true;
    changed();
    let outcome: SaveOutcome;
    try {
      outcome = await send();
      if (outcome.type === 'saved') await readAgain(false);
    } catch (error) {
      outcome = { type: 'refused', problem: error instanceof WebApiProblem ? error : new WebApiProblem(0, String(error), 0, '') };
    }
    isSaving = false;
    changed();
    if (outcome.type === 'saved' && outcome.isNew) session.events.onLoad();
    if (outcome.type === 'saved') session.events.onDataLoad(2);
    session.events.onPostSave(outcome);
    return outcome;
  };

  const session: FormSession = {
    key: `form${(sessions += 1)}`,
    page, attributes, isDirty, changed, save, missing,
    events: SILENT,
    id: () => id,
    row: () => row,
    formType: () => (id === undefined ? formType.create : isClosed() ? formType.disabled : access.canWrite ? formType.update : formType.readOnly),
    isSaving: () => isSaving,
    enter(column, value) {
      attributes.get(column)?.set(value);
      session.events.onChange(column);
      changed();
    },
    set(column, value) {
      attributes.get(column)?.set(value);
      changed();
    },
    async refresh() {
      await readAgain(true);
      changed();
      session.events.onDataLoad(3);
    },
    version: () => version,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return session;
}

function attributeOf(page: FormPageModel, access: RecordAccess, onForm: ReadonlySet<string>, name: string): Attribute {
  const column = page.table.columns[name];
  if (!column) throw new Error(`There is no column ${name}.`);
  return createAttribute(column, access.securityOf(name), onForm.has(name));
}

const columnsOnForm = ({ form }: FormPageModel): ReadonlySet<string> =>
  new Set([...form.header, ...form.tabs.flatMap(({ columns }) => columns.flatMap(({ sections }) => sections.flatMap(({ rows }) => rows.flat())))].flatMap(({ control }) => (control && control.column !== '' ? [control.column] : [])));

/** Columns that code components are bound to, besides their own. */
const boundColumns = ({ form }: FormPageModel): readonly string[] =>
  form.tabs.flatMap(({ columns }) => columns.flatMap(({ sections }) => sections.flatMap(({ rows }) => rows.flat()))).flatMap(({ control }) => Object.values(control?.component?.parameters ?? {}).flatMap((each) => ('column' in each ? [each.column] : [])));

/** What a page needs of every record: its name, whether it is closed, in which currency it counts. */
const always = ({ table }: FormPageModel): readonly string[] => [table.primaryName, 'statecode', 'statuscode', 'transactioncurrencyid', 'ownerid'];

/** What the platform gives a new record by itself, and so no change of the seller's: no for yes/no, the first open status. */
function platformDefault({ column }: Attribute): Value {
  if (column.type === 'boolean') return false;
  if (column.type === 'state') return 0;
  return column.type === 'status' ? (column.choices?.find(({ state }) => state === 0)?.value ?? null) : null;
}

const readRecord = ({ table }: FormPageModel, id: string, wanted: readonly string[]): Promise<Row> => readRow(`${table.set}(${id})?$select=${wanted.flatMap((name) => (table.columns[name] ? [propertyOf(table.columns[name])] : [])).join(',')}`);
