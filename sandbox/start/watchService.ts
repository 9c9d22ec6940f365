// `npm start`: keeps the service running.
//
// starting: the first life. One that does not become ready ends the try-out with the service's own words.
// running: until the process ends by itself; that is said, and after a pause it is started again.
// restarting: pauses double (a life of a minute resets them); five lives in a row that never became ready are enough, and it is given up.
// halted: somebody made trouble on the start page; told to drain and left ended until it is let go on, which begins a life as at the start.
// stopped: told to drain, killed when it does not. Nothing is started any more.
import { setTimeout as sleep } from 'node:timers/promises';
import { beginLife, type ServiceLife, type ServiceOptions } from './serviceLife';
import { StartProblem } from './startProblem';

export interface WatchedService {
  /** The process as it is now. */
  pid(): number;
  state(): 'running' | 'restarting' | 'halting' | 'halted';
  /** Told when the state is another one. */
  onState(listener: () => void): void;
  /** Drains and ends it until `goOn`; twice is as once. */
  halt(): Promise<void>;
  /** Starts it again. @throws StartProblem when it does not become ready */
  goOn(): Promise<void>;
  /** Settles with the reason when the service is given up. */
  readonly givenUp: Promise<StartProblem>;
  /** Drains and ends it. */
  stop(): Promise<void>;
}

export interface WatchOptions extends ServiceOptions {
  readonly say: (line: string) => void;
  /** First pause before a restart, milliseconds. */
  readonly pause?: number;
}

const LIVES = 5;
const LONGEST_PAUSE_MS = 15_000;
const GOOD_LIFE_MS = 60_000;

/** @throws StartProblem when the first life does not become ready */
export async function watchService(options: WatchOptions, signal: AbortSignal): Promise<WatchedService> {
  const stopping = new AbortController();
  let life: ServiceLife | undefined = await beginLife(options, signal);
  let pid = life.pid;
  let state: ReturnType<WatchedService['state']> = 'running';
  let giveUp: (problem: StartProblem) => void = () => undefined;
  const givenUp = new Promise<StartProblem>((resolve) => (giveUp = resolve));
  const restarts = createRestarts(options, stopping.signal);
  const listeners: (() => void)[] = [];
  const become = (next: typeof state): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  const watch = async (): Promise<void> => {
    while (life) {
      const born = Date.now();
      const how = await life.ended;
      if (stopping.signal.aborted || state !== 'running') return;
      become('restarting');
      options.say(`The service ended unexpectedly (${how}); it is being started again. Its log: ${options.logFile}`);
      const next = await restarts.next(Date.now() - born);
      if (next instanceof StartProblem) giveUp(next);
      life = next instanceof StartProblem ? undefined : next;
      if (life) pid = life.pid;
      if (life) become('running');
    }
  };
  let watching = watch();
  // One change at a time: who goes on while it is being halted waits for the halt.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (deed: () => Promise<void>): Promise<void> => {
    const mine = turn.then(() => (stopping.signal.aborted ? undefined : deed()));
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    pid: () => pid,
    state: () => state,
    onState: (listener) => void listeners.push(listener),
    halt: () =>
      inTurn(async () => {
        if (state !== 'running') return;
        become('halting');
        await life?.stop();
        await watching;
        become('halted');
      }),
    goOn: () =>
      inTurn(async () => {
        if (state !== 'halted') return;
        become('restarting');
        try {
          life = await beginLife(options, stopping.signal);
        } catch (error) {
          become('halted');
          throw error;
        }
        pid = life.pid;
        become('running');
        watching = watch();
      }),
    givenUp,
    async stop() {
      stopping.abort();
      await turn;
      if ((await life?.stop()) === 'killed') options.say('The service did not stop in time and was killed; the next start takes up its database.');
      await watching;
    },
  };
}

function createRestarts(options: WatchOptions, stopping: AbortSignal): { next(livedMs: number): Promise<ServiceLife | StartProblem | undefined> } {
  const first = options.pause ?? 500;
  let pause = first;
  return {
    async next(livedMs) {
      if (livedMs > GOOD_LIFE_MS) pause = first;
      let problem = new StartProblem('The service was given up.');
      for (let tries = 0; tries < LIVES; tries += 1) {
        await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
        if (stopping.aborted) return undefined;
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        try {
          const life = await beginLife(options, stopping);
          options.say('The service runs again.');
          return life;
        } catch (error) {
          if (stopping.aborted) return undefined;
          if (!(error instanceof StartProblem)) throw error;
          problem = error;
        }
      }
      return problem;
    },
  };
}
