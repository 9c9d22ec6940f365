// The Partner Center adapter against a server that answers by script: calls, accidents, paging, webhook registration.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../../core/index';
import { RemoteFailure } from '../../../plugins-proxy/ports/failure';
import { createPartnerCenterAdapter, type PartnerCenterAdapter } from '../../../plugins-proxy/adapters/partnerCenter/partnerCenterAdapter';
import { createWebhookRegistration, type WebhookRegistration } from '../../../plugins-proxy/adapters/partnerCenter/webhookRegistration';

interface Heard {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> } | ((request: IncomingMessage, response: ServerResponse) => void);

const id = '11111111-1111-4111-8111-111111111111';
const referral = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ id, engagementId: 'e1', organizationId: 'a1', eTag: '"v1"', status: 'Active', substatus: 'Accepted', type: 'Independent', direction: 'Outgoing', ...more });

let server: Server;
let heard: Heard[] = [];
let script: Reply[] = [];
let tokens: string[] = [];
let invalidated: string[] = [];
let adapter: PartnerCenterAdapter;
let webhooks: WebhookRegistration;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      heard.push({ method: request.method ?? '', url: new URL(request.url ?? '', 'http://x'), headers: request.headers, body: Buffer.concat(chunks).toString() });
      const reply = script.shift() ?? { status: 599 };
      if (typeof reply === 'function') return reply(request, response);
      response.writeHead(reply.status, { 'content-type': 'application/json', date: 'Mon, 23 Nov 2026 10:00:00 GMT', ...reply.headers });
      response.end(reply.body === undefined ? '' : typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  adapter = adapterAt(base);
  webhooks = createWebhookRegistration({ webhooksUrl: base, token: async (audience) => `token for ${audience}`, invalidate: () => undefined, timings: { connect: 1_000, answer: 1_000, post: 1_000 } });
});
afterEach(() => {
  expect(script).toHaveLength(0);
  heard = [];
  tokens = [];
  invalidated = [];
});
afterAll(async () => {
  await adapter.close();
  await webhooks.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function adapterAt(url: string, token: (audience: string) => Promise<string> = async () => `t${tokens.push('used')}`): PartnerCenterAdapter {
  return createPartnerCenterAdapter({
    url, webhooksUrl: url, token, invalidate: (used) => void invalidated.push(used), timeZone: 'UTC',
    linkTemplate: 'https://portal.example/{referralId}?e={engagementId}', timings: { connect: 1_000, answer: 1_000, post: 1_000 },
  });
}

async function failureOf(call: Promise<unknown>): Promise<RemoteFailure> {
  const error = await call.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof RemoteFailure)) throw new Error(`Expected a RemoteFailure, got ${String(error)}.`);
  return error;
}

const envelope = (code: string, target?: string, message = 'no'): unknown => ({ error: { code: 'invalidRequest', message, ...(target ? { target } : {}), innerError: { code, message } } });
const hangUp = (request: IncomingMessage): void => void request.socket.destroy();
const sayNothing = (request: IncomingMessage): void => void request.socket.pause();
const change = { values: { dealValue: '5' } };

describe('reading', () => {
  test('asks with a new client-request-id each time and gives back the referral', async () => {
    script = [{ status: 200, body: referral() }, { status: 200, body: referral() }];
    const first = await adapter.read(id);
    await adapter.read(id);
    expect(first).toMatchObject({ type: 'found', snapshot: { id, version: '"v1"' } });
    expect(heard[0]?.url.pathname).toBe(`/v1.0/engagements/referrals/${id}`);
    expect(heard[0]?.headers['client-request-id']).not.toBe(heard[1]?.headers['client-request-id']);
  });
  test('takes the eTag from the header when the body has none', async () => {
    script = [{ status: 200, body: referral({ eTag: undefined }), headers: { etag: '"h"' } }];
    expect(await adapter.read(id)).toMatchObject({ snapshot: { version: '"h"' } });
  });
  test('a referral that is not there is gone', async () => {
    script = [{ status: 404, body: envelope('itemNotFound') }];
    expect(await adapter.read(id)).toEqual({ type: 'gone' });
  });
  test('signs in again once after a 401, and goes on with the new token', async () => {
    script = [{ status: 401, body: envelope('unAuthorized') }, { status: 200, body: referral() }];
    expect(await adapter.read(id)).toMatchObject({ type: 'found' });
    expect(heard.map((each) => each.headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
    expect(invalidated).toEqual(['t1']);
  });
  test('a second 401 is a failed sign-in, and nothing had an effect', async () => {
    script = [{ status: 401 }, { status: 401 }];
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'auth', status: 401, surelyNotSent: true });
  });
  test('a 403 that asks for more claims is a sign-in, any other one a missing right', async () => {
    script = [{ status: 403, body: envelope('insufficient_claims') }, { status: 403, body: envelope('insufficient_claims') }, { status: 403, body: envelope('accessDenied') }];
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'auth' });
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'forbidden', status: 403 });
  });
  test('goes once more when the kept connection was closed, and no third time', async () => {
    script = [hangUp, { status: 200, body: referral() }, hangUp, hangUp];
    expect(await adapter.read(id)).toMatchObject({ type: 'found' });
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect(heard).toHaveLength(4);
  });
  test('waits for as long as a throttle of the other shape asks', async () => {
    script = [{ status: 429, headers: { 'retry-after': '57' }, body: { statusCode: 429, message: 'Rate limit is exceeded.' } }];
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'throttled', retryAfterMs: 57_000, surelyNotSent: true });
  });
  test('reads a Retry-After date against the server\'s own clock', async () => {
    script = [{ status: 503, headers: { 'retry-after': 'Mon, 23 Nov 2026 10:00:20 GMT' } }];
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'unreachable', retryAfterMs: 20_000 });
  });
  test('a server that says nothing is unreachable after the time it has', async () => {
    script = [sayNothing];
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
  });
  test('a page of HTML with status 200 is an accident and no referral', async () => {
    script = [{ status: 200, body: '<html>sign in</html>' }, { status: 200, body: {} }];
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'remote' });
    expect(await failureOf(adapter.read(id))).toMatchObject({ class: 'remote' });
  });
  test('an answer that has no end is this record\'s own trouble and closes no gate for the others', async () => {
    const endless = (_: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = setInterval(() => response.write('x'.repeat(4 * 1024 * 1024)), 1);
      response.on('close', () => clearInterval(more)).on('error', () => clearInterval(more));
    };
    script = [endless];
    const failure = await failureOf(adapter.read(id));
    expect(failure).toMatchObject({ class: 'bug', surelyNotSent: false });
    expect(failure.message).toContain('16 MiB');
  });
  test('the caller\'s own abort comes back as it is', async () => {
    const abort = new AbortController();
    const lost = new Error('lease lost');
    script = [() => abort.abort(lost)];
    await expect(adapter.read(id, abort.signal)).rejects.toBe(lost);
  });
  test('no failure names a token or an address', async () => {
    script = [{ status: 500, body: envelope('generalException', undefined, 'secret payload') }];
    const failure = await failureOf(adapter.read(id));
    expect(failure.class).toBe('remote');
    expect(failure.message).not.toMatch(/secret|Bearer|127\.0\.0\.1/);
  });
});

describe('writing', () => {
  test('sends the version verbatim, asks for the referral back, and sends a number', async () => {
    script = [{ status: 200, body: referral({ eTag: '"v2"' }) }];
    expect(await adapter.write(id, change, '"v1"')).toMatchObject({ type: 'written', snapshot: { version: '"v2"' } });
    expect(heard[0]).toMatchObject({ method: 'PATCH', headers: { 'if-match': '"v1"', prefer: 'return=representation', 'content-type': 'application/json' } });
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual([{ op: 'replace', path: '/details/dealValue', value: 5 }]);
  });
  test('reads the referral when the answer is 204', async () => {
    script = [{ status: 204 }, { status: 200, body: referral({ eTag: '"v3"' }) }];
    expect(await adapter.write(id, change, '"v1"')).toMatchObject({ type: 'written', snapshot: { version: '"v3"' } });
  });
  test('a read that fails after a 204 does not claim that nothing was sent', async () => {
    script = [{ status: 204 }, { status: 429 }];
    expect(await failureOf(adapter.write(id, change, '"v1"'))).toMatchObject({ class: 'throttled', surelyNotSent: false });
  });
  test.each([[412, 'preconditionFailed'], [409, 'resourceModified']])('a %i with %s is stale', async (status, code) => {
    script = [{ status, body: envelope(code) }];
    expect(await adapter.write(id, change, '"v1"')).toEqual({ type: 'stale' });
  });
  test('a 404 is gone, unless it points at a value', async () => {
    script = [{ status: 404, body: envelope('itemNotFound', 'referral') }, { status: 404, body: envelope('itemNotFound', 'details/currency') }];
    expect(await adapter.write(id, change, '"v1"')).toEqual({ type: 'gone' });
    expect(await adapter.write(id, { values: { currency: 'XXX' } }, '"v1"')).toMatchObject({ type: 'refused', reasons: [{ code: 'currency-unknown', field: 'currency', params: { code: 'XXX' } }] });
  });
  test('a 400 without a target is about the change as a whole', async () => {
    script = [{ status: 400, body: { error: { code: 'invalidRequest', message: 'x'.repeat(400) } } }];
    const written = await adapter.write(id, change, '"v1"');
    expect(written).toMatchObject({ type: 'refused', reasons: [{ code: 'field-refused', actor: 'admin', params: { system: 'Partner Center' } }] });
    expect(written.type === 'refused' && String(written.reasons[0]?.params?.message)).toHaveLength(300);
  });
  test.each([408, 423, 409, 500, 502])('a %i is an accident of unknown outcome', async (status) => {
    script = [{ status }];
    expect(await failureOf(adapter.write(id, change, '"v1"'))).toMatchObject({ status, surelyNotSent: false });
  });
  test('does not repeat a PATCH on a reset connection', async () => {
    script = [hangUp];
    expect(await failureOf(adapter.write(id, change, '"v1"'))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
  });
  test('keeps price and quantity of the solutions that stay, and reads them first when it must', async () => {
    const kept = { id: 'SOL-1-ABC', type: 'Name', name: 'One', price: 9, quantity: 2 };
    const details = (solutions: Json[]): Record<string, unknown> => ({ details: { requirements: { solutions } } });
    script = [{ status: 200, body: referral({ eTag: '"s1"', ...details([kept, { id: 'SOL-2-ABC', type: 'Name' }]) }) }, { status: 200, body: referral({ eTag: '"s2"', ...details([kept]) }) }, { status: 200, body: referral({ eTag: '"s3"' }) }];
    await adapter.write(id, { values: { solutions: ['SOL-1-ABC', 'SOL-3-ABC'] } }, '"s1"');
    await adapter.write(id, { values: { solutions: ['SOL-1-ABC'] } }, '"s2"');
    expect(heard.map((each) => each.method)).toEqual(['GET', 'PATCH', 'PATCH']);
    expect(JSON.parse(heard[1]?.body ?? '')).toEqual([{ op: 'replace', path: '/details/requirements/solutions', value: [kept, { id: 'SOL-3-ABC', type: 'Name' }] }]);
  });
  test('sends no solutions when the referral moved on meanwhile', async () => {
    script = [{ status: 200, body: referral({ eTag: '"new"' }) }];
    expect(await adapter.write(id, { values: { solutions: ['SOL-1-ABC'] } }, '"old"')).toEqual({ type: 'stale' });
    expect(heard.map((each) => each.method)).toEqual(['GET']);
  });
});

describe('creating', () => {
  const requestId = '22222222-2222-4222-8222-222222222222';
  test.each([200, 201])('takes a %i for created, under the request id of the attempt', async (status) => {
    script = [{ status, body: referral() }];
    expect(await adapter.create({ name: 'x' }, requestId)).toMatchObject({ type: 'created', snapshot: { id } });
    expect(heard[0]?.headers['request-id']).toBe(requestId);
    expect(heard[0]?.headers['client-request-id']).not.toBe(requestId);
  });
  test('reads a created referral by its address when the answer is empty', async () => {
    script = [{ status: 201, headers: { location: `${base}/v1.0/engagements/referrals/${id}` } }, { status: 200, body: referral() }];
    expect(await adapter.create({}, requestId)).toMatchObject({ type: 'created', snapshot: { id } });
  });
  test('a success that says nothing has an unknown outcome', async () => {
    script = [{ status: 200, body: '' }];
    expect(await failureOf(adapter.create({}, requestId))).toMatchObject({ class: 'remote', surelyNotSent: false });
  });
  test.each([400, 404, 413, 415, 422])('a %i is a definite no', async (status) => {
    script = [{ status, body: envelope('validationFailed') }];
    expect(await adapter.create({}, requestId)).toMatchObject({ type: 'refused', reasons: [{ code: 'field-refused' }] });
  });
  test('a 403 is a definite no that an admin ends', async () => {
    script = [{ status: 403, body: envelope('accessDenied') }];
    expect(await adapter.create({}, requestId)).toMatchObject({ type: 'refused', reasons: [{ code: 'no-permission', params: { system: 'Partner Center', role: 'Referrals admin' } }] });
  });
  test.each([408, 409, 423, 500, 503])('a %i leaves open whether it happened', async (status) => {
    script = [{ status }];
    expect(await failureOf(adapter.create({}, requestId))).toMatchObject({ surelyNotSent: false });
  });
  test('a reset after sending is never repeated and leaves it open', async () => {
    script = [hangUp];
    expect(await failureOf(adapter.create({}, requestId))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect(heard).toHaveLength(1);
  });
  test('a time-out leaves it open', async () => {
    script = [sayNothing];
    expect(await failureOf(adapter.create({}, requestId))).toMatchObject({ class: 'unreachable', surelyNotSent: false });
  });
  test('throttled or never connected, it surely was not sent', async () => {
    script = [{ status: 429 }];
    expect(await failureOf(adapter.create({}, requestId))).toMatchObject({ class: 'throttled', surelyNotSent: true });
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const url of [`http://127.0.0.1:${port}`, 'http://nowhere.invalid']) {
      const alone = adapterAt(url);
      expect(await failureOf(alone.create({}, requestId))).toMatchObject({ class: 'unreachable', surelyNotSent: true });
      await alone.close();
    }
  });
  test('a sign-in that fails means that it surely was not sent', async () => {
    const alone = adapterAt(base, () => Promise.reject(new RemoteFailure('no token', { connection: 'partner-center', class: 'unreachable' })));
    expect(await failureOf(alone.create({}, requestId))).toMatchObject({ class: 'unreachable', surelyNotSent: true });
    await alone.close();
    expect(heard).toHaveLength(0);
  });
});

describe('lists', () => {
  const row = (n: number): unknown => ({ id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, engagementId: 'e', organizationId: 'msft', eTag: '"1"', updatedDateTime: '2026-11-23T00:00:00Z' });
  const rows = (from: number, count: number): unknown[] => Array.from({ length: count }, (_, n) => row(from + n));

  test('takes only the token out of a nextLink with the wrong scheme and path', async () => {
    script = [{ status: 200, body: { value: rows(0, 2), '@odata.nextLink': 'http://evil.example/v1.0/referrals?$skiptoken=a%2Fb&$top=5' } }, { status: 200, body: { value: rows(2, 1) } }];
    const first = await adapter.listUpdated(null);
    const second = await adapter.listUpdated(first.next);
    expect(second).toMatchObject({ next: null, serverNow: '2026-11-23T10:00:00.000Z', referrals: [{ organizationId: 'msft' }] });
    expect(heard[1]?.url.pathname).toBe('/v1.0/engagements/referrals');
    expect(Object.fromEntries(heard[1]?.url.searchParams ?? [])).toMatchObject({ $skiptoken: 'a/b', $orderby: 'updatedDateTime desc', $top: '100' });
    expect(heard[1]?.url.searchParams.get('$select')).toContain('externalReferenceId');
  });
  test('goes on by itself after a full page without a link, and ends with a short one', async () => {
    script = [{ status: 200, body: { value: rows(0, 100) } }, { status: 200, body: { value: rows(100, 3) } }];
    const first = await adapter.listOldest(null);
    const second = await adapter.listOldest(first.next);
    expect(heard[1]?.url.searchParams.get('$skip')).toBe('100');
    expect(second.referrals).toHaveLength(3);
    expect(second.next).toBeNull();
  });
  test('does not read the same page for ever', async () => {
    script = [{ status: 200, body: { value: rows(0, 100) } }, { status: 200, body: { value: rows(0, 100) } }];
    const first = await adapter.listNewest(null);
    expect(await failureOf(adapter.listNewest(first.next))).toMatchObject({ class: 'remote' });
  });
  test('reads all pages of an engagement with a quoted filter', async () => {
    script = [{ status: 200, body: { value: rows(0, 1), '@odata.nextLink': 'http://x/?$skip=1' } }, { status: 200, body: { value: rows(1, 1) } }];
    expect(await adapter.listEngagement("e'1")).toHaveLength(2);
    expect(heard[1]?.url.searchParams.get('$filter')).toBe("engagementId eq 'e''1'");
  });
  test('an answer that is no list is an accident', async () => {
    script = [{ status: 200, body: {} }];
    expect(await failureOf(adapter.listNewest(null))).toMatchObject({ class: 'remote' });
  });
});

test('fills the link to the portal', () => {
  expect(adapter.linkTo('r', 'e')).toBe('https://portal.example/r?e=e');
});

describe('webhook registration', () => {
  const url = 'https://proxy.example/partner-center/events';
  test('shows nothing when nothing is registered, and what is there in any case of its members', async () => {
    script = [{ status: 404 }, { status: 200, body: { webhookUrl: url, webhookEvents: ['referral-created'], subscriberId: 's' } }];
    expect(await webhooks.show()).toBeNull();
    expect(await webhooks.show()).toEqual({ url, events: ['referral-created'], subscriberId: 's' });
    expect(heard[0]?.headers.authorization).toBe('Bearer token for https://api.partnercenter.microsoft.com');
  });
  test('replaces by PUT what a POST may not create twice', async () => {
    script = [{ status: 409 }, { status: 200, body: { WebhookUrl: url, WebhookEvents: ['referral-updated'], SubscriberId: 's' } }];
    expect(await webhooks.register({ url, events: ['referral-updated'] })).toMatchObject({ url, events: ['referral-updated'] });
    expect(heard.map((each) => each.method)).toEqual(['POST', 'PUT']);
    expect(JSON.parse(heard[1]?.body ?? '')).toEqual({ WebhookUrl: url, WebhookEvents: ['referral-updated'], SignatureTokenToMsSignatureHeader: true });
  });
  test('sends a test event and tells what became of it', async () => {
    script = [{ status: 200, body: { correlationId: 'c' } }, { status: 200, body: { correlationId: 'c', status: 'completed', callbackUrl: url, results: [{ responseCode: 'OK', systemError: false, dateTimeUtc: 'd' }] } }, { status: 200, body: ['test-created'] }];
    expect(await webhooks.sendTest()).toBe('c');
    expect(await webhooks.testResult('c')).toEqual({ status: 'completed', callbackUrl: url, results: [{ responseCode: 'OK', responseMessage: null, systemError: false, on: 'd' }] });
    expect(await webhooks.events()).toEqual(['test-created']);
    expect(heard[0]?.url.pathname).toBe('/webhooks/v1/registration/validationEvents');
  });
  test('a refusal is told with its status', async () => {
    script = [{ status: 403 }];
    expect(await failureOf(webhooks.show())).toMatchObject({ class: 'forbidden', status: 403 });
  });
});
