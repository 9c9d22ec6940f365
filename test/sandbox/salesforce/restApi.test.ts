// Plain fetch with the documented shapes: records, external ids, conditions, composite, limits, errors.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { seedIds } from '../../../sandbox/salesforce/startSalesforce';
import { assertion, deal, keys, openOrg, type Reply, type TestOrg } from './openOrg';

let org: TestOrg;
let now = Date.parse('2026-11-23T10:00:00.400Z');

beforeAll(async () => {
  org = await openOrg();
});
afterAll(() => org.salesforce.close());
beforeEach(() => org.salesforce.resetRequests());

const created = (reply: Reply): string => (reply.body as { id: string }).id;
const make = async (name: string, more = {}): Promise<string> => created(await org.send('POST', 'sobjects/Opportunity', deal(name, more)));
const read = async (id: string): Promise<Record<string, unknown>> => (await org.send('GET', `sobjects/Opportunity/${id}`)).body as Record<string, unknown>;
const parts = (reply: Reply): { httpStatusCode: number; body: unknown; referenceId: string }[] => (reply.body as { compositeResponse: { httpStatusCode: number; body: unknown; referenceId: string }[] }).compositeResponse;

describe('signing in', () => {
  test('gives a session, an instance and an identity, and no refresh token', async () => {
    const { status, body } = await org.token();
    expect([status, Object.keys(body as object).sort()]).toEqual([200, ['access_token', 'id', 'instance_url', 'scope', 'token_type']]);
    expect(body).toMatchObject({ instance_url: org.salesforce.url, token_type: 'Bearer', id: `${org.salesforce.url}/id/${seedIds.organization}/${seedIds.serviceUser}` });
  });

  test.each([
    ['another issuer', { iss: 'stranger' }, 'invalid_client_id'], ['a user that is none', { sub: 'nobody@contoso.example' }, 'invalid_grant'], ['a user it is not approved for', { sub: 'dana.seller@contoso.example' }, 'invalid_grant'],
    ['the test host of a production org', { aud: 'https://test.salesforce.com' }, 'invalid_grant'], ['an end that has passed', { exp: 1_000 }, 'invalid_grant'], ['an end in an hour', { exp: Math.floor(Date.now() / 1_000) + 3_600 }, 'invalid_grant'], ['no end', { exp: undefined }, 'invalid_grant'],
  ])('refuses %s', async (_what, claims, error) => {
    const reply = await org.token(claims);
    expect([reply.status, reply.code]).toEqual([400, error]);
  });

  test('refuses another key, another algorithm, another grant and a key that is too weak', async () => {
    const good = assertion(org.salesforce.url);
    const [head, body] = good.split('.');
    const forged = `${head}.${body}.${createSign('RSA-SHA256').update('other').sign(keys.privateKey, 'base64url')}`;
    const forms: Record<string, string>[] = [{ assertion: forged }, { assertion: assertion(org.salesforce.url, {}, { alg: 'none' }) }, { assertion: 'not.a.token' }, { grant_type: 'password' }];
    const replies = await Promise.all(forms.map((form) => org.token({}, form)));
    expect(replies.map((reply) => [reply.status, reply.code])).toEqual([[400, 'invalid_grant'], [400, 'invalid_grant'], [400, 'invalid_grant'], [400, 'unsupported_grant_type']]);
    expect(replies[0]?.body).toMatchObject({ error_description: 'invalid assertion' });
    for (const { publicKey } of [generateKeyPairSync('rsa', { modulusLength: 1_024 }), generateKeyPairSync('ec', { namedCurve: 'P-256' })]) await expect(openOrg({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() })).rejects.toThrow(/2048 bits/);
  });

  test('takes the production login host by name, and no inactive user', async () => {
    expect((await org.token({ aud: 'https://login.salesforce.com' })).status).toBe(200);
    org.salesforce.setUserActive(seedIds.serviceUser, false);
    expect((await org.token()).code).toBe('inactive_user');
    org.salesforce.setUserActive(seedIds.serviceUser, true);
  });

  test('needs a session for everything but the versions', async () => {
    const plain = (path: string, headers = {}) => fetch(`${org.salesforce.url}${path}`, { headers });
    expect(await (await plain('/services/data')).json()).toMatchObject([{ version: '66.0' }]);
    const refused = await plain('/services/data/v66.0/limits', { authorization: 'Bearer nonsense' });
    expect([refused.status, await refused.json()]).toEqual([401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]]);
    expect((await plain('/services/data/v66.0/limits')).status).toBe(401);
  });
});

describe('records', () => {
  test('are created, read, changed and deleted, with ids of 18 characters', async () => {
    const made = await org.send('POST', 'sobjects/Opportunity', deal('Deal', { AccountId: seedIds.contosoRetail.slice(0, 15) }));
    const id = created(made);
    expect([made.status, made.body, made.headers.get('location')]).toEqual([201, { id, success: true, errors: [] }, `/services/data/v66.0/sobjects/Opportunity/${id}`]);
    expect(id).toMatch(/^006[0-9A-Za-z]{15}$/);
    expect((await org.send('PATCH', `sobjects/Opportunity/${id.slice(0, 15)}`, { Amount: 100 })).status).toBe(204);
    expect(await read(id)).toMatchObject({ attributes: { type: 'Opportunity', url: `/services/data/v66.0/sobjects/Opportunity/${id}` }, Id: id, Name: 'Deal', AccountId: seedIds.contosoRetail, Amount: 100, IsClosed: false, Probability: 10, OwnerId: seedIds.serviceUser });
    expect((await org.send('GET', `sobjects/Opportunity/${id}?fields=Name,Amount`)).body).toEqual({ attributes: expect.anything(), Name: 'Deal', Amount: 100 });
    // The package lets the service delete nothing.
    expect((await org.send('DELETE', `sobjects/Opportunity/${id}`)).status).toBe(403);
    org.salesforce.person.remove('Opportunity', id);
    expect([(await org.send('GET', `sobjects/Opportunity/${id}`)).code, (await org.send('PATCH', `sobjects/Opportunity/${id}`, { Amount: 1 })).code]).toEqual(['ENTITY_IS_DELETED', 'ENTITY_IS_DELETED']);
    expect(org.salesforce.counts()).toEqual({ 'opportunity.create': 1, 'opportunity.patch': 2, 'opportunity.get': 3, 'opportunity.delete': 1, token: 1 });
  });

  test('know the difference between an id that is wrong, missing and no id at all', async () => {
    const id = await make('Here');
    const wrongSum = `${id.slice(0, 17)}${id.endsWith('A') ? 'B' : 'A'}`;
    const replies = await Promise.all([seedIds.contosoRetail, wrongSum, 'nonsense', '006000000000001AAA'].map((one) => org.send('GET', `sobjects/Opportunity/${one}`)));
    expect(replies.map(({ status, code }) => [status, code])).toEqual(Array(4).fill([404, 'NOT_FOUND']));
    expect((await org.send('GET', 'sobjects/Nonsense/x')).code).toBe('NOT_FOUND');
    expect((await org.send('GET', 'nonsense')).code).toBe('NOT_FOUND');
  });

  test.each<[string, unknown, string, string[] | undefined]>([
    ['a field that is not there', { Nonsense__c: 1 }, 'INVALID_FIELD', undefined],
    ['a field in another case', { name: 'x' }, 'INVALID_FIELD', undefined],
    ['the id', { Id: '006000000000001AAA' }, 'INVALID_FIELD', undefined],
    ['a text that is too long', { Name: 'x'.repeat(121) }, 'STRING_TOO_LONG', ['Name']],
    ['a required field that is emptied', { Name: '   ' }, 'REQUIRED_FIELD_MISSING', ['Name']],
    ['a picklist value that is none', { How_can_Microsoft_help__c: 'Everything' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', ['How_can_Microsoft_help__c']],
    ['a stage that was retired', { StageName: 'Cold Call' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', ['StageName']],
    ['a currency that is not active', { CurrencyIsoCode: 'DEM' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', ['CurrencyIsoCode']],
    ['a number written as a text', { Amount: '100' }, 'JSON_PARSER_ERROR', undefined],
    ['a number that is too big', { Amount: 1e17 }, 'NUMBER_OUTSIDE_VALID_RANGE', ['Amount']],
    ['a time where a date belongs', { CloseDate: '2027-03-31T00:00:00Z' }, 'JSON_PARSER_ERROR', undefined],
    ['a date that is none', { CloseDate: '2027-02-30' }, 'JSON_PARSER_ERROR', undefined],
    ['a yes/no that is empty', { Sync_with_Partner_Center__c: null }, 'JSON_PARSER_ERROR', undefined],
    ['a lookup that is no id', { AccountId: 'Contoso' }, 'MALFORMED_ID', ['AccountId']],
    ['a lookup to another object', { AccountId: seedIds.contosoContact }, 'FIELD_INTEGRITY_EXCEPTION', ['AccountId']],
    ['a lookup to nothing', { AccountId: '001000000000001AAA' }, 'INVALID_CROSS_REFERENCE_KEY', []],
    ['an owner who has left', { OwnerId: seedIds.formerSeller }, 'INACTIVE_OWNER_OR_USER', []],
    ['what the platform computes', { IsWon: true, IsClosed: true }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['IsWon', 'IsClosed']],
    ['what the permission set lets it only read', { Probability: 50 }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Probability']],
    ['what the permission set does not name', { NextStep: 'x' }, 'INVALID_FIELD', undefined],
    ['a body that is no record', [], 'JSON_PARSER_ERROR', undefined],
    ['a body that is no JSON', '{', 'JSON_PARSER_ERROR', undefined],
  ])('refuse %s and stay as they were', async (_what, body, code, fields) => {
    const id = await make('Untouched');
    const before = org.salesforce.row('Opportunity', id);
    const reply = await org.send('PATCH', `sobjects/Opportunity/${id}`, body);
    expect([reply.status, reply.code, (reply.body as { fields?: string[] }[])[0]?.fields]).toEqual([400, code, fields]);
    expect(org.salesforce.row('Opportunity', id)).toEqual(before);
  });

  test('need their required fields, and a content type', async () => {
    const refused = await org.send('POST', 'sobjects/Opportunity', { Name: 'x' });
    expect(refused.body).toEqual([{ message: 'Required fields are missing: [StageName, CloseDate]', errorCode: 'REQUIRED_FIELD_MISSING', fields: ['StageName', 'CloseDate'] }]);
    expect((await org.send('POST', 'sobjects/Opportunity', deal('x'), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await org.send('GET', 'sobjects/Opportunity/x?nonsense=1')).status).toBe(404);
    expect((await org.send('POST', 'sobjects/Opportunity?nonsense=1', deal('x'))).code).toBe('NOT_DOCUMENTED_HERE');
  });

  test('keep texts without white space at their ends, no empty ones, and line breaks and decimals as they came', async () => {
    const id = await make('  Trimmed  ', { Description: ' a & b < c\nd\r\ne \u00a0', Notes_to_Microsoft__c: ' \n ', Amount: 10.005, Last_Synced_On__c: '2026-11-23T11:00:00.789+01:00' });
    expect(await read(id)).toMatchObject({ Name: 'Trimmed', Description: 'a & b < c\nd\r\ne \u00a0', Notes_to_Microsoft__c: null, Amount: 10.005, Last_Synced_On__c: '2026-11-23T10:00:00.000+0000' });
  });

  test('take what follows from a stage from the stage', async () => {
    const id = await make('Staged');
    await org.send('PATCH', `sobjects/Opportunity/${id}`, { StageName: 'Closed Won', Amount: 50 });
    expect(await read(id)).toMatchObject({ IsClosed: true, IsWon: true, Probability: 100 });
    expect(org.salesforce.row('Opportunity', id)?.cells).toMatchObject({ ForecastCategoryName: 'Closed', ExpectedRevenue: 50 });
    org.salesforce.person.edit('Opportunity', id, { StageName: 'Closed Lost', Probability: 3 });
    expect(await read(id)).toMatchObject({ IsClosed: true, IsWon: false, Probability: 3 });
    expect(await org.select("SELECT ApiName FROM OpportunityStage WHERE IsActive = true AND IsClosed = true ORDER BY SortOrder")).toMatchObject([{ ApiName: 'Closed Won' }, { ApiName: 'Closed Lost' }]);
  });

  test('ignore an amount where products make it, and keep their currency', async () => {
    const id = await make('With products', { Amount: 1 });
    org.salesforce.person.setProducts(id, 300);
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { Amount: 5, Description: 'taken' })).status).toBe(204);
    expect(await org.select(`SELECT Amount, Description, HasOpportunityLineItem FROM Opportunity WHERE Id = '${id}'`)).toMatchObject([{ Amount: 300, Description: 'taken', HasOpportunityLineItem: true }]);
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { CurrencyIsoCode: 'EUR' })).code).toBe('FIELD_INTEGRITY_EXCEPTION');
  });

  test('answer an address as a whole and in its parts, and null for an empty one', async () => {
    const account = (await org.send('GET', `sobjects/Account/${seedIds.contosoRetail}`)).body;
    expect(account).toMatchObject({ BillingCity: 'Redmond', BillingAddress: { city: 'Redmond', country: 'United States', postalCode: '98052', state: 'WA', street: '1 Main Street' } });
    expect(account).not.toHaveProperty('ShippingAddress');
    expect(await org.select(`SELECT MailingAddress FROM Contact WHERE Id = '${seedIds.contosoContact}'`).catch((error: Error) => error.message)).toContain('INVALID_FIELD');
  });

  test('hold one primary contact, and the opportunity’s own contact follows it', async () => {
    const id = await make('With contact', { ContactId: seedIds.contosoContact });
    expect(await org.select(`SELECT ContactId, IsPrimary FROM OpportunityContactRole WHERE OpportunityId = '${id}'`)).toMatchObject([{ ContactId: seedIds.contosoContact, IsPrimary: true }]);
    await org.send('POST', 'sobjects/OpportunityContactRole', { OpportunityId: id, ContactId: seedIds.fabrikamContact, IsPrimary: true, Role: 'Decision Maker' });
    expect(await org.select(`SELECT ContactId FROM OpportunityContactRole WHERE OpportunityId = '${id}' AND IsPrimary = true`)).toMatchObject([{ ContactId: seedIds.fabrikamContact }]);
    expect((await read(id)).ContactId).toBe(seedIds.fabrikamContact);
    expect((await org.send('PATCH', `sobjects/Opportunity/${id}`, { ContactId: null })).code).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });
});

describe('external ids', () => {
  const path = (value: string): string => `sobjects/Opportunity/Referral_Identifier__c/${value}`;

  test('create, update, find, and refuse what another record holds', async () => {
    const first = await org.send('PATCH', path('ref-1'), deal('By key'));
    const second = await org.send('PATCH', path('REF-1'), { Description: 'changed' });
    expect([first.status, first.body, second.status, second.body]).toEqual([201, { id: created(first), success: true, errors: [], created: true }, 200, { id: created(first), success: true, errors: [], created: false }]);
    expect((await org.send('GET', `${path('ref-1')}?fields=Name,Description,Referral_Identifier__c`)).body).toMatchObject({ Name: 'By key', Description: 'changed', Referral_Identifier__c: 'ref-1' });
    const other = await make('Second');
    const clash = await org.send('PATCH', `sobjects/Opportunity/${other}`, { Referral_Identifier__c: 'Ref-1' });
    expect([clash.status, clash.code]).toEqual([400, 'DUPLICATE_VALUE']);
    expect((await org.send('GET', path('nobody'))).status).toBe(404);
    expect((await org.send('PATCH', `${path('nobody')}?updateOnly=true`, { Description: 'x' })).status).toBe(404);
    expect((await org.send('PATCH', path('ref-2'), { Referral_Identifier__c: 'ref-2', ...deal('x') })).code).toBe('INVALID_FIELD');
    expect((await org.send('PATCH', 'sobjects/Opportunity/Name/x', deal('x'))).code).toBe('NOT_FOUND');
  });

  test('lead from one record to another', async () => {
    await org.send('PATCH', 'sobjects/Account/Cosell_Key__c/key-1', { Name: 'Keyed' });
    const id = await make('Related', { Account: { Cosell_Key__c: 'KEY-1' } });
    expect(await org.select(`SELECT Account.Name FROM Opportunity WHERE Id = '${id}'`)).toMatchObject([{ Account: { Name: 'Keyed' } }]);
    expect((await org.send('POST', 'sobjects/Opportunity', deal('x', { Account: { Cosell_Key__c: 'nobody' } }))).code).toBe('INVALID_FIELD');
  });

  test('are free again when their record lies in the recycle bin', async () => {
    const first = created(await org.send('PATCH', path('binned'), deal('First')));
    org.salesforce.person.remove('Opportunity', first);
    const second = await org.send('PATCH', path('binned'), deal('Second'));
    expect([second.status, created(second)]).not.toEqual([201, first]);
    expect(() => org.salesforce.person.undelete('Opportunity', first)).toThrow(/duplicate value/);
    expect(org.salesforce.row('Opportunity', first)?.deleted).toBe(true);
  });
});

describe('conditions', () => {
  const at = (ms: number): string => new Date(ms).toUTCString();
  let clocked: TestOrg;
  let id: string;

  beforeAll(async () => {
    clocked = await openOrg({ now: () => now });
    clocked.forgetToken();
    id = created(await clocked.send('POST', 'sobjects/Opportunity', deal('Timed'), await session()));
  });
  afterAll(() => clocked.salesforce.close());

  /** The assertion's own clock is the machine's, the org's is the test's. */
  const session = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${((await clocked.token({ exp: Math.floor(now / 1_000) + 100 })).body as { access_token: string }).access_token}` });
  const patch = async (body: unknown, headers: Record<string, string>): Promise<Reply> => clocked.send('PATCH', `sobjects/Opportunity/${id}`, body, { ...(await session()), ...headers });

  test('see an edit of a later second, and not one within the same', async () => {
    const read = now;
    now += 300;
    clocked.salesforce.person.edit('Opportunity', id, { Description: 'same second' });
    expect((await patch({ Amount: 1 }, { 'if-unmodified-since': at(read) })).status).toBe(204);
    now += 1_000;
    clocked.salesforce.person.edit('Opportunity', id, { Description: 'next second' });
    const stale = await patch({ Amount: 2 }, { 'if-unmodified-since': at(read) });
    expect([stale.status, stale.body]).toEqual([412, undefined]);
    expect(clocked.salesforce.row('Opportunity', id)?.cells).toMatchObject({ Amount: 1, Description: 'next second', LastModifiedDate: '2026-11-23T10:00:01.000+0000' });
    expect(stale.headers.get('date')).toBe('Mon, 23 Nov 2026 10:00:01 GMT');
  });

  test('compare the last modified date, which a process of the platform does not move', async () => {
    const read = now;
    now += 5_000;
    clocked.salesforce.touchSystemModstamp('Opportunity', id);
    expect(clocked.salesforce.row('Opportunity', id)?.cells).toMatchObject({ LastModifiedDate: '2026-11-23T10:00:01.000+0000', SystemModstamp: '2026-11-23T10:00:06.000+0000' });
    expect((await patch({ Amount: 3 }, { 'if-unmodified-since': at(read) })).status).toBe(204);
  });

  test('refuse what is no date, what the object does not know, and DELETE', async () => {
    const replies = [await patch({ Amount: 4 }, { 'if-unmodified-since': '2026-11-23T10:00:00Z' }), await patch({ Amount: 4 }, { 'if-match': '"x"' }), await patch({ Amount: 4 }, { 'if-modified-since': at(now) })];
    expect(replies.map((reply) => reply.status)).toEqual([400, 400, 400]);
    const deleted = await clocked.send('DELETE', `sobjects/Opportunity/${id}`, undefined, { ...(await session()), 'if-unmodified-since': at(now) });
    expect(deleted.status).toBe(400);
    expect((await clocked.send('PATCH', 'sobjects/Opportunity/Referral_Identifier__c/x', deal('x'), { ...(await session()), 'if-unmodified-since': at(now) })).status).toBe(400);
  });

  test('read only what has changed, and know ETags for accounts', async () => {
    const get = async (path: string, headers: Record<string, string>): Promise<Reply> => clocked.send('GET', path, undefined, { ...(await session()), ...headers });
    expect((await get(`sobjects/Opportunity/${id}`, { 'if-modified-since': at(now) })).status).toBe(304);
    expect((await get(`sobjects/Opportunity/${id}`, { 'if-unmodified-since': at(now - 60_000) })).status).toBe(412);
    const etag = String((await get(`sobjects/Account/${seedIds.contosoRetail}`, {})).headers.get('etag'));
    const accountPatch = async (body: unknown): Promise<number> => (await clocked.send('PATCH', `sobjects/Account/${seedIds.contosoRetail}`, body, { ...(await session()), 'if-match': etag })).status;
    expect([await accountPatch({ BillingCity: 'Seattle' }), await accountPatch({ BillingCity: 'Tacoma' })]).toEqual([204, 412]);
  });
});

describe('limits', () => {
  test('count every call, tell it in every answer, and end the day', async () => {
    const first = (await org.send('GET', 'limits')).headers.get('sforce-limit-info');
    const second = (await org.send('GET', `sobjects/Opportunity/${await make('Counted')}`)).headers.get('sforce-limit-info');
    const used = (text: string | null): number => Number(/^api-usage=(\d+)\/100000$/.exec(text ?? '')?.[1]);
    expect(used(second) - used(first)).toBe(2);
    org.salesforce.setApiUsage(100, 100);
    const refused = await org.send('GET', 'limits');
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([403, 'REQUEST_LIMIT_EXCEEDED', null]);
    org.salesforce.setApiUsage(0, 100_000);
    expect((await org.send('GET', 'limits')).body).toMatchObject({ DailyApiRequests: { Max: 100_000, Remaining: 99_999 } });
  });

  test('and faults come by kind: limit, unavailable, dropped after the effect', async () => {
    org.salesforce.addFault({ kind: '429', match: 'opportunity.create', times: 1 });
    org.salesforce.addFault({ kind: '503', match: 'query.*', times: 1 });
    org.salesforce.addFault({ kind: 'dropAfterEffect', match: 'opportunity.upsert', times: 1 });
    expect((await org.send('POST', 'sobjects/Opportunity', deal('x'))).code).toBe('REQUEST_LIMIT_EXCEEDED');
    expect((await org.soql('SELECT Id FROM Account')).status).toBe(503);
    await expect(org.send('PATCH', 'sobjects/Opportunity/Referral_Identifier__c/lost', deal('Lost answer'))).rejects.toThrow();
    expect(await org.select("SELECT Name FROM Opportunity WHERE Referral_Identifier__c = 'lost'")).toMatchObject([{ Name: 'Lost answer' }]);
  });
});

describe('composite', () => {
  const base = '/services/data/v66.0';

  test('builds later requests from earlier answers, in one call', async () => {
    const reply = await org.send('POST', 'composite', {
      allOrNone: false,
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'acct', body: { Name: 'Composite' } },
        { method: 'POST', url: `${base}/sobjects/Opportunity`, referenceId: 'deal', body: deal('Composite deal', { AccountId: '@{acct.id}' }) },
        { method: 'GET', url: `${base}/query?q=SELECT+Account.Name+FROM+Opportunity+WHERE+Id='@{deal.id}'`, referenceId: 'look' },
        { method: 'GET', url: `${base}/sobjects/Account/@{look.records[0].Account.Nonsense}`, referenceId: 'lost' },
      ],
    });
    expect(parts(reply).map((part) => [part.referenceId, part.httpStatusCode])).toEqual([['acct', 201], ['deal', 201], ['look', 200], ['lost', 400]]);
    expect([parts(reply)[2]?.body, parts(reply)[3]?.body]).toMatchObject([{ records: [{ Account: { Name: 'Composite' } }] }, [{ errorCode: 'PROCESSING_HALTED' }]]);
    expect(org.salesforce.counts()).toEqual({ 'composite(account.create+opportunity.create+query.opportunity+account.get)': 1 });
  });

  test('carries conditions for a row, and undoes all of it when told to', async () => {
    const id = await make('Composite condition');
    const old = new Date(Date.now() - 60_000).toUTCString();
    const patchAnd = (allOrNone: boolean): Promise<Reply> => org.send('POST', 'composite', {
      allOrNone,
      compositeRequest: [
        { method: 'PATCH', url: `${base}/sobjects/Account/${seedIds.contosoRetail}`, referenceId: 'one', body: { BillingCity: allOrNone ? 'Undone' : 'Kept' } },
        { method: 'PATCH', url: `${base}/sobjects/Opportunity/${id}`, referenceId: 'two', httpHeaders: { 'If-Unmodified-Since': old }, body: { Amount: 7 } },
      ],
    });
    const undone = await patchAnd(true);
    expect(parts(undone)).toMatchObject([{ httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] }, { httpStatusCode: 412, body: null }]);
    expect(org.salesforce.row('Account', seedIds.contosoRetail)?.cells.BillingCity).toBe('Redmond');
    expect(parts(await patchAnd(false)).map((part) => part.httpStatusCode)).toEqual([204, 412]);
    expect(org.salesforce.row('Account', seedIds.contosoRetail)?.cells.BillingCity).toBe('Kept');
    expect(org.salesforce.row('Opportunity', id)?.cells.Amount).toBeNull();
  });

  test.each([
    ['26 requests', Array.from({ length: 26 }, (_, at) => ({ method: 'GET', url: `${base}/limits`, referenceId: `r${at}` }))], ['two of the same name', Array(2).fill({ method: 'GET', url: `${base}/limits`, referenceId: 'same' })],
    ['six queries', Array.from({ length: 6 }, (_, at) => ({ method: 'GET', url: `${base}/query?q=SELECT+Id+FROM+Account`, referenceId: `r${at}` }))], ['a header that is inherited', [{ method: 'GET', url: `${base}/limits`, referenceId: 'r', httpHeaders: { Authorization: 'x' } }]],
  ])('refuses %s', async (_what, compositeRequest) => {
    expect((await org.send('POST', 'composite', { compositeRequest })).status).toBe(400);
  });

  test('collections save 200 records with a result each, or none', async () => {
    const records = Array.from({ length: 200 }, (_, at) => ({ attributes: { type: 'Opportunity' }, ...deal(`Bulk ${at}`) }));
    const made = (await org.send('POST', 'composite/sobjects', { records })).body as { id: string; success: boolean }[];
    expect([made.length, made.every((one) => one.success)]).toEqual([200, true]);
    expect((await org.send('POST', 'composite/sobjects', { records: [...records, ...records.slice(0, 1)] })).status).toBe(400);
    const change = (allOrNone: boolean) => ({ allOrNone, records: [{ attributes: { type: 'Opportunity' }, id: made[0]?.id, Amount: 1 }, { attributes: { type: 'Opportunity' }, id: made[1]?.id, Amount: 'much' }] });
    expect((await org.send('PATCH', 'composite/sobjects', change(true))).body).toMatchObject([{ success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] }, { success: false, errors: [{ statusCode: 'JSON_PARSER_ERROR' }] }]);
    expect(org.salesforce.row('Opportunity', String(made[0]?.id))?.cells.Amount).toBeNull();
    expect((await org.send('PATCH', 'composite/sobjects', change(false))).body).toMatchObject([{ id: made[0]?.id, success: true, errors: [] }, { success: false }]);
    const read = await org.send('GET', `composite/sobjects/Opportunity?ids=${made[0]?.id},006000000000001AAA&fields=Name,Amount`);
    expect(read.body).toEqual([{ attributes: expect.anything(), Name: 'Bulk 0', Amount: 1 }, null]);
    const upserted = await org.send('PATCH', 'composite/sobjects/Opportunity/Referral_Identifier__c', { records: [{ attributes: { type: 'Opportunity' }, Referral_Identifier__c: 'many-1', ...deal('Many') }] });
    expect(upserted.body).toMatchObject([{ success: true, created: true }]);
  });

  test('trees plant parents with their children, all or none', async () => {
    const tree = (amount: unknown) => ({ records: [{ attributes: { type: 'Account', referenceId: 'a' }, Name: 'Tree', Opportunities: { records: [{ attributes: { type: 'Opportunity', referenceId: 'o' }, ...deal('Leaf', { Amount: amount }) }] } }] });
    const planted = await org.send('POST', 'composite/tree/Account', tree(5));
    expect([planted.status, planted.body]).toMatchObject([201, { hasErrors: false, results: [{ referenceId: 'a' }, { referenceId: 'o' }] }]);
    expect(await org.select("SELECT Account.Name FROM Opportunity WHERE Name = 'Leaf'")).toMatchObject([{ Account: { Name: 'Tree' } }]);
    const failed = await org.send('POST', 'composite/tree/Account', tree('five'));
    expect([failed.status, failed.body]).toMatchObject([400, { hasErrors: true, results: [{ referenceId: 'o', errors: [{ statusCode: 'JSON_PARSER_ERROR' }] }] }]);
    expect(await org.select("SELECT Id FROM Account WHERE Name = 'Tree'")).toHaveLength(1);
  });
});
