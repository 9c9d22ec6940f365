// What the org demands of a row as a whole, after the triggers: required fields, lookups that lead somewhere, unique values, duplicate rules.
import type { Org } from '../org';
import { Problem, rowProblem } from '../problem';
import { isDeleted, type Row } from '../rowStore';
import type { Cells, Field, SObject } from '../schema/field';

/** @throws Problem 400 with the code of the first thing that is wrong. */
export function checkRow(org: Org, object: SObject, id: string | undefined, before: Row | undefined, cells: Cells): void {
  const missing = [...object.fields.values()].filter((field) => field.required && (cells[field.name] ?? null) === null).map((field) => field.name);
  if (missing.length > 0) throw rowProblem('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
  for (const field of object.fields.values()) {
    if (field.referenceTo && cells[field.name] !== before?.cells[field.name]) checkReference(org, object, field, cells);
    if (field.unique) checkUnique(org, object, id, field, cells);
  }
  if (object.name === 'OpportunityTeamMember' && !before) checkMember(org, cells);
}

function checkReference(org: Org, object: SObject, field: Field, cells: Cells): void {
  const id = cells[field.name];
  if (typeof id !== 'string') {
    if (field.name === 'OwnerId') throw rowProblem('INVALID_CROSS_REFERENCE_KEY', 'Owner ID: owner cannot be blank', ['OwnerId']);
    return;
  }
  const target = org.store.get(field.referenceTo ?? '', id);
  if (!target) throw rowProblem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (isDeleted(target)) throw rowProblem('ENTITY_IS_DELETED', 'entity is deleted');
  if (field.name === 'OwnerId' && target.cells.IsActive !== true) throw rowProblem('INACTIVE_OWNER_OR_USER', `operation performed with inactive user [${id.slice(0, 15)}] as owner of ${object.label.toLowerCase()}`);
}

function checkUnique(org: Org, object: SObject, id: string | undefined, field: Field, cells: Cells): void {
  const value = cells[field.name];
  if (typeof value !== 'string') return;
  const same = (other: unknown): boolean => typeof other === 'string' && (field.caseSensitive ? other === value : other.toLowerCase() === value.toLowerCase());
  const holder = org.store.list(object.name).find((row) => row.id !== id && !isDeleted(row) && same(row.cells[field.name]));
  if (holder) throw rowProblem('DUPLICATE_VALUE', `duplicate value found: ${field.name} duplicates value on record with id: ${holder.id}`);
}

/** A user stands on the team once. */
function checkMember(org: Org, cells: Cells): void {
  const holder = org.store.list('OpportunityTeamMember').find((row) => !isDeleted(row) && row.cells.OpportunityId === cells.OpportunityId && row.cells.UserId === cells.UserId);
  if (holder) throw rowProblem('DUPLICATE_VALUE', `duplicate value found: the user is on the team already, record ${holder.id}`);
}

interface DuplicateRule {
  readonly name: string;
  readonly match: string;
  alike(one: Cells, other: Cells): boolean;
}

const sameText = (one: unknown, other: unknown): boolean => typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();

/** The standard rules of a new org; their fuzzy matching is reduced to equality (Salesforce Help, "Standard Account Duplicate Rule", "Standard Contact Duplicate Rule"). */
const RULES: Readonly<Record<string, DuplicateRule>> = {
  Account: { name: 'Standard_Account_Duplicate_Rule', match: 'Standard_Account_Match_Rule_v1_0', alike: (one, other) => sameText(one.Name, other.Name) && ['BillingPostalCode', 'BillingCity', 'BillingStreet'].some((part) => sameText(one[part], other[part])) },
  Contact: { name: 'Standard_Contact_Duplicate_Rule', match: 'Standard_Contact_Match_Rule_v1_1', alike: (one, other) => sameText(one.Name, other.Name) && sameText(one.Email, other.Email) },
};

/** On create only, as the standard rules do; `Sforce-Duplicate-Rule-Header: allowSave=true` passes a rule that alerts, not one that blocks (REST guide, "Duplicate Rule Header"). */
export function checkDuplicates(org: Org, object: SObject, cells: Cells, allowed: boolean): void {
  const rule = RULES[object.name];
  if (!rule || org.duplicateRules === 'off' || (allowed && org.duplicateRules === 'alert')) return;
  const alike = org.store.list(object.name).filter((row) => !isDeleted(row) && rule.alike(cells, row.cells));
  if (alike.length === 0) return;
  const record = (row: Row): unknown => ({ additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record: { attributes: { type: object.name, url: `/services/data/v66.0/sobjects/${object.name}/${row.id}` }, Id: row.id } });
  const duplicateResult = {
    allowSave: org.duplicateRules === 'alert', duplicateRule: rule.name, duplicateRuleEntityType: object.name, errorMessage: 'Use one of these records?',
    matchResults: [{ entityType: object.name, errors: [], matchEngine: 'FuzzyMatchEngine', matchRecords: alike.map(record), rule: rule.match, size: alike.length, success: true }],
  };
  throw new Problem(400, 'DUPLICATES_DETECTED', 'Use one of these records?', undefined, { duplicateResult });
}
