// The small door, for code that runs inside a CRM page: codes, statuses and field keys, nothing that decides.
export * from './status';
export { standardFieldKeys, fieldLabel, fieldRules, helpCodes, visibilities, dealStatuses, type FieldKey, type StandardFieldKey, type HelpCode, type Visibility, type DealStatus } from './fields';
