// The work table and its workers on a real PostgreSQL: nothing lost, nothing twice, nothing hammered.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { RemoteFailure } from '../../../plugins-proxy/ports/failure';
import { LeaseLost, side, type Lease } from '../../../plugins-proxy/ports/store';
import { listParked, replayParked } from '../../../plugins-proxy/schedule/parked';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { workCounts } from '../../../plugins-proxy/schedule/workCounts';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { bench, quick, row, until } from './bench';


const key = 'crm:dataverse:opportunity:1';
const bell = (of = key, sides: number = side.crm, priority: 0 | 1 | 5 = 1) => ({ key: of, sides, priority });
const done = { type: 'done' } as const;
const settled = async (of = key): Promise<boolean> => { const seen = await row(bench.pool, of); return seen.wanted === seen.done && seen.lease === null; };

describe('bells', () => {
  test('many bells before a run make one run with all their sides', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => ring(bench.pool, [bell(key, n % 2 ? side.crm : side.partner)])));
    const leases: Lease[] = [];
    await bench.work(async (lease) => { leases.push(lease); return done; });
    await until(() => settled());
    expect(leases).toHaveLength(1);
    expect(leases[0]!.sides).toBe(side.crm | side.partner);
    expect(leases[0]!.wanted).toBe('20');
    expect(leases[0]!.attempts).toBe(1);
  });

  test('several bells of one key in one call count as one, in the most urgent class', async () => {
    await ring(bench.pool, [bell(key, side.crm, 5), bell(key, side.microsoft, 0)]);
    expect(await row(bench.pool, key)).toMatchObject({ wanted: '1', sides: 5, priority: 0 });
  });

  test('a bell during a run makes another run, with its own sides only', async () => {
    const leases: Lease[] = [];
    await bench.work(async (lease) => {
      leases.push(lease);
      if (leases.length === 1) await ring(bench.pool, [bell(key, side.partner)]);
      return done;
    });
    await ring(bench.pool, [bell()]);
    await until(() => leases.length === 2);
    await until(() => settled());
    expect(leases.map((lease) => lease.sides)).toEqual([side.crm, side.partner]);
    expect(leases.map((lease) => lease.attempts)).toEqual([1, 1]);
  });

  test('a delayed bell waits, and an urgent one does not wait with it', async () => {
    const times: number[] = [];
    await bench.work(async () => { times.push(performance.now()); return done; });
    const from = performance.now();
    await ring(bench.pool, [{ ...bell(), delayMs: 400 }]);
    await until(() => times.length === 1);
    expect(times[0]! - from).toBeGreaterThan(380);
    expect(times[0]! - from).toBeLessThan(700);
    await ring(bench.pool, [{ ...bell(), delayMs: 60_000 }]);
    await ring(bench.pool, [bell()]);
    await until(() => times.length === 2, 300);
  });

  test('a run that owes something keeps its sides and the time of its first bell', async () => {
    const leases: Lease[] = [];
    await bench.work(async (lease) => { leases.push(lease); return leases.length === 1 ? { type: 'later', afterMs: 150 } : done; });
    await ring(bench.pool, [bell(key, side.partner)]);
    await until(() => leases.length === 2);
    expect(leases[1]).toMatchObject({ sides: side.partner, rungOn: leases[0]!.rungOn, attempts: 2 });
  });
});

describe('records that fail', () => {
  const failing = () => new RemoteFailure('Dataverse answered 500.', { connection: 'dataverse', class: 'remote', status: 500 });

  test('a bell every 20 ms does not hammer a failing record', async () => {
    const times: number[] = [];
    await bench.work(async () => { times.push(performance.now()); throw failing(); }, { timings: { ...quick, recordBackOff: 60_000, recordBackOffMax: 60_000, bellFloor: 500 } });
    const end = performance.now() + 1_200;
    while (performance.now() < end) {
      await ring(bench.pool, [bell()]);
      await sleep(20);
    }
    expect(times.length).toBeGreaterThanOrEqual(2);
    for (let n = 1; n < times.length; n += 1) expect(times[n]! - times[n - 1]!).toBeGreaterThan(480);
  });

  test('a new wish does not wait behind a long back-off, also when it rang during the failing run', async () => {
    const times: number[] = [];
    await bench.work(async () => {
      times.push(performance.now());
      if (times.length === 1) await ring(bench.pool, [bell()]);
      if (times.length < 3) throw failing();
      return done;
    }, { timings: { ...quick, recordBackOff: 60_000, recordBackOffMax: 60_000 } });
    await ring(bench.pool, [bell()]);
    await until(() => times.length === 2, 1_000);
    await sleep(100);
    await ring(bench.pool, [bell()]);
    await until(() => times.length === 3, 1_000);
    await until(() => settled());
    expect(await row(bench.pool, key)).toMatchObject({ attempts: 0, class: null });
  });

  test('waits double, and another class of failure starts again at one', async () => {
    const tries: number[] = [];
    const times: number[] = [];
    await bench.work(async (lease) => {
      tries.push(lease.attempts);
      times.push(performance.now());
      if (tries.length <= 3) throw failing();
      if (tries.length <= 5) throw new TypeError('oops');
      return done;
    }, { timings: { ...quick, recordBackOff: 60 } });
    await ring(bench.pool, [bell()]);
    await until(() => tries.length === 6);
    expect(tries).toEqual([1, 2, 3, 4, 2, 3]);
    // At least so long, by the database's clock; how much longer is the machine's affair.
    const waits = [60, 120, 240].map((least, n) => times[n + 1]! - times[n]! - least);
    for (const more of waits) expect(more).toBeGreaterThan(-5);
  });

  test('an unexpected failure is parked after five tries, tried once more per bell, and replayed with both sides', async () => {
    const leases: Lease[] = [];
    await bench.work(async (lease) => { leases.push(lease); if (leases.length < 8) throw new TypeError('oops'); return done; }, { timings: { ...quick, recordBackOff: 10, bellFloor: 50 } });
    await ring(bench.pool, [bell()]);
    const isParked = async (): Promise<boolean> => (await listParked(bench.pool)).length === 1;
    await until(isParked);
    await sleep(300);
    expect(leases).toHaveLength(5);
    expect((await listParked(bench.pool))[0]).toMatchObject({ key, why: 'TypeError: oops', attempts: 5 });
    expect((await workCounts(bench.pool)).parked).toBe(1);
    await ring(bench.pool, [bell()]);
    await until(() => leases.length === 6);
    await until(isParked);
    await sleep(200);
    expect(leases).toHaveLength(6);
    expect(await replayParked(bench.pool, key)).toBe(true);
    await until(() => leases.length === 8);
    await until(() => settled());
    expect(leases[6]!.sides & side.both).toBe(side.both);
    expect(leases[6]!.attempts).toBe(1);
    expect(await replayParked(bench.pool, key)).toBe(false);
  });
});

describe('order', () => {
  test('background work never starves: it goes before an urgent bell that rang 51 s later', async () => {
    await ring(bench.pool, [bell('old', side.crm, 5), bell('person', side.crm, 0), bell('change', side.crm, 1)]);
    await bench.pool.query(`update cosell.work set due = due - interval '51 s' where key = 'old'`);
    const order: string[] = [];
    await bench.work(async (lease) => { order.push(lease.key); return done; }, { concurrency: 1 });
    await until(() => order.length === 3);
    expect(order).toEqual(['old', 'person', 'change']);
  });
});

describe('several processes', () => {
  test('two workers share the rows, and no record runs twice at a time', async () => {
    const active = new Set<string>();
    const by = new Map<number, number>();
    let doubled = 0;
    const run = async (lease: Lease) => {
      if (active.has(lease.key)) doubled += 1;
      active.add(lease.key);
      by.set(lease.owner, (by.get(lease.owner) ?? 0) + 1);
      await sleep(5);
      active.delete(lease.key);
      return done;
    };
    await bench.work(run);
    await bench.work(run);
    const keys = Array.from({ length: 60 }, (_, n) => bell(`k${n}`));
    for (let n = 0; n < 5; n += 1) {
      await ring(bench.pool, keys);
      await sleep(20);
    }
    await until(async () => (await workCounts(bench.pool)).pending === 0);
    expect(doubled).toBe(0);
    expect(by.size).toBe(2);
  });

  test('a lost session stops the runs, refuses their commit, and the record is run by a new instance', async () => {
    const seen: { owner: number; refused: boolean; aborted: boolean }[] = [];
    const store = createStore(bench.pool);
    const { worker } = await bench.work(async (lease, signal) => {
      if (seen.length > 0) { seen.push({ owner: lease.owner, refused: false, aborted: signal.aborted }); return done; }
      const entry = { owner: lease.owner, refused: false, aborted: false };
      seen.push(entry);
      await bench.pool.query(`select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.objid = $1 and l.objsubid = 2`, [lease.owner]);
      await until(() => signal.aborted);
      entry.aborted = true;
      await until(async () => (await row(bench.pool, key)).lease !== lease.owner);
      await store.commit({ lease, finish: true }).catch((error: unknown) => { entry.refused = error instanceof LeaseLost; throw error; });
      return done;
    });
    await ring(bench.pool, [bell()]);
    await until(() => seen.length === 2 && seen[0]!.refused);
    await until(() => settled());
    expect(seen[0]).toMatchObject({ aborted: true, refused: true });
    expect(seen[1]!.owner).not.toBe(seen[0]!.owner);
    expect(worker.stats()).toMatchObject({ leaseLost: 1, done: 1, instance: seen[1]!.owner });
  });

  test('stopping lets what runs end, and claims nothing more', async () => {
    let ended = false;
    const { worker } = await bench.work(async () => { await sleep(200); ended = true; return done; });
    await ring(bench.pool, [bell()]);
    await until(() => worker.stats().running === 1);
    await worker.stop();
    expect(ended).toBe(true);
    expect(await settled()).toBe(true);
    await ring(bench.pool, [bell()]);
    await sleep(100);
    expect(await settled()).toBe(false);
  });
});

describe('two CRMs', () => {
  const never = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  const hangs = (lease: Lease, signal: AbortSignal): Promise<typeof done> => (lease.key.startsWith('crm:b:') ? never(signal) : Promise.resolve(done));
  const of = (connection: string, count: number) => Array.from({ length: count }, (_, n) => bell(`crm:${connection}:opportunity:${n}`));

  test('one that does not answer never has all runs, and the other goes on', async () => {
    const { worker } = await bench.work(hangs, { concurrency: 4, sharedBy: ['a', 'b'] });
    for (const name of ['one', 'two']) await worker.registerChore({ name, connection: 'b', everyMs: 60_000, firstAfterMs: 0, run: (_cursor, _lease, signal) => never(signal) });
    await ring(bench.pool, of('b', 20));
    await until(() => worker.stats().running === 3);
    await ring(bench.pool, of('a', 40));
    await until(() => worker.stats().done === 40);
    await until(() => worker.stats().running === 3);
    expect((await workCounts(bench.pool)).pending).toBeLessThanOrEqual(22);
  });

  test('where only one has work, it may have its share, and a lone CRM has all', async () => {
    const shared = await bench.work(hangs, { concurrency: 4, sharedBy: ['a', 'b'] });
    await ring(bench.pool, of('b', 10));
    await until(() => shared.worker.stats().running === 3);
    await sleep(100);
    expect(shared.worker.stats().running).toBe(3);
    await bench.clear();
    const alone = await bench.work(hangs, { concurrency: 4, sharedBy: ['b'] });
    await ring(bench.pool, of('b', 10));
    await until(() => alone.worker.stats().running === 4);
  });
});
