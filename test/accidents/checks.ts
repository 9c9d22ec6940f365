// What must hold after any accident: one record on each side, equal values, the audit tells it, and nothing else was touched.
import { expect } from '@jest/globals';
import type { Deal, TestCrm } from '../kit/crm';
import type { Referral } from '../kit/records';
import { until, type World } from '../kit/world';

export interface Bystander {
  readonly crm: TestCrm;
  readonly id: string;
  readonly referralId: string;
  readonly record: string;
  readonly referral: string;
}

/** A pair that nobody works on: it must look the same afterwards. */
export async function bystander(world: World, crm: TestCrm = world.crm): Promise<Bystander> {
  const id = await crm.seller.opportunity({ name: 'Bystander' });
  const referralId = (await syncedDeal(crm, id)).identifier!;
  await world.quiet();
  return { crm, id, referralId, ...pictureOf(world, crm, id, referralId) };
}

const pictureOf = (world: World, crm: TestCrm, id: string, referralId: string): { record: string; referral: string } => ({ record: crm.picture(id), referral: JSON.stringify(world.pc.referral(referralId)) });

export const syncedDeal = (crm: TestCrm, id: string, ms = 20_000): Promise<Deal> =>
  until(`opportunity ${id} is synced`, () => { const deal = crm.deal(id); return deal?.status === 'synced' ? deal : null; }, ms, () => crm.deal(id));

export const ownReferrals = (world: World, id: string): readonly Referral[] => world.pc.referrals().filter((each) => each.organizationId !== 'msft' && each.externalReferenceId === id);

/** Waits until both sides of a pair agree, then checks the pair. Returns the opportunity. */
export async function settledPair(world: World, id: string, { microsoft = 0, crm = world.crm }: { readonly microsoft?: number; readonly crm?: TestCrm } = {}): Promise<Deal> {
  await until(`both sides of ${id} agree`, () => {
    const [deal, mine] = [crm.deal(id), ownReferrals(world, id)[0]];
    return deal?.status === 'synced' && mine !== undefined && difference(deal, mine) === null && world.pc.engagement(mine.engagementId).length === 1 + microsoft;
  }, 20_000, () => ({ deal: crm.deal(id), referrals: ownReferrals(world, id) }));
  await world.quiet();
  const mine = ownReferrals(world, id);
  expect(mine).toHaveLength(1);
  expect(world.pc.engagement(mine[0]!.engagementId)).toHaveLength(1 + microsoft);
  const deal = crm.deal(id)!;
  expect(difference(deal, mine[0]!)).toBeNull();
  expect(deal.status).toBe('synced');
  expect(deal.identifier).toBe(mine[0]!.id);
  expect(crm.deals().filter((each) => each.identifier === mine[0]!.id)).toHaveLength(1);
  expect(deal.audit).not.toBe('');
  return deal;
}

/** The first synced field that differs, or `null`. */
export function difference(deal: Deal, { details, substatus }: Referral): string | null {
  if (deal.dealValue !== Number(details.dealValue)) return `amount ${deal.dealValue} and ${details.dealValue}`;
  if (deal.closingDate !== String(details.closingDateTime).slice(0, 10)) return 'closing date';
  const text = (value: unknown): string => String(value ?? '').replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/\r\n/g, '\n').trim();
  if (text(deal.notes) !== text(details.notes)) return 'notes';
  const closed = { open: 'Accepted', won: 'Won', lost: 'Lost' }[deal.state];
  return closed === substatus ? null : `status ${closed} and ${substatus}`;
}

/** No conflict was ever shown in its CRM, and nothing beside what was worked on changed. */
export function nothingElse(world: World, { crm, id, referralId, record, referral }: Bystander): void {
  expect(pictureOf(world, crm, id, referralId)).toEqual({ record, referral });
  expect(crm.writes().filter((each) => each.status === 'conflict')).toEqual([]);
}
