// Command line: one command from its words to its exit code. Whatever goes wrong is one plain sentence, never a trace.
import { Command, CommanderError } from 'commander';
import { AdminProblem } from '../api/adminProblem';
import { remoteProblem } from '../api/remoteProblem';
import { StartupProblem } from '../database/startupProblem';
import type { AddVerb, CliContext, Verb } from './cliContext';
import { CliProblem } from './cliProblem';
import { plain } from './textLines';
import { addAdminVerbs } from './verbs/adminVerbs';
import { addParkedVerbs } from './verbs/parkedVerbs';
import { addRecordVerbs } from './verbs/recordVerbs';
import { addSetupVerbs } from './verbs/setupVerbs';
import { addWebhookVerbs } from './verbs/webhookVerbs';

/** @param words without the program's own name. Returns the exit code; never throws */
export async function runCli(words: readonly string[], context: CliContext): Promise<0 | 1 | 2> {
  let failed = false;
  const program = new Command('cosell').description('Co-sell Referral Sync: looks after the service between your CRM and Microsoft Partner Center.');
  program.exitOverride().configureOutput({ writeOut: (text) => context.out(text.replace(/\n$/, '')), writeErr: (text) => context.remark(text.replace(/\n$/, '')) });
  program.showHelpAfterError('Add --help to see what is possible.');
  const add: AddVerb = (parent, name, description) => {
    const command = parent.command(name).description(description).option('--json', 'print the result as JSON');
    return {
      command,
      does: (verb) => void command.action(async () => {
        failed = await carryOut(verb(command.processedArgs.filter((each): each is string => typeof each === 'string'), command.opts()), context, command.opts().json === true);
      }),
    };
  };
  for (const addVerbs of [addAdminVerbs, addRecordVerbs, addParkedVerbs, addWebhookVerbs, addSetupVerbs]) addVerbs(program, add);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return failed ? 1 : 0;
  } catch (error) {
    return exitCodeOf(error, context);
  }
}

/** Help and version are no failure; help that is shown because a verb is missing is wrong usage. */
function exitCodeOf(error: unknown, context: CliContext): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  context.remark(sentenceOf(error).message);
  return 1;
}

/** Whether it failed. @throws CommanderError when the verb finds its words wrong */
async function carryOut(verb: Verb, context: CliContext, json: boolean): Promise<boolean> {
  try {
    const end = await verb(context);
    if (json) context.out(JSON.stringify(end.result, null, 2));
    else for (const line of end.lines) context.out(plain(line));
    return end.failed ?? false;
  } catch (error) {
    if (error instanceof CommanderError) throw error;
    const said = sentenceOf(error);
    if (json) context.out(JSON.stringify({ error: said }, null, 2));
    else context.remark(said.message);
    return true;
  }
}

function sentenceOf(error: unknown): { readonly code: string; readonly message: string } {
  const remote = remoteProblem(error) ?? error;
  if (remote instanceof CliProblem || remote instanceof AdminProblem) return { code: remote.code, message: remote.message };
  if (remote instanceof StartupProblem) return { code: 'cannot-start', message: remote.message };
  return { code: 'unexpected', message: `Something unexpected happened: ${remote instanceof Error ? remote.message : 'no more is known'}. Run cosell doctor; if it stays, report it with this sentence.` };
}
