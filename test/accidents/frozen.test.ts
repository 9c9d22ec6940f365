// A process whose machine is held for a while: others take over its records, and it must not go on as if no time had passed.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { crms } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, freePort, sleep, stopPostgres, until, type ServiceProcess, type World } from '../kit/world';

afterAll(stopPostgres);

describe.each(crms)('with %s', (_, name) => {
  let world: World;
  let frozen: ServiceProcess;
  let other: ServiceProcess;
  beforeAll(async () => {
    world = await createWorld({ crms: [name] });
  });
  afterEach(() => Promise.all([frozen.kill(), other.kill()]));
  afterAll(() => world.close());

  const { referralsOf, reaches } = createRecords(() => world);

  const query = async (text: string): Promise<number> => {
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    const { rowCount } = await client.query(text);
    await client.end();
    return rowCount ?? 0;
  };

  test.each(['C2', 'C5'] as const)('held after %s until another process has made the referral: it makes no second one', async (step) => {
    world.pc.resetRequests();
    frozen = await world.spawnService();
    await frozen.ready();
    await frozen.freezeAt(step);
    const id = await world.crm.seller.opportunity({ name: `Held after ${step}`, help: 'ProofOfConceptOrDemo' });
    const attempt = step === 'C2' ? 'own' : 'microsoft';
    await until('the intent is stored', async () => (await query(`select 1 from cosell.link where document->'attempts'->'${attempt}'->>'state' = 'unknown' and crm_id = '${id}'`)) === 1, 15_000, frozen.output);
    await sleep(200);
    // Whoever stands still long enough loses its connection to the database, and with it what it holds.
    expect(await query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cosell schedule' and datname = current_database()")).toBe(1);
    const port = await freePort();
    other = await world.spawnService({ port });
    await other.ready();
    await reaches(id, 'synced');
    frozen.child.kill('SIGCONT');
    await sleep(1_500);
    expect(referralsOf(id)).toHaveLength(1);
    expect(world.pc.referrals().filter((each) => each.engagementId === referralsOf(id)[0]!.engagementId)).toHaveLength(2);
    expect(world.pc.counts()).toMatchObject({ 'referral.create': 1, 'referral.createMicrosoft': 1 });
    expect(await query('select 1 from cosell.work where parked is not null')).toBe(0);
  });
});
