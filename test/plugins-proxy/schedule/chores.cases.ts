// Chores: page by page, by one process at a time, and never given up.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { choreKey, choreStates, scheduleChore, type Chore } from '../../../plugins-proxy/schedule/chores';
import { ring } from '../../../plugins-proxy/schedule/ring';
import { RemoteFailure } from '../../../plugins-proxy/ports/failure';
import type { CrmPort } from '../../../plugins-proxy/ports/crm';
import type { PartnerPort } from '../../../plugins-proxy/ports/partner';
import { side, type Commit, type Lease, type Store } from '../../../plugins-proxy/ports/store';
import { createReconcile } from '../../../plugins-proxy/walks/reconcile';
import { newLink } from '../../../core/index';
import { bench, quick, until } from './bench';


const idle = async () => ({ type: 'done' }) as const;
const chore = (run: Chore['run'], more: Partial<Chore> = {}): Chore => ({ name: 'reconcile', connection: 'dataverse', everyMs: 60_000, firstAfterMs: 0, run, ...more });

test('one run is one page: the cursor is kept and the next page follows, then the period', async () => {
  const { worker } = await bench.work(idle);
  const cursors: unknown[] = [];
  await worker.registerChore(chore(async (cursor) => {
    cursors.push(cursor);
    const page = typeof cursor === 'number' ? cursor + 1 : 1;
    return { cursor: page, again: page < 3 };
  }));
  await until(() => cursors.length === 3);
  await sleep(300);
  expect(cursors).toEqual([null, 1, 2]);
  const [state] = await choreStates(bench.pool);
  expect(state).toMatchObject({ name: 'reconcile', connection: 'dataverse', cursor: 3, error: null, failingSince: null });
  await ring(bench.pool, [{ key: 'chore:reconcile:dataverse', sides: 0, priority: 0 }]);
  await until(() => cursors.length === 4);
});

test('two processes with the same chore run it one at a time', async () => {
  let active = 0;
  let most = 0;
  let runs = 0;
  const run: Chore['run'] = async () => {
    runs += 1;
    active += 1;
    most = Math.max(most, active);
    await sleep(15);
    active -= 1;
    return { cursor: null, again: runs < 10 };
  };
  for (const { worker } of [await bench.work(idle), await bench.work(idle)]) await worker.registerChore(chore(run));
  await until(() => runs >= 10);
  expect(most).toBe(1);
});

test('a fault is reported and the same page is due again next period, however often', async () => {
  const { worker } = await bench.work(idle);
  const cursors: unknown[] = [];
  await worker.registerChore(chore(async (cursor) => {
    cursors.push(cursor);
    if (cursors.length === 1) return { cursor: 'page 2', again: true };
    if (cursors.length < 9) throw new TypeError('oops');
    return { cursor: null, again: false };
  }, { everyMs: 30 }));
  await until(() => cursors.length >= 4);
  expect((await choreStates(bench.pool))[0]).toMatchObject({ error: 'TypeError: oops', cursor: 'page 2', failingSince: expect.any(String) });
  await until(() => cursors.length >= 9);
  expect(cursors.slice(1, 9).every((cursor) => cursor === 'page 2')).toBe(true);
  await until(async () => (await choreStates(bench.pool))[0]!.error === null);
});

test('a walk that an outage stopped begins again when the gate opens, not a period later', async () => {
  const { worker, gates } = await bench.work(idle);
  let calls = 0;
  await worker.registerChore(chore(async () => {
    await gates.guard('dataverse', async () => {
      calls += 1;
      if (calls === 1) throw new RemoteFailure('Dataverse did not answer.', { connection: 'dataverse', class: 'unreachable' });
    });
    return { cursor: 'ok', again: false };
  }));
  await until(async () => (await choreStates(bench.pool))[0]?.cursor === 'ok');
  expect(calls).toBe(2);
});

test('a chore that no process knows any more is left alone', async () => {
  const first = await bench.work(idle);
  let runs = 0;
  await first.worker.registerChore(chore(async () => { runs += 1; return { cursor: null, again: false }; }, { everyMs: 20 }));
  await until(() => runs > 0);
  await first.worker.stop();
  const before = runs;
  const { ends } = await bench.work(idle);
  await sleep(200);
  expect(runs).toBe(before);
  expect(ends).toEqual([]);
});

test.each([
  ['another version', { version: '1' }, true, 1], ['the same version', { version: '2' }, false, 0],
  ['the same version, read so soon after its change that another may carry it', { version: '2', unsettled: true }, true, 0],
] as const)('reconcile and %s', async (_, remembered, rings, foundOnly) => {
  const key = 'crm:salesforce:opportunity:006A';
  const link = { ...newLink({ id: 'l', crmConnection: 'salesforce', partnerConnection: 'p', kind: 'opportunity', crmId: '006A', mappingVersion: 'm' }), phase: 'linked', crm: remembered };
  await bench.pool.query(`insert into cosell.link (id, rev, crm_connection, kind, crm_id, partner_connection, phase, attempts_open, document) values ('l', 1, 'salesforce', 'opportunity', '006A', 'p', 'linked', false, $1)`, [JSON.stringify(link)]);
  const crm = { connection: 'salesforce', changedSince: async () => ({ records: [{ kind: 'opportunity', id: '006A', version: '2', modifiedOn: '2026-11-27T09:00:00Z' }], next: null, serverNow: '2026-11-27T10:00:00Z' }) } as unknown as CrmPort;
  let found = 0;
  const commits: Commit[] = [];
  const store = { now: async () => '2026-11-27T09:50:00Z', commit: async (change: Commit) => void commits.push(change) } as unknown as Store;
  const [walk] = createReconcile({ pool: bench.pool, store, partner: { connection: 'p' } as PartnerPort, crms: [crm], everyMs: 60_000, timings: quick, found: (_connection, count) => void (found += count) });
  await walk!.run({ mark: '2026-11-27T08:00:00Z', next: null, nextMark: null, rung: {} }, {} as Lease, new AbortController().signal);
  expect(commits.flatMap((each) => each.ring ?? []).map((each) => [each.key, each.sides])).toEqual(rings ? [[key, side.crm]] : []);
  expect(found).toBe(foundOnly);
});

test('a process that starts while another one ends a page of the same chore does not wait for it in a circle', async () => {
  const chore = { name: 'walk', connection: 'c', everyMs: 1_000, firstAfterMs: 60_000, run: async () => ({ cursor: null, again: false }) };
  await scheduleChore(bench.pool, chore);
  const other = await bench.pool.connect();
  try {
    // What the end of a page locks, in its order.
    await other.query('begin');
    await other.query('select 1 from cosell.work where key = $1 for update', [choreKey(chore)]);
    const starting = scheduleChore(bench.pool, chore).then(() => 'started', (error: Error) => error.message);
    await sleep(200);
    await other.query('update cosell.chore set ran_on = now() where key = $1', [choreKey(chore)]);
    await other.query('commit');
    expect(await starting).toBe('started');
  } finally {
    await other.query('rollback').catch(() => undefined);
    other.release();
  }
});
