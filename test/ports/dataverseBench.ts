// The Dataverse adapter on its stand-in, through a real sign-in and real HTTP.
import { syncStatuses } from '../../core/index';
import { createDataverseAdapter, type DataverseAdapter } from '../../plugins-proxy/adapters/dataverse/createDataverseAdapter';
import { loadMapping } from '../../plugins-proxy/adapters/dataverse/loadMapping';
import { createSignIn, type SignIn } from '../../plugins-proxy/adapters/signIn/createSignIn';
import type { CrmRef } from '../../plugins-proxy/ports/crm';
import { seedIds, startDataverse, type Dataverse } from '../../sandbox/dataverse/startDataverse';
import { startEntra, type Entra } from '../../sandbox/entra/entra';
import { usualDeal, type CrmBench, type Deal } from './crmBench';

const client = { tenantId: '8f1c2a64-0000-4000-8000-0000000000aa', clientId: 'c0000000-0000-4000-8000-00000000000a', clientSecret: 'only for this test' };
const timings = { connect: 1_000, answer: 1_000 };
const columns = { dealValue: 'estimatedvalue', notes: 'description' } as const;

export interface DataverseBench extends CrmBench {
  readonly port: DataverseAdapter;
  readonly dataverse: Dataverse;
  readonly entra: Entra;
  readonly signIn: SignIn;
  /** As the seller Dana, by the Web API. */
  asSeller(method: string, path: string, body?: unknown): Promise<Response>;
}

export async function openDataverseBench(): Promise<DataverseBench> {
  const entra = await startEntra({ clients: [client] });
  const dataverse = await startDataverse({ entra, clientIds: { [client.clientId]: seedIds.serviceUser }, stepDelayMs: 5 });
  dataverse.setPlugInShare(0);
  const signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: entra.url, ...client, timings });
  const port = createDataverseAdapter({ url: dataverse.url, signIn, mapping: loadMapping(), timings });
  const asSeller: DataverseBench['asSeller'] = async (method, path, body) => {
    const answer = await fetch(`${dataverse.url}/api/data/v9.2/${path}`, { method, headers: { authorization: `Bearer ${dataverse.sellerToken(seedIds.dana)}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  };
  return {
    port, dataverse, entra, signIn, asSeller,
    ids: { contoso: seedIds.contosoRetail, fabrikam: seedIds.noCountry, avery: seedIds.contosoContact, dana: seedIds.dana, robin: seedIds.robin, serviceUser: seedIds.serviceUser },
    longest: { name: 300, notes: 2_000 },
    nobody: '00000000-0000-4000-8000-000000000001',
    async makes(deal = {}) {
      const answer = await asSeller('POST', 'opportunities', toColumns({ ...usualDeal, ...deal }));
      return { kind: 'opportunity', id: /\(([^)]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? '' };
    },
    edits: async (ref, deal) => void (await asSeller('PATCH', path(ref), toColumns(deal))),
    deletes: async (ref) => void (await asSeller('DELETE', path(ref))),
    async withhold(field, withheld) {
      dataverse.secureColumn('opportunity', columns[field], { canRead: !withheld, canUpdate: !withheld });
    },
    forbidWrites: (forbidden) => (forbidden ? dataverse.removePrivilege('prvWriteOpportunity') : dataverse.restorePrivilege('prvWriteOpportunity')),
    computesAmount: async (ref) => void (await asSeller('PATCH', path(ref), { isrevenuesystemcalculated: true })),
    calls() {
      const count = Object.values(dataverse.counts()).reduce((sum, each) => sum + each, 0);
      dataverse.resetRequests();
      return count;
    },
    statusShown: (ref) => syncStatuses[Number(dataverse.row('opportunity', ref.id)?.cells.cosell_syncstatus) - 481_200_000] ?? null,
    network: {
      fails: (kind, on, times = 1) => void dataverse.addFault({ kind, match: on === 'read' ? 'opportunity\\.get' : 'opportunity\\.patch', times }),
      endSessions: () => entra.revokeAccessTokens(),
    },
    async mend() {
      dataverse.clearFaults();
      dataverse.restorePrivilege('prvWriteOpportunity');
      for (const column of Object.values(columns)) dataverse.secureColumn('opportunity', column, { canRead: true, canUpdate: true });
      port.refresh();
    },
    async close() {
      await port.dispose();
      await dataverse.close();
      await entra.close();
    },
  };
}

const path = (ref: CrmRef): string => `opportunities(${ref.id})`;

function toColumns(deal: Deal): Record<string, unknown> {
  const { currency, customer, contact, help, visibility, requestedAction } = deal;
  const choice = <T>(values: readonly T[], picked: T | null | undefined): number | null | undefined => (picked === undefined ? undefined : picked === null ? null : 481_200_000 + values.indexOf(picked));
  const all = {
    name: deal.name, estimatedvalue: deal.dealValue, estimatedclosedate: deal.closingDate, description: deal.notes, cosell_products: deal.products, cosell_syncwithpartnercenter: deal.sync,
    cosell_howcanmicrosofthelp: choice(['WorkloadSpecificValueProposition', 'CustomerTechnicalArchitecture', 'ProofOfConceptOrDemo'], help), cosell_referralvisibility: choice(['private', 'visible'], visibility),
    cosell_requestedaction: choice(['syncNow', 'accept', 'decline'], requestedAction), cosell_requestedreason: deal.requestedReason, cosell_conflictchoices: deal.choices,
    'transactioncurrencyid@odata.bind': currency && `/transactioncurrencies(${seedIds.currency(currency)})`,
    'parentaccountid@odata.bind': customer && `/accounts(${customer === 'contoso' ? seedIds.contosoRetail : seedIds.noCountry})`,
    'parentcontactid@odata.bind': contact && `/contacts(${seedIds.contosoContact})`,
  };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));
}
