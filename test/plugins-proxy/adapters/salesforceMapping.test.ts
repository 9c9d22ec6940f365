// The field mapping of Salesforce: the shipped one, what is refused, and what a namespace makes of it.
import { describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { fieldRules, standardFieldKeys } from '../../../core/index';
import { builtInMapping, isForSalesforce, parseMapping } from '../../../plugins-proxy/adapters/salesforce/loadMapping';
import { packageFields, statusValues } from '../../../plugins-proxy/adapters/salesforce/packageFields';

const read = (name: string): string => readFileSync(new URL(`../../../mapping/${name}`, import.meta.url), 'utf8');
const shipped = (): Record<string, any> => JSON.parse(read('salesforce.json')); // eslint-disable-line @typescript-eslint/no-explicit-any
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('mapping.schema.json')));
const words = JSON.parse(readFileSync(new URL('../../../wording/en.json', import.meta.url), 'utf8')) as Record<string, string>;

test('the shipped mapping fits its schema and the loader alike, and has a row for every field', () => {
  validate(shipped());
  expect(validate.errors).toBeNull();
  const { rows } = builtInMapping().tables.opportunity;
  expect(rows.map((row) => row.field).sort()).toEqual([...standardFieldKeys].sort());
  for (const row of rows) expect([row.field, row.direction]).toEqual([row.field, fieldRules[row.field as keyof typeof fieldRules].toCrm === 'never' ? 'toPartner' : 'both']);
});

test('its version changes with the content, and neither with the order nor with a namespace', () => {
  const other = shipped();
  other.tables = { lead: other.tables.lead, opportunity: other.tables.opportunity };
  const { version } = builtInMapping();
  expect(parseMapping(JSON.stringify(other, null, 4)).version).toBe(version);
  expect(builtInMapping({ namespace: 'contoso' }).version).toBe(version);
  other.tables.opportunity.rows[1].columns.value = 'Price__c';
  expect(parseMapping(JSON.stringify(other)).version).not.toBe(version);
});

test('a namespace stands before fields of the package and before no other', () => {
  const own = shipped();
  own.tables.opportunity.rows[4].columns.value = 'Customers_Notes__c';
  const columns = parseMapping(JSON.stringify(own), { namespace: 'contoso' }).tables.opportunity.rows.flatMap((row) => Object.values(row.columns));
  expect(columns).toEqual(expect.arrayContaining(['contoso__Products__c', 'contoso__Referral_Visibility__c', 'Amount', 'Customers_Notes__c']));
  const fields = packageFields('contoso');
  expect([fields.service('opportunity').sync, fields.audit, fields.key]).toEqual(['contoso__Sync_with_Partner_Center__c', 'contoso__Audit__c', 'contoso__Cosell_Key__c']);
  expect([packageFields(null).service('lead').status, packageFields(null).service('lead').choices]).toEqual(['Sync_Status__c', undefined]);
});

test('the values of *Sync status* are the words that people read everywhere', () => {
  expect(Object.values(statusValues)).toEqual(['notShared', 'pending', 'synced', 'attention', 'conflict', 'failed'].map((name) => words[`status.${name}.label`]));
});

test('knows a mapping of Salesforce from one of Dynamics 365', () => {
  expect([isForSalesforce(shipped()), isForSalesforce(JSON.parse(read('dynamics.json'))), isForSalesforce(null), isForSalesforce({})]).toEqual([true, false, false, false]);
});

describe('a mapping that cannot be used', () => {
  type Rows = Record<string, any>[]; // eslint-disable-line @typescript-eslint/no-explicit-any
  const row = (rows: Rows, field: string): Record<string, any> => rows.find((each) => each.field === field)!; // eslint-disable-line @typescript-eslint/no-explicit-any
  test.each([
    ['an unknown field', (rows: Rows) => (rows[0]!.field = 'naam'), /Row "naam" of opportunity.*is no field/],
    ['a field that is none', (rows: Rows) => (row(rows, 'dealValue').columns.value = 'Deal Value'), /Row "dealValue" of opportunity, columns, value: is no API name/],
    ['a role that the type lacks', (rows: Rows) => (row(rows, 'notes').columns.city = 'City'), /a row of type text has no columns\.city/],
    ['a stage that does not tell closed', (rows: Rows) => delete row(rows, 'status').columns.closed, /columns\.closed is missing/],
    ['a picklist without values', (rows: Rows) => delete row(rows, 'help').choices, /Row "help" of opportunity: choices are missing/],
    ['values where there is no picklist', (rows: Rows) => (row(rows, 'notes').choices = { a: 'b' }), /choices mean nothing for type text/],
    ['a party that is not there', (rows: Rows) => (row(rows, 'customer.name').party = 'owner', delete row(rows, 'team').party), /team is read from the party "owner"/],
    ['a field twice', (rows: Rows) => rows.push({ ...rows[0] }), /the field has a row already/],
  ])('%s is named', (_, spoil, words) => {
    const mapping = shipped();
    spoil(mapping.tables.opportunity.rows as Rows);
    expect(() => parseMapping(JSON.stringify(mapping))).toThrow(words);
  });

  test('no JSON, and no mapping at all', () => {
    expect(() => parseMapping('{')).toThrow(/It is not JSON/);
    expect(() => parseMapping('{}')).toThrow(/tables/);
  });
});
