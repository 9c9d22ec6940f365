// How the org says no: an HTTP status and an array of {message, errorCode, fields} (salesforce.md section 7, "REST shapes"; REST guide, "Status Codes and Error Responses").
import type { StandInAnswer } from '../kit/standIn';

/** A refusal on its way out. The catalogue of codes and texts is not published as a whole: clients may read `errorCode`, nobody may read the text. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Present for everything that is about a record, absent for the rest. */
    readonly fields?: readonly string[],
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export const problemAnswer = (problem: Problem): StandInAnswer => {
  // What a failed precondition says in its body is not documented (salesforce.md section 7, "Optimistic concurrency"), so there is nothing to read.
  if (problem.status === 412) return { status: 412 };
  return { status: problem.status, body: [{ ...problem.more, message: problem.message, errorCode: problem.code, ...(problem.fields ? { fields: problem.fields } : {}) }] };
};

/** A refusal about one record, the way save calls word it. */
export const rowProblem = (code: string, message: string, fields: readonly string[] = [], more?: Readonly<Record<string, unknown>>): Problem => new Problem(400, code, message, fields, more);

export const notFound = (message = 'The requested resource does not exist'): Problem => new Problem(404, 'NOT_FOUND', message);
export const isDeletedProblem = (): Problem => new Problem(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
export const malformedQuery = (message: string): Problem => new Problem(400, 'MALFORMED_QUERY', message);
export const parserError = (message: string): Problem => new Problem(400, 'JSON_PARSER_ERROR', message);
/** A header or parameter that no document gives this resource: the real org's answer is unknown, and ignoring it would hide the mistake. */
export const notDocumented = (what: string): Problem => new Problem(400, 'NOT_DOCUMENTED_HERE', `${what} is not documented for this resource.`);
export const preconditionFailed = (): Problem => new Problem(412, 'PRECONDITION_FAILED', 'The record was modified after the given time.');
