// The trip of the seed, without form and portal page: both ways, from the ordinary Web API to the referral and back.
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSeller, help, status, visibility, type Seller } from '../kit/seller';
import { createWorld, sleep, stopPostgres, until, type World } from '../kit/world';

let world: World;
let seller: Seller;

beforeEach(async () => {
  world = await createWorld();
  seller = createSeller(world.dv);
  await world.serve();
});
afterEach(() => world.close());
afterAll(stopPostgres);

const row = (id: string): Promise<Record<string, unknown>> => seller.get('opportunities', id);
const synced = (id: string): Promise<Record<string, unknown>> =>
  until('the opportunity is synced', async () => { const now = await row(id); return now.cosell_syncstatus === status.synced ? now : null; }, 10_000, () => world.dv.row('opportunity', id));

describe('a saved opportunity', () => {
  test('becomes one private referral with identifier, link, status and audit', async () => {
    const id = await seller.opportunity();
    const now = await synced(id);
    const referrals = world.pc.referrals();
    expect(referrals).toHaveLength(1);
    expect(now.cosell_referralidentifier).toBe(referrals[0]!.id);
    expect(referrals[0]).toMatchObject({ type: 'Independent', externalReferenceId: id, target: [] });
    expect(now.cosell_referrallink).toContain('https://partner.microsoft.com');
    expect(String(now.cosell_audit)).toContain('Dynamics 365 → Partner Center');
    expect(now.cosell_lastsyncedon).toBeTruthy();
    await sleep(300);
    expect(world.pc.referrals()).toHaveLength(1);
  });
});
