// The environment becomes settings, or everything that is wrong with it is said at once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { StartupProblem } from '../../plugins-proxy/database/startupProblem';
import { ensureAdminToken, ensureSecretKey, settingsFromEnvironment, type Settings } from '../../plugins-proxy/settings';

let folder = '';
const file = (name: string): string => join(folder, name);
const partnerCenter = { COSELL_PARTNER_CENTER_TENANT_ID: 't', COSELL_PARTNER_CENTER_CLIENT_ID: 'c', COSELL_PARTNER_CENTER_CLIENT_SECRET: 's' };
const dataverse = { COSELL_DATAVERSE_URL: 'https://org.crm.dynamics.com/', COSELL_DATAVERSE_TENANT_ID: 't', COSELL_DATAVERSE_CLIENT_ID: 'c', COSELL_DATAVERSE_CLIENT_SECRET: 's', COSELL_DATAVERSE_WEBHOOK_KEY: 'k' };
let salesforce: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cosell-settings-'));
  const pem = (bits: number): string => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(file('key'), `${randomBytes(32).toString('base64')}\n`);
  await writeFile(file('short-key'), randomBytes(16).toString('base64'));
  await writeFile(file('rsa.pem'), pem(2048));
  await writeFile(file('weak.pem'), pem(1024));
  await writeFile(file('roots.pem'), rootCertificates.slice(0, 2).join('\n'));
  await writeFile(file('mapping.json'), '{"rows":[]}');
  salesforce = { COSELL_SALESFORCE_LOGIN_URL: 'https://login.salesforce.com', COSELL_SALESFORCE_CLIENT_ID: 'c', COSELL_SALESFORCE_USERNAME: 'u@x', COSELL_SALESFORCE_PRIVATE_KEY_FILE: file('rsa.pem'), COSELL_SALESFORCE_DOORBELL_KEY: 'd' };
});
afterAll(() => rm(folder, { recursive: true }));

const settingsOf = (more: Record<string, string>): Settings => settingsFromEnvironment({ ...partnerCenter, ...more });

function problemOf(env: Record<string, string>): string {
  try {
    settingsFromEnvironment(env);
  } catch (error) {
    if (error instanceof StartupProblem) return error.message;
    throw error;
  }
  throw new Error('Expected a StartupProblem.');
}

test('the defaults are those of the contract', () => {
  const settings = settingsOf({});
  expect(settings).toMatchObject({
    port: 7071, host: '127.0.0.1', publicUrl: null, databaseUrl: null, secretKey: null, authorityUrl: 'https://login.microsoftonline.com', dataverse: null, salesforce: null, inboundCrm: null, adminToken: null, reconcileMinutes: 15, mapping: null,
    partnerCenter: { url: 'https://api.partner.microsoft.com', webhooksUrl: 'https://api.partnercenter.microsoft.com', timeZone: 'UTC', refreshToken: null, linkTemplate: 'https://partner.microsoft.com/dashboard/referrals/v2/leads' },
    signing: { certificateOrigins: ['https://3psostorageacct.blob.core.windows.net'], issuerOrigins: ['http://www.microsoft.com', 'https://www.microsoft.com', 'http://crl.microsoft.com', 'http://caissuers.microsoft.com'], roots: null, organization: 'Microsoft Corporation' },
  });
  expect(settings.dataDir).toBe(join(process.cwd(), 'data'));
});

test('everything that is set arrives', () => {
  const settings = settingsOf({
    ...dataverse, ...salesforce, COSELL_INBOUND_CRM: 'salesforce', COSELL_PORT: '0', COSELL_HOST: '::1', COSELL_PUBLIC_URL: 'https://proxy.example/', COSELL_DATABASE_URL: 'postgres://u:p@db/x', COSELL_SECRET_KEY_FILE: file('key'),
    COSELL_DATA_DIR: folder, COSELL_PARTNER_CENTER_URL: 'http://127.0.0.1:1', COSELL_PARTNER_CENTER_REFRESH_TOKEN: 'r', COSELL_PARTNER_CENTER_TIME_ZONE: 'Asia/Shanghai', COSELL_DATAVERSE_WEBHOOK_KEY_PREVIOUS: 'old',
    COSELL_WEBHOOK_CERT_ORIGINS: 'http://localhost:9, https://a.example', COSELL_WEBHOOK_ROOTS_FILE: file('roots.pem'), COSELL_WEBHOOK_ORGANIZATION: 'Fabrikam, Inc.', COSELL_REFERRAL_LINK_TEMPLATE: 'https://p.example/{engagementId}/{referralId}',
    COSELL_SALESFORCE_NAMESPACE: 'cosell', COSELL_SALESFORCE_CURRENCY: 'EUR', COSELL_ADMIN_TOKEN: 'a', COSELL_RECONCILE_MINUTES: '0.05', COSELL_MAPPING_FILE: file('mapping.json'),
  });
  expect(settings).toMatchObject({
    port: 0, host: '::1', publicUrl: 'https://proxy.example', databaseUrl: 'postgres://u:p@db/x', dataDir: folder, inboundCrm: 'salesforce', adminToken: 'a', reconcileMinutes: 0.05, mapping: { rows: [] },
    partnerCenter: { url: 'http://127.0.0.1:1', refreshToken: 'r', timeZone: 'Asia/Shanghai' }, dataverse: { url: 'https://org.crm.dynamics.com', webhookKey: { current: 'k', previous: 'old' } },
    salesforce: { namespace: 'cosell', currency: 'EUR', doorbellKey: { current: 'd', previous: null } }, signing: { certificateOrigins: ['http://localhost:9', 'https://a.example'], organization: 'Fabrikam, Inc.' },
  });
  expect(settings.secretKey).toHaveLength(32);
  expect(settings.signing.roots).toHaveLength(2);
});

test('one CRM that is on takes the referrals without an opportunity', () => {
  expect(settingsOf(dataverse).inboundCrm).toBe('dataverse');
  expect(settingsOf(salesforce).inboundCrm).toBe('salesforce');
});

test('a blank variable counts as not set', () => {
  expect(settingsOf({ COSELL_PORT: ' ', COSELL_DATAVERSE_URL: '' })).toMatchObject({ port: 7071, dataverse: null });
});

test('every problem is named at once, and no value is repeated', () => {
  const message = problemOf({ COSELL_PORT: 'sesame1', COSELL_DATABASE_URL: 'mysql://u:sesame2@db', COSELL_DATAVERSE_CLIENT_SECRET: 'sesame3', COSELL_RECONCILE_MINUTES: '-1', COSELL_PUBLIC_URL: 'http://sesame4.example' });
  const names = ['COSELL_PORT', 'COSELL_DATABASE_URL', 'COSELL_SECRET_KEY_FILE', 'COSELL_RECONCILE_MINUTES', 'COSELL_PUBLIC_URL', 'COSELL_PARTNER_CENTER_TENANT_ID', 'COSELL_PARTNER_CENTER_CLIENT_ID', 'COSELL_PARTNER_CENTER_CLIENT_SECRET', 'COSELL_DATAVERSE_URL', 'COSELL_DATAVERSE_TENANT_ID', 'COSELL_DATAVERSE_CLIENT_ID', 'COSELL_DATAVERSE_WEBHOOK_KEY'];
  for (const name of names) expect(message).toContain(`${name}: `);
  expect(message.split('\n')).toHaveLength(names.length + 1);
  expect(message).not.toMatch(/sesame/);
});

describe('refuses', () => {
  test.each([
    ['COSELL_PORT', '65536'], ['COSELL_PORT', '7071.5'], ['COSELL_HOST', 'a b'], ['COSELL_AUTHORITY_URL', 'login.microsoftonline.com'], ['COSELL_AUTHORITY_URL', 'http://login.example'], ['COSELL_PARTNER_CENTER_URL', 'https://u:p@x.example'],
    ['COSELL_PARTNER_CENTER_WEBHOOKS_URL', 'https://x.example/?a=b'], ['COSELL_PUBLIC_URL', 'http://127.0.0.1.example'], ['COSELL_PUBLIC_URL', 'ftp://localhost'], ['COSELL_PARTNER_CENTER_TIME_ZONE', 'Mars/Base'], ['COSELL_WEBHOOK_CERT_ORIGINS', 'http://a.example'],
    ['COSELL_WEBHOOK_CERT_ORIGINS', 'https://a.example/path'], ['COSELL_WEBHOOK_CERT_ORIGINS', ','], ['COSELL_WEBHOOK_ISSUER_ORIGINS', 'http://a.example/x'], ['COSELL_WEBHOOK_ISSUER_ORIGINS', 'https://a.example,ftp://a.example'], ['COSELL_INBOUND_CRM', 'hubspot'], ['COSELL_INBOUND_CRM', 'dataverse'],
    ['COSELL_REFERRAL_LINK_TEMPLATE', 'https://p.example/{id}'], ['COSELL_REFERRAL_LINK_TEMPLATE', 'http://p.example/{referralId}'], ['COSELL_REFERRAL_LINK_TEMPLATE', 'https://p.example/%zz?{id}'], ['COSELL_RECONCILE_MINUTES', 'often'], ['COSELL_DATABASE_URL', 'db'],
  ])('%s = %s', (name, value) => {
    expect(problemOf({ ...partnerCenter, COSELL_SECRET_KEY_FILE: file('key'), [name]: value }).split('\n').slice(1)).toEqual([expect.stringMatching(`^  - ${name}: `)]);
  });
  test.each([
    ['COSELL_SECRET_KEY_FILE', 'short-key'], ['COSELL_SECRET_KEY_FILE', 'missing'], ['COSELL_WEBHOOK_ROOTS_FILE', 'key'], ['COSELL_MAPPING_FILE', 'key'], ['COSELL_SALESFORCE_PRIVATE_KEY_FILE', 'weak.pem'], ['COSELL_SALESFORCE_PRIVATE_KEY_FILE', 'roots.pem'],
  ])('%s that is the file %s', (name, named) => {
    const base = name.startsWith('COSELL_SALESFORCE') ? salesforce : {};
    expect(problemOf({ ...partnerCenter, ...base, [name]: file(named) })).toContain(`${name}: is a file`);
  });
  test('two CRMs without a word on where new referrals go', () => {
    expect(problemOf({ ...partnerCenter, ...dataverse, ...salesforce })).toContain('COSELL_INBOUND_CRM: is not set while both CRMs are on');
  });
  test('a link that the record cannot hold', () => {
    const named = (length: number): Record<string, string> => ({ ...partnerCenter, COSELL_REFERRAL_LINK_TEMPLATE: `https://p.example/{referralId}/`.padEnd(length - 36 + '{referralId}'.length, 'a') });
    expect(problemOf({ ...named(256), ...salesforce })).toContain('COSELL_REFERRAL_LINK_TEMPLATE: makes links of more than 255 characters');
    expect(problemOf({ ...named(501), ...dataverse })).toContain('COSELL_REFERRAL_LINK_TEMPLATE: makes links of more than 500 characters');
    expect(settingsOf({ ...named(255), ...salesforce }).partnerCenter.linkTemplate).toHaveLength(231);
    expect(settingsOf({ ...named(500), ...dataverse }).partnerCenter.linkTemplate).toHaveLength(476);
  });
  test('a shared database without its key', () => {
    expect(problemOf({ ...partnerCenter, COSELL_DATABASE_URL: 'postgresql://db/x' })).toContain('COSELL_SECRET_KEY_FILE: is not set');
  });
});

test('a certificate issuer may be plain http', () => {
  expect(settingsOf({ COSELL_WEBHOOK_ISSUER_ORIGINS: 'http://crl.example' }).signing.issuerOrigins).toEqual(['http://crl.example']);
});

describe('secrets that are made once', () => {
  test('are whole, readable by their user only, and the same ever after, also when two processes start at once', async () => {
    const dataDir = file('fresh/data');
    const keys = await Promise.all([ensureSecretKey(dataDir), ensureSecretKey(dataDir), ensureSecretKey(dataDir)]);
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    const first = await ensureAdminToken(dataDir);
    expect((await ensureAdminToken(dataDir)).token).toBe(first.token);
    for (const name of ['secret-key', 'admin-token']) expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(first.path, 'utf8')).trim()).toBe(first.token);
  });
  test('that were damaged are said, and never replaced', async () => {
    await writeFile(file('secret-key'), 'broken');
    await expect(ensureSecretKey(folder)).rejects.toBeInstanceOf(StartupProblem);
    expect(await readFile(file('secret-key'), 'utf8')).toBe('broken');
    await expect(ensureAdminToken(file('key'))).rejects.toBeInstanceOf(StartupProblem);
  });
});
