// Sync details: what the service tells the controls, as JSON of codes. Absent members are simply not shown.
import type { FieldKey } from './fields';
import type { Conflict } from './link';
import type { Reason } from './status';

export interface SyncDetails {
  readonly reasons?: readonly Reason[];
  readonly conflicts?: readonly Conflict[];
  readonly progress?: 'saved' | 'queued' | 'writing' | 'confirming';
  readonly tookMs?: number;
  readonly nextTryOn?: string;
  readonly microsoft?: { readonly status: string; readonly direction: 'incoming' | 'outgoing'; readonly expiresOn?: string };
  readonly frozen?: { readonly fields: readonly FieldKey[]; readonly since?: string };
}

/** The column's text; empty members are left out, and nothing at all is `null`. */
export function detailsToText(details: SyncDetails): string | null {
  const kept = Object.entries(details).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return kept.length > 0 ? JSON.stringify(Object.fromEntries(kept)) : null;
}

/** Reads what a record shows; `undefined` when it cannot be read. */
export function textToDetails(text: string | null): SyncDetails | undefined {
  if (text === null) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed) ? (parsed as SyncDetails) : undefined;
  } catch {
    return undefined;
  }
}

/** The reasons that a record shows; what is none is left out, since anybody with rights enough may write into the column. */
export function shownReasons(text: string | null): readonly Reason[] {
  const reasons: unknown = textToDetails(text)?.reasons;
  return Array.isArray(reasons) ? reasons.filter((each): each is Reason => typeof (each as Reason | null)?.code === 'string') : [];
}

/** Whether the shown details still tell the truth: how long a trip took does not make them new, and neither does the next try while it lies ahead. */
export function sameDetails(shown: string | null, wanted: SyncDetails, now: string): boolean {
  const old = textToDetails(shown);
  if (old === undefined) return false;
  const bare = (details: SyncDetails): string => detailsToText({ ...details, tookMs: undefined, nextTryOn: undefined }) ?? '';
  if (bare(old) !== bare(wanted)) return false;
  return wanted.nextTryOn === undefined ? old.nextTryOn === undefined : old.nextTryOn !== undefined && old.nextTryOn > now;
}
