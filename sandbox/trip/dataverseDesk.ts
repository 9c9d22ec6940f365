// The told trip: a seller at Dynamics 365, with nothing but the public Web API.
import { seedIds } from '../dataverse/seed';
import type { CrmDesk, SeenDeal, TypedDeal } from './crmDesk';

export interface TripDataverse {
  readonly url: string;
  /** Bearer token with which a request is the seller's own. */
  readonly sellerToken: string;
}

type Row = Readonly<Record<string, unknown>>;

/** The contract's choice numbers: the publisher's prefix, then the position. */
const FIRST_CHOICE = 481_200_000;
const SYNC_STATUS = ['Not shared', 'Pending', 'Synced', 'Needs attention', 'Conflict', 'Failed'] as const;
const HELP = ['WorkloadSpecificValueProposition', 'CustomerTechnicalArchitecture', 'ProofOfConceptOrDemo', 'QuotesOrLicensing', 'PostSalesCustomerSuccess', 'GeneralOrOther'] as const;
const VISIBILITY = [false, true] as const;

const ACCOUNT = ['name', 'address1_line1', 'address1_line2', 'address1_city', 'address1_stateorprovince', 'address1_postalcode', 'address1_country'] as const;
const CONTACT = ['firstname', 'lastname', 'emailaddress1', 'telephone1'] as const;
const OWN = [
  'name', 'description', 'estimatedvalue', 'estimatedclosedate', 'statecode', 'cosell_syncwithpartnercenter', 'cosell_referralidentifier', 'cosell_referrallink', 'cosell_howcanmicrosofthelp',
  'cosell_notestomicrosoft', 'cosell_products', 'cosell_referralvisibility', 'cosell_syncstatus', 'cosell_syncdetails', 'cosell_microsoftreferralstatus', 'cosell_lastsyncedon', 'cosell_audit',
];
const SEEN = `$select=${OWN.join(',')}&$expand=parentaccountid($select=${ACCOUNT.join(',')}),parentcontactid($select=${CONTACT.join(',')}),transactioncurrencyid($select=isocurrencycode),owninguser($select=internalemailaddress)`;

/** Every method throws an Error with the platform's own words when it is refused. */
export function openDataverseDesk({ url, sellerToken }: TripDataverse): CrmDesk {
  const call = async <T>(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> => {
    const answer = await fetch(`${url}/api/data/v9.2/${path}`, {
      method,
      headers: { authorization: `Bearer ${sellerToken}`, accept: 'application/json', 'content-type': 'application/json', 'odata-version': '4.0', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Dynamics 365 refused ${method} ${path.replace(/\?.*$/s, '')}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const parties = {
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('USD')})`,
    'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})`, 'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})`,
  };
  return {
    name: 'Dynamics 365',
    save: async (deal) => (await call<{ opportunityid: string }>('POST', 'opportunities?$select=opportunityid', { ...parties, closeprobability: 40, ...toColumns(deal) }, { prefer: 'return=representation' })).opportunityid,
    change: (id, deal) => call('PATCH', `opportunities(${id})`, toColumns(deal), { 'if-match': '*' }),
    win: (id) => call('POST', 'WinOpportunity', { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})` } }),
    read: async (id) => toSeen(await call('GET', `opportunities(${id})?${SEEN}`)),
    async findByReferral(referralId) {
      const { value } = await call<{ value: readonly Row[] }>('GET', `opportunities?${SEEN}&$filter=${encodeURIComponent(`cosell_referralidentifier eq '${referralId}'`)}`);
      return value[0] && toSeen(value[0]);
    },
  };
}

function toColumns(deal: TypedDeal): Row {
  const choice = <T>(values: readonly T[], picked: T | undefined): number | undefined => (picked === undefined ? undefined : FIRST_CHOICE + values.indexOf(picked));
  const columns = {
    name: deal.name, description: deal.notes, estimatedvalue: deal.dealValue, estimatedclosedate: deal.closingDate, cosell_referralvisibility: choice(VISIBILITY, deal.visible), cosell_howcanmicrosofthelp: choice<string>(HELP, deal.help),
    cosell_notestomicrosoft: deal.notesToMicrosoft, cosell_products: deal.products, cosell_syncwithpartnercenter: deal.share,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

function toSeen(row: Row): SeenDeal {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const choice = <T>(values: readonly T[], number: unknown): T | null => (typeof number === 'number' ? (values[number - FIRST_CHOICE] ?? null) : null);
  const { parentaccountid, parentcontactid, transactioncurrencyid, owninguser } = row as Readonly<Record<string, Row | null>>;
  return {
    id: String(row.opportunityid), name: text(row.name), notes: text(row.description), dealValue: typeof row.estimatedvalue === 'number' ? row.estimatedvalue : null, currency: text(transactioncurrencyid?.isocurrencycode),
    closingDate: text(row.estimatedclosedate), status: (['Active', 'Closed/Won', 'Closed/Lost'] as const)[Number(row.statecode)] ?? 'Active', shared: row.cosell_syncwithpartnercenter === true,
    identifier: text(row.cosell_referralidentifier), link: text(row.cosell_referrallink), help: choice(HELP, row.cosell_howcanmicrosofthelp), notesToMicrosoft: text(row.cosell_notestomicrosoft), products: text(row.cosell_products),
    visible: choice(VISIBILITY, row.cosell_referralvisibility), syncStatus: choice(SYNC_STATUS, row.cosell_syncstatus), syncDetails: text(row.cosell_syncdetails), microsoftStatus: text(row.cosell_microsoftreferralstatus),
    lastSyncedOn: text(row.cosell_lastsyncedon), audit: text(row.cosell_audit),
    customer: !parentaccountid ? null : { name: text(parentaccountid.name), address: ACCOUNT.slice(1, 6).map((column) => text(parentaccountid[column])), country: text(parentaccountid.address1_country) },
    contact: !parentcontactid ? null : CONTACT.map((column) => text(parentcontactid[column])), owner: text(owninguser?.internalemailaddress),
  };
}
