// The Partner Center door, signature check: everybody who asks for one thing at the same time shares one answer.

/**
 * Wraps work so that calls with the same key share the one that runs, and no more than `most` keys run at once.
 * @param busy answers a call that finds no room
 */
export function shareFetches<A, T>(most: number, work: (key: string, argument: A) => Promise<T>, busy: () => T): (key: string, argument: A) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return async (key, argument) => {
    const same = running.get(key);
    if (same !== undefined) return same;
    if (running.size >= most) return busy();
    const answer = work(key, argument).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };
}
