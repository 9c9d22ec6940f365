// Signing in: the token endpoint's JWT bearer flow, its end, and who a session is (salesforce.md section 7, "Auth"; platform-facts.md section 9).
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Route, StandInAnswer, StandInRequest } from '../kit/standIn';
import type { Org } from './org';
import { isDeleted } from './rowStore';
import { notFound, Problem, problemAnswer } from './problem';

export interface SignInApp {
  /** Consumer key of the External Client App. */
  readonly clientId: string;
  /** The uploaded certificate, or the public key in it; PEM. */
  readonly publicKey: string;
  /** The user it may sign in as. */
  readonly username: string;
}

export interface SignIn {
  readonly routes: readonly Route[];
  /** Admin approved users are pre-authorized, or not. */
  setApproved(approved: boolean): void;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Longest life of an assertion: 3 minutes (salesforce.md section 7). A little is granted for clocks that differ. */
const LONGEST_LIFE = 180 + 10;

/** @throws Error when the key is not RSA of at least 2048 bits (platform-facts.md section 9). */
export function createSignIn(org: () => Org, app: SignInApp, audiences: readonly string[]): SignIn {
  const key = readKey(app.publicKey);
  let approved = true;
  const give = (request: StandInRequest): StandInAnswer => {
    const form = new URLSearchParams(request.body.toString('utf8'));
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    if (!isForm || form.get('grant_type') !== GRANT) return refuse('unsupported_grant_type', 'grant type not supported');
    const claims = readAssertion(form.get('assertion') ?? '', key, app.clientId);
    if (claims === 'client') return refuse('invalid_client_id', 'client identifier invalid');
    if (claims === 'assertion') return refuse('invalid_grant', 'invalid assertion');
    // The host's own address, or the login host by name (contract, "Salesforce, fine print"). External Client Apps also take the My Domain address, and no longer the test host's.
    if (typeof claims.aud !== 'string' || ![org().url(), ...audiences].includes(claims.aud.replace(/\/$/, ''))) return refuse('invalid_grant', 'audience is invalid');
    const life = Number(claims.exp) - org().now() / 1_000;
    if (!(life > 0)) return refuse('invalid_grant', 'expired authorization code');
    if (life > LONGEST_LIFE) return refuse('invalid_grant', 'invalid assertion');
    return session(org(), typeof claims.sub === 'string' ? claims.sub : '', app, approved);
  };
  return {
    setApproved: (value) => void (approved = value),
    routes: [
      { method: 'POST', path: /^\/services\/oauth2\/token$/, kind: 'token', handle: give },
      { method: 'POST', path: /^\/services\/oauth2\/revoke$/, kind: 'revoke', handle: (request) => revoke(org(), request) },
      { method: 'GET', path: /^\/services\/oauth2\/userinfo$/, kind: 'userinfo', handle: (request) => guarded(() => whoIs(org(), org().access.authenticate(request.headers).userId)) },
      { method: 'GET', path: /^\/id\/(?<organization>\w{18})\/(?<user>\w{18})$/, kind: 'identity', handle: (request) => guarded(() => identity(org(), request)) },
    ],
  };
}

function readKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) throw new Error('The certificate of the External Client App needs an RSA key of at least 2048 bits.');
  return key;
}

type Claims = Readonly<Record<string, unknown>>;

function readAssertion(assertion: string, key: KeyObject, clientId: string): Claims | 'client' | 'assertion' {
  const [head = '', body = '', signature = '', more] = assertion.split('.');
  const header = decode(head);
  const claims = decode(body);
  if (more !== undefined || !header || !claims || header.alg !== 'RS256') return 'assertion';
  if (claims.iss !== clientId) return 'client';
  return verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')) ? claims : 'assertion';
}

function decode(part: string): Claims | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function session(org: Org, username: string, app: SignInApp, approved: boolean): StandInAnswer {
  const user = org.store.list('User').find((row) => String(row.cells.Username).toLowerCase() === username.toLowerCase() && !isDeleted(row));
  if (!user) return refuse('invalid_grant', 'user is invalid');
  if (user.cells.IsActive !== true) return refuse('inactive_user', 'user is inactive');
  if (!approved || username.toLowerCase() !== app.username.toLowerCase()) return refuse('invalid_grant', "user hasn't approved this consumer");
  // No refresh token in this flow (salesforce.md section 7).
  return { status: 200, headers: { 'cache-control': 'no-store' }, body: { access_token: org.access.issue(user.id), scope: 'api', instance_url: org.url(), id: `${org.url()}/id/${org.store.settings.organizationId}/${user.id}`, token_type: 'Bearer' } };
}

function revoke(org: Org, request: StandInRequest): StandInAnswer {
  const token = new URLSearchParams(request.body.toString('utf8')).get('token') ?? '';
  return org.access.revoke(token) ? { status: 200 } : refuse('invalid_token', 'invalid token');
}

function identity(org: Org, request: StandInRequest): StandInAnswer {
  const { userId } = org.access.authenticate(request.headers);
  if (request.params.organization !== org.store.settings.organizationId || request.params.user !== userId) throw notFound();
  return whoIs(org, userId);
}

function whoIs(org: Org, userId: string): StandInAnswer {
  const user = org.store.get('User', userId)?.cells ?? {};
  const { organizationId } = org.store.settings;
  return {
    status: 200,
    body: {
      sub: `${org.url()}/id/${organizationId}/${userId}`, id: `${org.url()}/id/${organizationId}/${userId}`, user_id: userId, organization_id: organizationId, username: user.Username, preferred_username: user.Username, nick_name: user.Alias,
      name: user.Name, display_name: user.Name, email: user.Email, active: user.IsActive, user_type: 'STANDARD', urls: { rest: `${org.url()}/services/data/v{version}/`, sobjects: `${org.url()}/services/data/v{version}/sobjects/`, query: `${org.url()}/services/data/v{version}/query/` },
    },
  };
}

function guarded(run: () => StandInAnswer): StandInAnswer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error);
    throw error;
  }
}

const refuse = (error: string, description: string): StandInAnswer => ({ status: 400, headers: { 'cache-control': 'no-store' }, body: { error, error_description: description } });
