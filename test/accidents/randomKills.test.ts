// A hundred seeded SIGKILLs at random moments of mixed traffic, one of two processes at a time: afterwards every pair is one pair with equal values, and no edit was called a conflict.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSeller, help, status, type Seller } from '../kit/seller';
import { createWorld, freePort, sleep, stopPostgres, until, type ServiceProcess, type World } from '../kit/world';
import { accountsNamed, bystander, nothingElse, ownReferrals, settledPair, type Bystander } from './checks';

const KILLS = 100;
const SEED = Number(process.env.COSELL_TEST_SEED ?? 20261123);

let world: World;
let seller: Seller;
let other: Bystander;

beforeAll(async () => {
  world = await createWorld({ listDelayMs: 300, reconcileMinutes: 0.05, timings: { missedAfter: 1_000 }, partner: () => ({ delivery: { firstRetryMs: 20, lateMs: 20 } }) });
  seller = createSeller(world.dv);
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

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

interface Deal {
  readonly id: string;
  readonly microsoft: number;
}

test(`${KILLS} kills in mixed traffic, seed ${SEED}`, async () => {
  const random = randomFrom(SEED);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const deals: Deal[] = [];
  const portal: string[] = [];
  const ports = [world.port, await freePort()];
  const services: ServiceProcess[] = await Promise.all(ports.map((port) => world.spawnService({ port })));
  await Promise.all(services.map((each) => each.ready()));
  other = await bystander(world, seller);

  // Each record is edited on one side at a time: an edit that waits there must never be called a conflict.
  const deeds: readonly (() => Promise<unknown> | unknown)[] = [
    async () => {
      const coSell = random() < 0.3;
      deals.push({ id: await seller.opportunity({ name: `Random ${deals.length}`, estimatedvalue: 1_000 + deals.length, ...(coSell ? { cosell_howcanmicrosofthelp: help.poc } : {}) }), microsoft: coSell ? 1 : 0 });
    },
    () => portal.push(world.pc.createDeal({ name: `Portal ${portal.length}`, customerName: `Random customer ${portal.length % 4}`, dealValue: 500 + portal.length, closingDate: '2027-02-28' }).id),
    async () => {
      const deal = pick(deals);
      if (deal) await seller.update('opportunities', deal.id, { estimatedvalue: Math.floor(random() * 90_000) + 1 });
    },
    async () => {
      const deal = pick(deals);
      if (deal) await seller.update('opportunities', deal.id, { description: `Note ${random()}` });
    },
    () => {
      const id = pick(portal);
      if (id) world.pc.edit(id, { dealValue: Math.floor(random() * 90_000) + 1 });
    },
  ];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const busy = (async () => {
      const count = deals.length + portal.length < 24 ? 3 : 2;
      for (let i = 0; i < count; i += 1) {
        const deed = deals.length + portal.length < 24 ? pick(deeds)! : pick(deeds.slice(2))!;
        await deed();
        await sleep(random() * 60);
      }
    })();
    // While the one starts again, the other goes on; now and then both are dead.
    const slot = kill % 2;
    await services[slot]!.ready();
    await sleep(random() * 250);
    await services[slot]!.kill();
    await busy;
    services[slot] = await world.spawnService({ port: ports[slot] });
  }
  await Promise.all(services.map((each) => each.ready()));
  await checkAll(deals, portal).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\nowed: ${JSON.stringify(await world.owed(), null, 1)}\n${services.map((each) => each.output().slice(-2_000)).join('\n')}`);
  });
}, 400_000);

async function checkAll(deals: readonly Deal[], portal: readonly string[]): Promise<void> {
  // Events that met a dead door are tried again with growing pauses; until they are through, something is always under way.
  await world.quiet(90_000);
  for (const deal of deals) await settledPair(world, seller, deal.id, deal.microsoft);
  for (const referralId of portal) {
    const id = await until('the opportunity stands', () => world.dv.rows('opportunity').find((each) => each.cells.cosell_referralidentifier === referralId)?.id, 30_000);
    await settledPair(world, seller, id);
  }
  const ids = world.dv.rows('opportunity').map((each) => each.id);
  expect(ids).toHaveLength(deals.length + portal.length + 1);
  for (const deal of deals) expect(ownReferrals(world, deal.id)).toHaveLength(1);
  for (let customer = 0; customer < Math.min(4, portal.length); customer += 1) expect(accountsNamed(world, `Random customer ${customer}`)).toBe(1);
  const conflicts = world.dv.writes().filter((each) => each.newValues.cosell_syncstatus === status.conflict);
  expect(conflicts).toEqual([]);
  nothingElse(world, other, ids);
}
