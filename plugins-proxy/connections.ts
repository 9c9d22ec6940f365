// The remote systems of this service: their sign-ins and adapters, and who they are.
import type { Settings } from './settings';
import { createDataverseAdapter, type DataverseAdapter } from './adapters/dataverse/createDataverseAdapter';
import { loadMapping, MappingProblem, parseMapping } from './adapters/dataverse/loadMapping';
import type { Mapping } from './adapters/dataverse/mapping';
import { createPartnerCenterAdapter, type PartnerCenterAdapter } from './adapters/partnerCenter/partnerCenterAdapter';
import { createWebhookRegistration, type WebhookRegistration } from './adapters/partnerCenter/webhookRegistration';
import { createSignIn, type SignIn } from './adapters/signIn/createSignIn';
import { StartupProblem } from './database/startupProblem';
import type { Credentials } from './ports/credentials';
import type { Store } from './ports/store';
import type { Timings } from './timings';

export interface Connections {
  readonly mapping: Mapping;
  readonly partner: PartnerCenterAdapter;
  readonly webhooks: WebhookRegistration;
  readonly dataverse: DataverseAdapter | null;
  readonly signIns: { readonly partner: SignIn; readonly dataverse: SignIn | null };
  /** As learnt at sign-in, without a call; `null` before. */
  readonly knownOrganization: (connection: string) => string | null;
  close(): Promise<void>;
}

/** Opens nothing yet: remote systems may be down at start. @throws StartupProblem when the mapping cannot be used */
export function createConnections(settings: Settings, credentials: Credentials, store: Store, timings: Timings): Connections {
  const mapping = mappingOf(settings);
  const organizations = new Map<string, string>();
  const partnerSignIn = createSignIn({
    connection: 'partner-center', displayName: 'Partner Center', authorityUrl: settings.authorityUrl, tenantId: settings.partnerCenter.tenantId,
    clientId: settings.partnerCenter.clientId, clientSecret: settings.partnerCenter.clientSecret, timings,
    refreshToken: { setting: settings.partnerCenter.refreshToken ?? undefined, credentials, name: 'partner-center-refresh-token' },
  });
  const partnerOptions = {
    url: settings.partnerCenter.url, webhooksUrl: settings.partnerCenter.webhooksUrl, timeZone: settings.partnerCenter.timeZone, linkTemplate: settings.partnerCenter.linkTemplate, timings,
    token: (audience: string) => partnerSignIn.token(audience),
    invalidate: (token: string) => partnerSignIn.invalidate(token),
  };
  const partner = createPartnerCenterAdapter(partnerOptions);
  const webhooks = createWebhookRegistration(partnerOptions);
  const { dataverse, signIn } = openDataverse(settings, mapping, timings, async (connection, organizationId) => {
    organizations.set(connection, organizationId);
    await checkOrganization(store, connection, organizationId);
  });
  return {
    mapping, partner, webhooks, dataverse,
    signIns: { partner: partnerSignIn, dataverse: signIn },
    knownOrganization: (connection) => organizations.get(connection) ?? null,
    async close() {
      await Promise.allSettled([partner.close(), webhooks.close(), dataverse?.dispose()]);
    },
  };
}

function openDataverse(settings: Settings, mapping: Mapping, timings: Timings, seen: (connection: string, organizationId: string) => Promise<void>): { dataverse: DataverseAdapter | null; signIn: SignIn | null } {
  const own = settings.dataverse;
  if (!own) return { dataverse: null, signIn: null };
  const signIn: SignIn = createSignIn({
    connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: settings.authorityUrl, tenantId: own.tenantId, clientId: own.clientId, clientSecret: own.clientSecret, timings,
    onSignedIn: async (_audience, token) => {
      const { organizationId } = await dataverse.identityWith(token);
      await seen('dataverse', organizationId.toLowerCase());
    },
  });
  const dataverse = createDataverseAdapter({ url: own.url, signIn, mapping, timings });
  return { dataverse, signIn };
}

/** Another organisation than before means a copied environment, or settings that point elsewhere: nothing is written until somebody adopts it. */
async function checkOrganization(store: Store, connection: string, organizationId: string): Promise<void> {
  const state = await store.connectionState(connection);
  if (state.organizationId === null) return store.rememberOrganization(connection, organizationId);
  if (state.organizationId.toLowerCase() !== organizationId && !state.copied) await store.markCopied(connection, 'The environment has another organisation id than before.');
}

function mappingOf(settings: Settings): Mapping {
  try {
    return settings.mapping === null ? loadMapping() : parseMapping(JSON.stringify(settings.mapping));
  } catch (error) {
    if (error instanceof MappingProblem) throw new StartupProblem(error.message, 'Correct the file that COSELL_MAPPING_FILE names, or leave the variable out for the built-in mapping.');
    throw error;
  }
}
