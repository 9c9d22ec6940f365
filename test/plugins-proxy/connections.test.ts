// Which CRMs a service speaks to, and which mapping goes to which.
import { afterEach, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkMapping, createConnections, type Connections } from '../../plugins-proxy/connections';
import type { Credentials } from '../../plugins-proxy/ports/credentials';
import type { Store } from '../../plugins-proxy/ports/store';
import type { Settings } from '../../plugins-proxy/settings';
import { timings } from '../../plugins-proxy/timings';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const dataverse = { url: 'https://org.crm.dynamics.com', tenantId: 't', clientId: 'c', clientSecret: 's', webhookKey: { current: 'k', previous: null } };
const salesforce = { loginUrl: 'https://login.salesforce.com', clientId: 'c', username: 'u', privateKey, namespace: null, currency: null, doorbellKey: { current: 'k', previous: null } };
const partnerCenter = { url: 'https://api.partner.microsoft.com', webhooksUrl: 'https://api.partnercenter.microsoft.com', tenantId: 't', clientId: 'c', clientSecret: 's', refreshToken: null, timeZone: 'UTC', linkTemplate: 'https://partner.microsoft.com' };
const shipped = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../mapping/${name}.json`, import.meta.url), 'utf8'));

const opened: Connections[] = [];
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));
function open(more: Partial<Settings>): Connections {
  const settings = { authorityUrl: 'https://login.microsoftonline.com', partnerCenter, dataverse: null, salesforce: null, mapping: null, ...more } as unknown as Settings;
  checkMapping(settings);
  const connections = createConnections(settings, {} as Credentials, {} as Store, timings);
  opened.push(connections);
  return connections;
}

test('either CRM, both, or none; nothing is called yet', () => {
  expect([{ dataverse }, { salesforce }, { dataverse, salesforce }, {}].map((more) => open(more)).map((each) => [each.dataverse?.port.connection, each.salesforce?.port.connection])).toEqual([['dataverse', undefined], [undefined, 'salesforce'], ['dataverse', 'salesforce'], [undefined, undefined]]);
});

test('the version of the mapping is that of the CRM that is on, and of both together another', () => {
  const [one, other, both] = [open({ dataverse }).mappingVersion, open({ salesforce }).mappingVersion, open({ dataverse, salesforce }).mappingVersion];
  expect(new Set([one, other, both]).size).toBe(3);
  const changed = shipped('salesforce') as { tables: { opportunity: { rows: { columns: Record<string, string> }[] } } };
  changed.tables.opportunity.rows[1]!.columns.value = 'Price__c';
  expect(open({ dataverse, salesforce, mapping: changed }).mappingVersion).not.toBe(both);
  expect(open({ dataverse, mapping: shipped('dynamics') }).mappingVersion).toBe(one);
});

test('a mapping file goes to the CRM that it speaks of, and is refused when that is off', () => {
  expect(open({ dataverse, salesforce, mapping: shipped('salesforce') }).salesforce?.mapping.tables.opportunity.set).toBe('Opportunity');
  expect(open({ dataverse, salesforce, mapping: shipped('salesforce') }).dataverse?.mapping.tables.opportunity.set).toBe('opportunities');
  expect(() => open({ salesforce, mapping: shipped('dynamics') })).toThrow(/one for Dynamics 365, which is off/);
  expect(() => open({ dataverse, mapping: shipped('salesforce') })).toThrow(/one for Salesforce, which is off/);
  expect(() => open({ salesforce, mapping: { tables: { opportunity: { set: 'Opportunity' } } } })).toThrow(/The field mapping cannot be used/);
});
