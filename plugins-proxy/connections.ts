// The remote systems of this service: their sign-ins and adapters, and who they are.
import { createHash } from 'node:crypto';
import type { Settings } from './settings';
import { createDataverseAdapter, type DataverseAdapter } from './adapters/dataverse/createDataverseAdapter';
import { loadMapping, MappingProblem, parseMapping } from './adapters/dataverse/loadMapping';
import type { Mapping } from './adapters/dataverse/mapping';
import { createPartnerCenterAdapter, type PartnerCenterAdapter } from './adapters/partnerCenter/partnerCenterAdapter';
import { createWebhookRegistration, type WebhookRegistration } from './adapters/partnerCenter/webhookRegistration';
import { createSalesforceAdapter, type SalesforceAdapter } from './adapters/salesforce/createSalesforceAdapter';
import { builtInMapping, isForSalesforce, parseMapping as parseSalesforceMapping } from './adapters/salesforce/loadMapping';
import type { Mapping as SalesforceMapping } from './adapters/salesforce/mapping';
import { createSalesforceSignIn, type SalesforceSignIn } from './adapters/salesforce/signIn';
import { createTransport } from './adapters/salesforce/transport';
import { createSignIn, type SignIn } from './adapters/signIn/createSignIn';
import { StartupProblem } from './database/startupProblem';
import type { Credentials } from './ports/credentials';
import type { Store } from './ports/store';
import type { Timings } from './timings';

export interface Connections {
  /** Changes with the mapping of any CRM that is on. */
  readonly mappingVersion: string;
  readonly partner: PartnerCenterAdapter;
  readonly webhooks: WebhookRegistration;
  /** `null`: off. */
  readonly dataverse: DataverseConnection | null;
  readonly salesforce: SalesforceConnection | null;
  readonly partnerSignIn: SignIn;
  /** As learnt at sign-in, without a call; `null` before. */
  readonly knownOrganization: (connection: string) => string | null;
  close(): Promise<void>;
}

export interface DataverseConnection {
  readonly port: DataverseAdapter;
  readonly signIn: SignIn;
  readonly mapping: Mapping;
}

export interface SalesforceConnection {
  readonly port: SalesforceAdapter;
  readonly signIn: SalesforceSignIn;
  readonly mapping: SalesforceMapping;
}

/** Told which organisation is behind a new sign-in. */
type Seen = (connection: string, organizationId: string) => Promise<void>;

/** Opens nothing yet: remote systems may be down at start. @throws StartupProblem when the mapping cannot be used */
export function createConnections(settings: Settings, credentials: Credentials, store: Store, timings: Timings): Connections {
  const organizations = new Map<string, string>();
  const seen: Seen = async (connection, organizationId) => {
    organizations.set(connection, organizationId);
    await checkOrganization(store, connection, organizationId);
  };
  const { partner, webhooks, partnerSignIn } = openPartnerCenter(settings, credentials, timings);
  const dataverse = openDataverse(settings, timings, seen);
  const salesforce = openSalesforce(settings, timings, seen);
  return {
    mappingVersion: versionOf([dataverse, salesforce].flatMap((each) => (each ? [each.mapping.version] : []))),
    partner, webhooks, dataverse, salesforce, partnerSignIn,
    knownOrganization: (connection) => organizations.get(connection) ?? null,
    async close() {
      await Promise.allSettled([partner.close(), webhooks.close(), dataverse?.port.dispose(), salesforce?.port.dispose()]);
    },
  };
}

/** Before anything is opened or made. @throws StartupProblem when the mapping cannot be used, or is one for a CRM that is off */
export function checkMapping(settings: Settings): void {
  demandUsed(settings);
  if (settings.dataverse) dataverseMapping(settings);
  if (settings.salesforce) salesforceMapping(settings, settings.salesforce.namespace);
}

const dataverseMapping = ({ mapping }: Settings): Mapping => usable(() => (mapping === null || isForSalesforce(mapping) ? loadMapping() : parseMapping(JSON.stringify(mapping))));

const salesforceMapping = ({ mapping }: Settings, namespace: string | null): SalesforceMapping =>
  usable(() => (isForSalesforce(mapping) ? parseSalesforceMapping(JSON.stringify(mapping), { namespace }) : builtInMapping({ namespace })));

function openPartnerCenter(settings: Settings, credentials: Credentials, timings: Timings): Pick<Connections, 'partner' | 'webhooks' | 'partnerSignIn'> {
  const own = settings.partnerCenter;
  const partnerSignIn = createSignIn({
    connection: 'partner-center', displayName: 'Partner Center', authorityUrl: settings.authorityUrl, tenantId: own.tenantId,
    clientId: own.clientId, clientSecret: own.clientSecret, timings,
    refreshToken: { setting: own.refreshToken ?? undefined, credentials, name: 'partner-center-refresh-token' },
  });
  const options = {
    url: own.url, webhooksUrl: own.webhooksUrl, timeZone: own.timeZone, linkTemplate: own.linkTemplate, timings,
    token: (audience: string) => partnerSignIn.token(audience),
    invalidate: (token: string) => partnerSignIn.invalidate(token),
  };
  return { partner: createPartnerCenterAdapter(options), webhooks: createWebhookRegistration(options), partnerSignIn };
}

function openDataverse(settings: Settings, timings: Timings, seen: Seen): DataverseConnection | null {
  const own = settings.dataverse;
  if (!own) return null;
  const mapping = dataverseMapping(settings);
  const signIn: SignIn = createSignIn({
    connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: settings.authorityUrl, tenantId: own.tenantId, clientId: own.clientId, clientSecret: own.clientSecret, timings,
    onSignedIn: async (_audience, token) => {
      const { organizationId } = await port.identityWith(token);
      await seen('dataverse', organizationId.toLowerCase());
    },
  });
  const port: DataverseAdapter = createDataverseAdapter({ url: own.url, signIn, mapping, timings });
  return { port, signIn, mapping };
}

function openSalesforce(settings: Settings, timings: Timings, seen: Seen): SalesforceConnection | null {
  const own = settings.salesforce;
  if (!own) return null;
  const { namespace, currency } = own;
  const mapping = salesforceMapping(settings, namespace);
  const transport = createTransport(timings);
  const signIn = createSalesforceSignIn({ ...own, transport, onSignedIn: (organizationId) => seen('salesforce', organizationId) });
  return { port: createSalesforceAdapter({ signIn, transport, mapping, namespace, currency, timings }), signIn, mapping };
}

/** Another organisation than before means a copied environment, or settings that point elsewhere: nothing is written until somebody adopts it. */
async function checkOrganization(store: Store, connection: string, organizationId: string): Promise<void> {
  const state = await store.connectionState(connection);
  if (state.organizationId === null) return store.rememberOrganization(connection, organizationId);
  if (state.organizationId.toLowerCase() !== organizationId.toLowerCase() && !state.copied) await store.markCopied(connection, 'The environment has another organisation id than before.');
}

/** A mapping for a CRM that is off would be passed over in silence. */
function demandUsed({ mapping, dataverse, salesforce }: Settings): void {
  if (mapping === null) return;
  const [own, name] = isForSalesforce(mapping) ? [salesforce, 'Salesforce'] : [dataverse, 'Dynamics 365'];
  if (!own) throw new StartupProblem(`The field mapping in the file that COSELL_MAPPING_FILE names is one for ${name}, which is off.`, 'Name a mapping for the CRM that is on (mapping/dynamics.json and mapping/salesforce.json are the built-in ones), or leave the variable out.');
}

/** One mapping's version is its own; of several, one that changes with each. */
const versionOf = (versions: readonly string[]): string => (versions.length === 1 ? versions[0]! : createHash('sha256').update(versions.join()).digest('hex').slice(0, 12));

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MappingProblem) throw new StartupProblem(error.message, 'Correct the file that COSELL_MAPPING_FILE names, or leave the variable out for the built-in mapping.');
    throw error;
  }
}
