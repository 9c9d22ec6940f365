// Before the trip: the environment becomes settings, or one StartupProblem that names everything that is wrong.
import { resolve } from 'node:path';
import { StartupProblem } from './database/startupProblem';
import type { DoorKey } from './doors/doorKey';
import { mappingFile, privateKeyFile, rootsFile, secretKeyFile } from './settings/files';
import { createSettingsReader, type Environment, type SettingsReader } from './settings/problems';
import { address, anyText, crmName, currency, databaseUrl, linkTemplate, linkWithIds, minutes, namespace, origins, port, timeZone, word } from './settings/values';

export { ensureAdminToken, ensureSecretKey } from './settings/madeSecrets';

export type CrmName = 'dataverse' | 'salesforce';

export interface PartnerCenterSettings {
  readonly url: string;
  readonly webhooksUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** `null` until somebody signs in with `cosell login`. */
  readonly refreshToken: string | null;
  readonly timeZone: string;
  readonly linkTemplate: string;
}

export interface SigningSettings {
  readonly certificateOrigins: readonly string[];
  readonly issuerOrigins: readonly string[];
  /** PEM roots and intermediates; `null`: Node's own root store. */
  readonly roots: readonly string[] | null;
  readonly organization: string;
}

export interface DataverseSettings {
  readonly url: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly webhookKey: DoorKey;
}

export interface SalesforceSettings {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly username: string;
  readonly privateKey: string;
  readonly namespace: string | null;
  readonly currency: string | null;
  readonly doorbellKey: DoorKey;
}

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  /** `null`: an embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** `null`: made once in `dataDir` (ensureSecretKey). */
  readonly secretKey: Buffer | null;
  readonly authorityUrl: string;
  readonly partnerCenter: PartnerCenterSettings;
  readonly signing: SigningSettings;
  /** `null`: off. */
  readonly dataverse: DataverseSettings | null;
  readonly salesforce: SalesforceSettings | null;
  /** Where a referral without an opportunity goes; `null` only while both CRMs are off. */
  readonly inboundCrm: CrmName | null;
  /** `null`: made once in `dataDir` (ensureAdminToken). */
  readonly adminToken: string | null;
  /** 0: off. */
  readonly reconcileMinutes: number;
  /** The initial field mapping as read; `null`: the built-in one. */
  readonly mapping: unknown;
}

/**
 * Settings from environment variables (contract: service configuration).
 * @throws StartupProblem naming every variable that is missing or wrong, and never a value
 */
export function settingsFromEnvironment(env: Environment): Settings {
  const reader = createSettingsReader(env);
  const settings = readSettings(reader);
  const problems = reader.problems();
  if (problems.length === 0) return settings;
  throw new StartupProblem('The settings cannot be used. Correct these environment variables and start again:', problems);
}

function readSettings(reader: SettingsReader): Settings {
  const dataverse = readDataverse(reader);
  const salesforce = readSalesforce(reader);
  const partnerCenter = readPartnerCenter(reader);
  demandRoomForLink(reader, partnerCenter.linkTemplate, salesforce ? 255 : 500);
  const shared = reader.optional('COSELL_DATABASE_URL', databaseUrl) ?? null;
  const sharedKey = 'the path of a file with 32 bytes in base64, the same for every process on this database';
  const secretKey = reader.isSet('COSELL_DATABASE_URL') ? reader.required('COSELL_SECRET_KEY_FILE', secretKeyFile, sharedKey) : reader.optional('COSELL_SECRET_KEY_FILE', secretKeyFile);
  return {
    port: reader.optional('COSELL_PORT', port) ?? 7071,
    host: reader.optional('COSELL_HOST', word) ?? '127.0.0.1',
    publicUrl: reader.optional('COSELL_PUBLIC_URL', address) ?? null,
    databaseUrl: shared,
    dataDir: resolve(reader.optional('COSELL_DATA_DIR', anyText) ?? './data'),
    secretKey: secretKey ?? null,
    authorityUrl: reader.optional('COSELL_AUTHORITY_URL', address) ?? 'https://login.microsoftonline.com',
    partnerCenter,
    signing: readSigning(reader),
    dataverse,
    salesforce,
    inboundCrm: readInboundCrm(reader),
    adminToken: reader.optional('COSELL_ADMIN_TOKEN', word) ?? null,
    reconcileMinutes: reader.optional('COSELL_RECONCILE_MINUTES', minutes) ?? 15,
    mapping: reader.optional('COSELL_MAPPING_FILE', mappingFile)?.mapping ?? null,
  };
}

function readPartnerCenter(reader: SettingsReader): PartnerCenterSettings {
  const name = (part: string): string => `COSELL_PARTNER_CENTER_${part}`;
  return {
    url: reader.optional(name('URL'), address) ?? 'https://api.partner.microsoft.com',
    webhooksUrl: reader.optional(name('WEBHOOKS_URL'), address) ?? 'https://api.partnercenter.microsoft.com',
    tenantId: reader.required(name('TENANT_ID'), word, 'the tenant of the Partner Center account') ?? '',
    clientId: reader.required(name('CLIENT_ID'), word, 'the application that signs in to Partner Center') ?? '',
    clientSecret: reader.required(name('CLIENT_SECRET'), anyText, 'the secret of that application') ?? '',
    refreshToken: reader.optional(name('REFRESH_TOKEN'), word) ?? null,
    timeZone: reader.optional(name('TIME_ZONE'), timeZone) ?? 'UTC',
    linkTemplate: reader.optional('COSELL_REFERRAL_LINK_TEMPLATE', linkTemplate) ?? 'https://partner.microsoft.com/dashboard/referrals/v2/leads',
  };
}

/** *Referral Link* holds 500 characters, in Salesforce 255: a longer one would be refused with the status of every record. */
function demandRoomForLink(reader: SettingsReader, template: string, room: number): void {
  if (linkWithIds(template).length > room) reader.add('COSELL_REFERRAL_LINK_TEMPLATE', `makes links of more than ${room} characters with the ids filled in, which the record cannot hold; give a shorter one.`);
}

function readSigning(reader: SettingsReader): SigningSettings {
  return {
    certificateOrigins: reader.optional('COSELL_WEBHOOK_CERT_ORIGINS', origins(false)) ?? ['https://3psostorageacct.blob.core.windows.net'],
    issuerOrigins: reader.optional('COSELL_WEBHOOK_ISSUER_ORIGINS', origins(true)) ?? ['http://www.microsoft.com', 'https://www.microsoft.com', 'http://crl.microsoft.com', 'http://caissuers.microsoft.com'],
    roots: reader.optional('COSELL_WEBHOOK_ROOTS_FILE', rootsFile)?.pem ?? null,
    organization: reader.optional('COSELL_WEBHOOK_ORGANIZATION', anyText) ?? 'Microsoft Corporation',
  };
}

const dataverseGroup = ['URL', 'TENANT_ID', 'CLIENT_ID', 'CLIENT_SECRET', 'WEBHOOK_KEY', 'WEBHOOK_KEY_PREVIOUS'].map((part) => `COSELL_DATAVERSE_${part}`);

/** Off while none of its variables is set; once one is, all are needed. */
function readDataverse(reader: SettingsReader): DataverseSettings | null {
  if (!dataverseGroup.some((name) => reader.isSet(name))) return null;
  const name = (part: string): string => `COSELL_DATAVERSE_${part}`;
  return {
    url: reader.required(name('URL'), address, 'the address of the Dataverse environment') ?? '',
    tenantId: reader.required(name('TENANT_ID'), word, 'the tenant of the environment') ?? '',
    clientId: reader.required(name('CLIENT_ID'), word, 'the application behind the application user') ?? '',
    clientSecret: reader.required(name('CLIENT_SECRET'), anyText, 'the secret of that application') ?? '',
    webhookKey: readKey(reader, name('WEBHOOK_KEY'), 'the secret that Dataverse sends with every event'),
  };
}

const salesforceGroup = ['LOGIN_URL', 'CLIENT_ID', 'USERNAME', 'PRIVATE_KEY_FILE', 'NAMESPACE', 'CURRENCY', 'DOORBELL_KEY', 'DOORBELL_KEY_PREVIOUS'].map((part) => `COSELL_SALESFORCE_${part}`);

function readSalesforce(reader: SettingsReader): SalesforceSettings | null {
  if (!salesforceGroup.some((name) => reader.isSet(name))) return null;
  const name = (part: string): string => `COSELL_SALESFORCE_${part}`;
  return {
    loginUrl: reader.required(name('LOGIN_URL'), address, 'the login address of the org') ?? '',
    clientId: reader.required(name('CLIENT_ID'), word, 'the consumer key of the connected app') ?? '',
    username: reader.required(name('USERNAME'), word, 'the integration user') ?? '',
    privateKey: reader.required(name('PRIVATE_KEY_FILE'), privateKeyFile, 'the file with the private key of the connected app')?.pem ?? '',
    namespace: reader.optional(name('NAMESPACE'), namespace) ?? null,
    currency: reader.optional(name('CURRENCY'), currency) ?? null,
    doorbellKey: readKey(reader, name('DOORBELL_KEY'), 'the secret that Salesforce sends with every bell'),
  };
}

const readKey = (reader: SettingsReader, name: string, why: string): DoorKey => ({
  current: reader.required(name, anyText, why) ?? '',
  previous: reader.optional(`${name}_PREVIOUS`, anyText) ?? null,
});

function readInboundCrm(reader: SettingsReader): CrmName | null {
  const on: Readonly<Record<CrmName, boolean>> = { dataverse: dataverseGroup.some(reader.isSet), salesforce: salesforceGroup.some(reader.isSet) };
  const chosen = reader.optional('COSELL_INBOUND_CRM', crmName);
  if (chosen && !on[chosen]) reader.add('COSELL_INBOUND_CRM', `names ${chosen}, which is off; set its variables, or name the other one.`);
  if (on.dataverse && on.salesforce && !reader.isSet('COSELL_INBOUND_CRM')) reader.add('COSELL_INBOUND_CRM', 'is not set while both CRMs are on; set it to dataverse or salesforce, where a referral without an opportunity goes.');
  return chosen ?? (on.dataverse ? 'dataverse' : on.salesforce ? 'salesforce' : null);
}
