// The told trip: a seller at Salesforce, with nothing but the public REST API.
import { seedIds } from '../salesforce/seed';
import type { CrmDesk, SeenDeal, TypedDeal } from './crmDesk';

export interface TripSalesforce {
  readonly url: string;
  /** Bearer token with which a request is the seller's own. */
  readonly sellerToken: string;
}

type Row = Readonly<Record<string, unknown>>;

const ACCOUNT = ['Name', 'BillingStreet', 'BillingCity', 'BillingState', 'BillingPostalCode', 'BillingCountry'] as const;
const CONTACT = ['FirstName', 'LastName', 'Email', 'Phone'] as const;
const OWN = [
  'Id', 'Name', 'Description', 'Amount', 'CurrencyIsoCode', 'CloseDate', 'IsClosed', 'IsWon', 'Sync_with_Partner_Center__c', 'Referral_Identifier__c', 'Referral_Link__c', 'How_can_Microsoft_help__c', 'Notes_to_Microsoft__c',
  'Products__c', 'Referral_Visibility__c', 'Sync_Status__c', 'Sync_Details__c', 'Microsoft_Referral_Status__c', 'Last_Synced_On__c', 'Audit__c', 'Owner.Email',
];
const SEEN = `SELECT ${[...OWN, ...ACCOUNT.map((field) => `Account.${field}`)].join(', ')}, (SELECT ${CONTACT.map((field) => `Contact.${field}`).join(', ')} FROM OpportunityContactRoles WHERE IsPrimary = true) FROM Opportunity`;

/** Every method throws an Error with the platform's own words when it is refused. */
export function openSalesforceDesk({ url, sellerToken }: TripSalesforce): CrmDesk {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}/services/data/v66.0/${path}`, { method, headers: { authorization: `Bearer ${sellerToken}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Salesforce refused ${method} ${path.replace(/\?.*$/s, '')}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const find = async (where: string): Promise<SeenDeal | undefined> => {
    const { records } = await call<{ records: readonly Row[] }>('GET', `query?q=${encodeURIComponent(`${SEEN} WHERE ${where}`)}`);
    return records[0] && toSeen(records[0]);
  };
  return {
    name: 'Salesforce',
    save: async (deal) => (await call<{ id: string }>('POST', 'sobjects/Opportunity', { StageName: 'Qualification', CurrencyIsoCode: 'USD', AccountId: seedIds.contosoRetail, ContactId: seedIds.contosoContact, ...toFields(deal) })).id,
    change: (id, deal) => call('PATCH', `sobjects/Opportunity/${id}`, toFields(deal)),
    win: (id) => call('PATCH', `sobjects/Opportunity/${id}`, { StageName: 'Closed Won' }),
    async read(id) {
      const found = await find(`Id = '${id}'`);
      if (!found) throw new Error(`Salesforce has no opportunity ${id}.`);
      return found;
    },
    findByReferral: (referralId) => find(`Referral_Identifier__c = '${referralId}'`),
  };
}

function toFields(deal: TypedDeal): Row {
  const fields = {
    Name: deal.name, Description: deal.notes, Amount: deal.dealValue, CloseDate: deal.closingDate, Referral_Visibility__c: deal.visible === undefined ? undefined : deal.visible ? 'Visible to Microsoft sellers' : 'Private',
    How_can_Microsoft_help__c: deal.help, Notes_to_Microsoft__c: deal.notesToMicrosoft, Products__c: deal.products, Sync_with_Partner_Center__c: deal.share,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function toSeen(row: Row): SeenDeal {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const { Account: account, Owner: owner, OpportunityContactRoles: roles } = row as Readonly<Record<string, Row | null>>;
  const contact = (roles?.records as readonly { readonly Contact: Row }[] | undefined)?.[0]?.Contact;
  const street = (text(account?.BillingStreet) ?? '').split(/\r?\n/);
  return {
    id: String(row.Id), name: text(row.Name), notes: text(row.Description), dealValue: typeof row.Amount === 'number' ? row.Amount : null, currency: text(row.CurrencyIsoCode), closingDate: text(row.CloseDate),
    status: row.IsClosed !== true ? 'Active' : row.IsWon === true ? 'Closed/Won' : 'Closed/Lost', shared: row.Sync_with_Partner_Center__c === true, identifier: text(row.Referral_Identifier__c), link: text(row.Referral_Link__c),
    help: text(row.How_can_Microsoft_help__c), notesToMicrosoft: text(row.Notes_to_Microsoft__c), products: text(row.Products__c), visible: row.Referral_Visibility__c === null ? null : row.Referral_Visibility__c !== 'Private',
    syncStatus: text(row.Sync_Status__c), syncDetails: text(row.Sync_Details__c), microsoftStatus: text(row.Microsoft_Referral_Status__c), lastSyncedOn: text(row.Last_Synced_On__c), audit: text(row.Audit__c),
    customer: !account ? null : { name: text(account.Name), address: [street[0] ?? null, street.slice(1).join(', ') || null, text(account.BillingCity), text(account.BillingState), text(account.BillingPostalCode)], country: text(account.BillingCountry) },
    contact: contact ? CONTACT.map((field) => text(contact[field])) : null, owner: text(owner?.Email),
  };
}
