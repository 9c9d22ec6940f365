// Proves the documented contract of the Entra stand-in with plain requests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startEntra, type Entra, type EntraOptions } from '../../sandbox/entra/entra';

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = { tenantId: TENANT, clientId: '22222222-2222-4222-8222-222222222222', clientSecret: 's3cret:+/ ~', refreshToken: 'first-refresh-token' };
const RESOURCE = 'https://api.partner.microsoft.com';

let entra: Entra;
let folder: string;
const start = async (more: Partial<EntraOptions> = {}): Promise<Entra> => (entra = await startEntra({ clients: [CLIENT], ...more }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'entra-'));
});
afterEach(async () => {
  await entra.close();
  rmSync(folder, { recursive: true });
});

async function ask(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(entra.url + path, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const secret = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
const refresh = (token: string, resource = RESOURCE): ReturnType<typeof ask> => ask(`/${TENANT}/oauth2/token`, { ...secret, grant_type: 'refresh_token', refresh_token: token, resource });

describe('client credentials', () => {
  test('v2 gives an app token for the resource of its scope, with numbers as numbers', async () => {
    await start();
    const { status, body } = await ask(`/${TENANT}/oauth2/v2.0/token`, { ...secret, grant_type: 'client_credentials', scope: 'http://127.0.0.1:7080/.default' });
    expect([status, body.expires_in, body.token_type]).toEqual([200, 3600, 'Bearer']);
    expect(entra.check(String(body.access_token), 'http://127.0.0.1:7080/')).toEqual({ tenantId: TENANT, clientId: CLIENT.clientId, kind: 'app' });
    expect(entra.check(String(body.access_token), RESOURCE)).toBeUndefined();
    expect(entra.server.counts()).toEqual({ token: 1 });
  });

  test('v1 takes the secret in the header too and answers numbers as strings', async () => {
    await start();
    const basic = Buffer.from(`${encodeURIComponent(CLIENT.clientId)}:${encodeURIComponent(CLIENT.clientSecret)}`).toString('base64');
    const { status, body } = await ask(`/${TENANT}/oauth2/token`, { grant_type: 'client_credentials', resource: RESOURCE }, { authorization: `Basic ${basic}` });
    expect([status, body.expires_in, typeof body.expires_on, body.resource]).toEqual([200, '3600', 'string', RESOURCE]);
  });
});

describe('refresh', () => {
  test('gives a user token and a new refresh token while the old one goes on working', async () => {
    await start();
    const first = await refresh('first-refresh-token');
    const second = await refresh('first-refresh-token');
    const third = await refresh(String(first.body.refresh_token), 'https://api.partnercenter.microsoft.com');
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
    expect(new Set(['first-refresh-token', first.body.refresh_token, second.body.refresh_token, third.body.refresh_token]).size).toBe(4);
    expect(entra.check(String(first.body.access_token), RESOURCE)?.kind).toBe('user');
    expect(entra.check(String(third.body.access_token), 'https://api.partnercenter.microsoft.com')?.kind).toBe('user');
  });

  test('old refresh tokens stop once they are revoked, the newest does not', async () => {
    await start();
    const { body } = await refresh('first-refresh-token');
    entra.revokeOldRefreshTokens();
    const old = await refresh('first-refresh-token');
    expect([old.status, old.body.error, old.body.error_codes]).toEqual([400, 'invalid_grant', [50173]]);
    expect((await refresh(String(body.refresh_token))).status).toBe(200);
  });

  test('an expired sign-in is refused until it is undone, over the control routes', async () => {
    await start();
    await fetch(`${entra.url}/__sandbox/expire-sign-in`, { method: 'POST' });
    const refused = await refresh('first-refresh-token');
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
    await fetch(`${entra.url}/__sandbox/restore-sign-in`, { method: 'POST' });
    expect((await refresh('first-refresh-token')).status).toBe(200);
  });

  test('revoked access tokens stop at once', async () => {
    await start();
    const { body } = await refresh('first-refresh-token');
    entra.revokeAccessTokens();
    expect(entra.check(String(body.access_token), RESOURCE)).toBeUndefined();
  });
});

test.each([
  ['another tenant', `/33333333-3333-4333-8333-333333333333/oauth2/token`, secret, 400, 'invalid_request', 90002],
  ['an unknown client', `/${TENANT}/oauth2/token`, { ...secret, client_id: 'nobody' }, 400, 'unauthorized_client', 700016],
  ['a wrong secret', `/${TENANT}/oauth2/token`, { ...secret, client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
  ['no secret', `/${TENANT}/oauth2/token`, { client_id: CLIENT.clientId }, 401, 'invalid_client', 7000218],
  ['a wrong refresh token', `/${TENANT}/oauth2/token`, { ...secret, refresh_token: 'wrong' }, 400, 'invalid_grant', 9002313],
])('refuses %s as Entra words it', async (_, path, form, status, error, number) => {
  await start();
  const answer = await ask(path, { grant_type: 'refresh_token', refresh_token: 'first-refresh-token', resource: RESOURCE, ...form });
  expect([answer.status, answer.body.error, answer.body.error_codes]).toEqual([status, error, [number]]);
  expect(answer.body.error_description).toMatch(new RegExp(`^AADSTS${number}: .*\\r\\nTrace ID: `));
  expect(JSON.stringify(answer.body)).not.toContain(CLIENT.clientSecret);
});

test('a scope without /.default is refused', async () => {
  await start();
  const { status, body } = await ask(`/${TENANT}/oauth2/v2.0/token`, { ...secret, grant_type: 'client_credentials', scope: RESOURCE });
  expect([status, body.error]).toEqual([400, 'invalid_scope']);
});

test('tokens outlive a restart, but not their time', async () => {
  let clock = Date.now();
  const dataFile = join(folder, 'entra.jsonl');
  await start({ dataFile, now: () => clock, accessTokenSeconds: 60 });
  const { body } = await refresh('first-refresh-token');
  await entra.close();
  await start({ dataFile, now: () => clock });
  expect(entra.check(String(body.access_token), RESOURCE)?.kind).toBe('user');
  expect((await refresh(String(body.refresh_token))).status).toBe(200);
  clock += 61_000;
  expect(entra.check(String(body.access_token), RESOURCE)).toBeUndefined();
});
