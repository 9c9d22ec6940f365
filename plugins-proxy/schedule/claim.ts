// Claiming: the most urgent rows whose time has come, each tried once more from now on, before any call.
import type { Link } from '../../core/index';
import type { Lease } from '../ports/store';
import type { Ask } from './session';

/** A lease with what the policy needs to judge its end. */
export interface Claim extends Lease {
  /** Class of the last failure, or `null`. */
  readonly failedAs: string | null;
}

interface ClaimRow {
  readonly key: string;
  readonly wanted: string;
  readonly sides: number;
  readonly rung_on: Date;
  readonly attempts: number;
  readonly class: string | null;
  readonly claimed_on: Date;
  readonly link_rev: number | null;
  readonly document: Link | null;
}

/** The remote system that a row is about, where its key tells: `crm:<connection>:...`, `chore:<name>:<connection>`. */
const connection = `(case when left(key, 4) = 'crm:' then split_part(key, ':', 2) when left(key, 6) = 'chore:' then split_part(key, ':', 3) else '' end)`;
const claimable = `lease is null and wanted > done and parked is null and waits_for is null and (left(key, 6) <> 'chore:' or key = any ($2)) and ${connection} <> all ($3)`;

/** As in the statement above. */
export const connectionOf = (key: string): string => /^(?:crm:|chore:[^:]*:)([^:]*)/.exec(key)?.[1] ?? '';
/** Up to this rank a row may be due already: the least urgent stand 50 s behind their time. */
const rankOf = (time: string): string => `(${time} - timestamptz '2000-01-01 00:00:00+00') + interval '50 s'`;

const claimText = `
  with picked as materialized (
    select key, rank from cosell.work
     where ${claimable} and rank <= ${rankOf('now()')} and due <= now() and (not_before is null or not_before <= now())
     order by rank limit $4 for update skip locked
  ), claimed as (
    update cosell.work w set lease = $1, claimed = w.wanted, leased_on = now(), tried_on = now(), taken = w.taken | w.sides, sides = 0,
      attempts = w.attempts + 1, next_due = null, not_before = null
     from picked where w.key = picked.key
    returning w.key, w.wanted, w.taken, w.rung_on, w.attempts, w.class, picked.rank
  )
  select c.key, c.wanted, c.taken as sides, c.rung_on, c.attempts, c.class, now() as claimed_on, l.rev as link_rev, l.document
    from claimed c left join cosell.link l on c.key like 'crm:%' and l.crm_connection = split_part(c.key, ':', 2) and l.kind = split_part(c.key, ':', 3)
      and l.crm_id = split_part(c.key, ':', 4)
   order by c.rank`;

/** Claims at most `limit` rows for an instance, each with its record's link, which saves every run a question; of the chores only those that this process knows. Made on the session, so that a lost session claims nothing. @param without connections whose rows stay where they are */
export async function claim(ask: Ask, instance: number, chores: readonly string[], without: readonly string[], limit: number): Promise<readonly Claim[]> {
  const { rows } = await ask<ClaimRow>({ name: 'claim', text: claimText, values: [instance, chores, without, limit] });
  return rows.map((row) => ({
    key: row.key, owner: instance, wanted: row.wanted, sides: row.sides, rungOn: row.rung_on.toISOString(), attempts: row.attempts,
    claimedOn: row.claimed_on.toISOString(), failedAs: row.class, link: row.document && { ...row.document, rev: row.link_rev ?? 0 },
  }));
}

const nextText = `
  select extract(epoch from min(greatest(due, not_before)) - now())::double precision * 1000 as ms from cosell.work
   where ${claimable} and rank <= ${rankOf(`now() + $1 * interval '1 ms'`)}`;

/** Milliseconds until the next row is due, at most `withinMs`; 0 when one is due now. */
export async function nextDue(ask: Ask, chores: readonly string[], without: readonly string[], withinMs: number): Promise<number> {
  const { rows } = await ask<{ ms: number | null }>({ name: 'nextDue', text: nextText, values: [withinMs, chores, without] });
  return Math.min(withinMs, Math.max(0, rows[0]?.ms ?? withinMs));
}
