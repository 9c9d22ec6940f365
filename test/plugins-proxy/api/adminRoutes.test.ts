// The admin API on a real database: who may ask, what is found, what is rung.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { reason } from '../../../core/index';
import { canonicalId } from '../../../plugins-proxy/adapters/dataverse/ids';
import type { AdminDeps } from '../../../plugins-proxy/api/adminDeps';
import { createAdminRoutes } from '../../../plugins-proxy/api/createAdminRoutes';
import { ok, warn } from '../../../plugins-proxy/doctor/finding';
import { RemoteFailure } from '../../../plugins-proxy/ports/failure';
import { side } from '../../../plugins-proxy/ports/store';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { migrate } from '../../../plugins-proxy/store/migrate';
import { openPool, startTemporaryPostgres, type TemporaryPostgres } from '../../kit/postgres';
import { putLink, workOf } from './linkRows';

const token = 'the-right-token';
const publicUrl = 'https://sync.contoso.example';

let postgres: TemporaryPostgres;
let pool: Pool;
let app: FastifyInstance;
let registered: { url: string; events: string[]; subscriberId: null } | null;
let tests: string[];
let nextFailure: Error | undefined;
let identity: () => Promise<{ organizationId: string; userId: string }>;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  pool = openPool(await postgres.createDatabase('admin'));
  await migrate(pool);
  app = Fastify();
  await app.register(createAdminRoutes(deps()));
});
afterAll(async () => {
  await app.close();
  await pool.end();
  await postgres.stop();
});
beforeEach(async () => {
  await pool.query('truncate cosell.link, cosell.timeline, cosell.work, cosell.chore, cosell.connection, cosell.seen_referral');
  registered = null;
  tests = [];
  nextFailure = undefined;
  identity = async () => ({ organizationId: 'ORG-2', userId: 'u' });
});

function deps(): AdminDeps {
  const mayFail = (): void => {
    const failure = nextFailure;
    nextFailure = undefined;
    if (failure) throw failure;
  };
  return {
    pool, store: createStore(pool), adminToken: token, version: '1.2.3', partnerConnection: 'partner-center', publicUrl,
    crms: [{ connection: 'dataverse', displayName: 'Dynamics 365', canonicalId, identity: () => identity() }],
    doctor: async () => [ok('one', 'All is well.'), warn('two', 'Look here.', 'Do this.')],
    webhooks: {
      show: async () => (mayFail(), registered),
      register: async ({ url, events }) => (registered = { url, events: [...events], subscriberId: null }),
      sendTest: async () => (mayFail(), `c${tests.push('sent')}`),
      testResult: async () => ({ status: 'completed', callbackUrl: null, results: [] }),
    },
    setupDataverse: async ({ dryRun, log }) => {
      mayFail();
      log(dryRun ? 'Would register.' : 'Register.');
      return { endpoint: { name: 'x', action: 'created' }, steps: [], warnings: [], changed: true };
    },
  };
}

const ask = async (method: 'GET' | 'POST', path: string, body?: Record<string, unknown>) => {
  const answer = await app.inject({ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` }, ...(body ? { payload: body } : {}) });
  return { status: answer.statusCode, body: answer.json(), text: answer.body, headers: answer.headers };
};

describe('who may ask', () => {
  test.each([undefined, 'Bearer', 'Bearer wrong', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${token} ${token}`, token])('nobody is let in with %p', async (authorization) => {
    for (const [method, url] of [['GET', '/links'], ['POST', '/sync'], ['GET', '/openapi.json'], ['GET', '/doctor']] as const) {
      const answer = await app.inject({ method, url: `/api/v1${url}`, headers: authorization === undefined ? {} : { authorization }, ...(method === 'POST' ? { payload: { record: randomUUID() } } : {}) });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.json()).toEqual({ error: { code: 'unauthorized', message: expect.stringContaining('admin token') } });
      expect(answer.body).not.toContain(token);
    }
    expect((await pool.query('select 1 from cosell.work')).rowCount).toBe(0);
  });
});

describe('the description', () => {
  test('tells of every route of the contract, with its parameters and its problems', async () => {
    const { body } = await ask('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(body.info.version).toBe('1.2.3');
    expect(Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))).toEqual(expect.arrayContaining([
      'GET /links', 'GET /links/{id}', 'GET /links/{id}/timeline', 'POST /sync', 'POST /reconcile', 'GET /parked', 'POST /parked/{key}/replay', 'POST /adopt', 'GET /doctor', 'GET /webhook', 'POST /webhook',
    ]));
    const list = body.paths['/links'].get;
    expect(list.parameters.map((each: { name: string }) => each.name)).toEqual(['status', 'phase', 'crm', 'search', 'after', 'limit']);
    expect(body.paths['/links/{id}'].get.parameters[0]).toMatchObject({ name: 'id', in: 'path', required: true });
    expect(body.paths['/sync'].post.requestBody.content['application/json'].schema.required).toEqual(['record']);
    expect(Object.keys(body.paths['/sync'].post.responses)).toEqual(['202', '400', '401', '404']);
  });
});

describe('links', () => {
  test('are listed last changed first, a page at a time, also when many changed in the same moment', async () => {
    for (let at = 0; at < 5; at += 1) await putLink(pool, { name: `Deal ${at}` });
    await pool.query('update cosell.link set changed_on = now()');
    const names: string[] = [];
    let after = '';
    do {
      const { body } = await ask('GET', `/links?limit=2${after && `&after=${after}`}`);
      names.push(...body.links.map((link: { name: string }) => link.name));
      after = body.next ?? '';
    } while (after);
    expect(names.sort()).toEqual(['Deal 0', 'Deal 1', 'Deal 2', 'Deal 3', 'Deal 4']);
  });

  test('are found by status, phase, CRM, a part of the name and any of their ids', async () => {
    const failed = await putLink(pool, { name: '100% "Lakehouse" 柏林_1', status: 'failed', reasons: [reason('no-permission', undefined, { system: 'Dynamics 365', role: 'Co-sell Sync Service' })] });
    await putLink(pool, { name: 'Other', more: { phase: 'off' } });
    const found = async (query: string): Promise<string[]> => (await ask('GET', `/links?${query}`)).body.links.map((link: { name: string }) => link.name);
    expect(await found('status=failed')).toEqual([failed.crm?.cells.name?.kind === 'value' ? failed.crm.cells.name.value : '']);
    expect(await found('phase=off')).toEqual(['Other']);
    expect(await found('crm=salesforce')).toEqual([]);
    for (const search of ['lakehouse', '100% "', '柏林_', failed.id, failed.crmId.toUpperCase(), `{${failed.referralId}}`, failed.engagementId!]) {
      expect(await found(`search=${encodeURIComponent(search)}`)).toHaveLength(1);
    }
    expect(await found(`search=${encodeURIComponent('%')}`)).toHaveLength(1);
    expect(await found('search=_ther')).toEqual([]);
    const { body } = await ask('GET', `/links/${failed.id}`);
    expect(body.reasons).toEqual([{ code: 'no-permission', actor: 'admin', params: { system: 'Dynamics 365', role: 'Co-sell Sync Service' } }]);
  });

  test('show no values, and a secured name neither in the list nor by searching', async () => {
    const link = await putLink(pool, {
      name: 'Secret deal', secured: ['name'], notes: 'Very private notes.',
      more: {
        conflicts: [{ field: 'dealValue', group: 'money', agreed: 1, crm: 55555, partner: 66666, crmOn: null, partnerOn: null }],
        attempts: { own: { id: 'a', requestId: 'r', startedOn: '2026-11-01T00:00:00.000Z', crm: { notes: 'sent notes' }, body: { notes: 'sent notes' }, state: 'unknown', looked: 1, lookAgainOn: null }, microsoft: null },
      },
    });
    const { body, text } = await ask('GET', `/links/${link.id}`);
    expect(body).toMatchObject({ name: null, conflicts: ['dealValue'], attempts: { own: { state: 'unknown', looked: 1 } } });
    for (const hidden of ['Secret deal', 'private', 'sent notes', '55555', '66666', '98765']) expect(text).not.toContain(hidden);
    expect((await ask('GET', '/links?search=secret')).body.links).toEqual([]);
  });

  test('can be read when a seller pasted signs that no database takes as text', async () => {
    const link = await putLink(pool, { name: 'Half \ud83d of a sign', notes: 'zero \u0000 byte' });
    expect((await ask('GET', '/links?search=half&status=synced')).body.links).toHaveLength(1);
    expect((await ask('GET', `/links/${link.id}`)).status).toBe(200);
  });

  test('a record that waits, is parked or is tried later says so', async () => {
    const link = await putLink(pool);
    const key = `crm:dataverse:opportunity:${link.crmId}`;
    await ring(pool, [{ key, sides: side.crm, priority: 1 }]);
    await pool.query(`update cosell.work set waits_for = 'partner-center', attempts = 3 where key = $1`, [key]);
    expect((await ask('GET', `/links/${link.crmId}`)).body.work).toEqual({ pending: true, running: false, attempts: 3, waitsFor: 'partner-center', parked: null, nextTryOn: null });
    await pool.query(`update cosell.work set waits_for = null, not_before = '2030-01-01Z' where key = $1`, [key]);
    expect((await ask('GET', `/links/${link.referralId}`)).body.work.nextTryOn).toBe('2030-01-01T00:00:00.000Z');
  });

  test('an unknown id is a 404, a wrong cursor or an unknown filter a 400 that repeats no value', async () => {
    expect(await ask('GET', `/links/${randomUUID()}`)).toMatchObject({ status: 404, body: { error: { code: 'link-unknown' } } });
    for (const query of ['after=nonsense', 'limit=0', 'limit=999', 'status=Synced', 'colour=red']) {
      const answer = await ask('GET', `/links?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-request' } } });
      expect(answer.text).not.toContain('nonsense');
    }
  });
});

describe('a timeline', () => {
  test('is told newest first, page by page, under any id of the record', async () => {
    const link = await putLink(pool);
    for (let n = 0; n < 5; n += 1) await pool.query(`insert into cosell.timeline (link_id, plan, n, at, text) values ($1, 'p', $2, now(), $3)`, [link.id, n, `entry ${n}`]);
    const first = (await ask('GET', `/links/${link.crmId}/timeline?limit=3`)).body;
    expect(first.linkId).toBe(link.id);
    expect(first.entries.map((entry: { text: string }) => entry.text)).toEqual(['entry 4', 'entry 3', 'entry 2']);
    const second = (await ask('GET', `/links/${link.id}/timeline?limit=3&before=${first.next}`)).body;
    expect(second.entries.map((entry: { text: string }) => entry.text)).toEqual(['entry 1', 'entry 0']);
    expect(second.next).toBeNull();
  });
});

describe('sync', () => {
  test('rings both sides at once by record, referral, Microsoft\'s referral or link, and ends a back-off', async () => {
    const microsoft = randomUUID();
    const link = await putLink(pool, { more: { microsoft: { id: microsoft, status: 'New', substatus: 'Pending', expiresOn: null, updatedOn: null } } });
    const key = `crm:dataverse:opportunity:${link.crmId}`;
    await ring(pool, [{ key, sides: side.crm, priority: 5 }]);
    await pool.query(`update cosell.work set not_before = now() + interval '10 min', parked = 'a bug', tried_on = now() - interval '1 min'`);
    for (const record of [link.crmId, `{${link.crmId.toUpperCase()}}`, link.referralId!, microsoft, link.id]) {
      expect(await ask('POST', '/sync', { record })).toMatchObject({ status: 202, body: { key, known: 'link', linkId: link.id } });
    }
    const work = await workOf(pool, key);
    expect(work).toMatchObject({ priority: 0, parked: null });
    expect((work!.sides & side.both) > 0).toBe(true);
    expect(work!.not_before === null || work!.not_before.getTime() <= Date.now()).toBe(true);
    expect((await pool.query('select 1 from cosell.work')).rowCount).toBe(1);
  });

  test('rings a referral that only the inventory has seen, and a record that nobody has heard of', async () => {
    const referral = randomUUID();
    await pool.query(`insert into cosell.seen_referral (connection, id, engagement_id, organization_id, closed, created_on, updated_on) values ('partner-center', $1, 'e', 'o', false, now(), now())`, [referral]);
    expect(await ask('POST', '/sync', { record: referral.toUpperCase() })).toMatchObject({ status: 202, body: { key: `pc:partner-center:${referral}`, known: 'referral' } });
    const record = randomUUID();
    expect(await ask('POST', '/sync', { record })).toMatchObject({ status: 202, body: { key: `crm:dataverse:opportunity:${record}`, known: 'new' } });
  });

  test('is a 404 for what is no id, a 400 without one, and rings nobody then', async () => {
    expect((await ask('POST', '/sync', { record: 'My deal' })).status).toBe(404);
    expect((await ask('POST', '/sync', {})).status).toBe(400);
    expect((await ask('POST', '/sync', { record: randomUUID(), more: 1 })).status).toBe(400);
    expect((await pool.query('select 1 from cosell.work')).rowCount).toBe(0);
  });
});

describe('reconcile', () => {
  test('rings every walk and nothing else', async () => {
    for (const key of ['chore:reconcile-opportunity:dataverse', 'chore:reconcile-referrals:partner-center', 'chore:inventory:partner-center']) await pool.query('select cosell.register_chore($1, 900000, 900000)', [key]);
    const { status, body } = await ask('POST', '/reconcile');
    expect(status).toBe(202);
    expect(body.chores).toEqual(['reconcile-opportunity:dataverse', 'reconcile-referrals:partner-center']);
    const { rows } = await pool.query<{ key: string }>('select key from cosell.work where due <= now() order by key');
    expect(rows.map((row) => row.key)).toEqual(['chore:reconcile-opportunity:dataverse', 'chore:reconcile-referrals:partner-center']);
  });

  test('says that it is switched off when there are no walks', async () => {
    expect(await ask('POST', '/reconcile')).toMatchObject({ status: 409, body: { error: { code: 'reconcile-off', message: expect.stringContaining('COSELL_RECONCILE_MINUTES') } } });
  });
});

describe('parked work', () => {
  test('is listed page by page and sent again one by one, reading both sides', async () => {
    const keys = Array.from({ length: 3 }, (_each, at) => `crm:dataverse:opportunity:${at}`);
    await ring(pool, keys.map((key) => ({ key, sides: side.crm, priority: 1 })));
    await pool.query(`update cosell.work set parked = 'Error: no such thing', attempts = 5`);
    const first = (await ask('GET', '/parked?limit=2')).body;
    expect(first.parked).toEqual([expect.objectContaining({ key: keys[0], why: 'Error: no such thing', attempts: 5 }), expect.objectContaining({ key: keys[1] })]);
    expect((await ask('GET', `/parked?limit=2&after=${encodeURIComponent(first.next)}`)).body).toMatchObject({ parked: [{ key: keys[2] }], next: null });
    expect((await ask('POST', `/parked/${encodeURIComponent(keys[1]!)}/replay`)).status).toBe(202);
    expect(await workOf(pool, keys[1]!)).toMatchObject({ parked: null, priority: 0 });
    expect(await workOf(pool, keys[0]!)).toMatchObject({ parked: 'Error: no such thing' });
    expect(await ask('POST', `/parked/${encodeURIComponent(keys[1]!)}/replay`)).toMatchObject({ status: 404, body: { error: { code: 'not-parked' } } });
  });
});

describe('adopt', () => {
  const copied = (): Promise<unknown> => pool.query(`insert into cosell.connection (name, organization_id, copied) values ('dataverse', 'org-1', 'Another organisation.'), ('partner-center', 'pc-1', null)`);
  const connection = async (name: string) => (await pool.query('select organization_id, copied from cosell.connection where name = $1', [name])).rows[0];

  test('accepts what looks like a copy, remembers who it is now, and leaves the others alone', async () => {
    await copied();
    const link = await putLink(pool);
    expect((await ask('POST', '/adopt')).body).toEqual({ adopted: [{ connection: 'dataverse', why: 'Another organisation.', records: 1 }] });
    expect(await connection('dataverse')).toEqual({ organization_id: 'org-2', copied: null });
    expect(await connection('partner-center')).toEqual({ organization_id: 'pc-1', copied: null });
    expect((await workOf(pool, `crm:dataverse:opportunity:${link.crmId}`))?.sides).toBe(side.both);
  });

  test('accepts also while the CRM cannot be asked; the next sign-in then tells who it is', async () => {
    await copied();
    identity = async () => { throw new RemoteFailure('down', { connection: 'dataverse', class: 'unreachable' }); };
    expect((await ask('POST', '/adopt', { connection: 'dataverse' })).status).toBe(200);
    expect(await connection('dataverse')).toEqual({ organization_id: null, copied: null });
  });

  test('changes nothing when nothing looks like a copy, and knows no other connection', async () => {
    await putLink(pool);
    expect((await ask('POST', '/adopt')).body).toEqual({ adopted: [] });
    expect(await ask('POST', '/adopt', { connection: 'elsewhere' })).toMatchObject({ status: 404, body: { error: { message: expect.stringContaining('dataverse, partner-center') } } });
    expect((await pool.query('select 1 from cosell.work')).rowCount).toBe(0);
  });
});

describe('the webhook registration', () => {
  const ours = { url: `${publicUrl}/partner-center/events`, events: ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'] };

  test('is made when there is none, found unchanged afterwards, and replaced only when told', async () => {
    expect((await ask('GET', '/webhook')).body).toEqual({ registration: null, wanted: ours, state: 'none' });
    expect((await ask('POST', '/webhook')).body).toMatchObject({ outcome: 'registered', registration: ours, previous: null });
    expect((await ask('POST', '/webhook', { url: ours.url, events: [...ours.events].reverse() })).body.outcome).toBe('unchanged');
    registered = { url: 'https://other.example/x', events: ['referral-created'], subscriberId: null };
    expect((await ask('GET', '/webhook')).body.state).toBe('elsewhere');
    expect((await ask('POST', '/webhook')).body).toMatchObject({ outcome: 'left-alone', registration: { url: 'https://other.example/x' } });
    expect(registered.url).toBe('https://other.example/x');
    expect((await ask('POST', '/webhook', { overwrite: true })).body).toMatchObject({ outcome: 'replaced', registration: ours, previous: { url: 'https://other.example/x' } });
  });

  test('refuses an address that is not https', async () => {
    expect((await ask('POST', '/webhook', { url: 'http://sync.contoso.example/x' })).status).toBe(400);
    expect(registered).toBeNull();
  });

  test('sends a test only when its event is registered, and tells of the limit plainly', async () => {
    expect(await ask('POST', '/webhook/test')).toMatchObject({ status: 409, body: { error: { code: 'not-registered' } } });
    registered = { ...ours, subscriberId: null };
    expect(await ask('POST', '/webhook/test')).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('related-referral-updated,test-created') } } });
    expect(tests).toEqual([]);
    registered.events = [...ours.events, 'test-created'];
    expect(await ask('POST', '/webhook/test')).toMatchObject({ status: 202, body: { correlationId: 'c1' } });
    expect((await ask('GET', '/webhook/test/c1')).body.result.status).toBe('completed');
  });

  test.each([['auth', 502, 'sign-in-expired'], ['throttled', 429, 'throttled'], ['unreachable', 503, 'remote-down'], ['forbidden', 502, 'no-permission']] as const)('a failure of class %s is answered %i with its sentence', async (kind, status, code) => {
    nextFailure = new RemoteFailure('Partner Center said no.', { connection: 'partner-center', class: kind, retryAfterMs: 1_200 });
    expect(await ask('GET', '/webhook')).toMatchObject({ status, body: { error: { code, message: 'Partner Center said no. Try again in 2 s.' } } });
  });
});

describe('set-up and doctor', () => {
  test('set-up tells line by line what it does, and a refusal in the words of Dataverse', async () => {
    expect((await ask('POST', '/setup/dataverse', { dryRun: true })).body).toMatchObject({ changed: true, lines: ['Would register.'] });
    nextFailure = new Error('Dynamics 365 did not read steps (403).', { cause: new Error('no') });
    expect(await ask('POST', '/setup/dataverse')).toMatchObject({ status: 502, body: { error: { message: 'Dynamics 365 did not read steps (403).' } } });
  });

  test('doctor answers with the worst state and all findings, uncached', async () => {
    const { body, headers } = await ask('GET', '/doctor');
    expect(body).toEqual({ state: 'warn', findings: [{ check: 'one', state: 'ok', what: 'All is well.', remedy: null }, { check: 'two', state: 'warn', what: 'Look here.', remedy: 'Do this.' }] });
    expect(headers['cache-control']).toBe('no-store');
  });
});
