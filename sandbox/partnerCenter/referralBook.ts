// All referrals of the stand-in: what is stored, when it shows in lists, and who is told of a change.
import { randomBytes } from 'node:crypto';
import type { Journal } from '../kit/journal';
import { MICROSOFT, type Referral } from './referral';

export interface ReferralBookOptions {
  /** Only the rows whose id begins with `referral:` are the book's. */
  readonly journal: Journal<unknown>;
  readonly organizationId: string;
  readonly organizationName: string;
  /** How late a referral that is new or was changed shows so in lists, in milliseconds. */
  readonly listDelayMs: number;
  /** How long after its creation the server touches a referral once more; nothing: never. */
  readonly touchAfterMs: number | undefined;
  readonly now: () => number;
}

export type ChangeKind = 'created' | 'updated';
export type Order = 'inserted' | 'createdDateTime' | 'updatedDateTime';

export interface ReferralBook {
  organization(): { readonly id: string; readonly name: string };
  setOrganizationId(id: string): void;
  get(id: string): Referral | undefined;
  engagement(engagementId: string): readonly Referral[];
  all(): readonly Referral[];
  /** What a list shows now, oldest first. */
  listed(order: Order): readonly Referral[];
  add(referral: Referral): Referral;
  /** Stores a changed copy with a new eTag and date, and tells it. */
  replace(referral: Referral): Referral;
  /** Adds referrals in memory only, without telling anybody. */
  seed(referrals: readonly Referral[]): void;
  onChange(listener: (referral: Referral, kind: ChangeKind) => void): void;
  /** The server's own date, 7 fraction digits, later than any before. */
  stamp(): string;
  /** Closes what nobody has answered in time. */
  expire(): void;
  close(): void;
}

const PREFIX = 'referral:';

export function openReferralBook(options: ReferralBookOptions): ReferralBook {
  const { journal, now } = options;
  const rows = new Map<string, Referral>();
  const engagements = new Map<string, string[]>();
  const listeners: ((referral: Referral, kind: ChangeKind) => void)[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const sorted = new Map<Order, readonly Referral[]>();
  /** What lists still show of rows that were changed a moment ago. */
  const outdated = new Map<string, { readonly row: Referral; readonly until: number }>();
  const stamp = createStamp(now);
  // Set by the test of a copied environment; outlives a restart as the referrals do.
  let organizationId = (journal.rows.get('organization') as { id: string } | undefined)?.id ?? options.organizationId;

  const remember = (referral: Referral): void => {
    const before = rows.get(referral.id);
    if (before && options.listDelayMs > 0) outdated.set(referral.id, { row: outdated.get(referral.id)?.row ?? before, until: now() + options.listDelayMs });
    if (!rows.has(referral.id)) engagements.set(referral.engagementId, [...(engagements.get(referral.engagementId) ?? []), referral.id]);
    rows.set(referral.id, referral);
    sorted.clear();
  };
  const store = (referral: Referral): void => {
    remember(referral);
    journal.put(PREFIX + referral.id, referral);
  };
  const tell = (referral: Referral, kind: ChangeKind): void => listeners.forEach((listener) => listener(referral, kind));
  const touchLater = (id: string): void => {
    if (options.touchAfterMs === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      touch(id);
    }, options.touchAfterMs);
    timers.add(timer.unref());
  };
  // The server goes on matching the customer after it has answered: the eTag moves, no event tells it, the date stays (partner-center.md 2.5 `isMatchingComplete`).
  const touch = (id: string): void => {
    const referral = rows.get(id);
    if (!referral || referral.customerProfile.isMatchingComplete) return;
    store({ ...referral, eTag: newETag(now()), customerProfile: { ...referral.customerProfile, isMatchingComplete: true } });
  };
  const inOrder = (order: Order): readonly Referral[] => {
    const known = sorted.get(order) ?? sort([...rows.values()], order);
    sorted.set(order, known);
    return known;
  };
  const replace = (referral: Referral): Referral => {
    const next = { ...referral, eTag: newETag(now()), updatedDateTime: stamp() };
    store(next);
    tell(next, 'updated');
    return next;
  };

  for (const [id, row] of journal.rows) if (id.startsWith(PREFIX)) remember(row as Referral);
  for (const referral of rows.values()) if (!referral.customerProfile.isMatchingComplete) touchLater(referral.id);

  return {
    organization: () => ({ id: organizationId, name: options.organizationName }),
    setOrganizationId(id) {
      organizationId = id;
      journal.put('organization', { id });
      for (const referral of [...rows.values()]) if (referral.organizationId !== MICROSOFT) store({ ...referral, organizationId: id });
    },
    get: (id) => rows.get(id.toLowerCase()),
    engagement: (id) => (engagements.get(id.toLowerCase()) ?? []).flatMap((one) => rows.get(one) ?? []),
    all: () => [...rows.values()],
    listed(order) {
      // As text, because an inventory of 50,000 asks for this 500 times.
      const before = new Date(now() - options.listDelayMs).toISOString();
      const current = inOrder(order).filter((referral) => referral.createdDateTime <= before);
      for (const [id, { until }] of outdated) if (until <= now()) outdated.delete(id);
      return outdated.size === 0 ? current : sort(current.map((referral) => outdated.get(referral.id)?.row ?? referral), order);
    },
    add(referral) {
      const complete = options.touchAfterMs === undefined;
      const next = { ...referral, eTag: newETag(now()), customerProfile: { ...referral.customerProfile, isMatchingComplete: complete } };
      store(next);
      touchLater(next.id);
      tell(next, 'created');
      return next;
    },
    replace,
    seed: (referrals) => referrals.forEach(remember),
    onChange: (listener) => void listeners.push(listener),
    stamp,
    expire() {
      const at = new Date(now()).toISOString();
      for (const referral of rows.values()) {
        if (referral.status !== 'New' || referral.expirationDateTime === null || referral.expirationDateTime > at) continue;
        replace({ ...referral, status: 'Closed', substatus: 'Expired', closedDateTime: stamp() });
      }
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A quoted string (partner-center.md 1.3). Its first group is random: whether it is odd decides how dealValue is answered. */
export const newETag = (at: number): string => `"${randomBytes(4).toString('hex')}-0000-1000-0000-${Math.floor(at / 1_000).toString(16).padStart(8, '0')}0000"`;

function sort(rows: Referral[], order: Order): readonly Referral[] {
  if (order === 'inserted') return rows;
  return rows.sort((a, b) => (a[order] < b[order] ? -1 : a[order] > b[order] ? 1 : 0));
}

function createStamp(now: () => number): () => string {
  let last = 0;
  let ticks = 0;
  return () => {
    const at = now();
    ticks = at === last ? ticks + 1 : 1;
    last = at;
    return `${new Date(at).toISOString().slice(0, -1)}${String(ticks % 10_000).padStart(4, '0')}Z`;
  };
}
