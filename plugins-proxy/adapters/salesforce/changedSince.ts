// Records that changed since a mark, a page at a time: what no bell told us.
import type { ChangedRecord } from '../../ports/crm';
import { toLongId } from './ids';
import { toIso } from './recordToSnapshot';
import type { PackageFields } from './packageFields';
import type { SalesforceClient } from './salesforceClient';
import { all, moment, quoted } from './soql';

const PAGE_SIZE = 500;
const objects = { opportunity: 'Opportunity', lead: 'Lead', account: 'Account', contact: 'Contact' } as const;

export interface ChangedPage {
  readonly records: readonly ChangedRecord[];
  readonly next: string | null;
  readonly serverNow: string;
}

/**
 * By SystemModstamp, which moves with every change, also with those of the platform's own processes. Deals in the recycle bin are among them: their link
 * ends. A page goes on after its last record and not by a query locator, which ends while a walk waits. @throws RemoteFailure
 */
export async function changedSince(client: SalesforceClient, fields: PackageFields, kind: ChangedRecord['kind'], mark: string, next: string | null, signal?: AbortSignal): Promise<ChangedPage> {
  const isDeal = kind === 'opportunity' || kind === 'lead';
  const after = next === null ? [`SystemModstamp >= ${moment(mark)}`] : [afterOf(next)];
  const concerns = isDeal ? [concernsUs(fields, kind)] : [];
  const soql = `SELECT Id, SystemModstamp, LastModifiedDate FROM ${objects[kind]} WHERE ${all([...after, ...concerns])} ORDER BY SystemModstamp, Id LIMIT ${PAGE_SIZE}`;
  const { records, serverNow } = await client.query(soql, 'look for changes', { signal, withDeleted: isDeal });
  const found = records.map((row) => ({ kind, id: toLongId(String(row.Id)) ?? '', version: String(row.SystemModstamp), modifiedOn: toIso(row.LastModifiedDate) }));
  const last = found.at(-1);
  return { records: found, next: last && found.length === PAGE_SIZE ? `${last.version}|${last.id}` : null, serverNow };
}

function afterOf(next: string): string {
  const [stamp = '', id = ''] = next.split('|');
  return `SystemModstamp > ${moment(toIso(stamp))} OR (SystemModstamp = ${moment(toIso(stamp))} AND Id > ${quoted(id)})`;
}

function concernsUs(fields: PackageFields, kind: 'opportunity' | 'lead'): string {
  const { sync, identifier } = fields.service(kind);
  return `${sync} = true OR ${identifier} != null`;
}
