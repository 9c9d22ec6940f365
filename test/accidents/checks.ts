// What must hold after any accident: one record on each side, equal values, the audit tells it, and nothing else was touched.
import { expect } from '@jest/globals';
import { status, type Row, type Seller } from '../kit/seller';
import { until, type World } from '../kit/world';

export interface Bystander {
  readonly id: string;
  readonly referralId: string;
  readonly row: string;
  readonly referral: string;
}

/** A pair that nobody works on: it must look the same afterwards. */
export async function bystander(world: World, seller: Seller): Promise<Bystander> {
  const id = await seller.opportunity({ name: 'Bystander' });
  const row = await syncedRow(world, seller, id);
  const referralId = String(row.cosell_referralidentifier);
  return { id, referralId, ...pictureOf(world, id, referralId) };
}

const pictureOf = (world: World, id: string, referralId: string): { row: string; referral: string } => ({
  row: JSON.stringify(world.dv.row('opportunity', id)?.cells),
  referral: JSON.stringify(world.pc.referral(referralId)),
});

export const syncedRow = (world: World, seller: Seller, id: string, ms = 20_000): Promise<Row> =>
  until(`opportunity ${id} is synced`, async () => { const row = await seller.get('opportunities', id); return row.cosell_syncstatus === status.synced ? row : null; }, ms, () => world.dv.row('opportunity', id)?.cells);

export const ownReferrals = (world: World, id: string) => world.pc.referrals().filter((each) => each.organizationId !== 'msft' && each.externalReferenceId === id);

/** Waits until both sides of a pair agree, then checks the pair. Returns the row. */
export async function settledPair(world: World, seller: Seller, id: string, microsoft = 0): Promise<Row> {
  await until(`both sides of ${id} agree`, async () => {
    const row = await seller.get('opportunities', id);
    const mine = ownReferrals(world, id)[0];
    if (row.cosell_syncstatus !== status.synced || !mine) return false;
    return difference(row, mine) === null && world.pc.engagement(mine.engagementId).length === 1 + microsoft;
  }, 20_000, () => ({ row: world.dv.row('opportunity', id)?.cells, referrals: world.pc.referrals() }));
  await world.quiet();
  const mine = ownReferrals(world, id);
  expect(mine).toHaveLength(1);
  expect(world.pc.engagement(mine[0]!.engagementId)).toHaveLength(1 + microsoft);
  const row = await seller.get('opportunities', id);
  expect(difference(row, mine[0]!)).toBeNull();
  expect(row.cosell_syncstatus).toBe(status.synced);
  expect(row.cosell_referralidentifier).toBe(mine[0]!.id);
  expect(world.dv.rows('opportunity').filter((each) => each.cells.cosell_referralidentifier === mine[0]!.id)).toHaveLength(1);
  expect(String(row.cosell_audit ?? '')).not.toBe('');
  return row;
}

type Referral = ReturnType<World['pc']['referrals']>[number];

/** The first synced field that differs, or `null`. */
export function difference(row: Row, referral: Referral): string | null {
  if (Number(row.estimatedvalue) !== Number(referral.details.dealValue)) return `amount ${String(row.estimatedvalue)} and ${referral.details.dealValue}`;
  if (String(row.estimatedclosedate).slice(0, 10) !== String(referral.details.closingDateTime).slice(0, 10)) return 'closing date';
  const text = (value: unknown): string => String(value ?? '').replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/\r\n/g, '\n').trim();
  if (text(row.description) !== text(referral.details.notes)) return 'notes';
  const closed = row.statecode === 1 ? 'Won' : row.statecode === 2 ? 'Lost' : 'Accepted';
  if (closed !== referral.substatus) return `status ${closed} and ${referral.substatus}`;
  return null;
}

/** No conflict was ever shown for it, and nothing beside it changed. */
export function nothingElse(world: World, other: Bystander, ids: readonly string[]): void {
  expect(pictureOf(world, other.id, other.referralId)).toEqual({ row: other.row, referral: other.referral });
  const service = world.dv.writes().filter((each) => each.table === 'opportunity' && ids.includes(each.id));
  for (const write of service) expect(write.newValues.cosell_syncstatus).not.toBe(status.conflict);
}

/** Accounts of a name: exactly one, however often their making was interrupted. */
export const accountsNamed = (world: World, name: string): number => world.dv.rows('account').filter((each) => each.cells.name === name).length;
