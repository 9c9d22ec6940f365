// Calls to Salesforce against a scripted server: what a network and a proxy do to answers, and that jsforce's own habits stay outside.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSalesforceClient, type SalesforceCall, type SalesforceClient } from '../../../plugins-proxy/adapters/salesforce/salesforceClient';
import { quoted } from '../../../plugins-proxy/adapters/salesforce/soql';
import { createTransport } from '../../../plugins-proxy/adapters/salesforce/transport';

let server: Server;
let url: string;
let client: SalesforceClient;
let connections: number;
let seen: { readonly request: IncomingMessage; readonly body: string }[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let sessions: number;
let elapsed: number;

beforeEach(async () => {
  [connections, sessions, elapsed, seen] = [0, 0, 0, []];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8'))).on('end', () => {
      seen.push({ request, body });
      answer(request, response);
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signIn = { session: async () => ({ token: `token-${sessions}`, instanceUrl: url, organizationId: 'o', userId: 'u' }), invalidate: () => void sessions++ };
  client = createSalesforceClient({ signIn, transport: createTransport({ connect: 400, answer: 400 }), timings: { probeMaxDaily: 900_000 }, clock: { now: () => elapsed, pause: async () => undefined } });
});
afterEach(async () => {
  server.closeAllConnections();
  await client.close();
  server.close();
});

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
const get: SalesforceCall = { method: 'GET', path: '/query?q=SELECT+Id+FROM+Account', what: 'read an opportunity' };
const patch: SalesforceCall = { method: 'PATCH', path: '/sobjects/Opportunity/006', what: 'write an opportunity', body: { Name: 'Ünï ☃' }, headers: { 'if-unmodified-since': 'Tue, 24 Nov 2026 10:00:00 GMT' } };
const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then((value) => ({ noFailure: value }), (error: unknown) => error);

describe('answers', () => {
  test('keeps its connections, and opens no more than it may', async () => {
    answer = (_, response) => void setTimeout(() => json(response, 200, { records: [] }), 5);
    await Promise.all(Array.from({ length: 60 }, () => client.send(get)));
    expect(seen).toHaveLength(60);
    expect(connections).toBeLessThanOrEqual(20);
  });

  test('sends what the REST API asks for, and says who calls', async () => {
    answer = (_, response) => void response.writeHead(204).end();
    expect(await client.send(patch)).toMatchObject({ status: 204, body: null });
    expect(seen[0]).toMatchObject({ body: '{"Name":"Ünï ☃"}', request: { method: 'PATCH', url: '/services/data/v66.0/sobjects/Opportunity/006' } });
    expect(seen[0]!.request.headers).toMatchObject({ authorization: 'Bearer token-0', 'sforce-call-options': 'client=cosell-sync', 'content-type': expect.stringContaining('application/json'), 'content-length': '20', 'if-unmodified-since': 'Tue, 24 Nov 2026 10:00:00 GMT' });
  });

  test.each([300, 400, 403, 404, 412])('a %i about the request is an answer', async (status) => {
    const body = status === 300 ? ['/services/data/v66.0/sobjects/Account/1', '/services/data/v66.0/sobjects/Account/2'] : [{ message: 'no', errorCode: 'SOME_CODE', fields: ['Name'] }];
    answer = (_, response) => json(response, status, body);
    expect(await client.send(patch)).toMatchObject({ status, body: status === 300 ? body : body[0] });
    expect(seen).toHaveLength(1);
  });

  test('reads the day\'s calls from every answer', async () => {
    expect(client.budget()).toBeNull();
    answer = (_, response) => json(response, 200, {}, { 'sforce-limit-info': 'api-usage=80123/100000' });
    await client.send(get);
    expect(client.budget()).toEqual({ used: 80_123, limit: 100_000 });
  });

  test('a call was made no earlier than its answer\'s time less what it took, and than what was heard before', async () => {
    const at = (time: string) => (_: IncomingMessage, response: ServerResponse): void => ((elapsed += 300), json(response, 200, {}, { date: time }));
    answer = at('Tue, 24 Nov 2026 10:00:05 GMT');
    const first = await client.send(get);
    expect([first.serverNow, new Date(first.notBefore).toISOString()]).toEqual(['2026-11-24T10:00:05.000Z', '2026-11-24T10:00:04.700Z']);
    elapsed += 900;
    expect(new Date(client.serverNotBefore()).toISOString()).toBe('2026-11-24T10:00:05.900Z');
    answer = at('Tue, 24 Nov 2026 10:00:06 GMT');
    expect(new Date((await client.send(get)).notBefore).toISOString()).toBe('2026-11-24T10:00:05.900Z');
  });
});

describe('trouble', () => {
  test('signs in again once, and no more', async () => {
    answer = (request, response) => (request.headers.authorization === 'Bearer token-1' ? json(response, 200, { ok: true }) : json(response, 401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]));
    expect(await client.send(get)).toMatchObject({ body: { ok: true } });
    answer = (_, response) => json(response, 401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
    seen = [];
    expect(await failureOf(client.send(patch))).toMatchObject({ class: 'auth', surelyNotSent: true });
    expect(seen).toHaveLength(2);
  });

  test.each([
    [403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }], { class: 'throttled', longestProbeMs: 900_000, surelyNotSent: true }],
    [503, [{ message: 'down', errorCode: 'SERVER_UNAVAILABLE' }], { class: 'unreachable', status: 503 }], [502, '<html>bad gateway</html>', { class: 'unreachable' }], [500, [{ message: 'x', errorCode: 'UNKNOWN_EXCEPTION' }], { class: 'remote' }],
    [400, [{ message: 'locked', errorCode: 'UNABLE_TO_LOCK_ROW' }], { class: 'remote', surelyNotSent: true }], [200, '{"cut off', { class: 'remote' }], [400, '<html>a proxy says no</html>', { class: 'remote' }], 
  ])('a %i is a failure of its class, tried once', async (status, body, wanted) => {
    answer = (_, response) => json(response, status, body);
    expect(await failureOf(client.send(get))).toMatchObject({ name: 'RemoteFailure', connection: 'salesforce', ...wanted });
    expect(seen).toHaveLength(1);
  });

  test('an org that moved is found by signing in again, and never by going where the answer says', async () => {
    const moved = (response: ServerResponse): void => json(response, 302, '', { location: `${url}/elsewhere` });
    answer = (request, response) => (request.headers.authorization === 'Bearer token-1' ? json(response, 200, { ok: true }) : moved(response));
    expect(await client.send(get)).toMatchObject({ body: { ok: true } });
    answer = (_, response) => moved(response);
    seen = [];
    // Whatever it is, it concerns the whole connection and no record of it.
    expect(await failureOf(client.send(patch))).toMatchObject({ class: 'unreachable', status: 302, surelyNotSent: true });
    expect(seen.map((each) => each.request.url)).toEqual(Array(2).fill('/services/data/v66.0/sobjects/Opportunity/006'));
  });

  test('an answer that breaks off is read again once, a write is not', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"a', () => response.destroy());
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'unreachable' });
    expect(seen).toHaveLength(2);
    expect(await failureOf(client.send(patch))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect(seen).toHaveLength(3);
  });

  test('an answer that does not come, or comes in drops, is given up on in time', async () => {
    answer = () => undefined;
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'unreachable', message: expect.stringContaining('no answer in time') });
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    };
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'unreachable' });
  });

  test('messages tell no token, no payload and no text of the answer', async () => {
    answer = (_, response) => json(response, 500, [{ message: 'SECRET of a customer', errorCode: 'UNKNOWN_EXCEPTION' }]);
    expect(String(await failureOf(client.send(patch)))).not.toMatch(/SECRET|token-|Ünï/);
  });
});

test.each([
  ["O'Hara", "'O\\'Hara'"], ['back\\', "'back\\\\'"], ['a "b"', "'a \\\"b\\\"'"], ['two\nlines\r\ttab', "'two\\nlines\\r\\ttab'"], ["\\' OR Name != '", "'\\\\\\' OR Name != \\''"], ['nul\0', "'nul'"],
])('a text in SOQL cannot end its quotes: %j', (text, soql) => {
  expect(quoted(text)).toBe(soql);
});
