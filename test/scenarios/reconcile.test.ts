// Reconcile: an event that never came, on either side, costs time and nothing else; what was found so is counted.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createRecords, type Records } from '../kit/records';
import { createSeller, help, status, type Seller } from '../kit/seller';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

/** Milliseconds between two walks. */
const INTERVAL = 900;

let world: World;
let seller: Seller;
let records: Records;

beforeAll(async () => {
  // Both stand-ins tell their time in whole seconds: what was changed just now may seem to lie ahead of them. All that is missed counts here, however young.
  world = await createWorld({ reconcileMinutes: INTERVAL / 60_000, timings: { missedAfter: -2_000 } });
  seller = createSeller(world.dv);
  records = createRecords(world, seller);
  await world.serve();
  await walks(1);
});
afterAll(() => world.close());

/** Waits until every walk has been made so many times from now on. */
async function walks(times: number): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  const since = ((await client.query('select clock_timestamp() as now')).rows[0] as { now: Date }).now;
  const finished = async (after: Date): Promise<boolean> => (await client.query("select 1 from cosell.chore where key like 'chore:reconcile%' and (succeeded_on is null or succeeded_on <= $1)", [after])).rowCount === 0;
  let from = since;
  for (let time = 0; time < times; time += 1) {
    await until('reconcile has walked', () => finished(from));
    from = ((await client.query('select clock_timestamp() as now')).rows[0] as { now: Date }).now;
  }
  await client.end();
}

async function found(connection: 'dataverse' | 'partner-center'): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${world.port}/metrics`)).text();
  return Number(new RegExp(`^cosell_found_by_reconcile_total\\{connection="${connection}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

const lost = async (side: 'dataverse' | 'partner-center', change: () => Promise<unknown> | unknown): Promise<void> => {
  const lose = side === 'dataverse' ? world.dv.loseNextEvents : world.pc.loseNextEvents;
  lose(1_000);
  await change();
  lose(0);
};

describe('a missed event of the CRM', () => {
  test('about a new opportunity: it is shared', async () => {
    const before = await found('dataverse');
    let id = '';
    await lost('dataverse', async () => (id = await seller.opportunity({ name: 'Nobody rang' })));
    await records.reaches(id, 'synced');
    expect(records.referralsOf(id)).toHaveLength(1);
    expect(await found('dataverse')).toBeGreaterThan(before);
  });

  test('about a changed amount: it goes out', async () => {
    const id = await records.shared({ name: 'Changed in silence' });
    const before = await found('dataverse');
    await lost('dataverse', () => seller.update('opportunities', id, { estimatedvalue: 81_000 }));
    await until('the amount arrives', () => Number(records.referral(id).details.dealValue) === 81_000, 20_000, () => records.cells(id));
    await records.reaches(id, 'synced');
    expect(await found('dataverse')).toBeGreaterThan(before);
  });

  test('about a won deal: it is won there', async () => {
    const id = await records.shared({ name: 'Won in silence' });
    await lost('dataverse', () => seller.win(id));
    await until('the referral is won', () => records.referral(id).substatus === 'Won', 20_000, () => records.cells(id));
    await records.reaches(id, 'synced');
  });

  test('about a mended account: the opportunity that waited for it is shared, untouched', async () => {
    const account = await seller.create('accounts', { name: 'Wide World Importers', address1_line1: '1 Main Street', address1_city: 'Oslo' });
    const id = await seller.opportunity({ 'parentaccountid@odata.bind': `/accounts(${account})` });
    await records.shows(id, 'customer-country-missing');
    await world.quiet();
    await lost('dataverse', () => seller.update('accounts', account, { address1_country: 'Norway' }));
    await records.reaches(id, 'synced');
    expect(records.referral(id).customerProfile.address.country).toBe('NO');
  });
});

describe('a missed event of Partner Center', () => {
  test('about an edited deal: the opportunity follows', async () => {
    const id = await records.shared({ name: 'Edited in silence' });
    const before = await found('partner-center');
    await lost('partner-center', () => world.pc.edit(records.referral(id).id, { dealValue: 82_000, notes: 'No event told this.' }));
    await until('the edit arrives', () => records.cells(id).estimatedvalue === 82_000, 20_000, () => records.cells(id));
    await records.reaches(id, 'synced');
    expect(records.cells(id).description).toBe('No event told this.');
    expect(await found('partner-center')).toBeGreaterThan(before);
  });

  test('about a new deal: the opportunity is made, once', async () => {
    const before = await found('partner-center');
    let referralId = '';
    await lost('partner-center', () => (referralId = world.pc.createDeal({ name: 'Arrived in silence' }).id));
    const mine = () => world.dv.rows('opportunity').filter((each) => each.cells.cosell_referralidentifier === referralId);
    await until('the opportunity stands', () => mine().length > 0, 20_000);
    await walks(1);
    await world.quiet();
    expect(mine()).toHaveLength(1);
    expect(await found('partner-center')).toBeGreaterThan(before);
  });

  test('about Microsoft, which accepted: it is shown', async () => {
    const id = await records.shared({ name: 'Accepted in silence', cosell_howcanmicrosofthelp: help.poc });
    await lost('partner-center', () => world.pc.microsoftAccepts(records.referral(id).id));
    await until('it is shown', () => records.cells(id).cosell_microsoftreferralstatus === 'Active/Accepted', 20_000, () => records.cells(id));
    await records.reaches(id, 'synced');
  });
});

test('events missed on both sides about the same field: a conflict, nothing overwritten', async () => {
  const id = await records.shared({ name: 'Both in silence' });
  await lost('dataverse', () => lost('partner-center', async () => {
    world.pc.edit(records.referral(id).id, { dealValue: 55_000 });
    await seller.update('opportunities', id, { estimatedvalue: 60_000 });
  }));
  await until('a side was found', () => records.cells(id).cosell_syncstatus === status.conflict, 20_000, () => records.cells(id));
  await world.quiet();
  expect(records.cells(id).estimatedvalue).toBe(60_000);
  expect(Number(records.referral(id).details.dealValue)).toBe(55_000);
});

test('where nothing was missed the walks find nothing, write nothing and read no record', async () => {
  await world.quiet();
  await walks(2);
  await world.quiet();
  const before = [await found('dataverse'), await found('partner-center')];
  world.dv.resetWrites();
  world.pc.resetRequests();
  world.dv.resetRequests();
  await walks(2);
  await world.quiet();
  expect([await found('dataverse'), await found('partner-center')]).toEqual(before);
  expect(world.dv.writes().map((each) => each.columns)).toEqual([]);
  const { 'referral.list': lists = 0, ...others } = world.pc.counts();
  expect(lists).toBeGreaterThan(0);
  // Microsoft's open referrals are asked for in turn, event or not.
  expect(Object.keys(others).filter((kind) => kind !== 'referral.get')).toEqual([]);
  expect(world.dv.counts()['opportunity.get'] ?? 0).toBe(0);
});

test('while Partner Center is away the walk of the CRM goes on, and afterwards what was missed there is found too', async () => {
  const id = await records.shared({ name: 'Missed in an outage' });
  world.pc.api.addFault({ kind: '503' });
  await lost('partner-center', () => world.pc.edit(records.referral(id).id, { notes: 'Missed in the outage.' }));
  let other = '';
  await lost('dataverse', async () => (other = await seller.opportunity({ name: 'Found in the outage' })));
  expect(await records.shows(other, 'remote-down')).toMatchObject({ actor: 'wait' });
  await sleep(INTERVAL);
  world.pc.api.clearFaults();
  await records.reaches(other, 'synced');
  await until('the edit arrives', () => records.cells(id).description === 'Missed in the outage.', 20_000, () => records.cells(id));
});
