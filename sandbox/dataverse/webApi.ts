// The Web API's doors under /api/data/v9.2/: which operation a request is, its answer, and the name it is counted by.
import type { Route, StandInAnswer, StandInRequest } from '../kit/standIn';
import { isPersonal, type Caller } from './access';
import { callCustomApi, closeOpportunity, qualifyLead } from './actions';
import { createRow, deleteRow, updateRow, type Circumstances } from './changeRows';
import { readDefinitions } from './entityDefinitions';
import type { Environment } from './environment';
import { findRows } from './findRows';
import type { Table } from './metadata/table';
import { findTableOfSet, readGuid, tableOfSet, type Cells } from './model';
import { presentRow, type Viewer } from './presentRow';
import { badPayload, badQuery, Problem, problemAnswer, rowMissing, versionMismatch } from './problem';
import { readPreferences, readQueryOptions, readSearch, type QueryOptions } from './queryOptions';
import { readPayload } from './readPayload';
import { referenceId, type Row, etagOf } from './rowStore';

const BASE = '/api/data/v9.2';
const PATH = /^\/api\/data\/v9\.[0-2]\/(?<path>.*)$/;
const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'] as const;
/** Requests a user may make in five minutes (dataverse.md section 4); here they are only counted down, a fault makes the 429. */
const BURST = 6_000;

interface Address {
  readonly set: string;
  readonly key?: string;
  readonly rest?: string;
}

export function webApiRoutes(env: Environment): Route[] {
  const burst = createBurst(env);
  const crowd = createCrowd();
  return METHODS.map((method) => ({
    method,
    path: PATH,
    kind: kindOf,
    handle: async (request): Promise<StandInAnswer> => {
      const answer = await crowd(request, () => answerRequest(env, request)).catch((error: unknown) => {
        if (error instanceof Problem) return problemAnswer(error);
        throw error;
      });
      return { ...answer, headers: { 'odata-version': '4.0', 'x-ms-ratelimit-burst-remaining-xrm-requests': String(burst()), 'x-ms-ratelimit-time-remaining-xrm-requests': '1200', ...answer.headers } };
    },
  }));
}

/** So many requests of one user at a time are too many, and are refused at once (dataverse.md section 4). */
const CROWD = 52;

function createCrowd(): (request: StandInRequest, run: () => Promise<StandInAnswer>) => Promise<StandInAnswer> {
  const running = new Map<string, number>();
  return async (request, run) => {
    const who = request.headers.authorization ?? '';
    const count = (running.get(who) ?? 0) + 1;
    if (count >= CROWD) throw new Problem(429, '0x80072326', `Number of concurrent requests exceeded the limit of ${CROWD}.`, { 'retry-after': '2' });
    running.set(who, count);
    try {
      return await run();
    } finally {
      running.set(who, (running.get(who) ?? 1) - 1);
    }
  };
}

function createBurst(env: Environment): () => number {
  let from = env.now();
  let left = BURST;
  return () => {
    if (env.now() - from > 300_000) [from, left] = [env.now(), BURST];
    left = Math.max(0, left - 1);
    return left;
  };
}

const ACTION_KINDS: Readonly<Record<string, string>> = { WhoAmI: 'whoami', 'WhoAmI()': 'whoami', WinOpportunity: 'win', LoseOpportunity: 'lose', RetrievePrincipalAttributePrivileges: 'privileges' };
const VERBS: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'patch', DELETE: 'delete', PUT: 'put' };

/** `opportunity.get`, `opportunity.list`, `step.create`, `whoami`, `win`, `metadata`, `qualify`, `syncReferral`, ...; what a person asks for has `person.` before it, so that a count or a fault can mean the service alone. */
function kindOf(request: StandInRequest): string {
  return `${isPersonal(request.headers) ? 'person.' : ''}${operationOf(request)}`;
}

function operationOf(request: StandInRequest): string {
  const path = request.params.path ?? '';
  if (path.startsWith('EntityDefinitions')) return 'metadata';
  if (path.includes('RetrievePrincipalAccess(')) return 'privileges';
  const action = ACTION_KINDS[path.replace(/\(Principal=.*$/, '')];
  if (action) return action;
  const address = parseAddress(path);
  const table = address && findTableOfSet(address.set);
  if (!address || !table) return 'unknown';
  if (address.rest !== undefined) return address.rest.endsWith('QualifyLead') ? 'qualify' : address.rest.endsWith('cosell_SyncReferral') ? 'syncReferral' : 'unknown';
  const name = table.name === 'sdkmessageprocessingstep' ? 'step' : table.name;
  if (request.method === 'GET') return `${name}.${address.key === undefined ? 'list' : 'get'}`;
  return `${name}.${request.headers['if-none-match'] === '*' ? 'create' : (VERBS[request.method] ?? 'unknown')}`;
}

function parseAddress(path: string): Address | undefined {
  const groups = /^(?<set>\w+)(?:\((?<key>(?:[^()']|'(?:[^']|'')*')*)\))?(?:\/(?<rest>.+))?$/.exec(path)?.groups;
  return groups ? { set: groups.set ?? '', key: groups.key, rest: groups.rest } : undefined;
}

async function answerRequest(env: Environment, request: StandInRequest): Promise<StandInAnswer> {
  const caller = env.access.authenticate(request.headers);
  const path = request.params.path ?? '';
  const { method } = request;
  if (method === 'GET' && /^WhoAmI(?:\(\))?$/.test(path)) return whoAmI(env, caller);
  if (method === 'GET' && path.startsWith('EntityDefinitions')) return ok(readDefinitions(env.store, path.slice('EntityDefinitions'.length), request.url.search));
  if (method === 'GET' && path.startsWith('RetrievePrincipalAttributePrivileges(')) return columnPrivileges(env, request);
  if (method === 'POST' && (path === 'WinOpportunity' || path === 'LoseOpportunity')) {
    await closeOpportunity(env, caller, path === 'WinOpportunity' ? 'Win' : 'Lose', readBody(request, path), readSearch(request.url.search).get('tag'));
    return { status: 204 };
  }
  if (method === 'GET' && path.includes('/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(')) return principalAccess(env, request);
  const address = parseAddress(path);
  if (!address) throw new Problem(404, '0x80060888', `Resource not found for the segment '${path.split('/')[0] ?? ''}'.`);
  const table = tableOfSet(address.set);
  if (address.rest !== undefined) return boundOperation(env, caller, table, address, request);
  const options = readQueryOptions(request.url.search, table);
  if (method === 'GET') return address.key === undefined ? listRows(env, caller, table, request, options) : getRow(env, caller, table, address.key, request, options);
  if (method === 'POST' && address.key === undefined) return postRow(env, caller, table, request, options);
  if (method === 'PATCH' && address.key !== undefined) return patchRow(env, caller, table, address.key, request, options);
  if (method === 'DELETE' && address.key !== undefined) return removeRow(env, caller, table, address.key, request, options);
  throw new Problem(405, '0x80060888', `The requested resource does not support http method '${method}'.`);
}

const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): StandInAnswer => ({ status: 200, body, headers: { 'content-type': 'application/json; odata.metadata=minimal', ...headers } });

function whoAmI(env: Environment, caller: Caller): StandInAnswer {
  const unit = referenceId(env.store.get('systemuser', caller.id)?.cells.businessunitid);
  return ok({ '@odata.context': `${env.url()}${BASE}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`, BusinessUnitId: unit, UserId: caller.id, OrganizationId: env.store.settings.organizationId });
}

/** `RetrievePrincipalAttributePrivileges(Principal=@p)?@p={'@odata.id':'systemusers(id)'}`. */
function columnPrivileges(env: Environment, request: StandInRequest): StandInAnswer {
  const wanted = [...readSearch(request.url.search)].filter(([name]) => name.startsWith('@')).map(([, value]) => value).join('') + (request.params.path ?? '');
  const id = readGuid(/systemusers\((?<id>[^)]+)\)/.exec(wanted)?.groups?.id ?? '');
  if (!id || !env.store.get('systemuser', id)) throw badQuery("RetrievePrincipalAttributePrivileges takes Principal={'@odata.id':'systemusers(<id>)'}.");
  return ok({ '@odata.context': `${env.url()}${BASE}/$metadata#Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivilegesResponse`, AttributePrivileges: env.access.columnPrivileges(id) });
}

/** `systemusers(id)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'opportunities(id)'}` (Learn, RetrievePrincipalAccess function). */
function principalAccess(env: Environment, request: StandInRequest): StandInAnswer {
  const user = readGuid(/^systemusers\((?<id>[^)]+)\)\/Microsoft\.Dynamics\.CRM\.RetrievePrincipalAccess\(Target=/.exec(request.params.path ?? '')?.groups?.id ?? '');
  const wanted = [...readSearch(request.url.search)].filter(([name]) => name.startsWith('@')).map(([, value]) => value).join('') + (request.params.path ?? '').replace(/^systemusers\([^)]*\)/, '');
  const target = /(?<set>\w+)\((?<id>[0-9a-f-]{36})\)/i.exec(wanted)?.groups;
  const id = readGuid(target?.id ?? '');
  if (!user || !env.store.get('systemuser', user) || !id) throw badQuery("RetrievePrincipalAccess is bound to a systemuser and takes Target={'@odata.id':'<set>(<id>)'}.");
  const table = tableOfSet(target?.set ?? '');
  if (!env.store.get(table.name, id)) throw rowMissing(table.name, id);
  return ok({ '@odata.context': `${env.url()}${BASE}/$metadata#Microsoft.Dynamics.CRM.RetrievePrincipalAccessResponse`, AccessRights: env.access.rights(user, table) });
}

async function boundOperation(env: Environment, caller: Caller, table: Table, address: Address, request: StandInRequest): Promise<StandInAnswer> {
  const name = /^Microsoft\.Dynamics\.CRM\.(?<name>\w+)$/.exec(address.rest ?? '')?.groups?.name;
  const id = readGuid(address.key ?? '');
  const tag = readSearch(request.url.search).get('tag');
  const api = env.store.list('customapi').find((row) => row.cells.uniquename === name && row.cells.boundentitylogicalname === table.name);
  if (request.method !== 'POST' || id === undefined || name === undefined) throw new Problem(404, '0x80060888', `Resource not found for the segment '${address.rest ?? ''}'.`);
  if (name === 'QualifyLead' && table.name === 'lead') {
    const made = await qualifyLead(env, caller, id, readBody(request, table.set), tag);
    return ok({ '@odata.context': `${env.url()}${BASE}/$metadata#crmbaseentity`, value: made.map((one) => ({ '@odata.type': `#Microsoft.Dynamics.CRM.${one.table}`, [`${one.table}id`]: one.id })) });
  }
  if (!api) throw new Problem(404, '0x80060888', `Resource not found for the segment '${address.rest ?? ''}'.`);
  await callCustomApi(env, caller, api, id, tag);
  return { status: 204 };
}

const viewerOf = (env: Environment, caller: Caller, annotations: boolean): Viewer => ({ store: env.store, annotations, canRead: (table, column) => env.access.canRead(caller, table, column) });

function listRows(env: Environment, caller: Caller, table: Table, request: StandInRequest, options: QueryOptions): StandInAnswer {
  env.access.demand(caller, 'Read', table);
  const preferences = readPreferences(request.headers.prefer);
  const page = findRows(env.store, table, options, preferences);
  const viewer = viewerOf(env, caller, preferences.annotations);
  const next = new URLSearchParams(request.url.search.replace(/^\?/, ''));
  if (page.next !== undefined) next.set('$skiptoken', page.next);
  return ok(
    {
      '@odata.context': `${env.url()}${BASE}/$metadata#${table.set}`,
      ...(options.count ? { '@odata.count': page.total } : {}),
      value: page.rows.map((row) => presentRow(viewer, table, row, options)),
      ...(page.next === undefined ? {} : { '@odata.nextLink': `${env.url()}${BASE}/${table.set}?${next.toString()}` }),
    },
    applied(preferences.applied),
  );
}

const applied = (preference: string): Record<string, string> => (preference === '' ? {} : { 'preference-applied': preference });

function getRow(env: Environment, caller: Caller, table: Table, key: string, request: StandInRequest, options: QueryOptions): StandInAnswer {
  env.access.demand(caller, 'Read', table);
  const found = locate(env, table, key);
  if (!found.row) throw found.missing();
  const preferences = readPreferences(request.headers.prefer);
  const canBeUnchanged = options.expand.length === 0 && !preferences.annotations;
  // Conditional GET works without $expand and annotations only (dataverse.md section 4).
  if (canBeUnchanged && request.headers['if-none-match'] === etagOf(found.row)) return { status: 304, headers: { etag: etagOf(found.row) } };
  return ok(represent(env, caller, table, found.row, options, preferences.annotations), { etag: etagOf(found.row), ...applied(preferences.applied) });
}

const represent = (env: Environment, caller: Caller, table: Table, row: Row, options: QueryOptions, annotations: boolean): Record<string, unknown> => ({
  '@odata.context': `${env.url()}${BASE}/$metadata#${table.set}/$entity`,
  ...presentRow(viewerOf(env, caller, annotations), table, row, options),
});

async function postRow(env: Environment, caller: Caller, table: Table, request: StandInRequest, options: QueryOptions): Promise<StandInAnswer> {
  env.access.demand(caller, 'Create', table);
  const change = readPayload(env.store, table, readBody(request, table.set));
  env.access.demandColumns(caller, table, Object.keys(change.cells));
  const row = await createRow(env, table, change.id, change.cells, { caller, origin: 'request', tag: options.tag });
  return written(env, caller, table, row, request, options, 201);
}

/** With no condition it is an upsert: a wrong id creates a row in silence (dataverse.md section 4). */
async function patchRow(env: Environment, caller: Caller, table: Table, key: string, request: StandInRequest, options: QueryOptions): Promise<StandInAnswer> {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  const found = locate(env, table, key);
  if (found.row && ifNoneMatch === '*') throw new Problem(412, '0x80040237', 'A record with matching key values already exists.');
  if (!found.row && ifMatch !== undefined) throw found.missing();
  env.access.demand(caller, found.row ? 'Write' : 'Create', table);
  const change = readPayload(env.store, table, readBody(request, table.set));
  if (change.id !== undefined && change.id !== (found.row?.id ?? found.id ?? change.id)) throw badPayload(table.set, `The key in the address and the ${table.id} in the body differ.`);
  env.access.demandColumns(caller, table, Object.keys(change.cells));
  const by: Circumstances = { caller, origin: 'request', tag: options.tag, expect: (row) => matchVersion(row, ifMatch) };
  if (found.row) return written(env, caller, table, await updateRow(env, table, found.row.id, change.cells, by), request, options, 200);
  const row = await createRow(env, table, found.id ?? change.id, { ...found.keyCells, ...change.cells }, by);
  return written(env, caller, table, row, request, options, 201);
}

function matchVersion(row: Row, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(row)) throw versionMismatch();
}

function written(env: Environment, caller: Caller, table: Table, row: Row, request: StandInRequest, options: QueryOptions, status: 200 | 201): StandInAnswer {
  const preferences = readPreferences(request.headers.prefer);
  const headers = { 'odata-entityid': `${env.url()}${BASE}/${table.set}(${row.id})`, ...applied(preferences.applied) };
  if (!preferences.representation) return { status: 204, headers };
  return { ...ok(represent(env, caller, table, row, options, preferences.annotations), { etag: etagOf(row), ...headers }), status };
}

async function removeRow(env: Environment, caller: Caller, table: Table, key: string, request: StandInRequest, options: QueryOptions): Promise<StandInAnswer> {
  env.access.demand(caller, 'Delete', table);
  const found = locate(env, table, key);
  if (!found.row) throw found.missing();
  await deleteRow(env, table, found.row.id, { caller, origin: 'request', tag: options.tag, expect: (row) => matchVersion(row, request.headers['if-match']) });
  return { status: 204 };
}

interface Located {
  readonly row: Row | undefined;
  /** Known also without a row, when the address names it. */
  readonly id?: string;
  readonly keyCells?: Cells;
  missing(): Problem;
}

/** By id, or by an alternate key such as `cosell_referralidentifier='x'`. */
function locate(env: Environment, table: Table, key: string): Located {
  const id = readGuid(key);
  if (id) return { row: env.store.get(table.name, id), id, missing: () => rowMissing(table.name, id) };
  const parts = [...key.matchAll(/(?:^|,)\s*(?<name>\w+)='(?<value>(?:[^']|'')*)'/g)];
  const cells = Object.fromEntries(parts.map((part) => [part.groups?.name ?? '', (part.groups?.value ?? '').replaceAll("''", "'")]));
  const known = table.keys.some((one) => one.columns.length === parts.length && one.columns.every((name) => name in cells));
  // These characters break GET and PATCH by key (dataverse.md section 4).
  const isBroken = Object.values(cells).some((value) => /[/<>*%&:\\?]/.test(value));
  if (!known || isBroken) throw badQuery(`The key '${key}' is neither a GUID nor an alternate key of '${table.name}'.`);
  return { row: env.store.findByKey(table, cells), keyCells: cells, missing: () => new Problem(404, '0x80060891', `A record with the specified key values does not exist in ${table.name} entity`) };
}

function readBody(request: StandInRequest, set: string): unknown {
  if (request.body.length === 0) throw badPayload(set, 'The request has no body.');
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Problem(415, '0x80060888', 'The content type of the request must be application/json.');
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    throw badPayload(set, 'The body is not valid JSON.');
  }
}
