// The package's doorbell as the platform carries it: a Queueable that calls the service with ids only, and its finalizer that tries again.
//
// A job waits from the moment its save is safe. It is over when the service heard it or refused it in a way that only an admin can mend; else its
// finalizer queues it again with a growing delay (the platform allows five times in a row: platform-facts.md section 9; the package uses four). After
// that the bell is lost: nothing but a walk finds the change. Jobs are kept, as Apex jobs are, so that a restart finds them. While paused all wait.
import { randomUUID } from 'node:crypto';
import type { RowStore } from '../rowStore';

export interface Bell {
  readonly recordIds: readonly string[];
  readonly attempt: number;
  /** A status, or why there was none. */
  readonly outcome: number | 'timeout' | 'unreachable' | 'no named credential' | 'nothing to tell';
  readonly at: string;
}

export interface Bells {
  /**
   * @param recordIds at most 200, 18 characters each
   * @param onlyIfShared the job looks which of them a shared deal hangs on, and tells those only
   */
  ring(recordIds: readonly string[], onlyIfShared: boolean): void;
  /** Jobs that a kill left behind. */
  resumeAll(): void;
  pause(): void;
  resume(): void;
  /** The next saves find no job left to enqueue: their bells never come to be. */
  loseNext(count: number): void;
  /** No doubled and no shuffled bells. */
  setExact(exact: boolean): void;
  redeliverLast(times: number): Promise<readonly Bell['outcome'][]>;
  /** Every callout, tries included. */
  readonly rung: readonly Bell[];
  /** Told of every callout once it has ended. */
  onRung(listener: (bell: Bell) => void): void;
  /** Jobs that are not finished. */
  waiting(): number;
  close(): void;
}

export interface BellOptions {
  readonly store: RowStore;
  now(): number;
  random(): number;
  readonly nasty: boolean;
  /** Least wait of a job in the queue, milliseconds. */
  readonly delayMs: number;
  /** The finalizer's delays, one for each further try; Apex delays in whole minutes. */
  readonly retryMs: readonly number[];
  readonly timeoutMs: number;
  /** Those of the records that a shared deal hangs on now. */
  shared(recordIds: readonly string[]): readonly string[];
  later(ms: number, task: () => void): void;
}

interface Job {
  readonly recordIds: readonly string[];
  readonly onlyIfShared: boolean;
  readonly attempts: number;
}

const PREFIX = 'job:';
const DOUBLED = 0.1;
const REMEMBERED = 10_000;

export function createBells(options: BellOptions): Bells {
  const { store } = options;
  const stop = new AbortController();
  const rung: Bell[] = [];
  const listeners: ((bell: Bell) => void)[] = [];
  const held: (() => void)[] = [];
  let last: readonly string[] | undefined;
  let toLose = 0;
  let paused = false;
  let exact = false;

  const call = async (recordIds: readonly string[], attempt: number): Promise<Bell['outcome']> => {
    if (recordIds.length === 0) return 'nothing to tell';
    const outcome = await post(store, recordIds, options.timeoutMs, stop.signal);
    if (stop.signal.aborted) return outcome;
    last = recordIds;
    const bell: Bell = { recordIds, attempt, outcome, at: new Date(options.now()).toISOString() };
    rung.push(bell);
    if (rung.length > REMEMBERED) rung.shift();
    for (const listener of listeners) listener(bell);
    return outcome;
  };
  const run = async (key: string): Promise<void> => {
    const job = store.recall<Job>(key);
    if (!job) return;
    const attempts = job.attempts + 1;
    const outcome = await call(job.onlyIfShared ? options.shared(job.recordIds) : job.recordIds, attempts);
    if (stop.signal.aborted) return;
    const delay = options.retryMs[attempts - 1];
    if (isOver(outcome) || delay === undefined) return store.forget(key);
    store.keep(key, { ...job, attempts } satisfies Job);
    schedule(key, delay);
  };
  const schedule = (key: string, ms: number): void => {
    const start = (): void => void run(key);
    options.later(ms, () => (paused ? void held.push(start) : start()));
  };
  // When a queued job starts, and which of two starts first, is nowhere promised (Apex guide, "Queueable Apex").
  const enqueue = (recordIds: readonly string[], onlyIfShared: boolean): void => {
    const key = PREFIX + randomUUID();
    store.keep(key, { recordIds, onlyIfShared, attempts: 0 } satisfies Job);
    schedule(key, options.delayMs + (options.nasty && !exact ? options.random() * 3 * options.delayMs : 0));
  };
  return {
    rung,
    onRung: (listener) => void listeners.push(listener),
    ring(recordIds, onlyIfShared) {
      if (toLose > 0) return void (toLose -= 1);
      const twice = options.nasty && !exact && options.random() < DOUBLED;
      store.afterCommit(() => {
        enqueue(recordIds, onlyIfShared);
        // A callout whose answer came too late is made again by the finalizer although it was heard.
        if (twice) enqueue(recordIds, onlyIfShared);
      });
    },
    resumeAll: () => store.kept<Job>(PREFIX).forEach(([key]) => schedule(key, options.delayMs)),
    pause: () => void (paused = true),
    resume() {
      paused = false;
      for (const start of held.splice(0)) start();
    },
    loseNext: (count) => void (toLose = count),
    setExact: (value) => void (exact = value),
    async redeliverLast(times) {
      const outcomes: Bell['outcome'][] = [];
      for (let time = 0; last && time < times; time += 1) outcomes.push(await call(last, 1));
      return outcomes;
    },
    waiting: () => store.kept(PREFIX).length,
    close: () => stop.abort(),
  };
}

/** Heard, or refused in a way that another try does not mend. */
const isOver = (outcome: Bell['outcome']): boolean => outcome === 'nothing to tell' || (typeof outcome === 'number' && outcome >= 200 && outcome < 500 && outcome !== 408 && outcome !== 429);

/** `POST /salesforce/events` (contract, "HTTP"); the key goes as the external credential's header makes it (salesforce.md section 1). */
async function post(store: RowStore, recordIds: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<Bell['outcome']> {
  const { doorbell, organizationId } = store.settings;
  if (!doorbell) return 'no named credential';
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(doorbell.url, {
      method: 'POST', redirect: 'manual', signal: AbortSignal.any([timeout, signal]),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${doorbell.key}`, 'user-agent': 'SFDC-Callout/66.0', 'sfdc-stack-depth': '1' },
      body: JSON.stringify({ organizationId, recordIds }),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return timeout.aborted ? 'timeout' : 'unreachable';
  }
}
