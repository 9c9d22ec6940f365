// Solution model: the columns that the platform gives every user-owned table. An export lists them, so the catalogue's sources do.
import { both, type Words } from './words';

export interface SystemColumn {
  readonly name: string;
  readonly type: 'lookup' | 'datetime' | 'int' | 'owner' | 'state' | 'status';
  readonly label: Words;
  readonly about: Words;
  readonly requiredLevel?: 'systemrequired';
  readonly displayMask?: string;
  readonly imeMode?: string;
  /** Create and update by API. */
  readonly writable?: readonly ['create'] | readonly ['create', 'update'] | readonly ['update'];
  readonly audited?: true;
  readonly logical?: true;
  readonly dateOnly?: true;
  readonly min?: number;
}

const everywhere = 'ValidForAdvancedFind|ValidForForm|ValidForGrid';

export const systemColumns: readonly SystemColumn[] = [
  { name: 'CreatedBy', type: 'lookup', displayMask: everywhere, label: both('Created By', '创建者'), about: both('User who created the row.', '创建此行的用户。') },
  { name: 'CreatedOn', type: 'datetime', displayMask: everywhere, imeMode: 'inactive', label: both('Created On', '创建时间'), about: both('When the row was created.', '此行的创建时间。') },
  { name: 'CreatedOnBehalfBy', type: 'lookup', displayMask: everywhere, label: both('Created By (Delegate)', '创建者（代理）'), about: both('Delegate who created the row.', '创建此行的代理用户。') },
  {
    name: 'ImportSequenceNumber', type: 'int', displayMask: 'ValidForAdvancedFind', imeMode: 'disabled', writable: ['create'], audited: true, min: -2_147_483_648,
    label: both('Import Sequence Number', '导入序列号'), about: both('Number of the import that created the row.', '创建此行的导入的序列号。'),
  },
  { name: 'ModifiedBy', type: 'lookup', displayMask: everywhere, label: both('Modified By', '修改者'), about: both('User who changed the row.', '修改此行的用户。') },
  { name: 'ModifiedOn', type: 'datetime', displayMask: everywhere, imeMode: 'inactive', label: both('Modified On', '修改时间'), about: both('When the row was changed.', '此行的修改时间。') },
  { name: 'ModifiedOnBehalfBy', type: 'lookup', displayMask: everywhere, label: both('Modified By (Delegate)', '修改者（代理）'), about: both('Delegate who changed the row.', '修改此行的代理用户。') },
  {
    name: 'OverriddenCreatedOn', type: 'datetime', dateOnly: true, displayMask: 'ValidForAdvancedFind|ValidForGrid', imeMode: 'inactive', writable: ['create'], audited: true,
    label: both('Record Created On', '记录创建时间'), about: both('When the row was migrated.', '此行的迁移时间。'),
  },
  {
    name: 'OwnerId', type: 'owner', requiredLevel: 'systemrequired', displayMask: `${everywhere}|RequiredForForm`, writable: ['create', 'update'], audited: true,
    label: both('Owner', '负责人'), about: both('User or team that the row belongs to.', '此行所属的用户或团队。'),
  },
  { name: 'OwningBusinessUnit', type: 'lookup', displayMask: everywhere, audited: true, label: both('Owning Business Unit', '负责的业务部门'), about: both('Business unit that the row belongs to.', '此行所属的业务部门。') },
  { name: 'OwningTeam', type: 'lookup', logical: true, label: both('Owning Team', '负责团队'), about: both('Team that the row belongs to.', '此行所属的团队。') },
  { name: 'OwningUser', type: 'lookup', logical: true, label: both('Owning User', '负责用户'), about: both('User that the row belongs to.', '此行所属的用户。') },
  { name: 'statecode', type: 'state', requiredLevel: 'systemrequired', displayMask: everywhere, writable: ['update'], audited: true, label: both('Status', '状态'), about: both('Whether the solution can be picked.', '是否可以选择此解决方案。') },
  { name: 'statuscode', type: 'status', displayMask: everywhere, writable: ['create', 'update'], audited: true, label: both('Status Reason', '状态描述'), about: both('Reason for the status.', '状态的原因。') },
  { name: 'TimeZoneRuleVersionNumber', type: 'int', writable: ['create', 'update'], min: -1, label: both('Time Zone Rule Version Number', '时区规则版本号'), about: both('For internal use only.', '仅供内部使用。') },
  { name: 'UTCConversionTimeZoneCode', type: 'int', writable: ['create', 'update'], min: -1, label: both('UTC Conversion Time Zone Code', 'UTC 转换时区代码'), about: both('Time zone code that was in use when the row was created.', '创建此行时使用的时区代码。') },
];

export const states = [
  { value: 0, name: 'Active', reason: 1, label: both('Active', '可用') },
  { value: 1, name: 'Inactive', reason: 2, label: both('Inactive', '停用') },
] as const;

/** The relationships behind the system columns: their names, the other table, and the column. */
export const systemRelationships = (table: string): readonly { readonly name: string; readonly to: string; readonly column: string }[] => [
  { name: `business_unit_${table}`, to: 'BusinessUnit', column: 'OwningBusinessUnit' },
  { name: `lk_${table}_createdby`, to: 'SystemUser', column: 'CreatedBy' },
  { name: `lk_${table}_modifiedby`, to: 'SystemUser', column: 'ModifiedBy' },
  { name: `owner_${table}`, to: 'Owner', column: 'OwnerId' },
  { name: `team_${table}`, to: 'Team', column: 'OwningTeam' },
  { name: `user_${table}`, to: 'SystemUser', column: 'OwningUser' },
];
