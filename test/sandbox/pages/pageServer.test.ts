// The pages of the try-out are for the person at this computer: no other page that the same browser has open may use them.
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openChannel } from '../../../sandbox/pages/server/live';
import { startPageServer, type PageServer } from '../../../sandbox/pages/server/pageServer';

let server: PageServer;
let done: number;
let state: number;
const channel = openChannel({ path: /^\/live$/, show: () => ({ state }), every: 5 });

beforeEach(async () => {
  [done, state] = [0, 1];
  server = await startPageServer([{ method: 'GET', path: /^\/read$/, handle: () => ({ body: { read: true } }) }, { method: 'POST', path: /^\/do$/, handle: () => (void (done += 1), { body: {} }) }, { method: 'GET', path: /^\/broken$/, handle: () => { throw new Error('Out of paper.'); } }, channel.route], 0);
});
afterEach(() => server.close());

/** fetch sets these headers itself and lets nobody else; a browser's page of another origin sends them so. */
function ask(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; body: string; headers: Readonly<Record<string, unknown>> }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const call = request({ method, path, hostname, port, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }));
    });
    call.once('error', reject);
    call.end();
  });
}

describe('a change', () => {
  const own = (): Record<string, string> => ({ host: new URL(server.url).host, origin: server.url, 'sec-fetch-site': 'same-origin' });

  test('from an own page is done', async () => {
    expect((await ask('POST', '/do', own())).status).toBe(200);
    expect(done).toBe(1);
  });

  test.each([
    ['another page', { origin: 'https://evil.example' }],
    ['another program on this computer', { origin: 'http://127.0.0.1:1' }],
    ['a form without a name', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['another site that hides its name', { 'sec-fetch-site': 'cross-site' }],
  ])('from %s is refused', async (_who, headers) => {
    const { host } = own();
    const answer = await ask('POST', '/do', { host: host!, ...headers });
    expect([answer.status, done]).toEqual([403, 0]);
    expect(JSON.parse(answer.body)).toEqual({ error: { message: expect.stringContaining('own pages') } });
  });
});

test('a name that somebody else lets point here is refused, for reading too', async () => {
  expect((await ask('GET', '/read', { host: 'rebound.example' })).status).toBe(403);
  expect((await ask('GET', '/read', { host: 'localhost:1' })).status).toBe(200);
});

test('scripts, styles and data come from this server alone, in any answer', async () => {
  for (const path of ['/read', '/nowhere']) {
    const policy = String((await ask('GET', path, { host: 'localhost' })).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*/);
  }
});

test('a fault is told in words, and the next request is answered', async () => {
  expect(await ask('GET', '/broken', { host: 'localhost' })).toMatchObject({ status: 500, body: '{"error":{"message":"Out of paper."}}' });
  expect((await ask('GET', '/read', { host: 'localhost' })).status).toBe(200);
});

test('who watches gets the state at once and each newer one, many changes as one', async () => {
  const reader = (await fetch(`${server.url}/live`)).body!.getReader();
  const seen: string[] = [];
  const read = async (): Promise<void> => void seen.push(...new TextDecoder().decode((await reader.read()).value).split('\n').filter((line) => line.startsWith('data:')));
  while (seen.length < 1) await read();
  for (state = 2; state < 9; state += 1) channel.touch();
  while (seen.length < 2) await read();
  expect(seen).toEqual(['data: {"state":1}', 'data: {"state":9}']);
  await reader.cancel();
});
