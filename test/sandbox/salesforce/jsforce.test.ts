// jsforce, a client that knows nothing of this project, finds a Salesforce org in the stand-in: it signs in, queries, upserts and reads limits.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from 'jsforce';
import { startSalesforce, type Salesforce } from '../../../sandbox/salesforce/startSalesforce';

const keys = generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const clientId = '3MVG9.consumer.key';
const username = 'cosell-sync@contoso.example.partner';

/** A small package of its own: an external id that is not unique, and a field of another company. */
const FIELDS = {
  'Account/fields/Erp_Key__c': '<externalId>true</externalId><label>ERP key</label><length>40</length><required>false</required><type>Text</type><unique>false</unique>',
  'Opportunity/fields/Erp_Key__c': '<caseSensitive>false</caseSensitive><externalId>true</externalId><label>ERP key</label><length>40</length><required>false</required><type>Text</type><unique>true</unique>',
  'Opportunity/fields/Region__c': '<label>Region</label><type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><value><fullName>North</fullName><default>false</default><label>North</label></value></valueSetDefinition></valueSet>',
};

let folder: string;
let salesforce: Salesforce;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'org-'));
  for (const [name, body] of Object.entries(FIELDS)) {
    mkdirSync(join(folder, 'objects', name, '..'), { recursive: true });
    writeFileSync(join(folder, 'objects', `${name}.field-meta.xml`), `<?xml version="1.0" encoding="UTF-8"?>\n<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>${name.split('/')[2]}</fullName>${body}</CustomField>`);
  }
  salesforce = await startSalesforce({ metadataDir: folder, clientId, username, publicKey: keys.publicKey, nasty: false, pageSize: 3 });
});
afterAll(async () => {
  await salesforce.close();
  rmSync(folder, { recursive: true });
});

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
function assertion(): string {
  const unsigned = `${encoded({ alg: 'RS256' })}.${encoded({ iss: clientId, sub: username, aud: salesforce.url, exp: Math.floor(Date.now() / 1_000) + 120 })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(keys.privateKey, 'base64url')}`;
}

async function connect(): Promise<Connection> {
  const connection = new Connection({ oauth2: { loginUrl: salesforce.url, clientId }, version: '66.0', callOptions: { client: 'independent' } });
  await connection.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion() });
  return connection;
}

test('signs in by JWT bearer and knows who it is', async () => {
  const connection = await connect();
  expect(connection.instanceUrl).toBe(salesforce.url);
  expect(connection.userInfo?.organizationId).toBe(salesforce.organizationId());
  expect(await connection.identity()).toMatchObject({ username, organization_id: salesforce.organizationId() });
});

test('queries with conditions, relationships and children, page by page', async () => {
  const connection = await connect();
  const account = salesforce.rows('Account').find((row) => row.cells.Name === 'Contoso Retail');
  const names = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Omega'];
  const made = await connection.sobject('Opportunity').create(names.map((Name, at) => ({ Name, StageName: 'Prospecting', CloseDate: '2027-03-31', Amount: at * 100, AccountId: account?.id })));
  expect(made.map((one) => one.success)).toEqual([true, true, true, true, true]);
  await connection.sobject('OpportunityContactRole').create({ OpportunityId: made[0]?.id, ContactId: salesforce.rows('Contact')[0]?.id, IsPrimary: true });

  const first = await connection.query("SELECT Id, Name, Account.Name, Owner.Email, (SELECT Contact.LastName FROM OpportunityContactRoles WHERE IsPrimary = true) FROM Opportunity WHERE Account.Name LIKE 'contoso%' AND (Amount < 200 OR Amount >= 300) ORDER BY Name DESC");
  expect([first.totalSize, first.done]).toEqual([4, false]);
  expect(first.records.map((record) => record.Name)).toEqual(['Omega', 'Delta', 'Beta']);
  const second = await connection.queryMore(String(first.nextRecordsUrl));
  expect(second.records).toMatchObject([{ Name: 'Alpha', Account: { Name: 'Contoso Retail' }, Owner: { Email: 'cosell-sync@contoso.example' }, OpportunityContactRoles: { totalSize: 1, records: [{ Contact: { LastName: 'Howard' } }] } }]);
  expect([second.done, first.records[0]?.OpportunityContactRoles]).toEqual([true, null]);
  await expect(connection.query('SELECT Nonsense FROM Opportunity')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' });
});

test('upserts by external id: creates, then updates, and is told when several match', async () => {
  const connection = await connect();
  const deal = { Erp_Key__c: 'E-1', Name: 'Upserted', StageName: 'Prospecting', CloseDate: '2027-03-31', Region__c: 'North' };
  const created = await connection.sobject('Opportunity').upsert(deal, 'Erp_Key__c');
  const updated = await connection.sobject('Opportunity').upsert({ Erp_Key__c: 'e-1', Amount: 12.5 }, 'Erp_Key__c');
  expect([created, updated]).toMatchObject([{ success: true, created: true }, { success: true, created: false, id: created.id }]);
  expect(await connection.sobject('Opportunity').retrieve(String(created.id))).toMatchObject({ Name: 'Upserted', Amount: 12.5, Region__c: 'North', IsClosed: false });
  await expect(connection.sobject('Opportunity').upsert({ Erp_Key__c: 'E-1', Region__c: 'Moon' }, 'Erp_Key__c')).rejects.toMatchObject({ errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' });

  for (const Name of ['One', 'Other']) await connection.sobject('Account').create({ Name, Erp_Key__c: 'twice' });
  await expect(connection.sobject('Account').upsert({ Erp_Key__c: 'twice', Phone: '1' }, 'Erp_Key__c')).rejects.toMatchObject({ errorCode: 'MULTIPLE_CHOICES' });
  const many = await connection.sobject('Opportunity').upsert([{ ...deal, Name: 'Renamed' }, { ...deal, Erp_Key__c: 'E-2' }, { ...deal, Erp_Key__c: 'E-3', Name: '' }], 'Erp_Key__c');
  expect(many.map((one) => [one.success, one.errors.map((error) => (error as unknown as { statusCode: string }).statusCode)])).toEqual([[true, []], [true, []], [false, ['REQUIRED_FIELD_MISSING']]]);
});

test('reads limits, what was used, and what an object is made of', async () => {
  const connection = await connect();
  const limits = await connection.limits();
  expect(limits.DailyApiRequests?.Max).toBe(100_000);
  expect(connection.limitInfo.apiUsage?.used).toBe(100_000 - Number(limits.DailyApiRequests?.Remaining));
  const { fields, keyPrefix } = await connection.describe('Opportunity');
  expect(keyPrefix).toBe('006');
  expect(fields.find((field) => field.name === 'Erp_Key__c')).toMatchObject({ type: 'string', length: 40, externalId: true, unique: true, custom: true });
  expect(fields.find((field) => field.name === 'StageName')?.picklistValues?.filter((one) => !one.active).map((one) => one.value)).toEqual(['Cold Call']);
});

test('signs in anew when its session was ended, and hears why it may not', async () => {
  const connection = new Connection({ instanceUrl: salesforce.url, accessToken: 'gone', version: '66.0', refreshFn: (_old, done) => void connect().then(({ accessToken }) => done(null, accessToken ?? undefined), done) });
  expect((await connection.query('SELECT Id FROM Account')).totalSize).toBeGreaterThan(0);
  salesforce.resetRequests();
  salesforce.endSessions();
  expect((await connection.query('SELECT Id FROM Account')).totalSize).toBeGreaterThan(0);
  expect(salesforce.counts()).toEqual({ 'query.account': 2, token: 1 });
  salesforce.setApproved(false);
  await expect(connect()).rejects.toMatchObject({ name: 'invalid_grant' });
  salesforce.setApproved(true);
});
