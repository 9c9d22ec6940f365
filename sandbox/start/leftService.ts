// `npm start`: a service that outlived its try-out (kill -9 of npm start alone) is found and stopped before a new one starts.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keep, readKept } from './keepFile';

interface ServiceRecord {
  readonly pid: number;
  /** When the process began, as the system counts; '' where it does not tell. */
  readonly began: string;
}

const DRAIN_WITHIN_MS = 20_000;

/** Notes which process is the service. */
export function rememberService(file: string, pid: number): void {
  keep(file, { pid, began: beganOf(pid) } satisfies ServiceRecord);
}

export const forgetService = (file: string): void => rmSync(file, { force: true });

/**
 * Stops the service of a dead try-out: told to drain, killed when it does not. Another process that has its number by now is left alone.
 * @param program the service's file, which stands in its command line
 */
export async function stopLeftService(file: string, program: string, say: (line: string) => void): Promise<void> {
  const record = readRecord(file);
  if (!record || !isThatService(record, program)) return forgetService(file);
  say(`The service of an earlier start still runs (process ${record.pid}); it is being stopped first.`);
  signal(record.pid, 'SIGTERM');
  for (const until = Date.now() + DRAIN_WITHIN_MS; Date.now() < until; await sleep(50)) if (!isThatService(record, program)) return forgetService(file);
  signal(record.pid, 'SIGKILL');
  forgetService(file);
}

function readRecord(file: string): ServiceRecord | undefined {
  try {
    return readKept(file) as ServiceRecord | undefined;
  } catch {
    return undefined; // only a number: nothing is lost with it
  }
}

function isThatService({ pid, began }: ServiceRecord, program: string): boolean {
  return beganOf(pid) === began && commandOf(pid).includes(program);
}

/** Field 22 of /proc/<pid>/stat (proc(5)), counted behind the name in brackets, which may hold anything; '' for a dead process that nobody has fetched. */
function beganOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone in this moment
  }
}
