// A worker's own connection: what its timer and its claims ask there at the same time is asked one after the other.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { openSession } from '../../../plugins-proxy/schedule/session';
import { createWorker } from '../../../plugins-proxy/schedule/worker';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { createPool } from '../../../plugins-proxy/database/createPool';
import { createGates } from '../../../plugins-proxy/schedule/gates';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { bench, quick, row, silent, until } from './bench';

afterEach(() => void jest.restoreAllMocks());

describe('the session', () => {
  test('asks one thing at a time, in order, and goes on after a refusal', async () => {
    const session = await openSession({ pool: bench.pool, connectionString: bench.url, notified: () => undefined, patience: 5_000 });
    const query = pg.Client.prototype.query as (this: pg.Client, ...words: unknown[]) => Promise<unknown>;
    let [underWay, most] = [0, 0];
    jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...words: unknown[]) {
      most = Math.max(most, (underWay += 1));
      return query.apply(this, words).finally(() => (underWay -= 1));
    } as never);
    const answered: number[] = [];
    const ask = (n: number) => session.ask<{ n: number }>({ text: 'select $1::integer as n, pg_sleep(0.01)', values: [n] }).then(({ rows }) => answered.push(rows[0]!.n));
    const refused = async (): Promise<void> => expect(session.ask({ text: 'select 1/0' })).rejects.toThrow('division by zero');
    await Promise.all([ask(1), ask(2), refused(), ask(3), ask(4)]);
    expect(answered).toEqual([1, 2, 3, 4]);
    expect(most).toBe(1);
    await session.close();
  });
});

test('a claim whose answer came too late leaves no row behind that nobody runs', async () => {
  const patience = 600;
  const keys: string[] = [];
  const { worker } = await bench.work(async ({ key }) => { keys.push(key); return { type: 'done' }; }, { timings: { ...quick, connect: patience } });
  const first = worker.stats().instance;
  const blocker = await bench.pool.connect();
  try {
    // What claims touch and the worker's other questions do not: the claim alone waits, is given up, and would be carried out afterwards.
    await blocker.query('begin; lock table cosell.link in access exclusive mode');
    await ring(bench.pool, [{ key: 'crm:dataverse:opportunity:o1', sides: 1, priority: 1 }]);
    await sleep(patience * 1.5);
    await blocker.query('commit');
  } finally {
    blocker.release();
  }
  await until(() => keys.length === 1, 5_000);
  await until(async () => (await row(bench.pool, keys[0]!)).lease === null);
  expect(worker.stats().instance).not.toBe(first);
});

test('a database that falls silent without a word (a failover, a firewall) holds nobody up: its connections are given up and work goes on', async () => {
  const answerMs = 800;
  const proxy = await startProxy(bench.url);
  const pool = createPool(proxy.url, 4, () => undefined, answerMs);
  const timings = { ...quick, connect: answerMs };
  const keys: string[] = [];
  const worker = createWorker({
    pool, connectionString: proxy.url, store: createStore(pool), gates: createGates({ pool, timings }), log: silent, timings, concurrency: 2,
    run: async ({ key }) => {
      if (key === 'k1') proxy.silence();
      await pool.query('select 1');
      keys.push(key);
      return { type: 'done' };
    },
  });
  try {
    await worker.start();
    await ring(bench.pool, [{ key: 'k1', sides: 1, priority: 1 }]);
    await until(() => proxy.isSilent());
    await ring(bench.pool, ['k2', 'k3', 'k4'].map((key) => ({ key, sides: 1, priority: 1 })));
    await until(() => ['k2', 'k3', 'k4'].every((key) => keys.includes(key)), 10_000);
  } finally {
    await worker.stop(100);
    await pool.end().catch(() => undefined);
    proxy.close();
  }
});

test('a server that takes no more writes (after a failover, or with a full disk) is left for the one that the address leads to now', async () => {
  const done: string[] = [];
  const { worker } = await bench.work(async ({ key }) => { done.push(key); return { type: 'done' }; });
  const first = worker.stats().instance;
  const administer = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: bench.server.url });
    await client.connect();
    await client.query('set session characteristics as transaction read write');
    await client.query(text);
    await client.query('select pg_reload_conf()');
    await client.end();
  };
  try {
    await administer('alter system set default_transaction_read_only = on');
    await until(() => worker.stats().instance !== first, 5_000);
  } finally {
    await administer('alter system reset default_transaction_read_only');
  }
  await until(() => worker.stats().instance !== null, 5_000);
  await ring(bench.pool, [{ key: 'k1', sides: 1, priority: 1 }]);
  await until(() => done.length === 1, 5_000);
});

interface Proxy {
  readonly url: string;
  /** Whatever is connected now hears nothing more, and is not told so; who connects afterwards is served. */
  silence(): void;
  isSilent(): boolean;
  close(): void;
}

async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  let silenced = false;
  const server = createServer((near) => {
    const far = connect(port, target.hostname);
    for (const [from, to] of [[near, far], [far, near]] as const) from.on('error', () => undefined).on('close', () => to.destroy()).pipe(to);
    sockets.add(near).add(far);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    silence() {
      if (silenced) return;
      silenced = true;
      for (const each of sockets) each.unpipe().pause();
    },
    isSilent: () => silenced,
    close() {
      server.close();
      for (const each of sockets) each.destroy();
    },
  };
}
