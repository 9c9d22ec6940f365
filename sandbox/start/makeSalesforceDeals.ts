// `npm start`, the first time: makes the deals of Salesforce as a seller would in its pages, so that every state of them is a real one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PartnerCenter } from '../partnerCenter/partnerCenter';
import type { Salesforce } from '../salesforce/startSalesforce';
import { firstSalesforceDeals, type FirstSalesforceDeal } from './firstSalesforceDeals';

export interface SalesforceDesks {
  readonly salesforce: Salesforce;
  readonly partnerCenter: PartnerCenter;
  readonly signal: AbortSignal;
}

const SETTLE_WITHIN_MS = 30_000;

/** Does nothing where somebody has worked already. Ends when the service has settled all of them, or was given time enough. @throws what the stand-in refuses */
export async function makeSalesforceDeals({ salesforce, partnerCenter, signal }: SalesforceDesks): Promise<void> {
  if (salesforce.rows('Opportunity').length > 0) return;
  const made = firstSalesforceDeals.map((deal) => ({ deal, id: makeDeal(salesforce, deal) }));
  await settled(salesforce, signal);
  for (const { deal, id } of made) {
    const referralId = salesforce.row('Opportunity', id)?.cells.Referral_Identifier__c;
    if (deal.accepted && typeof referralId === 'string' && !signal.aborted) partnerCenter.microsoftAccepts(referralId);
  }
}

function makeDeal({ person }: Salesforce, { customer, topic, value, closesIn, stage, share, address: [BillingStreet, BillingCity, BillingState, BillingPostalCode], contact: [FirstName, LastName] }: FirstSalesforceDeal): string {
  const domain = `${customer.replaceAll(/[^a-z]/gi, '').toLowerCase()}.example`;
  const AccountId = person.create('Account', { Name: customer, Phone: '+1 425 555 0180', BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry: 'United States' });
  const ContactId = person.create('Contact', { FirstName, LastName, AccountId, Email: `${FirstName.toLowerCase()}@${domain}`, Phone: '+1 425 555 0181' });
  return person.create('Opportunity', {
    Name: topic, AccountId, ContactId, StageName: stage, CloseDate: new Date(Date.now() + closesIn * 86_400_000).toISOString().slice(0, 10), CurrencyIsoCode: 'USD', Description: 'Met at the customer’s site.',
    ...(value === undefined ? {} : { Amount: value }),
    ...(share ? { Sync_with_Partner_Center__c: true, Referral_Visibility__c: share.visible ? 'Visible to Microsoft sellers' : 'Private' } : {}),
    ...(share?.products ? { Products__c: share.products } : {}),
    ...(share?.help ? { How_can_Microsoft_help__c: share.help, Notes_to_Microsoft__c: 'Customer wants a pilot soon. Please bring someone who knows capacity planning.' } : {}),
  });
}

/** Until the service has said something about every shared deal and no bell is on its way. */
async function settled(salesforce: Salesforce, signal: AbortSignal): Promise<void> {
  for (const until = Date.now() + SETTLE_WITHIN_MS; Date.now() < until && !signal.aborted; await sleep(100)) {
    const shared = salesforce.rows('Opportunity').filter(({ cells }) => cells.Sync_with_Partner_Center__c === true);
    if (salesforce.waitingBells() === 0 && shared.every(({ cells }) => typeof cells.Sync_Status__c === 'string' && cells.Sync_Status__c !== 'Pending')) return;
  }
}
