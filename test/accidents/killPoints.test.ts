// Every step is visited: the real process is killed right after it, started again, and both sides are compared.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { steps, type Step } from '../../plugins-proxy/journey/steps';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, freePort, stopPostgres, until, type ServiceProcess, type World } from '../kit/world';
import { bystander, nothingElse, settledPair, type Bystander } from './checks';

afterAll(stopPostgres);

const update: readonly Step[] = ['U0', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'];
const back: readonly Step[] = ['U0', 'U1', 'U2', 'U5', 'U6'];
const outbound: readonly Step[] = ['U0', 'U1', 'C1', 'C2', 'C3', 'C4', 'C8', 'C9'];
const coSell: readonly Step[] = ['C4', 'C5', 'C6', 'C7', 'C8'];
const inbound: readonly Step[] = ['I0', 'I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'];
const closing: readonly Step[] = ['W1', 'W2', 'W3'];

describe.each(crms)('with %s', (label, name) => {
  let world: World;
  let seller: CrmSeller;
  let other: Bystander;
  let running: readonly ServiceProcess[] = [];
  const visited = new Set<Step>();

  beforeAll(async () => {
    world = await createWorld({ crms: [name], listDelayMs: 300, reconcileMinutes: 0.02 });
    seller = world.crm.seller;
    await start();
    other = await bystander(world);
  });
  afterEach(() => nothingElse(world, other));
  afterAll(() => world.close());

  const { deal, referral, reaches, arrived } = createRecords(() => world);

  /** A healthy service in place of whatever ran. */
  async function start(): Promise<void> {
    await Promise.all(running.map((each) => each.kill()));
    const service = await world.spawnService();
    running = [service];
    await service.ready();
  }

  /** Kills at a step of what `deed` sets off, then goes on with a new process. @returns what the deed returned */
  async function killedAt<T>(step: Step, deed: () => Promise<T> | T): Promise<T> {
    const [service] = running;
    await service!.killAt(step);
    const result = await deed();
    await until(`the service died after ${step}`, () => service!.child.signalCode === 'SIGKILL', 15_000, service!.output);
    visited.add(step);
    await start();
    return result;
  }

  async function synced(typed: Parameters<CrmSeller['opportunity']>[0]): Promise<string> {
    const id = await seller.opportunity(typed);
    await reaches(id, 'synced');
    await world.quiet();
    return id;
  }

  /** The audit holds the entry, once. */
  async function told(id: string, entry: string): Promise<void> {
    await until(`the audit tells "${entry}"`, () => deal(id).audit.includes(entry), 10_000, () => deal(id).audit);
    expect(deal(id).audit.split(entry)).toHaveLength(2);
  }

  describe('killed during a change from the CRM', () => {
    let id: string;
    let amount = 60_000;
    beforeAll(async () => void (id = await synced({ name: 'Killed updates', dealValue: amount })));
    test.each(update)('after %s: the amount arrives once, the audit tells it', async (step) => {
      amount += 1;
      await killedAt(step, () => seller.edit(id, { dealValue: amount }));
      expect((await settledPair(world, id)).dealValue).toBe(amount);
      await told(id, `${label} → Partner Center | Deal value: ${amount - 1} → ${amount}`);
    });
  });

  describe('killed during a change from Partner Center', () => {
    let id: string;
    let amount = 80_000;
    beforeAll(async () => void (id = await synced({ name: 'Killed on the way back', dealValue: amount })));
    test.each(back)('after %s: the amount comes back once, the audit tells it', async (step) => {
      amount += 1;
      await killedAt(step, () => world.pc.edit(referral(id).id, { dealValue: amount }));
      expect((await settledPair(world, id)).dealValue).toBe(amount);
      await told(id, `Partner Center → ${label} | Deal value: ${amount - 1} → ${amount}`);
    });
  });

  describe('killed while a referral is made', () => {
    test.each(outbound)('private, after %s: one referral', async (step) => {
      const id = await killedAt(step, () => seller.opportunity({ name: `Private ${step}` }));
      await settledPair(world, id);
    });
    test.each(coSell)('co-sell, after %s: two referrals in one engagement', async (step) => {
      const id = await killedAt(step, () => seller.opportunity({ name: `Co-sell ${step}`, help: 'ProofOfConceptOrDemo', notesToMicrosoft: 'Join us.' }));
      await settledPair(world, id, { microsoft: 1 });
    });
  });

  describe('killed while an opportunity is made', () => {
    test.each(inbound)('after %s: one opportunity, one customer', async (step) => {
      const { id: referralId } = await killedAt(step, () => world.pc.createDeal({ name: `Inbound ${step}`, customerName: `Customer ${step}`, dealValue: 700, closingDate: '2027-02-28' }));
      await settledPair(world, await arrived(referralId));
      expect(world.crm.accounts(`Customer ${step}`)).toHaveLength(1);
      expect(world.crm.deals().filter((each) => each.name === `Inbound ${step}`)).toHaveLength(1);
    });
  });

  describe('killed while an opportunity is closed', () => {
    test.each(closing)('after %s: lost on both sides', async (step) => {
      const id = await synced({ name: `Closing ${step}` });
      await killedAt(step, () => world.pc.lose(referral(id).id, 'Customer chose another vendor'));
      expect((await settledPair(world, id)).state).toBe('lost');
      expect(world.crm.closings(id)).toBe(1);
    });
  });

  describe('two processes on one database', () => {
    test.each(['U3', 'U5', 'C3', 'C6'] as const)('one is killed after %s, the other goes on with the record', async (step) => {
      const isCreate = step.startsWith('C');
      const id = isCreate ? undefined : await synced({ name: `Two processes ${step}` });
      const second = await world.spawnService({ port: await freePort() });
      running = [...running, second];
      await second.ready();
      await Promise.all(running.map((each) => each.killAt(step)));
      const worked = id ?? (await seller.opportunity({ name: `Made by two ${step}`, help: 'ProofOfConceptOrDemo' }));
      if (id) await seller.edit(id, { dealValue: 91_000 });
      await until('one of them is dead', () => running.some((each) => each.child.signalCode === 'SIGKILL'), 15_000);
      // The second one may meet the same step: a third, healthy one takes over then.
      await start();
      await settledPair(world, worked, { microsoft: isCreate ? 1 : 0 });
    });
  });

  test('every step named in the code was visited', () => {
    expect(steps.filter((step) => !visited.has(step))).toEqual([]);
  });
});
