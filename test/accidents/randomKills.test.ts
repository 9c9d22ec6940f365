// A hundred seeded SIGKILLs at random moments of mixed traffic in both CRMs, fifty with either of them taking the portal's new deals, one of two
// processes at a time: afterwards every pair is one pair with equal values, and no edit was called a conflict.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { crms, type CrmName, type TestCrm } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, freePort, sleep, stopPostgres, type ServiceProcess, type World } from '../kit/world';
import { bystander, nothingElse, settledPair } from './checks';

afterAll(stopPostgres);

const KILLS = 50;
const SEED = Number(process.env.COSELL_TEST_SEED ?? 20261123);
/** Records on which the traffic goes. */
const RECORDS = 24;

/** mulberry32: small, seeded, good enough to spread moments. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An opportunity that a seller made. */
interface Made {
  readonly crm: TestCrm;
  readonly id: string;
  readonly microsoft: number;
}

const both: readonly CrmName[] = ['dataverse', 'salesforce'];

describe.each(crms)('with new deals of the portal in %s', (_, name) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ crms: [name, ...both.filter((each) => each !== name)], listDelayMs: 300, reconcileMinutes: 0.05, timings: { missedAfter: 1_000 }, partner: () => ({ delivery: { firstRetryMs: 20, lateMs: 20 } }) });
  });
  afterEach(() => world.close());

  test(`${KILLS} kills in mixed traffic of both CRMs, seed ${SEED}`, async () => {
    const random = randomFrom(SEED);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    const amount = (): number => Math.floor(random() * 90_000) + 1;
    const made: Made[] = [];
    const portal: string[] = [];
    const ports = [world.port, await freePort()];
    const services: ServiceProcess[] = await Promise.all(ports.map((port) => world.spawnService({ port })));
    await Promise.all(services.map((each) => each.ready()));
    const others = await Promise.all(world.crms.map((crm) => bystander(world, crm)));

    // Each record is edited on one side at a time: an edit that waits there must never be called a conflict.
    const deeds: readonly (() => Promise<unknown> | unknown)[] = [
      async () => {
        const [crm, microsoft] = [pick(world.crms)!, random() < 0.3 ? 1 : 0];
        made.push({ crm, microsoft, id: await crm.seller.opportunity({ name: `Random ${made.length}`, dealValue: 1_000 + made.length, ...(microsoft === 1 ? { help: 'ProofOfConceptOrDemo' } : {}) }) });
      },
      () => portal.push(world.pc.createDeal({ name: `Portal ${portal.length}`, customerName: `Random customer ${portal.length % 4}`, dealValue: 500 + portal.length, closingDate: '2027-02-28' }).id),
      async () => {
        const deal = pick(made);
        await deal?.crm.seller.edit(deal.id, { dealValue: amount() });
      },
      async () => {
        const deal = pick(made);
        await deal?.crm.seller.edit(deal.id, { notes: `Note ${random()}` });
      },
      () => {
        const id = pick(portal);
        if (id) world.pc.edit(id, { dealValue: amount() });
      },
    ];
    const work = async (): Promise<void> => {
      const isFull = (): boolean => made.length + portal.length >= RECORDS;
      for (let left = isFull() ? 2 : 3; left > 0; left -= 1) {
        await pick(isFull() ? deeds.slice(2) : deeds)!();
        await sleep(random() * 60);
      }
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const busy = work();
      // While the one starts again, the other goes on; now and then both are dead.
      const slot = kill % 2;
      await services[slot]!.ready();
      await sleep(random() * 250);
      await services[slot]!.kill();
      await busy;
      services[slot] = await world.spawnService({ port: ports[slot] });
    }
    await Promise.all(services.map((each) => each.ready()));
    const checked = checkAll(made, portal).then(() => others.forEach((other) => nothingElse(world, other)));
    await checked.catch(async (error: unknown) => {
      throw new Error(`${String(error)}\nowed: ${JSON.stringify(await world.owed(), null, 1)}\n${services.map((each) => each.output().slice(-2_000)).join('\n')}`);
    });
  }, 400_000);

  async function checkAll(made: readonly Made[], portal: readonly string[]): Promise<void> {
    const { arrived, referralsOf } = createRecords(() => world);
    // Events that met a dead door are tried again with growing pauses; until they are through, something is always under way.
    await world.quiet(90_000);
    for (const { crm, id, microsoft } of made) await settledPair(world, id, { crm, microsoft });
    for (const referralId of portal) await settledPair(world, await arrived(referralId, 30_000));
    for (const crm of world.crms) expect(crm.deals()).toHaveLength(made.filter((each) => each.crm === crm).length + (crm === world.crm ? portal.length : 0) + 1);
    for (const { id } of made) expect(referralsOf(id)).toHaveLength(1);
    for (let customer = 0; customer < Math.min(4, portal.length); customer += 1) expect(world.crm.accounts(`Random customer ${customer}`)).toHaveLength(1);
  }
});
