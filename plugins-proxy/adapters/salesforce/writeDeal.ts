// Writes one deal. Salesforce keeps no row version: If-Unmodified-Since compares whole seconds (REST API guide, "Conditional Request Headers").
//
// What a seller may have changed is written only on a read that was made in a later second than the record's last change: then every further change has a
// later stamp, and the write is refused. Within that second we wait for the next one and read. What only the service writes goes at once, and the
// read that follows every write shows whoever passed by. What is left open stands in docs/guarantees.md.
import type { CrmSnapshot, Reason } from '../../../core/index';
import type { CrmChange, CrmRef, CrmWritten } from '../../ports/crm';
import { changeToFields } from './changeToFields';
import { errorOf } from './failures';
import { readDeal, type Deals } from './readDeal';
import type { RecordContext } from './recordToSnapshot';
import { refusalReasons } from './refusals';
import { passingWarnings, type Row, type SalesforceAnswer } from './salesforceClient';

/** A second to wait for, one more that a clock may be off by, and a last look. */
const MOST_LOOKS = 4;
/** A stamp that lies further ahead is no clock's error; whoever plans again reads again. */
const LONGEST_WAIT = 2_000;

/** @throws RemoteFailure */
export async function writeDeal(deals: Deals, ref: CrmRef, change: CrmChange, base: CrmSnapshot, signal?: AbortSignal): Promise<CrmWritten> {
  const context = await deals.contextOf(ref.kind);
  const planned = changeToFields(change.values, change.present, context, base);
  if (planned.type === 'refused') return planned;
  if (Object.keys(planned.fields).length === 0) return { type: 'written', snapshot: base };
  const since = planned.touchesSeller ? await settled(deals, ref, base, signal) : null;
  if (since && since.type !== 'settled') return since;
  const answer = await patchDeal(deals, ref, context, planned.fields, since?.modifiedOn ?? null, signal);
  if (answer.status === 412) return { type: 'stale' };
  if (isGone(answer)) return { type: 'gone' };
  if (answer.status >= 300) return { type: 'refused', reasons: refusedBy(answer, planned.fields, context) };
  const read = await readDeal(deals, ref, signal);
  return read.type === 'gone' ? read : { type: 'written', snapshot: read.snapshot, readAfter: true };
}

export type Settled = { readonly type: 'settled'; readonly modifiedOn: string } | { readonly type: 'stale' } | { readonly type: 'gone' };

/** Whether the record still is what `base` says, so that a change from now on has another stamp. */
export async function settled(deals: Deals, ref: CrmRef, base: CrmSnapshot, signal?: AbortSignal): Promise<Settled> {
  let now = base;
  for (let look = 0; now.unsettled && look < MOST_LOOKS; look += 1) {
    await nextSecond(deals, now.modifiedOn, signal);
    const read = await readDeal(deals, ref, signal);
    if (read.type === 'gone') return read;
    now = read.snapshot;
    // A stamp that moved alone (a flow, a field of the customer's) changes nothing that was planned with.
    if (content(base) !== content(now)) return { type: 'stale' };
  }
  return now.unsettled ? { type: 'stale' } : { type: 'settled', modifiedOn: now.modifiedOn };
}

const content = ({ cells, control, shown, refs }: CrmSnapshot): string => JSON.stringify([cells, control, shown, refs]);

/** Until the second of the last change is over there, by what its clock was last heard to say. */
async function nextSecond({ client }: Deals, modifiedOn: string, signal?: AbortSignal): Promise<void> {
  const known = client.serverNotBefore();
  const left = Date.parse(modifiedOn) + 1_000 - known;
  if (known > 0 && left > 0) await client.clock.pause(Math.min(left, LONGEST_WAIT) + 1, signal);
}

/** `since`: refused when the record was changed after that second. */
export async function patchDeal({ client }: Deals, ref: CrmRef, { table }: RecordContext, fields: Row, since: string | null, signal?: AbortSignal): Promise<SalesforceAnswer> {
  const headers = { ...passingWarnings, ...(since === null ? {} : { 'if-unmodified-since': new Date(since).toUTCString() }) };
  return client.send({ method: 'PATCH', path: `/sobjects/${table.set}/${ref.id}`, what: `write the ${ref.kind}`, headers, body: fields, signal });
}

export const isGone = (answer: SalesforceAnswer): boolean => answer.status === 404 || errorOf(answer.body).code === 'ENTITY_IS_DELETED';

export const refusedBy = (answer: SalesforceAnswer, fields: Row, { table, facts, kind, fields: names }: RecordContext): readonly Reason[] =>
  refusalReasons({ body: answer.body, sent: Object.keys(fields), table, facts, identifier: names.service(kind).identifier });

