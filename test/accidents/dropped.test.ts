// The connection drops after the effect, and lists show a new referral late: an unknown outcome is looked up, never repeated blindly.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { crms, type CrmSeller } from '../kit/crm';
import { createRecords } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';
import { bystander, nothingElse, settledPair, type Bystander } from './checks';

afterAll(stopPostgres);

const drop = { kind: 'dropAfterEffect', times: 1 } as const;

describe.each(crms)('with %s', (_, name) => {
  let world: World;
  let seller: CrmSeller;
  let other: Bystander;

  beforeAll(async () => {
    world = await createWorld({ crms: [name], listDelayMs: 500, reconcileMinutes: 0.02 });
    seller = world.crm.seller;
    await world.serve();
    other = await bystander(world);
  });
  beforeEach(() => forget());
  afterEach(() => {
    world.pc.api.clearFaults();
    world.crm.clearFaults();
    nothingElse(world, other);
  });
  afterAll(() => world.close());

  const { deal, referral, referralsOf, reasons, conflicts, reaches, carried, arrived, forget } = createRecords(() => world);
  /** Requests that met the accident, since the last `forget`. */
  const dropped = (): number => [...world.pc.api.requests(), ...world.crm.requests()].filter((each) => each.status === 'dropped').length;

  test('the answer to POST 1 is lost: one referral', async () => {
    world.pc.api.addFault({ ...drop, match: 'referral\\.create' });
    const id = await seller.opportunity({ name: 'Lost answer' });
    await settledPair(world, id);
    expect(dropped()).toBe(1);
  });

  test('the request never arrives, and the answer to the one after it is lost: one referral', async () => {
    world.pc.api.addFault({ kind: 'drop', match: 'referral\\.create', times: 1 });
    world.pc.api.addFault({ ...drop, match: 'referral\\.create' });
    const id = await seller.opportunity({ name: 'Lost twice' });
    await settledPair(world, id);
    expect(dropped()).toBe(2);
  });

  test('the answer to POST 1 is lost, and the portal edits the referral before it is found: no edit is taken for our own value', async () => {
    world.pc.api.addFault({ ...drop, match: 'referral\\.create' });
    const id = await seller.opportunity({ name: 'Edited before it was found', dealValue: 40_000, notes: 'Ours.', closingDate: '2027-03-31' });
    const { id: referralId } = await until('the referral is there', () => referralsOf(id)[0]);
    world.pc.edit(referralId, { dealValue: 41_000, notes: 'Theirs.' });
    await reaches(id, 'conflict');
    await world.quiet();
    expect(conflicts(id)).toMatchObject([{ field: 'dealValue', crm: 40_000, partner: 41_000 }, { field: 'notes', crm: 'Ours.', partner: 'Theirs.' }]);
    expect([deal(id).dealValue, deal(id).notes]).toEqual([40_000, 'Ours.']);
    expect([Number(referral(id).details.dealValue), referral(id).details.notes]).toEqual([41_000, 'Theirs.']);
    const choices = conflicts(id).map(({ field, crm, partner }) => ({ field, keep: field === 'notes' ? 'partner' : 'crm', seen: { crm, partner } }));
    await seller.edit(id, { choices: JSON.stringify({ choices }) });
    expect(await settledPair(world, id)).toMatchObject({ dealValue: 40_000, notes: 'Theirs.' });
    expect(dropped()).toBe(1);
    world.crm.forget(); // a conflict is right here, and the bystander's check is about all others
  });

  test('the answer to POST 1 is lost, and the portal closes the referral before it is found: no second one, lost on both sides', async () => {
    world.pc.api.addFault({ ...drop, match: 'referral\\.create' });
    const id = await seller.opportunity({ name: 'Closed before it was found' });
    const { id: referralId } = await until('the referral is there', () => referralsOf(id)[0]);
    world.pc.lose(referralId, 'Timeline too short');
    expect(await settledPair(world, id)).toMatchObject({ state: 'lost', identifier: referralId });
    expect(dropped()).toBe(1);
  });

  test.each(['won', 'lost'] as const)('the deal is %s before its referral can be made: made once, then closed', async (end) => {
    world.pc.api.addFault({ kind: '503', match: 'referral\\.create' });
    const id = await seller.opportunity({ name: `Already ${end}` });
    await until('a create was tried', () => (world.pc.counts()['referral.create'] ?? 0) > 0);
    await (end === 'won' ? seller.win(id) : seller.lose(id));
    world.pc.api.clearFaults();
    expect((await settledPair(world, id)).state).toBe(end);
    expect(reasons(id)).toEqual([]);
  });

  test('the answer to POST 2 is lost: one referral of Microsoft', async () => {
    world.pc.api.addFault({ ...drop, match: 'referral\\.createMicrosoft' });
    const id = await seller.opportunity({ name: 'Lost answer of Microsoft', help: 'ProofOfConceptOrDemo' });
    await settledPair(world, id, { microsoft: 1 });
    expect(dropped()).toBe(1);
  });

  test('the request never arrives: made again, once', async () => {
    world.pc.api.addFault({ kind: 'drop', match: 'referral\\.create', times: 1 });
    const id = await seller.opportunity({ name: 'Never arrived' });
    await settledPair(world, id);
    expect(dropped()).toBe(1);
  });

  test('the answer to a PATCH there is lost: the amount is there once, and the seller edits on without a conflict', async () => {
    const id = await seller.opportunity({ name: 'Lost patch' });
    await reaches(id, 'synced');
    world.pc.api.addFault({ ...drop, match: 'referral\\.patch' });
    await seller.edit(id, { dealValue: 51_000 });
    await until('the change arrived', () => Number(referral(id).details.dealValue) === 51_000);
    await seller.edit(id, { dealValue: 52_000 });
    expect((await settledPair(world, id)).dealValue).toBe(52_000);
    expect(dropped()).toBe(1);
  });

  test('the answer to a PATCH here is lost: settled without a second write of the value', async () => {
    const id = await seller.opportunity({ name: 'Lost patch here' });
    await reaches(id, 'synced');
    const { id: referralId } = referral(id);
    forget();
    world.crm.addFault('write', drop);
    world.pc.edit(referralId, { dealValue: 53_000 });
    await settledPair(world, id);
    expect(dropped()).toBe(1);
    expect(carried(id, 'dealValue')).toHaveLength(1);
  });

  test.each(['create', 'createCustomer', 'createContact'] as const)('the answer to %s is lost: one opportunity, one customer', async (kind) => {
    world.crm.addFault(kind, drop);
    const email = `${kind}@dropped.example`;
    const { id: referralId } = world.pc.createDeal({ name: `Dropped ${kind}`, customerName: `Dropped customer ${kind}`, closingDate: '2027-02-28', contact: { email } });
    await settledPair(world, await arrived(referralId));
    expect(dropped()).toBe(1);
    expect(world.crm.accounts(`Dropped customer ${kind}`)).toHaveLength(1);
    expect(world.crm.contacts(email)).toHaveLength(1);
  });

  test.each(['won', 'lost'] as const)('the answer to create is lost, and the seller edits the record and it is %s before that is known: all of it goes out', async (end) => {
    world.crm.addFault('create', drop);
    const { id: referralId } = world.pc.createDeal({ name: `Early ${end}`, customerName: 'Dropped early', closingDate: '2027-02-28', dealValue: 700 });
    const id = await arrived(referralId);
    await seller.edit(id, { dealValue: 701 });
    await (end === 'won' ? seller.win(id) : seller.lose(id));
    expect(await settledPair(world, id)).toMatchObject({ state: end, dealValue: 701 });
    expect(reasons(id)).toEqual([]);
    expect(dropped()).toBe(1);
  });

  test('the answer to the closing is lost: closed once', async () => {
    const id = await seller.opportunity({ name: 'Dropped closing' });
    await reaches(id, 'synced');
    const { id: referralId } = referral(id);
    world.crm.addFault('close', drop);
    world.pc.lose(referralId, 'Timeline too short');
    expect((await settledPair(world, id)).state).toBe('lost');
    expect(dropped()).toBe(1);
    expect(world.crm.closings(id)).toBe(1);
  });

  test('an answer refused by the CRM in the very second of the last sync is written again, not taken for done', async () => {
    for (let round = 0; round < 2; round += 1) {
      const id = await seller.opportunity({ name: `Same second ${round}` });
      await reaches(id, 'synced');
      const { id: referralId } = referral(id);
      world.crm.addFault('write', { kind: '503', times: 1 });
      world.pc.edit(referralId, { dealValue: 77_000 + round });
      await until('the amount comes', () => deal(id).dealValue === 77_000 + round);
      await settledPair(world, id);
    }
  });

  test('the CRM is down for all calls: its own gate closes, readyz remarks it, and afterwards all is settled', async () => {
    const id = await seller.opportunity({ name: 'CRM away' });
    await reaches(id, 'synced');
    const { id: referralId } = referral(id);
    await world.quiet();
    world.crm.addFault('any', { kind: '503' });
    world.pc.edit(referralId, { dealValue: 78_000 });
    const remarks = (): Promise<readonly { connection: string; code: string }[]> => fetch(`http://127.0.0.1:${world.port}/readyz`).then(async (answer) => ((await answer.json()) as { remarks: { connection: string; code: string }[] }).remarks);
    await until('readyz remarks it', async () => (await remarks()).some((each) => each.connection === name && each.code === 'remote-down'));
    world.crm.clearFaults();
    await until('the amount comes', () => deal(id).dealValue === 78_000, 20_000);
    await settledPair(world, id);
  });
});
