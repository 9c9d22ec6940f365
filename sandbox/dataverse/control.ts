// How tests and demo pages make trouble and look inside: the same verbs as methods and as POST /__sandbox/<verb>.
import type { Route, StandInAnswer, StandInRequest } from '../kit/standIn';
import { isPrivilegeName, securedKey } from './access';
import type { Environment } from './environment';
import { mergeRows } from './mergeRows';
import { readGuid, tableNamed, type Cells } from './model';
import { Problem, problemAnswer } from './problem';
import { etagOf, type Row, type WriteEntry } from './rowStore';
import { seedIds } from './seed';
import type { Delivery } from './stepRunner';
import type { Outcome } from './webhookPost';

/** A row as it is stored: raw values, lookups as `{table, id}`; values that the platform never shows are left out. */
export interface StoredRow {
  readonly id: string;
  readonly etag: string;
  readonly cells: Cells;
}

export interface DataverseControl {
  /** A token with which a request is that person's own. @throws when there is no such person. */
  sellerToken(systemuserid: string): string;
  rows(table: string): readonly StoredRow[];
  row(table: string, id: string): StoredRow | undefined;
  /** Every write since start or the last reset, oldest first. */
  writes(): readonly WriteEntry[];
  resetWrites(): void;
  /** Told of every write, right after it. */
  onWrite(listener: (entry: WriteEntry) => void): void;
  /** Every webhook call, tries included. */
  deliveries(): readonly Delivery[];
  onDelivery(listener: (delivery: Delivery) => void): void;
  /** The next asynchronous events reach nobody. */
  loseNextEvents(count: number): void;
  pauseSteps(): void;
  resumeSteps(): void;
  /** Posts the last asynchronous event again; what the endpoint answered each time. */
  redeliverLastEvent(times: number): Promise<readonly Outcome[]>;
  /** As when an environment is copied: same rows, another organisation. */
  setOrganizationId(id: string): void;
  /** Column-level security against the application users, or against people; both allowed lifts it. */
  secureColumn(table: string, column: string, may: { canRead: boolean; canUpdate: boolean }, whom?: 'application' | 'people'): void;
  /** Takes `prvWriteOpportunity` and the like from a user, by default the service's. */
  removePrivilege(privilege: string, systemuserid?: string): void;
  restorePrivilege(privilege: string, systemuserid?: string): void;
  /** As when a person merges two accounts or two contacts. */
  merge(table: 'account' | 'contact', masterId: string, loserId: string, systemuserid?: string): void;
  /** No doubled and no shuffled events. */
  setExactDelivery(exact: boolean): void;
  /** 0 never, 1 always: how many of the service's writes the customer's plug-in touches. */
  setPlugInShare(share: number): void;
}

export function createControl(env: Environment): DataverseControl {
  const { store, steps } = env;
  const privilegeEntry = (privilege: string, user: string): string => {
    if (!isPrivilegeName(privilege)) throw new Problem(400, '0x80040203', `There is no privilege ${privilege}. It is prv, then Create, Read, Write or Delete, then the table's label without blanks.`);
    return `${user} ${privilege}`;
  };
  return {
    sellerToken(systemuserid) {
      const id = readGuid(systemuserid);
      if (!id || !store.get('systemuser', id)) throw new Problem(404, '0x80040217', `There is no user ${systemuserid}.`);
      return `seller:${id}`;
    },
    rows: (table) => store.list(tableNamed(table).name).map(stored),
    row(table, id) {
      const row = store.get(tableNamed(table).name, readGuid(id) ?? id);
      return row && stored(row);
    },
    writes: () => store.writes,
    resetWrites: () => void (store.writes.length = 0),
    onWrite: store.onWrite,
    deliveries: () => steps.deliveries,
    onDelivery: steps.onDelivery,
    loseNextEvents: steps.loseNext,
    pauseSteps: steps.pause,
    resumeSteps: steps.resume,
    redeliverLastEvent: steps.redeliverLast,
    setOrganizationId(id) {
      store.settings.organizationId = id;
      store.saveSettings();
    },
    secureColumn(table, column, may, whom = 'application') {
      if (!tableNamed(table).columns.has(column)) throw new Problem(400, '0x80040203', `'${table}' has no column '${column}'.`);
      const key = securedKey(table, column, whom);
      if (may.canRead && may.canUpdate) delete store.settings.secured[key];
      else store.settings.secured[key] = may;
      store.saveSettings();
    },
    removePrivilege(privilege, systemuserid = seedIds.serviceUser) {
      store.settings.removedPrivileges.push(privilegeEntry(privilege, systemuserid));
      store.saveSettings();
    },
    restorePrivilege(privilege, systemuserid = seedIds.serviceUser) {
      const entry = privilegeEntry(privilege, systemuserid);
      store.settings.removedPrivileges = store.settings.removedPrivileges.filter((one) => one !== entry);
      store.saveSettings();
    },
    merge: (table, masterId, loserId, systemuserid = seedIds.dana) => mergeRows(env, table, masterId, loserId, systemuserid),
    setExactDelivery: steps.setExact,
    setPlugInShare: (share) => void (env.plugInShare = share),
  };
}

function stored(row: Row): StoredRow {
  const { columns } = tableNamed(row.table);
  return { id: row.id, etag: etagOf(row), cells: Object.fromEntries(Object.entries(row.cells).filter(([name]) => columns.get(name)?.hidden !== true)) };
}

type Body = Readonly<Record<string, unknown>>;

export function controlRoutes(control: DataverseControl): Route[] {
  const text = (body: Body, name: string): string => String(body[name] ?? '');
  const user = (body: Body): string | undefined => (body.systemuserid === undefined ? undefined : String(body.systemuserid));
  const verbs: Readonly<Record<string, (body: Body) => unknown>> = {
    sellerToken: (body) => ({ token: control.sellerToken(text(body, 'systemuserid')) }),
    loseNextEvents: (body) => control.loseNextEvents(Number(body.count)),
    pauseSteps: control.pauseSteps,
    resumeSteps: control.resumeSteps,
    redeliverLastEvent: async (body) => ({ outcomes: await control.redeliverLastEvent(Number(body.times ?? 1)) }),
    setOrganizationId: (body) => control.setOrganizationId(text(body, 'organizationId')),
    secureColumn: (body) => control.secureColumn(text(body, 'table'), text(body, 'column'), { canRead: body.canRead === true, canUpdate: body.canUpdate === true }, body.whom === 'people' ? 'people' : 'application'),
    removePrivilege: (body) => control.removePrivilege(text(body, 'privilege'), user(body)),
    restorePrivilege: (body) => control.restorePrivilege(text(body, 'privilege'), user(body)),
    merge: (body) => control.merge(body.table === 'contact' ? 'contact' : 'account', text(body, 'masterId'), text(body, 'loserId'), user(body)),
    setExactDelivery: (body) => control.setExactDelivery(body.exact !== false),
    setPlugInShare: (body) => control.setPlugInShare(Number(body.share)),
  };
  const posted = (name: string, run: (body: Body) => unknown): Route => look('POST', new RegExp(`^/__sandbox/${name}$`), (request) => run(request.body.length === 0 ? {} : (JSON.parse(request.body.toString('utf8')) as Body)));
  return [
    ...Object.entries(verbs).map(([name, run]) => posted(name, run)),
    look('GET', /^\/__sandbox\/rows\/(?<table>\w+)$/, ({ params }) => ({ rows: control.rows(params.table ?? '') })),
    look('GET', /^\/__sandbox\/rows\/(?<table>\w+)\/(?<id>[^/]+)$/, ({ params }) => control.row(params.table ?? '', params.id ?? '')),
    look('GET', /^\/__sandbox\/writes$/, () => ({ writes: control.writes() })),
    look('DELETE', /^\/__sandbox\/writes$/, () => control.resetWrites()),
    look('GET', /^\/__sandbox\/deliveries$/, () => ({ deliveries: control.deliveries() })),
  ];
}

function look(method: Route['method'], path: RegExp, run: (request: StandInRequest) => unknown): Route {
  const handle = async (request: StandInRequest): Promise<StandInAnswer> => {
    try {
      const body = await run(request);
      return body === undefined ? { status: method === 'GET' ? 404 : 204 } : { status: 200, body };
    } catch (error) {
      if (error instanceof Problem) return problemAnswer(error);
      throw error;
    }
  };
  return { method, path, kind: '', control: true, handle };
}
