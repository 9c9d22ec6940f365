// The connection drops after the effect, and lists show a new referral late: an unknown outcome is looked up, never repeated blindly.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createSeller, help, type Seller } from '../kit/seller';
import { createWorld, stopPostgres, until, type World } from '../kit/world';
import { accountsNamed, bystander, nothingElse, ownReferrals, settledPair, syncedRow, type Bystander } from './checks';

let world: World;
let seller: Seller;
let other: Bystander;

beforeAll(async () => {
  world = await createWorld({ listDelayMs: 500, reconcileMinutes: 0.02 });
  seller = createSeller(world.dv);
  await world.serve();
  other = await bystander(world, seller);
});
afterEach(() => {
  world.pc.api.clearFaults();
  world.dv.clearFaults();
  nothingElse(world, other, world.dv.rows('opportunity').map((each) => each.id));
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const drop = (kind: string) => ({ kind: 'dropAfterEffect', match: kind, times: 1 }) as const;

test.each([1, 2])('the answer to POST 1 is lost %s time(s): one referral', async (times) => {
  world.pc.api.addFault({ ...drop('referral\\.create'), times });
  const id = await seller.opportunity({ name: `Lost answer ${times}` });
  await settledPair(world, seller, id);
});

test('the answer to POST 2 is lost: one referral of Microsoft', async () => {
  world.pc.api.addFault(drop('referral\\.createMicrosoft'));
  const id = await seller.opportunity({ name: 'Lost answer of Microsoft', cosell_howcanmicrosofthelp: help.poc });
  await settledPair(world, seller, id, 1);
});

test('the request never arrives: made again, once', async () => {
  world.pc.api.addFault({ kind: 'drop', match: 'referral\\.create', times: 1 });
  const id = await seller.opportunity({ name: 'Never arrived' });
  await settledPair(world, seller, id);
});

test('the answer to a PATCH there is lost: the amount is there once, and the seller edits on without a conflict', async () => {
  const id = await seller.opportunity({ name: 'Lost patch' });
  await syncedRow(world, seller, id);
  world.pc.api.addFault(drop('referral\\.patch'));
  await seller.update('opportunities', id, { estimatedvalue: 51_000 });
  await until('the change arrived', () => Number(ownReferrals(world, id)[0]?.details.dealValue) === 51_000);
  await seller.update('opportunities', id, { estimatedvalue: 52_000 });
  const row = await settledPair(world, seller, id);
  expect(row.estimatedvalue).toBe(52_000);
});

test('the answer to a PATCH here is lost: settled without a second write of the value', async () => {
  const id = await seller.opportunity({ name: 'Lost patch here' });
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  world.dv.resetWrites();
  world.dv.addFault(drop('opportunity\\.patch'));
  world.pc.edit(referralId, { dealValue: 53_000 });
  await settledPair(world, seller, id);
  const writes = world.dv.writes().filter((each) => each.id === id && each.columns.includes('estimatedvalue') && each.origin === 'request');
  expect(writes).toHaveLength(1);
});

test.each(['opportunity\\.create', 'account\\.create', 'contact\\.create'])('the answer to %s is lost: one opportunity, one customer', async (kind) => {
  world.dv.addFault(drop(kind));
  const deal = world.pc.createDeal({ name: `Dropped ${kind}`, customerName: `Dropped customer ${kind}`, closingDate: '2027-02-28' });
  const id = await until('the opportunity stands', () => world.dv.rows('opportunity').find((each) => each.cells.cosell_referralidentifier === deal.id)?.id, 20_000);
  await settledPair(world, seller, id);
  expect(accountsNamed(world, `Dropped customer ${kind}`)).toBe(1);
});

test('the answer to the closing is lost: closed once', async () => {
  const id = await seller.opportunity({ name: 'Dropped closing' });
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  world.dv.addFault(drop('lose'));
  world.pc.lose(referralId, 'Timeline too short');
  const row = await settledPair(world, seller, id);
  expect(row.statecode).toBe(2);
  expect(world.dv.rows('opportunityclose').filter((each) => JSON.stringify(each.cells).includes(id))).toHaveLength(1);
});

test('an answer refused by the CRM in the very second of the last sync is written again, not taken for done', async () => {
  for (let round = 0; round < 2; round += 1) {
    const id = await seller.opportunity({ name: `Same second ${round}` });
    const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
    world.dv.addFault({ kind: '503', match: 'opportunity\\.patch', times: 1 });
    world.pc.edit(referralId, { dealValue: 77_000 + round });
    await until('the amount comes', () => world.dv.row('opportunity', id)?.cells.estimatedvalue === 77_000 + round);
    await settledPair(world, seller, id);
  }
});

test('Dataverse is down for all calls: its own gate closes, readyz remarks it, and afterwards all is settled', async () => {
  const id = await seller.opportunity({ name: 'Dataverse away' });
  const referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  await world.quiet();
  world.dv.addFault({ kind: '503', match: '(opportunity|account|contact|whoami|metadata).*' });
  world.pc.edit(referralId, { dealValue: 78_000 });
  const remarks = (): Promise<readonly { connection: string; code: string }[]> => fetch(`http://127.0.0.1:${world.port}/readyz`).then(async (answer) => ((await answer.json()) as { remarks: { connection: string; code: string }[] }).remarks);
  await until('readyz remarks it', async () => (await remarks()).some((each) => each.connection === 'dataverse' && each.code === 'remote-down'));
  world.dv.clearFaults();
  await until('the amount comes', () => world.dv.row('opportunity', id)?.cells.estimatedvalue === 78_000, 20_000);
  await settledPair(world, seller, id);
});
