// The door that the Salesforce package rings at: who may ring, what a bell is, and what of it is ours.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { createApp, type AppOptions } from '../../../plugins-proxy/app';
import type { Bell } from '../../../plugins-proxy/doors/bell';

const key = 'the-doorbell-key';
const organization = '00Dxx0000001gEREAY';
const [deal, lead, account, contact] = ['006xx000001Sv6dAAC', '00Qxx0000012345EAA', '001xx000003DGb0AAG', '003xx000004TmiQAAS'];
const salesforce = { loginUrl: 'https://login.salesforce.com', clientId: 'c', username: 'u', privateKey: 'k', namespace: null, currency: null, doorbellKey: { current: key, previous: 'old-key' } };

let app: FastifyInstance;
let rung: Bell[][] = [];
let ringFails = false;
let known: string | null = organization;
let logged: string[] = [];
const note = (fields: Readonly<Record<string, unknown>>, message: string): void => void logged.push(`${JSON.stringify(fields)} ${message}`);

const appWith = (settings: AppOptions['settings']): FastifyInstance =>
  createApp({
    settings, metrics: new Registry(), health: async () => ({ ready: true, remarks: [] }), knownOrganization: () => known, log: { info: note, warn: note, error: note }, slowSenderMs: 300, check: async () => ({ type: 'genuine' }),
    ring: async (bells) => {
      if (ringFails) throw new Error('the database is away');
      rung.push([...bells]);
    },
  });

beforeAll(async () => {
  app = appWith({ dataverse: null, salesforce });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());
beforeEach(() => {
  [rung, logged, ringFails, known] = [[], [], false, organization];
});

async function send(body: unknown, headers: Record<string, string | string[]> = {}) {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await app.inject({ method: 'POST', url: '/salesforce/events', headers: { authorization: `Bearer ${key}`, ...headers }, payload });
  return { status: answer.statusCode, body: answer.body };
}
const bell = (recordIds: readonly unknown[], more: object = {}): unknown => ({ organizationId: organization, recordIds, ...more });
const bellOf = (id: string, kind: string, priority: number): unknown => ({ type: 'crm', connection: 'salesforce', kind, id, priority });

describe('rings', () => {
  test('for one deal at once, because somebody saved it and looks', async () => {
    expect(await send(bell([deal]))).toMatchObject({ status: 202 });
    expect(rung).toEqual([[bellOf(deal, 'opportunity', 0)]]);
  });

  test('for deals, leads and customers of a bulk save, customers in no hurry, each once', async () => {
    expect(await send(bell([deal, lead, account, contact, deal]))).toMatchObject({ status: 202 });
    expect(rung).toEqual([[bellOf(deal, 'opportunity', 1), bellOf(lead, 'lead', 1), bellOf(account, 'account', 5), bellOf(contact, 'contact', 5)]]);
  });

  test('under the 18-character id, however it was told', async () => {
    await send(bell([deal.slice(0, 15), deal]));
    await send(bell(['006A000000abcDE']));
    expect(rung).toEqual([[bellOf(deal, 'opportunity', 1)], [bellOf('006A000000abcDEIAY', 'opportunity', 0)]]);
  });

  test('for 200 records, and whatever the content type says', async () => {
    const ids = Array.from({ length: 200 }, (_, at) => `006xx0000${String(100_000 + at)}`);
    expect(await send(bell(ids), { 'content-type': 'text/plain' })).toMatchObject({ status: 202 });
    expect(rung[0]).toHaveLength(200);
  });

  test('while it does not know its own organisation yet, for any', async () => {
    known = null;
    await send(bell([deal], { organizationId: '00Dyy0000009999' }));
    expect(rung).toHaveLength(1);
  });
});

describe('takes and rings nothing for', () => {
  test.each([
    ['no records', bell([])], ['records of other objects', bell(['500xx000000abcd', 'a01xx000000abcdAAA'])], ['another organisation', bell([deal], { organizationId: '00Dyy0000009999AAA' })],
  ])('%s', async (_name, body) => {
    expect(await send(body)).toMatchObject({ status: 202 });
    expect(rung).toEqual([]);
  });

  test('only those records of a bell that are none of ours', async () => {
    await send(bell(['500xx000000abcd', deal]));
    expect(rung).toEqual([[bellOf(deal, 'opportunity', 1)]]);
  });

  test('not its own organisation, told by its 15 characters', async () => {
    await send(bell([deal], { organizationId: organization.slice(0, 15) }));
    expect(rung).toHaveLength(1);
  });
});

describe('refuses', () => {
  test.each([
    ['no JSON', '{'], ['nothing', ''], ['a list', '[]'], ['no organisation', { recordIds: [deal] }], ['an organisation that is no text', { organizationId: 7, recordIds: [deal] }], ['an organisation that is no id', { organizationId: 'contoso', recordIds: [deal] }],
    ['no list of records', { organizationId: organization }], ['a record for a list', { organizationId: organization, recordIds: deal }], ['an id that is no text', bell([7])], ['an id of 16 characters', bell([`${deal.slice(0, 16)}`])],
    ['an id with signs in it', bell(['006xx0000-1Sv6d'])], ['more than 200 records', bell(Array.from({ length: 201 }, () => deal))], ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
  ])('%s as malformed', async (_name, body) => {
    expect(await send(body)).toMatchObject({ status: 400 });
    expect(rung).toEqual([]);
  });

  test.each([
    ['no key', []], ['a wrong one', 'Bearer wrong'], ['one without its word', key], ['another kind of sign-in', `Basic ${key}`], ['an empty one', 'Bearer '], ['a right and a wrong one', [`Bearer ${key}`, 'Bearer wrong']],
  ])('%s, before it looks at the body', async (_name, authorization) => {
    expect(await send('{', { authorization })).toMatchObject({ status: 401 });
    expect(rung).toEqual([]);
    expect(logged.join()).not.toContain(key);
  });

  test.each([['the key', `Bearer ${key}`], ['the key before it', 'Bearer old-key'], ['its word in any case', `bearer ${key}`]])('nobody who has %s', async (_name, authorization) => {
    expect(await send(bell([deal]), { authorization })).toMatchObject({ status: 202 });
  });

  test('a body over 64 KiB, and not one below', async () => {
    const padded = (size: number): string => {
      const body = JSON.stringify(bell([deal], { padding: '' }));
      return body.replace('"padding":""', `"padding":"${'x'.repeat(size - body.length)}"`);
    };
    expect(await send(padded(64 * 1024))).toMatchObject({ status: 202 });
    expect(await send(padded(64 * 1024 + 1))).toMatchObject({ status: 413 });
    expect(rung).toHaveLength(1);
  });

  test('to take what cannot be made durable, so that the package rings again', async () => {
    ringFails = true;
    expect(await send(bell([deal]))).toMatchObject({ status: 503 });
  });

  test('a sender that dawdles', async () => {
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /salesforce/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-length: 100\r\n\r\n{`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString('utf8'))));
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
  });
});

test('there is no door while Salesforce is off, nor one for Dataverse while that is', async () => {
  const [off, on] = [appWith({ dataverse: null, salesforce: null }), app];
  expect((await off.inject({ method: 'POST', url: '/salesforce/events' })).statusCode).toBe(404);
  expect((await on.inject({ method: 'POST', url: '/dataverse/events' })).statusCode).toBe(404);
  expect((await on.inject({ method: 'GET', url: '/salesforce/events' })).headers.allow).toBe('POST');
  await off.close();
});
