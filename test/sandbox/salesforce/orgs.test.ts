// The fake org in its varieties: rights, namespace, currencies, countries, duplicate rules, nastiness, and its memory after a restart.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { SalesforceOptions } from '../../../sandbox/salesforce/startSalesforce';
import { seedIds } from '../../../sandbox/salesforce/startSalesforce';
import { numberedId, readId, toLongId } from '../../../sandbox/salesforce/ids';
import { deal, openOrg, waitFor, type Reply, type TestOrg } from './openOrg';

let folder: string;
const opened: TestOrg[] = [];

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'org-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.salesforce.close()));
});

async function open(options: Partial<SalesforceOptions> = {}): Promise<TestOrg> {
  const org = await openOrg(options);
  opened.push(org);
  return org;
}
const created = (reply: Reply): string => (reply.body as { id: string }).id;
const fieldsOf = async (org: TestOrg, object: string): Promise<Record<string, Record<string, unknown>>> => {
  const { fields } = (await org.send('GET', `sobjects/${object}/describe`)).body as { fields: Record<string, unknown>[] };
  return Object.fromEntries(fields.map((field) => [String(field.name), field]));
};

describe('ids', () => {
  test('tell upper from lower case in their last three characters', () => {
    // The sample of the SOAP guide, "ID Field Type".
    expect(toLongId('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
    expect([readId('001A0000006Vm9rIAC'), readId('001A0000006Vm9r'), readId('001A0000006Vm9rIAA'), readId('001A0000006Vm9'), readId('001A0000006Vm9r-AC')]).toEqual(['001A0000006Vm9rIAC', '001A0000006Vm9rIAC', undefined, undefined, undefined]);
    expect(numberedId('006', 10).slice(0, 15).toLowerCase()).toBe(numberedId('006', 36).slice(0, 15).toLowerCase());
    expect(numberedId('006', 10)).not.toBe(numberedId('006', 36));
  });
});

describe('sessions', () => {
  test('end when nobody used them for their time, and when they are revoked', async () => {
    let offset = 0;
    const org = await open({ now: () => Date.now() + offset, sessionSeconds: 60 });
    const { access_token: token } = (await org.token()).body as { access_token: string };
    const ask = async (): Promise<number> => (await org.send('GET', 'limits', undefined, { authorization: `Bearer ${token}` })).status;
    const answers: number[] = [];
    for (const later of [50_000, 100_000, 161_000]) {
      offset = later;
      answers.push(await ask());
    }
    expect(answers).toEqual([200, 200, 401]);
    offset = 0;
    const other = ((await org.token()).body as { access_token: string }).access_token;
    const revoke = (): Promise<number> => fetch(`${org.salesforce.url}/services/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token: other }) }).then((answer) => answer.status);
    expect([await revoke(), await revoke()]).toEqual([200, 400]);
  });
});

describe('rights', () => {
  test('are those of the shipped permission set: what it does not name is not there', async () => {
    const org = await open();
    const id = created(await org.send('POST', 'sobjects/Opportunity', deal('Rights')));
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    expect((await org.send('GET', `sobjects/Opportunity/${id}`)).body).not.toHaveProperty('NextStep');
    expect((await org.send('GET', `sobjects/Opportunity/${id}`, undefined, seller)).body).toHaveProperty('NextStep', null);
    const fields = await fieldsOf(org, 'Opportunity');
    expect([fields.NextStep, fields.Probability?.updateable, fields.Amount?.updateable, fields.IsWon?.createable]).toEqual([undefined, false, true, false]);
    expect((await org.send('PATCH', `sobjects/User/${seedIds.dana}`, { Phone: '1' })).status).toBe(403);
    // A seller reads the status, the service writes it.
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { Sync_Status__c: 'Synced' }, seller)).code).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });

  test('can be taken away: a field, an object, a verb', async () => {
    const org = await open();
    const id = created(await org.send('POST', 'sobjects/Opportunity', deal('Taken', { Amount: 5 })));
    org.salesforce.secureField('Opportunity', 'Amount', { read: true, edit: false });
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { Amount: 6 })).body).toMatchObject([{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Amount'] }]);
    org.salesforce.secureField('Opportunity', 'Amount', { read: false, edit: false });
    expect((await org.send('GET', `sobjects/Opportunity/${id}`)).body).not.toHaveProperty('Amount');
    expect([(await org.soql('SELECT Amount FROM Opportunity')).code, (await org.send('GET', `sobjects/Opportunity/${id}?fields=Amount`)).code, (await org.send('PATCH', `sobjects/Opportunity/${id}`, { Amount: 6 })).code]).toEqual(Array(3).fill('INVALID_FIELD'));
    org.salesforce.secureField('Opportunity', 'Amount', { read: true, edit: true });
    expect(await org.select('SELECT Amount FROM Opportunity')).toMatchObject([{ Amount: 5 }]);
    org.salesforce.removeRight('Account', 'create');
    org.salesforce.removeRight('Contact', 'read');
    expect([(await org.send('POST', 'sobjects/Account', { Name: 'x' })).status, (await org.soql('SELECT Id FROM Contact')).code, (await org.send('GET', `sobjects/Contact/${seedIds.contosoContact}`)).status]).toEqual([403, 'INVALID_TYPE', 404]);
    org.salesforce.restoreRight('Account', 'create');
    expect((await org.send('POST', 'sobjects/Account', { Name: 'x' })).status).toBe(201);
  });
});

describe('the package', () => {
  test('gives its fields their types, lengths and values from the files that are shipped', async () => {
    const org = await open();
    const [opportunity, account] = [await fieldsOf(org, 'Opportunity'), await fieldsOf(org, 'Account')];
    expect(opportunity.Referral_Identifier__c).toMatchObject({ type: 'string', length: 100, externalId: true, unique: true, caseSensitive: false });
    expect(opportunity.Audit__c).toMatchObject({ type: 'textarea', length: 100_000, filterable: false });
    expect((opportunity.How_can_Microsoft_help__c?.picklistValues as { value: string }[]).map((one) => one.value)).toContain('GeneralOrOther');
    expect([opportunity.Sync_with_Partner_Center__c?.type, opportunity.Last_Synced_On__c?.type, account.Cosell_Key__c?.length]).toEqual(['boolean', 'datetime', 36]);
    const id = org.salesforce.plant('Cosell_Solution__c', { Name: 'Lakehouse', Solution_Code__c: 'SOL-1' });
    expect(id).toMatch(/^a00/);
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    expect((await org.soql("SELECT Name FROM Cosell_Solution__c WHERE Solution_Code__c = 'sol-1'", seller)).body).toMatchObject({ records: [{ Name: 'Lakehouse' }] });
    expect(() => org.salesforce.plant('Cosell_Solution__c', { Name: 'Again', Solution_Code__c: 'SOL-1' })).toThrow(/duplicate value/);
  });

  test('carries its namespace when it is managed, which a caller may leave out by header', async () => {
    const org = await open({ namespace: 'cosell' });
    const id = created(await org.send('PATCH', 'sobjects/Opportunity/cosell__Referral_Identifier__c/ref-1', deal('Managed')));
    expect((await org.soql('SELECT Sync_Status__c FROM Opportunity')).code).toBe('INVALID_FIELD');
    expect(await org.select('SELECT cosell__Sync_Status__c FROM Opportunity')).toMatchObject([{ cosell__Sync_Status__c: null }]);
    const short = { 'sforce-call-options': 'client=test, defaultNamespace=cosell' };
    expect((await org.soql("SELECT Sync_Status__c, cosell__Products__c FROM Opportunity WHERE Referral_Identifier__c = 'ref-1'", short)).body).toMatchObject({ records: [{ Sync_Status__c: null, Products__c: null }] });
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { Products__c: 'SOL-1' }, short)).status).toBe(204);
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { Products__c: 'SOL-2' })).code).toBe('INVALID_FIELD');
    org.salesforce.person.edit('Opportunity', id, { Sync_with_Partner_Center__c: true });
    expect(org.salesforce.row('Opportunity', id)?.cells).toMatchObject({ Products__c: 'SOL-1', Sync_Status__c: 'Pending' });
    expect(org.salesforce.writes().map((one) => one.client)).toEqual([undefined, 'test', undefined]);
    expect(Object.keys(await fieldsOf(org, 'Opportunity'))).toContain('cosell__Products__c');
    expect((await org.soql('SELECT Id FROM Account', { 'sforce-call-options': 'nonsense=1' })).status).toBe(400);
  });

  test('cannot be started without its files, or with a field that is not known', async () => {
    await expect(open({ metadataDir: join(folder, 'nothing') })).rejects.toThrow(/holds no \*.field-meta.xml/);
    const fields = join(folder, 'odd/objects/Opportunity/fields');
    mkdirSync(fields, { recursive: true });
    writeFileSync(join(fields, 'Odd__c.field-meta.xml'), '<CustomField><fullName>Odd__c</fullName><type>Hologram</type></CustomField>');
    await expect(open({ metadataDir: join(folder, 'odd') })).rejects.toThrow(/Odd__c.field-meta.xml: the stand-in does not know fields of type Hologram/);
  });
});

describe('editions', () => {
  test('with one currency have no CurrencyIsoCode and no CurrencyType, without team selling no team', async () => {
    const org = await open({ multiCurrency: false, teamSelling: false });
    expect([(await org.soql('SELECT CurrencyIsoCode FROM Opportunity')).code, (await org.soql('SELECT IsoCode FROM CurrencyType')).code, (await org.soql('SELECT (SELECT Id FROM OpportunityTeamMembers) FROM Opportunity')).code, (await org.send('POST', 'sobjects/Opportunity', deal('x', { CurrencyIsoCode: 'USD' }))).code]).toEqual(['INVALID_FIELD', 'INVALID_TYPE', 'INVALID_TYPE', 'INVALID_FIELD']);
    const other = await open();
    expect(await other.select("SELECT IsoCode, DecimalPlaces FROM CurrencyType WHERE IsActive = true AND DecimalPlaces != 2 ORDER BY IsoCode")).toMatchObject([{ IsoCode: 'JPY', DecimalPlaces: 0 }, { IsoCode: 'KWD', DecimalPlaces: 3 }]);
    expect(await other.select('SELECT Id, Name, IsSandbox FROM Organization')).toMatchObject([{ Id: seedIds.organization, Name: 'Contoso', IsSandbox: false }]);
  });

  test('with country picklists keep code and name together and know no other country', async () => {
    const org = await open({ countryPicklists: true });
    const id = created(await org.send('POST', 'sobjects/Account', { Name: 'By name', BillingCountry: 'germany' }));
    const read = async (): Promise<unknown> => (await org.select(`SELECT BillingCountry, BillingCountryCode FROM Account WHERE Id = '${id}'`))[0];
    expect(await read()).toMatchObject({ BillingCountry: 'Germany', BillingCountryCode: 'DE' });
    await org.send('PATCH', `sobjects/Account/${id}`, { BillingCountryCode: 'CN' });
    expect(await read()).toMatchObject({ BillingCountry: 'China', BillingCountryCode: 'CN' });
    expect((await org.send('PATCH', `sobjects/Account/${id}`, { BillingCountry: 'Deutschland' })).body).toMatchObject([{ errorCode: 'FIELD_INTEGRITY_EXCEPTION', fields: ['BillingCountry'] }]);
    expect((await (await open()).send('POST', 'sobjects/Account', { Name: 'x', BillingCountryCode: 'DE' })).code).toBe('INVALID_FIELD');
  });

  test('with duplicate rules show what is alike, and save when the caller insists and the rule allows', async () => {
    const org = await open({ duplicateRules: 'alert' });
    const twin = { Name: 'contoso retail', BillingPostalCode: '98052' };
    const refused = await org.send('POST', 'sobjects/Account', twin);
    expect([refused.status, refused.body]).toMatchObject([400, [{ errorCode: 'DUPLICATES_DETECTED', duplicateResult: { allowSave: true, matchResults: [{ matchRecords: [{ record: { Id: seedIds.contosoRetail } }] }] } }]]);
    expect((await org.send('POST', 'sobjects/Account', twin, { 'sforce-duplicate-rule-header': 'allowSave=true' })).status).toBe(201);
    const strict = await open({ duplicateRules: 'block' });
    expect((await strict.send('POST', 'sobjects/Account', twin, { 'sforce-duplicate-rule-header': 'allowSave=true' })).code).toBe('DUPLICATES_DETECTED');
    expect((await strict.send('POST', 'sobjects/Account', { ...twin, BillingPostalCode: '1' })).status).toBe(201);
  });
});

describe('a nasty org', () => {
  test('rounds money, in its currency, by the customer’s own trigger', async () => {
    const org = await open({ nasty: true });
    org.salesforce.setSessionExpiryShare(0);
    org.salesforce.setAutomationShare(0);
    const make = async (more: Record<string, unknown>): Promise<string> => created(await org.send('POST', 'sobjects/Opportunity', deal('Rounded', more)));
    const ids = [await make({ Amount: 1.005 }), await make({ Amount: 99.5, CurrencyIsoCode: 'JPY' }), await make({ Amount: 1.2345, CurrencyIsoCode: 'KWD' })];
    org.salesforce.setRounding(false);
    ids.push(await make({ Amount: 1.005 }));
    expect(ids.map((id) => org.salesforce.row('Opportunity', id)?.cells.Amount)).toEqual([1.01, 100, 1.23, 1.005]);
  });

  test('touches what the service wrote, at once or soon, without a bell', async () => {
    const org = await open({ nasty: true });
    org.salesforce.setSessionExpiryShare(0);
    org.salesforce.setAutomationShare(1);
    const ids = await Promise.all(Array.from({ length: 8 }, async (_, at) => created(await org.send('POST', 'sobjects/Opportunity', deal(`Touched ${at}`, { Sync_with_Partner_Center__c: true })))));
    await waitFor('the flow', () => ids.every((id) => org.salesforce.row('Opportunity', id)?.cells.Automation_Runs__c === 1));
    const writes = org.salesforce.writes().filter((one) => one.origin === 'automation');
    expect([writes.length, new Set(writes.map((one) => one.user))]).toEqual([8, new Set([seedIds.serviceUser, seedIds.automatedUser])]);
    expect(writes.every((one) => one.fields.join() === 'Automation_Runs__c')).toBe(true);
    expect([org.salesforce.bells(), org.salesforce.waitingBells()]).toEqual([[], 0]);
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    await org.send('PATCH', `sobjects/Opportunity/${ids[0]}`, { NextStep: 'x' }, seller);
    expect(org.salesforce.row('Opportunity', String(ids[0]))?.cells.Automation_Runs__c).toBe(1);
  });

  test('ends sessions early, answers large records in small pages and rows in no order', async () => {
    const org = await open({ nasty: true });
    org.salesforce.setSessionExpiryShare(1);
    const codes: (string | undefined)[] = [];
    for (let time = 0; time < 6; time += 1) codes.push((await org.soql('SELECT Id FROM Account')).code);
    expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, 'INVALID_SESSION_ID']);
    org.salesforce.setSessionExpiryShare(0);
    org.forgetToken();
    const ids = org.salesforce.person.saveMany('Opportunity', Array.from({ length: 201 }, (_, at) => deal(`Many ${at}`)));
    const plain = (await org.soql('SELECT Id FROM Opportunity')).body as { done: boolean; records: { Id: string }[] };
    expect([plain.done, plain.records.map((one) => one.Id).sort()]).toEqual([true, [...ids].sort()]);
    expect(plain.records.map((one) => one.Id)).not.toEqual(ids);
    expect((await org.soql('SELECT Id, Description FROM Opportunity')).body).toMatchObject({ totalSize: 201, done: false });
  });

  test('refuses on demand: a locked row, a validation rule; a person’s line breaks are a browser’s', async () => {
    const org = await open();
    const id = created(await org.send('POST', 'sobjects/Opportunity', deal('Refused')));
    org.salesforce.refuse({ errorCode: 'UNABLE_TO_LOCK_ROW', object: 'Opportunity', times: 1 });
    org.salesforce.refuse({ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No round sums.', field: 'Amount', fields: ['Amount'] });
    const patch = async (body: unknown): Promise<string | undefined> => (await org.send('PATCH', `sobjects/Opportunity/${id}`, body)).code;
    expect([await patch({ Description: 'x' }), await patch({ Description: 'x' }), await patch({ Amount: 1 })]).toEqual(['UNABLE_TO_LOCK_ROW', undefined, 'FIELD_CUSTOM_VALIDATION_EXCEPTION']);
    org.salesforce.person.edit('Opportunity', id, { Amount: 1, Description: 'a\nb' });
    expect(org.salesforce.row('Opportunity', id)?.cells).toMatchObject({ Amount: 1, Description: 'a\r\nb' });
    org.salesforce.clearRefusals();
    expect(await patch({ Amount: 2 })).toBeUndefined();
  });
});

describe('memory', () => {
  test('survives a restart: records, recycle bin, sessions, queued bells, the organisation', async () => {
    const dataFile = join(folder, 'org.jsonl');
    const first = await open({ dataFile, bellDelayMs: 60_000 });
    const id = first.salesforce.person.create('Opportunity', deal('Kept', { Sync_with_Partner_Center__c: true }));
    const gone = first.salesforce.person.create('Opportunity', deal('Binned'));
    first.salesforce.person.remove('Opportunity', gone);
    const { access_token: token } = (await first.token()).body as { access_token: string };
    await first.salesforce.close();

    const second = await open({ dataFile });
    const read = async (): Promise<number> => (await second.send('GET', `sobjects/Opportunity/${id}?fields=Name`, undefined, { authorization: `Bearer ${token}` })).status;
    expect([second.salesforce.row('Opportunity', gone)?.deleted, await read()]).toEqual([true, 200]);
    const other = toLongId('00D000000000002');
    second.salesforce.setOrganizationId(other);
    second.forgetToken();
    expect([second.salesforce.organizationId(), await read()]).toEqual([other, 401]);
    expect(await second.select('SELECT Id, Name FROM Organization')).toMatchObject([{ Id: other, Name: 'Contoso' }]);
    await waitFor('the bell of before', () => second.salesforce.bells().some((bell) => bell.recordIds.includes(id)));
    expect(created(await second.send('POST', 'sobjects/Opportunity', deal('New')))).not.toBe(gone);
  });

  test('can be looked into and worked with over HTTP, too', async () => {
    const org = await open();
    const control = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
      const answer = await fetch(`${org.salesforce.url}/__sandbox/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    };
    const { id } = (await control('POST', 'person/create', { object: 'Opportunity', values: deal('By hand'), user: seedIds.robin })).body as { id: string };
    await control('POST', 'person/edit', { object: 'Opportunity', id, values: { Amount: 5 } });
    expect((await control('POST', 'person/edit', { object: 'Opportunity', id, values: { StageName: 'Nonsense' } })).body).toMatchObject([{ errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }]);
    expect((await control('GET', `rows/Opportunity/${id}`)).body).toMatchObject({ id, deleted: false, cells: { Name: 'By hand', Amount: 5, OwnerId: seedIds.robin } });
    expect((await control('GET', 'writes')).body).toMatchObject({ writes: [{ message: 'Create', user: seedIds.robin, origin: 'person' }, { message: 'Update', fields: ['Amount'], oldValues: { Amount: null }, newValues: { Amount: 5 } }] });
    expect([(await control('POST', 'person/close', { id, as: 'won' })).status, (await control('GET', 'bells')).body]).toEqual([204, { bells: [], waiting: 0 }]);
    expect((await control('POST', 'sellerToken', { userId: seedIds.formerSeller })).status).toBe(404);
    expect(org.salesforce.counts()).toEqual({});
  });
});
