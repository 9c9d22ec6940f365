// A seller's Dynamics 365: what a page must know of a table's columns, in one language.
import type { Column, ColumnType } from '../../dataverse/metadata/table';
import { tableNamed } from '../../dataverse/model';
import { choiceWords, columnWords } from '../outOfTheBox/words';
import { labelIn } from '../shipped/labels';
import type { ShippedPackage } from '../shipped/openPackage';

export interface TableModel {
  readonly name: string;
  readonly set: string;
  readonly id: string;
  readonly primaryName: string;
  readonly columns: Readonly<Record<string, ColumnModel>>;
}

export interface ColumnModel {
  readonly name: string;
  readonly type: ColumnType;
  readonly label: string;
  /** The platform shows it when a seller points at the label. */
  readonly description?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly precision?: number;
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  readonly choices?: readonly { readonly value: number; readonly label: string; readonly state?: number }[];
  /** Lookups: each navigation property and its table. */
  readonly targets?: readonly { readonly navigation: string; readonly table: string; readonly set: string }[];
}

const YES_NO = { 1033: { 1: 'Yes', 0: 'No' }, 2052: { 1: '是', 0: '否' } } as const;

/** @throws Problem when there is no such table */
export function readTable(name: string, language: number, shipped: ShippedPackage): TableModel {
  const table = tableNamed(name);
  const columns = [...table.columns.values()].filter((column) => !column.hidden).map((column) => [column.name, readColumn(name, column, language, shipped)] as const);
  return { name, set: table.set, id: table.id, primaryName: table.primaryName, columns: Object.fromEntries(columns) };
}

function readColumn(table: string, column: Column, language: number, shipped: ShippedPackage): ColumnModel {
  const labels = shipped.columnLabels(table, column.name) ?? columnWords(table, column.name);
  const description = labelIn(shipped.columnDescriptions(table, column.name) ?? {}, language);
  const choices = choicesOf(table, column, language, shipped);
  return {
    name: column.name, type: column.type, label: labels ? labelIn(labels, language) : column.label, isRequired: column.required === true, isReadOnly: column.readOnly === true,
    format: column.format, maxLength: column.maxLength, min: column.min, max: column.max, precision: column.precision,
    ...(description === '' ? {} : { description }),
    ...(choices ? { choices } : {}),
    ...(column.navigations ? { targets: column.navigations.map(({ name, table: target }) => ({ navigation: name, table: target, set: tableNamed(target).set })) } : {}),
  };
}

function choicesOf(table: string, column: Column, language: number, shipped: ShippedPackage): ColumnModel['choices'] {
  const words = shipped.choiceLabels(table, column.name) ?? choiceWords(table, column.name);
  const yesNo = YES_NO[language === 2052 ? 2052 : 1033];
  if (column.type === 'boolean') return ([1, 0] as const).map((value) => ({ value, label: words?.has(value) ? labelIn(words.get(value) ?? {}, language) : yesNo[value] }));
  return column.choices?.map(({ value, label, state }) => ({ value, label: words?.has(value) ? labelIn(words.get(value) ?? {}, language) : label, ...(state === undefined ? {} : { state }) }));
}

export const languageCode = (language: 'en' | 'zh'): 1033 | 2052 => (language === 'zh' ? 2052 : 1033);
