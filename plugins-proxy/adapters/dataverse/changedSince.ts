// Records that changed since a mark, a page at a time: what no bell told us.
import type { ChangedRecord } from '../../ports/crm';
import type { DataverseClient } from './dataverseClient';
import { canonicalId } from './ids';
import { serviceColumns } from './serviceColumns';
import { rowsOf } from './tableFacts';

const PAGE_SIZE = 500;
const BASE = '/api/data/v9.2/';
const sets = { opportunity: 'opportunities', lead: 'leads', account: 'accounts', contact: 'contacts' } as const;

export interface ChangedPage {
  readonly records: readonly ChangedRecord[];
  readonly next: string | null;
  readonly serverNow: string;
}

/** `modifiedon ge` and no change tracking: its first call returns every row, it takes no filter, and its token dies after 7 days. @throws RemoteFailure */
export async function changedSince(client: DataverseClient, kind: ChangedRecord['kind'], mark: string, next: string | null, signal?: AbortSignal): Promise<ChangedPage> {
  const headers = { prefer: `odata.maxpagesize=${PAGE_SIZE}` };
  const { body, serverNow } = await client.get(next ?? firstPage(kind, mark), 'look for changes', { signal, headers });
  const records = rowsOf(body).map((row) => ({
    kind, id: canonicalId(String(row[`${kind}id`])) ?? '', version: String(row['@odata.etag']), modifiedOn: String(row.modifiedon),
  }));
  return { records, next: nextPath(body['@odata.nextLink']), serverNow };
}

function firstPage(kind: ChangedRecord['kind'], mark: string): string {
  const since = `modifiedon ge ${new Date(mark).toISOString()}`;
  const filter = kind === 'opportunity' || kind === 'lead' ? `${since} and ${concernsUs(kind)}` : since;
  return `${sets[kind]}?$select=${kind}id,modifiedon&$filter=${filter}&$orderby=modifiedon asc`;
}

function concernsUs(kind: 'opportunity' | 'lead'): string {
  const { sync, identifier } = serviceColumns(kind);
  return `(${sync} eq true or ${identifier} ne null)`;
}

/** Only what follows the API's base: a link is data, and the host that we call is ours to say. */
function nextPath(link: unknown): string | null {
  if (typeof link !== 'string') return null;
  const at = link.indexOf(BASE);
  return at < 0 ? null : link.slice(at + BASE.length);
}
