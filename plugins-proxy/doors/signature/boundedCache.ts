// The Partner Center door, signature check: remembers by address, never more than a set number.

/** A map with an end for each entry; the oldest entry goes when it is full. */
export interface BoundedCache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T, lifeMs: number): void;
  delete(key: string): void;
}

/**
 * @param most entries held at most
 * @param now the clock; an entry written in its future (the clock went back) counts as gone
 */
export function createBoundedCache<T>(most: number, now: () => Date): BoundedCache<T> {
  const entries = new Map<string, { value: T; writtenOn: number; lifeMs: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      const age = entry === undefined ? -1 : now().getTime() - entry.writtenOn;
      if (entry !== undefined && age >= 0 && age < entry.lifeMs) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, lifeMs) {
      entries.delete(key);
      entries.set(key, { value, writtenOn: now().getTime(), lifeMs });
      const oldest = entries.size > most ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
    },
    delete: (key) => void entries.delete(key),
  };
}
