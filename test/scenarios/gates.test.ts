// Partner Center slows down, fails, hangs or refuses the sign-in, with 200 records waiting and two processes: one gate, one probe, nothing lost.
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSeller, status, type Seller } from '../kit/seller';
import { createWorld, freePort, sleep, stopPostgres, until, type World } from '../kit/world';
import { syncedRow } from '../accidents/checks';

const RECORDS = 200;
const RETRY_AFTER = 4;

let world: World;
let seller: Seller;

beforeEach(async () => {
  world = await createWorld({ timings: { probe: 500, answer: 1_500, post: 1_500 } });
  seller = createSeller(world.dv);
});
afterEach(() => world.close());
afterAll(stopPostgres);

const details = (id: string): string => String(world.dv.row('opportunity', id)?.cells.cosell_syncdetails ?? '');
const shown = (id: string): unknown => world.dv.row('opportunity', id)?.cells.cosell_syncstatus;

async function twoProcesses(): Promise<void> {
  const services = await Promise.all([world.spawnService(), world.spawnService({ port: await freePort() })]);
  await Promise.all(services.map((each) => each.ready()));
}

async function manyRecords(): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < RECORDS; i += 1) ids.push(await seller.opportunity({ name: `Waiting ${i}`, estimatedvalue: 1_000 + i }));
  return ids;
}

/** Every record has one referral and its ✔. */
async function allSynced(ids: readonly string[]): Promise<void> {
  await until('all are synced', () => ids.every((id) => shown(id) === status.synced), 60_000, () => ids.filter((id) => shown(id) !== status.synced).map((id) => details(id)).slice(0, 3));
  const made = world.pc.referrals().map((each) => each.externalReferenceId);
  expect(ids.filter((id) => made.filter((each) => each === id).length !== 1)).toEqual([]);
}

test.each([
  ['429 with Retry-After', '429', 'throttled'],
  ['503 with Retry-After', '503', 'remote-down'],
] as const)('%s: at most one call before it has passed, all wait visibly, none is lost', async (_what, kind, code) => {
  await twoProcesses();
  await syncedRow(world, seller, await seller.opportunity({ name: 'Warm' }));
  world.pc.api.addFault({ kind, match: 'referral\\..*', retryAfter: RETRY_AFTER });
  world.pc.api.resetRequests();
  const ids = await manyRecords();
  const first = await until('the first refusal', () => world.pc.api.requests().find((each) => each.status === Number(kind)));
  await until('every record says why', () => ids.every((id) => details(id).includes(`"code":"${code}"`)), 30_000, () => details(ids[RECORDS - 1]!));
  expect(ids.every((id) => shown(id) === status.pending)).toBe(true);
  const closed = first.at + first.ms;
  // Calls under way when the gate closed, and the few milliseconds until the other process has heard of it, are no calls into a closed gate.
  const early = world.pc.api.requests().filter((each) => each.at > closed + 250 && each.at < closed + RETRY_AFTER * 1_000 - 50);
  expect(early.length).toBeLessThanOrEqual(1);
  world.pc.api.clearFaults();
  await allSynced(ids);
});

test('the sign-in is refused: all wait as failed with the admin named, and go out once it is restored', async () => {
  await twoProcesses();
  await syncedRow(world, seller, await seller.opportunity({ name: 'Warm' }));
  world.entra.revokeAccessTokens();
  world.entra.expireSignIn();
  // Dataverse's own tokens are made anew by its client credentials; only the refresh token is refused.
  world.pc.api.resetRequests();
  const ids = await manyRecords();
  await until('every record says why', () => ids.every((id) => details(id).includes('"code":"sign-in-expired"')), 30_000, () => details(ids[0]!));
  expect(ids.every((id) => shown(id) === status.failed)).toBe(true);
  expect(Object.keys(world.pc.counts()).filter((kind) => kind.startsWith('referral.create')).length).toBeLessThanOrEqual(1);
  world.entra.restoreSignIn();
  await allSynced(ids);
});

test('it hangs: calls end at their time-out, the gate closes, and what was unknown is looked up', async () => {
  await twoProcesses();
  await syncedRow(world, seller, await seller.opportunity({ name: 'Warm' }));
  world.pc.api.addFault({ kind: 'hang', match: 'referral\\..*' });
  const ids: string[] = [];
  for (let i = 0; i < 20; i += 1) ids.push(await seller.opportunity({ name: `Hanging ${i}` }));
  await until('every record says why', () => ids.every((id) => details(id).includes('"code":"remote-down"')), 30_000, () => ids.map(details).filter((each) => !each.includes('remote-down')).slice(0, 3));
  world.pc.api.clearFaults();
  await allSynced(ids);
});

test('Dataverse is down: its own gate, Partner Center goes on, and afterwards all is settled', async () => {
  await twoProcesses();
  const id = await seller.opportunity({ name: 'Warm' });
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  await world.quiet();
  world.dv.addFault({ kind: '503', match: '(opportunity|account|contact|whoami|metadata).*' });
  world.pc.edit(referralId, { dealValue: 77_000 });
  const ready = (): Promise<{ remarks: { connection: string; code: string }[] }> => fetch(`http://127.0.0.1:${world.port}/readyz`).then((answer) => answer.json() as Promise<{ remarks: { connection: string; code: string }[] }>);
  await until('readyz remarks it', async () => (await ready()).remarks.some((each) => each.connection === 'dataverse' && each.code === 'remote-down'));
  world.dv.clearFaults();
  await until('the amount comes', () => world.dv.row('opportunity', id)?.cells.estimatedvalue === 77_000, 20_000);
});

test('a bell every 100 ms to a failing record: at most one call in 5 s', async () => {
  const calm = await createWorld({ timings: { bellFloor: 5_000, recordBackOff: 5_000, recordBackOffMax: 900_000 } });
  try {
    const other = createSeller(calm.dv);
    await calm.serve();
    const id = await other.opportunity();
    await syncedRow(calm, other, id);
    await calm.quiet();
    calm.pc.api.resetRequests();
    calm.pc.api.addFault({ kind: '500', match: 'referral\\.patch' });
    const end = Date.now() + 6_000;
    for (let amount = 1; Date.now() < end; amount += 1) {
      await other.update('opportunities', id, { estimatedvalue: amount });
      await sleep(100);
    }
    const calls = calm.pc.api.requests().filter((each) => each.kind === 'referral.patch').map((each) => each.at);
    expect(calls.length).toBeGreaterThanOrEqual(1);
    expect(calls.map((at, index) => (index > 0 ? at - calls[index - 1]! : 5_000)).filter((gap) => gap < 4_900)).toEqual([]);
    calm.pc.api.clearFaults();
  } finally {
    await calm.close();
  }
});

test('a missed event on either side is found by reconcile within its interval, and counted', async () => {
  const watched = await createWorld({ reconcileMinutes: 0.02, timings: { missedAfter: 500 } });
  try {
    const other = createSeller(watched.dv);
    await watched.serve();
    const id = await other.opportunity();
    const referralId = String((await syncedRow(watched, other, id)).cosell_referralidentifier);
    await watched.quiet();
    await sleep(1_500);
    watched.dv.loseNextEvents(50);
    await other.update('opportunities', id, { estimatedvalue: 71_000 });
    await until('the change is found', () => Number(watched.pc.referral(referralId)?.details.dealValue) === 71_000, 10_000);
    await watched.quiet();
    watched.dv.loseNextEvents(0);
    watched.pc.loseNextEvents(50);
    watched.pc.edit(referralId, { dealValue: 72_000 });
    await until('the change there is found', () => watched.dv.row('opportunity', id)?.cells.estimatedvalue === 72_000, 10_000);
    const metrics = await fetch(`http://127.0.0.1:${watched.port}/metrics`).then((answer) => answer.text());
    expect(metrics).toMatch(/cosell_found_by_reconcile_total\{connection="(dataverse|partner-center)"\} [1-9]/);
  } finally {
    await watched.close();
  }
});
