// Sign-ins against a scripted token endpoint and against the Entra stand-in.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSignIn, partnerCenterAudiences, type SignIn, type SignInOptions } from '../../../plugins-proxy/adapters/signIn/createSignIn';
import { fingerprintOf } from '../../../plugins-proxy/adapters/signIn/refreshTokens';
import type { Credentials } from '../../../plugins-proxy/ports/credentials';
import { startEntra } from '../../../sandbox/entra/entra';

interface Scripted {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hang?: true;
  readonly drop?: true;
}

const timings = { connect: 500, answer: 700 };
const granted = (number: number, more: object = {}): Scripted => ({ body: { token_type: 'Bearer', access_token: `access-${number}`, expires_in: '3599', ...more } });
const { referrals, webhooks } = partnerCenterAudiences;

let server: Server;
let url: string;
let script: Scripted[];
let asked: { path: string; form: URLSearchParams }[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', form: new URLSearchParams(text) });
      const next = script.shift() ?? { status: 500, body: {} };
      if (next.hang) return;
      if (next.drop) return void request.socket.destroy();
      response.writeHead(next.status ?? 200, { 'content-type': 'application/json', ...next.headers }).end(typeof next.body === 'string' ? next.body : JSON.stringify(next.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  script = [];
  asked = [];
});

const application = (more: Partial<SignInOptions> = {}): SignIn =>
  createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: url, tenantId: 'tenant-1', clientId: 'client-1', clientSecret: 'secret-1', timings, ...more });

function memory(rows = new Map<string, { secret: string; fingerprint: string }>()): Credentials & { rows: typeof rows } {
  return {
    rows,
    read: async (name) => rows.get(name),
    write: async (name, secret, fingerprint) => void rows.set(name, { secret, fingerprint }),
  };
}
const user = (credentials: Credentials, setting: string | undefined = 'refresh-setting'): SignIn =>
  application({ connection: 'partner-center', displayName: 'Partner Center', refreshToken: { setting, credentials, name: 'partner-center' } });

const failureOf = (promise: Promise<unknown>): Promise<Error & Record<string, unknown>> => promise.then(() => { throw new Error('It should fail.'); }, (error: Error & Record<string, unknown>) => error);

describe('the application alone', () => {
  test('asks the v2 endpoint for its own scope and keeps the token', async () => {
    script = [granted(1)];
    const signIn = application();
    expect(await signIn.token('https://org.crm.dynamics.com')).toBe('access-1');
    expect(await signIn.token('https://org.crm.dynamics.com')).toBe('access-1');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.path).toBe('/tenant-1/oauth2/v2.0/token');
    expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({ grant_type: 'client_credentials', client_id: 'client-1', client_secret: 'secret-1', scope: 'https://org.crm.dynamics.com/.default' });
  });

  test('signs in once however many wait', async () => {
    script = [granted(1)];
    const signIn = application();
    expect(new Set(await Promise.all([1, 2, 3, 4].map(() => signIn.token('https://a.example'))))).toEqual(new Set(['access-1']));
    expect(asked).toHaveLength(1);
  });

  test('signs in again after a token was refused, and before one expires', async () => {
    script = [granted(1), granted(2, { expires_in: 1 }), granted(3)];
    const signIn = application();
    signIn.invalidate(await signIn.token('https://a.example'));
    expect(await signIn.token('https://a.example')).toBe('access-2');
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await signIn.token('https://a.example')).toBe('access-3');
  });

  test('has every new token checked before anybody gets it, and forgets one that was turned down', async () => {
    script = [granted(1), granted(2)];
    const seen: string[] = [];
    const signIn = application({
      onSignedIn: async (audience, token) => {
        seen.push(`${audience} ${token}`);
        if (token === 'access-1') throw new Error('another organisation');
      },
    });
    await expect(signIn.token('https://a.example')).rejects.toThrow('another organisation');
    expect(await signIn.token('https://a.example')).toBe('access-2');
    expect(await signIn.token('https://a.example')).toBe('access-2');
    expect(seen).toEqual(['https://a.example access-1', 'https://a.example access-2']);
  });

  test('takes plain http for this machine only', () => {
    expect(() => application({ authorityUrl: 'http://login.example' })).toThrow('must be https');
    expect(() => application({ authorityUrl: 'https://login.example' })).not.toThrow();
  });
});

describe('the application and its user', () => {
  test('asks the v1 endpoint for each audience with the rotated token, and stores it', async () => {
    script = [granted(1, { refresh_token: 'refresh-1', id_token: 'e30.e30.', expires_on: '1' }), granted(2, { refresh_token: 'refresh-2' })];
    const credentials = memory();
    const signIn = user(credentials);
    expect(await Promise.all([signIn.token(referrals), signIn.token(webhooks)])).toEqual(['access-1', 'access-2']);
    expect(asked.map(({ path, form }) => [path, form.get('grant_type'), form.get('resource'), form.get('refresh_token')])).toEqual([
      ['/tenant-1/oauth2/token', 'refresh_token', 'https://api.partner.microsoft.com', 'refresh-setting'],
      ['/tenant-1/oauth2/token', 'refresh_token', 'https://api.partnercenter.microsoft.com', 'refresh-1'],
    ]);
    expect(credentials.rows.get('partner-center')).toEqual({ secret: 'refresh-2', fingerprint: fingerprintOf('refresh-setting') });
  });

  test('goes on with the stored token after a restart, but with the setting when that was changed', async () => {
    const credentials = memory(new Map([['partner-center', { secret: 'stored', fingerprint: fingerprintOf('refresh-setting') }]]));
    script = [granted(1), granted(2)];
    await user(credentials).token(referrals);
    await user(credentials, 'a new setting').token(referrals);
    expect(asked.map(({ form }) => form.get('refresh_token'))).toEqual(['stored', 'a new setting']);
  });

  test('uses what "cosell login" stored when nothing is set, and says so when there is nothing', async () => {
    script = [granted(1)];
    const refreshToken = { setting: undefined, name: 'partner-center' };
    await application({ refreshToken: { ...refreshToken, credentials: memory(new Map([['partner-center', { secret: 'from login', fingerprint: fingerprintOf(undefined) }]])) } }).token(referrals);
    expect(asked[0]?.form.get('refresh_token')).toBe('from login');
    const failure = await failureOf(application({ refreshToken: { ...refreshToken, credentials: memory() } }).token(referrals));
    expect(failure).toMatchObject({ class: 'auth', surelyNotSent: true });
    expect(failure.message).toContain('cosell login');
  });

  test('takes the newer token when another process rotated it in the meantime', async () => {
    const rows = new Map([['partner-center', { secret: 'old', fingerprint: fingerprintOf('refresh-setting') }]]);
    let reads = 0;
    const credentials: Credentials = { ...memory(rows), read: async () => (++reads === 1 ? rows.get('partner-center') : { secret: 'newer', fingerprint: fingerprintOf('refresh-setting') }) };
    script = [{ status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS50173: revoked' } }, granted(2)];
    expect(await user(credentials).token(referrals)).toBe('access-2');
    expect(asked.map(({ form }) => form.get('refresh_token'))).toEqual(['old', 'newer']);
  });

  test('loses no rotated token while the database is down', async () => {
    let down = true;
    const credentials = memory();
    const failing: Credentials = { ...credentials, write: async (...row) => (down ? Promise.reject(new Error('database down')) : credentials.write(...row)) };
    script = [granted(1, { refresh_token: 'rotated' }), granted(2)];
    const signIn = user(failing);
    await expect(signIn.token(referrals)).rejects.toThrow('database down');
    down = false;
    await signIn.token(referrals);
    expect(asked[1]?.form.get('refresh_token')).toBe('rotated');
  });
});

describe('when the sign-in fails', () => {
  test.each([
    ['a refused refresh token', { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS700082: expired for user ada@contoso.example' } }, { class: 'auth', status: 400 }],
    ['a wrong client secret', { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: secret-1 is wrong' } }, { class: 'auth', status: 401 }],
    ['a busy endpoint', { status: 429, headers: { 'retry-after': '9' }, body: { error: 'invalid_request' } }, { class: 'throttled', retryAfterMs: 9_000 }],
    ['an endpoint that is down', { status: 503, body: { error: 'temporarily_unavailable' } }, { class: 'unreachable', status: 503 }],
    ['a dropped connection', { drop: true }, { class: 'unreachable' }],
    ['no answer', { hang: true }, { class: 'unreachable' }],
    ['a proxy\'s page', { status: 400, headers: { 'content-type': 'text/html' }, body: '<html>' }, { class: 'unreachable' }],
    ['an answer as long as a book', { body: `{"access_token": "${'x'.repeat(2 * 1024 * 1024)}", "token_type": "Bearer", "expires_in": 3600}` }, { class: 'unreachable' }],
    ['a cut-off answer', { body: '{"access_token": "x' }, { class: 'unreachable' }],
  ] as [string, Scripted, object][])('%s is told in its class, without secrets, and nothing was sent', async (_, answer, expected) => {
    script = [answer];
    const failure = await failureOf(application().token('https://a.example'));
    expect(failure).toMatchObject({ name: 'RemoteFailure', connection: 'dataverse', surelyNotSent: true, ...expected });
    expect(failure.message).not.toMatch(/secret-1|ada@/);
    if ((expected as { class: string }).class === 'auth') expect(failure.message).toMatch(/invalid_\w+, AADSTS\d+/);
  });

  test('nobody listening is unreachable', async () => {
    expect(await failureOf(application({ authorityUrl: 'http://127.0.0.1:1' }).token('https://a.example'))).toMatchObject({ class: 'unreachable', surelyNotSent: true });
  });

  test('the next caller asks again', async () => {
    script = [{ status: 503, body: {} }, granted(2)];
    const signIn = application();
    await failureOf(signIn.token('https://a.example'));
    expect(await signIn.token('https://a.example')).toBe('access-2');
  });
});

test('both kinds of sign-in are taken by the stand-in of Entra, also with rotated tokens alone', async () => {
  const account = { tenantId: '8f1c2a64-0000-4000-8000-0000000000aa', clientId: 'c1', clientSecret: 's1', refreshToken: 'first refresh token' };
  const entra = await startEntra({ clients: [account] });
  const common = { connection: 'x', displayName: 'X', authorityUrl: entra.url, ...account, timings };
  const app = createSignIn({ ...common, refreshToken: undefined });
  expect(entra.check(await app.token('http://127.0.0.1:9'), 'http://127.0.0.1:9')).toMatchObject({ kind: 'app' });
  const person = createSignIn({ ...common, refreshToken: { setting: account.refreshToken, credentials: memory(), name: 'n' } });
  expect(entra.check(await person.token(referrals), referrals)).toMatchObject({ kind: 'user' });
  entra.revokeOldRefreshTokens();
  expect(entra.check(await person.token(webhooks), webhooks)).toMatchObject({ kind: 'user' });
  entra.expireSignIn();
  person.invalidate(await person.token(webhooks));
  expect(await failureOf(person.token(webhooks))).toMatchObject({ class: 'auth' });
  await entra.close();
});
