// Bells that come while others are being written go together in the next statement: in a burst the disk is waited for a few times, not once a bell.

/** In one statement; a longer one would hold its rows for too long. */
const MOST = 500;

interface Waiting<T> {
  readonly items: readonly T[];
  readonly resolve: () => void;
  readonly reject: (accident: unknown) => void;
}

/**
 * @param write makes any number of items durable in one statement
 * @returns the same for a few items: resolves once they are durable, rejects with what the statement threw that carried them
 */
export function createTogether<T>(write: (items: readonly T[]) => Promise<unknown>): (items: readonly T[]) => Promise<void> {
  const waiting: Waiting<T>[] = [];
  let writing = false;
  const next = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const taken = takeSome(waiting);
      try {
        await write(taken.flatMap((each) => each.items));
        for (const each of taken) each.resolve();
      } catch (accident) {
        for (const each of taken) each.reject(accident);
      }
    }
    writing = false;
  };
  return (items) => new Promise((resolve, reject) => {
    waiting.push({ items, resolve, reject });
    if (!writing) void next();
  });
}

/** In their order, at least one however long it is. */
function takeSome<T>(waiting: Waiting<T>[]): Waiting<T>[] {
  let count = 0;
  const end = waiting.findIndex((each, at) => (count += each.items.length) > MOST && at > 0);
  return waiting.splice(0, end === -1 ? waiting.length : end);
}
