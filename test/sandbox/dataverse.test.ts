// The Dataverse stand-in is as strict and as nasty as the documents say, and it can be made to fail on demand.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DynamicsWebApi } from 'dynamics-web-api';
import { seedIds, startDataverse, type Dataverse } from '../../sandbox/dataverse/startDataverse';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const STRANGER = '22222222-2222-4222-8222-222222222222';
const clientIds = { [CLIENT]: seedIds.serviceUser };
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const UNKNOWN = 'ffffffff-0000-4000-8000-00000000000f';

/** Tokens of the fake authority read `<client id> <audience>`. */
const entra = {
  check(token: string, audience: string) {
    const [clientId = '', forAudience] = token.split(' ');
    return forAudience === audience ? { tenantId: 'tenant', clientId, kind: 'app' as const } : undefined;
  },
};

interface Bell {
  readonly headers: IncomingHttpHeaders;
  readonly context: { [member: string]: unknown; MessageName: string; PrimaryEntityId: string; InputParameters?: { key: string; value: { Attributes: { key: string; value: unknown }[] } }[] };
  readonly raw: string;
}

interface Door {
  readonly url: string;
  readonly bells: Bell[];
  statuses: number[];
  onBell?: () => Promise<void>;
  server: Server;
}

let dataverse: Dataverse;
let door: Door;

beforeAll(async () => {
  door = await openDoor();
  dataverse = await startDataverse({ entra, clientIds, nasty: false, stepDelayMs: 5, stepTimeoutMs: 400 });
});
afterAll(async () => {
  await dataverse.close();
  await closeDoor(door);
});
beforeEach(() => {
  dataverse.clearFaults();
  dataverse.resetRequests();
  door.bells.length = 0;
  door.statuses = [];
  door.onBell = undefined;
});

describe('rows', () => {
  test('creates once under a chosen id, and a repeat changes nothing', async () => {
    const first = await patch(`opportunities(${ID})`, { name: 'Deal', estimatedvalue: 10.005, 'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})` }, { 'If-None-Match': '*' });
    const second = await patch(`opportunities(${ID})`, { name: 'Other' }, { 'If-None-Match': '*' });
    expect([first.status, second.status, second.code]).toEqual([204, 412, '0x80040237']);
    expect(first.headers.get('odata-entityid')).toContain(`/api/data/v9.2/opportunities(${ID})`);
    const read = await get(`opportunities(${ID})?$select=name,estimatedvalue,estimatedvalue_base,statecode,_ownerid_value&$expand=parentaccountid($select=name,address1_country)`);
    expect(read.body).toMatchObject({ name: 'Deal', estimatedvalue: 10.01, estimatedvalue_base: 10.01, statecode: 0, _ownerid_value: seedIds.serviceUser, parentaccountid: { name: 'Contoso Retail', address1_country: 'United States' } });
    expect(read.body['@odata.etag']).toBe(read.headers.get('etag'));
    expect(dataverse.counts()).toEqual({ 'opportunity.create': 2, 'opportunity.get': 1 });
  });

  test('refuses a write on an old version and lets the one on the new version through', async () => {
    const id = await newOpportunity({ name: 'Versioned' });
    const old = await etag(id);
    expect((await patch(`opportunities(${id})`, { name: 'Mine' }, { 'If-Match': old })).status).toBe(204);
    const stale = await patch(`opportunities(${id})`, { name: 'Yours' }, { 'If-Match': old });
    expect([stale.status, stale.code]).toEqual([412, '0x80060882']);
    const fresh = await patch(`opportunities(${id})?$select=name`, { name: 'Yours' }, { 'If-Match': await etag(id), Prefer: 'return=representation' });
    expect([fresh.status, fresh.body.name, fresh.body['@odata.etag']]).toEqual([200, 'Yours', await etag(id)]);
    expect(Object.keys(fresh.body)).not.toContain('description');
    expect((await patch(`opportunities(${UNKNOWN})`, { name: 'x' }, { 'If-Match': '*' })).status).toBe(404);
  });

  test('upserts in silence when no condition is given, also by the alternate key', async () => {
    expect((await patch("opportunities(cosell_referralidentifier='ref-1')", { name: 'By key' })).status).toBe(204);
    expect((await patch("opportunities(cosell_referralidentifier='ref-1')", { name: 'By key again' })).status).toBe(204);
    const found = await get("opportunities(cosell_referralidentifier='REF-1')?$select=name");
    expect(found.body).toMatchObject({ name: 'By key again' });
    const other = await newOpportunity({ name: 'Second' });
    const clash = await patch(`opportunities(${other})`, { cosell_referralidentifier: 'ref-1' }, { 'If-Match': '*' });
    expect([clash.status, clash.code]).toEqual([412, '0x80060892']);
    const missing = await get("opportunities(cosell_referralidentifier='nobody')");
    expect([missing.status, missing.code]).toEqual([404, '0x80060891']);
  });

  test('a second insert of the same id is a duplicate key, and after a delete the id is free again', async () => {
    const id = await newOpportunity({ name: 'Once' });
    const again = await post('opportunities', { opportunityid: id, name: 'Twice' });
    expect([again.status, again.code]).toEqual([412, '0x80040237']);
    const before = await etag(id);
    expect((await send('DELETE', `opportunities(${id})`)).status).toBe(204);
    expect((await get(`opportunities(${id})`)).status).toBe(404);
    expect((await post('opportunities', { opportunityid: id, name: 'Anew' })).status).toBe(204);
    expect(await etag(id)).not.toBe(before);
  });

  test.each([
    ['a column that is not there', { nonsense: 1 }, '0x80048d19'],
    ['a text that is too long', { name: 'x'.repeat(301) }, '0x80044331'],
    ['a choice that is not one', { cosell_syncstatus: 7 }, '0x8004431a'],
    ['a time where a date belongs', { estimatedclosedate: '2026-01-01T00:00:00Z' }, '0x80048d19'],
    ['a lookup written as a value', { _parentaccountid_value: UNKNOWN }, '0x80048d19'],
    ['a navigation property of the wrong kind', { 'customerid_account@odata.bind': `/contacts(${seedIds.contosoContact})` }, '0x80048d19'],
    ['a column that the platform keeps', { estimatedvalue_base: 1 }, '0x80048d19'],
  ])('refuses %s', async (_what, body, code) => {
    const id = await newOpportunity({ name: 'Untouched' });
    const version = await etag(id);
    const answer = await patch(`opportunities(${id})`, body, { 'If-Match': '*' });
    expect([answer.status, answer.code]).toEqual([400, code]);
    expect(await etag(id)).toBe(version);
  });

  test('rounds money to its currency: none for yen, three decimals for dinar', async () => {
    const yen = await newOpportunity({ name: 'Yen', estimatedvalue: 100.5, 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('JPY')})` });
    const dinar = await newOpportunity({ name: 'Dinar', estimatedvalue: 1.2345, 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('KWD')})` });
    expect(dataverse.row('opportunity', yen)?.cells).toMatchObject({ estimatedvalue: 101, estimatedvalue_base: 0.68 });
    expect(dataverse.row('opportunity', dinar)?.cells).toMatchObject({ estimatedvalue: 1.235, estimatedvalue_base: 4.02 });
  });

  test('shows annotations only when they are preferred', async () => {
    const id = await newOpportunity({ name: 'Annotated', cosell_syncstatus: 481_200_001, 'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})` });
    const path = `opportunities(${id})?$select=cosell_syncstatus,_parentaccountid_value`;
    const plain = await get(path);
    const rich = await get(path, { Prefer: 'odata.include-annotations="*"' });
    expect(Object.keys(plain.body).filter((name) => name.includes('@'))).toEqual(['@odata.context', '@odata.etag']);
    expect(rich.body).toMatchObject({ 'cosell_syncstatus@OData.Community.Display.V1.FormattedValue': 'Pending', '_parentaccountid_value@OData.Community.Display.V1.FormattedValue': 'Contoso Retail', '_parentaccountid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account' });
  });
});

describe('lists', () => {
  test('filters, orders, counts and pages', async () => {
    for (const n of [1, 2, 3]) await newOpportunity({ name: `Page ${n} it's`, cosell_syncwithpartnercenter: true, closeprobability: n * 10, 'parentaccountid@odata.bind': `/accounts(${seedIds.noCountry})` });
    const filter = `cosell_syncwithpartnercenter eq true and contains(name,'it''s') and _parentaccountid_value eq ${seedIds.noCountry} and (closeprobability ge 20 or cosell_referralidentifier ne null) and modifiedon ge 2020-01-01T00:00:00Z`;
    const all = await get(`opportunities?$select=name&$count=true&$orderby=closeprobability desc&$filter=${encodeURIComponent(filter)}`);
    expect(all.body['@odata.count']).toBe(2);
    expect(names(all)).toEqual(["Page 3 it's", "Page 2 it's"]);
    const first = await get(`opportunities?$select=name&$orderby=name&$filter=${encodeURIComponent("startswith(name,'page')")}`, { Prefer: 'odata.maxpagesize=2' });
    expect(names(first)).toEqual(["Page 1 it's", "Page 2 it's"]);
    const next = await get(String(first.body['@odata.nextLink']).split('/v9.2/')[1] ?? '', { Prefer: 'odata.maxpagesize=2' });
    expect([names(next), next.body['@odata.nextLink']]).toEqual([["Page 3 it's"], undefined]);
  });

  test('finds a message filter through its message, and refuses what the platform refuses', async () => {
    const filter = "primaryobjecttypecode eq 'opportunity' and sdkmessageid/name eq 'Update'";
    const found = await get(`sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value&$filter=${encodeURIComponent(filter)}`);
    expect(found.body.value).toMatchObject([{ _sdkmessageid_value: '20bebb1b-ea3e-db11-86a7-000a3a5473e8' }]);
    for (const path of [`opportunities?$filter=opportunityid eq '${ID}'`, 'opportunities?$filter=nonsense eq 1', 'opportunities?$skip=1', 'opportunities?$select=parentaccountid', 'opportunities?$filter=name eq']) {
      expect([path, (await get(path)).status]).toEqual([path, 400]);
    }
    expect((await get('nonsense')).code).toBe('0x80060888');
  });
});

describe('who is calling', () => {
  test('refuses no token, another audience and an application that is nobody here', async () => {
    const status = async (authorization?: string): Promise<number> => (await fetch(`${dataverse.url}/api/data/v9.2/WhoAmI`, { headers: authorization ? { authorization } : {} })).status;
    expect([await status(), await status(`Bearer ${CLIENT} https://elsewhere`), await status(`Bearer ${STRANGER} ${dataverse.url}`)]).toEqual([401, 401, 403]);
    const me = await get('WhoAmI');
    expect(me.body).toMatchObject({ UserId: seedIds.serviceUser, BusinessUnitId: seedIds.businessUnit });
    expect(Number(me.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests'))).toBeGreaterThan(0);
  });

  test('a privilege can be taken away, a column made unreadable, an environment copied', async () => {
    const id = await newOpportunity({ name: 'Guarded', estimatedvalue: 5 });
    dataverse.removePrivilege('prvWriteOpportunity');
    const refused = await patch(`opportunities(${id})`, { name: 'x' }, { 'If-Match': '*' });
    dataverse.restorePrivilege('prvWriteOpportunity');
    expect([refused.status, refused.code]).toEqual([403, '0x80040220']);

    dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: false, canUpdate: false });
    expect((await get(`opportunities(${id})?$select=estimatedvalue`)).body.estimatedvalue).toBeNull();
    expect((await patch(`opportunities(${id})`, { estimatedvalue: 6 }, { 'If-Match': '*' })).code).toBe('0x8004f508');
    const [attribute] = (await get("EntityDefinitions(LogicalName='opportunity')/Attributes?$select=LogicalName,IsSecured,CanBeSecuredForRead&$filter=IsSecured eq true")).body.value as { MetadataId: string }[];
    expect(attribute).toMatchObject({ LogicalName: 'estimatedvalue', CanBeSecuredForRead: true });
    const rights = await get(`RetrievePrincipalAttributePrivileges(Principal=@p)?@p=${encodeURIComponent(`{'@odata.id':'systemusers(${seedIds.serviceUser})'}`)}`);
    expect(rights.body.AttributePrivileges).toEqual([{ AttributeId: attribute?.MetadataId, CanRead: 0, CanCreate: 0, CanUpdate: 0 }]);
    dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: true, canUpdate: true });
    expect((await get(`opportunities(${id})?$select=estimatedvalue`)).body.estimatedvalue).toBe(5);

    const before = (await get('WhoAmI')).body.OrganizationId;
    dataverse.setOrganizationId(UNKNOWN);
    expect((await get('WhoAmI')).body.OrganizationId).toBe(UNKNOWN);
    dataverse.setOrganizationId(String(before));
  });

  test('a column can be hidden from people, while the service sees it, and each learns their own rights', async () => {
    const id = await newOpportunity({ name: 'Hidden', estimatedvalue: 5 });
    const rightsOf = async (user: string): Promise<unknown> => (await get(`RetrievePrincipalAttributePrivileges(Principal=@p)?@p=${encodeURIComponent(`{'@odata.id':'systemusers(${user})'}`)}`)).body.AttributePrivileges;
    dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: false, canUpdate: false }, 'people');
    const hers = { authorization: await seller() };
    expect((await get(`opportunities(${id})?$select=estimatedvalue`, hers)).body.estimatedvalue).toBeNull();
    expect((await patch(`opportunities(${id})`, { estimatedvalue: 6 }, { 'If-Match': '*', ...hers })).code).toBe('0x8004f508');
    expect((await get(`opportunities(${id})?$select=estimatedvalue`)).body.estimatedvalue).toBe(5);
    expect([await rightsOf(seedIds.dana), await rightsOf(seedIds.serviceUser)]).toEqual([[expect.objectContaining({ CanRead: 0, CanUpdate: 0 })], [expect.objectContaining({ CanRead: 4, CanUpdate: 4 })]]);
    dataverse.secureColumn('opportunity', 'estimatedvalue', { canRead: true, canUpdate: true }, 'people');
    expect([(await get(`opportunities(${id})?$select=estimatedvalue`, hers)).body.estimatedvalue, await rightsOf(seedIds.dana)]).toEqual([5, []]);
  });

  test('a person’s rights on a row are told, and follow what was taken away', async () => {
    const id = await newOpportunity({ name: 'Rights' });
    const rights = (target: string): Promise<Answer> => get(`systemusers(${seedIds.dana})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${encodeURIComponent(target)}`);
    expect((await rights(`{"@odata.id":"opportunities(${id})"}`)).body.AccessRights).toBe('ReadAccess, WriteAccess, DeleteAccess');
    dataverse.removePrivilege('prvWriteOpportunity', seedIds.dana);
    expect((await rights(`{'@odata.id':'opportunities(${id})'}`)).body.AccessRights).toBe('ReadAccess, DeleteAccess');
    dataverse.restorePrivilege('prvWriteOpportunity', seedIds.dana);
    expect((await rights(`{'@odata.id':'opportunities(${UNKNOWN})'}`)).status).toBe(404);
    expect((await rights('nothing')).status).toBe(400);
  });

  test('a seller writes in her own name, and the history tells who touched which columns', async () => {
    const id = await newOpportunity({ name: 'Whose', description: 'kept' });
    dataverse.resetWrites();
    await patch(`opportunities(${id})`, { name: 'Hers' }, { 'If-Match': '*', authorization: await seller() });
    const [write] = dataverse.writes();
    expect(write).toMatchObject({ table: 'opportunity', id, user: seedIds.dana, origin: 'request', columns: ['name'], oldValues: { name: 'Whose' }, newValues: { name: 'Hers' } });
    expect(write?.newValues).not.toHaveProperty('description');
    expect((await post('serviceendpoints', {}, { authorization: await seller() })).status).toBe(403);
  });

  test('what a seller asks for is counted apart, and a fault that means the service alone does not hit it', async () => {
    const id = await newOpportunity({ name: 'Whose fault' });
    dataverse.resetRequests();
    dataverse.addFault({ kind: '503', match: 'opportunity\\.patch' });
    expect((await patch(`opportunities(${id})`, { name: 'By the service' }, { 'If-Match': '*' })).status).toBe(503);
    expect((await patch(`opportunities(${id})`, { name: 'By the seller' }, { 'If-Match': '*', authorization: await seller() })).status).toBe(204);
    dataverse.clearFaults();
    expect(dataverse.counts()).toEqual({ 'opportunity.patch': 1, 'person.opportunity.patch': 1 });
    expect(dataverse.row('opportunity', id)?.cells.name).toBe('By the seller');
  });

  test('a fault answers 429 with its code and Retry-After, and dropAfterEffect loses only the answer', async () => {
    dataverse.addFault({ kind: '429', match: 'whoami', times: 1, retryAfter: 7 });
    const refused = await get('WhoAmI');
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([429, '0x80072322', '7']);
    const id = 'aaaaaaaa-0000-4000-8000-00000000000d';
    dataverse.addFault({ kind: 'dropAfterEffect', match: 'opportunity.create', times: 1 });
    await expect(patch(`opportunities(${id})`, { name: 'Lost answer' }, { 'If-None-Match': '*' })).rejects.toThrow();
    expect(dataverse.row('opportunity', id)?.cells.name).toBe('Lost answer');
  });
});

describe('closing', () => {
  test('wins by the message only, and reopens by a plain update', async () => {
    const id = await newOpportunity({ name: 'To win', estimatedvalue: 500 });
    expect((await patch(`opportunities(${id})`, { statecode: 1, statuscode: 3 }, { 'If-Match': '*' })).status).toBe(400);
    const close = (status: number): unknown => ({ Status: status, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})` } });
    expect((await post('WinOpportunity', close(5))).status).toBe(400);
    expect((await post('WinOpportunity', close(3))).status).toBe(204);
    expect(dataverse.row('opportunity', id)?.cells).toMatchObject({ statecode: 1, statuscode: 3, actualvalue: 500 });
    expect(dataverse.rows('opportunityclose').some((row) => JSON.stringify(row.cells.opportunityid).includes(id))).toBe(true);
    expect((await post('LoseOpportunity', close(4))).status).toBe(400);
    expect((await patch(`opportunities(${id})`, { description: 'still writable' }, { 'If-Match': '*' })).status).toBe(204);
    expect((await patch(`opportunities(${id})`, { statecode: 0 }, { 'If-Match': '*' })).status).toBe(204);
    expect(dataverse.row('opportunity', id)?.cells).toMatchObject({ statecode: 0, statuscode: 1 });
    expect((await post('LoseOpportunity', close(4))).status).toBe(204);
  });

  test('qualifies a lead into an account, a contact and an opportunity', async () => {
    const made = await post('leads', { subject: 'Interest', lastname: 'Otieno', companyname: 'Wide World' }, { Prefer: 'return=representation' });
    const id = String(made.body.leadid);
    const answer = await post(`leads(${id})/Microsoft.Dynamics.CRM.QualifyLead`, { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 });
    expect((answer.body.value as { '@odata.type': string }[]).map((one) => one['@odata.type'])).toEqual(['account', 'contact', 'opportunity'].map((name) => `#Microsoft.Dynamics.CRM.${name}`));
    expect(dataverse.row('lead', id)?.cells).toMatchObject({ statecode: 1, statuscode: 3 });
  });
});

test('a merge moves what hung on the loser without a bell, and leaves the loser inactive', async () => {
  const step = await register('Update', 'opportunity');
  const loser = String((await post('accounts', { name: 'Loser' }, { Prefer: 'return=representation' })).body.accountid);
  const id = await newOpportunity({ name: 'Moves', 'parentaccountid@odata.bind': `/accounts(${loser})` });
  dataverse.merge('account', seedIds.contosoRetail, loser);
  expect((await get(`opportunities(${id})?$select=_parentaccountid_value`)).body._parentaccountid_value).toBe(seedIds.contosoRetail);
  expect((await get(`accounts(${loser})?$select=statecode,merged,_masterid_value`)).body).toMatchObject({ statecode: 1, merged: true, _masterid_value: seedIds.contosoRetail });
  expect((await patch(`accounts(${loser})`, { 'masterid@odata.bind': null }, { 'If-Match': '*' })).status).toBe(400);
  await settled();
  expect(door.bells).toEqual([]);
  await unregister(step);
});

test('gives a row to nobody who may not read its table', async () => {
  dataverse.removePrivilege('prvReadOpportunity', seedIds.robin);
  const refused = await post('opportunities', { name: 'Not theirs', 'ownerid@odata.bind': `/systemusers(${seedIds.robin})` });
  expect([refused.status, refused.code]).toEqual([403, '0x80040220']);
  expect(refused.message).toContain(`(Id=${seedIds.robin}, type=8) is missing prvReadOpportunity`);
  dataverse.restorePrivilege('prvReadOpportunity', seedIds.robin);
  expect((await post('opportunities', { name: 'Theirs', 'ownerid@odata.bind': `/systemusers(${seedIds.robin})` })).status).toBe(204);
});

describe('steps', () => {
  test('keep an endpoint’s secret, and send it with every change that carries a listed column', async () => {
    const step = await register('Update', 'opportunity', { filteringattributes: 'name,estimatedvalue' });
    const id = await newOpportunity({ name: 'Rings', estimatedvalue: 1 });
    await patch(`opportunities(${id})`, { cosell_lastsyncedon: '2026-01-01T00:00:00.900Z' }, { 'If-Match': '*' });
    await patch(`opportunities(${id})`, { name: 'Rings', estimatedvalue: 2.5, estimatedclosedate: '2026-12-31' }, { 'If-Match': '*' });
    const bell = await nextBell(id);
    expect(bell.headers).toMatchObject({ 'x-cosell-key': 'a&b', 'x-ms-dynamics-entity-name': 'opportunity', 'x-ms-dynamics-request-name': 'Update', 'x-ms-dynamics-organization': 'contoso' });
    expect(bell.raw).toContain('{"__type":"Entity:http:\\/\\/schemas.microsoft.com\\/xrm\\/2011\\/Contracts","Attributes"');
    const target = attributes(bell);
    expect(target.estimatedvalue).toEqual({ __type: 'Money:http://schemas.microsoft.com/xrm/2011/Contracts', Value: 2.5 });
    expect(target.estimatedclosedate).toBe(`/Date(${Date.parse('2026-12-31')})/`);
    expect(Object.keys(target).sort()).toEqual(['estimatedclosedate', 'estimatedvalue', 'modifiedby', 'modifiedon', 'name', 'opportunityid']);
    expect(bell.context).toMatchObject({ Stage: 40, Mode: 1, UserId: seedIds.serviceUser, PrimaryEntityName: 'opportunity' });
    expect(dataverse.row('opportunity', id)?.cells.cosell_lastsyncedon).toBe('2026-01-01T00:00:00Z');
    await settled();
    expect(door.bells).toHaveLength(1);
    const [endpoint] = (await get('serviceendpoints')).body.value as Record<string, unknown>[];
    expect(endpoint).toMatchObject({ isauthvalueset: true });
    expect(endpoint).not.toHaveProperty('authvalue');
    await unregister(step);
  });

  test("what a customer's plug-in does inside a request carries that request as its parent", async () => {
    const step = await register('Update', 'opportunity', { filteringattributes: 'new_touchcount' });
    const id = await newOpportunity({ name: 'Parent' });
    dataverse.setPlugInShare(1);
    await patch(`opportunities(${id})`, { name: 'Parent!' }, { 'If-Match': '*' });
    const { context } = await nextBell(id);
    dataverse.setPlugInShare(0);
    expect(context).toMatchObject({ Depth: 2, MessageName: 'Update', ParentContext: { Depth: 1, Stage: 30, PrimaryEntityName: 'systemuser' } });
    await unregister(step);
  });

  test('refuses at once what one user asks beyond 51 requests at a time', async () => {
    const step = await register('Update', 'opportunity', { mode: 0 });
    const id = await newOpportunity({ name: 'Crowd' });
    door.onBell = () => new Promise((resolve) => setTimeout(resolve, 300));
    const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => patch(`opportunities(${id})`, { name: `Crowd ${at}` }, { 'If-Match': '*' })));
    const refused = answers.filter((each) => each.status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.map((each) => each.code)).toEqual(refused.map(() => '0x80072326'));
    await unregister(step);
  });

  test('a write of state and other columns rings twice, Win and Lose ring without a Target', async () => {
    const steps = [await register('Update', 'opportunity'), await register('Win', 'opportunity')];
    const id = await newOpportunity({ name: 'Twice' });
    await patch(`opportunities(${id})`, { name: 'Twice!', statuscode: 2 }, { 'If-Match': '*' });
    await waitFor(() => door.bells.length === 2);
    expect(door.bells.map((bell) => Object.keys(attributes(bell)).includes('statuscode')).sort()).toEqual([false, true]);
    door.bells.length = 0;
    await post('WinOpportunity', { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})` } });
    const bell = await nextBell(NOBODY);
    expect(attributes(bell).opportunityid).toMatchObject({ LogicalName: 'opportunity', Id: id });
    expect([bell.context.MessageName, (bell.context.InputParameters ?? []).map((pair) => pair.key)]).toEqual(['Win', ['OpportunityClose', 'Status']]);
    for (const step of steps) await unregister(step);
  });

  test('gives a failed asynchronous step one more try for 503 only, and never redelivers by itself', async () => {
    const step = await register('Create', 'opportunity', { asyncautodelete: true });
    door.statuses = [503, 200];
    await newOpportunity({ name: 'Tried twice' });
    await waitFor(() => door.bells.length === 2);
    await settled();
    door.statuses = [500];
    const id = await newOpportunity({ name: 'Tried once' });
    await nextBell(id);
    await settled();
    expect(door.bells).toHaveLength(3);
    const failed = await get(`asyncoperations?$select=statuscode,_owningextensionid_value&$filter=${encodeURIComponent(`_owningextensionid_value eq ${step} and statuscode eq 31`)}`);
    expect(failed.body.value).toHaveLength(1);
    expect(await dataverse.redeliverLastEvent(2)).toEqual([200, 200]);
    dataverse.loseNextEvents(1);
    await newOpportunity({ name: 'Lost' });
    await settled();
    expect(door.bells).toHaveLength(5);
    await unregister(step);
  });

  test('the Custom API rings inside the request: it fails when the service does, and hears no words of it', async () => {
    const id = await newOpportunity({ name: 'Bell' });
    const api = `opportunities(${id})/Microsoft.Dynamics.CRM.cosell_SyncReferral`;
    expect((await post(api, {})).status).toBe(204);
    const step = await register('cosell_SyncReferral', undefined, { mode: 0 });
    expect((await post(api, {})).status).toBe(204);
    expect(door.bells[0]?.context).toMatchObject({ MessageName: 'cosell_SyncReferral', Mode: 0, PrimaryEntityId: id });
    door.statuses = [500];
    const failed = await post(api, {});
    expect(failed.status).toBe(400);
    expect(failed.message).toContain('Endpoint unavailable');
    door.onBell = () => new Promise((resolve) => setTimeout(resolve, 700));
    expect((await post(api, {})).status).toBe(400);
    await unregister(step);
  });

  test('leaves the parameters out above 256 KB and says so', async () => {
    const step = await register('Update', 'opportunity');
    const id = await newOpportunity({ name: 'Big' });
    await patch(`opportunities(${id})`, { cosell_audit: '界'.repeat(95_000) }, { 'If-Match': '*' });
    const bell = await nextBell(id);
    expect(bell.headers['x-ms-dynamics-msg-size-exceeded']).toBe('true');
    expect(bell.context).not.toHaveProperty('InputParameters');
    await unregister(step);
  });

  test.each([
    ['an address on another port', { url: 'https://proxy.contoso.example:7071/events' }],
    ['an authentication value that is no settings', { authvalue: 'secret' }],
    ['a contract that is no webhook', { contract: 1 }],
  ])('refuses %s', async (_what, wrong) => {
    expect((await post('serviceendpoints', { ...endpointBody(), ...wrong })).status).toBe(400);
  });
});

describe('metadata', () => {
  test('tells lengths, kinds, choices and keys', async () => {
    const opportunity = "EntityDefinitions(LogicalName='opportunity')";
    const texts = await get(`${opportunity}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength&$filter=LogicalName eq 'name' or LogicalName eq 'cosell_referrallink'`);
    expect(texts.body.value).toMatchObject([{ LogicalName: 'name', MaxLength: 300 }, { LogicalName: 'cosell_referrallink', MaxLength: 500 }]);
    const money = await get(`${opportunity}/Attributes(LogicalName='estimatedvalue')/Microsoft.Dynamics.CRM.MoneyAttributeMetadata?$select=Precision,PrecisionSource`);
    expect(money.body).toMatchObject({ Precision: 2, PrecisionSource: 2 });
    const choices = await get(`${opportunity}/Attributes(LogicalName='cosell_syncstatus')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`);
    expect((choices.body.OptionSet as { Options: { Value: number }[] }).Options.map((one) => one.Value)).toEqual([0, 1, 2, 3, 4, 5].map((n) => 481_200_000 + n));
    expect((await get(`${opportunity}/Keys`)).body.value).toMatchObject([{ LogicalName: 'cosell_referralidentifier_key', EntityKeyIndexStatus: 'Active' }]);
    expect((await get(`${opportunity}/Attributes?$select=LogicalName,MaxLength`)).status).toBe(400);
    expect((await get("EntityDefinitions(LogicalName='nonsense')")).status).toBe(404);
    expect(dataverse.counts()).toEqual({ metadata: 6 });
  });
});

test('is nasty unless told otherwise: trims, CR LF, a plug-in that moves the version, doubled events', async () => {
  const nasty = await startDataverse({ entra, clientIds, stepDelayMs: 10, seed: 3 });
  const quiet = dataverse;
  dataverse = nasty;
  try {
    const step = await register('Update', 'opportunity', { filteringattributes: 'name' });
    nasty.setPlugInShare(1);
    const id = await newOpportunity({ name: 'Trimmed  ', description: 'one\ntwo ' });
    expect(nasty.row('opportunity', id)?.cells).toMatchObject({ name: 'Trimmed', description: 'one\r\ntwo' });
    await waitFor(() => nasty.row('opportunity', id)?.cells.new_touchcount === 1);
    expect(nasty.writes().filter((write) => write.origin === 'plugin')).toMatchObject([{ id, columns: ['new_touchcount'] }]);
    nasty.setPlugInShare(0);
    for (let n = 0; n < 40; n += 1) await patch(`opportunities(${id})`, { name: `n${n}` }, { 'If-Match': '*' });
    await waitFor(() => door.bells.length > 40);
    await settled();
    const order = door.bells.map((bell) => Number(String(attributes(bell).name).slice(1)));
    expect(order).not.toEqual([...order].sort((one, other) => one - other));
    expect(new Set(order).size).toBe(40);
    nasty.setExactDelivery(true);
    door.bells.length = 0;
    for (let n = 0; n < 20; n += 1) await patch(`opportunities(${id})`, { name: `e${n}` }, { 'If-Match': '*' });
    await settled();
    expect(door.bells).toHaveLength(20);
    await unregister(step);
  } finally {
    dataverse = quiet;
    await nasty.close();
  }
});

test('finds rows, versions, steps and undelivered events again after it died', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dataverse-'));
  const start = (dataFile: string): Promise<Dataverse> => startDataverse({ entra, clientIds, nasty: false, stepDelayMs: 1, dataFile });
  const [file, left] = [join(folder, 'rows.jsonl'), join(folder, 'left.jsonl')];
  const quiet = dataverse;
  try {
    dataverse = await start(file);
    await register('Create', 'opportunity');
    dataverse.pauseSteps();
    const id = await newOpportunity({ name: 'Remembered' });
    const version = await etag(id);
    // What a kill -9 leaves: the file as it is now, its last line torn.
    writeFileSync(left, `${readFileSync(file, 'utf8')}{"id":"opportun`);
    await dataverse.close();
    dataverse = await start(left);
    expect(await etag(id)).toBe(version);
    expect((await nextBell(id)).context.MessageName).toBe('Create');
    await patch(`opportunities(${id})`, { name: 'Newer' }, { 'If-Match': version });
    expect(Number(/\d+/.exec(await etag(id))?.[0])).toBeGreaterThan(Number(/\d+/.exec(version)?.[0]));
  } finally {
    await dataverse.close();
    dataverse = quiet;
    rmSync(folder, { recursive: true });
  }
});

test('the client library that the product uses can create, read, update on a version and call actions', async () => {
  const api = new DynamicsWebApi({ serverUrl: dataverse.url, dataApi: { version: '9.2' }, onTokenRefresh: async () => `${CLIENT} ${dataverse.url}` });
  const made = await api.create<Record<string, unknown>>({ collection: 'opportunities', data: { name: 'By library 界', 'parentaccountid@odata.bind': `accounts(${seedIds.contosoRetail})` }, returnRepresentation: true });
  const id = String(made.opportunityid);
  const read = await api.retrieve<Record<string, unknown>>({ collection: 'opportunities', key: id, select: ['name'], expand: [{ property: 'parentaccountid', select: ['name'] }, { property: 'owninguser', select: ['internalemailaddress'] }] });
  expect(read).toMatchObject({ name: 'By library 界', parentaccountid: { name: 'Contoso Retail' } });
  const version = String(read['@odata.etag']);
  const updated = await api.update<Record<string, unknown>>({ collection: 'opportunities', key: id, data: { name: 'Updated' }, ifmatch: version, returnRepresentation: true, select: ['name'] });
  expect(updated).toMatchObject({ name: 'Updated' });
  expect(await api.update({ collection: 'opportunities', key: id, data: { name: 'Too late' }, ifmatch: version })).toBe(false);
  await api.callAction({ collection: 'opportunities', key: id, actionName: 'Microsoft.Dynamics.CRM.cosell_SyncReferral' });
  await api.callAction({ actionName: 'LoseOpportunity', action: { Status: 4, OpportunityClose: { subject: 'Lost', 'opportunityid@odata.bind': `/opportunities(${id})` } } });
  const list = await api.retrieveMultiple<Record<string, unknown>>({ collection: 'opportunities', select: ['statecode'], filter: `opportunityid eq ${id}` });
  expect(list.value).toMatchObject([{ statecode: 2 }]);
});

test('its control is there over HTTP, too', async () => {
  const id = await newOpportunity({ name: 'Seen from outside' });
  const control = async (path: string, body?: unknown): Promise<Response> => fetch(`${dataverse.url}/__sandbox/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  expect(await (await control('sellerToken', { systemuserid: seedIds.robin })).json()).toEqual({ token: `seller:${seedIds.robin}` });
  expect(await (await control(`rows/opportunity/${id}`)).json()).toMatchObject({ id, cells: { name: 'Seen from outside' } });
  expect((await control('removePrivilege', { privilege: 'prvNonsense' })).status).toBe(400);
  expect((await control(`rows/opportunity/${UNKNOWN}`)).status).toBe(404);
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly code?: string;
  readonly message?: string;
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(`${dataverse.url}/api/data/v9.2/${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body), headers: { authorization: `Bearer ${CLIENT} ${dataverse.url}`, ...json, ...headers } });
  const text = await answer.text();
  const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> & { error?: { code: string; message: string } };
  return { status: answer.status, headers: answer.headers, body: parsed, code: parsed.error?.code, message: parsed.error?.message };
}

const get = (path: string, headers?: Record<string, string>): Promise<Answer> => send('GET', path, undefined, headers);
const post = (path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> => send('POST', path, body, headers);
const patch = (path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> => send('PATCH', path, body, headers);
const names = (answer: Answer): unknown[] => (answer.body.value as { name: string }[]).map((row) => row.name);
const etag = async (id: string): Promise<string> => String(dataverse.row('opportunity', id)?.etag);
const seller = async (): Promise<string> => `Bearer ${dataverse.sellerToken(seedIds.dana)}`;

async function newOpportunity(body: Record<string, unknown>): Promise<string> {
  const answer = await post('opportunities', body);
  return /\((?<id>[^)]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.groups?.id ?? `nothing: ${answer.message}`;
}

const endpointBody = (): Record<string, unknown> => ({ name: 'Co-sell', url: `${door.url}/dataverse/events`, contract: 8, authtype: 5, authvalue: '<settings><setting name="x-cosell-key" value="a&amp;b" /></settings>' });

/** Registers an endpoint and one step on it; answers the step's id. */
async function register(message: string, table: string | undefined, more: Record<string, unknown> = {}): Promise<string> {
  const endpoint = await post('serviceendpoints', endpointBody(), { Prefer: 'return=representation' });
  const [found] = (await get(`sdkmessages?$select=sdkmessageid&$filter=${encodeURIComponent(`name eq '${message}'`)}`)).body.value as { sdkmessageid: string }[];
  const filters = (await get(`sdkmessagefilters?$select=sdkmessagefilterid&$filter=${encodeURIComponent(`sdkmessageid/name eq '${message}' and primaryobjecttypecode eq '${table ?? 'opportunity'}'`)}`)).body.value as { sdkmessagefilterid: string }[];
  const filter = filters[0] ? { 'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${filters[0].sdkmessagefilterid})` } : {};
  const step = await post(
    'sdkmessageprocessingsteps',
    { name: `Co-sell ${message}`, mode: 1, stage: 40, rank: 1, asyncautodelete: false, supporteddeployment: 0, 'sdkmessageid@odata.bind': `/sdkmessages(${found?.sdkmessageid})`, ...filter, 'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${String(endpoint.body.serviceendpointid)})`, ...more },
    { Prefer: 'return=representation' },
  );
  expect([step.status, step.message]).toEqual([201, undefined]);
  return String(step.body.sdkmessageprocessingstepid);
}

async function unregister(step: string): Promise<void> {
  const endpoint = String((await get(`sdkmessageprocessingsteps(${step})?$select=_eventhandler_value`)).body._eventhandler_value);
  expect((await send('DELETE', `serviceendpoints(${endpoint})`)).status).toBe(400);
  expect((await send('DELETE', `sdkmessageprocessingsteps(${step})`)).status).toBe(204);
  expect((await send('DELETE', `serviceendpoints(${endpoint})`)).status).toBe(204);
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
const attributes = (bell: Bell): Record<string, unknown> => Object.fromEntries((bell.context.InputParameters?.[0]?.value.Attributes ?? []).map(({ key, value }) => [key, value]));

async function nextBell(id: string): Promise<Bell> {
  await waitFor(() => door.bells.some((bell) => bell.context.PrimaryEntityId === id));
  const bell = door.bells.find((one) => one.context.PrimaryEntityId === id);
  if (!bell) throw new Error('no bell');
  return bell;
}

async function waitFor(holds: () => boolean): Promise<void> {
  const until = Date.now() + 3_000;
  while (!holds()) {
    if (Date.now() > until) throw new Error('did not happen within 3 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All that is going to ring has rung. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 120));

async function openDoor(): Promise<Door> {
  const bells: Bell[] = [];
  const opened = { url: '', bells, statuses: [] } as unknown as Door & { url: string };
  opened.server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      bells.push({ headers: incoming.headers, raw, context: JSON.parse(raw) as Bell['context'] });
      void (opened.onBell?.() ?? Promise.resolve()).then(() => response.writeHead(opened.statuses.shift() ?? 200).end('ignored'));
    });
  });
  await new Promise<void>((resolve) => opened.server.listen(0, '127.0.0.1', resolve));
  opened.url = `http://127.0.0.1:${(opened.server.address() as AddressInfo).port}`;
  return opened;
}

const closeDoor = (opened: Door): Promise<void> =>
  new Promise((resolve) => {
    opened.server.close(() => resolve());
    opened.server.closeAllConnections();
  });
