// Chores: what is done again and again in the background, one page a run, by one process at a time. They are rows of work too.
import type { Pool } from 'pg';
import type { Json } from '../../core/index';
import type { Lease } from '../ports/store';
import type { Claim } from './claim';

export interface Chore {
  readonly name: string;
  readonly connection: string;
  readonly everyMs: number;
  /** From registration, at every start of a process. */
  readonly firstAfterMs: number;
  /** One page. `again`: the next one follows; otherwise after `everyMs`. What it throws is reported, and the same page is due next period, or when the gate opens that stopped it. */
  run(cursor: Json | null, lease: Lease, signal: AbortSignal): Promise<{ readonly cursor: Json | null; readonly again: boolean }>;
}

export interface ChoreState {
  readonly name: string;
  readonly connection: string;
  readonly everyMs: number;
  readonly cursor: Json | null;
  /** ISO. */
  readonly ranOn: string | null;
  readonly succeededOn: string | null;
  readonly failingSince: string | null;
  readonly error: string | null;
  readonly dueOn: string | null;
}

/** `chore:<name>:<connection>` */
export const choreKey = ({ name, connection }: Pick<Chore, 'name' | 'connection'>): string => `chore:${name}:${connection}`;

/** Makes the chore known to the table; due after its first wait, or sooner when it was due anyway. */
export async function scheduleChore(pool: Pool, chore: Chore): Promise<void> {
  await pool.query('select cosell.register_chore($1,$2,$3)', [choreKey(chore), Math.round(chore.everyMs), chore.firstAfterMs]);
}

/** Where the last finished page left off. */
export async function choreCursor(pool: Pool, key: string): Promise<Json | null> {
  const { rows } = await pool.query<{ cursor: Json | null }>({ name: 'choreCursor', text: 'select cursor from cosell.chore where key = $1', values: [key] });
  return rows[0]?.cursor ?? null;
}

/** Stores the cursor and frees the row in one transaction; with `error` the cursor stays and the chore is due next period, or when the gate opens. */
export async function finishChore(pool: Pool, { key, owner, wanted }: Claim, end: { readonly cursor: Json | null; readonly again: boolean } | { readonly error: string; readonly gate: string | null }): Promise<void> {
  const [cursor, again, error, gate] = 'error' in end ? [null, false, end.error, end.gate] : [JSON.stringify(end.cursor), end.again, null, null];
  await pool.query({ name: 'finishChore', text: 'select cosell.finish_chore($1,$2,$3,$4,$5,$6,$7)', values: [key, owner, wanted, cursor, again, error, gate] });
}

interface ChoreRow {
  readonly key: string;
  readonly every_ms: string;
  readonly cursor: Json | null;
  readonly ran_on: Date | null;
  readonly succeeded_on: Date | null;
  readonly failing_since: Date | null;
  readonly error: string | null;
  readonly due: Date | null;
}

/** All chores that were ever registered, with what became of them. */
export async function choreStates(pool: Pool): Promise<readonly ChoreState[]> {
  const { rows } = await pool.query<ChoreRow>(
    'select c.key, c.every_ms, c.cursor, c.ran_on, c.succeeded_on, c.failing_since, c.error, w.due from cosell.chore c left join cosell.work w on w.key = c.key order by c.key',
  );
  return rows.map(rowToState);
}

function rowToState(row: ChoreRow): ChoreState {
  const [, name = '', ...connection] = row.key.split(':');
  const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
  return {
    name, connection: connection.join(':'), everyMs: Number(row.every_ms), cursor: row.cursor, ranOn: iso(row.ran_on), succeededOn: iso(row.succeeded_on),
    failingSince: iso(row.failing_since), error: row.error, dueOn: iso(row.due),
  };
}
