// What every run asks and what hardly ever changes is kept for a moment: the state of connections, and that the inventory is complete.
import type { ConnectionState, Store } from '../ports/store';

const KEPT_MS = 1_000;

/** The same store, with short memory. What this process changes is forgotten at once; what another one changes, within a second. */
export function createRememberingStore(store: Store): Store {
  const states = new Map<string, { readonly state: Promise<ConnectionState>; readonly until: number }>();
  const complete = new Map<string, { readonly startedOn: string | null; readonly complete: boolean }>();
  const forgetting = <Args extends [string, ...unknown[]], Result>(change: (...args: Args) => Promise<Result>) => async (...args: Args): Promise<Result> => {
    const result = await change(...args);
    states.delete(args[0]);
    return result;
  };
  return {
    ...store,
    connectionState(connection) {
      const kept = states.get(connection);
      if (kept && kept.until > performance.now()) return kept.state;
      const state = store.connectionState(connection);
      states.set(connection, { state, until: performance.now() + KEPT_MS });
      state.catch(() => states.delete(connection));
      return state;
    },
    async inventory(connection) {
      const kept = complete.get(connection);
      if (kept) return kept;
      const inventory = await store.inventory(connection);
      if (inventory.complete) complete.set(connection, inventory);
      return inventory;
    },
    async rememberOrganization(connection, organizationId) {
      if ((await this.connectionState(connection)).organizationId === organizationId) return;
      await store.rememberOrganization(connection, organizationId);
      states.delete(connection);
    },
    markCopied: forgetting(store.markCopied.bind(store)),
    adopt: forgetting(store.adopt.bind(store)),
  };
}
