// The Salesforce adapter on the fake org, through a real sign-in and real HTTP. The org's clock is ours: nobody waits for a second to pass.
import { generateKeyPairSync } from 'node:crypto';
import { syncStatuses } from '../../core/index';
import { createSalesforceAdapter, type SalesforceAdapter, type SalesforceAdapterOptions } from '../../plugins-proxy/adapters/salesforce/createSalesforceAdapter';
import { builtInMapping } from '../../plugins-proxy/adapters/salesforce/loadMapping';
import { statusValues } from '../../plugins-proxy/adapters/salesforce/packageFields';
import { createSalesforceSignIn, type SalesforceSignIn } from '../../plugins-proxy/adapters/salesforce/signIn';
import { createTransport } from '../../plugins-proxy/adapters/salesforce/transport';
import { seedIds, startSalesforce, type Salesforce, type SalesforceOptions } from '../../sandbox/salesforce/startSalesforce';
import { usualDeal, type CrmBench, type Deal } from './crmBench';

const clientId = '3MVG9.contract.of.the.port';
const username = 'cosell-sync@contoso.example.contract';
const timings = { connect: 1_000, answer: 1_000, probeMaxDaily: 900_000 };
const columns = { dealValue: 'Amount', notes: 'Description' } as const;

export const keys = generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

export interface SalesforceBench extends CrmBench {
  readonly port: SalesforceAdapter;
  readonly salesforce: Salesforce;
  readonly signIn: SalesforceSignIn;
  /** Milliseconds that the org's clock goes ahead. */
  passes(ms: number): void;
  /** A further adapter on the same org. */
  another(options?: Partial<SalesforceAdapterOptions> & { readonly loginUrl?: string }): SalesforceAdapter;
}

export async function openSalesforceBench(options: Partial<SalesforceOptions> & { readonly adapter?: Partial<SalesforceAdapterOptions> } = {}): Promise<SalesforceBench> {
  let ahead = 0;
  const { adapter, ...org } = options;
  const salesforce = await startSalesforce({ metadataDir: 'salesforce', clientId, username, publicKey: keys.publicKey, nasty: false, now: () => Date.now() + ahead, bellDelayMs: 5, ...org });
  const clock = {
    now: () => performance.now() + ahead,
    pause: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      ahead += ms;
    },
  };
  const opened: SalesforceAdapter[] = [];
  const another: SalesforceBench['another'] = ({ loginUrl = salesforce.url, ...more } = {}) => {
    const transport = createTransport(timings);
    const signIn = createSalesforceSignIn({ loginUrl, clientId, username, privateKey: keys.privateKey, transport });
    const port = createSalesforceAdapter({ signIn, transport, mapping: builtInMapping({ namespace: org.namespace ?? null }), namespace: org.namespace ?? null, currency: null, timings, clock, ...adapter, ...more });
    opened.push(port);
    return port;
  };
  const transport = createTransport(timings);
  const signIn = createSalesforceSignIn({ loginUrl: salesforce.url, clientId, username, privateKey: keys.privateKey, transport });
  const port = another({ signIn });
  const { person } = salesforce;
  return {
    port, salesforce, signIn, another,
    passes: (ms) => void (ahead += ms),
    ids: { contoso: seedIds.contosoRetail, fabrikam: seedIds.noCountry, avery: seedIds.contosoContact, dana: seedIds.dana, robin: seedIds.robin, serviceUser: seedIds.serviceUser },
    longest: { name: 120, notes: 32_000 },
    nobody: '006000000000001AAA',
    makes: async (deal = {}) => ({ kind: 'opportunity', id: person.create('Opportunity', { StageName: 'Prospecting', ...toFields({ ...usualDeal, ...deal }) }) }),
    edits: async (ref, deal) => person.edit('Opportunity', ref.id, toFields(deal)),
    deletes: async (ref) => person.remove('Opportunity', ref.id),
    withhold: async (field, withheld) => salesforce.secureField('Opportunity', columns[field], { read: !withheld, edit: !withheld }),
    forbidWrites: (forbidden) => (forbidden ? salesforce.removeRight('Opportunity', 'edit') : salesforce.restoreRight('Opportunity', 'edit')),
    computesAmount: async (ref) => person.setProducts(ref.id, 50_000.5),
    calls() {
      const count = Object.values(salesforce.counts()).reduce((sum, each) => sum + each, 0);
      salesforce.resetRequests();
      return count;
    },
    statusShown: (ref) => syncStatuses.find((status) => statusValues[status] === salesforce.row('Opportunity', ref.id)?.cells.Sync_Status__c) ?? null,
    network: {
      fails: (kind, on, times = 1) => void salesforce.addFault({ kind, match: on === 'read' ? 'query\\.opportunity' : 'opportunity\\.patch', times }),
      endSessions: () => void salesforce.endSessions(),
    },
    async mend() {
      salesforce.clearFaults();
      salesforce.clearRefusals();
      salesforce.restoreRight('Opportunity', 'edit');
      for (const column of Object.values(columns)) salesforce.secureField('Opportunity', column, { read: true, edit: true });
      port.refresh();
    },
    async close() {
      await Promise.allSettled(opened.map((each) => each.dispose()));
      await transport.close();
      await salesforce.close();
    },
  };
}

export function toFields(deal: Deal): Record<string, unknown> {
  const { customer, contact } = deal;
  const all = {
    Name: deal.name, Amount: deal.dealValue, CurrencyIsoCode: deal.currency, CloseDate: deal.closingDate, Description: deal.notes, Products__c: deal.products, Sync_with_Partner_Center__c: deal.sync, How_can_Microsoft_help__c: deal.help,
    Referral_Visibility__c: deal.visibility && { private: 'Private', visible: 'Visible to Microsoft sellers' }[deal.visibility], Requested_Action__c: deal.requestedAction && { syncNow: 'Sync now', accept: 'Accept', decline: 'Decline' }[deal.requestedAction],
    Requested_Reason__c: deal.requestedReason, Conflict_Choices__c: deal.choices, AccountId: customer && (customer === 'contoso' ? seedIds.contosoRetail : seedIds.noCountry), ContactId: contact && seedIds.contosoContact,
  };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));
}
