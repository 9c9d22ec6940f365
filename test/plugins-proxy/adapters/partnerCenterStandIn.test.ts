// The Partner Center adapter on the stand-in, which is strict where documents speak and nasty elsewhere.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Values } from '../../../core/index';
import { createPartnerCenterAdapter, type PartnerCenterAdapter } from '../../../plugins-proxy/adapters/partnerCenter/partnerCenterAdapter';
import { createWebhookRegistration, type WebhookRegistration } from '../../../plugins-proxy/adapters/partnerCenter/webhookRegistration';
import type { PartnerCreated, PartnerWritten } from '../../../plugins-proxy/ports/partner';
import type { PartnerSnapshot } from '../../../core/index';
import { startEntra, type Entra } from '../../../sandbox/entra/entra';
import { startPartnerCenter, type PartnerCenter } from '../../../sandbox/partnerCenter/partnerCenter';

const owner = { tenantId: 't', clientId: 'c', kind: 'user' } as const;
let entra: Entra;
let partnerCenter: PartnerCenter;
let adapter: PartnerCenterAdapter;
let webhooks: WebhookRegistration;
const tokens = new Map<string, string>();

beforeAll(async () => {
  entra = await startEntra({ clients: [{ tenantId: 't', clientId: 'c', clientSecret: 's' }] });
  partnerCenter = await startPartnerCenter({ entra, organizationId: '00000000-0000-4000-8000-0000000000a1', organizationName: 'Fabrikam', listDelayMs: 0, touchAfterMs: 600_000 });
  const options = {
    url: partnerCenter.url, webhooksUrl: partnerCenter.webhooksUrl, timeZone: 'Asia/Shanghai', linkTemplate: 'https://portal.example', timings: { connect: 2_000, answer: 2_000, post: 2_000 },
    token: async (audience: string) => tokens.get(audience) ?? (tokens.set(audience, entra.issue(owner, audience)), tokens.get(audience) ?? ''),
    invalidate: (token: string) => tokens.forEach((known, audience) => known === token && tokens.delete(audience)),
  };
  adapter = createPartnerCenterAdapter(options);
  webhooks = createWebhookRegistration(options);
});
afterEach(() => partnerCenter.api.clearFaults());
afterAll(() => Promise.all([adapter.close(), webhooks.close(), partnerCenter.close(), entra.close()]));

const deal = (more: Values = {}): Values => ({
  name: 'Contoso & rollout', dealValue: '50000.25', currency: 'USD', closingDate: '2027-01-31', notes: 'one\ntwo', 'customer.name': 'Contoso', 'customer.address': { line1: '1 Way', line2: null, city: 'Redmond', state: 'WA', postalCode: '98052' },
  'customer.country': 'US', 'customer.contact': { firstName: 'A', lastName: 'B', email: 'a@contoso.example', phone: '1' }, team: [{ firstName: 'C', lastName: 'D', email: 'c@fabrikam.example', phone: '2' }],
  solutions: ['SOL-12345-ABC', 'BusinessIntelligence'], help: null, notesToMicrosoft: null, visibility: null, externalReferenceId: randomUUID(), ...more,
});
const create = (values: Values): Promise<PartnerCreated> => adapter.create(adapter.ownBody(values), randomUUID());
function snapshotOf(outcome: PartnerCreated | PartnerWritten): PartnerSnapshot {
  if (outcome.type === 'created' || outcome.type === 'written') return outcome.snapshot;
  throw new Error(JSON.stringify(outcome));
}
const valuesOf = (snapshot: PartnerSnapshot): Record<string, unknown> => Object.fromEntries(Object.entries(snapshot.cells).map(([field, cell]) => [field, cell?.kind === 'value' ? cell.value : null]));

test('creates a private deal and reads back what was sent', async () => {
  const created = snapshotOf(await create(deal()));
  expect(created).toMatchObject({ type: 'Independent', direction: 'outgoing', status: 'Active', substatus: 'Accepted', category: 'coSell' });
  expect(valuesOf(created)).toMatchObject({ name: 'Contoso & rollout', currency: 'USD', closingDate: '2027-01-31', notes: 'one\ntwo', status: 'Active', solutions: ['SOL-12345-ABC', 'BusinessIntelligence'], visibility: 'private', help: null, 'customer.contact': { email: 'a@contoso.example' }, 'customer.country': { code: 'US' } });
  expect(Number(valuesOf(created).dealValue)).toBe(50000.25);
  expect(partnerCenter.referral(created.id)?.details).toMatchObject({ closingDateTime: '2027-01-30T16:00:00Z', requirements: { solutions: [{ name: 'Fabrikam Inventory Cloud' }, {}] } });
  expect(await adapter.read(created.id)).toEqual({ type: 'found', snapshot: created });
});

test('asks Microsoft in the same engagement, and finds both there', async () => {
  const values = deal({ help: 'ProofOfConceptOrDemo', notesToMicrosoft: 'please call' });
  const own = snapshotOf(await create(values));
  const microsofts = snapshotOf(await adapter.create(adapter.microsoftBody(values, own.engagementId), randomUUID()));
  expect(microsofts).toMatchObject({ organizationId: 'msft', engagementId: own.engagementId });
  expect(valuesOf(microsofts)).toMatchObject({ help: 'ProofOfConceptOrDemo', notesToMicrosoft: 'please call' });
  const engagement = await adapter.listEngagement(own.engagementId);
  expect(engagement.map((each) => each.id).sort()).toEqual([own.id, microsofts.id].sort());
});

test('writes every field that may change, and the whole deal survives', async () => {
  const own = snapshotOf(await create(deal()));
  partnerCenter.edit(own.id, { notes: 'portal' });
  expect(await adapter.write(own.id, { values: { dealValue: '1' } }, own.version)).toEqual({ type: 'stale' });
  const current = await adapter.read(own.id);
  const version = current.type === 'found' ? current.snapshot.version : '';
  const written = snapshotOf(await adapter.write(own.id, { values: { dealValue: '7.5', currency: 'EUR', closingDate: '2027-02-01', notes: null, solutions: ['SOL-23456-BCD'], visibility: 'visible' }, externalReferenceId: 'crm-9' }, version));
  expect(valuesOf(written)).toMatchObject({ currency: 'EUR', closingDate: '2027-02-01', notes: null, solutions: ['SOL-23456-BCD'], visibility: 'visible', externalReferenceId: 'crm-9', name: 'Contoso & rollout' });
  const won = snapshotOf(await adapter.write(own.id, { values: { status: 'Won' } }, written.version));
  expect(won).toMatchObject({ status: 'Closed', substatus: 'Won' });
  expect(await adapter.write(own.id, { values: { notes: 'late' } }, won.version)).toMatchObject({ type: 'refused', reasons: [{ code: 'field-refused', field: 'status' }] });
});

test('accepts and declines what Microsoft sent', async () => {
  const [first, second] = [partnerCenter.createDeal({ fromMicrosoft: true }), partnerCenter.createDeal({ fromMicrosoft: true })];
  expect(snapshotOf(await adapter.write(first.id, { values: {}, answer: { accept: true, reason: null } }, first.eTag))).toMatchObject({ status: 'Active', substatus: 'Accepted', direction: 'incoming' });
  expect(snapshotOf(await adapter.write(second.id, { values: {}, answer: { accept: false, reason: 'no time' } }, second.eTag))).toMatchObject({ status: 'Closed', substatus: 'Declined' });
  expect(partnerCenter.referral(second.id)?.statusReason).toBe('no time');
});

test.each<[string, Values, object]>([
  ['an unknown solution', { solutions: ['SOL-12345-ABC', 'SOL-99999-XYZ'] }, { code: 'solution-unknown', field: 'solutions', params: { id: 'SOL-99999-XYZ' } }],
  ['an amount of zero', { dealValue: '0' }, { code: 'deal-value-zero', field: 'dealValue' }],
  ['an unknown currency', { currency: 'XQQ' }, { code: 'currency-unknown', params: { system: 'Partner Center', code: 'XQQ' } }],
  ['an unknown country', { 'customer.country': 'XX' }, { code: 'customer-country-unknown', params: { value: 'XX' } }],
])('tells %s as a reason', async (_name, values, reason) => {
  expect(await create(deal(values))).toMatchObject({ type: 'refused', reasons: [reason] });
});

test('pages through more than a hundred, oldest and newest first, without a gap or a double', async () => {
  partnerCenter.seedReferrals(230);
  for (const list of [adapter.listOldest, adapter.listNewest, adapter.listUpdated]) {
    const ids: string[] = [];
    for (let next: string | null = null, pages = 0; pages < 10; pages += 1) {
      const page: Awaited<ReturnType<typeof list>> = await list(next);
      ids.push(...page.referrals.map((each) => each.id));
      next = page.next;
      if (next === null) break;
    }
    expect(ids).toHaveLength(partnerCenter.referrals().length);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('signs in again when all tokens are revoked', async () => {
  const own = snapshotOf(await create(deal()));
  entra.revokeAccessTokens();
  expect(await adapter.read(own.id)).toMatchObject({ type: 'found' });
});

test.each(['dropAfterEffect', '500', 'hang', 'drop'] as const)('a create that meets "%s" leaves open whether it happened, and is found by its external id', async (kind) => {
  const values = deal();
  partnerCenter.api.addFault({ kind, times: 1 });
  await expect(create(values)).rejects.toMatchObject({ surelyNotSent: false });
  const found = (await adapter.listNewest(null)).referrals.filter((each) => each.externalReferenceId === values.externalReferenceId);
  expect(found).toHaveLength(kind === 'dropAfterEffect' ? 1 : 0);
});

test('a throttled create surely was not sent', async () => {
  partnerCenter.api.addFault({ kind: '429', times: 1, retryAfter: 2 });
  await expect(create(deal())).rejects.toMatchObject({ class: 'throttled', surelyNotSent: true, retryAfterMs: 2_000 });
});

test('registers, replaces, shows and tests the webhook', async () => {
  const events = ['referral-created', 'test-created'];
  expect(await webhooks.show()).toBeNull();
  expect(await webhooks.events()).toEqual(expect.arrayContaining(events));
  await webhooks.register({ url: 'http://127.0.0.1:1/old', events });
  expect(await webhooks.register({ url: 'http://127.0.0.1:1/new', events })).toMatchObject({ url: 'http://127.0.0.1:1/new', events });
  const refused = webhooks.register({ url: 'http://127.0.0.1:1/new', events: ['referral-eaten'] });
  await expect(refused).rejects.toThrow(/does not take this registration: referral-eaten .*Correct the address or the events\. Events that can be registered: .*referral-updated/);
  await expect(refused).rejects.not.toThrow(/tried again/);
  expect(await webhooks.show()).toMatchObject({ url: 'http://127.0.0.1:1/new', events });
  const correlationId = await webhooks.sendTest();
  expect(await webhooks.testResult(correlationId)).toHaveProperty('status');
});
