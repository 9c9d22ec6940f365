// Outages: a remote system that refuses, stalls or is gone. Its gate closes in every process at once, one call at a time finds out, all else goes on, nothing is lost.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { CountedRequest } from '../../sandbox/kit/standIn';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
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

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly remedy: string | null;
}

/** What the service's own doctor says, as an admin asks it. */
async function doctor(port: number): Promise<{ readonly state: string; about(check: string): Finding; readonly findings: readonly Finding[] }> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/doctor`, { headers: { authorization: 'Bearer admin-token-of-the-tests' } });
  const { state, findings } = (await answer.json()) as { state: string; findings: readonly Finding[] };
  return {
    state, findings,
    about(check) {
      const found = findings.find((each) => each.check === check);
      if (!found) throw new Error(`The doctor says nothing of ${check}, only of ${findings.map((each) => each.check).join(', ')}.`);
      return found;
    },
  };
}

describe.each(crms)('with %s', (label, name) => {
  describe('Partner Center is away, with two processes and 200 records that wait', () => {
    const RECORDS = 200;
    /** Runs at a time of one process (the worker's default). */
    const CONCURRENCY = 8;
    const RETRY_AFTER = 2;
    /** Longest wait for an answer: long enough for a busy machine. */
    const ANSWER = 4_000;
    /** From the commit that closes a gate until the other process holds its calls: a notification and one read, on a busy machine. */
    const HEARD_WITHIN = 1_000;
    let world: World;
    let seller: CrmSeller;
    let processes: readonly ServiceProcess[];
    let secondPort = 0;
    const ids: string[] = [];

    beforeAll(async () => {
      world = await createWorld({ crms: [name], timings: { probe: 200, probeMax: 800, answer: ANSWER, post: ANSWER } });
      seller = world.crm.seller;
      secondPort = await freePort();
      processes = await Promise.all([world.spawnService(), world.spawnService({ port: secondPort })]);
      await Promise.all(processes.map((each) => each.ready()));
      await until('the inventory was taken', () => world.pc.counts()['referral.list']);
      await world.quiet();
      world.pc.resetRequests();
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    /** Calls that ask Partner Center itself; none is left out. */
    const calls = (): CountedRequest[] => world.pc.api.requests().filter((each) => each.kind.startsWith('referral.')).sort((a, b) => a.at - b.at);
    const answered = (each: CountedRequest): number => each.at + each.ms;
    /** Either process names the trouble and what to do; it asks neither Partner Center nor its sign-in for that, and has nothing to say against the CRM. */
    async function isNamed(state: Finding['state'], what: RegExp, remedy: RegExp): Promise<readonly string[]> {
      const whats: string[] = [];
      for (const port of [world.port, secondPort]) {
        const told = await doctor(port);
        expect(told.about('gate.partner-center')).toEqual({ check: 'gate.partner-center', state, what: expect.stringMatching(what) as unknown as string, remedy: expect.stringMatching(remedy) as unknown as string });
        whats.push(told.about('gate.partner-center').what);
        expect(whats.at(-1)).toMatch(/Closed since 20.+Z; next try 20.+Z\.$/);
        expect(told.about('webhook')).toMatchObject({ state: 'warn', what: expect.stringContaining('Not asked'), remedy: 'See gate.partner-center.' });
        expect(told.about(`gate.${name}`)).toEqual({ check: `gate.${name}`, state: 'ok', what: `Calls to ${label} pass.`, remedy: null });
        expect(told.findings.filter((each) => each.state === 'fail').map((each) => each.check)).toEqual(state === 'fail' ? ['gate.partner-center'] : []);
      }
      return whats;
    }
    const isWaiting = (id: string): boolean => records.deal(id).status === 'pending' && records.reasons(id).length > 0;

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
        expect(records.reasons(id)).toEqual([{ code: 'throttled', actor: 'wait', params: { system: 'Partner Center', when: expect.any(String) as unknown as string } }]);
        expect(records.details(id)).toMatchObject({ progress: 'queued', nextTryOn: expect.stringMatching(/Z$/) as unknown as string });
      }
      expect(world.pc.referrals()).toEqual([]);
      await until('two probes were made', async () => ((await gateOf(world, 'partner-center'))?.probes ?? 0) >= 2, 30_000);
      const { since } = (await gateOf(world, 'partner-center'))!;
      const all = calls();
      // Under way when the gate closed: at most what both processes run at a time, and it had left before the other process could hear of the first refusal.
      const underWay = all.filter((each) => each.at <= since!.getTime() + HEARD_WITHIN);
      expect(underWay.length).toBeLessThanOrEqual(2 * CONCURRENCY);
      // Everything later goes alone, each after the Retry-After of the one before.
      const closing = Math.max(...underWay.map(answered));
      const later = all.slice(underWay.length);
      expect(later.length).toBeGreaterThanOrEqual(2);
      let before = closing;
      for (const call of later) {
        expect(call.at - before).toBeGreaterThanOrEqual(RETRY_AFTER * 1_000 - 20);
        before = answered(call);
      }
      for (const port of [world.port, secondPort]) expect(await readyz(port)).toEqual({ status: 200, body: { ready: true, remarks: [{ connection: 'partner-center', code: 'throttled' }] } });
      await isNamed('warn', /^Partner Center asks us to slow down \(429\)\. /, /^Nothing to do: calls wait for as long as it asks/);
    });

    test('meanwhile work that needs only the CRM goes on', async () => {
      const before = calls().length;
      const incomplete = await seller.opportunity({ name: 'Incomplete', dealValue: null });
      expect(await records.shows(incomplete, 'deal-value-missing')).toMatchObject({ actor: 'you' });
      const [first] = ids;
      await seller.edit(first!, { sync: false });
      await records.reaches(first!, 'notShared');
      await seller.edit(first!, { sync: true });
      await until('it waits again', () => isWaiting(first!));
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
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(200 - 20);
      expect(gaps.at(-1)).toBeGreaterThanOrEqual(800 - 20);
      expect((await readyz(world.port)).body.remarks).toEqual([{ connection: 'partner-center', code: 'remote-down' }]);
      await isNamed('fail', /^Partner Center (is not available: it answers 503|cannot be reached: .*502 to 504)\. /, /^Calls go on by themselves once it (is back|answers)\. /);
    });

    test('does not answer at all: one call at a time waits for it', async () => {
      world.pc.api.clearFaults();
      world.pc.api.addFault({ kind: 'hang', match: 'referral\\..*' });
      const from = calls().length;
      const id = await newcomer('Came in a stall');
      expect(await records.shows(id, 'remote-down')).toMatchObject({ actor: 'wait' });
      await until('two calls hang', () => calls().slice(from).filter((each) => each.status === 'hanging').length >= 2, 30_000);
      const hanging = calls().slice(from).filter((each) => each.status === 'hanging');
      // A stalled call ends after its time, and only then the wait for the next one begins.
      for (const [at, call] of hanging.entries()) if (at > 0) expect(call.at - hanging[at - 1]!.at).toBeGreaterThanOrEqual(ANSWER);
      expect((await gateOf(world, 'partner-center'))?.code).toBe('remote-down');
      // Who has not made a call of its own since the 503 tells of that still.
      const whats = await isNamed('fail', /^Partner Center (did not answer in time|cannot be reached: .*does not answer in time|is not available: it answers 503)/, /^Calls go on by themselves once it (is back|answers)\. /);
      expect(whats.join()).toContain('Partner Center did not answer in time');
    });

    test('refuses the sign-in: Partner Center is not called, the admin is told', async () => {
      world.entra.expireSignIn();
      world.entra.revokeAccessTokens();
      world.pc.api.clearFaults();
      await until('the gate knows why', async () => (await gateOf(world, 'partner-center'))?.code === 'sign-in-expired', 20_000);
      const id = await newcomer('Came without a sign-in');
      expect(await records.shows(id, 'sign-in-expired')).toEqual({ code: 'sign-in-expired', actor: 'admin' });
      await records.reaches(id, 'failed');
      const [before, signIns, started] = [calls().length, world.entra.server.counts().token ?? 0, Date.now()];
      await sleep(1_500);
      // The other process may hold a token that was good until now, and learns by one 401 that it is not; whoever has none asks for none there.
      expect(calls().slice(before).map((each) => each.status)).toEqual(calls().length > before ? [401] : []);
      // A probe is the sign-in itself: one for each wait of the gate (200 to 800 ms), whichever process takes it.
      expect((world.entra.server.counts().token ?? 0) - signIns).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - started) / 200));
      expect((await readyz(secondPort)).body.remarks).toEqual([{ connection: 'partner-center', code: 'sign-in-expired' }]);
      await isNamed('fail', /sign-in/, /^Sign in to Partner Center again, put the new refresh token into COSELL_PARTNER_CENTER_REFRESH_TOKEN/);
    });

    test('one process dies meanwhile; Partner Center is back: every record is made, exactly once', async () => {
      await processes[1]!.kill();
      world.entra.restoreSignIn();
      await until('every record is synced', () => ids.every((id) => records.deal(id).status === 'synced'), 60_000, () => ids.filter((id) => records.deal(id).status !== 'synced').map((id) => records.deal(id).details).slice(0, 3));
      await world.quiet();
      expect(ids).toHaveLength(RECORDS + 3);
      expect(world.pc.referrals()).toHaveLength(ids.length);
      for (const id of ids) expect(records.referralsOf(id)).toHaveLength(1);
      for (const id of ids) expect(records.details(id)).not.toHaveProperty('reasons');
      expect((await gateOf(world, 'partner-center'))?.closed).toBe(false);
      expect((await readyz(world.port)).body.remarks).toEqual([]);
    });
  });

  describe('with one process', () => {
    /** A failing record is looked at again after this, whatever rings. */
    const FLOOR = 2_000;
    let world: World;
    let seller: CrmSeller;

    beforeAll(async () => {
      world = await createWorld({ crms: [name], timings: { bellFloor: FLOOR, recordBackOff: FLOOR, recordBackOffMax: 15 * 60_000 } });
      seller = world.crm.seller;
      await world.serve();
    });
    afterEach(() => {
      world.pc.api.clearFaults();
      world.crm.clearFaults();
    });
    afterAll(() => world.close());

    const records = createRecords(() => world);

    const patches = (id: string): CountedRequest[] => world.pc.api.requests().filter((each) => each.kind === 'referral.patch' && each.path.includes(records.referral(id).id));

    test('a record that fails with a 500 backs off alone, at most one call in so many seconds whatever rings; the other records go on', async () => {
      const id = await records.shared({ name: 'Fails' });
      const other = await records.shared({ name: 'Goes on' });
      world.pc.api.addFault({ kind: '500', match: 'referral\\.patch', times: 1 });
      const rung = Date.now();
      await seller.edit(id, { dealValue: 90_000 });
      const failed = await until('the call fails', () => patches(id).find((each) => each.status === 500));
      expect(await records.shows(id, 'remote-down')).toMatchObject({ actor: 'wait' });
      let bells = 0;
      const ringing = (async () => {
        for (; Date.now() < rung + FLOOR - 300; bells += 1) {
          await seller.edit(id, { notes: `Bell ${bells}` });
          await sleep(50);
        }
      })();
      await seller.edit(other, { dealValue: 91_000 });
      await until('the other record goes on', () => Number(records.referral(other).details.dealValue) === 91_000, FLOOR - 500);
      expect((await readyz(world.port)).body.remarks).toEqual([]);
      await ringing;
      expect(bells).toBeGreaterThan(10);
      await until('it arrives in the end', () => Number(records.referral(id).details.dealValue) === 90_000, 15_000);
      const [, next] = patches(id).filter((each) => each.at >= failed.at);
      // Counted from the try, which began before its call and after its bell.
      expect(next!.at - rung).toBeGreaterThanOrEqual(FLOOR);
      await records.reaches(id, 'synced');
      await world.quiet();
      expect(records.referral(id).details.notes).toBe(records.deal(id).notes);
      expect(patches(id).filter((each) => each.at >= failed.at).length).toBeLessThanOrEqual(3);
    });

    test('the CRM is down: its own gate closes, Partner Center is not troubled, readyz says so, and afterwards all arrives', async () => {
      const id = await records.shared({ name: 'The CRM is down' });
      world.crm.addFault('any', { kind: '503' });
      world.pc.edit(records.referral(id).id, { dealValue: 77_000 });
      const deal = world.pc.createDeal({ name: 'Came while the CRM was down', customerName: 'Contoso Retail' });
      await until('readyz remarks it', async () => (await readyz(world.port)).body.remarks.some((each) => each.connection === name && each.code === 'remote-down'));
      expect((await readyz(world.port)).status).toBe(200);
      const told = await doctor(world.port);
      expect(told.about(`gate.${name}`)).toMatchObject({ state: 'fail', what: expect.stringMatching(new RegExp(`^${label} is not available: it answers 503\\. Closed since`)) as unknown as string, remedy: expect.stringMatching(/^Calls go on by themselves once it is back\. If this lasts over an hour, look at /) as unknown as string });
      expect(told.about('gate.partner-center')).toMatchObject({ state: 'ok', remedy: null });
      const [toPartner, toCrm] = [world.pc.counts(), world.crm.requests().length];
      await sleep(1_500);
      // One call a probe, 200 ms to 1 s apart.
      expect(world.crm.requests().length - toCrm).toBeLessThanOrEqual(8);
      expect((await gateOf(world, 'partner-center'))?.closed ?? false).toBe(false);
      expect(world.pc.counts()['referral.patch'] ?? 0).toBe(toPartner['referral.patch'] ?? 0);
      world.crm.clearFaults();
      await until('the amount comes', () => records.deal(id).dealValue === 77_000, 20_000, () => records.deal(id));
      await records.arrived(deal.id);
      await records.reaches(id, 'synced');
      await world.quiet();
      expect((await readyz(world.port)).body.remarks).toEqual([]);
      expect(records.dealsOf(deal.id)).toHaveLength(1);
    });

    test('the CRM goes down between the two writes: Partner Center is written once, and the record is shown its ✔ afterwards', async () => {
      const id = await records.shared({ name: 'Between the writes' });
      const before = patches(id).length;
      world.crm.addFault('write', { kind: '503' });
      await seller.edit(id, { dealValue: 78_000 });
      await until('Partner Center has it', () => Number(records.referral(id).details.dealValue) === 78_000);
      await until('the gate closed', async () => (await gateOf(world, name))?.closed);
      world.crm.clearFaults();
      await records.reaches(id, 'synced');
      await world.quiet();
      expect(records.deal(id).audit).toContain('Deal value: 50000 → 78000');
      expect(patches(id).length).toBe(before + 1);
    });

    test('the CRM fails in the very moment when the reason is to be shown: it is shown once the CRM is back, while Partner Center still is not', async () => {
      const [first, id] = [await records.shared({ name: 'Closes the gate' }), await records.shared({ name: 'Shown later' })];
      world.pc.api.addFault({ kind: '429', match: 'referral\\..*', retryAfter: 4, times: 1 });
      await seller.edit(first, { dealValue: 78_400 });
      await records.shows(first, 'throttled');
      world.crm.addFault('write', { kind: '503', times: 1 });
      await seller.edit(id, { dealValue: 78_500 });
      // Nobody asks Partner Center again before its 4 s are over.
      expect(await records.shows(id, 'throttled', 3_000)).toMatchObject({ actor: 'wait', params: { system: 'Partner Center' } });
      expect(Number(records.referral(id).details.dealValue)).toBe(50_000);
      await records.reaches(id, 'synced');
      expect(Number(records.referral(id).details.dealValue)).toBe(78_500);
    });

    test('a 503 with Retry-After keeps the gate closed for as long as it asks', async () => {
      const id = await records.shared({ name: 'Asked to wait' });
      world.pc.resetRequests();
      world.pc.api.addFault({ kind: '503', match: 'referral\\..*', retryAfter: 2, times: 1 });
      await seller.edit(id, { dealValue: 79_000 });
      expect(await records.shows(id, 'remote-down')).toMatchObject({ params: { system: 'Partner Center' } });
      await records.reaches(id, 'synced');
      const [refused, next] = world.pc.api.requests();
      expect(next!.at - (refused!.at + refused!.ms)).toBeGreaterThanOrEqual(1_980);
      expect(Number(records.referral(id).details.dealValue)).toBe(79_000);
    });

    test('the service starts while both are down, takes events in, is ready with both remarks, and catches up', async () => {
      const own = await createWorld({ crms: [name] });
      try {
        const its = createRecords(() => own);
        own.crm.addFault('any', { kind: '503' });
        own.pc.api.addFault({ kind: '503' });
        await own.serve();
        const id = await own.crm.seller.opportunity({ name: 'Saved in the outage' });
        await until('both are remarked', async () => {
          const { status: code, body } = await readyz(own.port);
          return code === 200 && [name, 'partner-center'].every((connection) => body.remarks.some((each) => each.connection === connection && each.code === 'remote-down'));
        });
        own.crm.clearFaults();
        own.pc.api.clearFaults();
        await its.reaches(id, 'synced');
        expect(its.referralsOf(id)).toHaveLength(1);
        await until('no remark is left', async () => (await readyz(own.port)).body.remarks.length === 0);
      } finally {
        await own.close();
      }
    });
  });
});
