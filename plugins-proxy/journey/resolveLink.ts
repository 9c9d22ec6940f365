// Resolve the link: the pair that this record belongs to, made when the flag is set for the first time.
import { newLink, type CrmSnapshot, type Link } from '../../core/index';
import { side } from '../ports/store';
import { crmKey } from '../ports/workKey';
import { finish, type Run, type RunOutcome } from './run';

export type Resolved = { readonly type: 'go'; readonly link: Link; readonly crm: CrmSnapshot | null } | { readonly type: 'end'; readonly outcome: RunOutcome };

/** Finds or makes the link. Records that are not shared end here: after one read when their CRM rang, without a call when only the other side did. */
export async function resolveLink(run: Run): Promise<Resolved> {
  const link = run.lease.link === undefined ? await run.deps.store.linkByCrm(run.crm.connection, run.ref.kind, run.ref.id) : run.lease.link;
  if (link) return isAsleep(link, run.lease.sides) ? { type: 'end', outcome: await finish(run) } : { type: 'go', link, crm: null };
  // What the record of a referral goes by until it is made; the link has moved on since.
  if (run.crm.canonicalId(run.ref.id) === null) return passOn(run, await holderOf(run, run.ref.id));
  const read = await run.crm.read(run.ref, run.signal);
  if (read.type === 'gone' || !read.snapshot.control.sync) return { type: 'end', outcome: await finish(run) };
  const holder = await holderOf(run, read.snapshot.shown.identifier);
  // Somebody saved the record before the run that made it could remember its id, or while it did so.
  if (holder?.plannedRecord && holder.crmConnection === run.crm.connection) return passOn(run, holder);
  if (holder?.crmId === run.ref.id && holder.crmConnection === run.crm.connection) return { type: 'go', link: holder, crm: read.snapshot };
  return { type: 'go', link: firstLink(run), crm: read.snapshot };
}

const holderOf = async (run: Run, referralId: string | null): Promise<Link | undefined> =>
  referralId === null ? undefined : run.deps.store.linkByReferral(run.deps.partner.connection, referralId.toLowerCase());

/** What rang here is the other key's to look at. */
async function passOn(run: Run, holder: Link | undefined): Promise<Resolved> {
  const ring = holder ? [{ key: crmKey(holder.crmConnection, holder.kind, holder.crmId), sides: run.lease.sides, priority: 1 as const }] : [];
  return { type: 'end', outcome: await finish(run, { ring }) };
}

/** Off or deleted: bells of the other side cost nothing. */
const isAsleep = (link: Link, sides: number): boolean => (link.phase === 'off' || link.phase === 'crmGone') && (sides & (side.crm | side.both)) === 0;

const firstLink = (run: Run): Link =>
  newLink({
    id: run.deps.newId(),
    crmConnection: run.crm.connection,
    partnerConnection: run.deps.partner.connection,
    kind: run.ref.kind,
    crmId: run.ref.id,
    mappingVersion: run.deps.mappingVersion,
  });
