// Room for more runs: how many of a worker's places one of several CRMs may take.
//
// A run holds its place until the remote system answers or the time-out is over. When a CRM stalls, the first calls to it learn that only by their time-outs
// (30 s), and until then its gate is open. So a quarter of the places is always left to the others.
import type { Claimable } from './claim';

export interface Places {
  readonly concurrency: number;
  readonly sharing: readonly string[];
  /** Keys of the runs under way. */
  readonly running: readonly string[];
  /** Keys of the chores that the process knows. */
  readonly chores: readonly string[];
}

/** What may be claimed next, and how many rows at once, so that no CRM gets more than its share of them. */
export function roomFor({ concurrency, sharing, running, chores }: Places): Claimable & { readonly limit: number } {
  const free = concurrency - running.length;
  if (sharing.length < 2) return { limit: free, full: [], chores };
  const share = Math.max(1, concurrency - Math.ceil(concurrency / 4));
  const left = sharing.map((crm) => ({ crm, places: share - running.filter((key) => crmOf(key) === crm).length }));
  const full = left.filter(({ places }) => places <= 0).map(({ crm }) => crm);
  return { limit: Math.min(free, ...left.filter(({ places }) => places > 0).map(({ places }) => places)), full, chores: chores.filter((key) => !full.includes(crmOf(key))) };
}

/** `crm:<connection>:...`, `chore:<name>:<connection>`; a run of Partner Center's key is nobody's. */
function crmOf(key: string): string {
  const [type, second = '', third = ''] = key.split(':');
  return type === 'crm' ? second : type === 'chore' ? third : '';
}
