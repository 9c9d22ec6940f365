// `npm start`: keeps the service running.
//
// starting: the first life. One that does not become ready ends the try-out with the service's own words.
// running: until the process ends by itself; that is said, and after a pause it is started again.
// restarting: pauses double (a life of a minute resets them); five lives in a row that never became ready are enough, and it is given up.
// stopped: told to drain, killed when it does not. Nothing is started any more.
import { setTimeout as sleep } from 'node:timers/promises';
import { beginLife, type ServiceLife, type ServiceOptions } from './serviceLife';
import { StartProblem } from './startProblem';

export interface WatchedService {
  /** The process as it is now. */
  pid(): number;
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
  let giveUp: (problem: StartProblem) => void = () => undefined;
  const givenUp = new Promise<StartProblem>((resolve) => (giveUp = resolve));
  const restarts = createRestarts(options, stopping.signal);

  const watch = async (): Promise<void> => {
    while (life) {
      const born = Date.now();
      const how = await life.ended;
      if (stopping.signal.aborted) return;
      options.say(`The service ended unexpectedly (${how}); it is being started again. Its log: ${options.logFile}`);
      const next = await restarts.next(Date.now() - born);
      if (next instanceof StartProblem) giveUp(next);
      life = next instanceof StartProblem ? undefined : next;
      if (life) pid = life.pid;
    }
  };
  const watching = watch();
  return {
    pid: () => pid,
    givenUp,
    async stop() {
      stopping.abort();
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
