// A copied environment and a restored database: nothing is sent and no value written until somebody adopts it, and a record that rings says why.
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { createSeller, status, type Seller } from '../kit/seller';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';
import { ownReferrals, settledPair, syncedRow } from './checks';

let world: World;
let seller: Seller;

beforeEach(async () => {
  world = await createWorld();
  seller = createSeller(world.dv);
});
afterEach(() => world.close());
afterAll(stopPostgres);

const adopt = async (connection?: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${world.port}/api/v1/adopt`, { method: 'POST', headers: { authorization: 'Bearer admin-token-of-the-tests', 'content-type': 'application/json' }, body: JSON.stringify(connection ? { connection } : {}) })).status;

const saysWhy = (id: string): Promise<unknown> =>
  until('the record says why', async () => {
    const row = await seller.get('opportunities', id);
    return row.cosell_syncstatus === status.failed && String(row.cosell_syncdetails).includes('environment-copied');
  }, 10_000, () => world.dv.row('opportunity', id)?.cells);

/** What the service wrote into seller's columns since the last reset. */
const valuesWritten = (): string[] => world.dv.writes().filter((each) => each.origin === 'request').flatMap((each) => each.columns.filter((column) => ['estimatedvalue', 'description', 'estimatedclosedate', 'cosell_products'].includes(column)).map((column) => `${each.user} ${column}`));

test('the organisation id changed: a record that rings says why, nothing is sent; after adoption all flows', async () => {
  const first = await world.serve();
  const id = await seller.opportunity();
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  await first.stop();
  world.dv.setOrganizationId('99999999-9999-4999-8999-999999999999');
  await world.serve();
  world.pc.api.resetRequests();
  world.dv.resetWrites();
  await seller.update('opportunities', id, { estimatedvalue: 61_000 });
  const fresh = await seller.opportunity({ name: 'Saved in the copy' });
  await saysWhy(id);
  await saysWhy(fresh);
  world.pc.edit(referralId, { notes: 'Edited in the portal' });
  await world.quiet();
  expect(Object.keys(world.pc.counts()).filter((kind) => /create|patch/.test(kind))).toEqual([]);
  expect(valuesWritten().filter((each) => !each.startsWith(String(world.dv.row('opportunity', fresh)?.cells.createdby)) && each.includes('description'))).toHaveLength(1);
  expect(ownReferrals(world, fresh)).toHaveLength(0);
  expect(await adopt('dataverse')).toBe(200);
  await settledPair(world, seller, id);
  await settledPair(world, seller, fresh);
  expect(Number(world.pc.referral(referralId)?.details.dealValue)).toBe(61_000);
});

test('the database was restored from before: what happened since is not repeated until somebody adopts it', async () => {
  const first = await world.serve();
  const id = await seller.opportunity();
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  await world.quiet();
  await first.stop();
  const saved = await snapshot();
  const second = await world.serve();
  const later = await seller.opportunity({ name: 'Made after the backup' });
  await syncedRow(world, seller, later);
  await sleep(1_100);
  await seller.update('opportunities', id, { estimatedvalue: 62_000 });
  await until('the change arrived', () => Number(world.pc.referral(referralId)?.details.dealValue) === 62_000);
  await settledPair(world, seller, id);
  await second.stop();
  await restore(saved);
  await world.serve();
  world.pc.api.resetRequests();
  await seller.update('opportunities', later, { estimatedvalue: 63_000 });
  await saysWhy(later);
  await seller.update('opportunities', id, { description: 'After the restore' });
  await saysWhy(id);
  await world.quiet();
  expect(Object.keys(world.pc.counts()).filter((kind) => /create|patch/.test(kind))).toEqual([]);
  expect(await adopt()).toBe(200);
  await settledPair(world, seller, id);
  await until('one referral stays one', () => ownReferrals(world, later).length === 1);
  await world.quiet();
  const row = await seller.get('opportunities', later);
  // Both sides meet anew: their amounts differ and nobody knows who is right, so a person decides.
  expect(row.cosell_syncstatus).toBe(status.conflict);
  expect(ownReferrals(world, later)).toHaveLength(1);
});

test('an ordinary crash never looks like a copy', async () => {
  const service = await world.spawnService({ killAt: 'U5' });
  await service.ready();
  const id = await seller.opportunity();
  await syncedRow(world, seller, id);
  await seller.update('opportunities', id, { estimatedvalue: 64_000 });
  expect(await service.ended).toBe('SIGKILL');
  const next = await world.spawnService();
  await next.ready();
  const row = await settledPair(world, seller, id);
  expect(String(row.cosell_syncdetails)).not.toContain('environment-copied');
});

type Tables = Readonly<Record<string, readonly Record<string, unknown>[]>>;
const tables = ['connection', 'link', 'timeline', 'seen_referral', 'chore', 'gate'];

async function withClient<T>(deed: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    return await deed(client);
  } finally {
    await client.end();
  }
}

/** All rows as text, the way a logical backup keeps them. */
const snapshot = (): Promise<Tables> =>
  withClient(async (client) => {
    const saved: Record<string, readonly Record<string, unknown>[]> = {};
    for (const table of tables) saved[table] = (await client.query(`select t::text as row from cosell.${table} t`)).rows;
    return saved;
  });

const restore = (saved: Tables): Promise<void> =>
  withClient(async (client) => {
    for (const table of ['work', ...tables].reverse()) await client.query(`delete from cosell.${table}`);
    for (const table of tables) for (const { row } of saved[table] ?? []) await client.query(`insert into cosell.${table} select (r).* from (select $1::cosell.${table} as r) x`, [row]);
  });
