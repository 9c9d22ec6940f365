// Where a run's outcome becomes durable: everything it writes in one call, under its lease.
import type { Pool } from 'pg';
import type { Link } from '../../core/index';
import type { Commit, Lease } from '../ports/store';
import { LeaseLost, LinkChanged } from '../ports/store';
import { parseWorkKey } from '../ports/workKey';
import { ringArguments } from './ringArguments';
import { wakeWorkers } from './wakeWorkers';

const finished = new WeakSet<Lease>();

/** Whether a commit already finished this very lease; saves the worker a call. */
export const isFinished = (lease: Lease): boolean => finished.has(lease);

const text = 'select cosell.commit_run($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17) as rev';

/**
 * Stores what a run has to say; see `Commit`.
 * @returns the link as stored, with its new `rev`
 * @throws LeaseLost when another process has the row, LinkChanged when the link's `rev` is stale or another link has its ids
 */
export async function storeCommit(pool: Pool, change: Commit): Promise<Link | undefined> {
  if (isFinishAlone(change)) return finishAlone(pool, change.lease);
  const { lease } = change;
  const ring = change.ring?.length ? ringArguments(change.ring) : [null, null, null, null];
  const values = [
    lease.key, lease.owner, lease.wanted, change.finish ?? false, ...linkArguments(change.link), ...lineArguments(change),
    ...seenArguments(change), ...ring, isLasting(change),
  ];
  const rev = await storing(change, () => pool.query<{ rev: number | null }>({ name: 'commit', text, values }));
  if (change.finish) finished.add(lease);
  if (change.ring?.length) wakeWorkers(pool);
  return change.link && { ...change.link, rev };
}

/** What rings others is waited for: their bell may be the only one. */
const isLasting = (change: Commit): boolean => Boolean(change.ring?.length) || !(change.finish || change.learnt);

/** Many runs have nothing to say, such as those of our own echoes: then the finish is its own lease check. */
const isFinishAlone = (change: Commit): boolean => Boolean(change.finish) && isAsClaimed(change) && !change.lines?.length && !change.seen?.length && !change.ring?.length;

/** The same revision: nothing was stored in between; the same text: there is nothing to store. */
const isAsClaimed = ({ link, lease }: Commit): boolean => !link || (link.rev === lease.link?.rev && JSON.stringify(link) === JSON.stringify(lease.link));

const finishText = `select set_config('synchronous_commit', 'off', true), cosell.finish($1,$2,$3) as kept`;

async function finishAlone(pool: Pool, lease: Lease): Promise<undefined> {
  const { rows } = await pool.query<{ kept: boolean }>({ name: 'finishAlone', text: finishText, values: [lease.key, lease.owner, lease.wanted] });
  if (!rows[0]?.kept) throw new LeaseLost(lease.key);
  finished.add(lease);
}

async function storing(change: Commit, call: () => Promise<{ rows: { rev: number | null }[] }>): Promise<number> {
  try {
    const { rows } = await call();
    return rows[0]?.rev ?? 0;
  } catch (accident) {
    const code = (accident as { code?: unknown }).code;
    if (code === 'CS001') throw new LeaseLost(change.lease.key);
    if (change.link && (code === 'CS002' || code === '23505')) throw new LinkChanged(change.link.id);
    throw accident;
  }
}

/** In the order of `cosell.store_link`. */
function linkArguments(link: Link | undefined): readonly [(string | null)[] | null, string | null] {
  if (!link) return [null, null];
  const attemptsOpen = link.attempts.own !== null || link.attempts.microsoft !== null;
  const columns = [
    link.id, String(link.rev), link.crmConnection, link.kind, link.crmId, link.partnerConnection, link.referralId, link.microsoft?.id ?? null, link.engagementId,
    link.refs.account, link.refs.contact, link.phase, String(attemptsOpen),
  ];
  return [columns, JSON.stringify(link)];
}

function lineArguments({ lines, link }: Commit): readonly unknown[] {
  if (!lines?.length) return [null, null, null, null];
  if (!link) throw new Error('Timeline entries are stored together with their link.');
  return [lines.map((line) => line.plan), lines.map((line) => line.n), lines.map((line) => line.at), lines.map((line) => storable(line.text))];
}

/** PostgreSQL holds neither zero characters in a text nor halves of a surrogate pair. */
const storable = (text: string): string => Buffer.from(text.replaceAll('\0', '')).toString();

function seenArguments(change: Commit): readonly (string | null)[] {
  if (!change.seen?.length) return [null, null];
  const connection = change.seenConnection ?? change.link?.partnerConnection ?? partnerOf(change.lease.key);
  if (!connection) throw new Error('Referrals that were seen are stored with their connection (seenConnection).');
  return [connection, JSON.stringify(change.seen, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value))];
}

function partnerOf(text: string): string | undefined {
  if (!text.startsWith('pc:')) return undefined;
  return parseWorkKey(text).connection;
}
