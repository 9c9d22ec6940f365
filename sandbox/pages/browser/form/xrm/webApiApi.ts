// The Client API of the try-out: Xrm.WebApi, against the Web API of the stand-in.
import type { TableModel } from '../../../dynamics/tableModel';
import { bareId, type Row } from '../record/values';
import { callWebApi, idOf, readRow, WebApiProblem } from '../record/webApi';
import { strict } from './strict';

export interface WebApiParts {
  /** Needed for the names of sets. */
  table(name: string): Promise<Pick<TableModel, 'set'>>;
}

interface RequestMetadata {
  readonly boundParameter?: string | null;
  readonly operationName?: string;
  readonly operationType?: number;
  readonly parameterTypes: Readonly<Record<string, { readonly typeName: string; readonly structuralProperty: number }>>;
}

/** 0 action, 1 function, 2 create, read, update or delete (dataverse.md section 5). */
const ACTION = 0;

export function createWebApi(parts: WebApiParts): object {
  const set = async (table: string): Promise<string> => (await parts.table(table)).set;
  const reference = (entityType: string, id: string): { entityType: string; id: string } => ({ entityType, id: bareId(id) });
  const withWords = async <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(toClientError(error)));
  const createRecord = (table: string, data: object): Promise<object> => withWords(set(table).then((name) => callWebApi('POST', name, data)).then((answer) => reference(table, idOf(answer))));
  const online = {
    createRecord,
    updateRecord: (table: string, id: string, data: object): Promise<object> => withWords(set(table).then((name) => callWebApi('PATCH', `${name}(${bareId(id)})`, data, { 'if-match': '*' })).then(() => reference(table, id))),
    deleteRecord: (table: string, id: string): Promise<object> => withWords(set(table).then((name) => callWebApi('DELETE', `${name}(${bareId(id)})`)).then(() => reference(table, id))),
    retrieveRecord: (table: string, id: string, options = ''): Promise<Row> => withWords(set(table).then((name) => readRow(`${name}(${bareId(id)})${options}`))),
    retrieveMultipleRecords: (table: string, options = '', pageSize?: number): Promise<object> => withWords(set(table).then((name) => readPage(`${name}${options}`, pageSize))),
    execute: (request: { getMetadata?: () => RequestMetadata }): Promise<Response> => withWords(execute(request, set)),
    executeMultiple: (requests: { getMetadata?: () => RequestMetadata }[]): Promise<Response[]> => withWords(Promise.all(requests.map((each) => execute(each, set)))),
  };
  return strict('Xrm.WebApi', { ...online, online: strict('Xrm.WebApi.online', online), isAvailableOffline: () => false });
}

async function readPage(path: string, pageSize: number | undefined): Promise<object> {
  const answer = await callWebApi('GET', path, undefined, { prefer: `odata.include-annotations="*"${pageSize === undefined ? '' : `,odata.maxpagesize=${pageSize}`}` });
  const { value, '@odata.nextLink': next } = (await answer.json()) as { value: Row[]; '@odata.nextLink'?: string };
  return { entities: value, ...(next === undefined ? {} : { nextLink: next }), fetchXmlPagingCookie: '' };
}

/** Actions only: no script here calls a function or a batch. @throws Error for a request that the platform could not send either */
async function execute(request: { getMetadata?: () => RequestMetadata }, set: (table: string) => Promise<string>): Promise<Response> {
  const metadata = request.getMetadata?.();
  if (!metadata) throw new Error('Xrm.WebApi.online.execute takes a request with getMetadata.');
  const { boundParameter, operationName, operationType, parameterTypes } = metadata;
  if (operationType !== ACTION || !operationName) throw new Error('The try-out carries out actions only: operationType 0 and an operationName.');
  const given = request as Readonly<Record<string, unknown>>;
  const body = Object.fromEntries(Object.keys(parameterTypes).filter((name) => name !== boundParameter).map((name) => [name, given[name]]));
  if (!boundParameter) return callWebApi('POST', operationName, body);
  const bound = given[boundParameter] as { entityType?: string; id?: string } | undefined;
  const expected = parameterTypes[boundParameter];
  if (!bound?.entityType || !bound.id) throw new Error(`${operationName} is bound to "${boundParameter}", which must be {entityType, id}.`);
  if (expected?.typeName !== `mscrm.${bound.entityType}` || expected.structuralProperty !== 5) throw new Error(`${operationName}: the type of "${boundParameter}" must be mscrm.${bound.entityType}, structuralProperty 5.`);
  return callWebApi('POST', `${await set(bound.entityType)}(${bareId(bound.id)})/Microsoft.Dynamics.CRM.${operationName}`, body);
}

/** What scripts get is no Error of ours, but a number, words and the raw answer. */
const toClientError = (error: unknown): unknown => (error instanceof WebApiProblem ? { errorCode: error.errorCode, message: error.message, raw: error.raw, code: error.errorCode } : error);
