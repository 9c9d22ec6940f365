// How Dataverse words a refusal: an HTTP status and {error:{code, message}}.
import type { StandInAnswer } from '../kit/standIn';

/** A refusal on its way out; everything in this folder throws it and the Web API turns it into an answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const problemAnswer = (problem: Problem): StandInAnswer => ({ status: problem.status, headers: problem.headers, body: { error: { code: problem.code, message: problem.message } } });

/** A payload that names or types something wrongly. */
export const badPayload = (set: string, detail: string): Problem =>
  new Problem(400, '0x80048d19', `Error identified in Payload provided by the user for Entity :'${set}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${detail}`);

/** A query or path that the model does not know. */
export const badQuery = (message: string): Problem => new Problem(400, '0x80060888', message);

export const rowMissing = (table: string, id: string): Problem => new Problem(404, '0x80040217', `Entity '${table}' With Id = ${id} Does Not Exist`);

// The version mismatch and its status: dataverse.md section 4.
export const versionMismatch = (): Problem => new Problem(412, '0x80060882', "The version of the existing record doesn't match the RowVersion property provided.");
