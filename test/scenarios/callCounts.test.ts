// How many calls a change costs, counted by the stand-ins: the numbers of algorithm.md, section 4.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSeller, status, visibility, type Row, type Seller } from '../kit/seller';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

let world: World;
let seller: Seller;
let id: string;
let referralId: string;

beforeAll(async () => {
  world = await createWorld();
  seller = createSeller(world.dv);
  await world.serve();
});
beforeEach(async () => {
  [id, referralId] = await shared();
  forget();
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

/** A shared opportunity whose own echoes are over: its id and its referral's. */
async function shared(row: Row = {}): Promise<[string, string]> {
  const made = await seller.opportunity(row);
  await world.quiet();
  const cells = world.dv.row('opportunity', made)!.cells;
  expect(cells.cosell_syncstatus).toBe(status.synced);
  return [made, String(cells.cosell_referralidentifier)];
}

function forget(): void {
  world.pc.resetRequests();
  world.dv.resetRequests();
  world.dv.resetWrites();
}

/** The service's calls since `forget`; the seller's own ones are taken off. Certificates that the door fetches are no calls of a record. */
function calls(ofSeller: Readonly<Record<string, number>> = {}): Record<string, number> {
  const all = Object.entries({ ...world.pc.api.counts(), ...world.dv.counts() }).map(([kind, count]) => [kind, count - (ofSeller[kind] ?? 0)] as const);
  return Object.fromEntries(all.filter(([, count]) => count !== 0));
}

const amountThere = (amount: number) => () => Number(world.pc.referral(referralId)?.details.dealValue) === amount;
const amountHere = (amount: number) => () => world.dv.row('opportunity', id)?.cells.estimatedvalue === amount;
const oneSave = { 'opportunity.patch': 1 };

describe('a change in the CRM', () => {
  test('costs one read and two writes; its echo at most one read and no write', async () => {
    world.pc.pauseDelivery();
    await seller.update('opportunities', id, { estimatedvalue: 60_000 });
    await until('the amount is there', amountThere(60_000));
    await until('the work is done', async () => (await world.owed()).every((each) => String((each as Row).key).startsWith('chore:')));
    expect(calls(oneSave)).toEqual({ 'opportunity.get': 1, 'referral.patch': 1, 'opportunity.patch': 1 });
    forget();
    world.pc.resumeDelivery();
    await world.quiet();
    expect(calls()['referral.get'] ?? 0).toBeLessThanOrEqual(1);
    expect({ ...calls(), 'referral.get': 0 }).toEqual({ 'referral.get': 0 });
    expect(world.dv.writes()).toEqual([]);
  });

  test('of a column that nobody shares costs nothing', async () => {
    await seller.update('opportunities', id, { new_region: 'North' });
    await world.quiet();
    expect(calls(oneSave)).toEqual({});
  });

  test('that changes nothing costs one read', async () => {
    await seller.update('opportunities', id, { estimatedvalue: 50_000 });
    await world.quiet();
    expect(calls(oneSave)).toEqual({ 'opportunity.get': 1 });
  });

  test('of a record that is not shared costs one read at most', async () => {
    const other = await seller.opportunity({ cosell_syncwithpartnercenter: false });
    await world.quiet();
    forget();
    await seller.update('opportunities', other, { estimatedvalue: 70_000 });
    await world.quiet();
    expect(calls(oneSave)['opportunity.get'] ?? 0).toBeLessThanOrEqual(1);
    expect({ ...calls(oneSave), 'opportunity.get': 0 }).toEqual({ 'opportunity.get': 0 });
  });
});

describe('a new opportunity', () => {
  test('costs one read, one POST and one write; its echo at most one read', async () => {
    world.pc.pauseDelivery();
    const fresh = await seller.opportunity({ cosell_referralvisibility: visibility.visible });
    await until('it is shown', () => world.dv.row('opportunity', fresh)?.cells.cosell_syncstatus === status.synced);
    await until('the work is done', async () => (await world.owed()).every((each) => String((each as Row).key).startsWith('chore:')));
    const first = calls();
    // The seller's own: one POST, which the stand-in counts as `opportunity.create`.
    expect(first).toEqual({ 'opportunity.create': 1, 'opportunity.get': 1, 'referral.create': 1, 'opportunity.patch': 1 });
    forget();
    world.pc.resumeDelivery();
    await world.quiet();
    expect(calls()['referral.get'] ?? 0).toBeLessThanOrEqual(1);
    expect({ ...calls(), 'referral.get': 0 }).toEqual({ 'referral.get': 0 });
    expect(world.dv.writes()).toEqual([]);
  });
});

describe('a change in the portal', () => {
  test('costs one read and one write; its echo at most one read and no write', async () => {
    world.dv.pauseSteps();
    world.pc.edit(referralId, { dealValue: 61_000 });
    await until('the amount is here', amountHere(61_000));
    await until('the work is done', async () => (await world.owed()).every((each) => String((each as Row).key).startsWith('chore:')));
    expect(calls()).toEqual({ 'referral.get': 1, 'opportunity.patch': 1 });
    expect(world.dv.writes()).toHaveLength(1);
    forget();
    world.dv.resumeSteps();
    await world.quiet();
    expect(calls()['opportunity.get'] ?? 0).toBeLessThanOrEqual(1);
    expect({ ...calls(), 'opportunity.get': 0 }).toEqual({ 'opportunity.get': 0 });
    expect(world.dv.writes()).toEqual([]);
  });

  test('costs nothing while the flag is no', async () => {
    await seller.update('opportunities', id, { cosell_syncwithpartnercenter: false });
    await until('it is not shared', () => world.dv.row('opportunity', id)?.cells.cosell_syncstatus === status.notShared);
    await world.quiet();
    expect(calls(oneSave)).toEqual({ 'opportunity.get': 1, 'opportunity.patch': 1 });
    forget();
    world.pc.edit(referralId, { dealValue: 62_000 });
    world.pc.redeliver(referralId, 3, true);
    await world.quiet();
    expect(world.pc.deliveries().filter((each) => each.referralId === referralId && each.outcome === 202).length).toBeGreaterThanOrEqual(7);
    expect(calls()).toEqual({});
    expect(world.dv.writes()).toEqual([]);
  });

  test('costs nothing after the opportunity was deleted', async () => {
    await seller.remove('opportunities', id);
    await world.quiet();
    forget();
    world.pc.edit(referralId, { dealValue: 63_000 });
    await world.quiet();
    expect(calls()).toEqual({});
    expect(world.dv.writes()).toEqual([]);
  });
});

describe('a further bell', () => {
  test('from Partner Center costs at most one read each', async () => {
    const rung = world.pc.redeliver(referralId, 5, true);
    await world.quiet();
    expect(calls()['referral.get'] ?? 0).toBeLessThanOrEqual(rung);
    expect({ ...calls(), 'referral.get': 0 }).toEqual({ 'referral.get': 0 });
    expect(world.dv.writes()).toEqual([]);
  });

  test('from the CRM costs at most one read each', async () => {
    await seller.update('opportunities', id, { estimatedvalue: 50_000 });
    await world.quiet();
    forget();
    await world.dv.redeliverLastEvent(5);
    await world.quiet();
    expect(calls()['opportunity.get'] ?? 0).toBeLessThanOrEqual(5);
    expect({ ...calls(), 'opportunity.get': 0 }).toEqual({ 'opportunity.get': 0 });
    expect(world.dv.writes()).toEqual([]);
  });

  test('about a referral that belongs elsewhere costs at most one read each', async () => {
    const foreign = world.pc.createDeal({ name: 'Of another CRM', externalReferenceId: 'LEGACY-17' });
    await world.quiet();
    forget();
    const rung = world.pc.redeliver(foreign.id, 3, true);
    await world.quiet();
    expect(calls()['referral.get'] ?? 0).toBeLessThanOrEqual(rung);
    expect({ ...calls(), 'referral.get': 0 }).toEqual({ 'referral.get': 0 });
    expect(world.dv.writes()).toEqual([]);
  });
});
