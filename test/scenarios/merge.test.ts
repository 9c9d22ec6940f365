// Both sides changed: different fields are merged, the same field is a conflict that overwrites nothing, and a choice settles it.
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSeller, status, type Seller } from '../kit/seller';
import { createWorld, stopPostgres, until, type World } from '../kit/world';
import { settledPair, syncedRow } from '../accidents/checks';

let world: World;
let seller: Seller;
let id: string;
let referralId: string;

beforeEach(async () => {
  world = await createWorld({ reconcileMinutes: 0.02 });
  seller = createSeller(world.dv);
});
afterEach(() => world.close());
afterAll(stopPostgres);

interface Details {
  readonly reasons?: readonly { readonly code: string; readonly field?: string; readonly actor: string }[];
  readonly conflicts?: readonly { readonly field: string; readonly group: string; readonly agreed: unknown; readonly crm: unknown; readonly partner: unknown }[];
}
const row = () => seller.get('opportunities', id);
const details = async (): Promise<Details> => JSON.parse(String((await row()).cosell_syncdetails ?? '{}')) as Details;
const dealValue = () => Number(world.pc.referral(referralId)?.details.dealValue);
const inConflict = () => until('the conflict is shown', async () => (await row()).cosell_syncstatus === status.conflict, 10_000, () => world.dv.row('opportunity', id)?.cells);

/** A synced pair; then both sides are edited while nobody serves, and a service starts. */
async function editedApart(crm: Record<string, unknown>, partner: Parameters<World['pc']['edit']>[1]): Promise<void> {
  const service = await world.serve();
  id = await seller.opportunity();
  referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  await world.quiet();
  await service.stop();
  await seller.update('opportunities', id, crm);
  world.pc.edit(referralId, partner);
  await world.serve();
}

test('different fields changed while the service was down are merged', async () => {
  await editedApart({ estimatedvalue: 60_000 }, { notes: 'From the portal' });
  await until('both arrived', async () => dealValue() === 60_000 && (await row()).description === 'From the portal', 15_000);
  await settledPair(world, seller, id);
});

test('different fields are merged also when the process dies right after the PATCH', async () => {
  const service = await world.spawnService({ killAt: 'U3' });
  await service.ready();
  id = await seller.opportunity();
  referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
  await seller.update('opportunities', id, { estimatedvalue: 60_000 });
  expect(await service.ended).toBe('SIGKILL');
  world.pc.edit(referralId, { notes: 'From the portal' });
  await seller.update('opportunities', id, { estimatedvalue: 61_000 });
  await world.serve();
  await until('both arrived', async () => dealValue() === 61_000 && (await row()).description === 'From the portal', 15_000);
  await settledPair(world, seller, id);
  expect(world.dv.writes().some((each) => each.newValues.cosell_syncstatus === status.conflict)).toBe(false);
});

test('the same field: nothing is overwritten, both values are shown, other fields flow, and it dissolves when one side returns', async () => {
  await editedApart({ estimatedvalue: 60_000 }, { dealValue: 55_000 });
  await inConflict();
  expect((await details()).conflicts).toEqual([expect.objectContaining({ field: 'dealValue', group: 'money', agreed: 50_000, crm: 60_000, partner: 55_000 })]);
  await seller.update('opportunities', id, { description: 'Still flows' });
  await until('the note arrives', () => world.pc.referral(referralId)?.details.notes === 'Still flows');
  expect([(await row()).estimatedvalue, dealValue()]).toEqual([60_000, 55_000]);
  await world.quiet();
  expect((await row()).cosell_syncstatus).toBe(status.conflict);
  await seller.update('opportunities', id, { estimatedvalue: 50_000 });
  await until('the other value comes', async () => (await row()).estimatedvalue === 55_000);
  await settledPair(world, seller, id);
});

test.each([['crm', 60_000], ['partner', 55_000]] as const)('the choice to keep %s settles it, and the value not kept stands in the audit', async (keep, kept) => {
  await editedApart({ estimatedvalue: 60_000 }, { dealValue: 55_000 });
  await inConflict();
  await seller.update('opportunities', id, { cosell_conflictchoices: JSON.stringify({ choices: [{ field: 'dealValue', keep, seen: { crm: 60_000, partner: 55_000 } }] }) });
  await until('both hold the kept value', async () => (await row()).estimatedvalue === kept && dealValue() === kept);
  const now = await settledPair(world, seller, id);
  expect(now.cosell_conflictchoices ?? null).toBeNull();
  expect(String(now.cosell_audit)).toContain(`not kept: ${keep === 'crm' ? 55_000 : 60_000}`);
});

test.each([
  ['a choice on values that are gone', JSON.stringify({ choices: [{ field: 'dealValue', keep: 'crm', seen: { crm: 1, partner: 2 } }] })],
  ['a choice that cannot be read', 'not JSON'],
])('%s is emptied, said, and decides nothing', async (_what, text) => {
  await editedApart({ estimatedvalue: 60_000 }, { dealValue: 55_000 });
  await inConflict();
  const before = String((await row()).cosell_audit ?? '');
  await seller.update('opportunities', id, { cosell_conflictchoices: text });
  await until('the choice is emptied', async () => ((await row()).cosell_conflictchoices ?? null) === null);
  await world.quiet();
  expect([(await row()).estimatedvalue, dealValue(), (await row()).cosell_syncstatus]).toEqual([60_000, 55_000, status.conflict]);
  expect(String((await row()).cosell_audit).length).toBeGreaterThan(before.length);
});

test('an answer refused by the CRM in the very second of the last sync is written again, not taken for done', async () => {
  await world.serve();
  for (let round = 0; round < 3; round += 1) {
    id = await seller.opportunity({ name: `Same second ${round}` });
    referralId = String((await syncedRow(world, seller, id)).cosell_referralidentifier);
    world.dv.addFault({ kind: '503', match: 'opportunity\\.patch', times: 1 });
    world.pc.edit(referralId, { dealValue: 77_000 + round });
    await until('the amount comes', async () => (await row()).estimatedvalue === 77_000 + round);
    await settledPair(world, seller, id);
  }
});
