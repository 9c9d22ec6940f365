// Tells workers that something was rung: after the commit and once for many, because NOTIFY inside the transaction would make all commits queue
// behind one lock. A process that dies in between costs one poll, never a bell.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** In a burst the workers are awake anyway: one notification for all bells of so long, after the first one's own. */
const TOGETHER_MS = 10;

const state = new WeakMap<Pool, { busy: boolean; again: boolean }>();

/** Sends at most one notification at a time; calls during it and right after it are covered by one more. Never throws: the slow poll finds what is missed. */
export function wakeWorkers(pool: Pool): void {
  const own = state.get(pool) ?? { busy: false, again: false };
  state.set(pool, own);
  if (own.busy) {
    own.again = true;
    return;
  }
  own.busy = true;
  void send(pool, own);
}

async function send(pool: Pool, own: { busy: boolean; again: boolean }): Promise<void> {
  do {
    own.again = false;
    await pool.query({ name: 'wake', text: `select pg_notify('cosell_work', '')` }).catch(() => undefined);
    await sleep(TOGETHER_MS);
  } while (own.again);
  own.busy = false;
}
