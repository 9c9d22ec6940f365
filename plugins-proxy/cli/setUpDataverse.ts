// Command line: set-up of Dataverse from the environment, without a service.
import { loadMapping, MappingProblem, parseMapping } from '../adapters/dataverse/loadMapping';
import type { Mapping } from '../adapters/dataverse/mapping';
import { createSetupClient, setupDataverse } from '../adapters/dataverse/setup';
import { createSignIn } from '../adapters/signIn/createSignIn';
import type { SetupAnswer } from '../api/shapes';
import { settingsFromEnvironment, type Settings } from '../settings';
import type { Environment } from '../settings/problems';
import { timings } from '../timings';
import { CliProblem } from './cliProblem';

export interface SetupWish {
  readonly dryRun: boolean;
  readonly remove: boolean;
}

/** @throws StartupProblem, CliProblem, RemoteFailure */
export async function setUpDataverse(env: Environment, wish: SetupWish): Promise<SetupAnswer> {
  const settings = settingsFromEnvironment({ ...withoutPartnerCenter, ...env });
  const own = settings.dataverse!;
  if (settings.publicUrl === null && !wish.remove) throw new CliProblem('public-url-missing', 'COSELL_PUBLIC_URL is not set, so there is no address to register. Set it to the address under which Dataverse reaches the service.');
  const signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: settings.authorityUrl, tenantId: own.tenantId, clientId: own.clientId, clientSecret: own.clientSecret, timings });
  // Asked for beforehand, so that a refused sign-in is said in its own words.
  await signIn.token(new URL(own.url).origin);
  const lines: string[] = [];
  const client = createSetupClient({ url: own.url, signIn, timings });
  const report = await setupDataverse({ client, publicUrl: settings.publicUrl ?? '', key: own.webhookKey.current, mapping: mappingOf(settings), ...wish, log: (line) => lines.push(line) }).catch(told);
  return { endpoint: { ...report.endpoint }, steps: report.steps.map((step) => ({ ...step })), warnings: [...report.warnings], changed: report.changed, lines };
}

/** Setting up Dataverse needs nothing of Partner Center: an admin's machine may have the variables of the one only. */
const withoutPartnerCenter: Environment = { COSELL_PARTNER_CENTER_TENANT_ID: 'not-used', COSELL_PARTNER_CENTER_CLIENT_ID: 'not-used', COSELL_PARTNER_CENTER_CLIENT_SECRET: 'not-used' };

function mappingOf(settings: Settings): Mapping {
  try {
    return settings.mapping === null ? loadMapping() : parseMapping(JSON.stringify(settings.mapping));
  } catch (error) {
    throw error instanceof MappingProblem ? new CliProblem('mapping-error', error.message) : error;
  }
}

/** The set-up's own words name the step and what Dataverse said. */
function told(error: unknown): never {
  throw error instanceof Error && error.cause !== undefined ? new CliProblem('remote-refused', error.message) : error;
}
