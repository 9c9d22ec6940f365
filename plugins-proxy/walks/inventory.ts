// Inventory: once, every referral's id is seen, oldest first, so that an older opportunity is never made a second time. It writes nothing outside.
import type { Pool } from 'pg';
import type { Json } from '../../core/index';
import type { CrmPort } from '../ports/crm';
import type { PartnerPort } from '../ports/partner';
import { toSeenReferral } from '../ports/seenReferral';
import type { Store } from '../ports/store';
import type { Chore } from '../schedule/chores';
import { completeInventory } from '../store/inventory';
import type { Timings } from '../timings';
import { isRefusedPage } from './refusedPage';

interface InventoryDeps {
  readonly pool: Pool;
  readonly store: Store;
  readonly partner: PartnerPort;
  readonly crms: readonly CrmPort[];
  readonly timings: Pick<Timings, 'probeMax'>;
}

/**
 * One page a run; the cursor is Partner Center's own, so that a restart goes on where it stood. After an accident the same page is soon due again:
 * older opportunities wait for the end. Once that is reached, a look costs one question to our own database.
 */
export function createInventory(deps: InventoryDeps): Chore {
  const { pool, store, partner } = deps;
  return {
    name: 'inventory',
    connection: partner.connection,
    everyMs: deps.timings.probeMax,
    firstAfterMs: 0,
    async run(cursor: Json | null, lease, signal) {
      if ((await store.inventory(partner.connection)).complete) return { cursor: null, again: false };
      const page = await partner.listOldest(typeof cursor === 'string' ? cursor : null, signal).catch((error: unknown) => {
        if (cursor !== null && isRefusedPage(error)) return null;
        throw error;
      });
      // Partner Center has forgotten the place where the list stood.
      if (page === null) return { cursor: null, again: false };
      await store.commit({ lease, seenConnection: partner.connection, seen: page.referrals.map((referral) => toSeenReferral(referral, deps.crms)) });
      if (page.next === null) await completeInventory(pool, partner.connection);
      return { cursor: page.next, again: page.next !== null };
    },
  };
}
