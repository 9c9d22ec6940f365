// Opportunity form: what this seller may do with the record and with secured columns, asked as the platform's page asks it.
import type { TableModel } from '../../../dynamics/tableModel';
import { readSettings } from '../../settings';
import type { Attribute } from './attribute';
import { readRow, readRows } from './webApi';

export interface RecordAccess {
  readonly canWrite: boolean;
  securityOf(column: string): Attribute['security'];
}

const FREE: Attribute['security'] = { isSecured: false, canRead: true, canUpdate: true };
const ALLOWED = 4;

/** @param id none for a record that is not saved yet */
export async function readAccess(table: TableModel, id: string | undefined): Promise<RecordAccess> {
  const user = readSettings().user?.id ?? '';
  const [canWrite, secured] = await Promise.all([id === undefined ? true : mayWrite(table, id, user), securedColumns(table, user)]);
  return { canWrite, securityOf: (column) => secured.get(column) ?? FREE };
}

async function mayWrite(table: TableModel, id: string, user: string): Promise<boolean> {
  const target = encodeURIComponent(JSON.stringify({ '@odata.id': `${table.set}(${id})` }));
  const { AccessRights: rights } = await readRow(`systemusers(${user})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${target}`);
  return String(rights).split(/,\s*/).includes('WriteAccess');
}

async function securedColumns(table: TableModel, user: string): Promise<ReadonlyMap<string, Attribute['security']>> {
  const principal = encodeURIComponent(JSON.stringify({ '@odata.id': `systemusers(${user})` }));
  const { AttributePrivileges: all } = (await readRow(`RetrievePrincipalAttributePrivileges(Principal=@p)?@p=${principal}`)) as { AttributePrivileges?: readonly { AttributeId: string; CanRead: number; CanUpdate: number }[] };
  if (!all || all.length === 0) return new Map();
  const names = new Map((await readRows(`EntityDefinitions(LogicalName='${table.name}')/Attributes?$select=LogicalName,MetadataId`)).map((each) => [String(each.MetadataId), String(each.LogicalName)]));
  return new Map(all.flatMap(({ AttributeId: id, CanRead: read, CanUpdate: update }) => (names.has(id) ? [[names.get(id) ?? '', { isSecured: true, canRead: read === ALLOWED, canUpdate: update === ALLOWED }] as const] : [])));
}
