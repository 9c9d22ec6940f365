// Test kit: an opportunity's form over xrm-mock, made as the platform is where the mock is kinder or wrong, with the row that Dataverse holds behind it.
// Dirty means "differs from what was last read", a save sends what is dirty or "always" and reads every column afresh, whatever its submit mode
// (Learn, getIsDirty, setSubmitMode); PostSave comes after success and refusal alone; OnLoad comes again after the first save.
import { XrmMockGenerator, SaveEventArgumentsMock } from 'xrm-mock';
import { Form } from '../../webresources/main';

export type Cells = Readonly<Record<string, unknown>>;
type Handler = (context: unknown) => void;

/** What is used of the mock's column. */
interface Column {
  value: unknown;
  eventHandlers: unknown[];
  getValue(): unknown;
  setValue(value: unknown): void;
  getIsDirty(): boolean;
  getSubmitMode(): string;
  fireOnChange(): void;
  removeOnChange(handler: unknown): void;
}

let forms = 0;
export const status = { notShared: 481200000, pending: 481200001, synced: 481200002, needsAttention: 481200003, conflict: 481200004, failed: 481200005 } as const;
export const action = { syncNow: 481200000 } as const;
export const help = { poc: 481200002 } as const;
export const visibility = { private: 481200000, visible: 481200001 } as const;
export const mode = { save: 1, saveAndClose: 2, deactivate: 5, assign: 47, saveAndNew: 59, autosave: 70 } as const;

/** What a row holds when nothing was ever shared. */
export const plain: Cells = {
  name: 'Adventure Works – Azure data platform', estimatedvalue: 450000, estimatedclosedate: '2027-03-15', description: null, closeprobability: 20,
  transactioncurrencyid: { table: 'transactioncurrency', id: 'c0000000-0000-4000-8000-000000000001' },
  parentaccountid: { table: 'account', id: 'acc00000-0000-4000-8000-000000000001' }, customerid: null, parentcontactid: null, statecode: 0,
  cosell_syncwithpartnercenter: false, cosell_products: 'SOL-12345-ABC', cosell_howcanmicrosofthelp: null, cosell_notestomicrosoft: null, cosell_referralvisibility: null,
  cosell_syncstatus: null, cosell_syncdetails: null, cosell_conflictchoices: null, cosell_requestedaction: null, cosell_requestedreason: null, cosell_referralidentifier: null,
  cosell_referrallink: null, cosell_microsoftreferralstatus: null, cosell_microsoftcrmidentifier: null, cosell_lastsyncedon: null, cosell_audit: null,
};

/** A private deal that Partner Center has, in order. */
export const shared: Cells = {
  ...plain, cosell_syncwithpartnercenter: true, cosell_syncstatus: status.synced, cosell_referralidentifier: 'r-1', cosell_lastsyncedon: '2026-11-23T10:00:00Z',
  cosell_syncdetails: JSON.stringify({ frozen: { fields: ['name', 'customer.name'] } }),
};

export interface Opened {
  /** The record's, as the Web API writes it. */
  readonly id: string;
  readonly form: Xrm.FormContext;
  /** What Dataverse holds. */
  readonly row: Record<string, unknown>;
  /** Web API calls of the script, oldest first: `read`, `ring`, `write`. */
  readonly calls: string[];
  readonly writes: Cells[];
  /** What each save sent, and `stopped` for a save that was prevented. */
  readonly saves: (Cells | 'stopped')[];
  readonly dialogs: { title: string; text: string; answer(confirmed: boolean): Promise<void>; fail(): Promise<void> }[];
  readonly notifications: Map<string, string>;
  readonly refreshes: string[];
  /** Set to say how things go. */
  readonly world: { bell: 'heard' | 'missed'; reads: 'answered' | 'refused'; writes: 'taken' | 'refused'; save: 'taken' | 'refused' | 'slow'; isValid: boolean; offline: boolean };
  set(column: string, value: unknown): void;
  shown(column: string): unknown;
  /** As a control does: the value changes and OnChange runs. */
  output(values: Cells): void;
  save(how?: number): void;
  load(): void;
  isDirty(): boolean;
  /** The form shows another record from now on, or none; `page` alone: the page does, and the closed form still answers. */
  leave(what?: 'form' | 'page'): void;
  /** A save that was begun while `world.save` was `slow` comes to its end. */
  finishSave(): void;
  /** As the form declares them, ours first. */
  readonly onSave: Handler[];
}

/** Opens the form of a record, or of a new one, and lets the script's OnLoad run. */
export function openForm(row: Cells, options: { isNew?: boolean; without?: readonly string[]; type?: number; language?: number; load?: boolean; isOlder?: boolean } = {}): Opened {
  const held: Record<string, unknown> = { ...row };
  const own = `0a11ce00-0000-4000-8000-${String((forms += 1)).padStart(12, '0')}`;
  const shownId = `{${own.toUpperCase()}}`;
  const xrm = XrmMockGenerator.initialise({ entity: { id: shownId, entityName: 'opportunity' } as never });
  const form = XrmMockGenerator.getFormContext() as unknown as Xrm.FormContext;
  let id = options.isNew ? '' : shownId;
  let page: string | undefined;
  let finish = (): void => undefined;
  let type = options.type ?? (options.isNew ? 1 : 2);
  const names = Object.keys(row).filter((name) => !options.without?.includes(name));
  const base: Record<string, unknown> = {};
  const columns = new Map(names.map((name) => [name, place(name, row[name])]));
  const opened: Opened = {
    id: own, form, row: held, calls: [], writes: [], saves: [], dialogs: [], notifications: new Map(), refreshes: [], onSave: [Form.onSave as Handler],
    world: { bell: 'heard', reads: 'answered', writes: 'taken', save: 'taken', isValid: true, offline: false },
    set: (name, value) => column(name).setValue(value),
    shown: (name) => column(name).getValue(),
    output: (values) => {
      for (const [name, value] of Object.entries(values)) {
        column(name).setValue(value);
        column(name).fireOnChange();
      }
    },
    save: (how = mode.save) => save(how),
    load: () => Form.onLoad(context() as never),
    isDirty: () => [...columns.values()].some((each) => each.getSubmitMode() !== 'never' && each.getIsDirty()),
    leave: (what = 'form') => {
      page = '{0A11CE00-0000-4000-8000-FFFFFFFFFFFF}';
      if (what === 'form') id = page;
    },
    finishSave: () => finish(),
  };

  function place(name: string, value: unknown): Column {
    const made = make(name, toForm(value));
    base[name] = made.getValue();
    made.getIsDirty = () => print(made.getValue()) !== print(base[name]);
    // The mock takes away the last handler when it does not know the one it is given.
    made.removeOnChange = (handler) => void (made.eventHandlers = made.eventHandlers.filter((each) => each !== handler));
    return made;
  }
  const column = (name: string): Column => columns.get(name) ?? fail(`${name} is not on the form`);
  const context = (more: object = {}): object => ({ getFormContext: () => form, ...more });

  // The record, and saving it.
  const entity = form.data.entity as unknown as Record<string, unknown> & { postSaveEventHandlers: Handler[] };
  entity.getId = () => id;
  entity.getEntityReference = () => ({ entityType: 'opportunity', id });
  let added: Handler[] = []; // they run after those that the form declares (Learn, addOnSave)
  entity.addOnSave = (handler: Handler) => void added.push(handler);
  entity.removeOnSave = (handler: Handler) => (added = added.filter((each) => each !== handler));
  entity.removeOnPostSave = (handler: Handler) => (entity.postSaveEventHandlers = entity.postSaveEventHandlers.filter((each) => each !== handler));
  entity.save = (option?: string) => save(option === 'saveandclose' ? mode.saveAndClose : option === 'saveandnew' ? mode.saveAndNew : mode.save);
  let loaded: Handler[] = [];
  Object.assign(form.data, {
    addOnLoad: (handler: Handler) => void loaded.push(handler), removeOnLoad: (handler: Handler) => (loaded = loaded.filter((each) => each !== handler)),
    isValid: () => opened.world.isValid, refresh: async (saves: boolean) => refresh(saves),
  });
  Object.assign(form.ui, {
    getFormType: () => type,
    setFormNotification: (text: string, level: string, key: string) => void opened.notifications.set(key, `${level}: ${text}`),
    clearFormNotification: (key: string) => opened.notifications.delete(key),
  });

  function save(how: number): void {
    const args = new SaveEventArgumentsMock(how as never);
    for (const handler of [...opened.onSave, ...added]) handler(context({ getEventArgs: () => args }));
    if (args.isDefaultPrevented()) return void opened.saves.push('stopped');
    const sent = [...columns].filter(([, each]) => each.getSubmitMode() === 'always' || (each.getSubmitMode() !== 'never' && (each.getIsDirty() || id === '')));
    opened.saves.push(Object.fromEntries(sent.map(([name, each]) => [name, each.getValue()])));
    finish = () => conclude(sent.map(([name, each]) => [name, each.getValue()]), how);
    if (opened.world.save !== 'slow') finish();
  }

  function conclude(sent: readonly [string, unknown][], how: number): void {
    const isTaken = opened.world.save !== 'refused';
    const isFirst = isTaken && id === '';
    if (isTaken) {
      for (const [name, value] of sent) held[name] = toStored(value);
      id = shownId;
      if (type === 1) type = 2;
      readAfresh();
      if (how === mode.saveAndNew) [id, type] = ['', 1];
    }
    const reference = { entityType: 'opportunity', id: isTaken ? shownId : id };
    const result = { getIsSaveSuccess: () => isTaken, getEntityReference: () => reference, getSaveErrorInfo: () => ({}) };
    for (const handler of [...entity.postSaveEventHandlers]) handler(context({ getEventArgs: () => result }));
    if (isFirst && how === mode.save && type === 2) opened.load();
  }

  function readAfresh(): void {
    for (const [name, each] of columns) {
      const before = print(each.getValue());
      each.value = toForm(held[name]);
      base[name] = each.value;
      if (print(each.value) !== before) each.fireOnChange();
    }
    for (const handler of loaded) handler(context());
  }

  function refresh(saves: boolean): void {
    opened.refreshes.push(opened.isDirty() ? 'dirty' : 'clean');
    if (saves) save(mode.save);
    readAfresh();
  }

  // Dataverse, the app and the dialogs.
  Object.assign(xrm.WebApi, {
    retrieveRecord: async (_table: string, of: string, query: string) => {
      opened.calls.push('read');
      if (opened.world.reads === 'refused') throw new Error('read refused');
      if (of !== own) throw new Error(`no row ${of}`);
      return answer(held, query.replace('?$select=', '').split(','));
    },
    updateRecord: async (_table: string, of: string, values: Cells) => {
      opened.calls.push('write');
      if (opened.world.writes === 'refused' || of !== own) throw new Error('write refused');
      const cells = Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('@')));
      opened.writes.push(cells);
      Object.assign(held, cells);
    },
  });
  (xrm.WebApi.online as unknown as Record<string, unknown>).execute = async (request: { getMetadata(): { operationName: string; boundParameter: string }; entity: { id: string; entityType: string } }) => {
    const { operationName, boundParameter } = request.getMetadata();
    if (operationName !== 'cosell_SyncReferral' || boundParameter !== 'entity' || request.entity.id !== own || request.entity.entityType !== 'opportunity') throw new Error('not our bell');
    opened.calls.push('ring');
    if (opened.world.bell === 'missed') throw new Error('Endpoint unavailable');
    return { ok: true, status: 204, text: async () => '' };
  };
  Object.assign(xrm.Utility, {
    getGlobalContext: () => ({ userSettings: { languageId: options.language ?? 1033 }, client: { getClientState: () => (opened.world.offline ? 'Offline' : 'Online') } }),
    // An older client does not tell what page it shows.
    getPageContext: options.isOlder ? undefined : () => ({ input: { pageType: 'entityrecord', entityName: 'opportunity', entityId: page ?? id } }),
  });
  Object.assign(xrm.Navigation, {
    openConfirmDialog: ({ title, text }: { title: string; text: string }) => new Promise((resolve, reject) => {
      opened.dialogs.push({ title, text, answer: async (confirmed) => (resolve({ confirmed }), soon()), fail: async () => (reject(new Error('no dialog here')), soon()) });
    }),
  });
  if (options.load !== false) opened.load();
  return opened;
}

/** Lets promises that need no timer go on. */
export async function soon(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function make(name: string, value: unknown): Column {
  const create = XrmMockGenerator.Attribute;
  if (Array.isArray(value) || name.endsWith('id')) return create.createLookup(name, value as never) as never;
  if (value instanceof Date) return create.createDate(name, value) as never;
  if (typeof value === 'boolean') return create.createBoolean(name, value) as never;
  if (typeof value === 'number') return create.createNumber(name, value) as never;
  return create.createString(name, value as never) as never;
}

/** A cell as a form's column holds it. */
function toForm(cell: unknown): unknown {
  if (typeof cell === 'object' && cell !== null && 'table' in cell) return [{ entityType: cell.table, id: `{${String((cell as unknown as { id: string }).id).toUpperCase()}}`, name: 'One' }];
  if (typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(cell)) return new Date(`${cell}T00:00:00`);
  return typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}T.*Z$/.test(cell) ? new Date(cell) : cell;
}

function toStored(value: unknown): unknown {
  if (value instanceof Date) return `${value.getFullYear()}-${String(value.getMonth() + 1).padStart(2, '0')}-${String(value.getDate()).padStart(2, '0')}`;
  if (Array.isArray(value)) return { table: value[0].entityType, id: value[0].id.replace(/[{}]/g, '').toLowerCase() };
  return value;
}

/** As the Web API answers, with the annotations that `Xrm.WebApi` asks for. */
function answer(row: Cells, selected: readonly string[]): Cells {
  return Object.fromEntries(selected.flatMap((name): [string, unknown][] => {
    const lookup = /^_(.+)_value$/.exec(name)?.[1];
    const cell = row[lookup ?? name] ?? null;
    if (!lookup || cell === null) return [[name, cell]];
    const { table, id } = cell as { table: string; id: string };
    return [[name, id], [`${name}@Microsoft.Dynamics.CRM.lookuplogicalname`, table], [`${name}@Microsoft.Dynamics.CRM.associatednavigationproperty`, lookup]];
  }));
}

const print = (value: unknown): string => JSON.stringify(value ?? null);

function fail(why: string): never {
  throw new Error(why);
}
