// The stand-in for Microsoft Entra: gives the tokens that the stand-ins of Partner Center and Dataverse ask for.
import { startStandIn, type Route, type StandInAnswer, type StandInRequest, type StandInServer } from '../kit/standIn';
import { refuseSignIn } from './refusals';
import { openSignIns, type EntraClient, type SignIns, type TokenOwner } from './signIns';

export type { EntraClient, TokenOwner } from './signIns';

export interface EntraOptions {
  readonly host?: string;
  /** 0 or nothing picks a free port. */
  readonly port?: number;
  /** Journal of refresh and access tokens; without it they live in memory. */
  readonly dataFile?: string;
  readonly clients: readonly EntraClient[];
  /** How long an access token is good, 3600 s by default. */
  readonly accessTokenSeconds?: number;
  /** Resources that exist; any http(s) address when left out. */
  readonly resources?: readonly string[];
  readonly now?: () => number;
}

export interface Entra {
  readonly url: string;
  readonly server: StandInServer;
  /** Whose token this is, when it is good for that audience now. */
  check(token: string, audience: string): TokenOwner | undefined;
  /** A token without a request, for tests of the other stand-ins. */
  issue(owner: TokenOwner, audience: string): string;
  /** From now on every refresh is refused with `invalid_grant`, until `restoreSignIn`. */
  expireSignIn(): void;
  restoreSignIn(): void;
  isSignInExpired(): boolean;
  /** Every access token given so far stops working; returns how many. */
  revokeAccessTokens(): number;
  /** All but each client's newest refresh token stop working; returns how many. */
  revokeOldRefreshTokens(): number;
  setAccessTokenSeconds(seconds: number): void;
  close(): Promise<void>;
}

/** Starts the stand-in. @throws when the port is taken */
export async function startEntra(options: EntraOptions): Promise<Entra> {
  let seconds = options.accessTokenSeconds ?? 3_600;
  const now = options.now ?? Date.now;
  const signIns = openSignIns(options.clients, options.dataFile, () => seconds, now);
  const control = {
    expireSignIn: () => signIns.setSignInExpired(true),
    restoreSignIn: () => signIns.setSignInExpired(false),
    isSignInExpired: signIns.isSignInExpired,
    revokeAccessTokens: signIns.revokeAccess,
    revokeOldRefreshTokens: signIns.revokeOldRefreshTokens,
    setAccessTokenSeconds: (value: number) => void (seconds = value),
  };
  const tokens: TokenDesk = { signIns, seconds: () => seconds, knowsResource: (resource) => isAddress(resource) && (options.resources === undefined || options.resources.includes(resource.replace(/\/+$/, ''))) };
  const server = await startStandIn(
    {
      name: 'Entra stand-in',
      ...(options.host === undefined ? {} : { host: options.host }),
      port: options.port ?? 0,
      refuse: (fault, retryAfter) => refuseSignIn(fault === '429' ? 'tooMany' : 'busy', '', retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    [...tokenRoutes(tokens), ...controlRoutes(control)],
  );
  return { url: server.url, server, check: signIns.check, issue: (owner, audience) => signIns.issueAccess(owner, audience).token, ...control, close: server.close };
}

interface TokenDesk {
  readonly signIns: SignIns;
  seconds(): number;
  knowsResource(resource: string): boolean;
}

type Version = 'v1' | 'v2';

function tokenRoutes(desk: TokenDesk): Route[] {
  const route = (path: RegExp, version: Version): Route => ({ method: 'POST', path, kind: 'token', handle: (request) => giveToken(desk, request, version) });
  return [route(/^\/(?<tenant>[^/]+)\/oauth2\/v2\.0\/token$/, 'v2'), route(/^\/(?<tenant>[^/]+)\/oauth2\/token$/, 'v1')];
}

function giveToken(desk: TokenDesk, request: StandInRequest, version: Version): StandInAnswer {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const tenant = request.params.tenant ?? '';
  const grant = form.get('grant_type');
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '') || !grant) return refuseSignIn('missingField', 'grant_type');
  if (!desk.signIns.knowsTenant(tenant)) return refuseSignIn('tenantUnknown', tenant);
  const client = authenticate(desk, request, form, tenant);
  if ('status' in client) return client;
  if (grant === 'client_credentials') return version === 'v2' ? appTokenV2(desk, client, form, tenant) : appTokenV1(desk, client, form, tenant);
  // The referral pages know the refresh only at the v1 address, with `resource` (partner-center.md 1.2).
  if (grant === 'refresh_token' && version === 'v1') return userToken(desk, client, form);
  return refuseSignIn('grantUnknown', grant);
}

/** client_secret_post or client_secret_basic (RFC 6749 2.3.1: both parts form-encoded before base64). */
function authenticate(desk: TokenDesk, request: StandInRequest, form: URLSearchParams, tenant: string): EntraClient | StandInAnswer {
  const basic = /^Basic\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [basicId, basicSecret] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s).map(formDecoded);
  const id = basicId ?? form.get('client_id');
  const secret = basicSecret ?? form.get('client_secret');
  if (!id) return refuseSignIn('missingField', 'client_id');
  const client = desk.signIns.findClient(tenant, id);
  if (!client) return refuseSignIn('clientUnknown', id);
  if (!secret) return refuseSignIn('secretMissing');
  return client.clientSecret === secret ? client : refuseSignIn('secretWrong', id);
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function appTokenV2(desk: TokenDesk, client: EntraClient, form: URLSearchParams, tenant: string): StandInAnswer {
  const scope = form.get('scope');
  if (!scope) return refuseSignIn('missingField', 'scope');
  if (!/^\S+\/\.default$/.test(scope)) return refuseSignIn('scopeWrong', scope);
  if (tenant === 'common') return refuseSignIn('tenantNeeded', tenant);
  const resource = scope.replace(/\/+\.default$/, '');
  if (!desk.knowsResource(resource)) return refuseSignIn('resourceUnknown', resource);
  const { token } = desk.signIns.issueAccess({ tenantId: client.tenantId, clientId: client.clientId, kind: 'app' }, resource);
  return given({ token_type: 'Bearer', expires_in: desk.seconds(), ext_expires_in: desk.seconds(), access_token: token });
}

function appTokenV1(desk: TokenDesk, client: EntraClient, form: URLSearchParams, tenant: string): StandInAnswer {
  const resource = form.get('resource');
  if (!resource) return refuseSignIn('missingField', 'resource');
  if (tenant === 'common') return refuseSignIn('tenantNeeded', tenant);
  if (!desk.knowsResource(resource)) return refuseSignIn('resourceUnknown', resource);
  return given(v1Token(desk, { tenantId: client.tenantId, clientId: client.clientId, kind: 'app' }, resource));
}

function userToken(desk: TokenDesk, client: EntraClient, form: URLSearchParams): StandInAnswer {
  const refreshToken = form.get('refresh_token');
  const resource = form.get('resource');
  if (!refreshToken) return refuseSignIn('missingField', 'refresh_token');
  if (!resource) return refuseSignIn('missingField', 'resource');
  const verdict = desk.signIns.judgeRefresh(refreshToken, client);
  if (verdict === 'unknown') return refuseSignIn('refreshUnknown');
  if (verdict === 'revoked') return refuseSignIn('refreshRevoked');
  if (verdict === 'signInExpired') return refuseSignIn('signInExpired');
  if (!desk.knowsResource(resource)) return refuseSignIn('resourceUnknown', resource);
  const token = v1Token(desk, { tenantId: client.tenantId, clientId: client.clientId, kind: 'user' }, resource);
  // A new refresh token each time; the old one goes on working until it expires or is revoked (Secure Application Model, partner-center.md 1.2).
  return given({ ...token, scope: 'user_impersonation', refresh_token: desk.signIns.issueRefresh(client), id_token: idToken(client) });
}

/** The v1 address adds who signed in (partner-center.md 1.2), as a token that nobody signed, of another issuer than the authority (Learn, "ID token claims reference"). */
function idToken({ clientId, tenantId }: EntraClient): string {
  const part = (claims: Record<string, unknown>): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'none' })}.${part({ aud: clientId, iss: `https://sts.windows.net/${tenantId}/`, tid: tenantId, ver: '1.0' })}.`;
}

/** v1 writes every number as a string (partner-center.md 1.2). */
function v1Token(desk: TokenDesk, owner: TokenOwner, resource: string): Record<string, string> {
  const { token, expires } = desk.signIns.issueAccess(owner, resource);
  const expiresOn = Math.floor(expires / 1_000);
  return {
    token_type: 'Bearer',
    expires_in: String(desk.seconds()),
    ext_expires_in: String(desk.seconds()),
    expires_on: String(expiresOn),
    not_before: String(expiresOn - desk.seconds()),
    resource,
    access_token: token,
  };
}

const given = (body: Record<string, unknown>): StandInAnswer => ({ status: 200, headers: { 'cache-control': 'no-store', pragma: 'no-cache' }, body });

const isAddress = (resource: string): boolean => /^https?:\/\/[^\s/]+/.test(resource);

type Control = Pick<Entra, 'expireSignIn' | 'restoreSignIn' | 'revokeAccessTokens' | 'revokeOldRefreshTokens' | 'setAccessTokenSeconds'>;

function controlRoutes(control: Control): Route[] {
  const post = (name: string, act: (request: StandInRequest) => number | void): Route => ({
    method: 'POST',
    path: new RegExp(`^/__sandbox/${name}$`),
    kind: '',
    control: true,
    handle: (request) => ({ status: 200, body: { done: name, count: act(request) ?? null } }),
  });
  return [
    post('expire-sign-in', control.expireSignIn),
    post('restore-sign-in', control.restoreSignIn),
    post('revoke-access-tokens', control.revokeAccessTokens),
    post('revoke-old-refresh-tokens', control.revokeOldRefreshTokens),
    post('access-token-seconds', (request) => control.setAccessTokenSeconds((JSON.parse(request.body.toString('utf8')) as { seconds: number }).seconds)),
  ];
}
