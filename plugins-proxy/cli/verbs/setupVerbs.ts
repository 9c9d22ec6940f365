// Command line: setup dataverse.
import type { Command } from 'commander';
import { loadMapping, MappingProblem, parseMapping } from '../../adapters/dataverse/loadMapping';
import type { Mapping } from '../../adapters/dataverse/mapping';
import { createSetupClient, setupDataverse } from '../../adapters/dataverse/setup';
import { createSignIn } from '../../adapters/signIn/createSignIn';
import type { SetupAnswer } from '../../api/shapes';
import { settingsFromEnvironment, type Settings } from '../../settings';
import type { Environment } from '../../settings/problems';
import { timings } from '../../timings';
import { createServiceClient } from '../askService';
import type { VerbEnd } from '../cliContext';
import { CliProblem } from '../cliProblem';
import { findService } from '../findService';
import type { AddVerb } from '../runCli';
import { counted } from '../textLines';

interface SetupWish {
  readonly dryRun: boolean;
  readonly remove: boolean;
}

export function addSetupVerbs(program: Command, add: AddVerb): void {
  const setup = program.command('setup').description('register this service in the CRM');
  const dataverse = add(setup, 'dataverse', 'register the address that Dataverse rings and the steps that ring it; a second run changes nothing');
  dataverse.command.option('--dry-run', 'say what would be changed and change nothing').option('--remove', 'take address and steps away again');
  dataverse.does((_args, options) => async ({ env }) => {
    const wish = { dryRun: options.dryRun === true, remove: options.remove === true };
    // The environment speaks for itself; without one the running service does it with its own settings (the try-out).
    const answer = env.COSELL_DATAVERSE_URL?.trim() ? await setUp(env, wish) : await createServiceClient(findService(env)).post<SetupAnswer>('/setup/dataverse', { ...wish });
    return setupEnd(answer, wish);
  });
}

async function setUp(env: Environment, wish: SetupWish): Promise<SetupAnswer> {
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

function setupEnd(result: SetupAnswer, { dryRun, remove }: SetupWish): VerbEnd {
  const changes = result.lines.length;
  const end = !result.changed ? `Nothing had to be ${remove ? 'removed' : 'changed'}.` : dryRun ? `${counted(changes, 'change')} would be made; nothing was changed.` : `${counted(changes, 'change')} made.`;
  return { result, lines: [...result.lines, ...result.warnings.map((warning) => `Warning: ${warning}`), end] };
}
