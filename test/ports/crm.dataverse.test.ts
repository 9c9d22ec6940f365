// The CRM port for Dynamics 365: the contract, and what only Dataverse does.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmSnapshot } from '../../core/index';
import type { CrmRef } from '../../plugins-proxy/ports/crm';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { value } from './crmBench';
import { crmPortCases } from './crmPort.cases';
import { openDataverseBench, type DataverseBench } from './dataverseBench';

crmPortCases('Dynamics 365', openDataverseBench);

describe('only Dataverse', () => {
  let bench: DataverseBench;
  beforeAll(async () => {
    bench = await openDataverseBench();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.mend());

  const found = async (ref: CrmRef): Promise<CrmSnapshot> => {
    const read = await bench.port.read(ref);
    if (read.type !== 'found') throw new Error('It should be there.');
    return read.snapshot;
  };

  test('takes the customer column when there is no parent account, and the amount scales of the currencies', async () => {
    const ref = await bench.makes({ currency: 'KWD', dealValue: 10.125 });
    await bench.asSeller('PATCH', `opportunities(${ref.id})`, { 'parentaccountid@odata.bind': null, 'parentcontactid@odata.bind': null, 'customerid_account@odata.bind': `/accounts(${seedIds.noCountry})` });
    const snapshot = await found(ref);
    expect(snapshot.cells).toMatchObject({ 'customer.name': value('Fabrikam Workshop'), 'customer.country': { kind: 'empty' }, 'customer.contact': { kind: 'empty' }, dealValue: value('10.125') });
    expect(snapshot.moneyScale).toMatchObject({ KWD: 3, EUR: 2, JPY: 0 });
    expect(snapshot.version).toMatch(/^W\//);
  });

  test('takes a contact chosen as customer for the contact and finds no customer', async () => {
    const ref = await bench.makes({ customer: null, contact: null });
    await bench.asSeller('PATCH', `opportunities(${ref.id})`, { 'customerid_contact@odata.bind': `/contacts(${seedIds.fabrikamContact})` });
    const snapshot = await found(ref);
    expect(snapshot.cells['customer.name']).toEqual({ kind: 'empty' });
    expect(snapshot.refs).toMatchObject({ customer: null, contact: { id: seedIds.fabrikamContact } });
  });

  test('tells which columns are secured, also when it may read them', async () => {
    const ref = await bench.makes();
    bench.dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: true, canUpdate: false });
    bench.port.refresh();
    const snapshot = await found(ref);
    expect([snapshot.secured, snapshot.cells.dealValue]).toEqual([['dealValue'], value('50000.5')]);
  });

  test('reads by one GET, writes by one PATCH with the changed columns alone', async () => {
    const ref = await bench.makes();
    await bench.port.describe();
    bench.dataverse.resetRequests();
    const base = await found(ref);
    expect(bench.dataverse.counts()).toEqual({ 'opportunity.get': 1 });
    bench.dataverse.resetRequests();
    bench.dataverse.resetWrites();
    const written = await bench.port.write(ref, { values: { dealValue: '61000.25', closingDate: '2027-03-31' }, present: { status: 'synced' } }, base);
    expect(written).toMatchObject({ type: 'written' });
    expect(bench.dataverse.counts()).toEqual({ 'opportunity.patch': 1 });
    expect([...(bench.dataverse.writes()[0]?.columns ?? [])].sort()).toEqual(['cosell_syncstatus', 'estimatedvalue']);
  });

  test.each([['won', 3, 'Won'], ['lost', 5, 'Out-Sold'], ['canceled', 4, 'Canceled']] as const)('%s takes status reason %i, and tells it with what was written while closing', async (as, reason, label) => {
    const ref = await bench.makes();
    await bench.port.close(ref, as, 'the customer decided');
    expect(bench.dataverse.row('opportunity', ref.id)?.cells.statuscode).toBe(reason);
    expect(await bench.port.statusReason(ref)).toBe(`${label}: the customer decided`);
    bench.dataverse.resetRequests();
    await bench.port.close(ref, as, null);
    expect(bench.dataverse.counts()).toEqual({ 'opportunity.get': 1 });
  });

  test('waits as long as it asks', async () => {
    const ref = await bench.makes();
    bench.dataverse.addFault({ kind: '429', match: 'opportunity\\.get', times: 1, retryAfter: 7 });
    await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'throttled', retryAfterMs: 7_000, status: 429 });
  });

  test('takes a date to wait for by the clock that told it, which may be off', async () => {
    const ref = await bench.makes();
    bench.dataverse.addFault({ kind: '503', match: 'opportunity\\.get', times: 1, retryAfter: 7, clockOffMs: 3_600_000 });
    await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'unreachable', retryAfterMs: 7_000, status: 503 });
    bench.entra.revokeAccessTokens();
    bench.entra.server.addFault({ kind: '503', times: 1, retryAfter: 7, clockOffMs: -3_600_000 });
    await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'unreachable', retryAfterMs: 7_000, surelyNotSent: true });
  });

  test('fails to read what it may not, and says which role is missing', async () => {
    const ref = await bench.makes();
    bench.dataverse.removePrivilege('prvReadOpportunity');
    try {
      await expect(bench.port.read(ref)).rejects.toMatchObject({ name: 'RemoteFailure', class: 'forbidden', message: expect.stringContaining('Co-sell Sync Service') });
    } finally {
      bench.dataverse.restorePrivilege('prvReadOpportunity');
    }
  });

  test('a customer or contact that was made and then merged into another one is that other one from then on', async () => {
    const customer = { name: 'Merged Ltd', line1: null, line2: null, city: null, state: null, postalCode: null, country: 'US' };
    const person = { firstName: 'Merged', lastName: 'Person', email: 'merged@person.example', phone: null };
    const [key, contactKey] = [bench.port.keyFor('customer:merged ltd'), bench.port.keyFor('contact:merged')];
    expect(await bench.port.ensureCustomer(key, customer)).toEqual({ type: 'there', id: key });
    expect(await bench.port.ensureContact(contactKey, key, person)).toEqual({ type: 'there', id: contactKey });
    expect(await bench.port.ensureCustomer(key, customer)).toEqual({ type: 'there', id: key });
    bench.dataverse.merge('account', seedIds.contosoRetail, key);
    bench.dataverse.merge('contact', seedIds.contosoContact, contactKey);
    expect(await bench.port.ensureCustomer(key, customer)).toEqual({ type: 'there', id: seedIds.contosoRetail });
    expect(await bench.port.ensureContact(contactKey, seedIds.contosoRetail, person)).toEqual({ type: 'there', id: seedIds.contosoContact });
    expect(bench.dataverse.row('account', key)?.cells.statecode).toBe(1);
  });

  test('a customer that is refused is a reason, not an accident', async () => {
    bench.dataverse.removePrivilege('prvCreateAccount');
    try {
      const customer = { name: 'Refused Ltd', line1: null, line2: null, city: null, state: null, postalCode: null, country: null };
      expect(await bench.port.ensureCustomer(bench.port.keyFor('refused'), customer)).toEqual({ type: 'refused', reasons: [expect.objectContaining({ code: 'no-permission', field: 'customer.name' })] });
    } finally {
      bench.dataverse.restorePrivilege('prvCreateAccount');
    }
  });

  test('reads ids however they are written, and knows who it is by a token that nobody has yet', async () => {
    expect(bench.port.canonicalId(' {8F1C2A64-0000-4000-8000-0000000000AA} ')).toBe('8f1c2a64-0000-4000-8000-0000000000aa');
    expect(bench.port.canonicalId('8F1C2A640000400080000000000000AA')).toBe('8f1c2a64-0000-4000-8000-0000000000aa');
    expect(bench.port.canonicalId('006xx000001Sv6dAAC')).toBeNull();
    expect(await bench.port.identityWith(await bench.signIn.token(bench.dataverse.url))).toEqual(await bench.port.identity());
  });
});
