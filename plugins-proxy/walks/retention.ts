// Walks the timeline once a day and forgets what is older than it is kept.
import type { Pool } from 'pg';
import type { Chore } from '../schedule/chores';
import { forgetTimeline } from '../store/forgetTimeline';

const EVERY = 24 * 60 * 60_000;
/** After a start other work goes first. */
const FIRST_AFTER = 10 * 60_000;
const PAGE = 5_000;

/** Asks no remote system; the connection only gives the row of work its name. */
export const createRetention = (pool: Pool, connection: string): Chore => ({
  name: 'retention', connection, everyMs: EVERY, firstAfterMs: FIRST_AFTER,
  run: async () => ({ cursor: null, again: (await forgetTimeline(pool, PAGE)) === PAGE }),
});
