// Command line: setup dataverse.
import type { Command } from 'commander';
import type { SetupAnswer } from '../../api/shapes';
import { createServiceClient } from '../askService';
import type { AddVerb, VerbEnd } from '../cliContext';
import { findService } from '../findService';
import type { SetupWish } from '../setUpDataverse';
import { counted } from '../textLines';

export function addSetupVerbs(program: Command, add: AddVerb): void {
  const setup = program.command('setup').description('register this service in the CRM');
  const dataverse = add(setup, 'dataverse', 'register the address that Dataverse rings and the steps that ring it; a second run changes nothing');
  dataverse.command.option('--dry-run', 'say what would be changed and change nothing').option('--remove', 'take address and steps away again');
  dataverse.does((_args, options) => async ({ env }) => {
    const wish = { dryRun: options.dryRun === true, remove: options.remove === true };
    // The environment speaks for itself; without one the running service does it with its own settings (the try-out).
    const answer = env.COSELL_DATAVERSE_URL?.trim() ? await (await import('../setUpDataverse')).setUpDataverse(env, wish) : await createServiceClient(findService(env)).post<SetupAnswer>('/setup/dataverse', { ...wish });
    return setupEnd(answer, wish);
  });
}

function setupEnd(result: SetupAnswer, { dryRun, remove }: SetupWish): VerbEnd {
  const changes = result.lines.length;
  const end = !result.changed ? `Nothing had to be ${remove ? 'removed' : 'changed'}.` : dryRun ? `${counted(changes, 'change')} would be made; nothing was changed.` : `${counted(changes, 'change')} made.`;
  return { result, lines: [...result.lines, ...result.warnings.map((warning) => `Warning: ${warning}`), end] };
}
