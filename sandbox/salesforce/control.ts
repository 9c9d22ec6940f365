// How tests and demo pages make trouble and look inside: the same verbs as methods and as POST /__sandbox/<verb>.
import type { Route, StandInAnswer, StandInRequest } from '../kit/standIn';
import { readId } from './ids';
import { toMoment, type Org } from './org';
import { createPerson, type Person } from './person';
import { Problem, problemAnswer } from './problem';
import type { Queries } from './rest/queries';
import type { Usage } from './rest/usage';
import type { Refusal } from './refusals';
import { isDeleted, type Row, type WriteEntry } from './rowStore';
import type { Cells, Verb } from './schema/field';
import { automatedUser } from './saving/automation';
import { quietly } from './saving/roles';
import { moveOrganization } from './seed';
import type { SignIn } from './oauth';
import type { Bell } from './trigger/bells';

/** A record as it is stored; the package's fields under their names without a namespace. */
export interface StoredRow {
  readonly id: string;
  readonly deleted: boolean;
  readonly cells: Cells;
}

export interface SalesforceControl {
  /** Work as somebody does in Salesforce's own pages. */
  readonly person: Person;
  /** A token with which a request is that person's own. @throws when there is no such person. */
  sellerToken(userId: string): string;
  /** Records of an object, those in the recycle bin left out. */
  rows(object: string): readonly StoredRow[];
  /** One record, also from the recycle bin. */
  row(object: string, id: string): StoredRow | undefined;
  /** Every write since start or the last reset, oldest first. */
  writes(): readonly WriteEntry[];
  resetWrites(): void;
  /** Told of every write once it is safe. */
  onWrite(listener: (entry: WriteEntry) => void): void;
  /** Every callout of the package's trigger, tries included. */
  bells(): readonly Bell[];
  /** Told of every such callout once it has ended. */
  onBell(listener: (bell: Bell) => void): void;
  /** Queued jobs that are not finished. */
  waitingBells(): number;
  /** What an admin types into the named credential; without an address every callout fails. */
  setDoorbell(doorbell: { readonly url: string; readonly key: string } | undefined): void;
  /** The next saves that would ring find no room for a job. */
  loseNextBells(count: number): void;
  pauseBells(): void;
  resumeBells(): void;
  /** Rings the last bell again; what the service answered each time. */
  redeliverLastBell(times: number): Promise<readonly Bell['outcome'][]>;
  /** No doubled and no shuffled bells. */
  setExactBells(exact: boolean): void;
  /** As when an org is copied to a sandbox: same records, another organisation. */
  setOrganizationId(id: string): void;
  /** Field-level security against the API user; both allowed lifts it. */
  secureField(object: string, field: string, may: { readonly read: boolean; readonly edit: boolean }): void;
  removeRight(object: string, verb: Verb): void;
  restoreRight(object: string, verb: Verb): void;
  setUserActive(userId: string, active: boolean): void;
  /** Whether the External Client App is pre-authorized for the user. */
  setApproved(approved: boolean): void;
  /** Ends the API user's sessions; answers how many. */
  endSessions(): number;
  setSessionSeconds(seconds: number): void;
  /** 0 never, 1 always: how many requests find their session gone, after its first five. */
  setSessionExpiryShare(share: number): void;
  /** Refuses saves: a validation rule, a locked row. */
  refuse(refusal: Refusal): void;
  clearRefusals(): void;
  setApiUsage(used: number, max?: number): void;
  /** Whether the day's calls are used up. */
  isLimitReached(): boolean;
  /** Every open query locator ends. */
  endQueryLocators(): void;
  /** 0 never, 1 always: how many of the service's writes the customer's flow touches. */
  setAutomationShare(share: number): void;
  /** Whether the customer's trigger rounds money. */
  setRounding(rounds: boolean): void;
  /** A process of the platform moves SystemModstamp alone. */
  touchSystemModstamp(object: string, id: string): void;
  /** Retires a stage, or brings it back. */
  setStageActive(stage: string, active: boolean): void;
  /** A catalogue entry and the like: a record beyond all rules and triggers. */
  plant(object: string, cells: Cells): string;
}

export interface ControlParts {
  readonly org: Org;
  readonly usage: Usage;
  readonly queries: Queries;
  readonly signIn: SignIn;
}

export function createControl({ org, usage, queries, signIn }: ControlParts): SalesforceControl {
  const { store, schema, bells, access } = org;
  const stored = (row: Row): StoredRow => ({ id: row.id, deleted: isDeleted(row), cells: Object.fromEntries(Object.entries(row.cells).filter(([name]) => !name.startsWith('$')).map(([name, cell]) => [bare(schema.namespace, name), cell])) });
  const named = (object: string) => schema.object(schema.packaged(object));
  const right = (object: string, verb: Verb): string => `${named(object).name}.${verb}`;
  return {
    person: createPerson(org),
    sellerToken: access.sellerToken,
    rows: (object) => store.list(named(object).name).filter((row) => !isDeleted(row)).map(stored),
    row(object, id) {
      const row = store.get(named(object).name, readId(id) ?? '');
      return row && stored(row);
    },
    writes: () => store.writes,
    resetWrites: () => void (store.writes.length = 0),
    onWrite: store.onWrite,
    bells: () => bells.rung,
    onBell: bells.onRung,
    waitingBells: bells.waiting,
    setDoorbell(doorbell) {
      if (doorbell) store.settings.doorbell = doorbell;
      else delete store.settings.doorbell;
      store.saveSettings();
    },
    loseNextBells: bells.loseNext,
    pauseBells: bells.pause,
    resumeBells: bells.resume,
    redeliverLastBell: bells.redeliverLast,
    setExactBells: bells.setExact,
    setOrganizationId(text) {
      const id = readId(text);
      if (!id?.startsWith('00D')) throw new Problem(400, 'MALFORMED_ID', `${text} is no id of an organisation.`);
      moveOrganization(store, store.settings.organizationId, id);
      store.settings.organizationId = id;
      store.saveSettings();
    },
    secureField(object, field, may) {
      const key = `${named(object).name}.${schema.packaged(field)}`;
      if (!named(object).fields.has(schema.packaged(field))) throw new Problem(400, 'INVALID_FIELD', `${object} has no field ${field}.`);
      if (may.read && may.edit) delete store.settings.secured[key];
      else store.settings.secured[key] = may;
      store.saveSettings();
    },
    removeRight(object, verb) {
      store.settings.removedRights.push(right(object, verb));
      store.saveSettings();
    },
    restoreRight(object, verb) {
      store.settings.removedRights = store.settings.removedRights.filter((one) => one !== right(object, verb));
      store.saveSettings();
    },
    setUserActive: (userId, active) => change(org, 'User', userId, { IsActive: active }),
    setApproved: signIn.setApproved,
    endSessions: access.revokeAll,
    setSessionSeconds: access.setSessionSeconds,
    setSessionExpiryShare: access.setExpiryShare,
    refuse: org.refusals.add,
    clearRefusals: org.refusals.clear,
    setApiUsage: usage.set,
    isLimitReached: () => usage.limits().DailyApiRequests?.Remaining === 0,
    endQueryLocators: queries.endAll,
    setAutomationShare: org.automation.setShare,
    setRounding: org.automation.setRounding,
    touchSystemModstamp: (object, id) => change(org, object, id, {}),
    setStageActive(stage, active) {
      const row = store.list('OpportunityStage').find((one) => one.cells.ApiName === stage);
      change(org, 'OpportunityStage', row?.id ?? '', { IsActive: active });
    },
    plant: (object, cells) => createPerson({ ...org, bells: { ...bells, ring: () => undefined } }).create(named(object).name, cells),
  };
}

function change(org: Org, object: string, id: string, cells: Cells): void {
  const row = org.store.get(org.schema.packaged(object), readId(id) ?? '');
  if (!row) throw new Problem(404, 'NOT_FOUND', `There is no ${object} ${id}.`);
  org.store.transaction(() => quietly(org, row, { ...cells, SystemModstamp: toMoment(org.now()) }, { caller: org.access.callerFor(automatedUser), origin: 'platform' }));
}

const bare = (namespace: string | undefined, name: string): string => (namespace && name.startsWith(`${namespace}__`) ? name.slice(namespace.length + 2) : name);

type Body = Readonly<Record<string, unknown>>;

export function controlRoutes(control: SalesforceControl): Route[] {
  const { person } = control;
  const text = (body: Body, name: string): string => String(body[name] ?? '');
  const user = (body: Body): string | undefined => (body.user === undefined ? undefined : String(body.user));
  const values = (body: Body): Body => (body.values ?? {}) as Body;
  const as = (body: Body): 'won' | 'lost' => (body.as === 'lost' ? 'lost' : 'won');
  const verb = (body: Body): Verb => body.verb as Verb;
  const verbs: Readonly<Record<string, (body: Body) => unknown>> = {
    'person/create': (body) => ({ id: person.create(text(body, 'object'), values(body), user(body)) }),
    'person/edit': (body) => person.edit(text(body, 'object'), text(body, 'id'), values(body), user(body)),
    'person/saveMany': (body) => ({ ids: person.saveMany(text(body, 'object'), (body.records ?? []) as Body[], user(body)) }),
    'person/close': (body) => person.close(text(body, 'id'), as(body), user(body)),
    'person/reopen': (body) => person.reopen(text(body, 'id'), user(body)),
    'person/setProducts': (body) => person.setProducts(text(body, 'id'), typeof body.total === 'number' ? body.total : null, user(body)),
    'person/remove': (body) => person.remove(text(body, 'object'), text(body, 'id'), user(body)),
    'person/undelete': (body) => person.undelete(text(body, 'object'), text(body, 'id'), user(body)),
    'person/merge': (body) => person.merge(body.object === 'Contact' ? 'Contact' : 'Account', text(body, 'masterId'), (body.loserIds ?? []) as string[], values(body), user(body)),
    'person/convertLead': (body) => person.convertLead(text(body, 'id'), values(body), user(body)),
    sellerToken: (body) => ({ token: control.sellerToken(text(body, 'userId')) }),
    setDoorbell: (body) => control.setDoorbell(body.url === undefined ? undefined : { url: text(body, 'url'), key: text(body, 'key') }),
    loseNextBells: (body) => control.loseNextBells(Number(body.count)),
    pauseBells: control.pauseBells,
    resumeBells: control.resumeBells,
    redeliverLastBell: async (body) => ({ outcomes: await control.redeliverLastBell(Number(body.times ?? 1)) }),
    setExactBells: (body) => control.setExactBells(body.exact !== false),
    setOrganizationId: (body) => control.setOrganizationId(text(body, 'organizationId')),
    secureField: (body) => control.secureField(text(body, 'object'), text(body, 'field'), { read: body.read === true, edit: body.edit === true }),
    removeRight: (body) => control.removeRight(text(body, 'object'), verb(body)),
    restoreRight: (body) => control.restoreRight(text(body, 'object'), verb(body)),
    setUserActive: (body) => control.setUserActive(text(body, 'userId'), body.active !== false),
    setApproved: (body) => control.setApproved(body.approved !== false),
    endSessions: () => ({ count: control.endSessions() }),
    setSessionSeconds: (body) => control.setSessionSeconds(Number(body.seconds)),
    setSessionExpiryShare: (body) => control.setSessionExpiryShare(Number(body.share)),
    refuse: (body) => control.refuse(body as unknown as Refusal),
    clearRefusals: control.clearRefusals,
    setApiUsage: (body) => control.setApiUsage(Number(body.used), body.max === undefined ? undefined : Number(body.max)),
    endQueryLocators: control.endQueryLocators,
    setAutomationShare: (body) => control.setAutomationShare(Number(body.share)),
    setRounding: (body) => control.setRounding(body.rounds !== false),
    touchSystemModstamp: (body) => control.touchSystemModstamp(text(body, 'object'), text(body, 'id')),
    setStageActive: (body) => control.setStageActive(text(body, 'stage'), body.active !== false),
    plant: (body) => ({ id: control.plant(text(body, 'object'), values(body) as Cells) }),
  };
  const posted = (name: string, run: (body: Body) => unknown): Route => look('POST', new RegExp(`^/__sandbox/${name}$`), (request) => run(request.body.length === 0 ? {} : (JSON.parse(request.body.toString('utf8')) as Body)));
  return [
    ...Object.entries(verbs).map(([name, run]) => posted(name, run)),
    look('GET', /^\/__sandbox\/rows\/(?<object>\w+)$/, ({ params }) => ({ rows: control.rows(params.object ?? '') })),
    look('GET', /^\/__sandbox\/rows\/(?<object>\w+)\/(?<id>\w+)$/, ({ params }) => control.row(params.object ?? '', params.id ?? '')),
    look('GET', /^\/__sandbox\/writes$/, () => ({ writes: control.writes() })),
    look('DELETE', /^\/__sandbox\/writes$/, () => control.resetWrites()),
    look('GET', /^\/__sandbox\/bells$/, () => ({ bells: control.bells(), waiting: control.waitingBells() })),
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
