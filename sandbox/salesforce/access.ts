// Who is calling, and what they may do: sessions that end, permission sets, fields and rights that were taken away.
import { randomBytes } from 'node:crypto';
import { Problem } from './problem';
import { readId } from './ids';
import { isDeleted, type RowStore } from './rowStore';
import type { Field, SObject, Verb } from './schema/field';
import type { Rights } from './schema/permissionSets';
import { createNaming, type Naming, type Schema } from './schema/schema';

export interface Caller {
  readonly userId: string;
  /** The connector's own user, whose writes the package's trigger does not answer. */
  readonly hasIntegrationPermission: boolean;
  readonly isIntegration: boolean;
  readonly naming: Naming;
  readonly client?: string;
  may(object: SObject, verb: Verb): boolean;
  sees(object: SObject, field: Field): boolean;
  edits(object: SObject, field: Field): boolean;
}

export interface Access {
  /** @throws Problem 401 without a session that is good. */
  authenticate(headers: Readonly<Record<string, string>>): Caller;
  callerFor(userId: string, headers?: Readonly<Record<string, string>>): Caller;
  issue(userId: string): string;
  /** False when there was no such session. */
  revoke(token: string): boolean;
  /** Ends every session of the API user; answers how many. */
  revokeAll(): number;
  setSessionSeconds(seconds: number): void;
  /** 0 never, 1 always: how many requests find their session gone, after its first five. */
  setExpiryShare(share: number): void;
  sellerToken(userId: string): string;
}

export interface AccessOptions {
  readonly store: RowStore;
  readonly schema: Schema;
  readonly integrationUser: string;
  readonly integrationRights: Rights;
  readonly personRights: Rights;
  readonly sessionSeconds: number;
  readonly expiryShare: number;
  now(): number;
  random(): number;
}

interface Session {
  readonly userId: string;
  readonly expires: number;
}

/** The custom permission of the package (contract, "Names that can never change"). */
const INTEGRATION = 'Cosell_Integration';
const SAFE_USES = 5;

export function createAccess(options: AccessOptions): Access {
  const { store, schema, now } = options;
  let { sessionSeconds, expiryShare } = options;
  const organization = (): string => store.settings.organizationId.slice(0, 15);
  const callerFor = (userId: string, headers: Readonly<Record<string, string>> = {}): Caller => {
    const isIntegration = userId === options.integrationUser;
    const rights = isIntegration ? options.integrationRights : options.personRights;
    const call = readCallOptions(headers['sforce-call-options']);
    const secured = (object: SObject, field: Field): { read: boolean; edit: boolean } | undefined => (isIntegration ? store.settings.secured[`${object.name}.${field.name}`] : undefined);
    return {
      userId, isIntegration, naming: createNaming(schema, call.defaultNamespace), ...(call.client === undefined ? {} : { client: call.client }),
      hasIntegrationPermission: rights.customPermissions.has(INTEGRATION),
      may: (object, verb) => object.verbs.includes(verb) && !(isIntegration && store.settings.removedRights.includes(`${object.name}.${verb}`)) && rights.may(object, verb),
      sees: (object, field) => secured(object, field)?.read !== false && rights.sees(object, field),
      edits: (object, field) => (secured(object, field)?.edit ?? true) && rights.edits(object, field),
    };
  };
  const uses = new Map<string, number>();
  /** A session that has just begun lasts for a while: nobody loses two in a row. */
  const endsEarly = (token: string): boolean => {
    uses.set(token, (uses.get(token) ?? 0) + 1);
    return (uses.get(token) ?? 0) > SAFE_USES && options.random() < expiryShare;
  };
  const endOne = (token: string): boolean => {
    uses.delete(token);
    if (!store.recall<Session>(`session:${token}`)) return false;
    store.forget(`session:${token}`);
    return true;
  };
  return {
    callerFor,
    authenticate(headers) {
      const token = /^(?:Bearer|OAuth) (?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups?.token;
      if (token === undefined) throw new Problem(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
      const seller = sellerOf(token, organization());
      if (seller !== undefined && isActive(store, seller)) return callerFor(seller, headers);
      const session = store.recall<Session>(`session:${token}`);
      // A session belongs to the organisation that gave it; a copy of the org knows none of them.
      const isGone = !session || !token.startsWith(`${organization()}!`) || session.expires <= now() || !isActive(store, session.userId) || endsEarly(token);
      if (isGone) {
        endOne(token);
        throw new Problem(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
      }
      // A request starts the time-out anew (salesforce.stackexchange.com/questions/212976); kept once in a while only, to spare the file.
      if (session.expires - now() < sessionSeconds * 900) store.keep(`session:${token}`, { ...session, expires: now() + sessionSeconds * 1_000 });
      return callerFor(session.userId, headers);
    },
    issue(userId) {
      const token = `${organization()}!AQEA${randomBytes(60).toString('base64url')}`;
      store.keep(`session:${token}`, { userId, expires: now() + sessionSeconds * 1_000 } satisfies Session);
      return token;
    },
    revoke: endOne,
    revokeAll() {
      const sessions = store.kept<Session>('session:');
      for (const [key] of sessions) store.forget(key);
      return sessions.length;
    },
    setSessionSeconds: (seconds) => void (sessionSeconds = seconds),
    setExpiryShare: (share) => void (expiryShare = share),
    sellerToken(userId) {
      const id = readId(userId);
      if (!id || !isActive(store, id)) throw new Problem(404, 'NOT_FOUND', `There is no active user ${userId}.`);
      return `${organization()}!seller.${id}`;
    },
  };
}

const sellerOf = (token: string, organization: string): string | undefined => (token.startsWith(`${organization}!seller.`) ? readId(token.slice(organization.length + '!seller.'.length)) : undefined);

function isActive(store: RowStore, userId: string): boolean {
  const user = store.get('User', userId);
  return user !== undefined && !isDeleted(user) && user.cells.IsActive === true;
}

/** `client=x, defaultNamespace=y` (REST guide, "Call Options Header"). @throws Problem 400 for anything else. */
function readCallOptions(header: string | undefined): { client?: string; defaultNamespace?: string } {
  const found: Record<string, string> = {};
  for (const part of (header ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const hit = /^(?<name>client|defaultNamespace)=(?<value>\S+)$/.exec(part)?.groups;
    if (!hit) throw new Problem(400, 'NOT_DOCUMENTED_HERE', `Sforce-Call-Options does not know '${part}'.`);
    found[hit.name ?? ''] = hit.value ?? '';
  }
  return found;
}
