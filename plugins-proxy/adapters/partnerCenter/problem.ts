// What an error answer of Partner Center says, whichever of its shapes it has.
import type { Json } from '../../../core/index';
import { at, isObject, memberOf, rawTextAt } from './wire';

/** Documented codes (referrals-api-response-codes), and those that tell a refused length apart. Compared in lower case: the page's own sample writes `unAuthorized`. */
const knownCodes = new Set([
  'accessdenied', 'generalexception', 'invalidrequest', 'itemnotfound', 'preconditionfailed', 'resourcemodified', 'servicenotavailable', 'unauthenticated', 'unauthorized',
  'insufficient_claims', 'toolong', 'texttoolong', 'valuetoolong', 'stringtoolong', 'maxlengthexceeded', 'lengthexceeded',
]);

export interface Problem {
  /** The deepest documented code in lower case, or `null`. */
  readonly code: string | null;
  /** Where the answer points: the deepest target that is told. */
  readonly target: string | null;
  /** For people only: never branched upon. */
  readonly message: string | null;
  /** A length limit, where the answer tells one. */
  readonly max: number | null;
}

const DEEPEST = 20;

/** Reads `{"error":{code,message,target,innerError}}`, nested as deep as it comes, or the throttle's `{"statusCode","message"}`. */
export function readProblem(body: Json | undefined): Problem {
  const levels = levelsOf(isObject(memberOf(body, 'error')) ? memberOf(body, 'error') : (body ?? null));
  const deepest = (name: string): string | null => levels.map((level) => rawTextAt(level, name)).filter((text) => text !== null).at(-1) ?? null;
  const codes = levels.map((level) => rawTextAt(level, 'code')?.toLowerCase()).filter((code) => code !== undefined && knownCodes.has(code));
  const max = levels.map((level) => at(level, 'maxLength')).find((value) => typeof value === 'number');
  return { code: codes.at(-1) ?? null, target: deepest('target'), message: deepest('message'), max: typeof max === 'number' ? max : null };
}

/** The error and its inner errors, outermost first. */
function levelsOf(outer: Json): Json[] {
  const levels: Json[] = [];
  for (let level = outer; isObject(level) && levels.length < DEEPEST; level = memberOf(level, 'innerError')) levels.push(level);
  return levels;
}

const lengthCodes = /toolong|lengthexceeded/;

/** Whether the answer says that something is too long. */
export const saysTooLong = (status: number, problem: Problem): boolean => status === 413 || (problem.code !== null && lengthCodes.test(problem.code));
