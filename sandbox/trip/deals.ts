// The told trip, its deeds: what a seller and somebody in the portal do, and what must then be true on the other side.
import type { Referral } from '../partnerCenter/referral';
import { seedIds } from '../dataverse/seed';
import { describeSync, FIRST_CHOICE, HELP, isSynced, PRIVATE, VISIBLE, type CrmDesk, type Opportunity } from './crmDesk';
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
  readonly opportunityId: string;
  readonly referralId: string;
  readonly madeIn: 'crm' | 'portal';
}

export type Kind = 'private' | 'partner-led' | 'co-sell';

const HELP_ASKED = FIRST_CHOICE + HELP.indexOf('ProofOfConceptOrDemo');
const WISHES: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  private: { cosell_referralvisibility: PRIVATE },
  'partner-led': { cosell_referralvisibility: VISIBLE },
  'co-sell': { cosell_referralvisibility: VISIBLE, cosell_howcanmicrosofthelp: HELP_ASKED, cosell_notestomicrosoft: 'Please join the demo on site.' },
};

/** An opportunity is saved with the flag set; true once its referral is there and the sync columns say so. */
export async function shareDeal({ crm, partner, timeoutMs }: Desks, kind: Kind, mark: string): Promise<Deal> {
  const opportunityId = await crm.save({
    name: `${kind} deal ${mark}`, description: 'First talk: R&D and "stores".\nSecond line.', estimatedvalue: 50_000, estimatedclosedate: '2027-06-30', closeprobability: 40,
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('USD')})`,
    'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})`, 'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})`,
    cosell_syncwithpartnercenter: true, cosell_products: 'SOL-12345-ABC; SOL-23456-BCD', ...WISHES[kind],
  });
  const row = await waitUntil(() => lookAtRow(crm, opportunityId, (seen) => isBooked(seen, kind)), timeoutMs);
  const referralId = row.cosell_referralidentifier ?? '';
  await partner.read(referralId);
  return { what: `${kind} deal`, opportunityId, referralId, madeIn: 'crm' };
}

/** Opens a private deal to Microsoft's sellers. */
export async function openDeal({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.change(deal.opportunityId, { cosell_referralvisibility: VISIBLE });
  await waitUntil(() => lookAtReferral(partner, deal.referralId, 'consent', ({ consent }) => consent.consentToShareReferralWithMicrosoftSellers, true), timeoutMs);
  await waitUntil(() => lookAtRow(crm, deal.opportunityId, isSynced), timeoutMs);
}

/** Asks Microsoft for help with a deal that was shared without. */
export async function askForHelp({ crm, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.change(deal.opportunityId, { cosell_howcanmicrosofthelp: HELP_ASKED, cosell_notestomicrosoft: 'Now we need an architect.' });
  await waitUntil(() => lookAtRow(crm, deal.opportunityId, (seen) => isBooked(seen, 'co-sell')), timeoutMs);
}

/** The seller changes amount, closing date and notes. */
export async function changeInCrm({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.change(deal.opportunityId, { estimatedvalue: 61_250.5, estimatedclosedate: '2027-07-15', description: 'Second talk: price & date agreed.\nThird line.' });
  await waitUntil(() => lookAtReferral(partner, deal.referralId, 'amount and date', ({ details }) => [Number(details.dealValue), details.closingDateTime.slice(0, 10), details.notes.startsWith('Second talk')], [61_250.5, '2027-07-15', true]), timeoutMs);
  await waitUntil(() => lookAtRow(crm, deal.opportunityId, isSynced), timeoutMs);
}

/** Somebody changes amount, closing date and notes in the portal. */
export async function changeInPortal({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await partner.edit(deal.referralId, { dealValue: 72_000, closingDate: '2027-08-31', notes: 'Seen by the partner manager: go on.' });
  await waitUntil(() => lookAtRow(crm, deal.opportunityId, (row) => row.estimatedvalue === 72_000 && row.estimatedclosedate === '2027-08-31' && row.description?.startsWith('Seen by') === true && isSynced(row)), timeoutMs);
}

/** A new deal in the portal; true once an opportunity with customer and contact stands in the CRM. */
export async function receiveDeal({ crm, partner, timeoutMs }: Desks, mark: string): Promise<Deal> {
  const referral = await partner.newDeal({
    name: `portal deal ${mark}`, dealValue: 33_300, currency: 'EUR', closingDate: '2027-09-30', notes: 'Met at the fair.', customerName: `Tailspin ${mark}`,
    address: { addressLine1: '5 Harbour Road', city: 'Hamburg', state: 'HH', postalCode: '20457', country: 'DE' },
    contact: { firstName: 'Kim', lastName: 'Abercrombie', email: `kim.${mark.replaceAll(/\W/g, '').toLowerCase()}@tailspin.example`, phoneNumber: '+49 40 555 0100' },
  });
  const row = await waitUntil(async (): Promise<Look<Opportunity>> => {
    const found = await crm.findByReferral(referral.id);
    if (!found) return { not: `no opportunity carries the referral ${referral.id}` };
    return found.parentaccountid && found.parentcontactid && found.cosell_syncwithpartnercenter && isSynced(found) ? { found } : { not: `the opportunity is there without Sync = yes, account, contact or ✔; ${describeSync(found)}` };
  }, timeoutMs);
  return { what: 'portal deal', opportunityId: row.opportunityid, referralId: referral.id, madeIn: 'portal' };
}

/** The seller wins. */
export async function winInCrm({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await crm.win(deal.opportunityId);
  await waitUntil(() => lookAtReferral(partner, deal.referralId, 'status', ({ status, substatus }) => `${status}/${substatus}`, 'Closed/Won'), timeoutMs);
  await waitUntil(() => lookAtRow(crm, deal.opportunityId, isSynced), timeoutMs);
}

/** Somebody marks the deal as lost in the portal. */
export async function loseInPortal({ crm, partner, timeoutMs }: Desks, deal: Deal): Promise<void> {
  await partner.lose(deal.referralId, 'Customer chose another vendor');
  await waitUntil(() => lookAtRow(crm, deal.opportunityId, (row) => row.statecode === 2 && isSynced(row)), timeoutMs);
}

const isBooked = (row: Opportunity, kind: Kind): boolean =>
  isSynced(row) && Boolean(row.cosell_referralidentifier && row.cosell_referrallink && row.cosell_audit && row.cosell_lastsyncedon) && (kind !== 'co-sell' || Boolean(row.cosell_microsoftreferralstatus));

async function lookAtRow(crm: CrmDesk, id: string, isTrue: (row: Opportunity) => boolean): Promise<Look<Opportunity>> {
  const row = await crm.read(id);
  const { cosell_referralidentifier: referral, statecode, estimatedvalue, cosell_microsoftreferralstatus: microsoft } = row;
  return isTrue(row) ? { found: row } : { not: `opportunity ${id} has ${describeSync(row)}, referral ${referral ?? 'none'}, state ${statecode}, amount ${estimatedvalue}, Microsoft's referral ${microsoft ?? 'none'}` };
}

async function lookAtReferral(partner: PartnerDesk, id: string, what: string, pick: (referral: Referral) => unknown, wanted: unknown): Promise<Look<Referral>> {
  const found = await partner.read(id);
  const seen = JSON.stringify(pick(found));
  return seen === JSON.stringify(wanted) ? { found } : { not: `referral ${id} has ${what} ${seen}, not ${JSON.stringify(wanted)}` };
}
