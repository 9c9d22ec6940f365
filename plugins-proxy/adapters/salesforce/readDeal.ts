// Reads one deal with all that it hangs on, in one query.
import type { CrmRead, CrmRef } from '../../ports/crm';
import { forbidden } from './failures';
import { toLongId } from './ids';
import { readQueryOf } from './readQuery';
import { recordToSnapshot, type RecordContext } from './recordToSnapshot';
import { QueryRefused, type SalesforceClient } from './salesforceClient';
import { quoted } from './soql';

export interface Deals {
  readonly client: SalesforceClient;
  contextOf(kind: CrmRef['kind']): Promise<RecordContext>;
  /** Forgets what was learnt of the org. */
  refresh(): void;
}

/** An id that is none, and a record in the recycle bin or out of reach, are gone. @throws RemoteFailure */
export async function readDeal(deals: Deals, ref: CrmRef, signal?: AbortSignal): Promise<CrmRead> {
  const id = toLongId(ref.id);
  if (id === null) return { type: 'gone' };
  try {
    return await ask(deals, { ...ref, id }, signal);
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    // A field or right that was taken away since the org was looked at: what is left is asked for.
    deals.refresh();
    return ask(deals, { ...ref, id }, signal).catch((second: unknown) => {
      throw second instanceof QueryRefused ? second.failure : second;
    });
  }
}

async function ask({ client, contextOf, refresh }: Deals, ref: CrmRef, signal?: AbortSignal): Promise<CrmRead> {
  const context = await contextOf(ref.kind);
  demandEssentials(context, refresh);
  const soql = `${readQueryOf(context.table, context.kind, context.facts, context.fields)} WHERE Id = ${quoted(ref.id)}`;
  const { records, notBefore } = await client.query(soql, `read the ${ref.kind}`, { signal });
  return records[0] ? { type: 'found', snapshot: recordToSnapshot(records[0], context, notBefore) } : { type: 'gone' };
}

/** A flag that may not be seen is not a no, and an identifier that may not be seen is not "no referral yet". Whoever gets the right back need not wait: the org is looked at anew next time. */
function demandEssentials({ table, kind, facts, fields }: RecordContext, lookAnew: () => void): void {
  const { sync, identifier } = fields.service(kind);
  const object = facts.object(table.set);
  const hidden = [sync, identifier].find((field) => field !== undefined && !object?.has(field));
  if (hidden === undefined) return;
  lookAnew();
  throw forbidden(object ? `see ${table.set}.${hidden}` : `read the ${kind}`, 403);
}
