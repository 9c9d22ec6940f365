// What the Entra stand-in remembers: who may sign in, which tokens it gave out, and until when they are good.
import { randomBytes } from 'node:crypto';
import { openJournal, type Journal } from '../kit/journal';

export interface EntraClient {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A refresh token that somebody with a browser has obtained before; it counts from the first start. */
  readonly refreshToken?: string;
}

export interface TokenOwner {
  readonly tenantId: string;
  readonly clientId: string;
  /** `app`: client credentials; `user`: a refresh token, hence somebody who signed in. */
  readonly kind: 'app' | 'user';
}

interface AccessRow extends TokenOwner {
  readonly type: 'access';
  readonly audience: string;
  readonly expires: number;
}

interface RefreshRow {
  readonly type: 'refresh';
  readonly tenantId: string;
  readonly clientId: string;
  readonly number: number;
  readonly revoked: boolean;
}

interface SignInRow {
  readonly type: 'signIn';
  readonly expired: boolean;
}

type Row = AccessRow | RefreshRow | SignInRow;

export interface SignIns {
  findClient(tenant: string, clientId: string): EntraClient | undefined;
  knowsTenant(tenant: string): boolean;
  issueAccess(owner: TokenOwner, audience: string): { token: string; expires: number };
  issueRefresh(client: EntraClient): string;
  /** Whether a refresh token may be used, and if not, why. */
  judgeRefresh(token: string, client: EntraClient): 'good' | 'unknown' | 'revoked' | 'signInExpired';
  check(token: string, audience: string): TokenOwner | undefined;
  setSignInExpired(expired: boolean): void;
  isSignInExpired(): boolean;
  revokeAccess(): number;
  /** Revokes all but each client's newest refresh token. */
  revokeOldRefreshTokens(): number;
}

/** @param seconds how long an access token is good */
export function openSignIns(clients: readonly EntraClient[], dataFile: string | undefined, seconds: () => number, now: () => number): SignIns {
  const journal = openJournal<Row>(dataFile);
  seed(journal, clients);
  for (const [token, row] of [...journal.rows]) if (row.type === 'access' && row.expires <= now()) journal.remove(token);
  const refreshRows = (): [string, RefreshRow][] => [...journal.rows].filter((entry): entry is [string, RefreshRow] => entry[1].type === 'refresh');
  const isSignInExpired = (): boolean => {
    const row = journal.rows.get('signIn');
    return row?.type === 'signIn' && row.expired;
  };
  let newest = Math.max(0, ...refreshRows().map(([, row]) => row.number));
  return {
    findClient: (tenant, clientId) => clients.find((client) => client.clientId === clientId && servesTenant(client, tenant)),
    knowsTenant: (tenant) => clients.some((client) => servesTenant(client, tenant)),
    issueAccess(owner, audience) {
      const token = opaque(96);
      const expires = now() + seconds() * 1_000;
      journal.put(token, { ...owner, type: 'access', audience: bare(audience), expires });
      return { token, expires };
    },
    issueRefresh(client) {
      const token = `0.${opaque(180)}`;
      journal.put(token, { type: 'refresh', tenantId: client.tenantId, clientId: client.clientId, number: ++newest, revoked: false });
      return token;
    },
    judgeRefresh(token, client) {
      const row = journal.rows.get(token);
      if (row?.type !== 'refresh' || row.clientId !== client.clientId) return 'unknown';
      if (row.revoked) return 'revoked';
      return isSignInExpired() ? 'signInExpired' : 'good';
    },
    check(token, audience) {
      const row = journal.rows.get(token);
      if (row?.type !== 'access' || row.audience !== bare(audience)) return undefined;
      if (row.expires <= now()) return journal.remove(token), undefined;
      return { tenantId: row.tenantId, clientId: row.clientId, kind: row.kind };
    },
    setSignInExpired: (expired) => journal.put('signIn', { type: 'signIn', expired }),
    isSignInExpired,
    revokeAccess() {
      const tokens = [...journal.rows].filter(([, row]) => row.type === 'access').map(([token]) => token);
      for (const token of tokens) journal.remove(token);
      return tokens.length;
    },
    revokeOldRefreshTokens() {
      const old = refreshRows().filter(([, row]) => !row.revoked && refreshRows().some(([, other]) => other.clientId === row.clientId && other.number > row.number));
      for (const [token, row] of old) journal.put(token, { ...row, revoked: true });
      return old.length;
    },
  };
}

/** Resources are compared without the closing slash that v1 and v2 callers write or leave out. */
const bare = (audience: string): string => audience.replace(/\/+$/, '').toLowerCase();

const opaque = (length: number): string => randomBytes(length).toString('base64url').slice(0, length);

/** `common` is what the referral pages show for a user's sign-in (partner-center.md 1.2). */
const servesTenant = (client: EntraClient, tenant: string): boolean => tenant === 'common' || tenant.toLowerCase() === client.tenantId.toLowerCase();

function seed(journal: Journal<Row>, clients: readonly EntraClient[]): void {
  for (const { tenantId, clientId, refreshToken } of clients) {
    if (refreshToken && !journal.rows.has(refreshToken)) journal.put(refreshToken, { type: 'refresh', tenantId, clientId, number: 0, revoked: false });
  }
}
