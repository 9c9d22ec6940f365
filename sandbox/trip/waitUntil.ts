// The told trip: waits for what the product does by itself, and says what was there instead when it does not come.
import { setTimeout as sleep } from 'node:timers/promises';

/** What a look found: the thing itself, or why it is not there yet. */
export type Look<T> = { readonly found: T } | { readonly not: string };

/** Something did not happen in time; the message says what was there instead. */
export class NotInTime extends Error {
  override readonly name = 'NotInTime';
}

const EVERY_MS = 100;

/** Looks again and again. @throws NotInTime after `timeoutMs` */
export async function waitUntil<T>(look: () => Promise<Look<T>>, timeoutMs: number): Promise<T> {
  for (const until = Date.now() + timeoutMs; ; await sleep(EVERY_MS)) {
    const seen = await look();
    if ('found' in seen) return seen.found;
    if (Date.now() >= until) throw new NotInTime(`not after ${(timeoutMs / 1_000).toFixed(0)} s: ${seen.not}`);
  }
}
