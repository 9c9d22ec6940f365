// One grant at the Entra token endpoint, by openid-client; what went wrong is told in the schedule's classes.
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { RemoteFailure, type FailureClass } from '../../ports/failure';
import type { Timings } from '../../timings';
import { networkFailure, retryAfterMs } from './networkFailure';

export interface TokenEndpointOptions {
  /** Key of the connection that the tokens are for. */
  readonly connection: string;
  readonly displayName: string;
  /** The whole address, `<authority>/<tenant>/oauth2/v2.0/token`. */
  readonly address: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timings: Pick<Timings, 'connect' | 'answer'>;
  readonly signInAgain: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Milliseconds that the access token lives. */
  readonly livesMs: number;
}

export interface TokenEndpoint {
  /** @throws RemoteFailure: auth when refused, throttled, unreachable; always surelyNotSent, since the call that needed the token was not made */
  clientCredentials(scope: string): Promise<Tokens>;
  /** @throws RemoteFailure */
  refreshToken(refreshToken: string, resource: string): Promise<Tokens>;
}

export function openTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const configuration = configure(options);
  const run = async (grant: () => Promise<oidc.TokenEndpointResponse>): Promise<Tokens> => {
    try {
      const answer = await grant();
      return { accessToken: answer.access_token, refreshToken: answer.refresh_token, livesMs: (answer.expires_in ?? 300) * 1000 };
    } catch (error) {
      throw signInFailure(error, options);
    }
  };
  return {
    clientCredentials: (scope) => run(() => oidc.clientCredentialsGrant(configuration, { scope })),
    refreshToken: (refreshToken, resource) => run(() => oidc.refreshTokenGrant(configuration, refreshToken, { resource })),
  };
}

function configure(options: TokenEndpointOptions): oidc.Configuration {
  const address = new URL(options.address);
  // The endpoints are fixed by the contract; discovery would only be one more call that can fail.
  const configuration = new oidc.Configuration({ issuer: address.origin, token_endpoint: address.href }, options.clientId, undefined, oidc.ClientSecretPost(options.clientSecret));
  if (address.protocol === 'http:') {
    if (!isLoopback(address.hostname)) throw new Error('The sign-in address must be https. Correct COSELL_AUTHORITY_URL.');
    oidc.allowInsecureRequests(configuration);
  }
  configuration.timeout = options.timings.answer / 1000;
  configuration[oidc.customFetch] = fetchWith(options);
  return configuration;
}

/** Whether plain http is allowed there: this very machine. */
export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);

/** Tokens have some thousand characters. */
const LARGEST_ANSWER = 1024 * 1024;

/** Fetch with our own time-outs that turns away what is no word about the sign-in: no answer, 429, 5xx. */
function fetchWith(options: TokenEndpointOptions): oidc.CustomFetch {
  const dispatcher = new Agent({ connect: { timeout: options.timings.connect }, headersTimeout: options.timings.answer, bodyTimeout: options.timings.answer, maxResponseSize: LARGEST_ANSWER });
  return async (url, { body, headers, method, signal }) => {
    let text: string;
    let answer: Awaited<ReturnType<typeof undiciFetch>>;
    try {
      answer = await undiciFetch(url, { body: body?.toString() ?? null, headers, method, redirect: 'manual', signal: signal ?? null, dispatcher });
      text = await answer.text();
    } catch (error) {
      throw notAnswered(networkFailure(error, options.connection, `The sign-in of ${options.displayName}`, 'get a token'));
    }
    if (answer.status === 429 || answer.status >= 500) throw busy(answer.status, answer.headers, options);
    return new Response(withoutIdToken(text), { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') ?? '' } });
  };
}

const notAnswered = (failure: RemoteFailure): RemoteFailure =>
  new RemoteFailure(failure.message, { connection: failure.connection, class: 'unreachable', surelyNotSent: true, cause: failure.cause });

function busy(status: number, headers: { get(name: string): string | null } | undefined, options: TokenEndpointOptions): RemoteFailure {
  const kind: FailureClass = status === 429 ? 'throttled' : 'unreachable';
  const waitMs = retryAfterMs(headers?.get('retry-after'), Date.parse(headers?.get('date') ?? '') || Date.now());
  return new RemoteFailure(`The sign-in of ${options.displayName} is busy (${status}). It is tried again by itself.`, {
    connection: options.connection, class: kind, status, surelyNotSent: true, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

/**
 * The v1 endpoint answers a refresh with an unsigned id token whose issuer is sts.windows.net (Entra, "ID token v1.0"); openid-client would
 * refuse the whole answer for it. We ask for no identity, so the member is dropped.
 */
function withoutIdToken(text: string): string {
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(rest);
  } catch {
    return text;
  }
}

/** Never carries the endpoint's own sentence (it names applications, users and addresses): the OAuth word and Entra's number say it all. */
function signInFailure(error: unknown, options: TokenEndpointOptions): RemoteFailure {
  const failure = remoteFailureIn(error);
  if (failure) return failure;
  const details = { connection: options.connection, surelyNotSent: true };
  if (error instanceof oidc.ResponseBodyError) {
    if (error.error === 'temporarily_unavailable' || error.error === 'server_error') return busy(error.status, undefined, options);
    const number = /AADSTS\d+/.exec(error.error_description ?? '')?.[0];
    const said = [error.error, number].filter(Boolean).join(', ');
    return new RemoteFailure(`The sign-in of ${options.displayName} was refused (${said}). ${options.signInAgain}`, { ...details, class: 'auth', status: error.status });
  }
  if (error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT') {
    return new RemoteFailure(`The sign-in of ${options.displayName} cannot be reached (no answer in time). It is tried again by itself.`, { ...details, class: 'unreachable' });
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) {
    return new RemoteFailure(`The sign-in of ${options.displayName} was refused (${error.status}). ${options.signInAgain}`, { ...details, class: 'auth', status: error.status });
  }
  return new RemoteFailure(`The sign-in of ${options.displayName} answered what no sign-in answers. Check COSELL_AUTHORITY_URL.`, { ...details, class: 'unreachable' });
}

/** openid-client wraps what its fetch throws. */
function remoteFailureIn(error: unknown): RemoteFailure | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof RemoteFailure) return at;
  return undefined;
}
