// `npm start`: connects service and stand-ins with the very commands an admin uses.
import { execFile } from 'node:child_process';
import type { Environment } from './serviceEnvironment';
import { StartProblem } from './startProblem';

const COMMANDS = [
  ['webhook', 'register', '--overwrite'],
  ['setup', 'dataverse'],
] as const;

/**
 * Runs the commands side by side. Both find what is already there and leave it.
 * @param program the built command line's file
 * @throws StartProblem with the command's own words
 */
export async function setUp(program: string, env: Environment, signal: AbortSignal): Promise<void> {
  await Promise.all(COMMANDS.map((command) => runCommand(program, command, env, signal)));
}

function runCommand(program: string, command: readonly string[], env: Environment, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--enable-source-maps', program, ...command], { env: { ...env }, signal, timeout: 60_000, windowsHide: true }, (error, stdout, stderr) => {
      if (!error) return resolve();
      if (signal.aborted) return reject(signal.reason as Error);
      const words = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '').slice(-15).join('\n');
      reject(new StartProblem(`cosell ${command.join(' ')} failed (${error.killed ? 'no end after 60 s' : `exit code ${error.code}`})${words ? `:\n${words}` : '.'}`));
    });
  });
}
