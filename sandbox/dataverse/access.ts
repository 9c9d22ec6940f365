// Who is calling, and what they may do: tokens, privileges of the role, secured columns.
import { columnId, referenceId, type Row, type RowStore } from './rowStore';
import { readGuid, tables } from './model';
import type { Table } from './metadata/table';
import { Problem } from './problem';

export interface Caller {
  readonly id: string;
  readonly isApplication: boolean;
}

export interface TokenCheck {
  check(token: string, audience: string): { readonly tenantId: string; readonly clientId: string; readonly kind: 'app' | 'user' } | undefined;
}

export type Privilege = 'Create' | 'Read' | 'Write' | 'Delete';

export interface Access {
  /** @throws Problem 401 without a good token, 403 for one that is nobody here. */
  authenticate(headers: Readonly<Record<string, string>>): Caller;
  /** @throws Problem 403 naming the missing privilege. */
  demand(caller: Caller, privilege: Privilege, table: Table): void;
  canRead(caller: Caller, table: string, column: string): boolean;
  /** What RetrievePrincipalAccess answers for a row of this table, such as `ReadAccess, WriteAccess`. */
  rights(userId: string, table: Table): string;
  /** @throws Problem 403 when one of the columns is secured against this caller. */
  demandColumns(caller: Caller, table: Table, columns: readonly string[]): void;
  /** What RetrievePrincipalAttributePrivileges answers: secured columns only, 4 = allowed, 0 = not. */
  columnPrivileges(userId: string): readonly { AttributeId: string; CanRead: number; CanCreate: number; CanUpdate: number }[];
}

export interface AccessOptions {
  readonly entra: TokenCheck;
  /** Client id of an app registration to the application user it signs in as. */
  readonly clientIds: Readonly<Record<string, string>>;
  readonly audience: () => string;
  /** Tokens of another tenant are refused; any tenant when left out. */
  readonly tenantId?: string;
}

const bearer = (headers: Readonly<Record<string, string>>): string | undefined => /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];

/** Whether a person calls, by a token of the control's `sellerToken`. */
export const isPersonal = (headers: Readonly<Record<string, string>>): boolean => bearer(headers)?.startsWith('seller:') === true;

export function createAccess(store: RowStore, options: AccessOptions): Access {
  const person = (id: string): Caller => {
    const user = store.get('systemuser', id);
    if (!user || user.cells.isdisabled === true) throw notAMember();
    return { id, isApplication: typeof user.cells.applicationid === 'string' };
  };
  const limitOf = (isApplication: boolean, table: string, column: string): { canRead: boolean; canUpdate: boolean } | undefined => store.settings.secured[securedKey(table, column, isApplication ? 'application' : 'people')];
  const lacks = (id: string, privilege: string, table: Table): boolean => store.settings.removedPrivileges.includes(`${id} prv${privilege}${table.label.replaceAll(' ', '')}`);
  return {
    authenticate(headers) {
      refuseImpersonation(headers);
      const token = bearer(headers);
      const seller = isPersonal(headers) ? readGuid((token ?? '').slice('seller:'.length)) : undefined;
      if (seller) return person(seller);
      const known = token === undefined ? undefined : options.entra.check(token, options.audience());
      if (!known || (options.tenantId !== undefined && known.tenantId !== options.tenantId)) throw unauthorized(options.audience());
      const id = known.kind === 'app' ? options.clientIds[known.clientId] : undefined;
      if (!id) throw notAMember();
      return person(id);
    },
    demand(caller, privilege, table) {
      const name = `prv${privilege}${table.label.replaceAll(' ', '')}`;
      const isForbidden = !caller.isApplication && table.platform && privilege !== 'Read';
      if (!isForbidden && !lacks(caller.id, privilege, table)) return;
      throw new Problem(403, '0x80040220', `Principal user (Id=${caller.id}, type=8, roleCount=1, privilegeCount=100, accessMode=${caller.isApplication ? 4 : 0}) is missing ${name} privilege on OTC=${table.code} for entity '${table.name}'.`);
    },
    canRead: (caller, table, column) => limitOf(caller.isApplication, table, column)?.canRead !== false,
    rights: (userId, table) => (['Read', 'Write', 'Delete'] as const).filter((privilege) => !lacks(userId, privilege, table)).map((privilege) => `${privilege}Access`).join(', ') || 'None',
    demandColumns(caller, table, columns) {
      const denied = columns.filter((column) => limitOf(caller.isApplication, table.name, column)?.canUpdate === false);
      if (denied.length === 0) return;
      throw new Problem(403, '0x8004f508', `Caller user with Id ${caller.id} does not have update permissions for the following secured field(s) of entity '${table.name}': ${denied.join(', ')}.`);
    },
    columnPrivileges(userId) {
      const isApplication = typeof store.get('systemuser', userId)?.cells.applicationid === 'string';
      const paths = new Set(Object.keys(store.settings.secured).map((key) => key.split(' ')[0] ?? ''));
      return [...paths].map((path) => {
        const [table = '', column = ''] = path.split('.');
        const may = limitOf(isApplication, table, column);
        const level = (allowed: boolean | undefined): number => (allowed === false ? 0 : 4);
        return { AttributeId: columnId(table, column), CanRead: level(may?.canRead), CanCreate: level(may?.canUpdate), CanUpdate: level(may?.canUpdate) };
      });
    },
  };
}

/** Where a column's security is kept: against application users, or against people. */
export const securedKey = (table: string, column: string, whom: 'application' | 'people'): string => `${table}.${column}${whom === 'people' ? ' people' : ''}`;

/** Impersonation needs prvActOnBehalfOfAnotherUser (dataverse.md section 4), which no role here has. */
function refuseImpersonation(headers: Readonly<Record<string, string>>): void {
  if (headers.mscrmcallerid === undefined && headers.callerobjectid === undefined) return;
  throw new Problem(403, '0x80040220', 'The caller is missing the prvActOnBehalfOfAnotherUser privilege.');
}

const unauthorized = (resource: string): Problem =>
  new Problem(401, '0x80072567', 'Authorization failed: no token, or one that was not issued for this environment.', {
    'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=${resource}/`,
  });

const notAMember = (): Problem => new Problem(403, '0x80072560', 'The user is not a member of the organization.');

export const businessUnitOf = (store: RowStore, user: string): string | undefined => referenceId((store.get('systemuser', user) as Row | undefined)?.cells.businessunitid);

/** `prvWriteOpportunity` and the like, as `removePrivilege` takes them. */
export const isPrivilegeName = (name: string): boolean => tables.some((table) => (['Create', 'Read', 'Write', 'Delete'] as const).some((verb) => name === `prv${verb}${table.label.replaceAll(' ', '')}`));
