// A request body becomes cells: names, rights, types, lengths, picklists and lookups are checked the way the org does before any trigger.
import type { Caller } from '../access';
import { readId } from '../ids';
import { toMoment, type Org } from '../org';
import { notDocumented, parserError, Problem, rowProblem } from '../problem';
import { isDeleted } from '../rowStore';
import type { Cell, Cells, Field, SObject } from '../schema/field';
import { noSuchColumn } from '../schema/schema';
import { picklistOf } from './picklists';

export type Purpose = 'create' | 'update';

/** @throws Problem naming the first thing that the org would refuse; fields without the right to write them are named together. */
export function readPayload(org: Org, caller: Caller, object: SObject, body: unknown, purpose: Purpose): Cells {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw parserError('The request body is not a record: a JSON object was expected.');
  const cells: Record<string, Cell> = {};
  const denied: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name === 'attributes') {
      checkAttributes(object, value);
      continue;
    }
    if (name === 'Id' || name === 'id') throw new Problem(400, 'INVALID_FIELD', `The ${name} field should not be specified in the sobject data.`);
    const field = fieldNamed(caller, object, name, value);
    if (!(purpose === 'create' ? field.createable : field.updateable) || !caller.edits(object, field)) denied.push(name);
    else cells[field.name] = isNested(value) ? readByExternalId(org, caller, field, value) : readValue(org, object, field, value);
  }
  if (denied.length > 0) throw rowProblem('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${denied.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`, denied);
  return cells;
}

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Names in a body are taken in their exact case: whether another would do is not documented. A lookup may also be named by its relationship, with an external id in it. */
function fieldNamed(caller: Caller, object: SObject, name: string, value: unknown): Field {
  const exact = caller.naming.field(object, name);
  const isExact = exact !== undefined && (exact.name === name || caller.naming.shown(exact.name) === name);
  const field = isNested(value) ? [...object.fields.values()].find((one) => one.relationship !== undefined && (one.relationship === name || caller.naming.shown(one.relationship) === name)) : isExact ? exact : undefined;
  if (!field || !caller.sees(object, field)) throw noSuchColumn(name, object.name, 'body');
  return field;
}

function checkAttributes(object: SObject, value: unknown): void {
  const type = isNested(value) ? value.type : undefined;
  if (type !== undefined && type !== object.name) throw new Problem(400, 'INVALID_FIELD', `The type attribute '${String(type)}' does not match ${object.name}.`);
}

/** `"Account": {"Cosell_Key__c": "x"}` (REST guide, "Insert or Update (Upsert) a Record Using an External ID": relating by a foreign key). */
function readByExternalId(org: Org, caller: Caller, field: Field, value: Readonly<Record<string, unknown>>): string {
  const target = org.schema.object(field.referenceTo ?? '');
  const entries = Object.entries(value).filter(([name]) => name !== 'attributes');
  const [name, key] = entries[0] ?? [];
  const by = name === undefined ? undefined : caller.naming.field(target, name);
  if (entries.length !== 1 || by?.externalId !== true || typeof key !== 'string') throw notDocumented(`A lookup by anything but one external id of ${target.name}`);
  const found = org.store.list(target.name).filter((row) => !isDeleted(row) && sameText(row.cells[by.name], key));
  const [only] = found;
  if (!only || found.length > 1) throw new Problem(400, 'INVALID_FIELD', `Foreign key external ID: ${key} ${only ? 'is not unique' : 'not found'} for field ${by.name} in entity ${target.name}`);
  return only.id;
}

const sameText = (cell: unknown, text: string): boolean => typeof cell === 'string' && cell.toLowerCase() === text.toLowerCase();

/** One value of a field. Empty texts are null, and the ends of texts are trimmed (Apex guide, "Primitive Data Types": sObject strings "can never be empty (only null), and can never include leading and trailing whitespace"). */
export function readValue(org: Org, object: SObject, field: Field, value: unknown): Cell {
  if (value === null || value === undefined) return emptyValue(field);
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(field, value, 'boolean');
      return value;
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return readNumber(field, value);
    case 'date':
      return readDay(field, value);
    case 'datetime':
      return readMoment(field, value);
    case 'reference':
      return readReference(org, field, value);
    case 'picklist':
    case 'multipicklist':
      return readChoice(org, object, field, readText(field, value));
    case 'email':
      return readEmail(field, readText(field, value));
    case 'id':
    case 'address':
      throw wrongType(field, value, field.type);
    case 'string':
    case 'textarea':
    case 'url':
    case 'phone':
      return readText(field, value);
  }
}

function emptyValue(field: Field): null {
  // A checkbox is yes or no, never empty.
  if (field.type === 'boolean') throw wrongType(field, null, 'boolean');
  return null;
}

function readText(field: Field, value: unknown): string | null {
  if (typeof value !== 'string') throw wrongType(field, value, 'string');
  // Only ASCII white space: a no-break space stays (tried by salesforcedan.com, "sObject Empty Strings and Trailing Whitespace"). Line breaks stay as the API got them (Change Data Capture guide, "Considerations for Newline Characters").
  const text = value.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '');
  // Too long is refused, never cut (SOAP guide, "Field Types": since API 15.0).
  if (text.length > (field.length ?? Infinity)) throw rowProblem('STRING_TOO_LONG', `${field.label}: data value too large: ${text.slice(0, 100)} (max length=${field.length})`, [field.name]);
  return text === '' ? null : text;
}

function readEmail(field: Field, text: string | null): string | null {
  if (text !== null && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text)) throw rowProblem('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${text}`, [field.name]);
  return text;
}

function readChoice(org: Org, object: SObject, field: Field, text: string | null): string | null {
  if (text === null || field.restricted !== true) return text;
  const active = new Set(picklistOf(org, object, field).filter((one) => one.active).map((one) => one.value));
  // Several values travel as `A;B` (salesforce.md section 7).
  const wrong = (field.type === 'multipicklist' ? text.split(';') : [text]).find((one) => !active.has(one));
  if (wrong !== undefined) throw rowProblem('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `${field.label}: bad value for restricted picklist field: ${wrong}`, [field.name]);
  return text;
}

/** More decimals than the field shows are kept: the scale is the user interface's (Salesforce Help 000387302 and 000385689, "Salesforce does not round values provided through the API"). */
function readNumber(field: Field, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || (field.type === 'int' && !Number.isInteger(value))) throw wrongType(field, value, field.type === 'int' ? 'int' : 'double');
  if (Math.abs(value) >= 10 ** ((field.precision ?? 18) - (field.scale ?? 0))) throw rowProblem('NUMBER_OUTSIDE_VALID_RANGE', `${field.label}: value outside of valid range on numeric field: ${value}`, [field.name]);
  return value;
}

function readDay(field: Field, value: unknown): string {
  const isDay = typeof value === 'string' && /^(?:1[7-9]|[23]\d)\d{2}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value);
  if (!isDay) throw wrongType(field, value, 'date');
  return value as string;
}

function readMoment(field: Field, value: unknown): string {
  const iso = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') : '';
  const at = Date.parse(iso);
  if (Number.isNaN(at)) throw wrongType(field, value, 'datetime');
  return toMoment(at);
}

function readReference(org: Org, field: Field, value: unknown): string {
  const id = typeof value === 'string' ? readId(value) : undefined;
  if (!id) throw rowProblem('MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(value)}`, [field.name]);
  if (org.schema.byPrefix(id)?.name !== field.referenceTo) throw rowProblem('FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${id}`, [field.name]);
  return id;
}

const TOKENS: Readonly<Record<string, string>> = { string: 'VALUE_STRING', boolean: 'VALUE_TRUE', object: 'START_OBJECT' };

function wrongType(field: Field, value: unknown, type: string): Problem {
  const token = value === null ? 'VALUE_NULL' : typeof value === 'number' ? (Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT') : (TOKENS[typeof value] ?? 'VALUE');
  return parserError(`Cannot deserialize instance of ${type} from ${token} value ${String(value).slice(0, 100)} or request may be missing a required field at [${field.name}]`);
}
