// The told trip, its deeds: what a seller and somebody in the portal do, and what must then be true on the other side.
import type { Referral } from '../partnerCenter/referral';
import { describeSync, isSynced, type CrmDesk, type SeenDeal, type TypedDeal } from './crmDesk';
import type { PartnerDesk } from './partnerDesk';
import { waitUntil, type Look } from './waitUntil';

export interface Desks {
  readonly crm: CrmDesk;
  readonly partner: PartnerDesk;
  /** How long each thing may take, milliseconds. */
  readonly timeoutMs: number;
}

export interface Deal {
  readonly what: string;
  readonly id: string;
  readonly referralId: string;
  readonly madeIn: 'crm' | 'portal';
}

export type Kind = 'private' | 'partner-led' | 'co-sell';

const HELP_ASKED = 'ProofOfConceptOrDemo';
const WISHES: Readonly<Record<Kind, TypedDeal>> = {
  private: { visible: false },
  'partner-led': { visible: true },
  'co-sell': { visible: true, help: HELP_ASKED, notesToMicrosoft: 'Please join the demo on site.' },
};

/** A deal is saved with the flag set; true once its referral is there and the sync columns say so. */
export async function shareDeal({ crm, partner, timeoutMs }: Desks, kind: Kind, mark: string): Promise<Deal> {
  const id = await crm.save({ name: `${kind} deal ${mark}`, notes: 'First talk: R&D and "stores".\nSecond line.', dealValue: 50_000, closingDate: '2027-06-30', share: true, products: 'SOL-12345-ABC; SOL-23456-BCD', ...WISHES[kind] });
  const row = await waitUntil(() => lookAtRow(crm, id, (seen) => isBooked(seen, kind)), timeoutMs);
  const referralId = row.identifier ?? '';
  await partner.read(referralId);
  return { what: `${kind} deal`, id, referralId, madeIn: 'crm' };
}

/** Opens a private deal to Microsoft's sellers. */
export async function openDeal({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.change(deal.id, { visible: true });
  await waitUntil(() => lookAtReferral(partner, deal.referralId, 'consent', ({ consent }) => consent.consentToShareReferralWithMicrosoftSellers, true), timeoutMs);
  await waitUntil(() => lookAtRow(crm, deal.id, isSynced), timeoutMs);
}

/** Asks Microsoft for help with a deal that was shared without. */
export async function askForHelp({ crm, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.change(deal.id, { help: HELP_ASKED, notesToMicrosoft: 'Now we need an architect.' });
  await waitUntil(() => lookAtRow(crm, deal.id, (seen) => isBooked(seen, 'co-sell')), timeoutMs);
}

/** The seller changes amount, closing date and notes. */
export async function changeInCrm({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.change(deal.id, { dealValue: 61_250.5, closingDate: '2027-07-15', notes: 'Second talk: price & date agreed.\nThird line.' });
  await waitUntil(() => lookAtReferral(partner, deal.referralId, 'amount and date', ({ details }) => [Number(details.dealValue), details.closingDateTime.slice(0, 10), details.notes.startsWith('Second talk')], [61_250.5, '2027-07-15', true]), timeoutMs);
  await waitUntil(() => lookAtRow(crm, deal.id, isSynced), timeoutMs);
}

/** Somebody changes amount, closing date and notes in the portal. */
export async function changeInPortal({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await partner.edit(deal.referralId, { dealValue: 72_000, closingDate: '2027-08-31', notes: 'Seen by the partner manager: go on.' });
  await waitUntil(() => lookAtRow(crm, deal.id, (row) => row.dealValue === 72_000 && row.closingDate === '2027-08-31' && row.notes?.startsWith('Seen by') === true && isSynced(row)), timeoutMs);
}

/** A new deal in the portal; true once a deal with customer and contact stands in the CRM. */
export async function receiveDeal({ crm, partner, timeoutMs }: Desks, mark: string): Promise<Deal> {
  const referral = await partner.newDeal({
    name: `portal deal ${mark}`, dealValue: 33_300, currency: 'EUR', closingDate: '2027-09-30', notes: 'Met at the fair.', customerName: `Tailspin ${mark}`,
    address: { addressLine1: '5 Harbour Road', city: 'Hamburg', state: 'HH', postalCode: '20457', country: 'DE' },
    contact: { firstName: 'Kim', lastName: 'Abercrombie', email: `kim.${mark.replaceAll(/\W/g, '').toLowerCase()}@tailspin.example`, phoneNumber: '+49 40 555 0100' },
  });
  const row = await waitUntil(async (): Promise<Look<SeenDeal>> => {
    const found = await crm.findByReferral(referral.id);
    if (!found) return { not: `no opportunity carries the referral ${referral.id}` };
    const isNamed = (await partner.read(referral.id)).externalReferenceId === found.id;
    return found.customer && found.contact && found.shared && isSynced(found) && isNamed ? { found } : { not: `the opportunity is there without Sync = yes, account, contact or ✔, or Partner Center does not name it; ${describeSync(found)}` };
  }, timeoutMs);
  return { what: 'portal deal', id: row.id, referralId: referral.id, madeIn: 'portal' };
}

/** The seller wins. */
export async function winInCrm({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.win(deal.id);
  await waitUntil(() => lookAtReferral(partner, deal.referralId, 'status', ({ status, substatus }) => `${status}/${substatus}`, 'Closed/Won'), timeoutMs);
  await waitUntil(() => lookAtRow(crm, deal.id, isSynced), timeoutMs);
}

/** Somebody marks the deal as lost in the portal. */
export async function loseInPortal({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await partner.lose(deal.referralId, 'Customer chose another vendor');
  await waitUntil(() => lookAtRow(crm, deal.id, (row) => row.status === 'Closed/Lost' && isSynced(row)), timeoutMs);
}

const isBooked = (row: SeenDeal, kind: Kind): boolean => isSynced(row) && Boolean(row.identifier && row.link && row.audit && row.lastSyncedOn) && (kind !== 'co-sell' || Boolean(row.microsoftStatus));

async function lookAtRow(crm: CrmDesk, id: string, isTrue: (row: SeenDeal) => boolean): Promise<Look<SeenDeal>> {
  const row = await crm.read(id);
  return isTrue(row) ? { found: row } : { not: `opportunity ${id} has ${describeSync(row)}, referral ${row.identifier ?? 'none'}, status ${row.status}, amount ${row.dealValue}, Microsoft's referral ${row.microsoftStatus ?? 'none'}` };
}

async function lookAtReferral(partner: PartnerDesk, id: string, what: string, pick: (referral: Referral) => unknown, wanted: unknown): Promise<Look<Referral>> {
  const found = await partner.read(id);
  const seen = JSON.stringify(pick(found));
  return seen === JSON.stringify(wanted) ? { found } : { not: `referral ${id} has ${what} ${seen}, not ${JSON.stringify(wanted)}` };
}
