// The lists of referrals as last answered, so that replacing one loses nothing of what stays: a solution's price and quantity, a person's title.
import type { Json } from '../../../core/index';

const MOST = 1_000;

export interface StandingLists {
  readonly solutions: readonly Json[];
  /** The customer's people; the first is the contact. */
  readonly contacts: readonly Json[];
  /** Our own people. */
  readonly team: readonly Json[];
}

export interface ListMemory {
  remember(id: string, version: string, lists: StandingLists): void;
  /** `undefined` when another version was remembered, or none. */
  recall(id: string, version: string): StandingLists | undefined;
}

/** Bounded: the longest untouched goes first. */
export function createListMemory(): ListMemory {
  const byId = new Map<string, { readonly version: string; readonly lists: StandingLists }>();
  return {
    remember(id, version, lists) {
      byId.delete(id);
      byId.set(id, { version, lists });
      const oldest = byId.keys().next();
      if (byId.size > MOST && !oldest.done) byId.delete(oldest.value);
    },
    recall(id, version) {
      const known = byId.get(id);
      return known?.version === version ? known.lists : undefined;
    },
  };
}
