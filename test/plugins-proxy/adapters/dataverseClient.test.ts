// The transport to Dataverse against a scripted server: what a network and a proxy do to answers.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDataverseAdapter } from '../../../plugins-proxy/adapters/dataverse/createDataverseAdapter';
import { createDataverseClient, type DataverseCall, type DataverseClient } from '../../../plugins-proxy/adapters/dataverse/dataverseClient';
import { loadMapping } from '../../../plugins-proxy/adapters/dataverse/loadMapping';

let server: Server;
let url: string;
let client: DataverseClient;
let connections: number;
let seen: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let tokens: number;
const invalidated: string[] = [];
const timings = { connect: 1_000, answer: 1_000 };

beforeEach(async () => {
  [connections, tokens, seen] = [0, 0, []];
  invalidated.length = 0;
  server = createServer((request, response) => {
    seen.push(request);
    request.resume().on('end', () => answer(request, response));
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createDataverseClient({ connection: 'dataverse', displayName: 'Dynamics 365', url, timings, signIn });
});
afterEach(async () => {
  server.closeAllConnections();
  await client.close();
  server.close();
});

const signIn = { token: async () => `token-${tokens}`, invalidate: (token: string) => void (invalidated.push(token), tokens++) };
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json; odata.metadata=minimal', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
const get: DataverseCall = { method: 'GET', path: 'opportunities(1)', what: 'read an opportunity' };
const patch: DataverseCall = { method: 'PATCH', path: 'opportunities(1)', what: 'write an opportunity', body: { name: 'Ünï ☃' }, headers: { 'if-match': 'W/"1"' } };
const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then((value) => ({ noFailure: value }), (error: unknown) => error);

describe('answers', () => {
  test('keeps its connections: a hundred calls, ten at a time, over a few', async () => {
    answer = (_, response) => json(response, 200, { name: 'x' });
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 10 }, () => client.send(get)));
    expect(seen).toHaveLength(100);
    expect(connections).toBeLessThanOrEqual(20);
  });

  test('leaves texts as they are, also those that look like dates or protocol', async () => {
    const body = { name: '2026-01-01T00:00:00Z', note: 'a --batchresponse_ b', '@odata.etag': 'W/"7"' };
    answer = (_, response) => json(response, 200, body, { date: 'Tue, 24 Nov 2026 10:00:00 GMT' });
    expect(await client.send(get)).toEqual({ status: 200, body, serverNow: '2026-11-24T10:00:00.000Z' });
  });

  test('sends what the Web API asks for', async () => {
    answer = (_, response) => json(response, 204, '');
    expect(await client.send(patch)).toMatchObject({ status: 204, body: {} });
    expect(seen[0]).toMatchObject({ method: 'PATCH', url: '/api/data/v9.2/opportunities(1)', headers: { authorization: 'Bearer token-0', 'if-match': 'W/"1"', 'odata-version': '4.0', 'content-type': 'application/json; charset=utf-8' } });
  });

  test('signs in again once after a 401 and then gives up', async () => {
    answer = (request, response) => (request.headers.authorization === 'Bearer token-0' ? json(response, 401, '') : json(response, 200, {}));
    expect(await client.send(patch)).toMatchObject({ status: 200 });
    expect(invalidated).toEqual(['token-0']);
    answer = (_, response) => json(response, 401, '');
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'auth', surelyNotSent: true, status: 401 });
  });
});

describe('accidents', () => {
  test('a cut-off answer, a proxy\'s page and a strange status are the record\'s trouble, never the process\'s', async () => {
    answer = (_, response) => json(response, 200, '{"name": "tru');
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'remote', status: 200 });
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in to the proxy</html>');
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'remote' });
    answer = (_, response) => void response.writeHead(302, { location: 'https://evil.example/' }).end();
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'remote', status: 302 });
  });

  test('a connection that breaks in the middle of an answer is repeated once for a read and never for a write', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"name":', () => request.socket.destroy());
    };
    expect(await failureOf(client.send(get))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect(seen).toHaveLength(2);
    expect(await failureOf(client.send(patch))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect(seen).toHaveLength(3);
  });

  test('an answer that drips for longer than allowed is given up', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    };
    const failure = await failureOf(client.send(get));
    expect(failure).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect((failure as Error).message).toContain('no answer in time');
  });

  test('nobody listening surely had no effect', async () => {
    const nobody = createDataverseClient({ connection: 'dataverse', displayName: 'Dynamics 365', url: 'http://127.0.0.1:1', timings, signIn });
    expect(await failureOf(nobody.send(patch))).toMatchObject({ class: 'unreachable', surelyNotSent: true });
  });

  test.each([[429, '7', 'throttled', 7_000], [503, '3', 'unreachable', 3_000], [502, undefined, 'unreachable', undefined], [500, undefined, 'remote', undefined]] as const)('%i with Retry-After %s is %s', async (status, wait, kind, ms) => {
    answer = (_, response) => json(response, status, { error: { code: '0x80072322', message: 'secret text' } }, wait ? { 'retry-after': wait } : {});
    const failure = (await failureOf(client.send(patch))) as Error;
    expect(failure).toMatchObject({ class: kind, status, retryAfterMs: ms, surelyNotSent: status === 429 });
    expect(failure.message).not.toContain('secret text');
  });
});

test('a next page is fetched from our own host, whatever the link says', async () => {
  answer = (request, response) => json(response, 200, request.url?.includes('skiptoken')
    ? { value: [] }
    : { value: [{ opportunityid: '8F1C2A64-0000-4000-8000-0000000000AA', modifiedon: '2026-11-24T09:00:00Z', '@odata.etag': 'W/"5"' }], '@odata.nextLink': 'https://evil.example/api/data/v9.2/opportunities?$skiptoken=2' });
  const crm = createDataverseAdapter({ url, signIn, mapping: loadMapping(), timings });
  const page = await crm.changedSince('opportunity', '2026-11-24T08:00:00.5Z', null);
  expect(page.records).toEqual([{ kind: 'opportunity', id: '8f1c2a64-0000-4000-8000-0000000000aa', version: 'W/"5"', modifiedOn: '2026-11-24T09:00:00Z' }]);
  expect(page.next).toBe('opportunities?$skiptoken=2');
  expect(await crm.changedSince('opportunity', '2026-11-24T08:00:00Z', page.next)).toMatchObject({ records: [], next: null });
  expect(decodeURIComponent(seen[0]?.url ?? '')).toContain('modifiedon ge 2026-11-24T08:00:00.500Z and (cosell_syncwithpartnercenter eq true or cosell_referralidentifier ne null)');
  expect(seen[0]?.headers.prefer).toBe('odata.maxpagesize=500');
  await crm.dispose();
});
