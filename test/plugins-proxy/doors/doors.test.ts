// The doors: who may ring, what is refused before it is read, which record a bell names, and what senders do to sockets.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { createApp, type AppOptions } from '../../../plugins-proxy/app';
import type { Bell } from '../../../plugins-proxy/doors/bell';
import { createSignatureCheck } from '../../../plugins-proxy/doors/signature/createSignatureCheck';
import { startPartnerCenter } from '../../../sandbox/partnerCenter/partnerCenter';

const opportunity = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const organization = '99999999-9999-4999-8999-999999999999';
const key = 'right-key';

let app: FastifyInstance;
let rung: Bell[][] = [];
let ringFails = false;
let checked: Buffer[] = [];
let verdict: Awaited<ReturnType<AppOptions['check']>> = { type: 'genuine' };
let known: string | null = organization.toUpperCase();
let health: AppOptions['health'] = async () => ({ ready: true, remarks: [] });
let logged: string[] = [];
const note = (fields: Readonly<Record<string, unknown>>, message: string): void => void logged.push(`${JSON.stringify(fields)} ${message}`);

const dataverse = { url: 'https://x', tenantId: 't', clientId: 'c', clientSecret: 's', webhookKey: { current: key, previous: 'old-key' } };
const appWith = (more: Partial<AppOptions> = {}): FastifyInstance =>
  createApp({
    settings: { dataverse, salesforce: null }, metrics: new Registry(), health: () => health(), knownOrganization: () => known, log: { info: note, warn: note, error: note }, slowSenderMs: 400,
    check: async (_headers, body) => (checked.push(body), verdict),
    ring: async (bells) => {
      if (ringFails) throw new Error('the database is away');
      rung.push([...bells]);
    },
    ...more,
  });

beforeAll(async () => {
  app = appWith();
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());
beforeEach(() => {
  rung = [];
  checked = [];
  logged = [];
  ringFails = false;
  verdict = { type: 'genuine' };
  known = organization.toUpperCase();
});

const pairs = (values: Record<string, unknown>): unknown[] => Object.entries(values).map(([name, value]) => ({ key: name, value }));
const context = (message: string, table: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ MessageName: message, PrimaryEntityName: table, PrimaryEntityId: opportunity, OrganizationId: organization, InputParameters: [], ...more });
const reference = (id: string, table: string): unknown => ({ __type: 'EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts', Id: id, LogicalName: table });

async function send(body: unknown, options: { url?: string; headers?: Record<string, string | string[]> } = {}) {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await app.inject({ method: 'POST', url: options.url ?? '/dataverse/events', headers: { 'x-cosell-key': key, ...options.headers }, payload });
  return { status: answer.statusCode, body: answer.body };
}
const bellOf = (id: string, kind = 'opportunity', priority = 1): unknown => ({ type: 'crm', connection: 'dataverse', kind, id, priority });

describe('the Dataverse door', () => {
  test.each([
    ['an update', context('Update', 'opportunity'), bellOf(opportunity)],
    ['a create of a lead', context('Create', 'lead'), bellOf(opportunity, 'lead')],
    ['a delete', context('Delete', 'opportunity', { InputParameters: pairs({ Target: reference(opportunity, 'opportunity') }) }), bellOf(opportunity)],
    ['a change of an account, in no hurry', context('Update', 'account'), bellOf(opportunity, 'account', 5)],
    ['an id that only the target has', context('Update', 'opportunity', { PrimaryEntityId: '00000000-0000-0000-0000-000000000000', InputParameters: pairs({ Target: { Id: `{${other.toUpperCase()}}`, Attributes: [] } }) }), bellOf(other)],
    ['an id in the wrapper of the serializer', context('Update', 'opportunity', { PrimaryEntityId: { __type: 'Guid:#System', __value: other } }), bellOf(other)],
    ['a body over 256 KB, stripped of its input', { MessageName: 'Update', PrimaryEntityName: 'opportunity', PrimaryEntityId: opportunity, OrganizationId: organization }, bellOf(opportunity)],
    ['a win, by the opportunity of the closing activity', context('Win', 'opportunity', { PrimaryEntityId: other, InputParameters: pairs({ OpportunityClose: { Id: other, LogicalName: 'opportunityclose', Attributes: pairs({ opportunityid: reference(opportunity, 'opportunity') }) }, Status: { Value: 3 } }) }), bellOf(opportunity)],
    ['a loss whose input was stripped', { MessageName: 'Lose', PrimaryEntityName: 'opportunity', PrimaryEntityId: opportunity }, bellOf(opportunity)],
    ['a qualified lead', context('QualifyLead', 'lead', { PrimaryEntityId: other, InputParameters: pairs({ LeadId: reference(opportunity, 'lead') }) }), bellOf(opportunity, 'lead')],
    ['the Custom API, for which a person waits', context('cosell_SyncReferral', 'opportunity', { InputParameters: pairs({ Target: reference(opportunity, 'opportunity') }) }), bellOf(opportunity, 'opportunity', 0)],
  ])('rings for %s', async (_name, body, bell) => {
    expect(await send(body)).toMatchObject({ status: 202 });
    expect(rung).toEqual([[bell]]);
  });
  test('rings once for each record of a multiple', async () => {
    const body = context('UpdateMultiple', 'opportunity', { PrimaryEntityId: '00000000-0000-0000-0000-000000000000', InputParameters: pairs({ Targets: { Entities: [{ Id: opportunity }, { Id: other }, { Id: other }] } }) });
    expect(await send(body)).toMatchObject({ status: 202 });
    expect(rung).toEqual([[bellOf(opportunity), bellOf(other)]]);
  });
  test.each([
    ['another table', context('Update', 'quote')],
    ['an unknown message', context('Retrieve', 'opportunity')],
    ['another organisation', context('Update', 'opportunity', { OrganizationId: other })],
  ])('takes %s and rings nothing', async (_name, body) => {
    expect(await send(body)).toMatchObject({ status: 202 });
    expect(rung).toEqual([]);
  });
  test('takes any organisation while it does not know its own', async () => {
    known = null;
    await send(context('Update', 'opportunity', { OrganizationId: other }));
    expect(rung).toHaveLength(1);
  });
  test.each([
    ['no JSON', '{'], ['nothing', ''], ['a list', '[]'], ['no message', { PrimaryEntityName: 'opportunity', PrimaryEntityId: opportunity }],
    ['no id', context('Update', 'opportunity', { PrimaryEntityId: 'x' })], ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['a nesting of half a million lists', '['.repeat(500_000)], ['a context nested too deep', `{"MessageName":"Update","a":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`],
  ])('refuses %s as malformed', async (_name, body) => {
    expect(await send(body)).toMatchObject({ status: 400 });
    expect(rung).toEqual([]);
  });
  test('does not count brackets inside texts', async () => {
    expect(await send(context('Update', 'opportunity', { Note: `\\"${'[{'.repeat(500)}` }))).toMatchObject({ status: 202 });
  });
  test.each([
    ['in the header', {}, ''], ['as code', { 'x-cosell-key': [] as string[] }, `?code=${key}`], ['in both places', {}, `?code=${key}`], ['the one before', { 'x-cosell-key': 'old-key' }, ''],
  ])('takes a right key %s', async (_name, headers, query) => {
    expect(await send(context('Update', 'opportunity'), { headers, url: `/dataverse/events${query}` })).toMatchObject({ status: 202 });
  });
  test.each([
    ['none', { 'x-cosell-key': [] as string[] }, ''], ['a wrong one', { 'x-cosell-key': 'wrong' }, ''], ['an empty one', { 'x-cosell-key': '' }, ''], ['a right header and a wrong code', {}, '?code=wrong'],
    ['a right and a wrong header', { 'x-cosell-key': [key, 'wrong'] }, ''], ['a right and a wrong code', { 'x-cosell-key': [] as string[] }, `?code=${key}&code=wrong`],
  ])('refuses %s', async (_name, headers, query) => {
    expect(await send('{', { headers, url: `/dataverse/events${query}` })).toMatchObject({ status: 401 });
    expect(rung).toEqual([]);
  });
  test.each(['application/json; charset=utf-8', 'text/plain', 'garbage', 'application/x-www-form-urlencoded', ''])('does not care about the content type %p', async (type) => {
    expect(await send(context('Update', 'opportunity'), { headers: { 'content-type': type } })).toMatchObject({ status: 202 });
    expect(rung).toHaveLength(1);
  });
  test('asks to try again when the bell cannot be stored, and tells nothing about why', async () => {
    ringFails = true;
    const answer = await send(context('Update', 'opportunity'));
    expect(answer.status).toBe(503);
    expect(answer.body).not.toMatch(/database|Error|at /);
  });
  test('never logs the key', async () => {
    await send('{', { url: `/dataverse/events?code=${key}` });
    await send('{', { url: `/dataverse/events?code=wrong-${key}` });
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join()).not.toContain(key);
  });
});

describe('the Partner Center door', () => {
  const event = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ EventName: name, ResourceUri: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${opportunity.toUpperCase()}`, ResourceName: 'referral', ...more });
  const url = '/partner-center/events';
  const bell = (microsoft: boolean): unknown => ({ type: 'partner', connection: 'partner-center', referralId: opportunity, microsoft });

  test.each([['referral-created', false], ['referral-updated', false], ['related-referral-created', true], ['Related-Referral-Updated', true]])('rings for %s', async (name, microsoft) => {
    expect(await send(event(name), { url })).toMatchObject({ status: 202 });
    expect(rung).toEqual([[bell(microsoft)]]);
  });
  test('reads members in any case, and only the end of the address', async () => {
    expect(await send({ eventname: 'referral-updated', resourceURI: `http://evil.example/x/${opportunity}/?a=b#c` }, { url })).toMatchObject({ status: 202 });
    expect(rung).toEqual([[bell(false)]]);
  });
  test.each(['test-created', 'subscription-updated', 'constructor', '__proto__'])('takes %s and rings nothing', async (name) => {
    expect(await send(event(name), { url })).toMatchObject({ status: 202 });
    expect(rung).toEqual([]);
  });
  test.each([['no JSON', 'x'], ['no name', { ResourceUri: 'x' }], ['no id', event('referral-updated', { ResourceUri: 'https://x/referrals/12' })], ['a deep body', '{"a":'.repeat(10_000)]])('refuses %s as malformed', async (_name, body) => {
    expect(await send(body, { url })).toMatchObject({ status: 400 });
  });
  test.each([400, 401, 503] as const)('answers %i when the signature check says so, before it looks at the JSON', async (status) => {
    verdict = { type: 'refused', status, reason: 'the signature does not fit the body' };
    expect(await send('not JSON', { url })).toMatchObject({ status });
    expect(rung).toEqual([]);
  });
  test('hands the very bytes to the check', async () => {
    const body = Buffer.from(` ${JSON.stringify(event('referral-updated'))}\r\n`);
    await send(body, { url, headers: { 'content-type': 'application/json' } });
    expect(checked).toEqual([body]);
  });
  test('asks to try again when the event cannot be stored', async () => {
    ringFails = true;
    expect(await send(event('referral-updated'), { url })).toMatchObject({ status: 503 });
  });
});

describe('around the doors', () => {
  afterEach(() => {
    health = async () => ({ ready: true, remarks: [] });
  });
  test('tells that it lives, whether it is ready, and counts', async () => {
    health = async () => ({ ready: true, remarks: [{ connection: 'dataverse', code: 'remote-down' }] });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).json()).toEqual({ ready: true, remarks: [{ connection: 'dataverse', code: 'remote-down' }] });
    await send(context('Update', 'opportunity'));
    const metrics = await app.inject('/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.body).toMatch(/cosell_door_events_total\{door="\/dataverse\/events",outcome="accepted"\} \d+/);
  });
  test('is not ready when it says so, and when nobody can say', async () => {
    health = async () => ({ ready: false, reason: 'the database is away' });
    expect((await app.inject('/readyz')).statusCode).toBe(503);
    health = () => Promise.reject(new Error('secret stack'));
    const answer = await app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain('secret');
  });
  test('says in JSON what is not there and what is not allowed', async () => {
    const [nowhere, wrong, badUrl] = await Promise.all([app.inject('/nowhere'), app.inject({ method: 'GET', url: '/dataverse/events?code=x' }), app.inject('/%zz')]);
    expect([nowhere.statusCode, wrong.statusCode, badUrl.statusCode]).toEqual([404, 405, 400]);
    expect(wrong.headers.allow).toBe('POST');
    for (const answer of [nowhere, wrong, badUrl]) expect(answer.json()).toHaveProperty('error.code');
  });
  test('has no Dataverse door while Dynamics 365 is off, and keeps other routes\' JSON', async () => {
    const alone = appWith({
      settings: { dataverse: null, salesforce: null },
      adminRoutes: async (routes) => {
        routes.post('/api/v1/echo', async (request) => request.body);
        routes.get('/api/v1/broken', async () => Promise.reject(new Error('secret detail')));
      },
    });
    expect((await alone.inject({ method: 'POST', url: '/dataverse/events' })).statusCode).toBe(404);
    expect((await alone.inject({ method: 'POST', url: '/api/v1/echo', payload: { a: 1 } })).json()).toEqual({ a: 1 });
    const broken = await alone.inject('/api/v1/broken');
    expect(broken.statusCode).toBe(500);
    expect(broken.body).not.toContain('secret');
    await alone.close();
  });
});

describe('on a real socket', () => {
  const port = (): number => (app.server.address() as AddressInfo).port;
  const head = (url: string, more: string): string => `POST ${url} HTTP/1.1\r\nHost: x\r\nx-cosell-key: ${key}\r\n${more}\r\n\r\n`;

  /** Opens a connection, lets it be used, and gives back all that was answered until it closed. */
  async function talk(use: (socket: Socket) => void): Promise<string> {
    const socket = connect(port(), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('error', () => undefined);
    use(socket);
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  }

  test.each([['/dataverse/events', 1024 * 1024], ['/partner-center/events', 64 * 1024]])('refuses a declared length over the limit of %s without reading', async (url, limit) => {
    const started = Date.now();
    const answer = await talk((socket) => socket.write(head(url, `Content-Length: ${limit + 1}`)));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(checked).toEqual([]);
  });
  test.each([['/dataverse/events', 1024 * 1024], ['/partner-center/events', 64 * 1024]])('stops at the limit of %s when no length is declared', async (url, limit) => {
    const answer = await talk((socket) => {
      socket.write(head(url, 'Transfer-Encoding: chunked'));
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      let sent = 0;
      const more = (): void => {
        while (!socket.destroyed && (sent += 0x10000) <= limit + 0x20000 && socket.write(chunk));
        if (!socket.destroyed && sent <= limit + 0x20000) socket.once('drain', more);
      };
      more();
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(rung).toEqual([]);
  });
  test('a sender that goes on for ever still reads its 413, and is cut off', async () => {
    const answer = await talk((socket) => {
      socket.write(head('/partner-center/events', 'Transfer-Encoding: chunked'));
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`)), 10);
      socket.once('close', () => clearInterval(timer));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });
  test('takes a body of exactly the limit', async () => {
    const body = JSON.stringify(context('Update', 'opportunity', { Note: '' }));
    const full = body.replace('"Note":""', `"Note":"${'x'.repeat(1024 * 1024 - body.length)}"`);
    const answer = await fetch(`http://127.0.0.1:${port()}/dataverse/events`, { method: 'POST', headers: { 'x-cosell-key': key }, body: full });
    expect(full).toHaveLength(1024 * 1024);
    expect(answer.status).toBe(202);
  });
  test.each(['/dataverse/events', '/partner-center/events'])('a sender that dribbles into %s gets a 408', async (url) => {
    const answer = await talk((socket) => {
      socket.write(head(url, 'Content-Length: 1000'));
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('x')), 50);
      socket.once('close', () => clearInterval(timer));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
  test('a sender that dribbles its headers gets a 408', async () => {
    const answer = await talk((socket) => socket.write('POST /dataverse/events HTTP/1.1\r\nHost: x\r\nX-'));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
  test('a wrong key is refused before a byte of the body has come', async () => {
    const answer = await talk((socket) => socket.write(head('/dataverse/events', 'Content-Length: 1000').replace(key, 'wrong')));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
  test('two key headers count as two keys', async () => {
    const answer = await talk((socket) => socket.end(head('/dataverse/events', 'x-cosell-key: wrong\r\nContent-Length: 0\r\nConnection: close')));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
  test('a sender that goes away in the middle leaves the door standing', async () => {
    await talk((socket) => socket.write(head('/dataverse/events', 'Content-Length: 1000'), () => socket.destroy()));
    expect((await fetch(`http://127.0.0.1:${port()}/healthz`)).status).toBe(200);
    expect(rung).toEqual([]);
  });
  test('further connections than allowed are refused, and nobody else suffers', async () => {
    const small = appWith({ maxConnections: 1, metrics: new Registry() });
    await small.listen({ port: 0, host: '127.0.0.1' });
    const first = connect((small.server.address() as AddressInfo).port, '127.0.0.1');
    await new Promise((resolve) => first.once('connect', resolve));
    const second = connect((small.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => second.once('close', resolve));
    first.destroy();
    await small.close();
  });
  test('deep and large bodies do not hold up the others', async () => {
    const patient = appWith({ slowSenderMs: 8_000, metrics: new Registry() });
    const url = await patient.listen({ port: 0, host: '127.0.0.1' });
    const deep = '['.repeat(1_000_000);
    const ended: string[] = [];
    const answers = Array.from({ length: 8 }, () => fetch(`${url}/dataverse/events`, { method: 'POST', headers: { 'x-cosell-key': key }, body: deep }).finally(() => void ended.push('deep')));
    expect((await fetch(`${url}/healthz`).finally(() => void ended.push('health'))).status).toBe(200);
    expect((await Promise.all(answers)).map((each) => each.status)).toEqual(Array(8).fill(400));
    expect(ended.at(-1)).toBe('deep');
    await patient.close();
  });
});

test('an event that Partner Center signed opens the door, and the same event spoiled does not', async () => {
  const entra = { check: () => ({ tenantId: 't', clientId: 'c', kind: 'user' as const }) };
  const partnerCenter = await startPartnerCenter({ entra, organizationId: 'a1', organizationName: 'Fabrikam', delivery: { firstRetryMs: 5, doubled: 0, late: 0 } });
  const origins = [partnerCenter.certificatesUrl];
  const check = createSignatureCheck({ certificateOrigins: origins, issuerOrigins: origins, roots: [partnerCenter.rootsPem], organization: 'Microsoft Corporation', now: () => new Date() });
  let spoil = true;
  const door = appWith({ metrics: new Registry(), check: (headers, body) => check(headers, spoil ? Buffer.concat([body, Buffer.from(' ')]) : body) });
  const address = await door.listen({ port: 0, host: '127.0.0.1' });
  await fetch(`${partnerCenter.webhooksUrl}/webhooks/v1/registration`, {
    method: 'POST', headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    body: JSON.stringify({ WebhookUrl: `${address}/partner-center/events`, WebhookEvents: ['referral-created'], SignatureTokenToMsSignatureHeader: true }),
  });
  const deal = partnerCenter.createDeal();
  while (partnerCenter.deliveries().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(partnerCenter.deliveries()[0]?.outcome).toBe(401);
  expect(rung).toEqual([]);
  spoil = false;
  while (rung.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(rung[0]).toEqual([{ type: 'partner', connection: 'partner-center', referralId: deal.id, microsoft: false }]);
  await partnerCenter.close();
  await door.close();
});
