// What the package's triggers listen to: their events from the trigger files, the shared fields from its custom metadata records.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { all, metadataFiles, textOf } from './metadataFiles';

export type TriggerEvent = 'before insert' | 'before update' | 'before delete' | 'after insert' | 'after update' | 'after delete' | 'after undelete';

export interface Triggers {
  runs(object: string, event: TriggerEvent): boolean;
  /** Without a namespace. */
  sharedFields(object: string): readonly string[];
}

const ON_DEALS: readonly TriggerEvent[] = ['before insert', 'before update', 'after insert', 'after update', 'after delete', 'after undelete'];
/** Where a package without triggers is given. */
const USUAL_EVENTS: Readonly<Record<string, readonly TriggerEvent[]>> = {
  Opportunity: ON_DEALS, Lead: ON_DEALS, Account: ['after update'], Contact: ['after update'], OpportunityContactRole: ['after insert', 'after update', 'after delete'],
};
/** Where it has no record of shared fields: mapped inputs, the flag, choices, requested action and reason (contract, "Steps" and "Default columns"). */
const USUAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Opportunity: [
    'Name', 'Amount', 'CurrencyIsoCode', 'CloseDate', 'Description', 'StageName', 'Probability', 'AccountId', 'OwnerId', 'Sync_with_Partner_Center__c', 'How_can_Microsoft_help__c', 'Notes_to_Microsoft__c', 'Products__c',
    'Referral_Visibility__c', 'Conflict_Choices__c', 'Requested_Action__c', 'Requested_Reason__c',
  ],
  Lead: ['FirstName', 'LastName', 'Company', 'Email', 'Phone', 'Street', 'City', 'State', 'PostalCode', 'Country', 'Description', 'Status', 'OwnerId', 'Sync_with_Partner_Center__c', 'Requested_Action__c', 'Requested_Reason__c'],
  Account: ['Name', 'BillingStreet', 'BillingCity', 'BillingState', 'BillingPostalCode', 'BillingCountry'],
  Contact: ['FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone'],
  OpportunityContactRole: ['ContactId', 'IsPrimary'],
};

export function readTriggers(folder: string): Triggers {
  const shippedEvents = readEvents(folder);
  const shippedFields = readSharedFields(folder);
  return {
    runs: (object, event) => ((shippedEvents.size > 0 ? shippedEvents.get(object) : USUAL_EVENTS[object]) ?? []).includes(event),
    sharedFields: (object) => (shippedFields.size > 0 ? shippedFields.get(object) : USUAL_FIELDS[object]) ?? [],
  };
}

/** `trigger X on Opportunity (before insert, after update) {`. */
function readEvents(folder: string): ReadonlyMap<string, readonly TriggerEvent[]> {
  const found = new Map<string, TriggerEvent[]>();
  for (const path of triggerFiles(folder)) {
    const groups = /\btrigger\s+\w+\s+on\s+(?<object>\w+)\s*\((?<events>[^)]*)\)/i.exec(readFileSync(path, 'utf8'))?.groups;
    if (!groups) throw new Error(`${path} does not begin a trigger as Apex does.`);
    const events = (groups.events ?? '').split(',').map((event) => event.trim().replace(/\s+/g, ' ').toLowerCase() as TriggerEvent);
    found.set(groups.object ?? '', [...(found.get(groups.object ?? '') ?? []), ...events]);
  }
  return found;
}

function triggerFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : triggerFiles(path);
    return path.endsWith('.trigger') ? [path] : [];
  });
}

/** `customMetadata/Cosell_Shared_Field.*.md-meta.xml`: each names one field of one object. */
function readSharedFields(folder: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of metadataFiles(folder, 'md').filter(({ name }) => name.startsWith('Cosell_Shared_Field.'))) {
    const values = new Map(all(file.root, 'values').map((one) => [textOf(one, 'field'), textOf(one, 'value')]));
    const [object, field] = [values.get('Object__c'), values.get('Field__c')];
    if (!object || !field) throw new Error(`${file.path} names no object and field.`);
    found.set(object, [...(found.get(object) ?? []), field]);
  }
  return found;
}
