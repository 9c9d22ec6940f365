// Solution sources: the columns and relationships that the platform gives the catalogue's table, as it exports them.
import { catalogue } from '../model/catalogue';
import { states, systemColumns, systemRelationships, type SystemColumn } from '../model/systemColumns';
import { el, texts, type Element } from '../xml/element';
import { customizable } from './attributeXml';
import { descriptions, displayNames, labels } from './labels';
import { introduced } from './version';

const table = catalogue.name;

export const primaryKeyXml = (): Element => el('attribute', { PhysicalName: `${table}id` }, [
  ...texts({ Type: 'primarykey', ...common(`${table}id`, 'systemrequired', 'ValidForAdvancedFind|RequiredForGrid', 'auto', ['create'], false), ...customizable, CanModifyRequirementLevelSettings: 0, ...tail }),
  displayNames(catalogue.label),
  descriptions({ en: 'Id of the row.', zh: '此行的唯一标识符。' }),
]);

export const systemAttributesXml = (): Element[] => systemColumns.map((column) => el('attribute', { PhysicalName: column.name }, [
  ...texts({
    Type: column.type,
    ...common(column.name.toLowerCase(), column.requiredLevel ?? 'none', column.displayMask, column.imeMode ?? 'auto', column.writable ?? [], column.audited ?? false),
    ...(column.logical ? { IsLogical: 1 } : {}),
    ...customizable,
    ...tail,
  }),
  ...ofType(column),
  displayNames(column.label),
  descriptions(column.about),
]));

function common(name: string, requiredLevel: string, mask: string | undefined, imeMode: string, writable: readonly string[], audited: boolean): Record<string, string | number> {
  return {
    Name: name, LogicalName: name, RequiredLevel: requiredLevel, ...(mask === undefined ? {} : { DisplayMask: mask }), ImeMode: imeMode,
    ValidForUpdateApi: writable.includes('update') ? 1 : 0, ValidForReadApi: 1, ValidForCreateApi: writable.includes('create') ? 1 : 0,
    IsCustomField: 0, IsAuditEnabled: audited ? 1 : 0, IsSecured: 0, IntroducedVersion: introduced,
  };
}

const tail = { SourceType: 0, IsGlobalFilterEnabled: 0, IsSortableEnabled: 0, CanModifyGlobalFilterSettings: 1, CanModifyIsSortableSettings: 1, IsDataSourceSecret: 0 } as const;

function ofType(column: SystemColumn): Element[] {
  switch (column.type) {
    case 'lookup':
      return [...texts({ LookupStyle: 'single' }), el('LookupTypes')];
    case 'owner':
      // 8 user, 9 team (object type codes).
      return [...texts({ LookupStyle: 'single' }), el('LookupTypes', {}, [8, 9].map((type) => el('LookupType', { id: '00000000-0000-0000-0000-000000000000' }, type)))];
    case 'datetime':
      return texts({ Format: column.dateOnly ? 'date' : 'datetime', CanChangeDateTimeBehavior: 0, Behavior: 1 });
    case 'int':
      return texts({ Format: '', MinValue: column.min ?? 0, MaxValue: 2_147_483_647 });
    case 'state':
      return [stateSet(column, 'state', el('states', {}, states.map((each) => el('state', { value: each.value, defaultstatus: each.reason, invariantname: each.name }, [labels(each.label)]))))];
    case 'status':
      return [stateSet(column, 'status', el('statuses', {}, states.map((each) => el('status', { value: each.reason, state: each.value }, [labels(each.label)]))))];
  }
}

const stateSet = (column: SystemColumn, type: string, values: Element): Element =>
  el('optionset', { Name: `${table}_${column.name}` }, [...texts({ OptionSetType: type, IntroducedVersion: introduced, IsCustomizable: 1 }), displayNames(column.label), descriptions(column.about), values]);

/** Each relationship with the table at its other end, whose file it stands in. */
export const relationshipsXml = (): { readonly to: string; readonly element: Element }[] => systemRelationships(table).map(({ name, to, column }) => ({
  to,
  element: el('EntityRelationship', { Name: name }, [
    ...texts({
      EntityRelationshipType: 'OneToMany', IsCustomizable: 1, IntroducedVersion: introduced, IsHierarchical: 0, ReferencingEntityName: table, ReferencedEntityName: to,
      CascadeAssign: 'NoCascade', CascadeDelete: 'NoCascade', CascadeReparent: 'NoCascade', CascadeShare: 'NoCascade', CascadeUnshare: 'NoCascade', ReferencingAttributeName: column,
    }),
    el('RelationshipDescription', {}, [descriptions(systemColumns.find((each) => each.name === column)?.about ?? { en: '', zh: '' })]),
  ]),
}));
