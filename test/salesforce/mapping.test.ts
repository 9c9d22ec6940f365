// The field mapping of Salesforce: it fits the schema that both CRMs share, and carries what the rules of core let it carry.
import { describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { fieldRules, helpCodes, standardFieldKeys, visibilities } from '../../core/index';

const read = (name: string): string => readFileSync(new URL(`../../mapping/${name}`, import.meta.url), 'utf8');
const shipped = (): Record<string, any> => JSON.parse(read('salesforce.json')); // eslint-disable-line @typescript-eslint/no-explicit-any
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('mapping.schema.json')));
const row = (mapping: ReturnType<typeof shipped>, field: string) => mapping.tables.opportunity.rows.find((each: { field: string }) => each.field === field);

describe('the mapping of Salesforce', () => {
  test('fits the schema that both CRMs share', () => {
    validate(shipped());
    expect(validate.errors).toBeNull();
  });

  test('has a row for every field, and carries to the CRM what the rules let us write there', () => {
    const { rows } = shipped().tables.opportunity;
    expect(rows.map((each: { field: string }) => each.field)).toEqual([...standardFieldKeys]);
    for (const each of rows) expect([each.field, each.direction]).toEqual([each.field, fieldRules[each.field as keyof typeof fieldRules].toCrm === 'never' ? 'toPartner' : 'both']);
  });

  test('knows a value for each of our words and no other', () => {
    expect(Object.keys(row(shipped(), 'help').choices)).toEqual([...helpCodes]);
    expect(Object.keys(row(shipped(), 'visibility').choices)).toEqual([...visibilities]);
  });

  test.each([
    ['a picklist without its values', (mapping: ReturnType<typeof shipped>) => delete row(mapping, 'help').choices],
    ['a state that says neither numbers nor closed and won', (mapping: ReturnType<typeof shipped>) => delete row(mapping, 'status').columns.won],
    ['a currency of the record itself that every org must have', (mapping: ReturnType<typeof shipped>) => delete row(mapping, 'currency').optional],
    ['contact roles without the mark of the one that counts', (mapping: ReturnType<typeof shipped>) => delete mapping.tables.opportunity.parties.contact.through[0].only],
    ['members of anything but a team', (mapping: ReturnType<typeof shipped>) => (row(mapping, 'name').members = row(mapping, 'team').members)],
    ['a label in the place of an API name', (mapping: ReturnType<typeof shipped>) => (row(mapping, 'dealValue').columns.value = 'Est. Value')],
  ])('with %s is refused', (_, spoil) => {
    const mapping = shipped();
    spoil(mapping);
    expect(validate(mapping)).toBe(false);
  });

  test('takes named stages and a customer\'s own field', () => {
    const mapping = shipped();
    row(mapping, 'status').choices = { Active: 'Proposal', Won: 'Closed Won', Lost: 'Closed Lost' };
    mapping.tables.opportunity.rows.push({ field: 'custom:Region__c', type: 'text', direction: 'both', columns: { value: 'Region__c' } });
    expect(validate(mapping)).toBe(true);
  });
});
