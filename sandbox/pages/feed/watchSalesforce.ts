// "What just happened": what the stand-in for Salesforce sees of a deal's trip.
import { seedIds, type Salesforce } from '../../salesforce/startSalesforce';
import type { WriteEntry } from '../../salesforce/rowStore';
import type { DealKeys } from './dealKeys';
import { isDown } from './isDown';
import { reasonsIn, type CrmStatus, type Observation } from './observation';

/** Fields that travel, by the key of what they carry. */
const FIELDS: Readonly<Record<string, string>> = {
  Name: 'name', Amount: 'dealValue', CurrencyIsoCode: 'currency', CloseDate: 'closingDate', Description: 'notes', StageName: 'status', Probability: 'salesStage', AccountId: 'customer.name',
  Products__c: 'solutions', How_can_Microsoft_help__c: 'help', Notes_to_Microsoft__c: 'notesToMicrosoft', Referral_Visibility__c: 'visibility',
};
const STATUSES: Readonly<Record<string, CrmStatus['shown']>> = { 'Not shared': 'notShared', Pending: 'pending', Synced: 'synced', 'Needs attention': 'attention', Conflict: 'conflict', Failed: 'failed' };
const OWN_STATUS = ['Sync_Status__c', 'Sync_Details__c', 'Last_Synced_On__c', 'Audit__c'];
const FLAG = 'Sync_with_Partner_Center__c';

export function watchSalesforce(salesforce: Salesforce, deals: DealKeys, tell: (observation: Observation) => void): void {
  salesforce.onWrite((entry) => {
    if (entry.origin === 'automation' || entry.origin === 'platform' || entry.message === 'Delete') return;
    if (entry.object === 'Opportunity') tell(writtenOpportunity(salesforce, deals, entry));
    if ((entry.object !== 'Account' && entry.object !== 'Contact') || isService(entry)) return;
    const keys = dealsWith(salesforce, deals, entry.id);
    if (keys.length > 0) tell({ type: 'customerWritten', at: Date.parse(entry.at), keys, name: String(salesforce.row(entry.object, entry.id)?.cells.Name ?? ''), system: 'Salesforce' });
  });
  salesforce.onBell(({ recordIds, outcome, at }) => {
    const keys = [...new Set(recordIds.flatMap((id) => (id.startsWith('006') ? deals.ofOpportunity(id) : dealsWith(salesforce, deals, id))))];
    if (keys.length > 0) tell({ type: 'crmRang', at: Date.parse(at), keys, heard: typeof outcome === 'number' && outcome < 300 });
  });
  salesforce.onRequest((request) => {
    const id = /006[a-z0-9]{15}/i.exec(request.path)?.[0];
    const isRefused = isDown(request) || (request.status === 403 && salesforce.isLimitReached());
    if (id !== undefined && isRefused) tell({ type: 'crmRefused', at: request.at + request.ms, keys: deals.ofOpportunity(id), system: 'Salesforce' });
  });
}

function writtenOpportunity(salesforce: Salesforce, deals: DealKeys, entry: WriteEntry): Observation {
  const cells = salesforce.row('Opportunity', entry.id)?.cells ?? entry.newValues;
  const changed = Object.keys(entry.newValues);
  const byService = isService(entry);
  return {
    type: 'crmWritten', at: Date.parse(entry.at), keys: deals.ofOpportunity(entry.id), name: String(cells.Name ?? ''), system: 'Salesforce', by: byService ? 'service' : 'person', created: entry.message === 'Create',
    // A record that stops being shared is a trip, too.
    shared: cells[FLAG] === true || entry.oldValues[FLAG] === true,
    fields: [...new Set(changed.flatMap((field) => FIELDS[field] ?? []))],
    ...(byService && changed.some((field) => OWN_STATUS.includes(field)) ? { status: readStatus(cells) } : {}),
    ...(changed.includes('Microsoft_Referral_Status__c') && typeof cells.Microsoft_Referral_Status__c === 'string' ? { microsoft: cells.Microsoft_Referral_Status__c } : {}),
  };
}

function readStatus({ Sync_Status__c: status, Sync_Details__c: details }: Readonly<Record<string, unknown>>): CrmStatus {
  const shown = STATUSES[String(status)] ?? 'notShared';
  return { shown, fields: reasonsIn(details, shown) };
}

const isService = ({ user }: WriteEntry): boolean => user === seedIds.serviceUser;

/** Shared deals of an account, or of a primary contact. */
function dealsWith(salesforce: Salesforce, deals: DealKeys, id: string): readonly string[] {
  const ofContact = new Set(salesforce.rows('OpportunityContactRole').filter(({ cells }) => cells.ContactId === id && cells.IsPrimary === true).map(({ cells }) => cells.OpportunityId));
  return salesforce
    .rows('Opportunity')
    .filter(({ id: deal, cells }) => cells[FLAG] === true && (cells.AccountId === id || ofContact.has(deal)))
    .flatMap((row) => deals.ofOpportunity(row.id));
}
