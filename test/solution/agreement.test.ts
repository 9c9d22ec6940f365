// One solution, told three times: what is shipped, what the Dataverse stand-in plays, what the service reads and writes. They must say the same.
import { beforeAll, describe, expect, test } from '@jest/globals';
import mapping from '../../mapping/dynamics.json' with { type: 'json' };
import { auditColumn, choiceOf, firstChoice, requestedActions, serviceColumns, serviceInputs, statusWords } from '../../plugins-proxy/adapters/dataverse/serviceColumns';
import { cosellColumns, leadCosellColumns, referralKey } from '../../sandbox/dataverse/metadata/cosellColumns';
import { salesTables } from '../../sandbox/dataverse/metadata/salesTables';
import type { Column } from '../../sandbox/dataverse/metadata/table';
import { kindOf } from '../../solution/check/tables';
import { textAt, type Files } from '../../solution/files';
import { allNamed, readXml, textOf, type ReadElement } from '../../solution/xml/readXml';
import { solutionFiles } from '../kit/solutionFiles';

let files: Files;
beforeAll(async () => {
  files = await solutionFiles();
}, 120_000);

interface Told {
  readonly kind: string;
  readonly length: number | null;
  readonly label: string;
  readonly choices: readonly string[] | null;
}

const english = (element: ReadElement | undefined, name: string): string => allNamed(element, name).find((each) => each.attributes.languagecode === '1033')?.attributes.description ?? '';
const tableFile = (table: string): ReadElement => readXml(textAt(files, `solution/src/Entities/${table}/Entity.xml`) ?? '');

/** Our own columns of a table as they are shipped. */
function shipped(table: string): Record<string, Told> {
  const own = allNamed(tableFile(table), 'attribute').filter((each) => textOf(each, 'IsCustomField') === '1');
  return Object.fromEntries(own.map((attribute) => {
    const set = textOf(attribute, 'OptionSetName');
    const options = set === '' ? null : allNamed(readXml(textAt(files, `solution/src/OptionSets/${set}.xml`) ?? ''), 'option').map((option) => `${option.attributes.value} ${english(option, 'label')}`);
    const labels = attribute.children.find((each) => each.name === 'displaynames');
    return [textOf(attribute, 'LogicalName'), { kind: kindOf(attribute), length: Number(textOf(attribute, 'MaxLength')) || null, label: english(labels, 'displayname'), choices: options }];
  }));
}

const kinds: Readonly<Record<string, string>> = { boolean: 'yesNo', string: 'text', memo: 'memo', picklist: 'choice', datetime: 'dateTime' };

/** The same of the stand-in's columns. */
const played = (columns: readonly Column[]): Record<string, Told> => Object.fromEntries(columns.filter((column) => column.custom).map((column) => [column.name, {
  kind: column.format === 'Url' ? 'url' : (kinds[column.type] ?? column.type), length: column.maxLength ?? null, label: column.label, choices: column.choices?.map(({ value, label }) => `${value} ${label}`) ?? null,
}]));

describe('What is shipped and what the stand-in plays', () => {
  test('are the same columns of opportunity, by name, type, length, label and choice numbers', () => {
    expect(shipped('Opportunity')).toEqual(played(cosellColumns));
  });

  test('are the same columns of lead', () => {
    expect(shipped('Lead')).toEqual(played(leadCosellColumns));
  });

  test('are the same catalogue', () => {
    const table = salesTables.find(({ name }) => name === 'cosell_solution');
    expect(shipped('cosell_solution')).toEqual(played([...(table?.columns.values() ?? [])]));
    expect(textOf(allNamed(tableFile('cosell_solution'), 'entity')[0], 'EntitySetName')).toBe(table?.set);
    expect(table?.columns.has(allNamed(tableFile('cosell_solution'), 'attribute').find((each) => textOf(each, 'Type') === 'primarykey')?.children.find((each) => each.name === 'LogicalName')?.text ?? '')).toBe(true);
  });

  test('have the same alternate keys', () => {
    const keysOf = (table: string): unknown[] => allNamed(tableFile(table), 'EntityKey').map((key) => ({ name: textOf(key, 'LogicalName'), columns: allNamed(key, 'AttributeName').map((each) => each.text) }));
    const own = { name: referralKey.name, columns: [...referralKey.columns] };
    expect([keysOf('Opportunity'), keysOf('Lead')]).toEqual([[own], [own]]);
    expect(keysOf('cosell_solution')).toEqual(salesTables.find(({ name }) => name === 'cosell_solution')?.keys.map(({ name, columns }) => ({ name, columns: [...columns] })));
  });
});

describe('What the service reads and writes', () => {
  test.each(['opportunity', 'lead'] as const)('is shipped on %s', (kind) => {
    const names = Object.keys(shipped(kind === 'lead' ? 'Lead' : 'Opportunity'));
    const used = [...Object.values(serviceColumns(kind)), ...serviceInputs(kind), auditColumn];
    expect(used.filter((column) => !names.includes(column))).toEqual([]);
  });

  test('by the field mapping is shipped, with its choice numbers', () => {
    const own = shipped('Opportunity');
    const rows = mapping.tables.opportunity.rows.filter((row) => row.columns.value?.startsWith('cosell_'));
    expect(rows.map((row) => row.columns.value)).toEqual(['cosell_products', 'cosell_howcanmicrosofthelp', 'cosell_notestomicrosoft', 'cosell_referralvisibility']);
    for (const row of rows) {
      const numbers = own[row.columns.value ?? '']?.choices?.map((choice) => Number(choice.split(' ')[0])) ?? [];
      expect(numbers).toEqual(Object.values(row.choices ?? {}));
    }
  });

  test('as choices counts from the number that is shipped first', () => {
    const numbers = (column: string): number[] => shipped('Opportunity')[column]?.choices?.map((choice) => Number(choice.split(' ')[0])) ?? [];
    expect(numbers('cosell_syncstatus')).toEqual(statusWords.map((word) => choiceOf(statusWords, word)));
    expect(numbers('cosell_requestedaction')).toEqual(requestedActions.map((word) => choiceOf(requestedActions, word)));
    expect(numbers('cosell_referralvisibility')[0]).toBe(firstChoice);
  });
});

describe('Auditing and column security', () => {
  const audited = (): string[] => allNamed(tableFile('Opportunity'), 'attribute').filter((each) => textOf(each, 'IsAuditEnabled') === '1').map((each) => textOf(each, 'LogicalName')).sort();

  test('audit what people write and nothing that only the service writes', () => {
    const people = [...serviceInputs('opportunity'), ...mapping.tables.opportunity.rows.flatMap((row) => Object.values(row.columns)).filter((column) => column.startsWith('cosell_'))];
    expect(audited()).toEqual([...new Set(people)].sort());
  });

  test('leave it to the customer to secure a column', () => {
    const own = allNamed(tableFile('Opportunity'), 'attribute');
    expect(own.every((each) => textOf(each, 'IsSecured') === '0' && textOf(each, 'IsCustomizable') === '1' && textOf(each, 'CanModifyAdditionalSettings') === '1')).toBe(true);
  });
});
