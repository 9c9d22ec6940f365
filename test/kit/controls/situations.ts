// Test kit: everything that a record can tell the controls, as columns of an opportunity. Made-up data; the clock stands at 10:42:30 in the seller's office.
import type { Given, HostSettings } from './hostContext';

export const NOW = '2026-11-23T18:42:30.000Z';

export type ControlName = 'MicrosoftHelp' | 'ReferralProducts' | 'SyncStatus';

export interface Situation {
  readonly title: string;
  readonly control: ControlName;
  readonly values: Readonly<Record<string, Given>>;
  readonly settings?: Partial<Pick<HostSettings, 'isDisabled' | 'isOffline' | 'isNew' | 'label' | 'takesAfter'>>;
}

const status = (position: number): number => 481_200_000 + position;
const hidden = { raw: null, security: { readable: false, editable: false, secured: true } };

const link = 'https://partner.microsoft.com/dashboard/referrals/v2/leads';
const shared = {
  identifier: '7f3c2a10-5b1e-4c2d-9f00-0a1b2c3d91ad', link, lastSyncedOn: { raw: new Date('2026-11-23T18:42:05Z'), formatted: '11/23/2026 10:42 AM' },
  customer: [{ id: 'a1', name: 'Adventure Works', entityType: 'account' }], sync: true, dealValue: { raw: 485_000, formatted: '$485,000.00' },
  conflictChoices: null, requestedAction: null, requestedReason: null,
};
const asked = { ...shared, microsoftCrmId: '7-3ADKQ19VX', microsoftStatus: 'Active/Accepted' };

export const audit = [
  '2026-11-23T18:42:05Z | Dynamics 365 → Partner Center | Deal value: 450000 → 485000',
  '2026-11-23T18:42:05Z | Dynamics 365 → Partner Center | Products: SOL-34104-EBB → SOL-15974-MQF; SOL-34104-EBB',
  '2026-11-23T17:15:00Z | Partner Center → Dynamics 365 | Closing date: 2027-03-15 → 2027-03-31',
  '2026-11-22T00:03:00Z | Dynamics 365 → Partner Center | Notes: Pilot → Pilot\\nwith Fabric',
  '2026-11-21T19:20:00Z | Partner Center → Dynamics 365 | Deal value: not kept: 440000',
  '2026-11-21T19:20:00Z | Dynamics 365 → Partner Center | Deal value: 440000 → 450000',
  '2026-11-20T16:02:00Z | Dynamics 365 → Partner Center | Visibility: private → visible',
  '2026-11-19T16:02:00Z | Dynamics 365 → Partner Center | Products: not sent, solution-unknown',
  '2026-11-18T16:57:09Z | Dynamics 365 → Partner Center | Help:  → ProofOfConceptOrDemo',
  '2026-11-18T16:57:08Z | Dynamics 365 → Partner Center | CRM id: referral 7f3c2a10-5b1e-4c2d-9f00-0a1b2c3d91ad created',
].join('\n');

const json = (details: object): string => JSON.stringify(details);
const frozen = { fields: ['name', 'help', 'notesToMicrosoft'], since: '2026-11-18T16:57:09Z' };
const accepted = { status: 'Active/Accepted', direction: 'outgoing' };

const conflict = (field: string, agreed: unknown, crm: unknown, partner: unknown, group = field): object => ({ field, group, agreed, crm, partner, crmOn: '2026-11-23T18:31:00Z', partnerOn: '2026-11-23T18:30:00Z' });
export const bothChanged = { conflicts: [conflict('dealValue', 450_000, 485_000, 440_000, 'money'), conflict('closingDate', '2027-03-15', '2027-03-31', '2027-04-30')], microsoft: accepted, frozen };

const seller = (code: string, field: string, params = {}): object => ({ code, field, actor: 'you', params });

const panel = (title: string, position: number, values: Situation['values'], settings?: Situation['settings']): Situation => ({ title, control: 'SyncStatus', values: { status: status(position), ...values }, ...(settings ? { settings } : {}) });

export const statusSituations = {
  notShared: panel('Not shared', 0, { sync: false }),
  pending: panel('Pending, right after a save', 1, { ...shared, details: json({ progress: 'writing' }), audit: audit.split('\n').at(-1)! }),
  pendingSlow: panel('Pending, and why', 1, { ...shared, details: json({ progress: 'queued', nextTryOn: '2026-11-23T18:47:00Z', reasons: [{ code: 'remote-down', actor: 'wait', params: { system: 'Partner Center', when: '2026-11-23T18:47:00Z' } }] }) }),
  accepted: panel('Synced, Microsoft accepted', 2, { ...asked, details: json({ tookMs: 412, microsoft: accepted, frozen }), audit }),
  notAsked: panel('Synced, Microsoft not asked', 2, { ...shared, details: json({ tookMs: 412 }), audit }),
  waitingOut: panel('Synced, waiting for Microsoft', 2, { ...shared, details: json({ tookMs: 412, microsoft: { status: 'New/Pending', direction: 'outgoing', expiresOn: '2026-12-04T12:00:00Z' }, frozen }) }),
  waitingIn: panel('Synced, a deal that Microsoft sent', 2, { ...asked, microsoftStatus: null, details: json({ microsoft: { status: 'New/Pending', direction: 'incoming', expiresOn: '2026-12-02T12:00:00Z' }, frozen }), lastSyncedOn: { raw: new Date('2026-11-18T17:02:00Z'), formatted: '11/18/2026 9:02 AM' } }),
  won: panel('Synced, and won', 2, { ...asked, details: json({ microsoft: { status: 'Closed/Won', direction: 'outgoing' }, tookMs: 14_000 }) }),
  declined: panel('Synced, Microsoft declined', 2, { ...asked, details: json({ microsoft: { status: 'Closed/Declined', direction: 'outgoing' } }) }),
  attention: panel('Needs attention', 3, { customer: shared.customer, products: 'SOL-34104-EBB;SOL-99104-XYZ', contact: [], help: status(2), details: json({ reasons: [seller('customer-country-missing', 'customer.country'), seller('solution-unknown', 'solutions', { id: 'SOL-99104-XYZ' }), seller('contact-missing', 'customer.contact')] }) }),
  manyReasons: panel('Needs attention, much of it', 3, {
    ...shared, topic: 'Azure data platform', dealValue: { raw: 485_000, formatted: '$485,000.00' }, closingDate: new Date(2027, 2, 31),
    details: json({ reasons: [
      { code: 'referral-gone', field: 'externalReferenceId', actor: 'admin' }, seller('name-missing', 'name'), seller('deal-value-missing', 'dealValue'), seller('text-too-long', 'notes', { system: 'Partner Center', max: 2000 }),
      seller('account-ambiguous', 'customer.name', { n: 3 }), seller('frozen-field-changed', 'name', { shared: 'Azure data estate' }), seller('a-code-from-tomorrow', 'closingDate'), seller('referral-terminal', 'status', { status: 'Closed/Won' }),
    ] }),
  }),
  conflict: panel('Conflict', 4, { ...asked, details: json(bothChanged), audit }),
  conflictInCurrency: panel('Conflict, both sides in another currency', 4, { ...asked, details: json({ conflicts: [conflict('dealValue', 450_000, 485_000.5, 440_000, 'money'), conflict('currency', 'USD', 'EUR', 'CAD', 'money'), conflict('notes', 'A pilot', 'A pilot in March, with Fabric capacity planning and two architects on site', null)], microsoft: accepted }) }),
  failed: panel('Failed', 5, { ...asked, details: json({ reasons: [{ code: 'sign-in-expired', actor: 'admin' }], microsoft: accepted }) }),
  unreadable: panel('Details that cannot be read', 3, { ...shared, details: '{"reasons":[{', audit }),
  loading: { title: 'Loading', control: 'SyncStatus', values: { status: undefined } },
  unsaved: panel('New record, not saved yet', 0, { status: null }, { isNew: true }),
  offline: panel('Offline', 2, asked, { isOffline: true }),
  masked: { title: 'Hidden by field security', control: 'SyncStatus', values: { status: hidden } },
  readOnly: panel('Read-only', 2, { ...asked, details: json({ tookMs: 412, microsoft: accepted }), audit }, { isDisabled: true }),
  conflictReadOnly: panel('Conflict, read-only', 4, { ...asked, details: json(bothChanged) }, { isDisabled: true }),
} as const satisfies Readonly<Record<string, Situation>>;

const notes = 'Customer wants a pilot before March. Please bring someone who knows Fabric capacity planning.';
const help = (title: string, values: Situation['values'], settings?: Situation['settings']): Situation => ({ title, control: 'MicrosoftHelp', values, ...(settings ? { settings } : {}) });

export const helpSituations = {
  nothingAsked: help('Help, nothing asked', { help: null, notes: null, identifier: null, details: null }),
  chosen: help('Help, chosen', { help: status(2), notes, identifier: null, details: null }),
  locked: help('Help, asked and locked', { help: status(2), notes, identifier: shared.identifier, details: json({ frozen }) }),
  readOnly: help('Help, read-only', { help: status(2), notes, identifier: null, details: null }, { isDisabled: true }),
  masked: help('Help, hidden by field security', { help: hidden, notes: hidden, details: null }),
} as const satisfies Readonly<Record<string, Situation>>;

const products = (title: string, value: Given, settings?: Situation['settings']): Situation => ({ title, control: 'ReferralProducts', values: { products: value }, settings: { label: 'Products', ...settings } });

export const productSituations = {
  empty: products('Products, none', null),
  chosen: products('Products, chosen', 'SOL-34104-EBB;SOL-15974-MQF'),
  unknown: products('Products, one unknown', 'SOL-34104-EBB;SOL-99104-XYZ'),
  readOnly: products('Products, read-only', 'SOL-34104-EBB;SOL-15974-MQF', { isDisabled: true }),
  masked: products('Products, hidden by field security', hidden),
} as const satisfies Readonly<Record<string, Situation>>;

export const catalogue = [
  ['SOL-34104-EBB', 'Fabrikam Data Estate Accelerator', 'IP'], ['SOL-15974-MQF', 'Lakehouse Managed Service', 'Services'], ['SOL-20417-KPD', 'Modern Workplace Care', 'Services'],
  ['SOL-61120-RTW', 'Data Modernization Assessment', 'Services'], ['SOL-48215-JHN', 'Model Operations for Azure', 'IP'], ['SOL-70011-ABC', 'Fabrikam Store Analytics', 'IP'],
].map(([code, name, type]) => ({ cosell_solutioncode: code, cosell_name: name, cosell_solutiontype: type }));
