// What a table of the Dataverse stand-in is made of: columns with their types and limits, lookups, keys. Data only.

export type ColumnType =
  | 'uniqueidentifier' | 'string' | 'memo' | 'boolean' | 'picklist' | 'state' | 'status' | 'integer' | 'bigint' | 'decimal' | 'double' | 'money' | 'date' | 'datetime' | 'lookup';

export interface Choice {
  readonly value: number;
  readonly label: string;
  /** Status reasons only: the state they belong to; the first of a state is its default. */
  readonly state?: number;
}

/** One way to write a lookup: the navigation property and the table behind it. */
export interface Navigation {
  readonly name: string;
  readonly table: string;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly label: string;
  readonly maxLength?: number;
  readonly format?: string;
  readonly choices?: readonly Choice[];
  readonly navigations?: readonly Navigation[];
  readonly min?: number;
  readonly max?: number;
  readonly precision?: number;
  /** Money whose decimals come from the row's currency (PrecisionSource 2). */
  readonly byCurrency?: true;
  /** Set by the platform; a write is refused. */
  readonly readOnly?: true;
  /** Never answered, wherever it is asked for. */
  readonly hidden?: true;
  readonly required?: true;
  readonly custom?: true;
  readonly securable?: true;
}

export interface Key {
  readonly name: string;
  readonly label: string;
  readonly columns: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly set: string;
  readonly id: string;
  readonly primaryName: string;
  readonly code: number;
  readonly label: string;
  readonly columns: ReadonlyMap<string, Column>;
  readonly navigations: ReadonlyMap<string, { column: string; table: string }>;
  readonly keys: readonly Key[];
  /** Tables of the platform itself: rows that a seller may neither write nor change. */
  readonly platform: boolean;
}

type More = Partial<Omit<Column, 'name' | 'type'>>;
const column = (type: ColumnType, base: More) => (name: string, more: More = {}): Column => ({ name, type, label: name, ...base, ...more });

export const text = (name: string, maxLength: number, more: More = {}): Column => column('string', { maxLength, format: 'Text' })(name, more);
export const memo = (name: string, maxLength: number, more: More = {}): Column => column('memo', { maxLength, format: 'TextArea' })(name, more);
export const yesNo = column('boolean', {});
export const whole = column('integer', { min: -2_147_483_648, max: 2_147_483_647 });
export const fraction = column('decimal', { min: 0, max: 100_000_000_000, precision: 10 });
export const float = column('double', { min: -90, max: 180 });
/** Money brings a base amount with it, which the platform keeps. */
export const money = (name: string, more: More = {}): readonly Column[] => [
  column('money', { min: -922_337_203_685_477, max: 922_337_203_685_477, precision: 2, byCurrency: true })(name, more),
  column('money', { min: -922_337_203_685_477, max: 922_337_203_685_477, precision: 2, readOnly: true })(`${name}_base`, { label: `${more.label ?? name} (Base)` }),
];
export const day = column('date', { format: 'DateOnly' });
export const moment = column('datetime', { format: 'DateAndTime' });
export const guid = column('uniqueidentifier', {});
export const choice = (name: string, choices: readonly Choice[], more: More = {}): Column => column('picklist', { choices })(name, more);
/** `lookup('parentaccountid', 'account')`, or with a navigation property for each table. */
export const lookup = (name: string, to: string | readonly Navigation[], more: More = {}): Column =>
  column('lookup', { navigations: typeof to === 'string' ? [{ name, table: to }] : to })(name, more);

/** Choices in their order, from a first value on. */
export const choicesFrom = (first: number, labels: readonly string[]): readonly Choice[] => labels.map((label, at) => ({ value: first + at, label }));

export interface TableInput {
  readonly name: string;
  readonly set: string;
  readonly code: number;
  readonly label: string;
  readonly primaryName?: string;
  readonly columns: readonly (Column | readonly Column[])[];
  readonly states?: readonly Choice[];
  readonly reasons?: readonly Choice[];
  readonly keys?: readonly Key[];
  readonly owned?: true;
  readonly currency?: true;
  readonly platform?: true;
}

/** Adds what every table has: its id, who and when, version, and for some state, owner, currency. */
export function createTable(input: TableInput): Table {
  // Activity tables share their id column (activityid); of the tables here only opportunityclose is one.
  const id = input.name === 'opportunityclose' ? 'activityid' : `${input.name}id`;
  const all = [
    guid(id, { label: input.label }),
    ...input.columns.flat(),
    ...(input.states ? stateColumns(input.states, input.reasons ?? []) : []),
    ...(input.owned ? ownerColumns() : []),
    ...(input.currency ? [lookup('transactioncurrencyid', 'transactioncurrency', { label: 'Currency' }), fraction('exchangerate', { readOnly: true, label: 'Exchange Rate' })] : []),
    ...stampColumns(),
  ];
  const navigations = all.flatMap((one) => (one.navigations ?? []).map(({ name, table }) => [name, { column: one.name, table }] as const));
  return {
    name: input.name, set: input.set, id, primaryName: input.primaryName ?? 'name', code: input.code, label: input.label, keys: input.keys ?? [], platform: input.platform ?? false,
    columns: new Map(all.map((one) => [one.name, one])),
    navigations: new Map(navigations),
  };
}

const stateColumns = (states: readonly Choice[], reasons: readonly Choice[]): Column[] => [
  column('state', { choices: states })('statecode', { label: 'Status' }),
  column('status', { choices: reasons })('statuscode', { label: 'Status Reason' }),
];

const ownerColumns = (): Column[] => [
  lookup('ownerid', 'systemuser', { label: 'Owner' }),
  lookup('owninguser', 'systemuser', { label: 'Owning User', readOnly: true }),
  lookup('owningbusinessunit', 'businessunit', { label: 'Owning Business Unit', readOnly: true }),
];

const stampColumns = (): Column[] => [
  lookup('createdby', 'systemuser', { label: 'Created By', readOnly: true }),
  moment('createdon', { label: 'Created On', readOnly: true }),
  lookup('modifiedby', 'systemuser', { label: 'Modified By', readOnly: true }),
  moment('modifiedon', { label: 'Modified On', readOnly: true }),
  column('bigint', { readOnly: true })('versionnumber', { label: 'Version Number' }),
];
