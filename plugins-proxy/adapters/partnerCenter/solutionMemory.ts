// The solutions of referrals as last answered, with price and quantity, so that replacing the array loses nothing of those that stay.
import type { Json } from '../../../core/index';

const MOST = 1_000;

export interface SolutionMemory {
  remember(id: string, version: string, solutions: readonly Json[]): void;
  /** `undefined` when another version was remembered, or none. */
  recall(id: string, version: string): readonly Json[] | undefined;
}

/** Bounded: the longest untouched goes first. */
export function createSolutionMemory(): SolutionMemory {
  const byId = new Map<string, { readonly version: string; readonly solutions: readonly Json[] }>();
  return {
    remember(id, version, solutions) {
      byId.delete(id);
      byId.set(id, { version, solutions });
      const oldest = byId.keys().next();
      if (byId.size > MOST && !oldest.done) byId.delete(oldest.value);
    },
    recall(id, version) {
      const known = byId.get(id);
      return known?.version === version ? known.solutions : undefined;
    },
  };
}
