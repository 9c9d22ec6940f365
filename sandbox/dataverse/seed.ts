// What a new environment holds before anybody works in it: people, currencies, messages, two customers.
import type { Cells, Reference } from './model';
import { stableId, tableNamed } from './model';
import { wholeSeconds } from './readPayload';
import type { RowStore } from './rowStore';

/** Ids that are the same in every environment of the stand-in. */
export const seedIds = {
  businessUnit: stableId('business unit'),
  organization: stableId('organization'),
  serviceUser: stableId('user Co-sell Sync'),
  dana: stableId('user Dana Seller'),
  robin: stableId('user Robin Seller'),
  contosoRetail: stableId('account Contoso Retail'),
  noCountry: stableId('account Fabrikam Workshop'),
  contosoContact: stableId('contact Avery Howard'),
  fabrikamContact: stableId('contact Sam Otieno'),
  customApi: stableId('customapi cosell_SyncReferral'),
  currency: (iso: string): string => stableId(`currency ${iso}`),
} as const;

// Ids of the three oldest messages: dataverse.md section 1.8.
const MESSAGE_IDS: Readonly<Record<string, string>> = { Create: '9ebdbb1b-ea3e-db11-86a7-000a3a5473e8', Update: '20bebb1b-ea3e-db11-86a7-000a3a5473e8', Delete: 'a1bdbb1b-ea3e-db11-86a7-000a3a5473e8' };
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  Create: ['opportunity', 'lead', 'account', 'contact', 'opportunityclose'], Update: ['opportunity', 'lead', 'account', 'contact', 'opportunityclose'], Delete: ['opportunity', 'lead', 'account', 'contact', 'opportunityclose'],
  Assign: ['opportunity', 'lead', 'account', 'contact'], Win: ['opportunity'], Lose: ['opportunity'], QualifyLead: ['lead'],
};
const SYNC_API = 'cosell_SyncReferral';

export const messageId = (name: string): string => MESSAGE_IDS[name] ?? stableId(`message ${name}`);

export function seedEnvironment(store: RowStore, clientIds: Readonly<Record<string, string>>, now: number): void {
  const stamp = { createdon: wholeSeconds(now), modifiedon: wholeSeconds(now) };
  const put = (table: string, id: string, cells: Cells): unknown => store.put(table, id, { ...stamp, ...cells });
  seedMessages(put);
  seedPeople(put, clientIds);
  seedCurrencies(put);
  put('organization', seedIds.organization, { name: 'contoso', basecurrencyid: to('transactioncurrency', seedIds.currency('USD')), languagecode: 1033 });
  put('customapi', seedIds.customApi, {
    uniquename: SYNC_API, name: SYNC_API, displayname: 'Sync referral', boundentitylogicalname: 'opportunity', executeprivilegename: 'prvWriteOpportunity', isfunction: false, isprivate: false, bindingtype: 1, allowedcustomprocessingsteptype: 2,
    sdkmessageid: to('sdkmessage', messageId(SYNC_API)),
  });
  seedCustomers(put);
}

type Put = (table: string, id: string, cells: Cells) => unknown;
const to = (table: string, id: string): Reference => ({ table, id });

/** A bound Custom API has its message; that it also has a filter row for its table is documented nowhere (platform-facts.md section 3), so it has none here. */
function seedMessages(put: Put): void {
  for (const [name, tables] of Object.entries(MESSAGES)) {
    put('sdkmessage', messageId(name), { name, isprivate: false });
    for (const table of tables) put('sdkmessagefilter', stableId(`filter ${name} ${table}`), { name: null, primaryobjecttypecode: table, sdkmessageid: to('sdkmessage', messageId(name)), iscustomprocessingstepallowed: true });
  }
  put('sdkmessage', messageId(SYNC_API), { name: SYNC_API, isprivate: false });
}

function seedPeople(put: Put, clientIds: Readonly<Record<string, string>>): void {
  const businessunitid = to('businessunit', seedIds.businessUnit);
  put('businessunit', seedIds.businessUnit, { name: 'contoso', isdisabled: false });
  const person = (id: string, firstname: string, lastname: string, internalemailaddress: string, more: Cells): unknown =>
    put('systemuser', id, { firstname, lastname, fullname: `${firstname} ${lastname}`, internalemailaddress, domainname: internalemailaddress, isdisabled: false, azureactivedirectoryobjectid: stableId(`entra ${id}`), businessunitid, ...more });
  person(seedIds.dana, 'Dana', 'Seller', 'dana.seller@contoso.example', { address1_telephone1: '+1 425 555 0100', title: 'Account manager' });
  person(seedIds.robin, 'Robin', 'Seller', 'robin.seller@contoso.example', { address1_telephone1: '+1 425 555 0101', title: 'Account manager' });
  for (const [clientId, user] of Object.entries({ ...clientIds })) person(user, 'Co-sell', 'Sync', `cosell-sync-${user.slice(0, 8)}@contoso.example`, { fullname: 'Co-sell Sync', applicationid: clientId });
}

function seedCurrencies(put: Put): void {
  const currencies: readonly (readonly [string, string, string, number, number])[] = [
    ['USD', 'US Dollar', '$', 2, 1], ['EUR', 'Euro', '€', 2, 0.92], ['CNY', 'Chinese Yuan', '¥', 2, 7.2], ['GBP', 'Pound Sterling', '£', 2, 0.79], ['JPY', 'Japanese Yen', '¥', 0, 149.5], ['KWD', 'Kuwaiti Dinar', 'KD', 3, 0.307],
  ];
  for (const [isocurrencycode, currencyname, currencysymbol, currencyprecision, exchangerate] of currencies) {
    put('transactioncurrency', seedIds.currency(isocurrencycode), { isocurrencycode, currencyname, currencysymbol, currencyprecision, exchangerate, statecode: 0, statuscode: 1 });
  }
}

function seedCustomers(put: Put): void {
  const dana = to('systemuser', seedIds.dana);
  const common: Cells = { ownerid: dana, owninguser: dana, owningbusinessunit: to('businessunit', seedIds.businessUnit), createdby: dana, modifiedby: dana, statecode: 0, statuscode: 1 };
  put('account', seedIds.contosoRetail, {
    ...common, name: 'Contoso Retail', address1_line1: '1 Main Street', address1_city: 'Redmond', address1_stateorprovince: 'WA', address1_postalcode: '98052', address1_country: 'United States', telephone1: '+1 425 555 0110', primarycontactid: to('contact', seedIds.contosoContact),
  });
  put('account', seedIds.noCountry, { ...common, name: 'Fabrikam Workshop', address1_line1: '2 Side Street', address1_city: 'Springfield' });
  const contact = (id: string, firstname: string, lastname: string, account: string, emailaddress1: string): unknown =>
    put('contact', id, { ...common, firstname, lastname, fullname: `${firstname} ${lastname}`, emailaddress1, telephone1: '+1 425 555 0120', parentcustomerid: to('account', account) });
  contact(seedIds.contosoContact, 'Avery', 'Howard', seedIds.contosoRetail, 'avery.howard@contosoretail.example');
  contact(seedIds.fabrikamContact, 'Sam', 'Otieno', seedIds.noCountry, 'sam.otieno@fabrikam.example');
}

/** Applications that became allowed since the first start get their user, too. */
export function ensureApplicationUsers(store: RowStore, clientIds: Readonly<Record<string, string>>): void {
  for (const [clientId, user] of Object.entries(clientIds)) {
    const row = store.get(tableNamed('systemuser').name, user);
    if (row?.cells.applicationid === clientId) continue;
    store.put('systemuser', user, { firstname: 'Co-sell', lastname: 'Sync', fullname: 'Co-sell Sync', isdisabled: false, businessunitid: to('businessunit', seedIds.businessUnit), ...row?.cells, applicationid: clientId });
  }
}
