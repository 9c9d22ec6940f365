// Makes the deal of a referral, once.
import type { Created, NewRecord } from '../../ports/crm';
import { changeToFields } from './changeToFields';
import { firstStage } from './closeDeal';
import { errorOf } from './failures';
import { toLongId } from './ids';
import type { MappingTable } from './mapping';
import { findByKey } from './parties';
import { readDeal, type Deals } from './readDeal';
import type { RecordContext } from './recordToSnapshot';
import { isTaken } from './refusals';
import { passingWarnings, type Row } from './salesforceClient';
import { refusedBy } from './writeDeal';

/**
 * Inserted under the referral's identifier, a unique external id. Not upserted: an upsert that was given up on and arrives late, or is repeated after
 * a crash, would write over what a seller changed meanwhile; an insert is refused then. @throws RemoteFailure
 */
export async function createDeal(deals: Deals, record: NewRecord, signal?: AbortSignal): Promise<Created> {
  const context = await deals.contextOf('opportunity');
  const planned = changeToFields(record.values, { ...record.present, identifier: record.referralId }, context);
  if (planned.type === 'refused') return planned;
  const body = { ...stageOf(context), ...planned.fields, ...partyLookups(record, context.table) };
  const answer = await deals.client.send({ method: 'POST', path: `/sobjects/${context.table.set}`, what: 'make the opportunity', headers: passingWarnings, body, signal });
  if (answer.status >= 300) return madeBefore(deals, record, context, answer.body, signal).then((id) => (id === null ? { type: 'refused', reasons: refusedBy(answer, body, context) } : { type: 'exists', id }));
  const id = toLongId(String((answer.body as Row).id)) ?? '';
  const made = await readDeal(deals, { kind: 'opportunity', id }, signal);
  return made.type === 'found' ? { type: 'created', id, snapshot: made.snapshot } : { type: 'exists', id };
}

async function madeBefore({ client }: Deals, record: NewRecord, { table, kind, fields }: RecordContext, body: unknown, signal?: AbortSignal): Promise<string | null> {
  const { identifier } = fields.service(kind);
  return identifier !== undefined && isTaken(errorOf(body), identifier) ? findByKey(client, table.set, identifier, record.referralId, signal) : null;
}

/** A deal cannot be without a stage. */
function stageOf({ table, facts }: RecordContext): Row {
  const row = table.rows.find((each) => each.type === 'state');
  const stage = row?.choices?.Active ?? firstStage(facts, 'open');
  return row?.columns.value && stage !== undefined ? { [row.columns.value]: stage } : {};
}

/** The contact becomes the primary contact role; that is possible only while the deal is made (Object Reference, Opportunity: ContactId). */
function partyLookups({ customerId, contactId, ownerId }: NewRecord, { parties }: MappingTable): Row {
  const lookup = (name: 'customer' | 'contact' | 'owner'): string => parties[name]?.through[0]?.lookup ?? '';
  const ids = [[lookup('customer'), customerId], [lookup('contact'), contactId], [lookup('owner'), ownerId]] as const;
  return Object.fromEntries(ids.filter(([column, id]) => column !== '' && id !== null));
}
