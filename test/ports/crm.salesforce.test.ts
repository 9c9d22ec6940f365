// The CRM port for Salesforce: the contract, and what only Salesforce does.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmSnapshot } from '../../core/index';
import { parseMapping } from '../../plugins-proxy/adapters/salesforce/loadMapping';
import type { CrmRef } from '../../plugins-proxy/ports/crm';
import builtIn from '../../mapping/salesforce.json' with { type: 'json' };
import { seedIds } from '../../sandbox/salesforce/startSalesforce';
import { value } from './crmBench';
import { crmPortCases } from './crmPort.cases';
import { openSalesforceBench, type SalesforceBench } from './salesforceBench';

crmPortCases('Salesforce', openSalesforceBench);

const found = async ({ port }: Pick<SalesforceBench, 'port'>, ref: CrmRef): Promise<CrmSnapshot> => {
  const read = await port.read(ref);
  if (read.type !== 'found') throw new Error('It should be there.');
  return read.snapshot;
};
const record = (referralId: string, more: object = {}) => ({ referralId, values: { name: 'From Partner Center', dealValue: '1200', currency: 'USD', closingDate: '2027-05-01', ...more }, present: { sync: true }, customerId: null, contactId: null, ownerId: null });

describe('only Salesforce', () => {
  let bench: SalesforceBench;
  beforeAll(async () => {
    bench = await openSalesforceBench();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.mend());

  test('learns what the org is made of in one call, reads by one query, and writes by a PATCH and a query', async () => {
    const ref = await bench.makes();
    bench.calls();
    const base = await found(bench, ref);
    expect(Object.entries(bench.salesforce.counts()).filter(([kind]) => kind !== 'token')).toEqual([[expect.stringMatching(/^composite\(describe\.opportunity\+.*query\.opportunitystage\+query\.currencytype\)$/), 1], ['query.opportunity', 1]]);
    bench.calls();
    bench.salesforce.resetWrites();
    expect(await bench.port.write(ref, { values: {}, present: { status: 'synced', details: '{}' } }, base)).toMatchObject({ type: 'written' });
    expect(bench.salesforce.counts()).toEqual({ 'opportunity.patch': 1, 'query.opportunity': 1 });
    expect(bench.salesforce.writes()).toMatchObject([{ client: 'cosell-sync', fields: ['Sync_Details__c', 'Sync_Status__c'] }]);
  });

  test('a write of the seller\'s fields waits for the second to pass and looks once more, and later needs neither', async () => {
    const ref = await bench.makes();
    const base = await found(bench, ref);
    expect(base.unsettled).toBe(true);
    bench.calls();
    const written = await bench.port.write(ref, { values: { dealValue: '1' }, present: {} }, base);
    expect(bench.salesforce.counts()).toEqual({ 'query.opportunity': 2, 'opportunity.patch': 1 });
    expect(written).toMatchObject({ type: 'written', snapshot: { unsettled: true } });
    bench.passes(2_000);
    const settled = await found(bench, ref);
    expect(settled.unsettled).toBeUndefined();
    bench.calls();
    await bench.port.write(ref, { values: { dealValue: '2' }, present: {} }, settled);
    expect(bench.salesforce.counts()).toEqual({ 'opportunity.patch': 1, 'query.opportunity': 1 });
  });

  test('a stamp that the platform moved alone is another version and no reason to plan again', async () => {
    const ref = await bench.makes();
    const base = await found(bench, ref);
    bench.passes(2_000);
    bench.salesforce.touchSystemModstamp('Opportunity', ref.id);
    expect((await found(bench, ref)).version).not.toBe(base.version);
    expect(await bench.port.write(ref, { values: { dealValue: '1' }, present: {} }, base)).toMatchObject({ type: 'written' });
  });

  test('the team is the owner, then the opportunity team, nobody twice', async () => {
    const ref = await bench.makes();
    for (const UserId of [seedIds.robin, seedIds.dana]) bench.salesforce.person.create('OpportunityTeamMember', { OpportunityId: ref.id, UserId, TeamMemberRole: 'Sales Rep' });
    expect((await found(bench, ref)).cells.team).toEqual(value([expect.objectContaining({ email: 'dana.seller@contoso.example' }), expect.objectContaining({ email: 'robin.seller@contoso.example' })]));
  });

  test('a street of several lines is two lines of an address', async () => {
    const ref = await bench.makes();
    bench.salesforce.person.edit('Account', seedIds.contosoRetail, { BillingStreet: '1 Main Street\nBuilding 7\nFloor 2' });
    const { cells } = await found(bench, ref);
    bench.salesforce.person.edit('Account', seedIds.contosoRetail, { BillingStreet: '1 Main Street' });
    expect(cells['customer.address']).toMatchObject(value({ line1: '1 Main Street', line2: 'Building 7, Floor 2', city: 'Redmond', state: 'WA', postalCode: '98052' }) as object);
  });

  test('a field that is taken away between two reads is unreadable at once, never empty', async () => {
    const ref = await bench.makes();
    expect((await found(bench, ref)).cells.notes?.kind).toBe('value');
    await bench.withhold('notes', true);
    expect((await found(bench, ref)).cells.notes).toEqual({ kind: 'unreadable' });
  });

  test('a customer or contact that may not be read is unreadable, and still known by its id', async () => {
    const ref = await bench.makes();
    for (const object of ['Account', 'Contact']) bench.salesforce.removeRight(object, 'read');
    bench.port.refresh();
    const { cells } = await found(bench, ref);
    for (const object of ['Account', 'Contact']) bench.salesforce.restoreRight(object, 'read');
    for (const field of ['customer.name', 'customer.address', 'customer.country', 'customer.contact'] as const) expect([field, cells[field]]).toEqual([field, { kind: 'unreadable' }]);
    expect(cells.name).toEqual(value('Rollout for Contoso'));
  });

  test.each(['Sync_with_Partner_Center__c', 'Referral_Identifier__c'])('without the right to see %s nothing is read: a hidden flag is no "no"', async (field) => {
    const ref = await bench.makes();
    bench.salesforce.secureField('Opportunity', field, { read: false, edit: false });
    bench.port.refresh();
    await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'forbidden', message: expect.stringContaining('Co-sell Sync Service') });
    bench.salesforce.secureField('Opportunity', field, { read: true, edit: true });
  });

  test('without the right to read opportunities it says which permission set is missing', async () => {
    const ref = await bench.makes();
    bench.salesforce.removeRight('Opportunity', 'read');
    await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'forbidden', message: expect.stringContaining('permission set Co-sell Sync Service') });
    bench.salesforce.restoreRight('Opportunity', 'read');
  });

  test('a field that it may see and not change is a missing permission for that field', async () => {
    const ref = await bench.makes();
    bench.salesforce.secureField('Opportunity', 'Amount', { read: true, edit: false });
    expect(await bench.port.write(ref, { values: { dealValue: '5' }, present: {} }, await found(bench, ref))).toEqual({ type: 'refused', reasons: [expect.objectContaining({ code: 'no-permission', field: 'dealValue' })] });
  });

  test.each([
    ['a validation rule', { errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Amounts end on 00.', fields: ['Amount'] }, { code: 'field-refused', field: 'dealValue', actor: 'admin', params: { system: 'Salesforce', field: 'Deal value', message: 'Amounts end on 00.' } }],
    ['a required field of the customer\'s own', { errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Region__c]', fields: ['Region__c'] }, { code: 'field-refused', actor: 'admin', params: { system: 'Salesforce', message: 'Required fields are missing: [Region__c]' } }],
    ['a value that a picklist lacks', { errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message: 'Help: bad value for restricted picklist field: X', fields: ['How_can_Microsoft_help__c'] }, { code: 'field-refused', field: 'help', actor: 'admin', params: { system: 'Salesforce', field: 'Help', message: 'Help: bad value for restricted picklist field: X' } }],
    ['an amount that is too large', { errorCode: 'NUMBER_OUTSIDE_VALID_RANGE', message: 'Amount: value outside of valid range on numeric field: 1', fields: ['Amount'] }, { code: 'field-refused', field: 'dealValue', actor: 'admin', params: { system: 'Salesforce', field: 'Deal value', message: 'Amount: value outside of valid range on numeric field: 1' } }],
    ['a rule that speaks at length', { errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'x'.repeat(400), fields: ['Amount'] }, { code: 'field-refused', field: 'dealValue', actor: 'admin', params: { system: 'Salesforce', field: 'Deal value', message: `${'x'.repeat(249)}…` } }],
  ])('%s is told in the rule\'s own words', async (_, refusal, wanted) => {
    const ref = await bench.makes();
    const base = await found(bench, ref);
    bench.salesforce.refuse({ ...refusal, object: 'Opportunity' });
    expect(await bench.port.write(ref, { values: { dealValue: '5', notes: 'n' }, present: {} }, base)).toEqual({ type: 'refused', reasons: [wanted] });
  });

  test('a record that somebody else has locked is tried again later, and nothing was written', async () => {
    const ref = await bench.makes();
    const base = await found(bench, ref);
    bench.salesforce.refuse({ errorCode: 'UNABLE_TO_LOCK_ROW', object: 'Opportunity', times: 1 });
    await expect(bench.port.write(ref, { values: {}, present: { status: 'synced' } }, base)).rejects.toMatchObject({ class: 'remote', surelyNotSent: true });
    expect(await bench.port.write(ref, { values: {}, present: { status: 'synced' } }, base)).toMatchObject({ type: 'written' });
  });

  test('a day\'s calls used up close the gate for up to a quarter of an hour', async () => {
    const ref = await bench.makes();
    await found(bench, ref);
    expect(bench.port.budget?.()).toMatchObject({ used: expect.any(Number), limit: 100_000 });
    bench.salesforce.setApiUsage(100_000);
    await expect(bench.port.read(ref)).rejects.toMatchObject({ class: 'throttled', status: 403, surelyNotSent: true, longestProbeMs: 900_000, retryAfterMs: undefined });
    expect(bench.port.budget?.()).toEqual({ used: 100_000, limit: 100_000 });
    bench.salesforce.setApiUsage(500);
    expect((await found(bench, ref)).cells.name).toEqual(value('Rollout for Contoso'));
  });

  test('closes to the first active stage of its kind, or the one that the mapping names', async () => {
    const [lost, declined] = [await bench.makes(), await bench.makes()];
    await bench.port.close(lost, 'canceled', null);
    expect(bench.salesforce.row('Opportunity', lost.id)?.cells.StageName).toBe('Closed Lost');
    expect(await bench.port.statusReason?.(lost)).toBe('Closed Lost');
    const rows = builtIn.tables.opportunity.rows.map((row) => (row.field === 'status' ? { ...row, choices: { Active: 'Qualification', Declined: 'Closed Won' } } : row));
    const mapped = bench.another({ mapping: parseMapping(JSON.stringify({ ...builtIn, tables: { ...builtIn.tables, opportunity: { ...builtIn.tables.opportunity, rows } } })) });
    await mapped.close(declined, 'canceled', null);
    expect(bench.salesforce.row('Opportunity', declined.id)?.cells.StageName).toBe('Closed Won');
    const [plain, chosen] = [await bench.port.create(record('stage-1')), await mapped.create(record('stage-2'))];
    expect([plain, chosen].map((made) => made.type === 'created' && bench.salesforce.row('Opportunity', made.id)?.cells.StageName)).toEqual(['Prospecting', 'Qualification']);
  });

  test('closes around a seller who writes in the same second', async () => {
    const ref = await bench.makes();
    await bench.edits(ref, { notes: 'just now' });
    expect(await bench.port.close(ref, 'won', null)).toEqual({ type: 'closed' });
    expect((await found(bench, ref)).cells).toMatchObject({ notes: value('just now'), status: value('Won') });
  });

  test('says plainly that an org has no stage to close to', async () => {
    const ref = await bench.makes();
    bench.salesforce.setStageActive('Closed Won', false);
    bench.port.refresh();
    await expect(bench.port.close(ref, 'won', null)).rejects.toMatchObject({ class: 'bug', message: expect.stringContaining('no active stage that is won') });
    bench.salesforce.setStageActive('Closed Won', true);
  });

  test('an insert that arrives late makes no second record and writes over nothing', async () => {
    bench.salesforce.addFault({ kind: 'dropAfterEffect', match: 'opportunity\\.create', times: 1 });
    await expect(bench.port.create(record('late-1'))).rejects.toMatchObject({ class: 'unreachable', surelyNotSent: false });
    const [made] = bench.salesforce.rows('Opportunity').filter((row) => row.cells.Referral_Identifier__c === 'late-1');
    bench.salesforce.person.edit('Opportunity', made!.id, { Amount: 7 });
    expect(await bench.port.create(record('late-1'))).toEqual({ type: 'exists', id: made!.id });
    expect(bench.salesforce.rows('Opportunity').filter((row) => row.cells.Referral_Identifier__c === 'late-1').map((row) => row.cells.Amount)).toEqual([7]);
  });

  test('the contact of a new deal is its primary contact role', async () => {
    const made = await bench.port.create({ ...record('role-1'), customerId: seedIds.contosoRetail, contactId: seedIds.contosoContact });
    const id = made.type === 'created' ? made.id : '';
    expect(bench.salesforce.rows('OpportunityContactRole').filter((row) => row.cells.OpportunityId === id).map((row) => row.cells)).toMatchObject([{ ContactId: seedIds.contosoContact, IsPrimary: true }]);
  });

  test('walks page by page, every record once, deals in the recycle bin among them', async () => {
    const fresh = await openSalesforceBench();
    const mark = new Date(Date.now() - 60_000).toISOString();
    const ids = fresh.salesforce.person.saveMany('Opportunity', Array.from({ length: 190 }, (_, at) => ({ Name: `Deal ${at}`, StageName: 'Prospecting', CloseDate: '2027-03-31', Sync_with_Partner_Center__c: true })));
    const more = [0, 1].flatMap((round) => (fresh.passes(1_000), fresh.salesforce.person.saveMany('Opportunity', Array.from({ length: 190 }, (_, at) => ({ Name: `Deal ${round}.${at}`, StageName: 'Prospecting', CloseDate: '2027-03-31', Sync_with_Partner_Center__c: true })))));
    await fresh.deletes({ kind: 'opportunity', id: ids[0]! });
    const first = await fresh.port.changedSince('opportunity', mark, null);
    expect(first.records).toHaveLength(500);
    const second = await fresh.port.changedSince('opportunity', mark, first.next);
    const seen = [...first.records, ...second.records].map((each) => each.id);
    expect(second.next).toBeNull();
    expect([new Set(seen).size, seen.length]).toEqual([570, 570]);
    expect(new Set(seen)).toEqual(new Set([...ids, ...more]));
    await fresh.close();
  });

  test.each([
    ['a process of the platform', (ref: CrmRef) => bench.salesforce.touchSystemModstamp('Opportunity', ref.id)],
    ['another primary contact', (ref: CrmRef) => void bench.salesforce.person.create('OpportunityContactRole', { OpportunityId: ref.id, ContactId: seedIds.fabrikamContact, IsPrimary: true })],
  ])('a walk finds what only the platform\'s own stamp tells: %s', async (_, touch) => {
    const ref = await bench.makes({ contact: 'avery', sync: true });
    const { modifiedOn } = await found(bench, ref);
    bench.passes(60_000);
    const mark = new Date(Date.parse(modifiedOn) + 30_000).toISOString();
    const walked = async (): Promise<readonly string[]> => (await bench.port.changedSince('opportunity', mark, null)).records.map((each) => each.id);
    expect(await walked()).not.toContain(ref.id);
    touch(ref);
    expect(await walked()).toContain(ref.id);
    expect((await found(bench, ref)).modifiedOn).toBe(modifiedOn);
  });

  test('reads ids of 15 and 18 characters, also where their case was lost, and takes no other for a deal\'s', () => {
    const { port } = bench;
    expect(port.canonicalId('006A000000abcDE')).toBe('006A000000abcDEIAY');
    expect(port.canonicalId(' 006A000000abcDEIAY ')).toBe('006A000000abcDEIAY');
    expect(port.canonicalId('006a000000abcdeiay')).toBe('006A000000abcDEIAY');
    expect(port.canonicalId('00QA000000abcDE')).toMatch(/^00QA000000abcDE...$/);
    for (const other of ['001A000000abcDE', '006A000000abc', '8f1c2a64-0000-4000-8000-0000000000aa', 'ABCDEFGHIJKLMNO']) expect(port.canonicalId(other)).toBeNull();
  });
});

describe('orgs that differ', () => {
  const inOrg = async (options: Parameters<typeof openSalesforceBench>[0], look: (bench: SalesforceBench) => Promise<void>): Promise<void> => {
    const bench = await openSalesforceBench(options);
    try {
      await look(bench);
    } finally {
      await bench.close();
    }
  };

  test('one currency that nobody named: the amount\'s currency is unreadable, not empty, and doctor is told', () =>
    inOrg({ multiCurrency: false }, async (bench) => {
      const ref = await bench.makes({ currency: undefined } as never);
      expect((await found(bench, ref)).cells.currency).toEqual({ kind: 'unreadable' });
      expect((await bench.port.describe()).currencies).toEqual({});
    }));

  test('one currency that the settings name: every amount is in it, and another is unknown', () =>
    inOrg({ multiCurrency: false, adapter: { currency: 'JPY' } }, async (bench) => {
      const ref = await bench.makes({ currency: undefined, dealValue: 1200 } as never);
      const base = await found(bench, ref);
      expect([base.cells.currency, base.moneyScale, (await bench.port.describe()).currencies]).toEqual([value('JPY'), { JPY: 0 }, { JPY: 0 }]);
      expect(await bench.port.write(ref, { values: { dealValue: '1300', currency: 'JPY' }, present: {} }, base)).toMatchObject({ type: 'written', snapshot: { cells: { dealValue: value('1300') } } });
      expect(await bench.port.write(ref, { values: { currency: 'USD' }, present: {} }, base)).toMatchObject({ type: 'refused', reasons: [{ code: 'currency-unknown' }] });
    }));

  test('a managed package of one\'s own: all names carry its namespace, customers\' own fields do not', () =>
    inOrg({ namespace: 'contoso' }, async (bench) => {
      const ref = await bench.makes();
      const base = await found(bench, ref);
      expect(base.cells).toMatchObject({ solutions: value(['SOL-1', 'SOL-2', 'SOL-3']), help: value('ProofOfConceptOrDemo') });
      expect(await bench.port.write(ref, { values: { solutions: ['SOL-1'] }, present: { status: 'synced' } }, base)).toMatchObject({ type: 'written', snapshot: { shown: { status: 'synced' } } });
      expect(await bench.port.create(record('namespaced'))).toMatchObject({ type: 'created' });
      expect((await bench.port.describe()).missing).toEqual([]);
      expect((await bench.port.changedSince('opportunity', '2020-01-01T00:00:00Z', null)).records.map((each) => each.id)).toContain(ref.id);
      expect((await bench.another({ namespace: null }).describe()).missing).toEqual(expect.arrayContaining(['Opportunity.Sync_with_Partner_Center__c', 'Account.Cosell_Key__c']));
    }));

  test('no team selling: the team is the owner', () =>
    inOrg({ teamSelling: false }, async (bench) => {
      expect((await found(bench, await bench.makes())).cells.team).toEqual(value([expect.objectContaining({ email: 'dana.seller@contoso.example' })]));
      expect((await bench.port.describe()).missing).toEqual([]);
    }));

  test('countries from a list: read and written as codes', () =>
    inOrg({ countryPicklists: true }, async (bench) => {
      expect((await found(bench, await bench.makes())).cells['customer.country']).toEqual(value({ code: 'US', text: 'United States' }));
      const customer = { name: 'Beispiel AG', line1: 'Hauptstraße 1', line2: null, city: 'Zürich', state: 'Zürich', postalCode: '8001', country: 'CH' };
      const made = await bench.port.ensureCustomer(bench.port.keyFor('beispiel'), customer);
      expect(bench.salesforce.row('Account', made.type === 'there' ? made.id : '')?.cells).toMatchObject({ BillingCountryCode: 'CH', BillingCountry: 'Switzerland', BillingCity: 'Zürich' });
      expect(await bench.port.matchCustomer({ ...customer, postalCode: null })).toMatchObject({ type: 'one' });
    }));

  test.each([['alert', 'there'], ['block', 'refused']] as const)('a duplicate rule that would %s: the customer is %s', (duplicateRules, type) =>
    inOrg({ duplicateRules }, async (bench) => {
      const customer = { name: 'Contoso Retail', line1: '9 Other Street', line2: null, city: 'Redmond', state: null, postalCode: '10001', country: 'DE' };
      const made = await bench.port.ensureCustomer(bench.port.keyFor('twin'), customer);
      expect(made.type).toBe(type);
      if (made.type === 'refused') expect(made.reasons).toEqual([expect.objectContaining({ code: 'field-refused', field: 'customer.name', params: expect.objectContaining({ message: 'Use one of these records?' }) })]);
    }));

  test('a nasty org: sessions end, automation touches records, pages come small, and everything is read as it is', () =>
    inOrg({ nasty: true, seed: 7 }, async (bench) => {
      const refs = [];
      for (let at = 0; at < 12; at += 1) refs.push(await bench.makes({ dealValue: 100 + at }));
      bench.passes(2_000);
      for (const [at, ref] of refs.entries()) {
        let base = await found(bench, ref);
        for (let round = 0; ; round += 1) {
          const written = await bench.port.write(ref, { values: { dealValue: String(200 + at) }, present: { status: 'synced' } }, base);
          if (written.type === 'written') break;
          expect([written.type, round < 5]).toEqual(['stale', true]);
          base = await found(bench, ref);
        }
      }
      for (const [at, ref] of refs.entries()) expect((await found(bench, ref)).cells.dealValue).toEqual(value(String(200 + at)));
    }));
});
