// The fields as the contract fixes them, and the words of their answers: from core and the wording table, never from the metadata that is checked.
import { helpCodes, syncStatuses, visibilities } from '../../core/browser';
import type { Words } from './project';

export interface ContractField {
  readonly name: string;
  /** Key of the wording table; without it the label is for admins, and only that it is there is checked. */
  readonly wording?: string;
  readonly label: string;
  readonly type: string;
  readonly length?: number;
  readonly unique?: true;
  readonly onLead?: true;
  /** A seller fills it in; every other field is written by the service alone. */
  readonly seller?: true;
  readonly answers?: (words: Words) => readonly Answer[];
}

export interface Answer {
  readonly value: string;
  readonly label: string;
}

const statusKey: Readonly<Record<string, string>> = { needsAttention: 'attention' };
const helpKey: Readonly<Record<(typeof helpCodes)[number], string>> = {
  WorkloadSpecificValueProposition: 'workload', CustomerTechnicalArchitecture: 'architecture', ProofOfConceptOrDemo: 'poc',
  QuotesOrLicensing: 'quotes', PostSalesCustomerSuccess: 'post', GeneralOrOther: 'general',
};
const visibilityKey: Readonly<Record<(typeof visibilities)[number], string>> = { private: 'private', visible: 'ms' };

/** The word of the table, or words that no metadata can equal. */
export const word = (words: Words, key: string): string => words[key] ?? `(wording has no ${key})`;

const same = (label: string): Answer => ({ value: label, label });

export const contractFields: readonly ContractField[] = [
  { name: 'Sync_with_Partner_Center__c', wording: 'fld.sync', label: 'Sync with Partner Center', type: 'Checkbox', onLead: true, seller: true },
  { name: 'Referral_Identifier__c', wording: 'fld.refid', label: 'Referral Identifier', type: 'Text', length: 100, unique: true, onLead: true },
  { name: 'Referral_Link__c', wording: 'fld.link', label: 'Referral Link', type: 'Url', onLead: true },
  {
    name: 'How_can_Microsoft_help__c', wording: 'fld.help', label: 'How can Microsoft help?', type: 'Picklist', seller: true,
    answers: (words) => helpCodes.map((code) => ({ value: code, label: word(words, `help.${helpKey[code]}.label`) })),
  },
  { name: 'Notes_to_Microsoft__c', wording: 'fld.notes', label: 'Notes to Microsoft', type: 'LongTextArea', length: 2_000, seller: true },
  { name: 'Products__c', wording: 'fld.products', label: 'Products', type: 'LongTextArea', length: 4_000, seller: true },
  {
    name: 'Referral_Visibility__c', wording: 'fld.visibility', label: 'Referral visibility', type: 'Picklist', seller: true,
    answers: (words) => visibilities.map((each) => same(word(words, `vis.${visibilityKey[each]}.label`))),
  },
  {
    name: 'Sync_Status__c', wording: 'list.column', label: 'Sync status', type: 'Picklist', onLead: true,
    answers: (words) => syncStatuses.map((each) => same(word(words, `status.${statusKey[each] ?? each}.label`))),
  },
  { name: 'Sync_Details__c', label: 'Sync details', type: 'LongTextArea', length: 20_000, onLead: true },
  { name: 'Conflict_Choices__c', label: 'Conflict choices', type: 'LongTextArea', length: 20_000, seller: true },
  {
    name: 'Requested_Action__c', label: 'Requested action', type: 'Picklist', onLead: true, seller: true,
    answers: (words) => ['btn.sync', 'btn.accept', 'decline.confirm'].map((key) => same(word(words, key))),
  },
  { name: 'Requested_Reason__c', label: 'Requested reason', type: 'Text', length: 250, onLead: true, seller: true },
  { name: 'Microsoft_Referral_Status__c', wording: 'fld.msstatus', label: 'Microsoft referral status', type: 'Text', length: 100, onLead: true },
  { name: 'Microsoft_CRM_Identifier__c', wording: 'fld.mscrm', label: 'Microsoft CRM Identifier', type: 'Text', length: 100 },
  { name: 'Last_Synced_On__c', wording: 'fld.lastsynced', label: 'Last synced on', type: 'DateTime', onLead: true },
  { name: 'Audit__c', wording: 'fld.audit', label: 'Audit', type: 'LongTextArea', length: 100_000, onLead: true },
];

const key: ContractField = { name: 'Cosell_Key__c', label: 'Co-sell key', type: 'Text', length: 36, unique: true };

/** Fields by object. A catalogue's own fields are the package's business, but for the code by which a solution is found. */
export const contractObjects: Readonly<Record<string, readonly ContractField[]>> = {
  Opportunity: contractFields,
  Lead: contractFields.filter((field) => field.onLead),
  Account: [key],
  Contact: [key],
  Cosell_Solution__c: [{ name: 'Solution_Code__c', label: 'Solution ID', type: 'Text', length: 100, unique: true }],
};
