// A seller in tests: works on opportunities through the ordinary Web API of the stand-in, as any client would.
import { seedIds, type Dataverse } from '../../sandbox/dataverse/startDataverse';

export const help = { poc: 481200002 } as const;
export const visibility = { private: 481200000, visible: 481200001 } as const;
export const status = { notShared: 481200000, pending: 481200001, synced: 481200002, needsAttention: 481200003, conflict: 481200004, failed: 481200005 } as const;

export type Row = Record<string, unknown>;

export interface Seller {
  create(table: string, row: Row): Promise<string>;
  update(table: string, id: string, row: Row): Promise<void>;
  remove(table: string, id: string): Promise<void>;
  get(table: string, id: string): Promise<Row>;
  list(table: string, query: string): Promise<Row[]>;
  /** Saves a shareable opportunity; what is given overrides. */
  opportunity(row?: Row): Promise<string>;
  win(id: string): Promise<void>;
  lose(id: string): Promise<void>;
}

/** @throws on any refusal, with the answer's text */
export function createSeller(dv: Dataverse): Seller {
  const token = dv.sellerToken(seedIds.dana);
  const call = async (method: string, path: string, body?: Row, headers: Record<string, string> = {}): Promise<Response> => {
    const answer = await fetch(`${dv.url}/api/data/v9.2/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const create: Seller['create'] = async (table, row) => {
    const answer = await call('POST', table, row);
    return /\(([^)]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? '';
  };
  return {
    create,
    update: async (table, id, row) => void (await call('PATCH', `${table}(${id})`, row, { 'if-match': '*' })),
    remove: async (table, id) => void (await call('DELETE', `${table}(${id})`)),
    get: async (table, id) => (await (await call('GET', `${table}(${id})`)).json()) as Row,
    list: async (table, query) => ((await (await call('GET', `${table}?${query}`)).json()) as { value: Row[] }).value,
    opportunity: (row = {}) => create('opportunities', { ...shareable(), ...row }),
    win: async (id) => void (await call('POST', 'WinOpportunity', { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})` } })),
    lose: async (id) => void (await call('POST', 'LoseOpportunity', { Status: 5, OpportunityClose: { subject: 'Lost', description: 'Budget went elsewhere', 'opportunityid@odata.bind': `/opportunities(${id})` } })),
  };
}

/** An opportunity that Partner Center takes as it is. */
export const shareable = (): Row => ({
  name: 'Contoso lakehouse',
  estimatedvalue: 50000,
  estimatedclosedate: '2027-03-31',
  description: 'First talk was good.',
  'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('USD')})`,
  'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})`,
  'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})`,
  closeprobability: 20,
  cosell_products: 'SOL-12345-ABC',
  cosell_syncwithpartnercenter: true,
});
