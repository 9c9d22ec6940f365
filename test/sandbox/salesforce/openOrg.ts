// A fake org on the shipped package, and plain fetch to speak with it: nothing here knows more than the documents say.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startSalesforce, type Salesforce, type SalesforceOptions } from '../../../sandbox/salesforce/startSalesforce';

export const packageFolder = fileURLToPath(new URL('../../../salesforce', import.meta.url));
export const clientId = '3MVG9.consumer.key';
export const username = 'cosell-sync@contoso.example.partner';
export const keys = generateKeyPairSync('rsa', { modulusLength: 2_048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** Of the first error. */
  readonly code: string | undefined;
}

export interface TestOrg {
  readonly salesforce: Salesforce;
  /** As the service's user, under `/services/data/v66.0/`; signs in once. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  soql(query: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Records of a query that has to work. */
  select(query: string): Promise<readonly Record<string, unknown>[]>;
  token(claims?: Readonly<Record<string, unknown>>, form?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Signs in again from here on. */
  forgetToken(): void;
}

export async function openOrg(options: Partial<SalesforceOptions> = {}): Promise<TestOrg> {
  const salesforce = await startSalesforce({ metadataDir: packageFolder, clientId, username, publicKey: keys.publicKey, nasty: false, bellDelayMs: 5, bellRetryMs: [10, 20, 40, 80], bellTimeoutMs: 2_000, ...options });
  let session: string | undefined;
  const token: TestOrg['token'] = (claims = {}, form = {}) =>
    call(`${salesforce.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(salesforce.url, claims), ...form }) });
  const send: TestOrg['send'] = async (method, path, body, headers = {}) => {
    session ??= ((await token()).body as { access_token: string }).access_token;
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    return call(`${salesforce.url}/services/data/v66.0/${path}`, { method, ...sent, headers: { authorization: `Bearer ${session}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } });
  };
  const soql: TestOrg['soql'] = (query, headers) => send('GET', `query?q=${encodeURIComponent(query)}`, undefined, headers);
  return {
    salesforce, send, soql, token,
    forgetToken: () => void (session = undefined),
    async select(query) {
      const reply = await soql(query);
      if (reply.status !== 200) throw new Error(`${query}: ${reply.status} ${JSON.stringify(reply.body)}`);
      return (reply.body as { records: Record<string, unknown>[] }).records;
    },
  };
}

export function assertion(audience: string, claims: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = { alg: 'RS256' }): string {
  const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const unsigned = `${encoded(header)}.${encoded({ iss: clientId, sub: username, aud: audience, exp: Math.floor(Date.now() / 1_000) + 120, ...claims })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(keys.privateKey, 'base64url')}`;
}

async function call(url: string, init: RequestInit): Promise<Reply> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  const body = text === '' ? undefined : (JSON.parse(text) as unknown);
  const first = Array.isArray(body) ? (body[0] as { errorCode?: string } | undefined) : (body as { error?: string } | undefined);
  return { status: answer.status, headers: answer.headers, body, code: first === undefined ? undefined : 'errorCode' in first ? first.errorCode : (first as { error?: string }).error };
}

/** A deal with everything that the platform demands. */
export const deal = (name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({ Name: name, StageName: 'Prospecting', CloseDate: '2027-03-31', ...more });

export async function waitFor(what: string, isThere: () => boolean): Promise<void> {
  for (const until = Date.now() + 5_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 5))) if (isThere()) return;
  throw new Error(`waited in vain: ${what}`);
}
