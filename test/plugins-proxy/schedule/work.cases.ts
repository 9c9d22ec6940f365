// The work table and its workers on a real PostgreSQL: nothing lost, nothing twice, nothing hammered.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { RemoteFailure } from '../../../plugins-proxy/ports/failure';
import { LeaseLost, side, type Lease } from '../../../plugins-proxy/ports/store';
import { listParked, replayParked } from '../../../plugins-proxy/schedule/parked';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { roomFor } from '../../../plugins-proxy/schedule/roomFor';
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
    expect(times[3]! - times[2]!).toBeGreaterThan((times[1]! - times[0]!) * 2);
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

describe('of several CRMs', () => {
  const keyOf = (crm: string, n: number): string => `crm:${crm}:opportunity:${n}`;

  test('none takes all the runs, and one that hangs does not stop the other', async () => {
    const [hanging, done]: [string[], string[]] = [[], []];
    let letGo = (): void => undefined;
    const released = new Promise<void>((resolve) => { letGo = resolve; });
    await ring(bench.pool, Array.from({ length: 10 }, (_, n) => bell(keyOf('hangs', n))));
    await bench.work(async ({ key: of }) => {
      if (!of.startsWith('crm:hangs')) return done.push(of), { type: 'done' };
      hanging.push(of);
      await released;
      return { type: 'done' };
    }, { concurrency: 4, sharing: ['hangs', 'works'] });
    await until(() => hanging.length === 3);
    await ring(bench.pool, Array.from({ length: 5 }, (_, n) => bell(keyOf('works', n))));
    await until(() => done.length === 5);
    await sleep(quick.poll * 2);
    expect(hanging).toHaveLength(3);
    letGo();
    await until(async () => (await Promise.all(Array.from({ length: 10 }, (_, n) => settled(keyOf('hangs', n))))).every(Boolean));
  });

  test('where one is on alone it takes them all', async () => {
    let [atOnce, most] = [0, 0];
    await ring(bench.pool, Array.from({ length: 8 }, (_, n) => bell(keyOf('alone', n))));
    await bench.work(async () => {
      most = Math.max(most, (atOnce += 1));
      await sleep(50);
      atOnce -= 1;
      return { type: 'done' };
    }, { concurrency: 4, sharing: ['alone'] });
    await until(async () => (await Promise.all(Array.from({ length: 8 }, (_, n) => settled(keyOf('alone', n))))).every(Boolean));
    expect(most).toBe(4);
  });

  test('chores count among the runs, and the room is what the fullest has left', () => {
    const room = { concurrency: 8, sharing: ['a', 'b'], chores: ['chore:walk:a', 'chore:walk:b', 'chore:walk:partner-center'] };
    expect(roomFor({ ...room, running: [] })).toEqual({ limit: 6, full: [], chores: room.chores });
    expect(roomFor({ ...room, running: ['crm:a:opportunity:1', 'crm:b:opportunity:1', 'pc:partner-center:1'] })).toEqual({ limit: 5, full: [], chores: room.chores });
    const sixOfA = ['chore:walk:a', ...Array.from({ length: 5 }, (_, n) => `crm:a:account:${n}`)];
    expect(roomFor({ ...room, running: sixOfA })).toEqual({ limit: 2, full: ['a'], chores: ['chore:walk:b', 'chore:walk:partner-center'] });
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
