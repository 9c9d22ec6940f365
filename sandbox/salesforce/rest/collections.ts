// sObject Collections: up to 200 records in one call, each with its own result (REST guide, "sObject Collections").
import type { StandInAnswer } from '../../kit/standIn';
import { readId } from '../ids';
import type { Org } from '../org';
import { notFound, parserError, Problem, rowProblem } from '../problem';
import { presentFields } from '../presentRow';
import { isDeleted, type Row } from '../rowStore';
import type { SObject } from '../schema/field';
import { readPayload } from '../saving/readPayload';
import { deleteRow } from '../saving/removeRows';
import { saveRows, type Change, type Saved } from '../saving/saveRows';
import { allowsDuplicates, methodNotAllowed, readParameters, type ApiCall } from './apiCall';
import { refuseConditions } from './preconditions';
import { circumstances, demand, findByExternalId, objectFor, visible } from './rows';

const MOST = 200;
/** Records of several kinds go in chunks of one kind each, ten at most. */
const MOST_CHUNKS = 10;

type Json = Readonly<Record<string, unknown>>;
export interface Result {
  readonly id?: string;
  readonly success: boolean;
  readonly errors: readonly { readonly statusCode: string; readonly message: string; readonly fields: readonly string[] }[];
  readonly created?: boolean;
}

export function answerCollection(org: Org, call: ApiCall, rest: string): StandInAnswer {
  refuseConditions(call);
  const [objectName, fieldName, more] = rest === '' ? [] : rest.split('/');
  if (more !== undefined) throw notFound();
  if (objectName !== undefined && fieldName !== undefined) return ofMethod(call, 'PATCH', () => upsertMany(org, call, objectFor(call, objectName), fieldName));
  if (objectName !== undefined) return ofMethod(call, 'GET', () => getMany(org, call, objectFor(call, objectName)));
  if (call.method === 'POST') return saveMany(org, call, 'create');
  if (call.method === 'PATCH') return saveMany(org, call, 'update');
  return ofMethod(call, 'DELETE', () => deleteMany(org, call));
}

function ofMethod(call: ApiCall, method: string, run: () => StandInAnswer): StandInAnswer {
  if (call.method !== method) throw methodNotAllowed(call);
  return run();
}

interface Wanted {
  readonly object: SObject;
  readonly id: string | undefined;
  readonly values: Json;
}

function saveMany(org: Org, call: ApiCall, purpose: 'create' | 'update'): StandInAnswer {
  readParameters(call, []);
  const { records, allOrNone } = readBody(call);
  const wanted = records.map((record): Wanted => {
    const { attributes, id: small, Id: large, ...values } = record;
    const type = typeof attributes === 'object' && attributes !== null ? (attributes as Json).type : undefined;
    if (typeof type !== 'string') throw new Problem(400, 'INVALID_INPUT', 'Each record needs attributes with a type.');
    const id = small ?? large;
    if (purpose === 'create' && id !== undefined) throw new Problem(400, 'INVALID_FIELD', 'cannot specify Id in an insert call');
    return { object: objectFor(call, type), id: typeof id === 'string' ? id : undefined, values };
  });
  return { status: 200, body: together(org, allOrNone, () => inChunks(wanted).flatMap((chunk) => saveChunk(org, call, chunk, purpose))) };
}

function readBody(call: ApiCall): { records: readonly Json[]; allOrNone: boolean } {
  const body = call.body();
  if (typeof body !== 'object' || body === null || !Array.isArray((body as Json).records)) throw parserError('The body needs a list of records.');
  const { records, allOrNone = false, ...unknown } = body as { records: Json[]; allOrNone?: unknown };
  if (Object.keys(unknown).length > 0 || typeof allOrNone !== 'boolean') throw parserError(`Unrecognized field in the body: ${Object.keys(unknown).join(', ') || 'allOrNone'}`);
  checkCount(records.length);
  return { records, allOrNone };
}

function checkCount(count: number): void {
  if (count > MOST) throw new Problem(400, 'EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${MOST} records in this call`);
}

function inChunks(wanted: readonly Wanted[]): Wanted[][] {
  const chunks: Wanted[][] = [];
  for (const one of wanted) {
    const last = chunks.at(-1);
    if (last?.[0]?.object === one.object) last.push(one);
    else chunks.push([one]);
  }
  if (chunks.length > MOST_CHUNKS) throw new Problem(400, 'INVALID_INPUT', `Cannot have more than ${MOST_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking.`);
  return chunks;
}

/** Bodies are read one by one, then those that can be read are saved together, so that triggers see them as one. */
function saveChunk(org: Org, call: ApiCall, chunk: readonly Wanted[], purpose: 'create' | 'update'): Result[] {
  const read = chunk.map((one): Change | Problem => attempt(() => {
    demand(call, one.object, purpose === 'create' ? 'create' : 'edit');
    const id = purpose === 'update' ? idOf(one) : undefined;
    return { ...(id === undefined ? {} : { id }), cells: readPayload(org, call.caller, one.object, one.values, purpose) };
  }));
  return saveRead(org, call, chunk[0]?.object, read).map((saved) => toResult(saved));
}

function saveRead(org: Org, call: ApiCall, object: SObject | undefined, read: readonly (Change | Problem)[]): Saved[] {
  if (!object) return [];
  const saved = [...saveRows(org, object, read.filter((one): one is Change => !(one instanceof Problem)), circumstances(call, { allowDuplicates: allowsDuplicates(call) }))];
  return read.map((one) => (one instanceof Problem ? { type: 'refused', problem: one } : (saved.shift() ?? { type: 'refused', problem: notFound() })));
}

function idOf({ object, id }: Wanted): string {
  if (id === undefined) throw rowProblem('MISSING_ARGUMENT', 'Id not specified in an update call');
  const long = readId(id);
  if (!long || !long.startsWith(object.keyPrefix)) throw rowProblem('MALFORMED_ID', `${object.label} ID: id value of incorrect type: ${id}`, ['Id']);
  return long;
}

function attempt<T>(run: () => T): T | Problem {
  try {
    return run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

export function toResult(saved: Saved, withCreated = false): Result {
  if (saved.type === 'saved') return { id: saved.row.id, success: true, errors: [], ...(withCreated ? { created: saved.before === undefined } : {}) };
  return refusal(saved.problem);
}

const refusal = (problem: Problem): Result => ({ success: false, errors: [{ statusCode: problem.code, message: problem.message, fields: problem.fields ?? [] }] });

class RolledBack extends Error {
  constructor(readonly results: readonly Result[]) {
    super('rolled back');
  }
}

/** With allOrNone one failure undoes all; the others say so. */
export function together(org: Org, allOrNone: boolean, run: () => readonly Result[]): readonly Result[] {
  try {
    return org.store.transaction(() => {
      const results = run();
      if (allOrNone && results.some((one) => !one.success)) throw new RolledBack(results);
      return results;
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
    return error.results.map((one) => (one.success ? refusal(rowProblem('ALL_OR_NONE_OPERATION_ROLLED_BACK', message)) : one));
  }
}

function upsertMany(org: Org, call: ApiCall, object: SObject, fieldName: string): StandInAnswer {
  readParameters(call, []);
  const field = call.caller.naming.field(object, fieldName);
  if (!field?.externalId || !call.caller.sees(object, field)) throw notFound(`Provided external ID field does not exist or is not accessible: ${fieldName}`);
  const { records, allOrNone } = readBody(call);
  const read = (record: Json): Change | Problem => attempt(() => {
    const { [fieldName]: value, ...values } = record;
    if (typeof value !== 'string' || value === '') throw rowProblem('MISSING_ARGUMENT', `${field.name} not specified`);
    const found = findByExternalId(org, object, field, value);
    if (found.length > 1) throw rowProblem('DUPLICATE_EXTERNAL_ID', `Duplicate external id specified: ${value}`);
    const [row] = found;
    demand(call, object, row ? 'edit' : 'create');
    const cells = readPayload(org, call.caller, object, values, row ? 'update' : 'create');
    return row ? { id: row.id, cells } : { cells: { [field.name]: value, ...cells } };
  });
  return { status: 200, body: together(org, allOrNone, () => saveRead(org, call, object, records.map(read)).map((saved) => toResult(saved, true))) };
}

/** In the order of the ids; null for what is not there. */
function getMany(org: Org, call: ApiCall, object: SObject): StandInAnswer {
  const parameters = readParameters(call, ['ids', 'fields']);
  const ids = (parameters.get('ids') ?? '').split(',').filter((id) => id !== '');
  const fields = (parameters.get('fields') ?? '').split(',').filter((name) => name !== '').map((name) => visible(call, object, name));
  if (ids.length === 0 || fields.length === 0) throw new Problem(400, 'MISSING_ARGUMENT', 'ids and fields are required.');
  checkCount(ids.length);
  const rows = ids.map((id): Row | undefined => org.store.get(object.name, readId(id) ?? ''));
  return { status: 200, body: rows.map((row) => (row && !isDeleted(row) ? presentFields(call.caller, fields, row) : null)) };
}

function deleteMany(org: Org, call: ApiCall): StandInAnswer {
  const parameters = readParameters(call, ['ids', 'allOrNone']);
  const ids = (parameters.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0) throw new Problem(400, 'MISSING_ARGUMENT', 'ids is required.');
  checkCount(ids.length);
  const remove = (text: string): Result => {
    const done = attempt(() => {
      const id = readId(text);
      const object = id && org.schema.byPrefix(id);
      if (!id || !object) throw rowProblem('MALFORMED_ID', `bad id ${text}`);
      demand(call, object, 'delete');
      deleteRow(org, object, id, circumstances(call));
      return id;
    });
    return done instanceof Problem ? refusal(done) : { id: done, success: true, errors: [] };
  };
  return { status: 200, body: together(org, parameters.get('allOrNone') === 'true', () => ids.map(remove)) };
}
