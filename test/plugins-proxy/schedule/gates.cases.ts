// Gates shared by two processes: closed for all at once, one probe alone, opened for all at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { RemoteFailure, type FailureClass } from '../../../plugins-proxy/ports/failure';
import { GateClosed } from '../../../plugins-proxy/ports/gates';
import type { Lease } from '../../../plugins-proxy/ports/store';
import type { SharedGates } from '../../../plugins-proxy/schedule/gates';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { workCounts } from '../../../plugins-proxy/schedule/workCounts';
import { bench, quick, until } from './bench';


const connection = 'partner-center';
const down = (as: FailureClass = 'unreachable', retryAfterMs?: number) => new RemoteFailure('Partner Center did not answer.', { connection, class: as, retryAfterMs });
const bells = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, sides: 1, priority: 1 as const }));

/** A remote system that can be switched off, and what it sees of us. */
function createRemote() {
  const remote = { isDown: true, calls: [] as number[], inFlight: 0, mostInFlight: 0 };
  const call = async (): Promise<void> => {
    remote.calls.push(performance.now());
    remote.inFlight += 1;
    remote.mostInFlight = Math.max(remote.mostInFlight, remote.inFlight);
    await sleep(30);
    remote.inFlight -= 1;
    if (remote.isDown) throw down();
  };
  const run = async (_lease: Lease, _signal: AbortSignal, gates: SharedGates) => {
    await gates.guard(connection, call);
    return { type: 'done' } as const;
  };
  return { remote, run };
}

test('a closed gate stops all processes, probes go alone and further apart, and its opening releases everybody at once', async () => {
  const { remote, run } = createRemote();
  const workers = [await bench.work(run), await bench.work(run)];
  await ring(bench.pool, bells(1));
  await until(async () => (await workCounts(bench.pool)).waiting === 1);
  await until(() => workers.every(({ gates }) => gates.state(connection).type === 'closed'));
  await until(() => remote.inFlight === 0);
  const closedAt = remote.calls.length;
  remote.mostInFlight = 0;
  await ring(bench.pool, bells(30));
  await until(async () => (await workCounts(bench.pool)).waiting >= 29);
  await sleep(900);
  expect(remote.mostInFlight).toBeLessThanOrEqual(1);
  const probes = remote.calls.slice(closedAt);
  expect(probes.length).toBeGreaterThanOrEqual(1);
  expect(probes.length).toBeLessThanOrEqual(4);
  for (const { gates } of workers) expect(gates.state(connection)).toMatchObject({ type: 'closed', code: 'remote-down' });
  remote.isDown = false;
  const before = remote.calls.length;
  await until(async () => (await workCounts(bench.pool)).pending === 0, 4_000);
  expect(remote.calls.length - before).toBe(30);
  for (const { gates } of workers) expect(gates.state(connection)).toEqual({ type: 'open' });
});

test('while Retry-After has not passed, no call is made at all', async () => {
  const { gates } = await bench.work(async () => ({ type: 'done' }));
  await expect(gates.guard(connection, async () => { throw down('throttled', 500); })).rejects.toBeInstanceOf(RemoteFailure);
  let calls = 0;
  const end = performance.now() + 400;
  while (performance.now() < end) {
    await expect(gates.guard(connection, async () => { calls += 1; })).rejects.toMatchObject({ name: 'GateClosed', code: 'throttled' });
    await sleep(20);
  }
  expect(calls).toBe(0);
  await sleep(150);
  await gates.guard(connection, async () => { calls += 1; });
  expect(calls).toBe(1);
  expect(gates.state(connection)).toEqual({ type: 'open' });
});

test.each([['for ever', Infinity, 3_600_000], ['for longer than a calendar has days', 1e18, 3_600_000], ['not to wait at all', 0, quick.probe]])('a system that asks %s is asked again after a sensible while', async (_, asked, expected) => {
  const { gates } = await bench.work(async () => ({ type: 'done' }));
  await expect(gates.guard(connection, async () => { throw down('throttled', asked); })).rejects.toBeInstanceOf(RemoteFailure);
  const state = gates.state(connection);
  expect(state.type).toBe('closed');
  const left = Date.parse((state as { nextTryOn: string }).nextTryOn) - Date.now();
  expect(left).toBeLessThanOrEqual(expected + 1_000);
  expect(left).toBeGreaterThan(expected - 1_000);
  const { rows } = await bench.pool.query<{ ms: number }>('select extract(epoch from next_try_on - since)::double precision * 1000 as ms from cosell.gate');
  expect(Math.round(rows[0]!.ms)).toBe(expected);
});

test('eight calls that fail together lengthen the wait only once', async () => {
  const { gates } = await bench.work(async () => ({ type: 'done' }));
  await Promise.allSettled(Array.from({ length: 8 }, () => gates.guard(connection, async () => { await sleep(20); throw down('auth'); })));
  const [gate] = await gates.all();
  expect(gate!.state).toMatchObject({ type: 'closed', code: 'sign-in-expired' });
  const { rows } = await bench.pool.query<{ probes: number }>('select probes from cosell.gate');
  expect(rows[0]!.probes).toBe(0);
});

test.each([['an outage', undefined, 1], ['a day\'s calls used up', 900_000, 900_000]] as const)('the pauses between the probes of %s grow to their own ceiling', async (_, longestProbeMs, ceiling) => {
  const { gates } = await bench.work(async () => ({ type: 'done' }));
  const failure = new RemoteFailure('No calls are left.', { connection, class: 'throttled', longestProbeMs });
  await expect(gates.guard(connection, async () => { throw failure; })).rejects.toBe(failure);
  await bench.pool.query('update cosell.gate set probes = 15, next_try_on = clock_timestamp()');
  await gates.refresh();
  await expect(gates.guard(connection, async () => { throw failure; })).rejects.toBe(failure);
  const { rows } = await bench.pool.query<{ ms: number }>('select extract(epoch from next_try_on - clock_timestamp())::double precision * 1000 as ms from cosell.gate');
  expect(rows[0]!.ms).toBeLessThanOrEqual(Math.max(ceiling, quick.probeMax));
  expect(rows[0]!.ms).toBeGreaterThan(Math.max(ceiling, quick.probeMax) - 5_000);
});

test('a failure that concerns one record closes nothing, and as the answer to a probe it opens', async () => {
  const { gates } = await bench.work(async () => ({ type: 'done' }));
  const oneRecord = new RemoteFailure('Partner Center answered 500.', { connection, class: 'remote', status: 500 });
  await expect(gates.guard(connection, async () => { throw oneRecord; })).rejects.toBe(oneRecord);
  expect(gates.state(connection)).toEqual({ type: 'open' });
  await expect(gates.guard(connection, async () => { throw down(); })).rejects.toBeInstanceOf(RemoteFailure);
  await expect(gates.guard(connection, async () => undefined)).rejects.toBeInstanceOf(GateClosed);
  await sleep(250);
  await expect(gates.guard(connection, async () => { throw oneRecord; })).rejects.toBe(oneRecord);
  expect(gates.state(connection)).toEqual({ type: 'open' });
});

test('a run that stops at a gate which opened meanwhile is not left waiting', async () => {
  let runs = 0;
  await bench.work(async () => { runs += 1; return runs === 1 ? { type: 'waits', gate: connection } : { type: 'done' }; });
  await ring(bench.pool, bells(1));
  await until(() => runs === 2, 1_000);
});

test('a prober that dies does not keep the gate shut', async () => {
  const { gates } = await bench.work(async () => ({ type: 'done' }));
  await expect(gates.guard(connection, async () => { throw down(); })).rejects.toBeInstanceOf(RemoteFailure);
  await sleep(250);
  await bench.pool.query('select cosell.take_probe($1, 2000000000, 600000)', [connection]);
  let called = false;
  await gates.guard(connection, async () => { called = true; });
  expect(called).toBe(true);
});
