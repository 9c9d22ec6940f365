// Admin API: bells that an admin rings.
import { z } from 'zod';
import { side, type Ring } from '../../ports/store';
import { crmKey, partnerKey } from '../../ports/workKey';
import { ring } from '../../schedule/ring';
import type { AdminDeps } from '../adminDeps';
import { AdminProblem } from '../adminProblem';
import { defineRoute, type AdminRoute } from '../adminRoute';
import { findRecord, type FoundRecord } from '../queries/findRecord';
import { reconcileChores } from '../queries/reconcileChores';
import { reconcileShape, syncedShape, type Synced } from '../shapes';

export function syncRoutes({ pool, crms }: AdminDeps): readonly AdminRoute[] {
  return [
    defineRoute({
      method: 'POST', path: '/sync', summary: 'Reads both sides of one record and brings them together; also ends a back-off', status: 202,
      body: z.strictObject({ record: z.string().trim().min(1).max(200).describe('CRM id, referral id or link id') }),
      answer: syncedShape, problems: { 404: 'Nothing is known by this id and it is no id of a record.' },
      async handle({ body }) {
        const synced = toSynced(await findRecord(pool, crms, body.record));
        await ring(pool, [{ key: synced.key, sides: side.both, priority: 0 }]);
        return synced;
      },
    }),
    defineRoute({
      method: 'POST', path: '/reconcile', summary: 'Looks for missed changes on both sides now', status: 202, answer: reconcileShape,
      problems: { 409: 'Reconcile is switched off.' },
      async handle() {
        const chores = await reconcileChores(pool);
        if (chores.length === 0) throw new AdminProblem(409, 'reconcile-off', 'Reconcile is switched off (COSELL_RECONCILE_MINUTES=0). Give it a number of minutes and start the service again.');
        await ring(pool, chores.map((key): Ring => ({ key, sides: 0, priority: 1 })));
        return { chores: chores.map((key) => key.replace(/^chore:/, '')) };
      },
    }),
  ];
}

/** A record that nobody has heard of is looked at as an opportunity: it may have been made while no bell rang. */
function toSynced(found: FoundRecord): Synced {
  switch (found.type) {
    case 'link':
      return { key: crmKey(found.crm, found.kind, found.crmId), known: 'link', linkId: found.linkId };
    case 'referral':
      return { key: partnerKey(found.connection, found.id), known: 'referral', linkId: null };
    case 'record':
      return { key: crmKey(found.crm, 'opportunity', found.id), known: 'new', linkId: null };
    case 'nothing':
      throw new AdminProblem(404, 'record-unknown', 'Nothing is known by this id and it is no id of a record. Give the id of an opportunity, of a referral or of a link.');
  }
}
