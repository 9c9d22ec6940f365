// In a list: the icon of a row's sync status, and what it says when pointed at.
import type { SyncStatus } from '../../core/browser';
import { choiceToStatus, columns } from '../columns';
import { readDetails, type ShownReason } from '../details';
import { hasWord, word, type Params } from '../words';

const nothing: [string, string] = ['', ''];

const icons: Readonly<Record<SyncStatus, string>> = { notShared: 'notshared', pending: 'pending', synced: 'synced', needsAttention: 'attention', conflict: 'conflict', failed: 'failed' };

/**
 * Called by the list for each row (Learn, "Display custom icons alongside values in list views").
 * @param rowData the row as JSON: `<column>` as it is shown, `<column>_Value` as it is stored; only columns that the view fetches
 * @param language number of the user's language
 * @returns name of an image web resource, tooltip; two empty texts show nothing
 */
export function syncStatusIcon(rowData: string, language: number): [string, string] {
  try {
    const row = JSON.parse(rowData) as Readonly<Record<string, unknown>>;
    const status = choiceToStatus(storedIn(row, columns.status) || null);
    if (status === undefined) return nothing;
    // A row that was never shared has no status: Microsoft can't see it either.
    return [`cosell_/icons/${icons[status ?? 'notShared']}.png`, tooltip(row, status ?? 'notShared', language)];
  } catch {
    return nothing;
  }
}

const storedIn = (row: Readonly<Record<string, unknown>>, column: string): unknown => row[`${column}_Value`] ?? row[column];

function tooltip(row: Readonly<Record<string, unknown>>, status: SyncStatus, language: number): string {
  const label = word(`status.${status === 'needsAttention' ? 'attention' : status}.label`, language);
  const when = row[columns.lastSyncedOn];
  const first = typeof when === 'string' && when !== '' ? word('list.tip', language, { status: label, when }) : label;
  const reasons = readDetails(storedIn(row, columns.details)).reasons.map((each) => toSentence(each, language));
  if (reasons.length === 0) return first;
  const [reason] = reasons;
  return `${first}\n${reasons.length === 1 ? reason : word('list.more', language, { reason, n: reasons.length - 1 })}`;
}

/** What is wrong, in words; a code that we do not know yet is still something. */
function toSentence({ code, field, params }: ShownReason, language: number): string {
  const key = `reason.${code}.what`;
  const label = `field.${field}`;
  const known: Params = { ...(typeof field !== 'string' ? {} : { field: hasWord(label) ? word(label, language) : field.replace(/^custom:/, '') }), ...params };
  return word(hasWord(key) ? key : 'reason.unknown.what', language, known);
}
