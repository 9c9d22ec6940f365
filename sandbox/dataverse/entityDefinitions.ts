// The metadata a client needs to learn tables and columns: EntityDefinitions, Attributes with their casts, Keys.
import { securedKey } from './access';
import type { Column, ColumnType, Table } from './metadata/table';
import { stableId, tableNamed, tables } from './model';
import { badQuery, Problem } from './problem';
import { readSearch } from './queryOptions';
import { columnId, type RowStore } from './rowStore';

type Json = Record<string, unknown>;

const KINDS: Readonly<Record<ColumnType, { cast: string; type: string }>> = {
  uniqueidentifier: { cast: 'UniqueIdentifierAttributeMetadata', type: 'Uniqueidentifier' }, string: { cast: 'StringAttributeMetadata', type: 'String' }, memo: { cast: 'MemoAttributeMetadata', type: 'Memo' },
  boolean: { cast: 'BooleanAttributeMetadata', type: 'Boolean' }, picklist: { cast: 'PicklistAttributeMetadata', type: 'Picklist' }, state: { cast: 'StateAttributeMetadata', type: 'State' }, status: { cast: 'StatusAttributeMetadata', type: 'Status' },
  integer: { cast: 'IntegerAttributeMetadata', type: 'Integer' }, bigint: { cast: 'BigIntAttributeMetadata', type: 'BigInt' }, decimal: { cast: 'DecimalAttributeMetadata', type: 'Decimal' }, double: { cast: 'DoubleAttributeMetadata', type: 'Double' },
  money: { cast: 'MoneyAttributeMetadata', type: 'Money' }, date: { cast: 'DateTimeAttributeMetadata', type: 'DateTime' }, datetime: { cast: 'DateTimeAttributeMetadata', type: 'DateTime' }, lookup: { cast: 'LookupAttributeMetadata', type: 'Lookup' },
};
const CASTS = new Set(Object.values(KINDS).map((kind) => kind.cast));
const OPTION_CASTS = new Set(['PicklistAttributeMetadata', 'StateAttributeMetadata', 'StatusAttributeMetadata', 'BooleanAttributeMetadata']);

/**
 * Answers `EntityDefinitions`, `EntityDefinitions(LogicalName='x')` and below it `Attributes`, `Attributes(LogicalName='y')`,
 * each with an optional `/Microsoft.Dynamics.CRM.<Kind>AttributeMetadata`, and `Keys`. @throws Problem 400 or 404 on anything else.
 */
export function readDefinitions(store: RowStore, rest: string, search: string): Json {
  const options = readSearch(search);
  if (rest === '') return { value: tables.map(tableJson).filter(matching(options.get('$filter'))).map(selecting(options.get('$select'))) };
  const hit = /^\(LogicalName='(?<table>\w+)'\)(?:\/(?<part>Attributes|Keys)(?:\(LogicalName='(?<column>\w+)'\))?(?:\/Microsoft\.Dynamics\.CRM\.(?<cast>\w+))?)?$/.exec(rest);
  if (!hit?.groups) throw new Problem(404, '0x80060888', `Resource not found for the segment 'EntityDefinitions${rest}'.`);
  const { table: name = '', part, column, cast } = hit.groups;
  const table = tableNamed(name);
  if (part === undefined) return tableAnswer(store, table, options);
  if (part === 'Keys') return { value: table.keys.map((key) => keyJson(table, key)) };
  return attributesAnswer(store, table, column, cast, options);
}

function tableAnswer(store: RowStore, table: Table, options: ReadonlyMap<string, string>): Json {
  const body = selecting(options.get('$select'))(tableJson(table));
  const expand = options.get('$expand') ?? '';
  const attributes = /(?:^|,)Attributes(?:\((?<inner>[^)]*)\))?/.exec(expand);
  if (attributes) {
    const inner = new Map((attributes.groups?.inner ?? '').split(';').map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)] as const));
    body.Attributes = listAttributes(store, table, undefined, inner);
  }
  if (/(?:^|,)Keys/.test(expand)) body.Keys = table.keys.map((key) => keyJson(table, key));
  return body;
}

function attributesAnswer(store: RowStore, table: Table, column: string | undefined, cast: string | undefined, options: ReadonlyMap<string, string>): Json {
  if (cast !== undefined && !CASTS.has(cast)) throw badQuery(`The type 'Microsoft.Dynamics.CRM.${cast}' is not derived from AttributeMetadata.`);
  const found = listAttributes(store, table, cast, options).filter((one) => column === undefined || one.LogicalName === column);
  if (column === undefined) return { value: found };
  const only = found[0];
  if (only === undefined) throw new Problem(404, '0x80060888', `Could not find an attribute with LogicalName '${column}'${cast === undefined ? '' : ` of type ${cast}`} on '${table.name}'.`);
  return only;
}

/** Properties of a kind may be selected only where the cast names that kind; the same holds for expanding OptionSet. */
function listAttributes(store: RowStore, table: Table, cast: string | undefined, options: ReadonlyMap<string, string>): Json[] {
  const select = options.get('$select');
  const expand = options.get('$expand') ?? '';
  if (expand !== '' && (cast === undefined || !OPTION_CASTS.has(cast))) throw badQuery(`Could not find a property named '${expand}' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'. Name the type of the column in the address.`);
  const columns = [...table.columns.values()].filter((column) => cast === undefined || KINDS[column.type].cast === cast);
  return columns
    .map((column) => ({ base: baseJson(store, table, column), own: kindJson(column), column }))
    .filter(({ base }) => matching(options.get('$filter'))(base))
    .map(({ base, own, column }) => {
      const whole: Json = cast === undefined && select !== undefined ? base : { ...base, ...own };
      const body: Json = { '@odata.type': `#Microsoft.Dynamics.CRM.${KINDS[column.type].cast}`, ...selecting(select)(whole), LogicalName: column.name };
      return expand.includes('OptionSet') ? { ...body, OptionSet: optionSetJson(table, column) } : body;
    });
}

const label = (text: string): Json => {
  const localized = { Label: text, LanguageCode: 1033, IsManaged: true, MetadataId: stableId(`label ${text}`), HasChanged: null };
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
};

const tableJson = (table: Table): Json => ({
  MetadataId: stableId(`table ${table.name}`), LogicalName: table.name, SchemaName: table.name.includes('_') ? table.name : table.name.charAt(0).toUpperCase() + table.name.slice(1), EntitySetName: table.set, LogicalCollectionName: table.set,
  ObjectTypeCode: table.code, PrimaryIdAttribute: table.id, PrimaryNameAttribute: table.primaryName, DisplayName: label(table.label), OwnershipType: table.columns.has('ownerid') ? 'UserOwned' : 'OrganizationOwned',
  IsCustomEntity: table.name.includes('_'), IsActivity: table.name === 'opportunityclose', ChangeTrackingEnabled: !table.platform,
});

const keyJson = (table: Table, key: Table['keys'][number]): Json => ({
  MetadataId: stableId(`key ${table.name}.${key.name}`), LogicalName: key.name, SchemaName: key.name, EntityLogicalName: table.name, KeyAttributes: key.columns, EntityKeyIndexStatus: 'Active', DisplayName: label(key.label),
});

function baseJson(store: RowStore, table: Table, column: Column): Json {
  const isWritable = !column.readOnly && column.name !== table.id;
  const canSecure = column.securable === true;
  return {
    MetadataId: columnId(table.name, column.name), LogicalName: column.name, SchemaName: column.name, EntityLogicalName: table.name, AttributeType: KINDS[column.type].type, AttributeTypeName: { Value: `${KINDS[column.type].type}Type` },
    AttributeOf: null, DisplayName: label(column.label), IsCustomAttribute: column.custom === true, IsPrimaryId: column.name === table.id, IsPrimaryName: column.name === table.primaryName,
    IsSecured: (['application', 'people'] as const).some((whom) => store.settings.secured[securedKey(table.name, column.name, whom)] !== undefined), CanBeSecuredForRead: canSecure, CanBeSecuredForCreate: canSecure, CanBeSecuredForUpdate: canSecure,
    IsValidForRead: column.hidden !== true, IsValidForCreate: isWritable || column.name === table.id, IsValidForUpdate: isWritable,
    RequiredLevel: { Value: column.required ? 'ApplicationRequired' : 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
  };
}

function kindJson(column: Column): Json {
  switch (column.type) {
    case 'string':
      return { MaxLength: column.maxLength, Format: column.format, FormatName: { Value: column.format } };
    case 'memo':
      return { MaxLength: column.maxLength, Format: column.format };
    case 'money':
      return { Precision: column.precision, PrecisionSource: column.byCurrency ? 2 : 1, MinValue: column.min, MaxValue: column.max, CalculationOf: column.readOnly ? column.name.replace(/_base$/, '') : null };
    case 'integer':
    case 'decimal':
    case 'double':
      return { MinValue: column.min, MaxValue: column.max, ...(column.type === 'integer' ? {} : { Precision: column.precision ?? 5 }) };
    case 'date':
    case 'datetime':
      return { Format: column.format ?? 'DateAndTime', DateTimeBehavior: { Value: column.type === 'date' ? 'DateOnly' : 'UserLocal' } };
    case 'lookup':
      return { Targets: (column.navigations ?? []).map((one) => one.table) };
    default:
      return {};
  }
}

function optionSetJson(table: Table, column: Column): Json {
  const name = `${table.name}_${column.name}`;
  const base = { MetadataId: stableId(`options ${name}`), Name: name, IsGlobal: false };
  if (column.type === 'boolean') return { ...base, OptionSetType: 'Boolean', TrueOption: { Value: 1, Label: label('Yes') }, FalseOption: { Value: 0, Label: label('No') } };
  return { ...base, OptionSetType: KINDS[column.type].type, Options: (column.choices ?? []).map((one) => ({ Value: one.value, Label: label(one.label), ...(one.state === undefined ? {} : { State: one.state }) })) };
}

/** `A eq 'x' or B eq true and ...`: enough for metadata. @throws Problem 400 on more. */
function matching(filter: string | undefined): (body: Json) => boolean {
  if (filter === undefined) return () => true;
  const groups = filter.split(/ or /).map((group) => group.split(/ and /).map((clause) => {
    const hit = /^\s*\(?\s*(?<name>\w+) (?<operator>eq|ne) (?:Microsoft\.Dynamics\.CRM\.\w+)?(?<value>'[^']*'|true|false|\d+)\s*\)?\s*$/.exec(clause);
    if (!hit?.groups) throw badQuery(`Syntax error in the $filter expression '${filter}'.`);
    return { name: hit.groups.name ?? '', equal: hit.groups.operator === 'eq', value: (hit.groups.value ?? '').replace(/^'|'$/g, '') };
  }));
  return (body) => groups.some((group) => group.every(({ name, equal, value }) => (String(body[name]) === value) === equal));
}

function selecting(select: string | undefined): (body: Json) => Json {
  if (!select) return (body) => ({ ...body });
  const names = select.split(',').map((name) => name.trim());
  return (body) => {
    const unknown = names.find((name) => !(name in body));
    if (unknown !== undefined) throw badQuery(`Could not find a property named '${unknown}' on the metadata type.`);
    return { MetadataId: body.MetadataId, ...Object.fromEntries(names.map((name) => [name, body[name]])) };
  };
}
