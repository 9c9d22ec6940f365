// Proves the documented contract of the Partner Center stand-in with plain requests, and what makes it nasty.
import { createPublicKey, createVerify, randomUUID, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Certificate, CertificateChainValidationEngine } from 'pkijs';
import { makeIntermediate, makeLeaf, makeRoot, signBody, spoiledChain, spoiledLeaf } from '../../sandbox/partnerCenter/certificates';
import type { Referral } from '../../sandbox/partnerCenter/referral';
import { REFERRALS_AUDIENCE, startPartnerCenter, type PartnerCenter, type PartnerCenterOptions } from '../../sandbox/partnerCenter/partnerCenter';

const REFERRALS = '/v1.0/engagements/referrals';
const ORGANIZATION = '00000000-0000-4000-8000-0000000000a1';
const entra = { check: (token: string, audience: string) => (token === `user ${audience}`.replace(' ', '-') ? ({ tenantId: 't', clientId: 'c', kind: 'user' } as const) : token === `app-${audience}` ? ({ tenantId: 't', clientId: 'c', kind: 'app' } as const) : undefined) };

/** Whatever an answer may hold; each test reads its own part. */
interface Shown extends Referral {
  error: { code: string; target: string; innerError: { code: string } };
  links: { relatedReferrals: { uri: string } };
  value: Shown[];
  '@odata.context': string;
  '@odata.count': number;
  '@odata.nextLink'?: string;
  SubscriberId: string;
  correlationId: string;
}

interface Answer {
  status: number;
  headers: Headers;
  body: Shown;
}

/** A body to be spoiled. */
interface Draft {
  [member: string]: unknown;
  name: string;
  type?: string;
  eTag?: string;
  customerProfile: { name: string; size: string; team: unknown[]; address: Record<string, string> };
  consent: Record<string, boolean>;
  details: Record<string, unknown> & { requirements: Record<string, unknown> };
}

interface Operation {
  op: string;
  path: string;
  value: unknown;
}

let folder: string;
let pc: PartnerCenter;
const opened: PartnerCenter[] = [];

async function open(options: Partial<PartnerCenterOptions> = {}): Promise<PartnerCenter> {
  const started = await startPartnerCenter({ entra, organizationId: ORGANIZATION, organizationName: 'Fabrikam', listDelayMs: 150, touchAfterMs: 60_000, delivery: { firstRetryMs: 5, lateMs: 20 }, ...options });
  opened.push(started);
  return started;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'partner-center-'));
  pc = await open({ dataFile: join(folder, 'shared.jsonl') });
  pc.passOverPreference('never');
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, server = pc): Promise<Answer> {
  const api = path.startsWith('/webhooks') ? server.webhooksUrl : server.url;
  const audience = path.startsWith('/webhooks') ? 'https://api.partnercenter.microsoft.com' : REFERRALS_AUDIENCE;
  const answer = await fetch(api + path, {
    method,
    headers: { authorization: `Bearer user-${audience}`, 'client-request-id': randomUUID(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : {}) as Shown };
}

function deal(change: (body: Draft) => void = () => undefined): Draft {
  const body: Draft = {
    name: 'Contoso rollout',
    externalReferenceId: randomUUID(),
    type: 'Independent',
    qualification: 'SalesQualified',
    customerProfile: { name: 'Contoso', address: { addressLine1: '1 Way', city: 'Redmond', country: 'US' }, size: '10to50employees', team: [] },
    consent: { consentToToShareInfoWithOthers: true, consentToContact: true, consentToShareReferralWithMicrosoftSellers: false },
    details: { notes: '', dealValue: 50000, currency: 'USD', closingDateTime: '2027-01-31T00:00:00Z', requirements: { solutions: [{ id: 'SOL-12345-ABC', type: 'Name' }], additionalRequirements: { attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] } } },
    team: [{ firstName: 'C', lastName: 'D', phoneNumber: '2', email: 'c@fabrikam.example' }],
    target: [],
  };
  change(body);
  return body;
}

/** Both are documented for a create. */
const MADE = [200, 201];
const contact = { firstName: 'A', lastName: 'B', phoneNumber: '1', email: 'a@contoso.example' };
const visible = (body: Draft): void => void (body.consent.consentToShareReferralWithMicrosoftSellers = true);
const forMicrosoft = (engagementId: string): Draft =>
  deal((body) => {
    visible(body);
    Object.assign(body, { type: 'Shared', engagementId, target: [{ type: 'BusinessProfileLocation', id: 'msft' }], inviteContext: { assistanceRequestCode: 'ProofOfConceptOrDemo', notes: 'Please call' } });
    body.customerProfile.team = [contact];
  });
const patch = (id: string, operations: unknown, headers: Record<string, string> = {}): Promise<Answer> => call('PATCH', `${REFERRALS}/${id}`, operations, { prefer: 'return=representation', ...headers });
const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });

describe('creating', () => {
  test('a private deal comes back populated, Active/Accepted whatever was sent', async () => {
    const { status, headers, body } = await call('POST', REFERRALS, deal((sent) => Object.assign(sent, { status: 'New', substatus: 'Pending' })), { 'request-id': 'r-1' });
    expect(MADE).toContain(status);
    expect([body.status, body.substatus, body.direction, body.organizationId]).toEqual(['Active', 'Accepted', 'Outgoing', ORGANIZATION]);
    expect(body.createdDateTime).toMatch(/\.\d{7}Z$/);
    expect([headers.get('etag'), headers.get('request-id')]).toEqual([body.eTag, 'r-1']);
    expect(body.eTag).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(body.links.relatedReferrals.uri).toContain(`/engagments/referrals?$filter=engagementId eq ${body.engagementId}`);
    expect(body.details.requirements.solutions[0]?.name).toBe('Fabrikam Inventory Cloud');
  });

  test('names of members count in any case, as in the current sample', async () => {
    const { status, body } = await call('POST', REFERRALS, deal((sent) => (sent.consent = { ConsentToToShareInfoWithOthers: true, ConsentToContact: true, ConsentToMicrosoftToContactSpecificPartners: false, consentToShareReferralWithMicrosoftSellers: true })));
    expect(MADE).toContain(status);
    expect(body.consent.consentToShareReferralWithMicrosoftSellers).toBe(true);
  });

  test('co-sell is a second referral of Microsoft in the same engagement, for 14 days, once', async () => {
    const own = await call('POST', REFERRALS, deal((body) => (visible(body), (body.type = 'Shared'))));
    const second = await call('POST', REFERRALS, forMicrosoft(own.body.engagementId));
    expect(MADE).toContain(second.status);
    expect([second.body.organizationId, second.body.status, second.body.substatus]).toEqual(['msft', 'New', 'Pending']);
    expect(second.body.engagementId).toBe(own.body.engagementId);
    expect(second.body.inviteContext).toMatchObject({ assistanceRequestCode: 'ProofOfConceptOrDemo', notes: 'Please call' });
    expect(Date.parse(second.body.expirationDateTime ?? '') - Date.now()).toBeGreaterThan(13.9 * 86_400_000);
    expect((await call('POST', REFERRALS, forMicrosoft(own.body.engagementId))).status).toBe(409);
    expect(pc.engagement(own.body.engagementId)).toHaveLength(2);
    expect((await call('GET', `${REFERRALS}/${second.body.id}`)).status).toBe(200);
    expect((await patch(second.body.id, [replace('/details/notes', 'x')])).status).toBe(403);
    expect((await patch(own.body.id, [replace('/customerProfile/team', [contact])])).body.error.target).toBe('customerProfile/team');
  });

  test('Microsoft cannot be invited to a private deal before it is opened', async () => {
    const own = await call('POST', REFERRALS, deal());
    expect((await call('POST', REFERRALS, forMicrosoft(own.body.engagementId))).status).toBe(400);
    expect((await patch(own.body.id, [replace('/consent/consentToShareReferralWithMicrosoftSellers', true)])).status).toBe(200);
    expect(MADE).toContain((await call('POST', REFERRALS, forMicrosoft(own.body.engagementId))).status);
    expect((await patch(own.body.id, [replace('/consent/consentToShareReferralWithMicrosoftSellers', false)])).status).toBe(400);
  });

  test.each<[string, (body: Draft) => void]>([
    ['details/requirements/solutions/0/id', (body) => (body.details.requirements.solutions = [{ id: 'SOL-9-XYZ', type: 'Name' }])],
    ['details/requirements/solutions', (body) => (body.details.requirements.solutions = [])],
    ['customerProfile/address/country', (body) => (body.customerProfile.address.country = 'USA')],
    ['customerProfile/address/country', (body) => (body.customerProfile.address.country = 'UK')],
    ['customerProfile/address/city', (body) => delete body.customerProfile.address.city],
    ['details/dealValue', (body) => (body.details.dealValue = 0)],
    ['details/currency', (body) => (body.details.currency = 'XYZ')],
    ['details/closingDateTime', (body) => (body.details.closingDateTime = '2027-02-30T00:00:00Z')],
    ['details/requirements/additionalRequirements/attributes', (body) => delete body.details.requirements.additionalRequirements],
    ['type', (body) => delete body.type],
    ['consent/consentToContact', (body) => (body.consent.consentToContact = false)],
    ['customerProfile/team', (body) => (body.inviteContext = { assistanceRequestCode: 'QuotesOrLicensing' })],
    ['eTag', (body) => (body.eTag = 'x')],
    ['details/amount', (body) => (body.details.amount = 1)],
  ])('refuses a wrong %s with the documented envelope', async (target, spoil) => {
    const { status, body } = await call('POST', REFERRALS, deal(spoil));
    expect([status, body.error.code, body.error.target]).toEqual([400, 'invalidRequest', target]);
    expect(typeof body.error.innerError.code).toBe('string');
  });

  test('the same request-id twice makes two referrals, because nothing promises otherwise', async () => {
    const answers = await Promise.all([1, 2].map(() => call('POST', REFERRALS, deal(), { 'request-id': 'again' })));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(2);
  });
});

describe('calling', () => {
  test('needs a user token for this audience and a new client-request-id each time', async () => {
    const id = randomUUID();
    expect((await call('GET', REFERRALS, undefined, { authorization: '' })).body.error.code).toBe('unAuthorized');
    expect((await call('GET', REFERRALS, undefined, { authorization: 'Bearer user-https://api.partnercenter.microsoft.com' })).status).toBe(401);
    expect((await call('GET', REFERRALS, undefined, { authorization: `Bearer app-${REFERRALS_AUDIENCE}` })).status).toBe(403);
    expect((await call('GET', REFERRALS, undefined, { 'client-request-id': 'no guid' })).status).toBe(400);
    expect((await call('GET', REFERRALS, undefined, { 'client-request-id': id })).status).toBe(200);
    expect((await call('GET', REFERRALS, undefined, { 'client-request-id': id })).status).toBe(400);
    expect((await call('DELETE', `${REFERRALS}/${id}`)).status).toBe(405);
  });

  test('429 has a body of its own shape', async () => {
    pc.api.addFault({ kind: '429', match: 'referral\\.list', times: 1, retryAfter: 7 });
    const { status, headers, body } = await call('GET', REFERRALS);
    expect([status, headers.get('retry-after'), body]).toEqual([429, '7', { statusCode: 429, message: 'Rate limit is exceeded. Try again in 7 seconds.' }]);
  });
});

describe('changing', () => {
  let id: string;
  beforeEach(async () => {
    id = (await call('POST', REFERRALS, deal())).body.id;
  });

  test('every documented path is taken, dealValue as a text too, and the eTag and the date move', async () => {
    const before = (await call('GET', `${REFERRALS}/${id}`)).body;
    const { status, body } = await patch(
      id,
      [
        ...['/campaignId', '/externalReferenceId', '/referralProgram', '/salesStage', '/statusReason', '/details/notes'].map((path) => replace(path, 'text')),
        replace('/consent/consentToShareReferralWithMicrosoftSellers', true),
        replace('/details/dealValue', '60000'),
        replace('/details/currency', 'EUR'),
        replace('/details/closingDateTime', '2027-02-01T00:00:00+02:00'),
        replace('/team', []),
        { op: 'add', path: '/team/-', value: contact },
        replace('/customerProfile/team', []),
        { op: 'add', path: '/customerProfile/team/-', value: contact },
        replace('/details/requirements/solutions', [{ id: 'SOL-23456-BCD', type: 'Name' }]),
        { op: 'add', path: '/details/requirements/solutions/-', value: { id: 'SOL-34567-CDE', type: 'Name' } },
        replace('/status', 'Active'),
        replace('/substatus', 'Accepted'),
      ],
      { 'if-match': before.eTag },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ salesStage: 'text', details: { currency: 'EUR', closingDateTime: '2027-01-31T22:00:00Z' }, team: [{ email: 'a@contoso.example' }], customerProfile: { team: [{ firstName: 'A' }] } });
    expect(Number(body.details.dealValue)).toBe(60000);
    expect(body.details.requirements.solutions).toHaveLength(2);
    expect(body.eTag).not.toBe(before.eTag);
    expect(body.updatedDateTime > before.updatedDateTime).toBe(true);
  });

  test.each(['/name', '/inviteContext', '/qualification', '/type', '/target', '/customerProfile/name', '/consent/consentToContact', '/details', '/team/0'])('refuses the path %s', async (path) => {
    expect((await patch(id, [replace(path, 'x')])).status).toBe(400);
  });

  test('only add and replace, and all of it or nothing', async () => {
    const answer = await patch(id, [replace('/details/notes', 'half'), { op: 'remove', path: '/team/0' }]);
    expect(answer.status).toBe(400);
    expect(pc.referral(id)?.details.notes).toBe('');
    expect((await patch(id, [replace('/details/notes', 'half'), replace('/details/dealValue', -1)])).body.error.target).toBe('details/dealValue');
    expect(pc.referral(id)?.details.notes).toBe('');
  });

  test('a preference is passed over now and then by a nasty server, on demand always, and the change is made all the same', async () => {
    const statuses = async (): Promise<number[]> => [...new Set(await Promise.all(Array.from({ length: 60 }, async (_, at) => (await patch(id, [replace('/details/notes', `Number ${at}`)])).status)))].sort();
    pc.passOverPreference('sometimes');
    expect(await statuses()).toEqual([200, 204]);
    pc.passOverPreference('always');
    expect(await statuses()).toEqual([204]);
    expect((await patch(id, [replace('/details/notes', 'Last.')])).body).toEqual({});
    expect(pc.referral(id)?.details.notes).toBe('Last.');
    pc.passOverPreference('never');
    expect(await statuses()).toEqual([200]);
  });

  test('an old eTag is 412, none is not checked, and the answer is 204 unless it is preferred', async () => {
    expect((await patch(id, [replace('/details/notes', 'a')], { 'if-match': '"00000000-0000-0000-0000-000000000000"' })).status).toBe(412);
    const quiet = await call('PATCH', `${REFERRALS}/${id}`, [replace('/details/notes', 'b')]);
    expect([quiet.status, quiet.body]).toEqual([204, {}]);
  });

  test('status and substatus move together, legally, and closed is for ever', async () => {
    expect((await patch(id, [replace('/status', 'Closed')])).body.error.innerError.code).toBe('statusPairIncomplete');
    expect((await patch(id, [replace('/status', 'Closed'), replace('/substatus', 'Pending')])).status).toBe(400);
    expect((await patch(id, [replace('/status', 'New'), replace('/substatus', 'Pending')])).status).toBe(400);
    const won = await patch(id, [replace('/status', 'Closed'), replace('/substatus', 'Won')]);
    expect([won.status, won.body.closedDateTime]).toEqual([200, expect.stringMatching(/Z$/)]);
    expect((await patch(id, [replace('/details/notes', 'late')])).body.error.innerError.code).toBe('referralClosed');
    expect(() => pc.edit(id, { notes: 'late' })).toThrow();
  });

  test('PUT needs If-Match, wants no links, and may change the name', async () => {
    const { '@odata.context': _context, ...whole } = (await call('GET', `${REFERRALS}/${id}`)).body;
    const { links: _links, ...rest } = whole;
    const eTag = whole.eTag;
    expect((await call('PUT', `${REFERRALS}/${id}`, rest)).status).toBe(412);
    expect((await call('PUT', `${REFERRALS}/${id}`, whole, { 'if-match': eTag })).body.error.target).toBe('links');
    expect((await call('PUT', `${REFERRALS}/${id}`, { ...rest, customerProfile: { ...rest.customerProfile, name: 'Other' } }, { 'if-match': eTag })).status).toBe(400);
    expect((await call('PUT', `${REFERRALS}/${id}`, { ...rest, name: 'Renamed' }, { 'if-match': eTag })).body.name).toBe('Renamed');
  });
});

describe('nastiness', () => {
  test('texts are trimmed, encoded once and lose \\r, money is rounded to the currency', async () => {
    const { body } = await call('POST', REFERRALS, deal((sent) => ((sent.name = ' R&D <x> '), Object.assign(sent.details, { notes: 'one\r\ntwo\r\n', dealValue: '100.5', currency: 'JPY' }))));
    expect([body.name, body.details.notes, Number(body.details.dealValue)]).toEqual(['R&amp;D &lt;x&gt;', 'one\ntwo', 101]);
    const again = await patch(body.id, [replace('/details/notes', 'R&amp;D')]);
    expect(again.body.details.notes).toBe('R&amp;D');
  });

  test('a new referral is answered 200 or 201; an answer leaves empty members out or not, names a state of the United States as the region, and has a date of expiry on what is active', async () => {
    const address = { addressLine1: '1 Way', city: 'Redmond', state: 'WA', country: 'US' };
    const answers = await Promise.all(Array.from({ length: 40 }, () => call('POST', REFERRALS, deal((sent) => (sent.customerProfile.address = address)))));
    expect([...new Set(answers.map((each) => each.status))].sort()).toEqual(MADE);
    expect(new Set(answers.map((each) => 'closedDateTime' in each.body))).toEqual(new Set([true, false]));
    for (const { body } of answers) {
      expect(body.customerProfile.address).toMatchObject({ region: 'WA', country: 'US' });
      expect(body.customerProfile.address.state ?? null).toBeNull();
      expect(body.customerProfile.ids).toEqual({});
      expect(body.expirationDateTime).toMatch(/Z$/);
      expect(pc.referral(body.id)?.customerProfile.address.state).toBe('WA');
    }
  });

  test('a change shows late in lists, and at once by its id', async () => {
    const { body } = await call('POST', REFERRALS, deal());
    const listed = async (): Promise<Shown | undefined> => (await call('GET', `${REFERRALS}?$select=id,updatedDateTime&$orderby=updatedDateTime desc`)).body.value.find((each) => each.id === body.id);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { updatedDateTime: after } = (await patch(body.id, [replace('/details/notes', 'Late.')])).body;
    expect((await listed())?.updatedDateTime).toBe(body.updatedDateTime);
    expect((await call('GET', `${REFERRALS}/${body.id}`)).body.updatedDateTime).toBe(after);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await listed())?.updatedDateTime).toBe(after);
  });

  test('dealValue is a number or a text, the same as long as the eTag is', async () => {
    const kinds = new Set<string>();
    const { body } = await call('POST', REFERRALS, deal());
    for (let value = 1; value <= 40 && kinds.size < 2; value++) kinds.add(typeof (await patch(body.id, [replace('/details/dealValue', value)])).body.details.dealValue);
    expect([...kinds].sort()).toEqual(['number', 'string']);
  });

  test('the server touches a new referral once more: another eTag, the same date, no event', async () => {
    const eager = await open({ touchAfterMs: 10 });
    const created = (await call('POST', REFERRALS, deal(), {}, eager)).body;
    await until(() => eager.referral(created.id)?.eTag !== created.eTag);
    expect(eager.referral(created.id)).toMatchObject({ updatedDateTime: created.updatedDateTime, customerProfile: { isMatchingComplete: true } });
    expect(eager.deliveries()).toEqual([]);
  });
});

describe('listing', () => {
  const list = (query: string, server = pc): Promise<Answer> => call('GET', `${REFERRALS}?${query}`, undefined, {}, server);

  test('a new referral is there by its id at once and late in lists', async () => {
    const { body } = await call('POST', REFERRALS, deal());
    const query = `$filter=${encodeURIComponent(`engagementId eq '${body.engagementId}'`)}`;
    expect((await call('GET', `${REFERRALS}/${body.id}`)).status).toBe(200);
    expect((await list(query)).body.value).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await list(query)).body.value).toHaveLength(1);
    expect((await list(`$filter=${encodeURIComponent(`engagementId eq ${body.engagementId}`)}`)).body.value).toHaveLength(1);
  });

  test('filters by what the documents show, orders, selects, counts', async () => {
    const own = await open({ listDelayMs: 0 });
    own.seedReferrals(30);
    own.createDeal({ fromMicrosoft: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const filter = async (text: string): Promise<number> => (await list(`$filter=${encodeURIComponent(text)}`, own)).body.value.length;
    expect(await filter("(direction eq 'Incoming' and substatus eq 'Pending')")).toBe(1);
    expect(await filter("status eq 'New' or substatus eq 'Won'")).toBe(own.referrals().filter((one) => one.status === 'New' || one.substatus === 'Won').length);
    expect(await filter("customerProfile/address/country eq 'US' and qualification eq 'SalesQualified'")).toBe(32);
    expect(await filter("team/any(t:t/email eq 'casey@fabrikam.example')")).toBe(32);
    const page = await list('$orderby=updatedDateTime%20desc&$top=2&$select=id,updatedDateTime&$count=true', own);
    expect([page.body['@odata.count'], page.body.value.length, Object.keys(page.body.value[0] ?? {})]).toEqual([32, 2, ['id', 'updatedDateTime']]);
    const [newest, older] = page.body.value.map((one) => one.updatedDateTime);
    expect(String(newest) >= String(older)).toBe(true);
  });

  test.each(["$filter=externalReferenceId eq 'x'", '$filter=updatedDateTime ge 2026-01-01T00:00:00Z', "$filter=status ne 'New'", "$filter=status eq 'Open'", '$filter=', "$filter=(status eq 'New'", '$orderby=name', '$top=101', '$expand=team', '$search=x', '$select=nothing'])('refuses %s', async (query) => {
    const { status, body } = await list(encodeURI(query));
    expect([status, body.error?.code]).toEqual([400, 'invalidRequest']);
  });

  test('comes in pages of 100 whose link leads nowhere, but whose token works', async () => {
    const own = await open({ listDelayMs: 0 });
    const seeded = own.seedReferrals(250);
    const seen: string[] = [];
    let query = '$orderby=createdDateTime';
    for (let pages = 0; pages < 3; pages++) {
      const { body } = await list(query, own);
      seen.push(...body.value.map((one) => one.id));
      const link = body['@odata.nextLink'];
      if (link) expect([link.includes('/engagements'), (await fetch(link)).status]).toEqual([false, 404]);
      query = `$orderby=createdDateTime&$skiptoken=${link ? new URL(link).searchParams.get('$skiptoken') : ''}`;
    }
    expect(seen).toEqual(seeded);
  });
});

interface Heard {
  headers: IncomingHttpHeaders;
  raw: Buffer;
  event: Record<string, unknown>;
}

/** A door that answers what it is told and remembers what it heard. */
async function listen(status: () => number = () => 202): Promise<{ url: string; heard: Heard[]; server: Server }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      heard.push({ headers: request.headers, raw, event: JSON.parse(raw.toString('utf8')) as Record<string, unknown> });
      response.writeHead(status()).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/partner-center/events`, heard, server };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 4_000) throw new Error('it did not happen within 4 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ALL = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated', 'test-created'];
const REGISTRATION = '/webhooks/v1/registration';

describe('webhooks', () => {
  test('a second POST is 409, PUT replaces, DELETE does not exist', async () => {
    const own = await open();
    const ask = (method: string, path: string, body?: unknown): Promise<Answer> => call(method, REGISTRATION + path, body, {}, own);
    expect((await ask('GET', '')).status).toBe(404);
    expect((await ask('PUT', '', { WebhookUrl: 'https://a.example/', WebhookEvents: ALL })).status).toBe(404);
    expect((await ask('POST', '', { WebhookUrl: 'http://a.example/', WebhookEvents: ALL })).status).toBe(400);
    const first = await ask('POST', '', { WebhookUrl: 'https://a.example/', WebhookEvents: ['referral-created'], SignatureTokenToMsSignatureHeader: 'true' });
    expect([first.status, typeof first.body.SubscriberId]).toEqual([200, 'string']);
    expect((await ask('POST', '', { WebhookUrl: 'https://b.example/', WebhookEvents: ALL })).status).toBe(409);
    expect((await ask('PUT', '', { webhookUrl: 'https://b.example/', webhookEvents: ALL, signatureTokenToMsSignatureHeader: true })).status).toBe(200);
    expect((await ask('GET', '')).body).toMatchObject({ WebhookUrl: 'https://b.example/', SubscriberId: first.body.SubscriberId });
    expect((await ask('DELETE', '')).status).toBe(405);
    expect((await ask('GET', '/events')).body).toEqual(ALL);
  });

  test.each([[true, 'x-ms-signature'], [false, 'authorization']] as const)('events are signed over the raw body (own header: %s)', async (ownHeader, header) => {
    const own = await open({ nasty: false });
    const door = await listen();
    await call('POST', REGISTRATION, { WebhookUrl: door.url, WebhookEvents: ALL, SignatureTokenToMsSignatureHeader: ownHeader }, {}, own);
    const { body } = await call('POST', REFERRALS, deal(visible), {}, own);
    await call('POST', REFERRALS, forMicrosoft(body.engagementId), {}, own);
    await until(() => door.heard.length === 2);
    door.server.close();
    const [first] = door.heard;
    const leaf = new X509Certificate(Buffer.from(await (await fetch(String(first?.headers['x-ms-certificate-url']))).arrayBuffer()));
    const [scheme, signature = ''] = String(first?.headers[header]).split(' ');
    expect([scheme, first?.headers['x-ms-signature-algorithm']]).toEqual(['Signature', 'rsa-sha256']);
    expect(createVerify('rsa-sha256').update(first?.raw ?? '').verify(leaf.publicKey, signature, 'base64')).toBe(true);
    expect(leaf.issuer).toContain('O=Microsoft Corporation');
    const names = door.heard.map(({ event }) => event.EventName as string).sort();
    expect(names).toEqual(['referral-created', 'related-referral-created']);
    const event = door.heard.find((one) => one.event.EventName === 'referral-created')?.event;
    expect(event).toEqual({ EventName: 'referral-created', ResourceUri: `${own.webhooksUrl}/engagements/v1/referrals/${body.id}`, ResourceName: 'referral', AuditUri: null, ResourceChangeUtcDate: expect.stringMatching(/\.\d{7}\+00:00$/) });
  });

  test('the leaf comes alone, and its issuer is found by its AIA address and leads to the root', async () => {
    const leaf = new X509Certificate(Buffer.from(await (await fetch(`${pc.certificatesUrl}/cert/pcnotifications-dispatch.microsoft.com.cer`)).arrayBuffer()));
    const issuerUrl = /CA Issuers - URI:(\S+)/.exec(leaf.infoAccess ?? '')?.[1] ?? '';
    const issuer = new X509Certificate(Buffer.from(await (await fetch(issuerUrl)).arrayBuffer()));
    const root = new X509Certificate(pc.rootsPem);
    expect([leaf.ca, issuer.ca, root.ca]).toEqual([false, true, true]);
    expect([leaf.checkIssued(issuer), issuer.checkIssued(root), leaf.verify(issuer.publicKey), issuer.verify(root.publicKey)]).toEqual([true, true, true, true]);
    pc.setCertificateServing({ format: 'pem', chain: true });
    expect((await (await fetch(`${pc.certificatesUrl}/cert/pcnotifications-dispatch.microsoft.com.cer`)).text()).match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    pc.setCertificateServing({ format: 'der', chain: false });
  });

  test('a refused event is tried again, ten times at most, then waits offline', async () => {
    let status = 503;
    const own = await open({ nasty: false, delivery: { firstRetryMs: 1, maxRetryMs: 2 } });
    const door = await listen(() => status);
    await call('POST', REGISTRATION, { WebhookUrl: door.url, WebhookEvents: ALL }, {}, own);
    const { id } = own.createDeal();
    await until(() => own.waitingEvents()[0]?.state === 'offline');
    expect(door.heard).toHaveLength(10);
    status = 202;
    own.loseNextEvents(1);
    own.edit(id, { notes: 'lost' });
    expect(own.retryOffline()).toBe(1);
    await until(() => own.waitingEvents().length === 0);
    door.server.close();
    expect(door.heard).toHaveLength(11);
  });

  test('paused events wait; once resumed some come doubled, and old ones can be sent again', async () => {
    const own = await open();
    const door = await listen();
    await call('POST', REGISTRATION, { WebhookUrl: door.url, WebhookEvents: ALL }, {}, own);
    own.pauseDelivery();
    const ids = Array.from({ length: 30 }, () => own.createDeal().id);
    expect(own.deliveries()).toEqual([]);
    own.resumeDelivery();
    const again = own.redeliver(ids[0] ?? '', 5, true);
    await until(() => own.waitingEvents().length === 0);
    door.server.close();
    expect(door.heard.length).toBeGreaterThan(30 + again);
  });

  test('the test event tells its result, twice a minute', async () => {
    const own = await open();
    const door = await listen();
    const ask = (method: string, path: string): Promise<Answer> => call(method, `${REGISTRATION}/validationEvents${path}`, undefined, {}, own);
    await call('POST', REGISTRATION, { WebhookUrl: door.url, WebhookEvents: ALL }, {}, own);
    const { body } = await ask('POST', '');
    await until(() => door.heard.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    door.server.close();
    expect((await ask('GET', `/${body.correlationId}`)).body).toMatchObject({ status: 'completed', callbackUrl: door.url, results: [{ responseCode: 'OK' }] });
    expect([(await ask('POST', '')).status, (await ask('POST', '')).status]).toEqual([200, 429]);
  });
});

describe('the portal and Microsoft', () => {
  test('a deal from Microsoft waits to be accepted, and expires after 14 days', async () => {
    let clock = Date.now();
    const own = await open({ now: () => clock });
    const [first, second] = [own.createDeal({ fromMicrosoft: true }), own.createDeal({ fromMicrosoft: true })];
    expect([first.status, first.substatus, first.direction, first.inviteContext.invitedBy.organizationId]).toEqual(['New', 'Pending', 'Incoming', 'msft']);
    expect(own.accept(first.id)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
    clock += 15 * 86_400_000;
    const { body } = await call('GET', `${REFERRALS}/${second.id}`, undefined, {}, own);
    expect([body.status, body.substatus, own.referral(first.id)?.status]).toEqual(['Closed', 'Expired', 'Active']);
  });

  test('Microsoft accepts and wins on its own referral, over the control routes', async () => {
    const post = async (path: string, body: object = {}): Promise<Shown> => (await (await fetch(`${pc.url}/__sandbox${path}`, { method: 'POST', body: JSON.stringify(body) })).json()) as Shown;
    const own = await post('/deals', { help: 'QuotesOrLicensing', dealValue: 1 });
    const accepted = await post(`/referrals/${own.id}/microsoft-accepts`);
    expect([accepted.organizationId, accepted.status, typeof accepted.trackingInfo.microsoftMsxId]).toEqual(['msft', 'Active', 'string']);
    expect((await post(`/referrals/${own.id}/microsoft-wins`)).substatus).toBe('Won');
    expect((await post(`/referrals/${own.id}/lose`, { reason: 'Budget' })).statusReason).toBe('Budget');
    expect((await post(`/referrals/${own.id}/win`)).error.innerError.code).toBe('referralClosed');
  });

  test('everything is still there after a restart, the root too', async () => {
    const dataFile = join(folder, 'restart.jsonl');
    const first = await open({ dataFile });
    const { id } = first.createDeal({ name: 'Kept' });
    await call('POST', REGISTRATION, { WebhookUrl: 'https://a.example/', WebhookEvents: ALL }, {}, first);
    await first.close();
    const second = await open({ dataFile, rootsFile: join(folder, 'roots.pem') });
    expect([second.referral(id)?.name, second.registration()?.webhookUrl, second.rootsPem]).toEqual(['Kept', 'https://a.example/', first.rootsPem]);
    second.setOrganizationId('another');
    expect(second.referral(id)?.organizationId).toBe('another');
  });

  test('50,000 referrals are there in no time', async () => {
    const own = await open();
    own.seedReferrals(50_000);
    const { body } = await call('GET', `${REFERRALS}?$orderby=createdDateTime%20desc&$skip=49900`, undefined, {}, own);
    expect(body.value).toHaveLength(100);
  });
});

test('bad certificates can be made: each is what it says', async () => {
  const root = await makeRoot();
  const intermediate = await makeIntermediate(root);
  const verdict = async (chain: readonly { der: Buffer }[]): Promise<boolean> => {
    const certs = chain.slice(0, -1).reverse().map(({ der }) => Certificate.fromBER(der));
    return (await new CertificateChainValidationEngine({ trustedCerts: [Certificate.fromBER(root.der)], certs }).verify()).result;
  };
  const leaf = await makeLeaf(intermediate);
  expect(await verdict([leaf, intermediate, root])).toBe(true);
  for (const name of ['leafSignedLeaf', 'intermediateWithoutAuthority', 'intermediateMayNotSign', 'strangersRoot', 'expiredIntermediate'] as const) expect([name, await verdict(await spoiledChain[name](root))]).toEqual([name, false]);
  expect(await verdict([await spoiledLeaf.expired(intermediate), intermediate, root])).toBe(false);
  expect(new X509Certificate((await spoiledLeaf.ellipticCurve(intermediate)).der).publicKey.asymmetricKeyType).toBe('ec');
  expect(createVerify('sha256').update('body').verify(createPublicKey(leaf.keys.publicKeyPem), signBody(leaf.keys, 'body'), 'base64')).toBe(true);
});
