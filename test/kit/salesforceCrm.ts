// Test kit: Salesforce as a test sees any CRM, on the fake org; people work as in Salesforce's own pages, which costs no API call.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncStatus } from '../../core/index';
import { stableId } from '../../sandbox/salesforce/ids';
import { seedIds, startSalesforce, type Salesforce } from '../../sandbox/salesforce/startSalesforce';
import type { CallKind, CrmSeller, CrmWrite, Deal, TestCrm, Typed, TypedCustomer } from './crm';
import type { Row } from './seller';

export interface SalesforceCrmOptions {
  readonly nasty: boolean;
  /** Of the service, where the package rings. */
  readonly publicUrl: string;
  /** For the private key. */
  readonly folder: string;
}

export interface SalesforceCrm extends TestCrm {
  readonly sf: Salesforce;
}

const clientId = '3MVG9.consumer.key.of.the.tests';
const username = 'cosell-sync@contoso.example.partner';
const doorbellKey = 'doorbell-key-of-the-tests';
let keyPair: { readonly publicKey: string; readonly privateKey: string } | undefined;
/** One for a test process: making it takes a while. */
const keys = () => (keyPair ??= generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }));

/** Starts the fake org with the package installed and its bell pointing at the service. */
export async function startSalesforceCrm({ nasty, publicUrl, folder }: SalesforceCrmOptions): Promise<SalesforceCrm> {
  const keyFile = join(folder, 'salesforce.pem');
  writeFileSync(keyFile, keys().privateKey, { mode: 0o600 });
  const sf = await startSalesforce({
    metadataDir: join(process.cwd(), 'salesforce'), clientId, username, publicKey: keys().publicKey, doorbell: { url: `${publicUrl}/salesforce/events`, key: doorbellKey },
    nasty, bellDelayMs: 10, bellRetryMs: [100, 200, 400, 800],
  });
  return {
    sf,
    name: 'salesforce', label: 'Salesforce', role: 'Co-sell Sync Service',
    seeds: { customer: seedIds.contosoRetail, customerWithoutCountry: seedIds.noCountry, contact: seedIds.contosoContact },
    nobodysId: stableId('006', 'nobody'),
    longest: { name: 120, notes: 32_000 },
    moneyDigits: 2,
    readsOfAWrite: { ofOurs: 1, ofSellers: 2 },
    ringsForNothing: false,
    refusedAmount: { amount: 1e17, column: 'Amount' },
    seller: sellerAt(sf),
    bells: {
      pause: sf.pauseBells, resume: sf.resumeBells, loseNext: sf.loseNextBells, redeliverLast: sf.redeliverLastBell, setExact: sf.setExactBells,
      areUnderWay: () => sf.waitingBells() > 0,
      ring: (id) => ring(sf, `${publicUrl}/salesforce/events`, id),
    },
    deal: (id) => dealOf(sf, id),
    deals: () => sf.rows('Opportunity').flatMap(({ id }) => dealOf(sf, id) ?? []),
    accounts: (name) => sf.rows('Account').filter((each) => name === undefined || each.cells.Name === name).map((each) => each.id),
    contacts: (email) => sf.rows('Contact').filter((each) => email === undefined || each.cells.Email === email).map((each) => each.id),
    picture: (id) => JSON.stringify(sf.row('Opportunity', id)),
    closings: (id) => sf.writes().filter((each) => each.id === id && each.newValues.IsClosed === true).length,
    writes: () => sf.writes().map(toWrite),
    calls: () => callsOf(sf),
    requests: () => sf.requests(),
    forget() {
      sf.resetRequests();
      sf.resetWrites();
    },
    addFault: (at, fault) => void sf.addFault({ ...fault, match: kinds[at] }),
    clearFaults: () => sf.clearFaults(),
    clockTick: () => new Promise((resolve) => setTimeout(resolve, 1_100)),
    becomeCopy: () => sf.setOrganizationId(stableId('00D', 'a copy')),
    keepFromRobin: () => sf.refuse({ errorCode: 'TRANSFER_REQUIRES_READ', object: 'Opportunity', field: 'OwnerId' }),
    secure: (field, may) => sf.secureField('Opportunity', fields[field], { read: may.read, edit: may.write }),
    setRight(right, has) {
      const verb = right === 'read' ? 'read' : 'edit';
      if (has) sf.restoreRight('Opportunity', verb);
      else sf.removeRight('Opportunity', verb);
    },
    env: () => ({
      COSELL_SALESFORCE_LOGIN_URL: sf.url, COSELL_SALESFORCE_CLIENT_ID: clientId, COSELL_SALESFORCE_USERNAME: username, COSELL_SALESFORCE_PRIVATE_KEY_FILE: keyFile, COSELL_SALESFORCE_DOORBELL_KEY: doorbellKey,
    }),
    close: sf.close,
  };
}

async function ring(sf: Salesforce, door: string, id: string): Promise<void> {
  const answer = await fetch(door, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${doorbellKey}` }, body: JSON.stringify({ organizationId: sf.organizationId(), recordIds: [id] }) });
  if (answer.status !== 202) throw new Error(`The bell was answered ${answer.status}.`);
}

/** A deal is closed by its stage, a field like others. */
const kinds: Readonly<Record<CallKind, string>> = {
  read: 'query\\.opportunity', write: 'opportunity\\.patch', create: 'opportunity\\.create', createCustomer: 'account\\.create', createContact: 'contact\\.create', close: 'opportunity\\.patch', any: '.*',
};

/** The sign-in is none of the calls, and a walk's question is not the reading of a record. */
function callsOf(sf: Salesforce): Record<string, number> {
  const { token: _signIns, 'query.opportunity': queries = 0, 'opportunity.patch': write = 0, 'opportunity.create': create = 0, ...others } = sf.counts();
  const walks = sf.requests().filter((each) => each.path.includes('/queryAll?')).length;
  return Object.fromEntries(Object.entries({ ...others, read: queries - walks, walk: walks, write, create }).filter(([, count]) => count > 0));
}

/** Fields by the keys of `Deal`. */
const fields = {
  name: 'Name', dealValue: 'Amount', currency: 'CurrencyIsoCode', closingDate: 'CloseDate', notes: 'Description', solutions: 'Products__c', salesStage: 'Probability', help: 'How_can_Microsoft_help__c', notesToMicrosoft: 'Notes_to_Microsoft__c',
  visibility: 'Referral_Visibility__c', customer: 'AccountId', contact: 'ContactId', state: 'StageName', sync: 'Sync_with_Partner_Center__c', choices: 'Conflict_Choices__c', requestedAction: 'Requested_Action__c',
  identifier: 'Referral_Identifier__c', link: 'Referral_Link__c', status: 'Sync_Status__c', details: 'Sync_Details__c', audit: 'Audit__c', lastSyncedOn: 'Last_Synced_On__c', microsoftStatus: 'Microsoft_Referral_Status__c',
} as const;
const fieldKeys: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(fields).map(([key, field]) => [field, key]));

const statusWords: Readonly<Record<string, SyncStatus>> = { 'Not shared': 'notShared', Pending: 'pending', Synced: 'synced', 'Needs attention': 'needsAttention', Conflict: 'conflict', Failed: 'failed' };

function dealOf(sf: Salesforce, id: string): Deal | undefined {
  const row = sf.row('Opportunity', id);
  if (!row || row.deleted) return undefined;
  const text = (key: keyof typeof fields): string | null => (row.cells[fields[key]] ?? null) as string | null;
  return {
    id, name: text('name'), dealValue: (row.cells.Amount ?? null) as number | null, closingDate: text('closingDate'), notes: text('notes'), solutions: text('solutions'), currency: text('currency'),
    state: row.cells.IsClosed !== true ? 'open' : row.cells.IsWon === true ? 'won' : 'lost',
    customer: text('customer'), contact: text('contact'), sync: row.cells[fields.sync] === true, choices: text('choices'), status: statusWords[text('status') ?? ''] ?? null,
    identifier: text('identifier'), link: text('link'), details: text('details'), audit: text('audit') ?? '', lastSyncedOn: text('lastSyncedOn'), microsoftStatus: text('microsoftStatus'),
  };
}

const tables: Readonly<Record<string, CrmWrite['table']>> = { Opportunity: 'opportunity', Account: 'account', Contact: 'contact' };

function toWrite(entry: ReturnType<Salesforce['writes']>[number]): CrmWrite {
  const shown = statusWords[String(entry.newValues[fields.status])];
  const by = entry.user === seedIds.serviceUser && entry.origin === 'request' ? 'service' : 'other';
  return { table: tables[entry.object] ?? 'other', id: entry.id, by, fields: entry.fields.map((field) => fieldKeys[field] ?? field), ...(shown ? { status: shown } : {}) };
}

function sellerAt(sf: Salesforce): CrmSeller {
  const { person } = sf;
  return {
    opportunity: async (typed = {}) => person.create('Opportunity', { ...shareable(), ...toValues(typed) }),
    async edit(id, { contact, ...typed }) {
      if (Object.keys(typed).length > 0) person.edit('Opportunity', id, toValues(typed));
      if (contact !== undefined) setPrimaryContact(sf, id, contact);
    },
    editUnshared: async (id) => person.edit('Opportunity', id, { NextStep: 'Call again' }),
    // With products the amount is their sum (Object Reference, Opportunity: HasOpportunityLineItem).
    letAmountBeComputed: async (id, isComputed) => person.setProducts(id, isComputed ? Number(sf.row('Opportunity', id)?.cells.Amount) : null),
    win: async (id) => person.close(id, 'won'),
    lose: async (id) => person.close(id, 'lost'),
    reopen: async (id) => person.reopen(id),
    remove: async (id) => person.remove('Opportunity', id),
    undelete: async (id) => person.undelete('Opportunity', id),
    customer: async (typed) => person.create('Account', toAccount(typed)),
    editCustomer: async (id, typed) => person.edit('Account', id, toAccount(typed)),
    editContact: async (id, phone) => person.edit('Contact', id, { Phone: phone }),
  };
}

/** An opportunity that Partner Center takes as it is. */
const shareable = (): Row => ({
  Name: 'Contoso lakehouse', StageName: 'Prospecting', Amount: 50_000, CloseDate: '2027-03-31', Description: 'First talk was good.', CurrencyIsoCode: 'USD', AccountId: seedIds.contosoRetail, ContactId: seedIds.contosoContact,
  Products__c: 'SOL-12345-ABC', Sync_with_Partner_Center__c: true,
});

/** An opportunity takes its contact only while it is made; later it is the primary contact role that counts (Object Reference, Opportunity: ContactId). */
function setPrimaryContact({ person, rows }: Salesforce, id: string, contact: string | null): void {
  const primary = rows('OpportunityContactRole').filter((each) => each.cells.OpportunityId === id && each.cells.IsPrimary === true);
  for (const role of primary) person.remove('OpportunityContactRole', role.id);
  if (contact !== null) person.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact, IsPrimary: true });
}

const visibilities = { private: 'Private', visible: 'Visible to Microsoft sellers' } as const;

function toValues(typed: Typed): Row {
  return Object.fromEntries(Object.entries(typed).map(([key, value]: [string, unknown]) => {
    if (key === 'visibility') return [fields.visibility, visibilities[value as keyof typeof visibilities]];
    return [fields[key as keyof Typed], key === 'requestedAction' ? 'Sync now' : value];
  }));
}

const accountFields = { name: 'Name', street: 'BillingStreet', city: 'BillingCity', country: 'BillingCountry' } as const;
const toAccount = (typed: TypedCustomer): Row => Object.fromEntries(Object.entries(typed).map(([key, value]) => [accountFields[key as keyof TypedCustomer], value]));
