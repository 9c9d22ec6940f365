// Doctor on a real database, with remote systems that answer by script: well, badly, or never.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import type { SetupReport } from '../../../plugins-proxy/adapters/dataverse/setup';
import type { DoctorDeps } from '../../../plugins-proxy/doctor/doctorDeps';
import { rememberFailures } from '../../../plugins-proxy/doctor/failureMemory';
import type { Finding } from '../../../plugins-proxy/doctor/finding';
import { runDoctor } from '../../../plugins-proxy/doctor/runDoctor';
import { RemoteFailure, type FailureDetails } from '../../../plugins-proxy/ports/failure';
import { side } from '../../../plugins-proxy/ports/store';
import { createGates, type SharedGates } from '../../../plugins-proxy/schedule/gates';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { openSession, type Session } from '../../../plugins-proxy/schedule/session';
import { settingsFromEnvironment, type Settings } from '../../../plugins-proxy/settings';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { completeInventory, startInventory } from '../../../plugins-proxy/store/inventory';
import { migrate } from '../../../plugins-proxy/store/migrate';
import { openPool, startTemporaryPostgres, type TemporaryPostgres } from '../../kit/postgres';

const secrets = ['partner-client-secret', 'partner-refresh-token', 'dataverse-client-secret', 'dataverse-webhook-key', 'the-admin-token'];
const settings: Settings = settingsFromEnvironment({
  COSELL_PUBLIC_URL: 'https://sync.contoso.example', COSELL_PARTNER_CENTER_TENANT_ID: 't', COSELL_PARTNER_CENTER_CLIENT_ID: 'c', COSELL_PARTNER_CENTER_CLIENT_SECRET: secrets[0], COSELL_PARTNER_CENTER_REFRESH_TOKEN: secrets[1],
  COSELL_DATAVERSE_URL: 'https://org.crm.dynamics.com', COSELL_DATAVERSE_TENANT_ID: 't', COSELL_DATAVERSE_CLIENT_ID: 'c', COSELL_DATAVERSE_CLIENT_SECRET: secrets[2], COSELL_DATAVERSE_WEBHOOK_KEY: secrets[3], COSELL_ADMIN_TOKEN: secrets[4],
});
const events = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'];
const report = (change: Partial<SetupReport> = {}): SetupReport => ({
  endpoint: { name: 'Co-sell Referral Sync', action: 'unchanged' }, warnings: [], changed: false,
  steps: [{ name: 'Co-sell Referral Sync: Update of opportunity', action: 'unchanged' }, { name: 'Co-sell Referral Sync: cosell_SyncReferral of opportunity', action: 'unchanged' }], ...change,
});

let postgres: TemporaryPostgres;
let url: string;
let pool: Pool;
let session: Session;
let gates: SharedGates;
let remembered: ReturnType<typeof rememberFailures<SharedGates>>;
let calls: string[];

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  url = await postgres.createDatabase('doctor');
  pool = openPool(url);
  await migrate(pool);
  session = await openSession({ pool, connectionString: url, notified: () => undefined, patience: 5_000 });
});
afterAll(async () => {
  await session.close();
  await pool.end();
  await postgres.stop();
});
beforeEach(async () => {
  await pool.query('truncate cosell.link, cosell.timeline, cosell.work, cosell.chore, cosell.connection, cosell.gate, cosell.seen_referral');
  await startInventory(pool, 'partner-center');
  await completeInventory(pool, 'partner-center');
  gates = createGates({ pool });
  remembered = rememberFailures(gates);
  calls = [];
});

interface Change {
  readonly settings?: Partial<Settings>;
  readonly dataverse?: Partial<NonNullable<DoctorDeps['dataverse']>['port']> & { readonly setup?: () => Promise<SetupReport>; readonly token?: () => Promise<string> };
  /** Switches Salesforce on. */
  readonly salesforce?: Partial<NonNullable<DoctorDeps['salesforce']>['port']> & { readonly session?: () => Promise<never> };
  readonly partner?: { readonly show?: DoctorDeps['partner']['webhooks']['show']; readonly token?: (audience: string) => Promise<string>; readonly listNewest?: DoctorDeps['partner']['port']['listNewest'] };
  readonly deps?: Partial<DoctorDeps>;
}

function deps(change: Change = {}): DoctorDeps {
  const called = <T>(what: string, value: T): Promise<T> => (calls.push(what), Promise.resolve(value));
  const { setup, token, ...port } = change.dataverse ?? {};
  const serverNow = new Date().toISOString();
  return {
    settings: { ...settings, ...change.settings }, url: () => 'http://127.0.0.1:7071', pool, embedded: true, store: createStore(pool), gates, lastFailure: remembered.lastFailure, limitMs: 1_000,
    partner: {
      port: { connection: 'partner-center', displayName: 'Partner Center', listNewest: change.partner?.listNewest ?? (() => called('partner list', { referrals: [], next: null, serverNow })) },
      signIn: { token: change.partner?.token ?? (() => called('partner sign-in', 'x')) },
      webhooks: { show: change.partner?.show ?? (() => called('webhook', { url: 'https://sync.contoso.example/partner-center/events', events, subscriberId: null })) },
    },
    dataverse: {
      port: {
        connection: 'dataverse', displayName: 'Dynamics 365', refresh: () => undefined,
        describe: () => called('describe', { maxLengths: {}, currencies: {}, missing: [] }), identity: () => called('identity', { organizationId: 'org-1', userId: 'u' }),
        changedSince: () => called('changes', { records: [], next: null, serverNow }), ...port,
      },
      signIn: { token: token ?? (() => called('dataverse sign-in', 'x')) }, setup: setup ?? (() => called('setup', report())),
    },
    salesforce: change.salesforce ? salesforceOf(change.salesforce, called, serverNow) : null, foundByReconcile: async () => ({}), ...change.deps,
  };
}

function salesforceOf({ session, ...port }: NonNullable<Change['salesforce']>, called: <T>(what: string, value: T) => Promise<T>, serverNow: string): NonNullable<DoctorDeps['salesforce']> {
  return {
    port: {
      connection: 'salesforce', displayName: 'Salesforce', refresh: () => undefined, budget: () => ({ used: 1_200, limit: 100_000 }),
      describe: () => called('salesforce describe', { maxLengths: {}, currencies: { USD: 2, EUR: 2 }, missing: [] }), identity: () => called('salesforce identity', { organizationId: '00Dxx0000001gEREAY', userId: 'u' }),
      changedSince: () => called('salesforce changes', { records: [], next: null, serverNow }), ...port,
    },
    signIn: { session: session ?? (() => called('salesforce sign-in', { token: 't', instanceUrl: 'https://x', organizationId: 'o', userId: 'u' })) },
  };
}

const run = (change: Change = {}): Promise<readonly Finding[]> => runDoctor(deps(change));
const look = async (check: string, change: Change = {}): Promise<Finding | undefined> => (await run(change)).find((finding) => finding.check === check);
const never = (): Promise<never> => new Promise(() => undefined);
const failure = (details: Partial<FailureDetails> & Pick<FailureDetails, 'class'>, message = 'It failed.'): RemoteFailure => new RemoteFailure(message, { connection: 'dataverse', ...details });

test('a service that is well has nothing but good findings, and tells no secret', async () => {
  const findings = await run();
  expect(findings.filter((finding) => finding.state !== 'ok')).toEqual([]);
  expect(findings.map((finding) => finding.check)).toEqual([
    'settings', 'public-address', 'reconcile', 'link-template', 'database', 'schedule', 'gate.dataverse', 'gate.partner-center', 'sign-in.dataverse', 'sign-in.partner-center.referrals',
    'sign-in.partner-center.webhooks', 'copy-guard.dataverse', 'copy-guard.partner-center', 'organization.dataverse', 'organization.partner-center', 'dataverse.columns', 'dataverse.endpoint', 'dataverse.steps',
    'dataverse.custom-api', 'webhook', 'clock.database', 'clock.dataverse', 'clock.partner-center', 'inventory', 'chores', 'found-by-reconcile', 'backlog', 'parked',
  ]);
  for (const secret of secrets) expect(JSON.stringify(findings)).not.toContain(secret);
});

test('every finding that is not well says what to do', async () => {
  const findings = await run({ settings: { publicUrl: null, reconcileMinutes: 0, dataverse: null }, dataverse: { describe: never, identity: never, changedSince: never, token: never, setup: never }, partner: { show: never, token: never, listNewest: never }, deps: { dataverse: null, foundByReconcile: async () => ({ dataverse: 2 }) } });
  for (const finding of findings.filter((each) => each.state !== 'ok')) expect(finding.remedy).toMatch(/\S.{10}/);
});

describe('time', () => {
  test('remote systems that never answer hold up nothing: all other findings are told', async () => {
    const findings = await run({ dataverse: { describe: never, identity: never, changedSince: never, token: never, setup: never }, partner: { show: never, token: never, listNewest: never } });
    expect(findings.filter((finding) => finding.state === 'fail').map((finding) => finding.check).sort()).toEqual([
      'clock.dataverse', 'clock.partner-center', 'dataverse.columns', 'dataverse.steps', 'organization.dataverse', 'sign-in.dataverse', 'sign-in.partner-center.referrals', 'sign-in.partner-center.webhooks', 'webhook',
    ]);
    expect(findings.find((finding) => finding.check === 'dataverse.columns')).toMatchObject({ what: 'No answer within 1 s.', remedy: expect.stringContaining('COSELL_DATAVERSE_URL') });
    expect(findings.find((finding) => finding.check === 'parked')?.state).toBe('ok');
  });

  test('a database that is away is a finding too', async () => {
    const gone = openPool(url.replace(/:\d+\//, ':1/'));
    const findings = await runDoctor({ ...deps(), pool: gone, store: createStore(gone), gates: createGates({ pool: gone }) });
    expect(findings.find((finding) => finding.check === 'database')?.state).toBe('fail');
    expect(findings.find((finding) => finding.check === 'webhook')?.state).toBe('ok');
    await gone.end();
  });

  test('a clock that is off by more than a minute is told', async () => {
    const later = async () => ({ records: [], next: null, serverNow: new Date(Date.now() + 90_000).toISOString() });
    expect(await look('clock.dataverse', { dataverse: { changedSince: later } })).toMatchObject({ state: 'warn', what: expect.stringMatching(/^The clock of this host is (89|90) s behind Dynamics 365/), remedy: expect.stringContaining('NTP') });
    const within = async () => ({ records: [], next: null, serverNow: new Date(Date.now() - 50_000).toISOString() });
    expect((await look('clock.dataverse', { dataverse: { changedSince: within } }))?.state).toBe('ok');
  });
});

describe('a closed gate', () => {
  const close = async (details: FailureDetails, message: string): Promise<void> => {
    await expect(remembered.gates.guard(details.connection, () => Promise.reject(new RemoteFailure(message, details)))).rejects.toThrow();
  };

  test.each([
    ['429', { class: 'throttled', status: 429, retryAfterMs: 60_000 }, 'Dynamics 365 asks us to slow down.', 'warn', /asks us to slow down \(429\)\. Closed since .*; next try /, /Nothing to do/],
    ['503', { class: 'unreachable', status: 503 }, 'Dynamics 365 is not available (503). It is tried again by itself.', 'fail', /is not available: it answers 503\./, /service health/],
    ['a hang', { class: 'unreachable' }, 'Dynamics 365 cannot be reached to read an opportunity (no answer in time). It is tried again by itself; check the network if it lasts.', 'fail', /\(no answer in time\)\. Closed since/, /network, proxy and firewall/],
    ['a refused sign-in', { class: 'auth', status: 400 }, 'The sign-in of Dynamics 365 was refused (invalid_client, AADSTS7000222). Check tenant, client id and client secret of the application.', 'fail', /refused \(invalid_client, AADSTS7000222\)\. Closed since/, /COSELL_DATAVERSE_CLIENT_SECRET/],
  ] as const)('by %s is told with its reason, the next try and the remedy, and the system is not called', async (_name, details, message, state, what, remedy) => {
    await close({ connection: 'dataverse', ...details }, message);
    const findings = await run();
    expect(findings.find((finding) => finding.check === 'gate.dataverse')).toEqual({ check: 'gate.dataverse', state, what: expect.stringMatching(what), remedy: expect.stringMatching(remedy) });
    expect(calls.sort()).toEqual(['partner list', 'partner sign-in', 'partner sign-in', 'webhook']);
    expect(findings.find((finding) => finding.check === 'dataverse.columns')).toMatchObject({ state: 'warn', remedy: 'See gate.dataverse.' });
    expect(findings.find((finding) => finding.check === 'gate.partner-center')?.state).toBe('ok');
  });

  test('that another process closed is told by its code', async () => {
    await pool.query(`insert into cosell.gate (connection, closed, code, since, next_try_on) values ('partner-center', true, 'sign-in-expired', now(), now() + interval '30 s')`);
    expect(await look('gate.partner-center')).toMatchObject({ state: 'fail', what: expect.stringContaining('Partner Center refuses the sign-in.'), remedy: expect.stringContaining('COSELL_PARTNER_CENTER_REFRESH_TOKEN') });
    expect(calls).not.toContain('partner sign-in');
  });
});

describe('Dataverse', () => {
  test.each([
    ['dataverse.columns', { describe: async () => ({ maxLengths: {}, currencies: {}, missing: ['opportunity.cosell_syncstatus'] }) }, /cosell_syncstatus/, /Install the solution/],
    ['dataverse.columns', { describe: async () => ({ maxLengths: {}, currencies: {}, missing: ['opportunity.new_region'] }) }, /new_region/, /COSELL_MAPPING_FILE/],
    ['dataverse.endpoint', { setup: async () => report({ endpoint: { name: 'x', action: 'created' } }) }, /rings nobody/, /cosell setup dataverse/],
    ['dataverse.endpoint', { setup: async () => report({ endpoint: { name: 'x', action: 'changed' } }) }, /another address/, /cosell setup dataverse/],
    ['dataverse.steps', { setup: async () => report({ steps: [{ name: 'Co-sell Referral Sync: Win of opportunity', action: 'created' }] }) }, /Win of opportunity/, /cosell setup dataverse/],
    ['dataverse.custom-api', { setup: async () => report({ steps: [{ name: 'Co-sell Referral Sync: cosell_SyncReferral of opportunity', action: 'skipped' }] }) }, /cosell_SyncReferral is not there/, /Install the solution/],
    ['sign-in.dataverse', { token: () => Promise.reject(failure({ class: 'auth' }, 'The sign-in was refused.')) }, /was refused/, /COSELL_DATAVERSE_CLIENT_SECRET/],
    ['dataverse.columns', { describe: () => Promise.reject(failure({ class: 'forbidden', status: 403 })) }, /It failed/, /Co-sell Sync Service/],
  ] as const)('%s: what is wrong is told with its remedy', async (check, dataverse, what, remedy) => {
    expect(await look(check, { dataverse })).toEqual({ check, state: 'fail', what: expect.stringMatching(what), remedy: expect.stringMatching(remedy) });
  });

  test('another organisation, and an environment that looks like a copy, lead to adopt', async () => {
    await pool.query(`insert into cosell.connection (name, organization_id, copied) values ('dataverse', 'org-0', 'A record was synced later than this database remembers.')`);
    expect(await look('organization.dataverse')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('cosell adopt --connection dataverse') });
    expect(await look('copy-guard.dataverse')).toMatchObject({ state: 'fail', what: expect.stringContaining('synced later'), remedy: expect.stringContaining('cosell adopt --connection dataverse') });
    expect((await look('copy-guard.partner-center'))?.state).toBe('ok');
  });
});

describe('Salesforce', () => {
  const on = (salesforce: NonNullable<Change['salesforce']> = {}, currency: string | null = null): Change => ({ salesforce, settings: { salesforce: { currency } as Settings['salesforce'] } });
  const describes = (told: Partial<{ missing: string[]; currencies: Record<string, number> }>) => ({ describe: async () => ({ maxLengths: {}, currencies: { USD: 2 }, missing: [], ...told }) });

  test('is looked at beside Dynamics 365, or alone', async () => {
    const both = await run(on());
    expect(both.filter((finding) => finding.state !== 'ok')).toEqual([]);
    expect(both.map(({ check }) => check).filter((check) => check.includes('salesforce'))).toEqual(['gate.salesforce', 'sign-in.salesforce', 'copy-guard.salesforce', 'organization.salesforce', 'salesforce.fields', 'salesforce.currency', 'salesforce.calls', 'clock.salesforce']);
    const alone = await run({ ...on(), settings: { dataverse: null, salesforce: { currency: null } as Settings['salesforce'] }, deps: { dataverse: null } });
    expect(alone.filter((finding) => finding.state !== 'ok')).toEqual([]);
    expect(alone.map(({ check }) => check).filter((check) => check.includes('dataverse'))).toEqual([]);
  });

  test.each([
    ['salesforce.fields', 'fail', on(describes({ missing: ['Opportunity.Sync_Status__c', 'Account.Cosell_Key__c'] })), /Opportunity\.Sync_Status__c, Account\.Cosell_Key__c/, /permission set Co-sell Sync Service/],
    ['salesforce.fields', 'fail', on(describes({ missing: ['Opportunity.Amount'] })), /Opportunity\.Amount/, /COSELL_MAPPING_FILE/],
    ['salesforce.currency', 'fail', on(describes({ currencies: {} })), /cannot be read/, /COSELL_SALESFORCE_CURRENCY/],
    ['salesforce.calls', 'warn', on({ budget: () => ({ used: 80_000, limit: 100_000 }) }), /80000 of 100000/, /System Overview/],
    ['sign-in.salesforce', 'fail', on({ session: () => Promise.reject(failure({ connection: 'salesforce', class: 'auth' }, 'The sign-in was refused.')) }), /was refused/, /COSELL_SALESFORCE_USERNAME.*certificate/],
    ['salesforce.fields', 'fail', on({ describe: () => Promise.reject(failure({ connection: 'salesforce', class: 'unreachable', status: 503 }, 'It is down.')) }), /down/, /status\.salesforce\.com/],
    ['clock.salesforce', 'warn', on({ changedSince: async () => ({ records: [], next: null, serverNow: new Date(Date.now() + 120_000).toISOString() }) }), /behind Salesforce/, /NTP/],
  ] as const)('%s: %s is told with its remedy', async (check, state, change, what, remedy) => {
    expect(await look(check, change)).toEqual({ check, state, what: expect.stringMatching(what), remedy: expect.stringMatching(remedy) });
  });

  test('one currency is told by name, several by all, and nothing is wrong before the first answer', async () => {
    expect(await look('salesforce.currency', on(describes({}), 'USD'))).toMatchObject({ state: 'ok', what: 'Amounts are in USD.' });
    expect(await look('salesforce.currency', on({}, 'USD'))).toMatchObject({ state: 'ok', what: expect.stringContaining('not used') });
    expect(await look('salesforce.calls', on({ budget: () => null }))).toMatchObject({ state: 'ok' });
  });

  test('a day\'s calls used up are told as that, and it is not called', async () => {
    const used = new RemoteFailure('Salesforce has no API calls left for now.', { connection: 'salesforce', class: 'throttled', status: 403 });
    await expect(remembered.gates.guard('salesforce', () => Promise.reject(used))).rejects.toBe(used);
    const findings = await run(on());
    expect(findings.find((finding) => finding.check === 'gate.salesforce')).toMatchObject({ state: 'warn', what: expect.stringMatching(/no API calls left for now\. Closed since/), remedy: expect.stringContaining('by themselves') });
    expect(calls.filter((call) => call.startsWith('salesforce'))).toEqual([]);
  });

  test('another organisation leads to adopt, and lost bells to the package', async () => {
    await pool.query(`insert into cosell.connection (name, organization_id) values ('salesforce', '00Dyy0000001gEREAY')`);
    expect(await look('organization.salesforce', on())).toMatchObject({ state: 'fail', remedy: expect.stringMatching(/COSELL_SALESFORCE_LOGIN_URL.*cosell adopt --connection salesforce/) });
    expect(await look('found-by-reconcile', { ...on(), deps: { foundByReconcile: async () => ({ salesforce: 2 }) } })).toMatchObject({ state: 'warn', remedy: expect.stringContaining('CosellBell.tryNow') });
    expect(await look('public-address', { ...on(), settings: { publicUrl: null, dataverse: null, salesforce: { currency: null } as Settings['salesforce'] } })).toMatchObject({ remedy: expect.stringMatching(/named credential Cosell_Sync/) });
  });
});

describe('the ways in', () => {
  test.each([
    [null, 'fail', /Nothing is registered/, /cosell webhook register/],
    [{ url: 'https://other.example/x', events, subscriberId: null }, 'fail', /other\.example/, /--overwrite/],
    [{ url: 'https://sync.contoso.example/partner-center/events', events: events.slice(0, 2), subscriberId: null }, 'fail', /without related-referral-created, related-referral-updated/, /--overwrite/],
    [{ url: 'https://SYNC.contoso.example:443/partner-center/events', events: [...events, 'test-created'], subscriberId: null }, 'ok', /rings/, null],
  ] as const)('the webhook registration %#', async (registration, state, what, remedy) => {
    const found = await look('webhook', { partner: { show: async () => registration } });
    expect(found).toMatchObject({ state, what: expect.stringMatching(what) });
    if (remedy) expect(found?.remedy).toMatch(remedy);
  });

  test('a public address that is missing, on another port, or on this host only, is told', async () => {
    expect(await look('public-address', { settings: { publicUrl: null } })).toMatchObject({ state: 'warn', what: expect.stringContaining('every 15 min only') });
    expect(await look('public-address', { settings: { publicUrl: null, reconcileMinutes: 0 } })).toMatchObject({ state: 'fail' });
    expect(await look('public-address', { settings: { publicUrl: 'https://sync.contoso.example:8443' } })).toMatchObject({ state: 'warn', what: expect.stringContaining('ports 80 and 443 only') });
    expect(await look('public-address', { settings: { publicUrl: 'http://localhost' } })).toMatchObject({ state: 'warn', what: expect.stringContaining('this very host') });
  });

  test('what only reconcile found means that events get lost', async () => {
    expect(await look('found-by-reconcile', { deps: { foundByReconcile: async () => ({ 'partner-center': 3, dataverse: 0 }) } })).toMatchObject({ state: 'warn', what: expect.stringContaining('3 in partner-center'), remedy: expect.stringContaining('cosell webhook test') });
  });
});

describe('work', () => {
  test('records that were given up on are told with their reasons', async () => {
    await ring(pool, ['a', 'b', 'c'].map((id) => ({ key: `crm:dataverse:opportunity:${id}`, sides: side.crm, priority: 1 })));
    await pool.query(`update cosell.work set parked = case when key like '%c' then 'Error: two' else 'Error: one' end`);
    expect(await look('parked')).toMatchObject({ state: 'fail', what: '3 records were given up on after five tries. 2: Error: one (crm:dataverse:opportunity:a, ...) 1: Error: two (crm:dataverse:opportunity:c)', remedy: expect.stringContaining('cosell parked replay --all') });
  });

  test('a backlog is told by its oldest bell; what waits for a closed gate is no backlog', async () => {
    await ring(pool, [{ key: 'crm:dataverse:opportunity:a', sides: side.crm, priority: 1 }]);
    await pool.query(`update cosell.work set due = now() - interval '10 min', rung_on = now() - interval '10 min'`);
    expect(await look('backlog')).toMatchObject({ state: 'warn', what: expect.stringContaining('for 10 min') });
    await pool.query(`update cosell.work set waits_for = 'dataverse'`);
    expect(await look('backlog')).toMatchObject({ state: 'ok', what: expect.stringContaining('1 of them for a remote system') });
  });

  test('a chore that fails or does not run is told', async () => {
    for (const name of ['reconcile-opportunity', 'reconcile-lead']) await pool.query('select cosell.register_chore($1, 900000, 0)', [`chore:${name}:dataverse`]);
    await pool.query(`update cosell.chore set error = 'Dynamics 365 failed (500).', failing_since = now() where key like '%opportunity%'`);
    await pool.query(`update cosell.work set due = now() - interval '2 hours' where key like '%lead%'`);
    expect(await look('chore.reconcile-opportunity.dataverse')).toMatchObject({ state: 'warn', what: expect.stringContaining('Dynamics 365 failed (500).') });
    expect(await look('chore.reconcile-lead.dataverse')).toMatchObject({ state: 'warn', what: expect.stringContaining('did not run') });
    expect((await run({ settings: { reconcileMinutes: 0 } })).filter((finding) => finding.check.startsWith('chore.'))).toEqual([]);
  });

  test('an inventory under way says how far it is, and one that fails says why', async () => {
    await pool.query('update cosell.connection set inventory_completed_on = null');
    await pool.query(`insert into cosell.seen_referral (connection, id, engagement_id, organization_id, closed, created_on, updated_on) values ('partner-center', 'r', 'e', 'o', false, now(), now())`);
    expect(await look('inventory')).toMatchObject({ state: 'ok', what: expect.stringContaining('1 so far') });
    await pool.query('select cosell.register_chore($1, 900000, 0)', ['chore:inventory:partner-center']);
    await pool.query(`update cosell.chore set error = 'Partner Center answered 500.', failing_since = now()`);
    expect(await look('inventory')).toMatchObject({ state: 'warn', what: expect.stringContaining('Partner Center answered 500.') });
  });

  test('rows held by a process that died are told, and that nobody works at all', async () => {
    await ring(pool, [{ key: 'crm:dataverse:opportunity:a', sides: side.crm, priority: 1 }]);
    await pool.query('update cosell.work set lease = 999999, claimed = wanted');
    expect(await look('schedule')).toMatchObject({ state: 'warn', what: expect.stringContaining('1 record is still held') });
    const alone = openPool(await postgres.createDatabase('nobody'));
    await migrate(alone);
    expect((await runDoctor({ ...deps(), pool: alone })).find((finding) => finding.check === 'schedule')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('session mode') });
    await alone.end();
  });
});
