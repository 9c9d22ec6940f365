// Reconcile: what no bell told us. Each walk looks at what changed since its mark and rings what is remembered differently.
import type { Pool } from 'pg';
import type { Json } from '../../core/index';
import type { ChangedRecord, CrmPort } from '../ports/crm';
import type { PartnerPort } from '../ports/partner';
import { side, type Ring, type Store } from '../ports/store';
import { crmKey, partnerKey } from '../ports/workKey';
import type { Chore } from '../schedule/chores';
import type { Timings } from '../timings';
import { knownParties, knownRecords, knownReferrals, microsoftLinks, seenReferrals } from './known';
import { isRefusedPage } from './refusedPage';

export interface ReconcileDeps {
  readonly pool: Pool;
  readonly store: Store;
  readonly partner: PartnerPort;
  readonly crms: readonly CrmPort[];
  readonly everyMs: number;
  readonly timings: Timings;
  /** Found only by reconcile: differs, no bell, and old enough that none is on its way. */
  readonly found: (connection: string, count: number) => void;
}

/** Changes that a slow transaction shows late are seen again. */
const OVERLAP = 5 * 60_000;
const KINDS: readonly ChangedRecord['kind'][] = ['opportunity', 'lead', 'account', 'contact'];
const MICROSOFT_A_WALK = 200;

/** One chore for each table and for referrals; every run is one page. */
export function createReconcile(deps: ReconcileDeps): readonly Chore[] {
  const walks = deps.crms.flatMap((crm) => KINDS.map((kind) => crmWalk(deps, crm, kind)));
  return [...walks, partnerWalk(deps), microsoftWalk(deps)];
}

interface Cursor {
  readonly mark: string;
  /** The page to go on with, and the mark of the next walk. */
  readonly next: string | null;
  readonly nextMark: string | null;
  /** Parties seen within the overlap, by version, so that they are not rung again. */
  readonly rung: Readonly<Record<string, string>>;
}

const readCursor = (cursor: Json | null): Cursor | null => (cursor !== null && typeof cursor === 'object' && !Array.isArray(cursor) && 'mark' in cursor ? (cursor as unknown as Cursor) : null);

const before = (time: string, ms: number): string => new Date(Date.parse(time) - ms).toISOString();

function crmWalk(deps: ReconcileDeps, crm: CrmPort, kind: ChangedRecord['kind']): Chore {
  return {
    name: `reconcile-${kind}`,
    connection: crm.connection,
    everyMs: deps.everyMs,
    firstAfterMs: deps.timings.firstWalk,
    async run(cursor, lease, signal) {
      const stood = readCursor(cursor);
      // The very first walk remembers "now"; older records are the backfill's.
      const mark = stood?.mark ?? (await deps.store.now());
      const page = await crm.changedSince(kind, before(mark, stood ? OVERLAP : 0), stood?.next ?? null, signal).catch((error: unknown) => refused(stood, error));
      if (page === 'refused') return anew(stood!);
      if (page.next !== null && page.next === stood?.next) throw new Error(`${crm.displayName} gave a list of changes that leads back to the page just read.`);
      const parties = isParty(kind) ? await concerned(deps, crm, kind, page.records) : [];
      const rings = !stood ? [] : isParty(kind) ? partyRings(crm, kind, parties, stood) : await crmRings(deps, crm, kind, page.records, page.serverNow);
      if (rings.length > 0) await deps.store.commit({ lease, ring: rings });
      const nextMark = stood?.nextMark ?? page.serverNow;
      const rung = { ...(stood?.rung ?? {}), ...Object.fromEntries(parties.map((each) => [each.id, each.version])) };
      const walked: Cursor = page.next === null ? { mark: nextMark, next: null, nextMark: null, rung: recent(rung, parties) } : { mark, next: page.next, nextMark, rung };
      return { cursor: walked as unknown as Json, again: page.next !== null };
    },
  };
}

const recent = (rung: Readonly<Record<string, string>>, last: readonly ChangedRecord[]): Record<string, string> => {
  const kept = new Set(last.map((each) => each.id));
  const entries = Object.entries(rung);
  return Object.fromEntries(entries.length <= 1_000 ? entries : entries.filter(([id]) => kept.has(id)));
};

type PartyKind = 'account' | 'contact';
const isParty = (kind: ChangedRecord['kind']): kind is PartyKind => kind === 'account' || kind === 'contact';

/** Most customers of a CRM have nothing to do with a shared record. */
async function concerned(deps: ReconcileDeps, crm: CrmPort, kind: PartyKind, records: readonly ChangedRecord[]): Promise<readonly ChangedRecord[]> {
  const known = await knownParties(deps.pool, crm.connection, kind, records.map((each) => each.id));
  return records.filter((each) => known.has(each.id));
}

const partyRings = (crm: CrmPort, kind: PartyKind, parties: readonly ChangedRecord[], stood: Cursor): Ring[] =>
  parties.filter((each) => stood.rung[each.id] !== each.version).map((each) => ({ key: crmKey(crm.connection, kind, each.id), sides: side.crm, priority: 5 }));

/** A record whose bell rang already is rung too: that bell may have been the other side's, and only that side would be read. It was not missed, though. */
async function crmRings(deps: ReconcileDeps, crm: CrmPort, kind: ChangedRecord['kind'], records: readonly ChangedRecord[], serverNow: string): Promise<Ring[]> {
  const known = await knownRecords(deps.pool, crm.connection, kind, records.map((each) => each.id));
  const differ = records.filter((each) => known.get(each.id)?.version !== each.version);
  const missed = differ.filter((each) => !known.get(each.id)?.pending && Date.parse(serverNow) - Date.parse(each.modifiedOn) > deps.timings.missedAfter);
  deps.found(crm.connection, missed.length);
  const doubtful = records.filter((each) => known.get(each.id)?.unsettled && !differ.includes(each));
  return [...differ, ...doubtful].map((each) => ({ key: crmKey(crm.connection, kind, each.id), sides: side.crm, priority: 5 }));
}

/** The place where a walk stood is the remote system's own, and it may forget it: the walk then begins anew at its mark, next time. @throws anything else */
function refused(stood: Cursor | null, error: unknown): 'refused' {
  if (stood?.next && isRefusedPage(error)) return 'refused';
  throw error;
}

const anew = ({ mark, rung }: Cursor): { cursor: Json; again: false } => ({ cursor: { mark, next: null, nextMark: null, rung }, again: false });

/** Last updated first, down to the mark (a `ge` filter is not documented). */
function partnerWalk(deps: ReconcileDeps): Chore {
  const { partner } = deps;
  return {
    name: 'reconcile-referrals',
    connection: partner.connection,
    everyMs: deps.everyMs,
    firstAfterMs: deps.timings.firstWalk,
    async run(cursor, lease, signal) {
      const stood = readCursor(cursor);
      const page = await partner.listUpdated(stood?.next ?? null, signal).catch((error: unknown) => refused(stood, error));
      if (page === 'refused') return anew(stood!);
      const nextMark = stood?.nextMark ?? page.serverNow;
      if (!stood) return { cursor: { mark: nextMark, next: null, nextMark: null, rung: {} }, again: false };
      const since = before(stood.mark, OVERLAP);
      const fresh = page.referrals.filter((each) => each.updatedOn >= since);
      const rings = await partnerRings(deps, fresh, page.serverNow);
      if (rings.length > 0) await deps.store.commit({ lease, ring: rings });
      const isOver = page.next === null || fresh.length < page.referrals.length;
      return { cursor: (isOver ? { mark: nextMark, next: null, nextMark: null, rung: {} } : { ...stood, next: page.next, nextMark }) as unknown as Json, again: !isOver };
    },
  };
}

async function partnerRings(deps: ReconcileDeps, fresh: Awaited<ReturnType<PartnerPort['listUpdated']>>['referrals'], serverNow: string): Promise<Ring[]> {
  const { partner } = deps;
  const ids = fresh.map((each) => each.id.toLowerCase());
  const [known, seenBefore] = await Promise.all([knownReferrals(deps.pool, partner.connection, ids), seenReferrals(deps.pool, partner.connection, ids)]);
  const rings: Ring[] = [];
  let missed = 0;
  for (const each of fresh) {
    const id = each.id.toLowerCase();
    const link = known.get(id);
    const isSame = link ? link.version === (link.microsoft ? each.updatedOn : each.version) : seenBefore.get(id) === each.updatedOn;
    if (isSame) continue;
    if (!link?.pending && Date.parse(serverNow) - Date.parse(each.updatedOn) > deps.timings.missedAfter) missed += 1;
    rings.push(link ? { key: link.key, sides: link.microsoft ? side.microsoft : side.partner, priority: 5 } : { key: partnerKey(partner.connection, id), sides: side.partner, priority: 5 });
  }
  deps.found(partner.connection, missed);
  return rings;
}

/** Microsoft's open referrals, in turn: their answers may come without an event. */
function microsoftWalk(deps: ReconcileDeps): Chore {
  const { partner } = deps;
  return {
    name: 'reconcile-microsoft',
    connection: partner.connection,
    everyMs: deps.everyMs,
    firstAfterMs: deps.timings.firstWalk,
    async run(cursor, lease) {
      const after = typeof cursor === 'string' ? cursor : '';
      const links = await microsoftLinks(deps.pool, partner.connection, after, MICROSOFT_A_WALK);
      const open = links.filter((each) => each.open);
      if (open.length > 0) await deps.store.commit({ lease, ring: open.map((each) => ({ key: each.key, sides: side.microsoft, priority: 5 })) });
      return { cursor: links.length === MICROSOFT_A_WALK ? links[links.length - 1]!.id : '', again: false };
    },
  };
}
