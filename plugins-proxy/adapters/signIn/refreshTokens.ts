// Which refresh token to use: the one that was rotated in here, unless somebody has put a new one into the setting since.
import { createHash } from 'node:crypto';
import { RemoteFailure } from '../../ports/failure';
import type { Credentials } from '../../ports/credentials';

export interface RefreshTokenSource {
  /** `COSELL_PARTNER_CENTER_REFRESH_TOKEN`; left out where `cosell login` alone stores it. */
  readonly setting: string | undefined;
  readonly credentials: Credentials;
  /** Name under which the rotated token is stored. */
  readonly name: string;
}

export interface RefreshTokens {
  /** @throws RemoteFailure auth when there is none */
  current(): Promise<string>;
  /** Keeps what the endpoint rotated in; in memory too, so that a database that is down loses nothing while we run. */
  rotated(token: string): Promise<void>;
}

/** What is stored beside a token to tell whether the setting has changed since; hex, of the setting or of nothing. */
export const fingerprintOf = (setting: string | undefined): string => createHash('sha256').update(setting ?? '').digest('hex');

export function openRefreshTokens(source: RefreshTokenSource, connection: string, displayName: string, signInAgain: string): RefreshTokens {
  const fingerprint = fingerprintOf(source.setting);
  let unsaved: string | undefined;
  return {
    async current() {
      if (unsaved !== undefined) return unsaved;
      const stored = await source.credentials.read(source.name);
      const token = stored?.fingerprint === fingerprint ? stored.secret : source.setting;
      if (token) return token;
      throw new RemoteFailure(`There is no sign-in of ${displayName} yet. ${signInAgain}`, { connection, class: 'auth', surelyNotSent: true });
    },
    async rotated(token) {
      unsaved = token;
      await source.credentials.write(source.name, token, fingerprint);
      if (unsaved === token) unsaved = undefined;
    },
  };
}
