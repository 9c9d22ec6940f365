// The fields of a deal: their keys, labels, groups and what may be written when. The same everywhere: core, mapping, details, choices, console.

export const standardFieldKeys = [
  'name', 'dealValue', 'currency', 'closingDate', 'notes', 'status', 'salesStage', 'customer.name', 'customer.address', 'customer.country',
  'customer.contact', 'team', 'solutions', 'help', 'notesToMicrosoft', 'visibility', 'externalReferenceId',
] as const;

export type StandardFieldKey = (typeof standardFieldKeys)[number];
/** A standard key, or `custom:<column>` for a customer's own column. */
export type FieldKey = StandardFieldKey | `custom:${string}`;

/** One canonical form for each kind of value; see canonical/. */
export type ValueKind = 'text' | 'money' | 'currency' | 'date' | 'word' | 'solutions' | 'team' | 'address' | 'country' | 'contact';

/** Who is right when both sides changed: one of them, a person, or everybody (sets are merged). */
export type Owner = 'crm' | 'partner' | 'person' | 'merge';

/** `update`: at any time; `create`: only with the record itself; `never`: not by us. */
export type Writable = 'update' | 'create' | 'never';

export interface FieldRule {
  /** As the audit names it. */
  readonly label: string;
  /** Fields of one group are decided, planned, sent and refused whole. */
  readonly group: string;
  readonly kind: ValueKind;
  readonly owner: Owner;
  readonly toPartner: Writable;
  readonly toCrm: Writable;
  /** What a change after sharing means where it can no longer be sent: told to the seller, or only an audit line. */
  readonly frozen?: 'explained' | 'noted';
  /** Partner Center cannot be without it: an empty value is never sent. */
  readonly required?: true;
}

/**
 * The rules by field. Fixed once shared: Microsoft's connector definition lists the 18 paths that may be patched, and name, customer,
 * help and notes to Microsoft are not among them (microsoft/PowerPlatformConnectors, PartnerCenterReferrals, UpdateReferralDetails).
 */
export const fieldRules: Readonly<Record<StandardFieldKey, FieldRule>> = {
  name: { label: 'Name', group: 'name', kind: 'text', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'explained' },
  dealValue: { label: 'Deal value', group: 'money', kind: 'money', owner: 'person', toPartner: 'update', toCrm: 'update', required: true },
  currency: { label: 'Currency', group: 'money', kind: 'currency', owner: 'person', toPartner: 'update', toCrm: 'update', required: true },
  closingDate: { label: 'Closing date', group: 'closingDate', kind: 'date', owner: 'person', toPartner: 'update', toCrm: 'update', required: true },
  notes: { label: 'Notes', group: 'notes', kind: 'text', owner: 'person', toPartner: 'update', toCrm: 'update' },
  status: { label: 'Status', group: 'status', kind: 'word', owner: 'partner', toPartner: 'update', toCrm: 'update', required: true },
  salesStage: { label: 'Sales stage', group: 'salesStage', kind: 'word', owner: 'crm', toPartner: 'update', toCrm: 'never' },
  'customer.name': { label: 'Customer', group: 'customer.name', kind: 'text', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'noted' },
  'customer.address': { label: 'Customer address', group: 'address', kind: 'address', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'noted' },
  'customer.country': { label: 'Customer country', group: 'address', kind: 'country', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'noted' },
  'customer.contact': { label: 'Customer contact', group: 'customer.contact', kind: 'contact', owner: 'crm', toPartner: 'update', toCrm: 'create', frozen: 'noted' },
  team: { label: 'Team', group: 'team', kind: 'team', owner: 'merge', toPartner: 'update', toCrm: 'never' },
  solutions: { label: 'Products', group: 'solutions', kind: 'solutions', owner: 'merge', toPartner: 'update', toCrm: 'update', required: true },
  help: { label: 'Help', group: 'help', kind: 'word', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'explained' },
  notesToMicrosoft: { label: 'Notes to Microsoft', group: 'notesToMicrosoft', kind: 'text', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'explained' },
  visibility: { label: 'Visibility', group: 'visibility', kind: 'word', owner: 'crm', toPartner: 'create', toCrm: 'create', frozen: 'explained' },
  externalReferenceId: { label: 'CRM id', group: 'externalReferenceId', kind: 'word', owner: 'crm', toPartner: 'create', toCrm: 'never' },
};

/** The rule of a field; a customer's own column is text that a person decides and that Partner Center does not know. */
export function ruleOf(field: FieldKey): FieldRule {
  const rule = (fieldRules as Readonly<Record<string, FieldRule>>)[field];
  return rule ?? { label: field, group: field, kind: 'text', owner: 'person', toPartner: 'never', toCrm: 'never' };
}

/** Labels of the audit by field, in the fixed order. */
export const fieldLabel = (field: FieldKey): string => ruleOf(field).label;

/** Fields whose later changes travel, in groups. */
export const syncedGroups: readonly (readonly StandardFieldKey[])[] = [['dealValue', 'currency'], ['closingDate'], ['notes'], ['solutions'], ['status']];

/**
 * Fields whose later changes travel from the CRM to Partner Center only (see outward.ts). The sales stage is a group of its own: its form is
 * attested by captured answers alone, and a stage that is refused must not keep a deal open that was won.
 */
export const outwardFields = ['customer.contact', 'team', 'salesStage'] as const satisfies readonly StandardFieldKey[];
export const isOutward = (field: FieldKey): boolean => (outwardFields as readonly FieldKey[]).includes(field);

/** Fields that stay as they were when shared. */
export const frozenFields: readonly StandardFieldKey[] = /* @__PURE__ */ standardFieldKeys.filter((field) => fieldRules[field].frozen !== undefined);

export const dealStatuses = ['Active', 'Won', 'Lost', 'Declined', 'Expired', 'Error'] as const;
export type DealStatus = (typeof dealStatuses)[number];

/** Won, lost, declined, expired and error are final on the partner side (manage-co-sell-opportunities). */
export const isTerminal = (status: unknown): boolean => typeof status === 'string' && status !== 'Active' && (dealStatuses as readonly string[]).includes(status);

/** The six kinds of help in the order of their choice numbers. */
export const helpCodes = [
  'WorkloadSpecificValueProposition', 'CustomerTechnicalArchitecture', 'ProofOfConceptOrDemo', 'QuotesOrLicensing', 'PostSalesCustomerSuccess', 'GeneralOrOther',
] as const;
export type HelpCode = (typeof helpCodes)[number];

export const visibilities = ['private', 'visible'] as const;
export type Visibility = (typeof visibilities)[number];
