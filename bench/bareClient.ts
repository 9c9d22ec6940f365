// Bench: the measure. A client that is rung like the service and makes only the calls that nobody can avoid: GET crm, PATCH partner, PATCH crm.
// It stores nothing, checks nothing, plans nothing and forgets what it was asked when it ends.
import { randomUUID } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from './childProcess';
import { clientId, clientSecret, referralsAudience, refreshToken, tenantId } from './identities';
import { send } from './send';
import type { StandInAddresses } from './standIns';

export type BareAnswers = ReturnType<typeof answersOf>;

interface Answer {
  readonly etag: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Call = (method: 'GET' | 'PATCH', url: string, token: string, headers?: Readonly<Record<string, string>>, body?: unknown) => Promise<Answer>;

/** Runs it until the process that asks is gone. */
export function runBareClient(): void {
  answerQuestions(answersOf());
}

function answersOf() {
  const agent = new Agent({ keepAlive: true });
  const eTags = new Map<string, string>();
  const queue: string[] = [];
  let lastEvent = '';
  let running = 0;
  let concurrency = 8;
  let carry: (id: string) => Promise<void> = () => Promise.reject(new Error('The bare client was not told where to go.'));
  let problem: unknown;

  const work = (): void => {
    while (running < concurrency && queue.length > 0) {
      running += 1;
      void carry(queue.shift()!).catch((error: unknown) => (problem = error)).finally(() => {
        running -= 1;
        work();
      });
    }
  };
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await textOf(incoming);
    response.writeHead(202).end('{"accepted":true}');
    if (!incoming.url?.startsWith('/dataverse/')) return;
    lastEvent = text;
    queue.push((JSON.parse(text) as { PrimaryEntityId: string }).PrimaryEntityId.toLowerCase());
    work();
  };
  return {
    /** Listens, signs in and remembers the referrals' eTags, as the service remembers them; answers with its own address. */
    async begin({ addresses, referrals, atATime }: { addresses: StandInAddresses; referrals: readonly string[]; atATime: number }) {
      concurrency = atATime;
      const call = createCall(agent);
      const tokens = await signIn(addresses);
      for (const id of referrals) eTags.set(id, (await call('GET', referralAddress(addresses, id), tokens.partner)).etag);
      carry = (id) => carryOne(call, addresses, tokens, eTags, id);
      const server = createServer((incoming, response) => void answer(incoming, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    /** Milliseconds so far. @throws when a call did not go as it should */
    processorTime: () => {
      if (problem) throw problem;
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    /** The body of a bell, as Dataverse words it. */
    lastEvent: () => lastEvent,
  };
}

async function carryOne(call: Call, addresses: StandInAddresses, tokens: Tokens, eTags: Map<string, string>, id: string): Promise<void> {
  const record = `${addresses.dataverse}/api/data/v9.2/opportunities(${id})`;
  const crm = await call('GET', `${record}?${readQuery}`, tokens.dataverse);
  const referralId = String(crm.body.cosell_referralidentifier);
  const partner = await call('PATCH', referralAddress(addresses, referralId), tokens.partner, { prefer: 'return=representation', 'if-match': eTags.get(referralId) ?? '' }, [
    { op: 'replace', path: '/details/dealValue', value: crm.body.estimatedvalue },
    { op: 'replace', path: '/details/currency', value: 'USD' },
  ]);
  eTags.set(referralId, partner.etag);
  await call('PATCH', record, tokens.dataverse, { 'if-match': String(crm.body['@odata.etag']) }, {
    cosell_syncstatus: 481200002, cosell_lastsyncedon: new Date().toISOString().replace(/\.\d+Z$/, 'Z'), cosell_syncdetails: '{"reasons":[],"conflicts":[],"tookMs":1}',
    cosell_audit: `Dynamics 365 → Partner Center | Deal value: ${String(crm.body.estimatedvalue)}`,
  });
}

/** As much as a change needs to know: the values, the version, the referral. */
const readQuery = '$select=name,estimatedvalue,estimatedclosedate,description,statecode,statuscode,closeprobability,cosell_products,cosell_referralidentifier,cosell_syncwithpartnercenter,cosell_syncstatus&$expand=parentaccountid($select=name),parentcontactid($select=fullname,emailaddress1),owninguser($select=fullname,internalemailaddress),transactioncurrencyid($select=isocurrencycode)';

const referralAddress = (addresses: StandInAddresses, id: string): string => `${addresses.partnerCenter}/v1.0/engagements/referrals/${id}`;

const createCall = (agent: Agent): Call => async (method, url, token, headers = {}, body) => {
  const ours = { accept: 'application/json', authorization: `Bearer ${token}`, 'client-request-id': randomUUID(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const { status, etag, text } = await send(agent, method, url, { ...ours, ...headers }, body === undefined ? undefined : JSON.stringify(body));
  if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
  return { etag, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
};

interface Tokens {
  readonly dataverse: string;
  readonly partner: string;
}

async function signIn(addresses: StandInAddresses): Promise<Tokens> {
  const ask = async (path: string, form: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await fetch(`${addresses.entra}/${tenantId}/${path}`, { method: 'POST', body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }) });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  return {
    dataverse: await ask('oauth2/v2.0/token', { grant_type: 'client_credentials', scope: `${addresses.dataverse}/.default` }),
    partner: await ask('oauth2/token', { grant_type: 'refresh_token', refresh_token: refreshToken, resource: referralsAudience }),
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
