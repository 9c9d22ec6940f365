// Access tokens for Dataverse and Partner Center: taken from memory while they last, asked for once however many wait.
import type { Timings } from '../../timings';
import { openRefreshTokens, type RefreshTokens, type RefreshTokenSource } from './refreshTokens';
import { isLoopback, openTokenEndpoint, type TokenEndpoint, type Tokens } from './tokenEndpoint';

/** Audiences of Partner Center: they stay, whatever addresses are called (contract, "Service configuration"). */
export const partnerCenterAudiences = { referrals: 'https://api.partner.microsoft.com', webhooks: 'https://api.partnercenter.microsoft.com' } as const;

export interface SignInOptions {
  readonly connection: string;
  readonly displayName: string;
  /** `https://login.microsoftonline.com`, without the tenant. */
  readonly authorityUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** With a refresh token: an app and its user, v1 endpoint with `resource`. Without: the app alone, v2 endpoint with `<audience>/.default`. */
  readonly refreshToken?: RefreshTokenSource;
  readonly timings: Pick<Timings, 'connect' | 'answer'>;
  /**
   * Called with every new token before anybody gets it, so that the organisation behind it can be checked; what it throws, the callers get,
   * and the token is forgotten. Use the token given: asking for one here would wait for itself.
   */
  readonly onSignedIn?: (audience: string, token: string) => Promise<void>;
}

export interface SignIn {
  /** A token for an audience (`https://org.crm.dynamics.com`). @throws RemoteFailure, always surelyNotSent */
  token(audience: string): Promise<string>;
  /** Forgets a token that was answered with 401. */
  invalidate(token: string): void;
}

interface Held {
  readonly token: string;
  readonly until: number;
}

export function createSignIn(options: SignInOptions): SignIn {
  const grant = options.refreshToken ? byRefreshToken(options, options.refreshToken) : byClientCredentials(options);
  const held = new Map<string, Held>();
  const running = new Map<string, Promise<string>>();

  const signInTo = async (audience: string): Promise<string> => {
    const startedOn = Date.now();
    const tokens = await grant(audience);
    await options.onSignedIn?.(audience, tokens.accessToken);
    held.set(audience, { token: tokens.accessToken, until: startedOn + tokens.livesMs - marginOf(tokens.livesMs) });
    return tokens.accessToken;
  };
  return {
    token(audience) {
      const known = held.get(audience);
      if (known && known.until > Date.now()) return Promise.resolve(known.token);
      const waiting = running.get(audience) ?? signInTo(audience).finally(() => running.delete(audience));
      running.set(audience, waiting);
      return waiting;
    },
    invalidate(token) {
      for (const [audience, known] of held) if (known.token === token) held.delete(audience);
    },
  };
}

/** A token is renewed before it can expire on its way: two minutes, less for one that lives shortly. */
const marginOf = (livesMs: number): number => Math.min(120_000, livesMs / 4);

type Grant = (audience: string) => Promise<Tokens>;

function byClientCredentials(options: SignInOptions): Grant {
  const endpoint = openTokenEndpoint({ ...options, address: endpointOf(options, 'oauth2/v2.0/token'), signInAgain: 'Check tenant, client id and client secret of the application.' });
  return (audience) => endpoint.clientCredentials(`${audience.replace(/\/+$/, '')}/.default`);
}

function byRefreshToken(options: SignInOptions, source: RefreshTokenSource): Grant {
  const signInAgain = 'Sign in again with "cosell login".';
  const endpoint = openTokenEndpoint({ ...options, address: endpointOf(options, 'oauth2/token'), signInAgain });
  const tokens = openRefreshTokens(source, options.connection, options.displayName, signInAgain);
  let last: Promise<unknown> = Promise.resolve();
  // One after the other, over all audiences: each grant may rotate the one refresh token that the next needs.
  return (audience) => {
    const mine = last.then(() => refresh(endpoint, tokens, audience));
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function refresh(endpoint: TokenEndpoint, tokens: RefreshTokens, audience: string): Promise<Tokens> {
  const used = await tokens.current();
  const answer = await endpoint.refreshToken(used, audience).catch(async (error: unknown) => {
    // Another process may have rotated the token between our look and our grant.
    const newer = await tokens.current();
    if (newer === used) throw error;
    return endpoint.refreshToken(newer, audience);
  });
  if (answer.refreshToken !== undefined && answer.refreshToken !== used) await tokens.rotated(answer.refreshToken);
  return answer;
}

/** @throws Error when the authority is plain http and not this machine */
function endpointOf(options: SignInOptions, path: string): string {
  const authority = new URL(options.authorityUrl);
  if (authority.protocol !== 'https:' && !isLoopback(authority.hostname)) throw new Error('The sign-in address must be https. Correct COSELL_AUTHORITY_URL.');
  return `${options.authorityUrl.replace(/\/+$/, '')}/${encodeURIComponent(options.tenantId)}/${path}`;
}
