// Resolve the link: the pair that this record belongs to, made when the flag is set for the first time.
import { newLink, type CrmSnapshot, type Link } from '../../core/index';
import { side } from '../ports/store';
import { finish, type Run, type RunOutcome } from './run';

export type Resolved = { readonly type: 'go'; readonly link: Link; readonly crm: CrmSnapshot | null } | { readonly type: 'end'; readonly outcome: RunOutcome };

/** Finds or makes the link. Records that are not shared end here: after one read when their CRM rang, without a call when only the other side did. */
export async function resolveLink(run: Run): Promise<Resolved> {
  const link = run.lease.link === undefined ? await run.deps.store.linkByCrm(run.crm.connection, run.ref.kind, run.ref.id) : run.lease.link;
  if (link) return isAsleep(link, run.lease.sides) ? { type: 'end', outcome: await finish(run) } : { type: 'go', link, crm: null };
  const read = await run.crm.read(run.ref, run.signal);
  if (read.type === 'gone' || !read.snapshot.control.sync) return { type: 'end', outcome: await finish(run) };
  return { type: 'go', link: firstLink(run), crm: read.snapshot };
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
