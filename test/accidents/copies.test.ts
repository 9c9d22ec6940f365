// A copied environment and a restored database: nothing is sent and no value written until somebody adopts it, and a record that rings says why.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';
import { settledPair } from './checks';

afterAll(stopPostgres);

describe.each(crms)('with %s', (_, name) => {
  let world: World;
  let seller: CrmSeller;

  beforeEach(async () => {
    world = await createWorld({ crms: [name] });
    seller = world.crm.seller;
  });
  afterEach(() => world.close());

  const { deal, reaches, referral, referralsOf, carried } = createRecords(() => world);

  const saysWhy = (id: string): Promise<unknown> =>
    until('the record says why', () => deal(id).status === 'failed' && deal(id).details?.includes('environment-copied'), 10_000, () => deal(id));

  /** What the service wrote into a seller's fields since the last reset. */
  const valuesWritten = (id: string): unknown => carried(id, 'dealValue', 'notes', 'closingDate', 'solutions');
  const sent = (): string[] => Object.keys(world.pc.counts()).filter((kind) => /create|patch/.test(kind));

  test('the organisation id changed: a record that rings says why, nothing is sent; after adoption all flows', async () => {
    const first = await world.serve();
    const id = await seller.opportunity();
    await reaches(id, 'synced');
    const { id: referralId } = referral(id);
    await first.stop();
    world.crm.becomeCopy();
    await world.serve();
    world.pc.api.resetRequests();
    world.crm.forget();
    await seller.edit(id, { dealValue: 61_000 });
    const fresh = await seller.opportunity({ name: 'Saved in the copy' });
    await saysWhy(id);
    await saysWhy(fresh);
    world.pc.edit(referralId, { notes: 'Edited in the portal' });
    await world.quiet();
    expect(sent()).toEqual([]);
    expect([valuesWritten(id), valuesWritten(fresh)]).toEqual([[], []]);
    expect(referralsOf(fresh)).toHaveLength(0);
    expect(await world.adopt(name)).toBe(200);
    await settledPair(world, id);
    await settledPair(world, fresh);
    expect(Number(world.pc.referral(referralId)?.details.dealValue)).toBe(61_000);
  });

  test('another Partner Center account than before: a record whose referral is read says why, nothing is sent; after adoption all flows', async () => {
    const first = await world.serve();
    const id = await seller.opportunity();
    await reaches(id, 'synced');
    const { id: referralId } = referral(id);
    await world.quiet();
    await first.stop();
    await withClient((client) => client.query("update cosell.connection set organization_id = 'another-organisation' where name = 'partner-center'"));
    await world.serve();
    world.pc.api.resetRequests();
    world.crm.forget();
    world.pc.edit(referralId, { notes: 'Edited over there' });
    await saysWhy(id);
    // From then on it is known: no other record goes out either, and none comes in.
    await seller.edit(id, { dealValue: 61_500 });
    const fresh = await seller.opportunity({ name: 'Saved meanwhile' });
    await saysWhy(fresh);
    await world.quiet();
    expect(sent()).toEqual([]);
    expect([valuesWritten(id), valuesWritten(fresh)]).toEqual([[], []]);
    expect(referralsOf(fresh)).toHaveLength(0);
    expect(await world.adopt('partner-center')).toBe(200);
    await settledPair(world, fresh);
    expect(await settledPair(world, id)).toMatchObject({ dealValue: 61_500, notes: 'Edited over there' });
  });

  test('the database was restored from before: what happened since is not repeated until somebody adopts it', async () => {
    const first = await world.serve();
    const id = await seller.opportunity();
    await reaches(id, 'synced');
    const { id: referralId } = referral(id);
    await world.quiet();
    await first.stop();
    const saved = await snapshot();
    const second = await world.serve();
    const later = await seller.opportunity({ name: 'Made after the backup' });
    await reaches(later, 'synced');
    await sleep(1_100);
    await seller.edit(id, { dealValue: 62_000 });
    await until('the change arrived', () => Number(world.pc.referral(referralId)?.details.dealValue) === 62_000);
    await settledPair(world, id);
    await second.stop();
    await restore(saved);
    await world.serve();
    world.pc.api.resetRequests();
    await seller.edit(later, { dealValue: 63_000 });
    await saysWhy(later);
    await seller.edit(id, { notes: 'After the restore' });
    await saysWhy(id);
    await world.quiet();
    expect(sent()).toEqual([]);
    expect(await world.adopt()).toBe(200);
    await settledPair(world, id);
    await until('one referral stays one', () => referralsOf(later).length === 1);
    await world.quiet();
    // Both sides meet anew: their amounts differ and nobody knows who is right, so a person decides.
    expect(deal(later).status).toBe('conflict');
    expect(referralsOf(later)).toHaveLength(1);
  });

  test('an ordinary crash never looks like a copy', async () => {
    const service = await world.spawnService({ killAt: 'U5' });
    await service.ready();
    const id = await seller.opportunity();
    await reaches(id, 'synced');
    await seller.edit(id, { dealValue: 64_000 });
    expect(await service.ended).toBe('SIGKILL');
    const next = await world.spawnService();
    await next.ready();
    expect(String((await settledPair(world, id)).details)).not.toContain('environment-copied');
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
});
