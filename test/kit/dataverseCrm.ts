// Test kit: Dynamics 365 as a test sees any CRM, on the stand-in for Dataverse; people work through its ordinary Web API.
import { syncStatuses } from '../../core/index';
import { createSetupClient, setupDataverse } from '../../plugins-proxy/adapters/dataverse/setup';
import { loadMapping } from '../../plugins-proxy/adapters/dataverse/loadMapping';
import { createSignIn } from '../../plugins-proxy/adapters/signIn/createSignIn';
import type { Timings } from '../../plugins-proxy/timings';
import { seedIds, startDataverse, type Dataverse } from '../../sandbox/dataverse/startDataverse';
import type { Entra } from '../../sandbox/entra/entra';
import type { CallKind, CrmSeller, CrmWrite, Deal, TestCrm, Typed, TypedCustomer } from './crm';
import { createSeller, help, status, visibility, type Row, type Seller } from './seller';

export interface DataverseCrmOptions {
  readonly entra: Entra;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly nasty: boolean;
  /** Of the service, where its steps ring. */
  readonly publicUrl: string;
  readonly timings: Timings;
}

export interface DataverseCrm extends TestCrm {
  readonly dv: Dataverse;
}

const webhookKey = 'key-of-the-webhook-in-tests';

/** Starts the stand-in and registers the service's steps. */
export async function startDataverseCrm(options: DataverseCrmOptions): Promise<DataverseCrm> {
  const dv = await startDataverse({ entra: options.entra, clientIds: { [options.clientId]: seedIds.serviceUser }, nasty: options.nasty, stepDelayMs: 10 });
  await registerSteps(dv, options);
  dv.resetRequests();
  dv.resetWrites();
  const seller = sellerAt(dv);
  return {
    dv,
    name: 'dataverse', label: 'Dynamics 365', role: 'Co-sell Sync Service',
    seeds: { customer: seedIds.contosoRetail, customerWithoutCountry: seedIds.noCountry, contact: seedIds.contosoContact },
    nobodysId: '0f0f0f0f-1111-4222-8333-444444444444',
    longest: { name: 300, notes: 2_000 },
    moneyDigits: 4,
    readsOfAWrite: { ofOurs: 0, ofSellers: 0 },
    ringsForNothing: true,
    refusedAmount: { amount: 999_000_000_000_000, column: 'estimatedvalue' },
    seller,
    bells: {
      pause: dv.pauseSteps, resume: dv.resumeSteps, loseNext: dv.loseNextEvents, redeliverLast: dv.redeliverLastEvent, setExact: dv.setExactDelivery,
      areUnderWay: () => dv.rows('asyncoperation').some((each) => each.cells.statecode === 0),
      // A step listens to what a save carries, changed or not.
      ring: (id) => seller.edit(id, { name: dealOf(dv, id)!.name }),
    },
    deal: (id) => dealOf(dv, id),
    deals: () => dv.rows('opportunity').flatMap(({ id }) => dealOf(dv, id) ?? []),
    accounts: (name) => dv.rows('account').filter((each) => name === undefined || each.cells.name === name).map((each) => each.id),
    contacts: (email) => dv.rows('contact').filter((each) => email === undefined || each.cells.emailaddress1 === email).map((each) => each.id),
    picture: (id) => JSON.stringify(dv.row('opportunity', id)),
    closings: (id) => dv.rows('opportunityclose').filter((each) => JSON.stringify(each.cells).includes(id)).length,
    writes: () => dv.writes().map(toWrite),
    calls: () => callsOf(dv),
    requests: () => dv.requests().filter((each) => !each.kind.startsWith('person.')),
    forget() {
      dv.resetRequests();
      dv.resetWrites();
    },
    addFault: (at, fault) => void dv.addFault({ ...fault, match: kinds[at] }),
    clearFaults: () => dv.clearFaults(),
    clockTick: () => Promise.resolve(),
    becomeCopy: () => dv.setOrganizationId('99999999-9999-4999-8999-999999999999'),
    keepFromRobin: () => dv.removePrivilege('prvReadOpportunity', seedIds.robin),
    secure: (field, may) => dv.secureColumn('opportunity', columns[field], { canRead: may.read, canUpdate: may.write }),
    setRight(right, has) {
      const privilege = right === 'read' ? 'prvReadOpportunity' : 'prvWriteOpportunity';
      if (has) dv.restorePrivilege(privilege);
      else dv.removePrivilege(privilege);
    },
    env: () => ({
      COSELL_DATAVERSE_URL: dv.url, COSELL_DATAVERSE_TENANT_ID: options.tenantId, COSELL_DATAVERSE_CLIENT_ID: options.clientId, COSELL_DATAVERSE_CLIENT_SECRET: options.clientSecret, COSELL_DATAVERSE_WEBHOOK_KEY: webhookKey,
    }),
    close: dv.close,
  };
}

async function registerSteps(dv: Dataverse, { entra, tenantId, clientId, clientSecret, publicUrl, timings }: DataverseCrmOptions): Promise<void> {
  const signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: entra.url, tenantId, clientId, clientSecret, timings });
  const client = createSetupClient({ url: dv.url, signIn, timings });
  await setupDataverse({ client, publicUrl, key: webhookKey, mapping: loadMapping(), dryRun: false, remove: false, log: () => undefined });
}

const kinds: Readonly<Record<CallKind, string>> = {
  read: 'opportunity\\.get', write: 'opportunity\\.patch', create: 'opportunity\\.create', createCustomer: 'account\\.create', createContact: 'contact\\.create', close: '(?:win|lose)', any: '(?!person\\.).*',
};

function callsOf(dv: Dataverse): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [kind, count] of Object.entries(dv.counts()).filter(([kind]) => !kind.startsWith('person.'))) {
    const meaning = Object.entries(kinds).find(([, pattern]) => new RegExp(`^${pattern}$`).test(kind))?.[0] ?? 'any';
    const name = meaning === 'any' ? kind : meaning;
    found[name] = (found[name] ?? 0) + count;
  }
  return found;
}

/** Columns by the keys of `Deal`. */
const columns = {
  name: 'name', dealValue: 'estimatedvalue', currency: 'transactioncurrencyid', closingDate: 'estimatedclosedate', notes: 'description', solutions: 'cosell_products', salesStage: 'closeprobability', help: 'cosell_howcanmicrosofthelp',
  notesToMicrosoft: 'cosell_notestomicrosoft', visibility: 'cosell_referralvisibility', customer: 'parentaccountid', contact: 'parentcontactid', state: 'statecode', sync: 'cosell_syncwithpartnercenter',
  choices: 'cosell_conflictchoices', requestedAction: 'cosell_requestedaction', identifier: 'cosell_referralidentifier', link: 'cosell_referrallink', status: 'cosell_syncstatus', details: 'cosell_syncdetails',
  audit: 'cosell_audit', lastSyncedOn: 'cosell_lastsyncedon', microsoftStatus: 'cosell_microsoftreferralstatus',
} as const;
const keys: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(columns).map(([key, column]) => [column, key]));

const shownStatus = (value: unknown): Deal['status'] => syncStatuses.find((each) => status[each] === value) ?? null;

function dealOf(dv: Dataverse, id: string): Deal | undefined {
  const cells = dv.row('opportunity', id)?.cells;
  if (!cells) return undefined;
  const text = (key: keyof typeof columns): string | null => (cells[columns[key]] ?? null) as string | null;
  const reference = (key: keyof typeof columns): string | null => (cells[columns[key]] as { id: string } | null | undefined)?.id ?? null;
  return {
    id, name: text('name'), dealValue: (cells.estimatedvalue ?? null) as number | null, closingDate: text('closingDate'), notes: text('notes'), solutions: text('solutions'),
    currency: (dv.row('transactioncurrency', reference('currency') ?? '')?.cells.isocurrencycode ?? null) as string | null,
    state: cells.statecode === 1 ? 'won' : cells.statecode === 2 ? 'lost' : 'open',
    customer: reference('customer'), contact: reference('contact'), sync: cells.cosell_syncwithpartnercenter === true, choices: text('choices'), status: shownStatus(cells.cosell_syncstatus),
    identifier: text('identifier'), link: text('link'), details: text('details'), audit: text('audit') ?? '', lastSyncedOn: text('lastSyncedOn'), microsoftStatus: text('microsoftStatus'),
  };
}

function toWrite(entry: ReturnType<Dataverse['writes']>[number]): CrmWrite {
  const shown = shownStatus(entry.newValues.cosell_syncstatus);
  const table = entry.table === 'opportunity' || entry.table === 'account' || entry.table === 'contact' ? entry.table : 'other';
  const by = entry.user === seedIds.serviceUser && entry.origin === 'request' ? 'service' : 'other';
  return { table, id: entry.id, by, fields: entry.columns.map((column) => keys[column] ?? column), ...(shown ? { status: shown } : {}) };
}

function sellerAt(dv: Dataverse): CrmSeller {
  const seller = createSeller(dv);
  const deleted = new Map<string, Row>();
  const edit = (id: string, row: Row): Promise<void> => seller.update('opportunities', id, row);
  return {
    opportunity: (typed = {}) => seller.opportunity(toRow(typed)),
    edit: (id, typed) => edit(id, toRow(typed)),
    editUnshared: (id) => edit(id, { new_region: 'North' }),
    letAmountBeComputed: (id, isComputed) => edit(id, { isrevenuesystemcalculated: isComputed }),
    win: seller.win,
    lose: seller.lose,
    reopen: (id) => edit(id, { statecode: 0, statuscode: 1 }),
    async remove(id) {
      deleted.set(id, await seller.get('opportunities', id));
      await seller.remove('opportunities', id);
    },
    undelete: (id) => restore(seller, id, deleted.get(id) ?? {}),
    customer: (typed) => seller.create('accounts', toAccount(typed)),
    editCustomer: (id, typed) => seller.update('accounts', id, toAccount(typed)),
    editContact: (id, phone) => seller.update('contacts', id, { telephone1: phone }),
  };
}

/** As a restore of deleted records does: the row is made anew under its old id, with all that the service wrote on it. */
async function restore(seller: Seller, id: string, row: Row): Promise<void> {
  const kept = ['name', 'estimatedvalue', 'estimatedclosedate', 'description', ...Object.keys(row).filter((column) => column.startsWith('cosell_'))];
  const reference = (column: string, set: string): Row => (row[`_${column}_value`] ? { [`${column}@odata.bind`]: `/${set}(${String(row[`_${column}_value`])})` } : {});
  await seller.create('opportunities', {
    opportunityid: id, ...Object.fromEntries(kept.map((column) => [column, row[column] ?? null])),
    ...reference('transactioncurrencyid', 'transactioncurrencies'), ...reference('parentaccountid', 'accounts'), ...reference('parentcontactid', 'contacts'),
  });
}

const helpCodes = { ProofOfConceptOrDemo: help.poc, PostSalesCustomerSuccess: 481200004 } as const;

function toRow(typed: Typed): Row {
  const row: Row = {};
  for (const [key, value] of Object.entries(typed)) Object.assign(row, cellFor[key as keyof Typed](value as never));
  return row;
}

const plain = (key: keyof typeof columns) => (value: unknown): Row => ({ [columns[key]]: value });
const bound = (key: keyof typeof columns, set: string) => (id: string | null): Row => ({ [`${columns[key]}@odata.bind`]: id === null ? null : `/${set}(${id})` });

const cellFor: { readonly [Key in keyof Required<Typed>]: (value: Exclude<Typed[Key], undefined>) => Row } = {
  name: plain('name'), dealValue: plain('dealValue'), closingDate: plain('closingDate'), notes: plain('notes'), solutions: plain('solutions'), salesStage: plain('salesStage'), notesToMicrosoft: plain('notesToMicrosoft'), sync: plain('sync'),
  choices: plain('choices'), identifier: plain('identifier'),
  currency: (code) => bound('currency', 'transactioncurrencies')(seedIds.currency(code)),
  help: (code) => ({ [columns.help]: helpCodes[code] }),
  visibility: (which) => ({ [columns.visibility]: visibility[which] }),
  customer: bound('customer', 'accounts'),
  contact: bound('contact', 'contacts'),
  requestedAction: () => ({ [columns.requestedAction]: 481200000 }),
};

const accountColumns = { name: 'name', street: 'address1_line1', city: 'address1_city', country: 'address1_country' } as const;
const toAccount = (typed: TypedCustomer): Row => Object.fromEntries(Object.entries(typed).map(([key, value]) => [accountColumns[key as keyof TypedCustomer], value]));
