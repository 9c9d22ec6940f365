// Around every handler of a form: a fault of ours is logged and ends there.

/** The function, except that what it throws or rejects with becomes a line in the browser's log. It hands the platform no promise to wait for. */
export const guarded = <A extends unknown[]>(name: string, handle: (...given: A) => void | Promise<void>) => (...given: A): void => {
  try {
    void handle(...given)?.catch((error: unknown) => log(name, error));
  } catch (error) {
    log(name, error);
  }
};

/** Runs at once, guarded. */
export const attempt = (name: string, handle: () => void | Promise<void>): void => guarded(name, handle)();

function log(name: string, error: unknown): void {
  console.error(`Co-sell Referral Sync, ${name}:`, error);
}
