// The key that a sender must know. Compared in constant time; while it is rotated, the one before it counts too.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface DoorKey {
  readonly current: string;
  readonly previous: string | null;
}

/** Whether at least one key was given and every one of them is right. */
export function isKeyRight(given: readonly string[], key: DoorKey): boolean {
  const right = [key.current, ...(key.previous === null ? [] : [key.previous])].filter((each) => each !== '').map(digest);
  const results = given.map((each) => right.map((wanted) => timingSafeEqual(digest(each), wanted)).includes(true));
  return results.length > 0 && !results.includes(false);
}

/** Digests have one length, so that comparing tells nothing about the key's. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
