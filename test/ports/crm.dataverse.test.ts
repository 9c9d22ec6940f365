// The CRM port on the Dataverse stand-in: what the journey relies on, through a real sign-in and real HTTP.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmSnapshot } from '../../core/index';
import { createDataverseAdapter, type DataverseAdapter } from '../../plugins-proxy/adapters/dataverse/createDataverseAdapter';
import { loadMapping } from '../../plugins-proxy/adapters/dataverse/loadMapping';
import { createSignIn, type SignIn } from '../../plugins-proxy/adapters/signIn/createSignIn';
import type { CrmRef } from '../../plugins-proxy/ports/crm';
import { seedIds, startDataverse, type Dataverse } from '../../sandbox/dataverse/startDataverse';
import { startEntra, type Entra } from '../../sandbox/entra/entra';

const client = { tenantId: '8f1c2a64-0000-4000-8000-0000000000aa', clientId: 'c0000000-0000-4000-8000-00000000000a', clientSecret: 'only for this test' };
const timings = { connect: 1_000, answer: 1_500 };

let entra: Entra;
let dataverse: Dataverse;
let signIn: SignIn;
let crm: DataverseAdapter;

beforeAll(async () => {
  entra = await startEntra({ clients: [client] });
  dataverse = await startDataverse({ entra, clientIds: { [client.clientId]: seedIds.serviceUser }, stepDelayMs: 5 });
  dataverse.setPlugInShare(0);
  signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: entra.url, ...client, timings });
  crm = createDataverseAdapter({ url: dataverse.url, signIn, mapping: loadMapping(), timings });
});
afterAll(async () => {
  await crm.dispose();
  await dataverse.close();
  await entra.close();
});
beforeEach(() => {
  dataverse.clearFaults();
  dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: true, canUpdate: true });
  crm.refresh();
  dataverse.resetRequests();
});

/** An opportunity as a seller would make it. */
async function sellerMakes(columns: Record<string, unknown> = {}): Promise<CrmRef> {
  const answer = await asSeller('POST', 'opportunities', {
    name: 'Rollout for Contoso', estimatedvalue: 50000.5, estimatedclosedate: '2027-03-31', description: 'First line\nSecond line', cosell_syncwithpartnercenter: true,
    cosell_products: 'SOL-1, SOL-2;SOL-1\nSOL-3', cosell_howcanmicrosofthelp: 481200002, cosell_referralvisibility: 481200001,
    'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})`, 'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})`,
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('USD')})`, ...columns,
  });
  return { kind: 'opportunity', id: /\(([^)]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? '' };
}

async function asSeller(method: string, path: string, body: unknown): Promise<Response> {
  const answer = await fetch(`${dataverse.url}/api/data/v9.2/${path}`, {
    method, headers: { authorization: `Bearer ${dataverse.sellerToken(seedIds.dana)}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

async function readFound(ref: CrmRef): Promise<CrmSnapshot> {
  const read = await crm.read(ref);
  if (read.type !== 'found') throw new Error('It should be there.');
  return read.snapshot;
}

const value = (content: unknown): unknown => ({ kind: 'value', value: content });

describe('reading', () => {
  test('brings an opportunity and all it hangs on in one GET', async () => {
    const ref = await sellerMakes();
    await crm.describe();
    dataverse.resetRequests();
    const snapshot = await readFound(ref);
    expect(dataverse.counts()).toEqual({ 'opportunity.get': 1 });
    expect(snapshot.cells).toEqual({
      name: value('Rollout for Contoso'),
      dealValue: value('50000.5'),
      currency: value('USD'),
      closingDate: value('2027-03-31'),
      notes: value(expect.stringMatching(/^First line\r?\nSecond line$/)),
      status: value('Active'),
      salesStage: { kind: 'empty' },
      'customer.name': value('Contoso Retail'),
      'customer.address': value({ line1: '1 Main Street', line2: null, city: 'Redmond', state: 'WA', postalCode: '98052' }),
      'customer.country': value({ code: 'US', text: 'United States' }),
      'customer.contact': value({ firstName: 'Avery', lastName: 'Howard', email: 'avery.howard@contosoretail.example', phone: '+1 425 555 0120' }),
      team: value([{ firstName: 'Dana', lastName: 'Seller', email: 'dana.seller@contoso.example', phone: '+1 425 555 0100' }]),
      solutions: value(['SOL-1', 'SOL-2', 'SOL-3']),
      help: value('ProofOfConceptOrDemo'),
      notesToMicrosoft: { kind: 'empty' },
      visibility: value('visible'),
      externalReferenceId: value(ref.id),
    });
    expect(snapshot).toMatchObject({
      moneyScale: { USD: 2, JPY: 0, KWD: 3 },
      control: { sync: true, requestedAction: null, requestedReason: null, choices: null },
      shown: { identifier: null, status: null, lastSyncedOn: null },
      refs: { customer: { kind: 'account', id: seedIds.contosoRetail, name: 'Contoso Retail' }, contact: { id: seedIds.contosoContact }, owner: { kind: 'user', id: seedIds.dana } },
      secured: [],
    });
    expect(snapshot.version).toMatch(/^W\//);
  });

  test('takes the customer column when there is no parent account, and the amount scales of the currencies', async () => {
    const ref = await sellerMakes({
      'parentaccountid@odata.bind': null, 'parentcontactid@odata.bind': null, 'customerid_account@odata.bind': `/accounts(${seedIds.noCountry})`,
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('KWD')})`, estimatedvalue: 10.125,
    });
    const snapshot = await readFound(ref);
    expect(snapshot.cells['customer.name']).toEqual(value('Fabrikam Workshop'));
    expect(snapshot.cells['customer.country']).toEqual({ kind: 'empty' });
    expect(snapshot.cells['customer.contact']).toEqual({ kind: 'empty' });
    expect(snapshot.cells.dealValue).toEqual(value('10.125'));
    expect(snapshot.moneyScale).toMatchObject({ KWD: 3, EUR: 2, JPY: 0 });
  });

  test('takes a contact chosen as customer for the contact and finds no customer', async () => {
    const ref = await sellerMakes({ 'parentaccountid@odata.bind': null, 'parentcontactid@odata.bind': null, 'customerid_contact@odata.bind': `/contacts(${seedIds.fabrikamContact})` });
    const snapshot = await readFound(ref);
    expect(snapshot.cells['customer.name']).toEqual({ kind: 'empty' });
    expect(snapshot.refs.customer).toBeNull();
    expect(snapshot.refs.contact).toMatchObject({ id: seedIds.fabrikamContact });
  });

  test('says gone when the record was deleted', async () => {
    expect(await crm.read({ kind: 'opportunity', id: '00000000-0000-4000-8000-000000000001' })).toEqual({ type: 'gone' });
  });

  test('never takes a withheld amount for an empty one, but an empty one that it may read for empty', async () => {
    const [filled, empty] = [await sellerMakes(), await sellerMakes({ estimatedvalue: null })];
    dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: false, canUpdate: false });
    crm.refresh();
    expect((await readFound(filled)).cells.dealValue).toEqual({ kind: 'unreadable' });
    expect((await readFound(filled)).secured).toEqual(['dealValue']);
    dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: true, canUpdate: false });
    crm.refresh();
    expect((await readFound(filled)).cells.dealValue).toEqual(value('50000.5'));
    expect((await readFound(empty)).cells.dealValue).toEqual({ kind: 'empty' });
  });

  test('marks a revenue that the system calculates as computed', async () => {
    const ref = await sellerMakes({ isrevenuesystemcalculated: true });
    expect((await readFound(ref)).cells.dealValue?.kind).toBe('computed');
  });
});

describe('writing', () => {
  test('makes one PATCH with the changed columns alone and takes what lives on other records from the base', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    dataverse.resetRequests();
    dataverse.resetWrites();
    const written = await crm.write(ref, {
      values: { dealValue: '61000.25', currency: 'EUR', closingDate: '2027-03-31', solutions: ['SOL-1', 'SOL-9'], notes: 'First line\nSecond line' },
      present: { status: 'synced', identifier: 'ref-write-1', link: 'https://partner.microsoft.com/x', lastSyncedOn: '2026-11-24T10:00:00.123Z', details: '{}', audit: 'line' },
    }, base);
    if (written.type !== 'written') throw new Error(JSON.stringify(written));
    expect(dataverse.counts()).toEqual({ 'opportunity.patch': 1 });
    expect([...(dataverse.writes()[0]?.columns ?? [])].sort()).toEqual(expect.arrayContaining(['cosell_audit', 'cosell_lastsyncedon', 'cosell_products', 'cosell_syncstatus', 'estimatedvalue', 'transactioncurrencyid']));
    expect(dataverse.writes()[0]?.columns).not.toContain('estimatedclosedate');
    expect(written.snapshot.cells).toEqual({ ...base.cells, dealValue: value('61000.25'), currency: value('EUR'), solutions: value(['SOL-1', 'SOL-9']), notes: base.cells.notes });
    expect(written.snapshot.shown).toMatchObject({ status: 'synced', identifier: 'ref-write-1', lastSyncedOn: '2026-11-24T10:00:00Z' });
    expect(await readFound(ref)).toEqual(written.snapshot);
  });

  test('writes nothing that stands there already', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    const first = await crm.write(ref, { values: {}, present: { status: 'synced', lastSyncedOn: '2026-11-24T10:00:00Z' } }, base);
    if (first.type !== 'written') throw new Error(JSON.stringify(first));
    dataverse.resetRequests();
    const again = await crm.write(ref, { values: { name: 'Rollout for Contoso' }, present: { status: 'synced', lastSyncedOn: '2026-11-24T10:00:00.500Z', clear: ['requestedAction'] } }, first.snapshot);
    expect(again).toEqual({ type: 'written', snapshot: first.snapshot });
    expect(dataverse.counts()).toEqual({});
  });

  test('says stale when somebody wrote since, and leaves their value', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    await asSeller('PATCH', `opportunities(${ref.id})`, { estimatedvalue: 70000 });
    expect(await crm.write(ref, { values: { dealValue: '1' }, present: {} }, base)).toEqual({ type: 'stale' });
    expect((await readFound(ref)).cells.dealValue).toEqual(value('70000'));
  });

  test('says gone when the record was deleted since', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    await asSeller('DELETE', `opportunities(${ref.id})`, undefined);
    expect(await crm.write(ref, { values: { dealValue: '1' }, present: {} }, base)).toEqual({ type: 'gone' });
  });

  test('empties what the seller asked for once carried out', async () => {
    const ref = await sellerMakes({ cosell_requestedaction: 481200001, cosell_requestedreason: 'because', cosell_conflictchoices: '{"choices":[]}' });
    const base = await readFound(ref);
    expect(base.control).toEqual({ sync: true, requestedAction: 'accept', requestedReason: 'because', choices: '{"choices":[]}' });
    const written = await crm.write(ref, { values: {}, present: { clear: ['requestedAction', 'choices'] } }, base);
    expect(written).toMatchObject({ type: 'written', snapshot: { control: { requestedAction: null, choices: null } } });
  });

  test('names the field of a text that is too long, and its limit', async () => {
    const ref = await sellerMakes();
    const refused = await crm.write(ref, { values: { notes: 'x'.repeat(2_001), closingDate: '2027-04-01' }, present: {} }, await readFound(ref));
    expect(refused).toEqual({ type: 'refused', reasons: [{ code: 'text-too-long', field: 'notes', actor: 'you', params: { system: 'Dynamics 365', max: 2000 } }] });
  });

  test('refuses a currency that Dynamics 365 lacks without a call', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    dataverse.resetRequests();
    expect(await crm.write(ref, { values: { currency: 'CHF', dealValue: '5' }, present: {} }, base)).toMatchObject({ type: 'refused', reasons: [{ code: 'currency-unknown', params: { code: 'CHF' } }] });
    expect(dataverse.counts()).toEqual({});
  });

  test('tells a missing permission as the reason that the admin reads', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    dataverse.removePrivilege('prvWriteOpportunity');
    try {
      expect(await crm.write(ref, { values: { dealValue: '5' }, present: {} }, base)).toEqual({
        type: 'refused', reasons: [expect.objectContaining({ code: 'no-permission', params: { system: 'Dynamics 365', role: 'Co-sell Sync Service' } })],
      });
    } finally {
      dataverse.restorePrivilege('prvWriteOpportunity');
    }
    dataverse.removePrivilege('prvReadOpportunity');
    await expect(crm.read(ref)).rejects.toMatchObject({ name: 'RemoteFailure', class: 'forbidden' });
    dataverse.restorePrivilege('prvReadOpportunity');
  });

  test('tells an identifier that another record holds', async () => {
    const [one, two] = [await sellerMakes(), await sellerMakes()];
    await crm.write(one, { values: {}, present: { identifier: 'ref-key-1' } }, await readFound(one));
    expect(await crm.write(two, { values: {}, present: { identifier: 'ref-key-1' } }, await readFound(two))).toMatchObject({ type: 'refused', reasons: [{ code: 'linked-elsewhere' }] });
  });
});

describe('closing', () => {
  test.each([['won', 'Won', 3], ['lost', 'Lost', 5], ['canceled', 'Lost', 4]] as const)('%s closes as %s with status reason %i', async (as, status, reason) => {
    const ref = await sellerMakes();
    expect(await crm.close(ref, as, 'the customer decided')).toEqual({ type: 'closed' });
    expect((await readFound(ref)).cells.status).toEqual(value(status));
    expect(dataverse.row('opportunity', ref.id)?.cells.statuscode).toBe(reason);
    const label = { 3: 'Won', 4: 'Canceled', 5: 'Out-Sold' }[reason];
    expect(await crm.statusReason(ref)).toBe(`${label}: the customer decided`);
  });

  test('reopens what was closed the other way, and leaves alone what is closed as wanted', async () => {
    const ref = await sellerMakes();
    await crm.close(ref, 'won', null);
    expect(await crm.close(ref, 'lost', null)).toEqual({ type: 'closed' });
    expect((await readFound(ref)).cells.status).toEqual(value('Lost'));
    dataverse.resetRequests();
    expect(await crm.close(ref, 'canceled', null)).toEqual({ type: 'closed' });
    expect(dataverse.counts()).toEqual({ 'opportunity.get': 1 });
    expect(await crm.close({ kind: 'opportunity', id: '00000000-0000-4000-8000-000000000001' }, 'won', null)).toEqual({ type: 'gone' });
  });

  test('shows the status on a closed opportunity', async () => {
    const ref = await sellerMakes();
    await crm.close(ref, 'won', null);
    expect(await crm.write(ref, { values: {}, present: { status: 'synced' } }, await readFound(ref))).toMatchObject({ type: 'written', snapshot: { shown: { status: 'synced' }, cells: { status: value('Won') } } });
  });
});

describe('making records for a referral', () => {
  const record = (referralId: string, name = 'From Partner Center') => ({
    referralId, values: { name, dealValue: '1200', currency: 'EUR', closingDate: '2027-05-01', notes: 'n', solutions: ['SOL-1'], help: 'GeneralOrOther', visibility: 'private' },
    present: { sync: true, identifier: referralId, status: 'pending' as const }, customerId: seedIds.contosoRetail, contactId: seedIds.contosoContact, ownerId: seedIds.robin,
  });

  test('makes the opportunity once, however often it is asked', async () => {
    const id = crm.plannedId('referral-1');
    const made = await crm.create(record('referral-1'));
    expect(made).toMatchObject({
      type: 'created',
      id,
      snapshot: {
        control: { sync: true }, shown: { identifier: 'referral-1', status: 'pending' }, refs: { owner: { id: seedIds.robin }, customer: { id: seedIds.contosoRetail } },
        cells: { dealValue: value('1200'), currency: value('EUR'), help: value('GeneralOrOther'), visibility: value('private'), externalReferenceId: value(id) },
      },
    });
    expect(await crm.create(record('referral-1', 'Another name'))).toEqual({ type: 'exists', id });
    expect((await readFound({ kind: 'opportunity', id })).cells.name).toEqual(value('From Partner Center'));
  });

  test('shortens a name that is longer than the column, and nothing else', async () => {
    const made = await crm.create(record('referral-2', `${'long '.repeat(70)}end`));
    const name = made.type === 'created' ? made.snapshot.cells.name : undefined;
    expect(name).toEqual(value(expect.stringMatching(/^.{299}…$/)));
    expect(await crm.create({ ...record('referral-3'), values: { name: 'x', notes: 'y'.repeat(2_001) } })).toMatchObject({ type: 'refused', reasons: [{ code: 'text-too-long', field: 'notes' }] });
  });

  test('finds the customer by name without case, told apart by postal code or country', async () => {
    const customer = { name: 'CONTOSO retail', line1: null, line2: null, city: null, state: null, postalCode: '98 052', country: 'US' };
    expect(await crm.matchCustomer(customer)).toEqual({ type: 'one', id: seedIds.contosoRetail });
    expect(await crm.matchCustomer({ ...customer, postalCode: '10115', country: 'DE' })).toEqual({ type: 'none' });
    expect(await crm.matchCustomer({ ...customer, postalCode: null, country: 'DE' })).toEqual({ type: 'none' });
    expect(await crm.matchCustomer({ ...customer, name: "O'Hara & Söhne + 50% #1" })).toEqual({ type: 'none' });
  });

  test('makes customer and contact under their ids once, and says several when several could be meant', async () => {
    const customer = { name: 'Tailspin "Toys" & O\'Hara', line1: '3 High Street', line2: null, city: 'London', state: null, postalCode: 'EC1A 1BB', country: 'GB' };
    const id = crm.keyFor('customer tailspin');
    expect(await crm.ensureCustomer(id, customer)).toEqual({ type: 'there', id });
    expect(await crm.ensureCustomer(id, customer)).toEqual({ type: 'there', id });
    expect(await crm.matchCustomer(customer)).toEqual({ type: 'one', id });
    const person = { firstName: 'Ada', lastName: null, email: 'Ada@tailspin.example', phone: null };
    const contact = crm.keyFor('contact ada');
    expect(await crm.ensureContact(contact, id, person)).toEqual({ type: 'there', id: contact });
    expect(await crm.ensureContact(contact, id, person)).toEqual({ type: 'there', id: contact });
    expect(await crm.matchContact(id, { ...person, email: 'ada@tailspin.example' })).toEqual({ type: 'one', id: contact });
    expect(await crm.matchContact(seedIds.contosoRetail, person)).toEqual({ type: 'none' });
    await crm.ensureCustomer(crm.keyFor('customer tailspin 2'), customer);
    expect(await crm.matchCustomer(customer)).toEqual({ type: 'several', count: 2 });
  });

  test('finds the first active user with one of the addresses', async () => {
    expect(await crm.findUserByEmail(['nobody@contoso.example', 'Robin.Seller@contoso.example', 'dana.seller@contoso.example'])).toBe(seedIds.robin);
    expect(await crm.findUserByEmail(['nobody@contoso.example'])).toBeNull();
    expect(await crm.findUserByEmail([])).toBeNull();
  });
});

describe('looking around', () => {
  test('lists what changed since a mark and concerns us, with the CRM\'s own time', async () => {
    const mark = new Date(Date.now() - 60_000).toISOString();
    const shared = await sellerMakes();
    const silent = await sellerMakes({ cosell_syncwithpartnercenter: false });
    const page = await crm.changedSince('opportunity', mark, null);
    expect(page.records.map((record) => record.id)).toContain(shared.id);
    expect(page.records.map((record) => record.id)).not.toContain(silent.id);
    expect(page.records.find((record) => record.id === shared.id)?.version).toBe((await readFound(shared)).version);
    expect(Math.abs(Date.parse(page.serverNow) - Date.now())).toBeLessThan(5_000);
    expect((await crm.changedSince('account', '2020-01-01T00:00:00Z', null)).records.map((record) => record.id)).toContain(seedIds.contosoRetail);
    expect(await crm.changedSince('lead', mark, null)).toMatchObject({ records: [], next: null });
  });

  test('describes lengths and currencies and misses nothing that is installed', async () => {
    const description = await crm.describe();
    expect(description).toMatchObject({ maxLengths: { name: 300, notes: 2000, 'customer.name': 160 }, currencies: { USD: 2, JPY: 0, KWD: 3 }, missing: [] });
  });

  test('knows who it is, and reads ids however they are written', async () => {
    expect(await crm.identity()).toMatchObject({ userId: seedIds.serviceUser });
    expect(await crm.identityWith(await signIn.token(dataverse.url))).toEqual(await crm.identity());
    expect(crm.canonicalId(' {8F1C2A64-0000-4000-8000-0000000000AA} ')).toBe('8f1c2a64-0000-4000-8000-0000000000aa');
    expect(crm.canonicalId('006xx000001Sv6dAAC')).toBeNull();
    expect(crm.keyFor('a')).toBe(crm.keyFor('a'));
    expect(crm.keyFor('a')).not.toBe(crm.keyFor('b'));
    expect(crm.keyFor('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('trouble', () => {
  test('signs in again once when its token stopped counting', async () => {
    const ref = await sellerMakes();
    await crm.read(ref);
    entra.revokeAccessTokens();
    expect((await crm.read(ref)).type).toBe('found');
    expect((await crm.read(ref)).type).toBe('found');
  });

  test('names what the schedule acts upon', async () => {
    const ref = await sellerMakes();
    const base = await readFound(ref);
    await crm.describe();
    const fails = async (kind: '429' | '503' | '500' | 'hang' | 'drop' | 'dropAfterEffect'): Promise<unknown> => {
      dataverse.addFault({ kind, match: 'opportunity\\.(get|patch)', times: 1, ...(kind === '429' ? { retryAfter: 7 } : {}) });
      return crm.write(ref, { values: { dealValue: '1' }, present: {} }, base).then(() => 'no failure', (error: unknown) => error);
    };
    expect(await fails('429')).toMatchObject({ class: 'throttled', retryAfterMs: 7_000, surelyNotSent: true, status: 429 });
    expect(await fails('503')).toMatchObject({ class: 'unreachable', status: 503 });
    expect(await fails('500')).toMatchObject({ class: 'remote', status: 500 });
    expect(await fails('hang')).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect(await fails('drop')).toMatchObject({ class: 'unreachable', surelyNotSent: false });
    expect((await readFound(ref)).cells.dealValue).toEqual(value('50000.5'));
    expect(await fails('dropAfterEffect')).toMatchObject({ class: 'unreachable' });
    expect((await readFound(ref)).cells.dealValue).toEqual(value('1'));
  });

  test('reads again by itself when the connection broke, once', async () => {
    const ref = await sellerMakes();
    dataverse.addFault({ kind: 'drop', match: 'opportunity.get', times: 1 });
    expect((await crm.read(ref)).type).toBe('found');
    dataverse.addFault({ kind: 'drop', match: 'opportunity.get', times: 2 });
    await expect(crm.read(ref)).rejects.toMatchObject({ class: 'unreachable' });
  });

  test('gives up at once when the caller does', async () => {
    const ref = await sellerMakes();
    dataverse.addFault({ kind: 'hang', match: 'opportunity.get', times: 1 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('the lease is gone')), 50);
    await expect(crm.read(ref, stop.signal)).rejects.toThrow('the lease is gone');
  });
});
