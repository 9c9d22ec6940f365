// The schedule under test: a database of its own, short waits, and workers whose runs the test writes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { createPool } from '../../../plugins-proxy/database/createPool';
import type { Lease } from '../../../plugins-proxy/ports/store';
import { createGates, type SharedGates } from '../../../plugins-proxy/schedule/gates';
import type { RunOutcome } from '../../../plugins-proxy/schedule/judge';
import { createWorker, type RunEnd, type Worker } from '../../../plugins-proxy/schedule/worker';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { migrate } from '../../../plugins-proxy/store/migrate';
import { timings as usual, type Timings } from '../../../plugins-proxy/timings';
import { startTemporaryPostgres, type TemporaryPostgres } from '../../kit/postgres';

export const quick: Timings = { ...usual, recordBackOff: 200, recordBackOffMax: 2_000, probe: 200, probeMax: 1_000, bellFloor: 300, poll: 200 };
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const tables = ['work', 'gate', 'chore', 'link', 'seen_referral', 'connection', 'credential'];

export interface Running {
  readonly worker: Worker;
  readonly gates: SharedGates;
  readonly ends: RunEnd[];
}

export interface Bench {
  readonly pool: Pool;
  readonly url: string;
  readonly server: TemporaryPostgres;
  /** A started worker; `run` sees its own gates. */
  work(run: (lease: Lease, signal: AbortSignal, gates: SharedGates) => Promise<RunOutcome>, more?: { timings?: Timings; concurrency?: number; sharedBy?: readonly string[] }): Promise<Running>;
  /** Stops all workers and empties the tables. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Open between `openBench` and its `close`. */
export let bench: Bench;

export async function openBench(): Promise<void> {
  const server = await startTemporaryPostgres();
  const url = await server.createDatabase('schedule');
  const pool = createPool(url, 20, () => undefined);
  await migrate(pool);
  const workers: Worker[] = [];
  const clear = async (): Promise<void> => {
    await Promise.all(workers.splice(0).map((each) => each.stop(500)));
    await pool.query(tables.map((table) => `delete from cosell.${table}`).join(';'));
  };
  bench = {
    pool, url, server, clear,
    work: async (run, { timings = quick, concurrency = 4, sharedBy = [] } = {}) => {
      const gates = createGates({ pool, timings });
      const ends: RunEnd[] = [];
      const worker = createWorker({
        pool, connectionString: url, store: createStore(pool), gates, concurrency, sharedBy, timings, log: silent,
        run: (lease, signal) => run(lease, signal, gates), ended: (end) => ends.push(end),
      });
      workers.push(worker);
      await worker.start();
      return { worker, gates, ends };
    },
    close: async () => {
      await clear();
      await pool.end();
      await server.stop();
    },
  };
}

/** Waits until something is so; fails after `ms`. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 3_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('It did not become so in time.');
    await sleep(10);
  }
}

export async function row(pool: Pool, key: string): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await pool.query('select * from cosell.work where key = $1', [key]);
  return rows[0] as Readonly<Record<string, unknown>>;
}
