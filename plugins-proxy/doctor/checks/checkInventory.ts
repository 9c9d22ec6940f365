// Doctor: how far the list of referral ids has got; older opportunities wait for it.
import { choreStates } from '../../schedule/chores';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { ok, warn, type Finding } from '../finding';

export const checkInventory = (deps: DoctorDeps): readonly Check[] => [{ name: 'inventory', run: () => inventory(deps) }];

async function inventory({ pool, store, partner }: DoctorDeps): Promise<Finding> {
  const { connection } = partner.port;
  const [state, seen, chores] = await Promise.all([store.inventory(connection), countSeen(pool, connection), choreStates(pool)]);
  if (state.complete) return ok('inventory', `All older referrals were listed; ${seen} referrals have been seen so far.`);
  const chore = chores.find((each) => each.name === 'inventory' && each.connection === connection);
  const waits = 'Opportunities older than its start stay Pending until it is complete.';
  if (state.startedOn === null) return warn('inventory', `The list of referrals was not begun yet. ${waits}`, 'Start the service; it begins by itself.');
  if (chore?.error) return warn('inventory', `The list of referrals stands at ${seen} since ${chore.failingSince}: ${chore.error} ${waits}`, 'Mend what it names; it goes on by itself where it stood.');
  return ok('inventory', `Referrals are being listed since ${state.startedOn}, ${seen} so far. ${waits}`);
}

async function countSeen(pool: DoctorDeps['pool'], connection: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::integer as count from cosell.seen_referral where connection = $1', [connection]);
  return rows[0]?.count ?? 0;
}
