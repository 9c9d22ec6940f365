// Outages: a remote system that refuses, stalls or is gone. Its gate closes in every process at once, one call at a time finds out, all else goes on, nothing is lost.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { CountedRequest } from '../../sandbox/kit/standIn';
import { createRecords, type Records } from '../kit/records';
import { createSeller, status, type Seller } from '../kit/seller';
import { createWorld, freePort, sleep, stopPostgres, until, type ServiceProcess, type World } from '../kit/world';

afterAll(stopPostgres);

interface GateRow {
  readonly closed: boolean;
  readonly code: string | null;
  readonly since: Date | null;
  readonly next_try_on: Date | null;
  readonly probes: number;
}

async function gateOf(world: World, connection: string): Promise<GateRow | undefined> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  const { rows } = await client.query<GateRow>('select closed, code, since, next_try_on, probes from cosell.gate where connection = $1', [connection]);
  await client.end();
  return rows[0];
}

interface Ready {
  readonly ready: boolean;
  readonly remarks: readonly { readonly connection: string; readonly code: string }[];
}
const readyz = async (port: number): Promise<{ status: number; body: Ready }> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: answer.status, body: (await answer.json()) as Ready };
};

describe('Partner Center is away, with two processes and 200 records that wait', () => {
  const RECORDS = 200;
  /** Runs at a time of one process (the worker's default). */
  const CONCURRENCY = 8;
  const RETRY_AFTER = 3;
  let world: World;
  let seller: Seller;
  let records: Records;
  let processes: readonly ServiceProcess[];
  let secondPort = 0;
  let madeBefore = 0;
  const ids: string[] = [];

  beforeAll(async () => {
    world = await createWorld({ timings: { probe: 400, probeMax: 1_600, answer: 2_000, post: 2_000 } });
    seller = createSeller(world.dv);
    records = createRecords(world, seller);
    secondPort = await freePort();
    processes = await Promise.all([world.spawnService(), world.spawnService({ port: secondPort })]);
    await Promise.all(processes.map((each) => each.ready()));
    // Both have signed in and called Partner Center before the trouble begins.
    await until('both processes have made a referral', async () => {
      await Promise.all(Array.from({ length: 16 }, () => seller.opportunity({ name: 'Before the trouble' })));
      await world.quiet();
      return (await Promise.all([world.port, secondPort].map(hasCreated))).every(Boolean);
    }, 30_000);
    madeBefore = world.pc.referrals().length;
    world.pc.resetRequests();
  });
  afterAll(() => world.close());

  const hasCreated = async (port: number): Promise<boolean> => /^cosell_journey_total\{what="created"\} [1-9]/m.test(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
  /** Calls that ask Partner Center itself; none is left out. */
  const calls = (): CountedRequest[] => world.pc.api.requests().filter((each) => each.kind.startsWith('referral.')).sort((a, b) => a.at - b.at);
  const answered = (each: CountedRequest): number => each.at + each.ms;
  const isWaiting = (id: string): boolean => records.cells(id).cosell_syncstatus === status.pending;

  /** One more record each time: what it shows belongs to the trouble of now. */
  async function newcomer(name: string): Promise<string> {
    const id = await seller.opportunity({ name });
    ids.push(id);
    return id;
  }

  test('answers 429: the gate closes, at most one call is made before Retry-After has passed, and every record shows why', async () => {
    world.pc.api.addFault({ kind: '429', retryAfter: RETRY_AFTER, match: 'referral\\..*' });
    for (let batch = 0; batch < RECORDS / 20; batch += 1) ids.push(...(await Promise.all(Array.from({ length: 20 }, (_, n) => seller.opportunity({ name: `Waiting ${batch * 20 + n}` })))));
    await until('every record shows that it waits', () => ids.every(isWaiting), 40_000, () => ids.filter((id) => !isWaiting(id)).length);
    for (const id of ids) {
      expect(records.reasons(id)).toEqual([{ code: 'throttled', actor: 'wait', params: { system: 'Partner Center', when: expect.any(String) as string } }]);
      expect(records.details(id)).toMatchObject({ progress: 'queued', nextTryOn: expect.stringMatching(/Z$/) as string });
    }
    expect(world.pc.referrals()).toHaveLength(madeBefore);
    await until('two probes were made', async () => ((await gateOf(world, 'partner-center'))?.probes ?? 0) >= 2, 30_000);
    const { since } = (await gateOf(world, 'partner-center'))!;
    const all = calls();
    const first = all[0]!;
    console.log(JSON.stringify(all.map((each) => [each.kind, each.status, each.at - first.at, each.ms])), since!.getTime() - first.at);
    // Under way when the gate closed: at most what both processes run at a time, and all of it had left before the first refusal was an answer to anybody.
    const underWay = all.filter((each) => each.at <= answered(first) + 500);
    expect(underWay.length).toBeLessThanOrEqual(2 * CONCURRENCY);
    expect(since!.getTime() - first.at).toBeLessThan(5_000);
    // Everything later goes alone, each after the Retry-After of the one before.
    const closing = Math.max(...underWay.map(answered));
    const later = all.filter((each) => each.at > answered(first) + 500);
    expect(later.length).toBeGreaterThanOrEqual(2);
    let before = closing;
    for (const call of later) {
      expect(call.at - before).toBeGreaterThanOrEqual(RETRY_AFTER * 1_000 - 20);
      before = answered(call);
    }
    for (const port of [world.port, secondPort]) expect(await readyz(port)).toEqual({ status: 200, body: { ready: true, remarks: [{ connection: 'partner-center', code: 'throttled' }] } });
  });

  test('meanwhile work that needs only the CRM goes on', async () => {
    const before = calls().length;
    const incomplete = await seller.opportunity({ name: 'Incomplete', estimatedvalue: null });
    expect(await records.shows(incomplete, 'deal-value-missing')).toMatchObject({ actor: 'you' });
    const [first] = ids;
    await seller.update('opportunities', first!, { cosell_syncwithpartnercenter: false });
    await records.reaches(first!, 'notShared');
    await seller.update('opportunities', first!, { cosell_syncwithpartnercenter: true });
    await records.reaches(first!, 'pending');
    // Whatever rang: only the probes of that time were made.
    const window = calls().slice(before);
    for (const [at, call] of window.entries()) if (at > 0) expect(call.at - answered(window[at - 1]!)).toBeGreaterThanOrEqual(RETRY_AFTER * 1_000 - 20);
  });

  test('answers 503: one call at a time finds out, further and further apart', async () => {
    world.pc.api.clearFaults();
    world.pc.api.addFault({ kind: '503', match: 'referral\\..*' });
    // The gate stands closed for 429 still; its next probe hears the 503.
    await until('the gate knows why', async () => (await gateOf(world, 'partner-center'))?.code === 'remote-down', 20_000);
    const id = await newcomer('Came in a 503');
    expect(await records.shows(id, 'remote-down')).toMatchObject({ actor: 'wait', params: { system: 'Partner Center' } });
    await records.reaches(id, 'pending');
    expect(records.details(id).nextTryOn).toMatch(/Z$/);
    const from = calls().length;
    await until('four probes were made', () => calls().length >= from + 4, 30_000);
    const probes = calls().slice(from, from + 4);
    const gaps = probes.slice(1).map((each, at) => each.at - answered(probes[at]!));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(400 - 20);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(1_600 - 20);
    expect((await readyz(world.port)).body.remarks).toEqual([{ connection: 'partner-center', code: 'remote-down' }]);
  });

  test('does not answer at all: one call at a time waits for it', async () => {
    world.pc.api.clearFaults();
    world.pc.api.addFault({ kind: 'hang', match: 'referral\\..*' });
    const from = calls().length;
    const id = await newcomer('Came in a stall');
    expect(await records.shows(id, 'remote-down')).toMatchObject({ actor: 'wait' });
    await until('two calls hang', () => calls().slice(from).filter((each) => each.status === 'hanging').length >= 2, 30_000);
    const hanging = calls().slice(from).filter((each) => each.status === 'hanging');
    // A stalled call ends after its 2 s, and only then the wait for the next one begins.
    for (const [at, call] of hanging.entries()) if (at > 0) expect(call.at - hanging[at - 1]!.at).toBeGreaterThanOrEqual(2_000);
    expect((await gateOf(world, 'partner-center'))?.code).toBe('remote-down');
  });

  test('refuses the sign-in: Partner Center is not called, the admin is told', async () => {
    world.entra.expireSignIn();
    world.entra.revokeAccessTokens();
    world.pc.api.clearFaults();
    await until('the gate knows why', async () => (await gateOf(world, 'partner-center'))?.code === 'sign-in-expired', 20_000);
    const id = await newcomer('Came without a sign-in');
    expect(await records.shows(id, 'sign-in-expired')).toEqual({ code: 'sign-in-expired', actor: 'admin' });
    await records.reaches(id, 'failed');
    const [before, signIns] = [calls().length, world.entra.server.counts().token ?? 0];
    const started = Date.now();
    await sleep(3_000);
    expect(calls().length).toBe(before);
    // The probe is the sign-in itself, at most one for each wait of the gate, and never more than once a wait in both processes.
    expect((world.entra.server.counts().token ?? 0) - signIns).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - started) / 1_600));
    expect((await readyz(secondPort)).body.remarks).toEqual([{ connection: 'partner-center', code: 'sign-in-expired' }]);
  });

  test('one process dies meanwhile; Partner Center is back: every record is made, exactly once', async () => {
    await processes[1]!.kill();
    world.entra.restoreSignIn();
    await until('every record is synced', () => ids.every((id) => records.cells(id).cosell_syncstatus === status.synced), 60_000, () => ids.filter((id) => records.cells(id).cosell_syncstatus !== status.synced).map((id) => records.cells(id).cosell_syncdetails).slice(0, 3));
    await world.quiet();
    expect(ids).toHaveLength(RECORDS + 3);
    expect(world.pc.referrals()).toHaveLength(madeBefore + ids.length);
    for (const id of ids) expect(records.referralsOf(id)).toHaveLength(1);
    for (const id of ids) expect(records.details(id)).not.toHaveProperty('reasons');
    expect((await gateOf(world, 'partner-center'))?.closed).toBe(false);
    expect((await readyz(world.port)).body.remarks).toEqual([]);
  });
});

describe('with one process', () => {
  let world: World;
  let seller: Seller;
  let records: Records;

  beforeAll(async () => {
    world = await createWorld({ timings: { bellFloor: 5_000, recordBackOff: 400 } });
    seller = createSeller(world.dv);
    records = createRecords(world, seller);
    await world.serve();
  });
  afterEach(() => {
    world.pc.api.clearFaults();
    world.dv.clearFaults();
  });
  afterAll(() => world.close());

  test('a bell every 100 ms for a record that fails makes at most one call in 5 s, and other records go on', async () => {
    const id = await records.shared({ name: 'Fails' });
    const other = await records.shared({ name: 'Goes on' });
    const failing = records.referral(id).id;
    // Only a change that carries these notes fails: the stand-in cannot tell records apart, so the first one gets all the trouble.
    world.pc.api.addFault({ kind: '500', match: 'referral\\.patch', times: 1 });
    await seller.update('opportunities', id, { estimatedvalue: 90_000 });
    const patches = () => world.pc.api.requests().filter((each) => each.kind === 'referral.patch' && each.path.includes(failing));
    await until('the first call failed', () => patches().some((each) => each.status === 500));
    const toDataverse = () => world.dv.requests().filter((each) => each.kind === 'opportunity.get' && each.path.includes(id));
    const [failedOn, reads] = [patches().at(-1)!.at, toDataverse().length];
    let bells = 0;
    const ringing = (async () => {
      for (; Date.now() < failedOn + 4_600; bells += 1) {
        await seller.update('opportunities', id, { description: `Bell ${bells}` });
        await sleep(100);
      }
    })();
    await seller.update('opportunities', other, { estimatedvalue: 91_000 });
    await until('the other record goes on', () => Number(records.referral(other).details.dealValue) === 91_000);
    await records.reaches(other, 'synced');
    await ringing;
    expect(bells).toBeGreaterThan(10);
    await until('it arrives in the end', () => Number(records.referral(id).details.dealValue) === 90_000, 15_000);
    const after = patches().filter((each) => each.at > failedOn);
    expect(after[0]!.at - failedOn).toBeGreaterThanOrEqual(4_900);
    expect(toDataverse().filter((each) => each.at < failedOn + 4_900).length).toBeLessThanOrEqual(reads + 1);
    await records.reaches(id, 'synced');
    await world.quiet();
    expect(records.referral(id).details.notes).toBe(records.cells(id).description);
  });
});
