// Embedded PostgreSQL: runs one of its programs to the end.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { ServerUser } from './serverUser';

/** How a program ended; `code` null when a signal ended it, `failure` when it could not even start. */
export interface ProgramEnd {
  code: number | null;
  output: string;
  failure?: NodeJS.ErrnoException;
}

/**
 * Runs a program in a session of its own, so that Ctrl-C, which goes to the whole group, does not reach what it starts.
 * The environment is empty but for the path: ours holds secrets, which a server's process would show for its whole life,
 * and PG* variables would change what the programs do.
 * @param user whom to run as; undefined: as ourselves
 */
export function runProgram(program: string, parameters: readonly string[], user: ServerUser | undefined): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: dirname(program), detached: true, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: plainEnvironment(), ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
    const output = (): string => Buffer.concat(parts).toString('utf8').trim();
    child.on('error', (failure) => resolve({ code: null, output: output(), failure }));
    // 'exit', not 'close': a server that was started may hold the pipes open.
    child.on('exit', (code) => setImmediate(() => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output: output() });
    }));
  });
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'].map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), LC_ALL: 'C' };
}
