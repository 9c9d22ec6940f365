// A worker's own connection: what its timer and its claims ask there at the same time is asked one after the other.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { openSession } from '../../../plugins-proxy/schedule/session';
import { bench } from './bench';

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
