// The field mapping: the shipped one, what is refused, and what follows from it.
import { describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldRules, standardFieldKeys } from '../../../core/index';
import { countryCode, countryName } from '../../../plugins-proxy/adapters/country';
import { loadMapping, parseMapping } from '../../../plugins-proxy/adapters/dataverse/loadMapping';
import { filteringAttributes, inputColumns } from '../../../plugins-proxy/adapters/dataverse/mapping';
import { expandOf, selectOf } from '../../../plugins-proxy/adapters/dataverse/rowQuery';
import { readSolutions } from '../../../plugins-proxy/adapters/cellValues';

const read = (name: string): string => readFileSync(new URL(`../../../mapping/${name}`, import.meta.url), 'utf8');
const shipped = (): Record<string, any> => JSON.parse(read('dynamics.json')); // eslint-disable-line @typescript-eslint/no-explicit-any
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('mapping.schema.json')));

describe('the shipped mapping', () => {
  test('fits its schema and the loader alike', () => {
    validate(shipped());
    expect(validate.errors).toBeNull();
    expect(loadMapping().tables.opportunity.set).toBe('opportunities');
  });

  test('has a row for every field, and carries to the CRM what the rules let us write there', () => {
    const rows = loadMapping().tables.opportunity.rows;
    expect(rows.map((row) => row.field)).toEqual([...standardFieldKeys]);
    for (const row of rows) expect([row.field, row.direction]).toEqual([row.field, fieldRules[row.field as keyof typeof fieldRules].toCrm === 'never' ? 'toPartner' : 'both']);
  });

  test('asks for a record in an address of moderate length', () => {
    const { opportunity } = loadMapping().tables;
    expect(selectOf(opportunity, 'opportunity').length + expandOf(opportunity).length).toBeLessThan(2_000);
    expect(selectOf(opportunity, 'opportunity')).not.toContain('cosell_audit');
  });

  test('rings for what it reads', () => {
    expect(inputColumns(loadMapping(), 'opportunity')).toEqual(expect.arrayContaining(['estimatedvalue', 'ownerid', 'customerid', 'transactioncurrencyid']));
    expect(filteringAttributes(loadMapping(), 'contact')).toEqual(['emailaddress1', 'firstname', 'lastname', 'mobilephone', 'telephone1']);
    expect(filteringAttributes(loadMapping(), 'lead')).toEqual(expect.arrayContaining(['companyname', 'cosell_requestedaction']));
    expect(filteringAttributes(loadMapping(), 'lead')).not.toContain('cosell_conflictchoices');
  });
});

describe('the version', () => {
  test('changes with the content and not with its order', () => {
    const other = shipped();
    other.tables = { lead: other.tables.lead, opportunity: other.tables.opportunity };
    expect(parseMapping(JSON.stringify(other, null, 4)).version).toBe(loadMapping().version);
    other.tables.opportunity.rows[1].columns.value = 'new_amount';
    expect(parseMapping(JSON.stringify(other)).version).not.toBe(loadMapping().version);
    expect(loadMapping().version).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('a mapping that cannot be used', () => {
  type Rows = Record<string, any>[]; // eslint-disable-line @typescript-eslint/no-explicit-any
  test.each([
    ['an unknown field', (rows: Rows) => (rows[0]!.field = 'naam'), /Row "naam" of opportunity.*is no field/],
    ['a column that is none', (rows: Rows) => (rows[1]!.columns.value = 'Est. Value'), /Row "dealValue" of opportunity, columns, value: is no logical name/],
    ['an unknown type', (rows: Rows) => (rows[4]!.type = 'memo'), /Row "notes" of opportunity, type/],
    ['a choice without numbers', (rows: Rows) => delete rows[13]!.choices, /Row "help" of opportunity: choices are missing/],
    ['numbers without a choice', (rows: Rows) => (rows[0]!.choices = { a: 1 }), /Row "name" of opportunity: choices mean nothing/],
    ['a missing column', (rows: Rows) => (rows[0]!.columns = {}), /Row "name" of opportunity: columns.value is missing/],
    ['a column too many', (rows: Rows) => (rows[0]!.columns.city = 'x'), /Row "name" of opportunity: a row of type text has no columns.city/],
    ['a misspelt member', (rows: Rows) => (rows[0]!.colums = {}), /Row "name" of opportunity: Unrecognized key.*colums/],
    ['a team that is read elsewhere', (rows: Rows) => delete rows[11]!.party, /Row "team" of opportunity: a team is read from the party "owner"/],
  ] as [string, (rows: Rows) => unknown, RegExp][])('%s is named with its row, and the schema refuses it too', (_, spoil, message) => {
    const mapping = shipped();
    spoil(mapping.tables.opportunity.rows);
    expect(() => parseMapping(JSON.stringify(mapping))).toThrow(message);
    expect(validate(mapping)).toBe(false);
  });

  test('two rows of one field, an unknown party and a file that is none are named', () => {
    const mapping = shipped();
    mapping.tables.opportunity.rows.push(mapping.tables.opportunity.rows[0]);
    delete mapping.tables.opportunity.parties.contact;
    expect(() => parseMapping(JSON.stringify(mapping))).toThrow(/Row "customer.contact" of opportunity: the table has no party "contact".*Row "name" of opportunity: the field has a row already/);
    expect(() => parseMapping('{')).toThrow('It is not JSON');
    expect(() => loadMapping('/nowhere/mapping.json')).toThrow('/nowhere/mapping.json cannot be read');
  });

  test('a customer\'s own file with an own column is taken', () => {
    const mapping = shipped();
    mapping.tables.opportunity.rows.push({ field: 'custom:new_region', type: 'text', direction: 'both', columns: { value: 'new_region' } });
    const file = join(mkdtempSync(join(tmpdir(), 'cosell-')), 'mapping.json');
    writeFileSync(file, JSON.stringify(mapping));
    expect(filteringAttributes(loadMapping(file), 'opportunity')).toContain('new_region');
    expect(validate(mapping)).toBe(true);
  });
});

test('countries are known as people write them', () => {
  const written = ['Germany', 'GERMANY', 'de', 'DEU', '德国', ' United States ', 'USA', 'us', '美国', '中国', "People's Republic of China", 'UK', 'Côte d\'Ivoire', 'XX', 'Neverland', ''];
  expect(written.map(countryCode)).toEqual(['DE', 'DE', 'DE', 'DE', 'DE', 'US', 'US', 'US', 'US', 'CN', 'CN', 'GB', 'CI', null, null, null]);
  for (const code of ['US', 'CN', 'GB', 'DE', 'TW', 'KR', 'VN', 'CI']) expect(countryCode(countryName(code))).toBe(code);
});

test('countries are known by their customary names, English and Chinese, too', () => {
  const customary = ['Laos', 'Syria', 'Trinidad & Tobago', 'St. Lucia', 'Vatican City', 'Côte d’Ivoire', 'Macau', 'Viet Nam', '印度尼西亚', '台湾', '台灣', '德國', '中華人民共和國', '阿拉伯联合酋长国', '中国香港特别行政区'];
  expect(customary.map(countryCode)).toEqual(['LA', 'SY', 'TT', 'LC', 'VA', 'CI', 'MO', 'VN', 'ID', 'TW', 'TW', 'DE', 'CN', 'AE', 'HK']);
  expect(['Atlantis', 'Saint', '???', 'England'].map(countryCode)).toEqual([null, null, null, null]);
});

test('solutions are parted as people part them', () => {
  expect(readSolutions('SOL-1; SOL-2,SOL-1\r\n SOL-3 ;;')).toEqual(['SOL-1', 'SOL-2', 'SOL-3']);
  expect(readSolutions(' ;\n')).toBeNull();
  expect(readSolutions(null)).toBeNull();
});
