// sObject Basic Information, sObject Rows and sObject Rows by External ID: create, read, update, delete and upsert one record (REST guide).
import type { StandInAnswer } from '../../kit/standIn';
import { readId } from '../ids';
import type { Org } from '../org';
import { notFound, Problem, rowProblem } from '../problem';
import { API, presentAll, presentFields } from '../presentRow';
import { isDeleted, type Row } from '../rowStore';
import type { Field, SObject, Verb } from '../schema/field';
import { noSuchColumn } from '../schema/schema';
import type { Circumstances } from '../saving/noteWrite';
import { readPayload } from '../saving/readPayload';
import { deleteRow } from '../saving/removeRows';
import { existing, saveRow } from '../saving/saveRows';
import { allowsDuplicates, methodNotAllowed, readParameters, type ApiCall } from './apiCall';
import { etagOf, expectUnchanged, isUnchanged, refuseConditions } from './preconditions';

/** The object of that exact name. @throws Problem 404: unknown, or not to be read by this user */
export function objectFor(call: ApiCall, name: string): SObject {
  const object = call.caller.naming.object(name);
  if (!object || (object.name !== name && call.caller.naming.shown(object.name) !== name) || !call.caller.may(object, 'read')) throw notFound();
  return object;
}

/** @throws Problem 403 */
export function demand(call: ApiCall, object: SObject, verb: Verb): void {
  if (!call.caller.may(object, verb)) throw new Problem(403, 'INSUFFICIENT_ACCESS_OR_READONLY', `insufficient access rights on ${object.name}: ${verb}`, []);
}

export const circumstances = (call: ApiCall, more: Partial<Circumstances> = {}): Circumstances => ({ caller: call.caller, origin: 'request', ...more });

export function createRecord(org: Org, call: ApiCall, object: SObject): StandInAnswer {
  readParameters(call, []);
  refuseConditions(call);
  demand(call, object, 'create');
  const row = saveRow(org, object, { cells: readPayload(org, call.caller, object, call.body(), 'create') }, circumstances(call, { allowDuplicates: allowsDuplicates(call) }));
  return { status: 201, headers: { location: `${API}/sobjects/${object.name}/${row.id}` }, body: { id: row.id, success: true, errors: [] } };
}

export function answerRow(org: Org, call: ApiCall, object: SObject, name: string): StandInAnswer {
  const id = readId(name);
  // What is no id is taken for an external id field, as the org does.
  if (!id) throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`);
  if (call.method === 'GET') return getRow(call, object, existing(org, object, id));
  if (call.method === 'PATCH') return patchRow(org, call, object, id);
  if (call.method !== 'DELETE') throw methodNotAllowed(call);
  readParameters(call, []);
  refuseConditions(call);
  demand(call, object, 'delete');
  deleteRow(org, object, id, circumstances(call));
  return { status: 204 };
}

function getRow(call: ApiCall, object: SObject, row: Row): StandInAnswer {
  const names = readParameters(call, ['fields']).get('fields');
  const fields = names?.split(',').map((name) => visible(call, object, name.trim()));
  const headers: Record<string, string> = object.name === 'Account' ? { etag: etagOf(row) } : {};
  if (isUnchanged(call, object, row)) return { status: 304, headers };
  return { status: 200, headers, body: fields ? presentFields(call.caller, fields, row) : presentAll(call.caller, object, row) };
}

/** @throws Problem 400 when there is no such field, or none for this user */
export function visible(call: ApiCall, object: SObject, name: string): Field {
  const field = call.caller.naming.field(object, name);
  if (!field || field.calculated || !call.caller.sees(object, field)) throw noSuchColumn(name, object.name, 'query');
  return field;
}

function patchRow(org: Org, call: ApiCall, object: SObject, id: string): StandInAnswer {
  readParameters(call, []);
  const expect = expectUnchanged(call, object);
  demand(call, object, 'edit');
  const row = existing(org, object, id);
  // Looked at first here, and once more when it is written: the answer to a stale write does not depend on its body.
  expect?.(row);
  const cells = readPayload(org, call.caller, object, call.body(), 'update');
  saveRow(org, object, { id, cells }, circumstances(call, { allowDuplicates: allowsDuplicates(call), ...(expect ? { expect } : {}) }));
  return { status: 204 };
}

/** `sobjects/Opportunity/Referral_Identifier__c/<value>`. */
export function answerByExternalId(org: Org, call: ApiCall, object: SObject, fieldName: string, value: string): StandInAnswer {
  refuseConditions(call);
  const field = call.caller.naming.field(object, fieldName);
  if (!field?.externalId || !call.caller.sees(object, field) || (field.name !== fieldName && call.caller.naming.shown(field.name) !== fieldName)) throw notFound(`Provided external ID field does not exist or is not accessible: ${fieldName}`);
  const found = findByExternalId(org, object, field, value);
  // Several: nothing is done, their addresses are answered (REST guide, "Insert or Update (Upsert) a Record Using an External ID").
  if (found.length > 1) return { status: 300, body: found.map((row) => `${API}/sobjects/${object.name}/${row.id}`) };
  const [row] = found;
  if (call.method === 'PATCH') return upsertRow(org, call, object, field, value, row);
  if (!row) throw notFound();
  if (call.method === 'GET') return getRow(call, object, row);
  if (call.method !== 'DELETE') throw methodNotAllowed(call);
  readParameters(call, []);
  demand(call, object, 'delete');
  deleteRow(org, object, row.id, circumstances(call));
  return { status: 204 };
}

/** Values are compared without case unless the field is case-sensitive; the recycle bin is left out. */
export const findByExternalId = (org: Org, object: SObject, field: Field, value: string): readonly Row[] =>
  org.store.list(object.name).filter((row) => !isDeleted(row) && typeof row.cells[field.name] === 'string' && (field.caseSensitive ? row.cells[field.name] === value : String(row.cells[field.name]).toLowerCase() === value.toLowerCase()));

function upsertRow(org: Org, call: ApiCall, object: SObject, field: Field, value: string, row: Row | undefined): StandInAnswer {
  const updateOnly = readParameters(call, ['updateOnly']).get('updateOnly') === 'true';
  if (!row && updateOnly) throw notFound();
  demand(call, object, row ? 'edit' : 'create');
  const body = call.body();
  if (typeof body === 'object' && body !== null && (field.name in body || call.caller.naming.shown(field.name) in body)) throw new Problem(400, 'INVALID_FIELD', `The ${field.name} field should not be specified in the sobject data.`);
  const cells = readPayload(org, call.caller, object, body, row ? 'update' : 'create');
  if (!row && !call.caller.edits(object, field)) throw rowProblem('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`, [field.name]);
  const saved = saveRow(org, object, row ? { id: row.id, cells } : { cells: { [field.name]: value, ...cells } }, circumstances(call, { allowDuplicates: allowsDuplicates(call) }));
  // 201 when created, 200 when updated, both with a body since API 46.0 (salesforce.md section 7).
  return { status: row ? 200 : 201, body: { id: saved.id, success: true, errors: [], created: !row } };
}
