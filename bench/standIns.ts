// Bench: the stand-ins in a process of their own, exact and friendly, with a seller at hand who edits many opportunities at once.
import { createSetupClient, setupDataverse } from '../plugins-proxy/adapters/dataverse/setup';
import { loadMapping } from '../plugins-proxy/adapters/dataverse/loadMapping';
import { createSignIn } from '../plugins-proxy/adapters/signIn/createSignIn';
import { timings } from '../plugins-proxy/timings';
import { seedIds, startDataverse, type Dataverse } from '../sandbox/dataverse/startDataverse';
import { startEntra, type Entra } from '../sandbox/entra/entra';
import { startPartnerCenter, type PartnerCenter } from '../sandbox/partnerCenter/partnerCenter';
import { answerQuestions } from './childProcess';
import { clientId, clientSecret, organizationId, refreshToken, tenantId, webhookKey, webhooksAudience } from './identities';
import { seeCalls, type CallsSeen } from './seeCalls';

export interface StandInAddresses {
  readonly entra: string;
  readonly partnerCenter: string;
  readonly webhooks: string;
  readonly certificates: string;
  readonly dataverse: string;
  readonly rootsPem: string;
}

/** What an opportunity and its referral hold. */
export interface Held {
  readonly id: string;
  readonly referralId: string | null;
  readonly crmAmount: number;
  readonly partnerAmount: number | null;
  readonly isSynced: boolean;
}

export type StandInAnswers = ReturnType<typeof answersOf>;

const SELLERS = 8;
const SYNCED = 481200002;

/** Runs them until the process that asks is gone. */
export async function runStandIns(): Promise<void> {
  const entra = await startEntra({ clients: [{ tenantId, clientId, clientSecret, refreshToken }] });
  const pc = await startPartnerCenter({ entra, organizationId, organizationName: 'Fabrikam', nasty: false, listDelayMs: 0 });
  const dv = await startDataverse({ entra, clientIds: { [clientId]: seedIds.serviceUser }, nasty: false, stepDelayMs: 1 });
  dv.setExactDelivery(true);
  answerQuestions(answersOf(entra, pc, dv));
}

function answersOf(entra: Entra, pc: PartnerCenter, dv: Dataverse) {
  const address: StandInAddresses = { entra: entra.url, partnerCenter: pc.url, webhooks: pc.webhooksUrl, certificates: pc.certificatesUrl, dataverse: dv.url, rootsPem: pc.rootsPem };
  return {
    addresses: () => address,
    /** Both systems ring at this address from now on. */
    ringAt: (url: string) => ringAt(entra, pc, dv, url),
    /** Every remote call takes this much longer; 0 as fast as they can. */
    answerAfter: (ms: number) => {
      for (const server of [dv, pc.api]) {
        server.clearFaults();
        if (ms > 0) server.addFault({ kind: 'slow', ms });
      }
    },
    createOpportunities: (count: number) => createOpportunities(dv, count),
    /** Each of them gets this amount; nobody hears of it before `ringAll`. */
    async edit({ ids, amount }: { ids: readonly string[]; amount: number }) {
      dv.pauseSteps();
      await sideBySide(ids, (id) => asSeller(dv, 'PATCH', `opportunities(${id})`, { estimatedvalue: amount }));
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
    /** Lets all bells ring; answers when so many changes have been written on both sides and what follows them is over. */
    ringAll: (changes: number): Promise<CallsSeen> => seeCalls(pc, dv, changes, () => dv.resumeSteps()),
    held: (ids: readonly string[]): readonly Held[] => ids.map((id) => heldBy(pc, dv, id)),
    resumeSteps: () => dv.resumeSteps(),
  };
}

function heldBy(pc: PartnerCenter, dv: Dataverse, id: string): Held {
  const cells = dv.row('opportunity', id)?.cells ?? {};
  const referralId = typeof cells.cosell_referralidentifier === 'string' ? cells.cosell_referralidentifier : null;
  const dealValue = referralId === null ? undefined : pc.referral(referralId)?.details.dealValue;
  return { id, referralId, crmAmount: Number(cells.estimatedvalue), partnerAmount: dealValue === undefined ? null : Number(dealValue), isSynced: cells.cosell_syncstatus === SYNCED };
}

async function createOpportunities(dv: Dataverse, count: number): Promise<readonly string[]> {
  const row = (at: number) => ({
    name: `Deal ${at}`, estimatedvalue: 50_000, estimatedclosedate: '2027-03-31', description: 'First talk was good. The customer wants a proof of concept before the summer and has a budget for it.',
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('USD')})`, 'parentaccountid@odata.bind': `/accounts(${seedIds.contosoRetail})`,
    'parentcontactid@odata.bind': `/contacts(${seedIds.contosoContact})`, cosell_products: 'SOL-12345-ABC', cosell_syncwithpartnercenter: true,
  });
  return sideBySide(Array.from({ length: count }, (_, at) => at), async (at) => {
    const answer = await asSeller(dv, 'POST', 'opportunities', row(at));
    return /\(([^)]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? '';
  });
}

async function asSeller(dv: Dataverse, method: string, path: string, body: object): Promise<Response> {
  const answer = await fetch(`${dv.url}/api/data/v9.2/${path}`, {
    method, body: JSON.stringify(body), headers: { authorization: `Bearer ${dv.sellerToken(seedIds.dana)}`, accept: 'application/json', 'content-type': 'application/json', ...(method === 'PATCH' ? { 'if-match': '*' } : {}) },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return answer;
}

async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!);
  };
  await Promise.all(Array.from({ length: SELLERS }, one));
  return results;
}

async function ringAt(entra: Entra, pc: PartnerCenter, dv: Dataverse, url: string): Promise<void> {
  const signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: entra.url, tenantId, clientId, clientSecret, timings });
  await setupDataverse({ client: createSetupClient({ url: dv.url, signIn, timings }), publicUrl: url, key: webhookKey, mapping: loadMapping(), dryRun: false, remove: false, log: () => undefined });
  const events = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'];
  const answer = await fetch(`${pc.webhooksUrl}/webhooks/v1/registration`, {
    method: pc.registration() ? 'PUT' : 'POST',
    headers: { authorization: `Bearer ${await webhooksToken(entra)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ WebhookUrl: `${url}/partner-center/events`, WebhookEvents: events, SignatureTokenToMsSignatureHeader: true }),
  });
  if (!answer.ok) throw new Error(`The webhook could not be registered: ${answer.status} ${await answer.text()}`);
}

async function webhooksToken(entra: Entra): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken, resource: webhooksAudience });
  const answer = await fetch(`${entra.url}/${tenantId}/oauth2/token`, { method: 'POST', body: form });
  return ((await answer.json()) as { access_token: string }).access_token;
}
