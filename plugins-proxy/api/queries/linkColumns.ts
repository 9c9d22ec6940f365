// Admin API: what is read of a link.
import { shownReasons, syncStatuses, type Cell, type CrmSnapshot, type Phase, type SyncStatus } from '../../../core/index';
import type { LinkSummary } from '../shapes';

/** `l` is the link, `d` its document, `w` its row of work. */
export const linkColumns = `l.id, l.crm_connection, l.kind, l.crm_id, l.referral_id, l.phase, l.changed_on,
  d.document->'crm'->'cells'->'name' as name, d.document->'crm'->'secured' as secured, d.document->'crm'->'shown' as shown,
  d.document->'conflicts' as conflicts, d.document->'lastSyncedOn' as last_synced_on,
  w.key as work_key, coalesce(w.wanted > w.done, false) as pending, w.lease is not null as running, w.attempts, w.waits_for, w.parked, greatest(w.due, w.not_before) as next_try`;

/**
 * A document may hold \u0000 and halves of surrogate pairs, because sellers do paste them; every operator on such a `json` fails ("invalid input
 * syntax"), whichever member it asks for. Here they are only looked at, so U+FFFD stands in their place. `offset 0`: made once for each row.
 */
export const linkSource = String.raw`cosell.link l
  cross join lateral (
    select case when l.document::text ~* '\\u(0000|d[89a-f])' then regexp_replace(l.document::text, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'gi')::json else l.document end as document offset 0
  ) d
  left join cosell.work w on w.key = 'crm:' || l.crm_connection || ':' || l.kind || ':' || l.crm_id`;

export interface LinkRow {
  readonly id: string;
  readonly crm_connection: string;
  readonly kind: string;
  readonly crm_id: string;
  readonly referral_id: string | null;
  readonly phase: Phase;
  readonly changed_on: Date;
  readonly name: Cell | null;
  readonly secured: readonly string[] | null;
  readonly shown: CrmSnapshot['shown'] | null;
  readonly conflicts: readonly { readonly field: string }[] | null;
  readonly last_synced_on: string | null;
  readonly work_key: string | null;
  readonly pending: boolean;
  readonly running: boolean;
  readonly attempts: number | null;
  readonly waits_for: string | null;
  readonly parked: string | null;
  readonly next_try: Date | null;
}

export const rowToSummary = (row: LinkRow): LinkSummary => ({
  id: row.id,
  name: nameOf(row),
  crm: row.crm_connection,
  kind: row.kind,
  crmId: row.crm_id,
  referralId: row.referral_id,
  phase: row.phase,
  status: statusIn(row.shown?.status ?? null),
  reasons: [...shownReasons(row.shown?.details ?? null)],
  conflicts: (row.conflicts ?? []).map((conflict) => conflict.field),
  lastSyncedOn: row.last_synced_on,
  changedOn: row.changed_on.toISOString(),
  work: row.work_key === null ? null : {
    pending: row.pending, running: row.running, attempts: row.attempts ?? 0, waitsFor: row.waits_for, parked: row.parked,
    nextTryOn: row.pending && row.waits_for === null && row.parked === null ? (row.next_try?.toISOString() ?? null) : null,
  },
});

function nameOf({ name, secured }: LinkRow): string | null {
  if (secured?.includes('name') || name?.kind !== 'value') return null;
  return typeof name.value === 'string' ? name.value : null;
}

const statusIn = (status: string | null): SyncStatus | null => syncStatuses.find((each) => each === status) ?? null;
