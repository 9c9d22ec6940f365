// The told trip: a seller at Dynamics 365, with nothing but the public Web API.

export interface TripDataverse {
  readonly url: string;
  /** Bearer token with which a request is the seller's own. */
  readonly sellerToken: string;
}

/** An opportunity as the seller sees it, its customer, contact, currency and owner beside it. */
export interface Opportunity {
  readonly opportunityid: string;
  readonly name: string;
  readonly description: string | null;
  readonly estimatedvalue: number | null;
  readonly estimatedclosedate: string | null;
  readonly closeprobability: number | null;
  readonly statecode: number;
  readonly cosell_syncwithpartnercenter: boolean | null;
  readonly cosell_referralidentifier: string | null;
  readonly cosell_referrallink: string | null;
  readonly cosell_howcanmicrosofthelp: number | null;
  readonly cosell_notestomicrosoft: string | null;
  readonly cosell_products: string | null;
  readonly cosell_referralvisibility: number | null;
  readonly cosell_syncstatus: number | null;
  readonly cosell_syncdetails: string | null;
  readonly cosell_microsoftreferralstatus: string | null;
  readonly cosell_lastsyncedon: string | null;
  readonly cosell_audit: string | null;
  readonly parentaccountid: Readonly<Record<(typeof ACCOUNT)[number], string | null>> | null;
  readonly parentcontactid: Readonly<Record<(typeof CONTACT)[number], string | null>> | null;
  readonly transactioncurrencyid: { readonly isocurrencycode: string } | null;
  readonly owninguser: { readonly internalemailaddress: string | null } | null;
}

/** The contract's choice numbers: the publisher's prefix, then the position. */
export const FIRST_CHOICE = 481_200_000;
export const SYNC_STATUS = ['Not shared', 'Pending', 'Synced', 'Needs attention', 'Conflict', 'Failed'] as const;
export const HELP = ['WorkloadSpecificValueProposition', 'CustomerTechnicalArchitecture', 'ProofOfConceptOrDemo', 'QuotesOrLicensing', 'PostSalesCustomerSuccess', 'GeneralOrOther'] as const;
export const PRIVATE = FIRST_CHOICE;
export const VISIBLE = FIRST_CHOICE + 1;

const ACCOUNT = ['name', 'address1_line1', 'address1_line2', 'address1_city', 'address1_stateorprovince', 'address1_postalcode', 'address1_country'] as const;
const CONTACT = ['firstname', 'lastname', 'emailaddress1', 'telephone1'] as const;
const OWN = [
  'name', 'description', 'estimatedvalue', 'estimatedclosedate', 'closeprobability', 'statecode', 'cosell_syncwithpartnercenter', 'cosell_referralidentifier', 'cosell_referrallink', 'cosell_howcanmicrosofthelp',
  'cosell_notestomicrosoft', 'cosell_products', 'cosell_referralvisibility', 'cosell_syncstatus', 'cosell_syncdetails', 'cosell_microsoftreferralstatus', 'cosell_lastsyncedon', 'cosell_audit',
];
const SEEN = `$select=${OWN.join(',')}&$expand=parentaccountid($select=${ACCOUNT.join(',')}),parentcontactid($select=${CONTACT.join(',')}),transactioncurrencyid($select=isocurrencycode),owninguser($select=internalemailaddress)`;

export interface CrmDesk {
  /** Saves a new opportunity; answers its id. */
  save(columns: Readonly<Record<string, unknown>>): Promise<string>;
  change(id: string, columns: Readonly<Record<string, unknown>>): Promise<void>;
  win(id: string): Promise<void>;
  read(id: string): Promise<Opportunity>;
  findByReferral(referralId: string): Promise<Opportunity | undefined>;
}

/** Every method throws an Error with the platform's own words when it is refused. */
export function openCrmDesk({ url, sellerToken }: TripDataverse): CrmDesk {
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
  return {
    save: async (columns) => (await call<{ opportunityid: string }>('POST', 'opportunities?$select=opportunityid', columns, { prefer: 'return=representation' })).opportunityid,
    change: (id, columns) => call('PATCH', `opportunities(${id})`, columns, { 'if-match': '*' }),
    win: (id) => call('POST', 'WinOpportunity', { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})` } }),
    read: (id) => call('GET', `opportunities(${id})?${SEEN}`),
    findByReferral: async (referralId) => (await call<{ value: Opportunity[] }>('GET', `opportunities?${SEEN}&$filter=${encodeURIComponent(`cosell_referralidentifier eq '${referralId}'`)}`)).value[0],
  };
}

/** The sync columns in words, for a line that says what is there instead. */
export function describeSync(row: Opportunity): string {
  const status = row.cosell_syncstatus === null ? 'empty' : (SYNC_STATUS[row.cosell_syncstatus - FIRST_CHOICE] ?? String(row.cosell_syncstatus));
  return `sync status ${status}${row.cosell_syncdetails ? `, details ${row.cosell_syncdetails}` : ''}`;
}

export const isSynced = (row: Opportunity): boolean => row.cosell_syncstatus === FIRST_CHOICE + SYNC_STATUS.indexOf('Synced');
