// The fields of our package in Salesforce and the words of its picklists (contract, "Fields"): fixed names, no mapping.
import type { SyncStatus } from '../../../core/index';
import type { MappedKind } from './mapping';

const shared = {
  sync: 'Sync_with_Partner_Center__c',
  identifier: 'Referral_Identifier__c',
  link: 'Referral_Link__c',
  status: 'Sync_Status__c',
  details: 'Sync_Details__c',
  requestedAction: 'Requested_Action__c',
  requestedReason: 'Requested_Reason__c',
  microsoftStatus: 'Microsoft_Referral_Status__c',
  lastSyncedOn: 'Last_Synced_On__c',
} as const;

const opportunityOnly = { choices: 'Conflict_Choices__c', microsoftCrmId: 'Microsoft_CRM_Identifier__c' } as const;

/** Written, never read back. */
const audit = 'Audit__c';
/** On accounts and contacts that the service made. */
const key = 'Cosell_Key__c';
/** What a seller fills in, named by the mapping. */
const inputs = ['How_can_Microsoft_help__c', 'Notes_to_Microsoft__c', 'Products__c', 'Referral_Visibility__c'];

export type ServiceField = keyof typeof shared | keyof typeof opportunityOnly;

export interface PackageFields {
  /** By what they hold; a lead lacks two. */
  service(kind: MappedKind): Readonly<Partial<Record<ServiceField, string>>>;
  readonly audit: string;
  readonly key: string;
}

/** The names as an org has them: with the namespace before them, where a managed package was made of ours. */
export function packageFields(namespace: string | null): PackageFields {
  const packaged = packagedNames(namespace);
  const named = <T extends object>(fields: T): T => Object.fromEntries(Object.entries(fields).map(([what, field]) => [what, packaged(String(field))])) as T;
  const kinds = { opportunity: named({ ...shared, ...opportunityOnly }), lead: named(shared) };
  return { service: (kind) => kinds[kind], audit: packaged(audit), key: packaged(key) };
}

const ours = new Set<string>([...Object.values(shared), ...Object.values(opportunityOnly), audit, key, ...inputs]);

/** Puts the namespace before names of the package; a customer's own field of a mapping keeps its name. */
export const packagedNames = (namespace: string | null) => (name: string): string => (namespace !== null && ours.has(name) ? `${namespace}__${name}` : name);

/** The bold English words of ui.md. */
export const statusValues: Readonly<Record<SyncStatus, string>> = {
  notShared: 'Not shared', pending: 'Pending', synced: 'Synced', needsAttention: 'Needs attention', conflict: 'Conflict', failed: 'Failed',
};

export const actionValues = { syncNow: 'Sync now', accept: 'Accept', decline: 'Decline' } as const;

/** Our word for the value of a picklist, or `null`. */
export const wordOf = <T extends string>(values: Readonly<Record<T, string>>, value: unknown): T | null => (Object.keys(values) as T[]).find((word) => values[word] === value) ?? null;
