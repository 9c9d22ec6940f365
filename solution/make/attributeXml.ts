// Solution sources: one column as Dataverse exports it.
import type { ColumnModel } from '../model/columns';
import { word } from '../model/words';
import { el, texts, type Element } from '../xml/element';
import { descriptions, displayNames, labels } from './labels';
import { introduced } from './version';

/** @param table logical name; the choice of a yes/no column is named after it @param primaryName the column that names the row */
export function attributeXml(column: ColumnModel, table: string, primaryName = false): Element {
  return el('attribute', { PhysicalName: column.name }, [
    ...texts({
      Type: types[column.kind],
      Name: column.name,
      LogicalName: column.name,
      RequiredLevel: column.required ? 'required' : 'none',
      DisplayMask: `${primaryName ? 'PrimaryName|' : ''}ValidForAdvancedFind|ValidForForm|ValidForGrid${column.required ? '|RequiredForForm' : ''}`,
      ImeMode: 'auto',
      ValidForUpdateApi: 1, ValidForReadApi: 1, ValidForCreateApi: 1,
      IsCustomField: 1,
      IsAuditEnabled: column.audited ? 1 : 0,
      IsSecured: 0,
      IntroducedVersion: introduced,
      ...customizable,
      SourceType: 0,
      IsGlobalFilterEnabled: 0, IsSortableEnabled: 0, CanModifyGlobalFilterSettings: 1, CanModifyIsSortableSettings: 1,
      IsDataSourceSecret: 0,
    }),
    ...ofKind(column, table),
    displayNames(column.label),
    descriptions(column.about),
  ]);
}

const types = { yesNo: 'bit', text: 'nvarchar', url: 'nvarchar', memo: 'ntext', choice: 'picklist', dateTime: 'datetime' } as const;

/** Admins may rename a column, secure it and change whether it is asked for. */
export const customizable = { IsCustomizable: 1, IsRenameable: 1, CanModifySearchSettings: 1, CanModifyRequirementLevelSettings: 1, CanModifyAdditionalSettings: 1 } as const;

function ofKind(column: ColumnModel, table: string): Element[] {
  const length = column.length ?? 0;
  switch (column.kind) {
    case 'yesNo':
      return [...texts({ AppDefaultValue: 0 }), yesNoChoice(column, table)];
    case 'text':
      return texts({ Format: 'text', MaxLength: length, Length: length * 2 });
    case 'url':
      return texts({ Format: 'url', MaxLength: length, Length: length * 2 });
    case 'memo':
      return texts({ Format: 'text', MaxLength: length });
    case 'choice':
      // -1: no value of its own is chosen for a new row.
      return texts({ AppDefaultValue: -1, OptionSetName: column.name });
    case 'dateTime':
      // 1: shown in each user's own time zone.
      return texts({ Format: 'datetime', CanChangeDateTimeBehavior: 1, Behavior: 1 });
  }
}

/** A yes/no column carries its choice with it, under the name that exports give it. */
function yesNoChoice(column: ColumnModel, table: string): Element {
  const option = (value: number, key: 'yes' | 'no'): Element => el('option', { value, ExternalValue: '' }, [labels(word(key))]);
  return el('optionset', { Name: `cosell_${table}_${column.name.replace(/^cosell_/, '')}` }, [
    ...texts({ OptionSetType: 'bit', IntroducedVersion: introduced, IsCustomizable: 1 }),
    displayNames(column.label),
    descriptions(column.about),
    el('options', {}, [option(1, 'yes'), option(0, 'no')]),
  ]);
}
