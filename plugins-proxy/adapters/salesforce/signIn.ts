// Sign-in to Salesforce: the OAuth 2.0 JWT bearer flow, one session at a time however many wait (Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration").
import { createSign } from 'node:crypto';
import type { HttpResponse } from 'jsforce/lib/types';
import { networkFailure } from '../signIn/networkFailure';
import { isLoopback } from '../signIn/tokenEndpoint';
import { DISPLAY_NAME, CONNECTION, failed } from './failures';
import { toLongId } from './ids';
import type { Transport } from './transport';

export interface SalesforceSignInOptions {
  /** `https://login.salesforce.com`, the test host, or the org's My Domain. */
  readonly loginUrl: string;
  readonly clientId: string;
  readonly username: string;
  /** PEM, RSA. */
  readonly privateKey: string;
  readonly transport: Pick<Transport, 'httpRequest'>;
  /** Called with every new session before anybody gets it, so that the organisation behind it can be checked; what it throws, the callers get. */
  readonly onSignedIn?: (organizationId: string) => Promise<void>;
}

export interface Session {
  readonly token: string;
  /** Where this org is called: `https://contoso.my.salesforce.com`. */
  readonly instanceUrl: string;
  readonly organizationId: string;
  readonly userId: string;
}

export interface SalesforceSignIn {
  /** @throws RemoteFailure, always surelyNotSent */
  session(): Promise<Session>;
  /** Forgets a session that was answered with 401: nothing else tells that it has ended. */
  invalidate(token: string): void;
}

/** The assertion may live three minutes; clocks differ. */
const ASSERTION_SECONDS = 120;

export function createSalesforceSignIn(options: SalesforceSignInOptions): SalesforceSignIn {
  let held: Session | undefined;
  let running: Promise<Session> | undefined;
  const signIn = async (): Promise<Session> => {
    const session = await askForSession(options);
    await options.onSignedIn?.(session.organizationId);
    return (held = session);
  };
  return {
    session() {
      if (held) return Promise.resolve(held);
      return (running ??= signIn().finally(() => (running = undefined)));
    },
    invalidate(token) {
      if (held?.token === token) held = undefined;
    },
  };
}

async function askForSession(options: SalesforceSignInOptions): Promise<Session> {
  const { OAuth2 } = await import('jsforce/lib/oauth2');
  const oauth = new OAuth2({ loginUrl: options.loginUrl, clientId: options.clientId });
  let answer: HttpResponse | undefined;
  // jsforce words the request; its own transport would try again and wait for ever.
  Object.assign(oauth, { _transport: { httpRequest: async (...call: Parameters<Transport['httpRequest']>) => (answer = await options.transport.httpRequest(...call)) } });
  try {
    const token = await oauth.requestToken({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(options) });
    return toSession(token);
  } catch (error) {
    throw answer ? refusal(answer.statusCode, answer.body) : notAnswered(error);
  }
}

function assertionOf({ loginUrl, clientId, username, privateKey }: SalesforceSignInOptions): string {
  const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const unsigned = `${encoded({ alg: 'RS256' })}.${encoded({ iss: clientId, sub: username, aud: audienceOf(loginUrl), exp: Math.floor(Date.now() / 1_000) + ASSERTION_SECONDS })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`;
}

/** The login or test host by name, whatever address is called (contract, "Salesforce, fine print"); My Domain tells by itself whether it is a sandbox's. */
export function audienceOf(loginUrl: string): string {
  const { hostname, origin } = new URL(loginUrl);
  if (isLoopback(hostname)) return origin;
  return hostname === 'test.salesforce.com' || /\.(sandbox|scratch)\.my\.salesforce\.com$|--[^.]+\.my\.salesforce\.com$/.test(hostname) ? 'https://test.salesforce.com' : 'https://login.salesforce.com';
}

/** `id` is `https://login.salesforce.com/id/<organisation>/<user>`. */
function toSession({ access_token: token, instance_url: instanceUrl, id }: { readonly access_token: string; readonly instance_url: string; readonly id: string }): Session {
  const [organizationId, userId] = String(id).split('/').slice(-2).map((part) => toLongId(part));
  const address = URL.canParse(instanceUrl) ? new URL(instanceUrl) : undefined;
  if (!token || !organizationId || !userId || !address || !(address.protocol === 'https:' || isLoopback(address.hostname))) {
    throw failed(`The sign-in of ${DISPLAY_NAME} answered what no sign-in answers. Check COSELL_SALESFORCE_LOGIN_URL.`, { class: 'unreachable', surelyNotSent: true });
  }
  return { token, instanceUrl: address.origin, organizationId, userId };
}

/** Sentences of the token endpoint that an admin knows from Salesforce's own pages, and what each of them means (platform-facts of the vendor's help; docs/admin-salesforce.md). */
const remedies: Readonly<Record<string, string>> = {
  "user hasn't approved this consumer": 'Let admin approved users be pre-authorized in the External Client App, and give its permission set to the user.',
  'audience is invalid': 'COSELL_SALESFORCE_LOGIN_URL is the login address of the other kind of org (production, sandbox).',
  'invalid assertion': 'The private key does not belong to the certificate that was uploaded to the External Client App.',
  'client identifier invalid': 'COSELL_SALESFORCE_CLIENT_ID is no consumer key of this org.',
  'user is inactive': 'The integration user is not active.',
  'user is invalid': 'COSELL_SALESFORCE_USERNAME names no user of this org.',
  'expired authorization code': 'The clock of this host is wrong.',
};

function refusal(status: number, text: string): Error {
  if (status === 429 || /login rate exceeded/i.test(text)) return failed(`The sign-in of ${DISPLAY_NAME} asks us to slow down.`, { class: 'throttled', status, surelyNotSent: true });
  if (status >= 500) return failed(`The sign-in of ${DISPLAY_NAME} is busy (${status}). It is tried again by itself.`, { class: 'unreachable', status, surelyNotSent: true });
  const said = parse(text);
  if (!said.error) return failed(`The sign-in of ${DISPLAY_NAME} answered what no sign-in answers (${status}). Check COSELL_SALESFORCE_LOGIN_URL.`, { class: 'unreachable', status, surelyNotSent: true });
  // Only sentences that are known to name nobody are repeated.
  const known = Object.keys(remedies).find((sentence) => said.description.includes(sentence));
  return failed(`The sign-in of ${DISPLAY_NAME} was refused (${[said.error, known].filter(Boolean).join(': ')}). ${known ? remedies[known] : 'Check consumer key, user name and private key.'}`, { class: 'auth', status, surelyNotSent: true });
}

function parse(text: string): { readonly error: string; readonly description: string } {
  try {
    const { error, error_description: description } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return { error: typeof error === 'string' ? error : '', description: typeof description === 'string' ? description : '' };
  } catch {
    return { error: '', description: '' };
  }
}

function notAnswered(error: unknown): Error {
  const failure = networkFailure(error, CONNECTION, `The sign-in of ${DISPLAY_NAME}`, 'get a session');
  return failed(failure.message, { class: 'unreachable', surelyNotSent: true, cause: failure.cause });
}
