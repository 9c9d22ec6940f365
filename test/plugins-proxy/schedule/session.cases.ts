// A worker's own connection: what its timer and its claims ask there at the same time is asked one after the other.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { openSession } from '../../../plugins-proxy/schedule/session';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { bench, quick, row, until } from './bench';

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
