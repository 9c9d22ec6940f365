// The CRM port for Salesforce: one query reads a deal with all it hangs on; a write is a PATCH and a read.
import type { CrmPort, CrmRef } from '../../ports/crm';
import type { Timings } from '../../timings';
import { stableId } from '../stableId';
import { changedSince } from './changedSince';
import { closeDeal, statusReason } from './closeDeal';
import { createDeal } from './createDeal';
import { describeOrg } from './describe';
import { CONNECTION, DISPLAY_NAME, failed } from './failures';
import { canonicalId, toLongId } from './ids';
import type { MappedKind, Mapping } from './mapping';
import { createFacts } from './orgFacts';
import { packageFields } from './packageFields';
import { ensureContact, ensureCustomer, findUserByEmail, matchContact, matchCustomer, type PartyContext } from './parties';
import { readDeal, type Deals } from './readDeal';
import type { RecordContext } from './recordToSnapshot';
import { createSalesforceClient, QueryRefused, type Clock } from './salesforceClient';
import type { SalesforceSignIn } from './signIn';
import type { Transport } from './transport';
import { writeDeal } from './writeDeal';

export interface SalesforceAdapterOptions {
  readonly signIn: SalesforceSignIn;
  readonly transport: Transport;
  readonly mapping: Mapping;
  /** Of a managed package made of ours, `null` for the package as it is. */
  readonly namespace: string | null;
  /** ISO code of an org with one currency; it cannot be asked. */
  readonly currency: string | null;
  readonly timings: Pick<Timings, 'probeMaxDaily'>;
  /** This host's; tests have their own. */
  readonly clock?: Clock;
}

export interface SalesforceAdapter extends CrmPort {
  /** Forgets what was learnt of the org. */
  refresh(): void;
  /** Ends the open connections. */
  dispose(): Promise<void>;
}

/** Its calls throw RemoteFailure. */
export function createSalesforceAdapter({ signIn, transport, mapping, namespace, currency, timings, clock = hostClock }: SalesforceAdapterOptions): SalesforceAdapter {
  const client = createSalesforceClient({ signIn, transport, timings, clock });
  const fields = packageFields(namespace);
  const facts = createFacts(client, mapping);
  const contextOf = async (kind: MappedKind): Promise<RecordContext> => {
    const table = mapping.tables[kind];
    if (!table) throw failed(`The field mapping has no table ${kind}. Add it, then run "cosell mapping check".`, { class: 'bug', surelyNotSent: true });
    return { kind, table, facts: await facts.learn(), fields, currency };
  };
  const deals: Deals = { client, contextOf, refresh: () => facts.refresh() };
  const parties = async (): Promise<PartyContext> => ({ client, table: mapping.tables.opportunity, facts: await facts.learn(), fields });
  const read = (ref: CrmRef, signal?: AbortSignal): ReturnType<CrmPort['read']> => readDeal(deals, ref, signal);
  return {
    connection: CONNECTION,
    displayName: DISPLAY_NAME,
    read,
    readAnew(ref, signal) {
      facts.refresh();
      return read(ref, signal);
    },
    write: (ref, change, base, signal) => plainly(writeDeal(deals, ref, change, base, signal)),
    create: (record, signal) => plainly(createDeal(deals, record, signal)),
    close: (ref, as, _why, signal) => plainly(closeDeal(deals, ref, as, signal)),
    statusReason: (ref, signal) => plainly(statusReason(deals, ref, signal)),
    matchCustomer: async (customer, signal) => plainly(matchCustomer(await parties(), customer, signal)),
    ensureCustomer: async (key, customer, signal) => plainly(ensureCustomer(await parties(), key, customer, signal)),
    matchContact: async (customerId, person, signal) => plainly(matchContact(await parties(), customerId, person, signal)),
    ensureContact: async (key, customerId, person, signal) => plainly(ensureContact(await parties(), key, customerId, person, signal)),
    findUserByEmail: async (emails, signal) => plainly(findUserByEmail(await parties(), emails, signal)),
    changedSince: (kind, mark, next, signal) => plainly(changedSince(client, fields, kind, mark, next, signal)),
    describe: async () => describeOrg(await facts.learn(), mapping.tables.opportunity, fields, currency),
    async identity(signal) {
      const { userId } = await client.session();
      const { records } = await plainly(client.query('SELECT Id FROM Organization', 'ask who it is', { signal }));
      return { organizationId: toLongId(String(records[0]?.Id)) ?? '', userId };
    },
    canonicalId,
    keyFor: stableId,
    // The org chooses the id; until then the record goes by the referral's own, which is none of Salesforce's.
    plannedId: (referralId) => referralId.toLowerCase(),
    budget: () => client.budget(),
    refresh: () => facts.refresh(),
    dispose: () => client.close(),
  };
}

/** Outside of this adapter a refused question is a failure like others. @throws RemoteFailure */
async function plainly<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof QueryRefused ? error.failure : error;
  }
}

const hostClock: Clock = {
  now: () => performance.now(),
  pause: (ms, signal) =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      }, ms);
      if (signal?.aborted) giveUp();
      else signal?.addEventListener('abort', giveUp, { once: true });
    }),
};
