// Sign-in to Salesforce: what the assertion says, one session however many wait, and what a refusal means to the admin.
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { audienceOf, createSalesforceSignIn, type SalesforceSignIn } from '../../../plugins-proxy/adapters/salesforce/signIn';
import { createTransport, type Transport } from '../../../plugins-proxy/adapters/salesforce/transport';

const keys = generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const id = 'https://login.salesforce.com/id/00Dxx0000001gER/005xx000001Sv6d';

let server: Server;
let url: string;
let transport: Transport;
let asked: URLSearchParams[];
let answer: { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string>; readonly ms?: number };
let seen: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8'))).on('end', () => {
      asked.push(new URLSearchParams(body));
      setTimeout(() => response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)), answer.ms ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  transport = createTransport({ connect: 300, answer: 300 });
});
afterAll(async () => {
  server.closeAllConnections();
  await transport.close();
  server.close();
});
beforeEach(() => {
  [asked, seen] = [[], []];
  answer = { status: 200, body: { access_token: 'session-1', instance_url: url, id, token_type: 'Bearer' } };
});

const signIn = (more: Partial<Parameters<typeof createSalesforceSignIn>[0]> = {}): SalesforceSignIn =>
  createSalesforceSignIn({ loginUrl: url, clientId: 'consumer-key', username: 'sync@contoso.example', privateKey: keys.privateKey, transport, onSignedIn: async (organization) => void seen.push(organization), ...more });

test('asks with a signed assertion that lives two minutes, and knows org and user from the answer', async () => {
  expect(await signIn().session()).toEqual({ token: 'session-1', instanceUrl: url, organizationId: '00Dxx0000001gEREAY', userId: '005xx000001Sv6dAAC' });
  expect([...asked[0]!.keys()].sort()).toEqual(['assertion', 'client_id', 'grant_type']);
  const [head = '', claims = '', signature = ''] = asked[0]!.get('assertion')!.split('.');
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), createPublicKey(keys.publicKey), Buffer.from(signature, 'base64url'))).toBe(true);
  const told = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>;
  expect(told).toEqual({ iss: 'consumer-key', sub: 'sync@contoso.example', aud: url, exp: expect.any(Number) });
  expect(Number(told.exp) - Date.now() / 1_000).toBeGreaterThan(60);
  expect(Number(told.exp) - Date.now() / 1_000).toBeLessThan(180);
  expect(seen).toEqual(['00Dxx0000001gEREAY']);
});

test('signs in once however many wait, keeps the session, and anew once it was refused', async () => {
  const own = signIn();
  expect(new Set((await Promise.all([own.session(), own.session(), own.session()])).map(({ token }) => token))).toEqual(new Set(['session-1']));
  await own.session();
  expect(asked).toHaveLength(1);
  own.invalidate('another');
  await own.session();
  expect(asked).toHaveLength(1);
  own.invalidate('session-1');
  await own.session();
  expect(asked).toHaveLength(2);
});

test('gives nobody a session whose organisation was not accepted, and asks again next time', async () => {
  const own = signIn({ onSignedIn: async () => Promise.reject(new Error('the database is away')) });
  await expect(own.session()).rejects.toThrow('the database is away');
  await expect(own.session()).rejects.toThrow('the database is away');
  expect(asked).toHaveLength(2);
});

describe('what went wrong', () => {
  test.each([
    ["user hasn't approved this consumer", 'invalid_grant', /pre-authorized/], ['audience is invalid', 'invalid_grant', /production, sandbox/], ['invalid assertion', 'invalid_grant', /private key/], ['client identifier invalid', 'invalid_client_id', /COSELL_SALESFORCE_CLIENT_ID/],
    ['user is inactive', 'inactive_user', /not active/], ['a sentence with a name@of.somebody in it', 'invalid_grant', /Check consumer key/],
  ])('"%s" closes the gate and says what to do', async (sentence, error, remedy) => {
    answer = { status: 400, body: { error, error_description: sentence } };
    const failure = await signIn().session().catch((thrown: unknown) => thrown as Error);
    expect(failure).toMatchObject({ name: 'RemoteFailure', connection: 'salesforce', class: 'auth', status: 400, surelyNotSent: true, message: expect.stringMatching(remedy) });
    expect(failure).toMatchObject({ message: expect.not.stringMatching(/somebody|consumer-key|sync@contoso/) });
  });

  test.each([
    ['too many sign-ins', { status: 400, body: { error: 'invalid_grant', error_description: 'login rate exceeded' } }, 'throttled'], ['an org that is down', { status: 503, body: 'down' }, 'unreachable'], ['something else at that address', { status: 404, body: '<html>' }, 'unreachable'],
    ['an answer that is none', { status: 200, body: '{}' }, 'unreachable'], ['an org at a plain http address', { status: 200, body: { access_token: 'x', instance_url: 'http://contoso.example', id } }, 'unreachable'], ['no answer in time', { status: 200, body: {}, ms: 600 }, 'unreachable'],
  ])('%s', async (_, given, kind) => {
    answer = given;
    await expect(signIn().session()).rejects.toMatchObject({ name: 'RemoteFailure', class: kind, surelyNotSent: true });
  });

  test('nobody at that address', async () => {
    await expect(signIn({ loginUrl: 'http://127.0.0.1:9' }).session()).rejects.toMatchObject({ class: 'unreachable', surelyNotSent: true });
  });
});

test.each([
  ['https://login.salesforce.com', 'https://login.salesforce.com'], ['https://test.salesforce.com', 'https://test.salesforce.com'], ['https://contoso.my.salesforce.com', 'https://login.salesforce.com'], ['https://contoso--dev.sandbox.my.salesforce.com', 'https://test.salesforce.com'],
  ['https://contoso--dev.my.salesforce.com', 'https://test.salesforce.com'], ['https://fast-org-1.scratch.my.salesforce.com', 'https://test.salesforce.com'], ['http://127.0.0.1:7077', 'http://127.0.0.1:7077'], ['http://localhost:7077/', 'http://localhost:7077'],
])('the audience of %s is %s', (loginUrl, audience) => {
  expect(audienceOf(loginUrl)).toBe(audience);
});
