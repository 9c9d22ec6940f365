// "What just happened": what the stand-in for Dataverse sees of a deal's trip.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { Cells } from '../../dataverse/model';
import { isReference } from '../../dataverse/model';
import type { WriteEntry } from '../../dataverse/rowStore';
import type { DealKeys } from './dealKeys';
import { isDown } from './isDown';
import { reasonsIn, type CrmStatus, type Observation } from './observation';

/** Columns that travel, by the field they carry. */
const FIELDS: Readonly<Record<string, string>> = {
  name: 'name', estimatedvalue: 'dealValue', transactioncurrencyid: 'currency', estimatedclosedate: 'closingDate', description: 'notes', statecode: 'status', closeprobability: 'salesStage', parentaccountid: 'customer.name',
  parentcontactid: 'customer.contact', cosell_products: 'solutions', cosell_howcanmicrosofthelp: 'help', cosell_notestomicrosoft: 'notesToMicrosoft', cosell_referralvisibility: 'visibility',
};
const STATUSES = ['notShared', 'pending', 'synced', 'attention', 'conflict', 'failed'] as const;
const FIRST_STATUS = 481_200_000;

export function watchDataverse(dataverse: Dataverse, deals: DealKeys, tell: (observation: Observation) => void): void {
  dataverse.onWrite((entry) => {
    if (entry.origin === 'plugin' || entry.message === 'Delete') return;
    if (entry.table === 'opportunity') tell(writtenOpportunity(dataverse, deals, entry));
    const shared = entry.table === 'account' || entry.table === 'contact' ? sharedDealsOf(dataverse, deals, entry) : [];
    if (shared.length > 0) tell({ type: 'customerWritten', at: Date.parse(entry.at), keys: shared, name: String(entry.newValues.name ?? entry.newValues.fullname ?? nameOf(dataverse, entry)), system: 'Dynamics 365' });
  });
  dataverse.onDelivery(({ table, id, outcomes, at }) => {
    if (table !== 'opportunity' && table !== 'account' && table !== 'contact') return;
    const last = outcomes.at(-1);
    const keys = table === 'opportunity' ? deals.ofOpportunity(id) : dealsWith(dataverse, deals, table, id);
    if (keys.length > 0) tell({ type: 'crmRang', at: Date.parse(at), keys, heard: typeof last === 'number' && last < 300 });
  });
  dataverse.onRequest((request) => {
    const id = /\/opportunities\((?<id>[0-9a-f-]{36})\)/i.exec(request.path)?.groups?.id;
    if (id !== undefined && isDown(request)) tell({ type: 'crmRefused', at: request.at + request.ms, keys: deals.ofOpportunity(id), system: 'Dynamics 365' });
  });
}

function writtenOpportunity(dataverse: Dataverse, deals: DealKeys, entry: WriteEntry): Observation {
  const row = dataverse.row('opportunity', entry.id)?.cells ?? entry.newValues;
  const changed = Object.keys(entry.newValues);
  const byService = isService(dataverse, entry.user);
  return {
    type: 'crmWritten', at: Date.parse(entry.at), keys: deals.ofOpportunity(entry.id), name: String(row.name ?? ''), system: 'Dynamics 365', by: byService ? 'service' : 'person', created: entry.message === 'Create',
    // A record that stops being shared is a trip, too.
    shared: row.cosell_syncwithpartnercenter === true || entry.oldValues.cosell_syncwithpartnercenter === true,
    fields: [...new Set(changed.flatMap((column) => FIELDS[column] ?? []))],
    ...(byService && changed.some((column) => column.startsWith('cosell_sync') || column === 'cosell_lastsyncedon' || column === 'cosell_audit') ? { status: readStatus(row) } : {}),
    ...(changed.includes('cosell_microsoftreferralstatus') && typeof row.cosell_microsoftreferralstatus === 'string' ? { microsoft: row.cosell_microsoftreferralstatus } : {}),
  };
}

function readStatus(row: Cells): CrmStatus {
  const shown = STATUSES[Number(row.cosell_syncstatus ?? FIRST_STATUS) - FIRST_STATUS] ?? 'notShared';
  return { shown, fields: reasonsIn(row.cosell_syncdetails, shown) };
}

const isService = (dataverse: Dataverse, user: string): boolean => typeof dataverse.row('systemuser', user)?.cells.applicationid === 'string';

const nameOf = (dataverse: Dataverse, { table, id }: WriteEntry): unknown => {
  const cells = dataverse.row(table, id)?.cells;
  return cells?.name ?? cells?.fullname ?? '';
};

/** Deals that a person's change of a customer or contact concerns. */
const sharedDealsOf = (dataverse: Dataverse, deals: DealKeys, entry: WriteEntry): readonly string[] => (isService(dataverse, entry.user) ? [] : dealsWith(dataverse, deals, entry.table, entry.id));

function dealsWith(dataverse: Dataverse, deals: DealKeys, table: string, id: string): readonly string[] {
  const names = table === 'account' ? ['parentaccountid', 'customerid'] : ['parentcontactid', 'customerid'];
  return dataverse
    .rows('opportunity')
    .filter(({ cells }) => cells.cosell_syncwithpartnercenter === true && names.some((name) => isReference(cells[name]) && cells[name].id === id))
    .flatMap((row) => deals.ofOpportunity(row.id));
}
