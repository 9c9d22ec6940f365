// The worker: claims rows whose time has come, runs them side by side, and puts back what they owe. One record is never run twice at a time, in
// whatever process: a claim holds its row until the run has ended or the process is dead.
import type { Pool } from 'pg';
import { LeaseLost, type Lease, type Store } from '../ports/store';
import { timings as usual, type Timings } from '../timings';
import { isFinished } from '../store/storeCommit';
import { choreCursor, choreKey, finishChore, scheduleChore, type Chore } from './chores';
import { claim, connectionOf, nextDue, type Claim } from './claim';
import { finish, putBack } from './endRun';
import type { SharedGates } from './gates';
import { classify as usualClasses, judge, type Failure, type Later, type RunOutcome } from './judge';
import type { ScheduleLog } from './scheduleLog';
import type { Session } from './session';
import { createStanding } from './standing';

export interface WorkerOptions {
  readonly pool: Pool;
  /** Of the same database, for the session of this process: directly, or through a pooler in session mode. */
  readonly connectionString: string;
  readonly store: Store;
  readonly gates: SharedGates;
  /** Runs at a time (8). */
  readonly concurrency?: number;
  /** Connections whose records share the runs: where there are several, none gets all, so that one which does not answer holds up no other. */
  readonly sharedBy?: readonly string[];
  readonly timings?: Timings;
  /** One run over one record. The signal is aborted when the lease is lost: stop, write nothing. */
  readonly run: (lease: Lease, signal: AbortSignal) => Promise<RunOutcome>;
  readonly classify?: (thrown: unknown) => Failure;
  readonly log: ScheduleLog;
  /** Told of each end, for metrics. */
  readonly ended?: (how: RunEnd) => void;
}

export interface RunEnd {
  readonly key: string;
  readonly outcome: 'done' | 'later' | 'waits' | 'failed' | 'parked' | 'leaseLost';
  readonly tookMs: number;
}

export interface WorkerStats {
  /** This process's number in the schedule; `null` while it has no session. */
  readonly instance: number | null;
  readonly running: number;
  readonly claimed: number;
  readonly done: number;
  readonly later: number;
  readonly waits: number;
  readonly failed: number;
  readonly parked: number;
  readonly leaseLost: number;
}

export interface Worker {
  /** @throws when the database cannot be reached or is pooled by transaction */
  start(): Promise<void>;
  /** Claims nothing more, lets what runs end (at most `drainMs`, 30 s, then aborts it) and gives up the instance. */
  stop(drainMs?: number): Promise<void>;
  /** At any time; the same chore of several processes is run by one of them at a time. */
  registerChore(chore: Chore): Promise<void>;
  stats(): WorkerStats;
}

/** Of all runs, the most that one of several connections may have. */
const SHARE_OF_ONE = 0.75;
/** A row that is due but locked by another process this moment is not asked for in a tight circle. */
const shortestWait = 5;
const restBeforeAsking = 20;
/** After its signal a run has so long to come back. */
const patience = 5_000;

/** A worker that is not yet started. */
export function createWorker(options: WorkerOptions): Worker {
  const { pool, gates, run, log, concurrency = 8, sharedBy = [], timings = usual, classify = usualClasses } = options;
  const mostOfOne = sharedBy.length > 1 ? Math.max(1, Math.floor(concurrency * SHARE_OF_ONE)) : concurrency;
  const chores = new Map<string, Chore>();
  const running = new Map<Promise<void>, { readonly abort: AbortController; readonly connection: string }>();
  const counts = { claimed: 0, done: 0, later: 0, waits: 0, failed: 0, parked: 0, leaseLost: 0 };
  let draining = false;
  let claiming: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;

  const standing = createStanding({
    pool, connectionString: options.connectionString, timings, log,
    notified: (channel) => (channel === 'cosell_gate' ? refreshGates() : claimMore()),
    begun: (session) => {
      gates.attach(session.instance);
      refreshGates();
      session.signal.addEventListener('abort', () => { for (const each of running.values()) each.abort.abort(); }, { once: true });
    },
    looked: () => {
      refreshGates();
      claimMore();
    },
  });
  const refreshGates = (): void => void gates.refresh().catch(() => undefined);

  /** One claim at a time: what becomes free or is rung meanwhile is covered by the next. */
  const claimMore = (): void => {
    again = true;
    if (claiming) return;
    claiming = (async () => {
      while (again) {
        again = false;
        await claimOnce();
      }
    })().finally(() => {
      claiming = null;
      if (again) claimMore();
    });
  };
  const claimOnce = async (): Promise<void> => {
    const session = standing.session();
    const free = concurrency - running.size;
    if (!session || draining || free <= 0) return;
    const known = [...chores.keys()];
    const { full, most } = roomLeft();
    const limit = Math.min(free, most);
    const claims = await claim(session.ask, session.instance, known, full, limit).catch((accident: unknown) => afterFailedClaim(session, accident));
    if (!claims) return;
    for (const each of claims) begin(each, session);
    if (claims.length < limit && !draining) askForNext(known, full);
    else again ||= limit < free;
  };
  /** A claim that was not answered may still be carried out: its rows would be held by an instance that runs none of them, so the instance ends. */
  const afterFailedClaim = (session: Session, accident: unknown): undefined => {
    const { code } = accident as { code?: unknown };
    log.warn({ code }, 'Work could not be claimed now.');
    if (!code) session.abandon();
  };
  /** Connections that have their share, and how many runs any other one may still get. */
  const roomLeft = (): { readonly full: readonly string[]; readonly most: number } => {
    const left = sharedBy.map((connection) => ({ connection, runs: mostOfOne - [...running.values()].filter((each) => each.connection === connection).length }));
    return { full: left.filter(({ runs }) => runs <= 0).map(({ connection }) => connection), most: Math.min(concurrency, ...left.map(({ runs }) => runs).filter((runs) => runs > 0)) };
  };
  /** In a burst every end of a run claims anew; when the next row is due need not be asked each time. */
  const askForNext = (known: readonly string[], full: readonly string[]): void => {
    if (asking) return;
    asking = setTimeout(() => {
      asking = undefined;
      const session = standing.session();
      if (session && !draining) void wakeAtNext(session, known, full).catch(() => undefined);
    }, restBeforeAsking);
  };
  const wakeAtNext = async (session: Session, known: readonly string[], full: readonly string[]): Promise<void> => {
    const wait = await nextDue(session.ask, known, full, timings.poll);
    clearTimeout(timer);
    if (wait < timings.poll && !draining) timer = setTimeout(claimMore, Math.max(shortestWait, wait));
  };

  const begin = (own: Claim, session: Session): void => {
    counts.claimed += 1;
    const abort = new AbortController();
    if (session.signal.aborted) abort.abort();
    const ending = travel(own, abort.signal, session).finally(() => {
      running.delete(ending);
      claimMore();
    });
    running.set(ending, { abort, connection: connectionOf(own.key) });
  };
  const travel = async (own: Claim, signal: AbortSignal, session: Session): Promise<void> => {
    const started = performance.now();
    const chore = chores.get(own.key);
    const outcome = await (chore ? runChore(chore, own, signal, session) : runRecord(own, signal, session));
    counts[outcome] += 1;
    options.ended?.({ key: own.key, outcome, tookMs: performance.now() - started });
  };

  const runRecord = async (own: Claim, signal: AbortSignal, session: Session): Promise<RunEnd['outcome']> => {
    const end = await attempt(() => run(own, signal));
    if (isFinished(own)) return 'done';
    if (lost(end, signal)) return 'leaseLost';
    const owed = 'result' in end ? outcomeToEnd(end.result) : classify(end.thrown);
    if (!owed) return (await settle(session, () => finish(pool, own))) ? 'done' : 'leaseLost';
    const back = judge(own, owed, timings, Math.random());
    if ('thrown' in end) tellFailure(own.key, back.class, end.thrown);
    if (!(await settle(session, () => putBack(pool, own, back, timings.bellFloor)))) return 'leaseLost';
    if (back.parked) return 'parked';
    return back.class === 'later' || back.class === 'waits' ? back.class : 'failed';
  };
  const runChore = async (chore: Chore, own: Claim, signal: AbortSignal, session: Session): Promise<RunEnd['outcome']> => {
    const end = await attempt(async () => chore.run(await choreCursor(pool, own.key), own, signal));
    if (lost(end, signal)) return 'leaseLost';
    const failure = 'thrown' in end ? classify(end.thrown) : null;
    if (failure && 'thrown' in end) tellFailure(own.key, failure.class, end.thrown);
    const stored = 'result' in end ? end.result : { error: failure?.why ?? '', gate: failure?.gate ?? null };
    if (!(await settle(session, () => finishChore(pool, own, stored)))) return 'leaseLost';
    return failure ? 'failed' : 'done';
  };
  const tellFailure = (key: string, as: string, thrown: unknown): void => {
    if (as === 'bug') log.error({ key, class: as, err: thrown }, 'A run failed unexpectedly.');
    else log.warn({ key, class: as }, thrown instanceof Error ? thrown.message : 'A run failed.');
  };
  /** The end of a run must reach the table as long as this instance lives: nobody else may free its row. */
  const settle = async (session: Session, write: () => Promise<boolean | void>): Promise<boolean> => {
    while (!session.signal.aborted) {
      try {
        return (await write()) !== false;
      } catch (accident) {
        log.warn({ code: (accident as { code?: unknown }).code }, 'The end of a run could not be stored yet.');
        await new Promise<void>((resolve) => void setTimeout(resolve, Math.min(timings.poll, 1_000)));
      }
    }
    return false;
  };

  return {
    start: () => standing.start(),
    stop: async (drainMs = 30_000) => {
      draining = true;
      clearTimeout(timer);
      clearTimeout(asking);
      await claiming;
      await withinMs(Promise.allSettled(running.keys()), drainMs);
      for (const each of running.values()) each.abort.abort();
      await withinMs(Promise.allSettled(running.keys()), patience);
      await standing.stop();
      gates.attach(null);
    },
    registerChore: async (chore) => {
      chores.set(choreKey(chore), chore);
      await scheduleChore(pool, chore);
      claimMore();
    },
    stats: () => ({ instance: standing.session()?.instance ?? null, running: running.size, ...counts }),
  };
}

type Attempted<T> = { readonly result: T } | { readonly thrown: unknown };

async function attempt<T>(call: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { result: await call() };
  } catch (thrown) {
    return { thrown };
  }
}

/** After the signal nothing is written any more, however the run ended. */
const lost = (end: Attempted<unknown>, signal: AbortSignal): boolean => signal.aborted || ('thrown' in end && end.thrown instanceof LeaseLost);

/** `null` when nothing is owed. */
function outcomeToEnd(outcome: RunOutcome): Failure | Later | null {
  if (outcome.type === 'done') return null;
  return outcome.type === 'later' ? { class: 'later', afterMs: outcome.afterMs } : { class: 'waits', gate: outcome.gate, why: `Waits for ${outcome.gate}.` };
}

async function withinMs(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => { timer = setTimeout(resolve, ms); })]);
  clearTimeout(timer);
}
