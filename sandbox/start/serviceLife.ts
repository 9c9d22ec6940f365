// `npm start`: one life of the service's process, from its birth until it is ready, and to its end.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetService, rememberService } from './leftService';
import type { Environment } from './serviceEnvironment';
import { StartProblem } from './startProblem';

export interface ServiceOptions {
  /** The built service's file. */
  readonly program: string;
  readonly env: Environment;
  /** Where it will listen. */
  readonly url: string;
  /** Everything it prints is appended here. */
  readonly logFile: string;
  /** Remembers the process, for the next start. */
  readonly recordFile: string;
  readonly timings: ServiceTimings;
}

/** Milliseconds. */
export interface ServiceTimings {
  readonly readyWithin: number;
  /** From the request to stop until it is killed. */
  readonly stopWithin: number;
}

export interface ServiceLife {
  readonly pid: number;
  /** Settles when the process is gone, with how it went: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Lets it drain; `killed` when it had to be ended by force. */
  stop(): Promise<'drained' | 'killed'>;
}

const SETTLE_MS = 15_000;

/**
 * Starts the process and waits until it is ready.
 * @throws StartProblem with the service's own last words when it ends or does not become ready; the abort's reason when stopped meanwhile
 */
export async function beginLife(options: ServiceOptions, signal: AbortSignal): Promise<ServiceLife> {
  const { logFile } = options;
  const from = prepareLog(logFile);
  const life = spawnService(options);
  const over = new AbortController();
  try {
    const end = await Promise.race([life.ended.then((how) => ({ how })), becomeReady(options, from, AbortSignal.any([signal, over.signal]))]);
    if (end) throw new StartProblem(`The service did not start (${end.how}).${lastWords(logFile, from)}`, `Its log: ${logFile}`);
    return life;
  } catch (error) {
    // A service that is told to stop while it brings its database up would leave that behind: it may finish first.
    if (signal.aborted) await Promise.race([life.ended, becomeReady(options, from, AbortSignal.timeout(SETTLE_MS))]).catch(() => undefined);
    await life.stop();
    throw error;
  } finally {
    over.abort();
  }
}

/** In a process group of its own, so that Ctrl-C in the terminal reaches only us and we decide the order; its output goes to a file, which outlives us. */
function spawnService({ program, env, logFile, recordFile, timings }: ServiceOptions): ServiceLife {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, ['--enable-source-maps', program], { env: { ...env }, detached: true, windowsHide: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).then((how) => (forgetService(recordFile), how));
  if (child.pid !== undefined) rememberService(recordFile, child.pid);
  return { pid: child.pid ?? 0, ended, stop: () => stopChild(child, ended, timings.stopWithin) };
}

async function stopChild(child: ChildProcess, ended: Promise<string>, within: number): Promise<'drained' | 'killed'> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return 'drained';
  child.kill('SIGTERM');
  const patience = new AbortController();
  const late = await Promise.race([ended.then(() => false), sleep(within, true, { signal: patience.signal }).catch(() => false)]);
  patience.abort();
  if (!late) return 'drained';
  child.kill('SIGKILL');
  await ended;
  return 'killed';
}

/** Settles once `/readyz` says yes and the log says `listening`, its last line of starting: before that one the service does not mind signals. */
async function becomeReady({ url, logFile, timings }: ServiceOptions, from: number, signal: AbortSignal): Promise<undefined> {
  let answer = 'no answer';
  for (const until = Date.now() + timings.readyWithin; Date.now() < until; await sleep(50, undefined, { signal })) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok && linesSince(logFile, from).flatMap(readLogLine).some(({ msg }) => msg === 'listening')) return undefined;
      answer = `${response.status} ${(await response.text()).slice(0, 500)}`;
    } catch {
      // not listening yet
    }
  }
  throw new StartProblem(`The service is not ready after ${timings.readyWithin / 1_000} s: ${answer}.`, `Its log: ${logFile}`);
}

/** Puts a big log aside; answers where the next words will begin. */
function prepareLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= 10_000_000) return size;
  renameSync(file, `${file}.1`);
  return 0;
}

/** What the service said to a person (plain lines); without any, its last fatal log line. */
function lastWords(file: string, from: number): string {
  const lines = linesSince(file, from);
  const plain = lines.filter((line) => !line.startsWith('{'));
  if (plain.length > 0) return ` It said:\n${plain.slice(-15).join('\n')}`;
  const fatal = lines.flatMap(readLogLine).filter(({ level }) => level >= 50).at(-1);
  return fatal ? ` It said: ${[fatal.msg, fatal.err?.message].filter(Boolean).join(' ')}` : '';
}

const linesSince = (file: string, from: number): string[] => readFileSync(file).subarray(from).toString('utf8').split('\n').filter((line) => line.trim() !== '');

interface LogLine {
  readonly level: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

function readLogLine(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}
