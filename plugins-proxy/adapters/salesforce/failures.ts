// What an answer of Salesforce means to the schedule, and its error bodies.
import { RemoteFailure, type FailureDetails } from '../../ports/failure';

export const CONNECTION = 'salesforce';
export const DISPLAY_NAME = 'Salesforce';
/** The permission set of the service's user (contract, "Names that can never change"). */
export const PERMISSION_SET = 'Co-sell Sync Service';

export interface ApiError {
  /** `errorCode`, in collections `statusCode`: `STRING_TOO_LONG`. Empty when there is none. */
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
}

/** REST errors are an array of `{message, errorCode, fields}` (REST API guide, "Status Codes and Error Responses"). The first counts. */
export function errorOf(body: unknown): ApiError {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const { errorCode, message, fields } = (typeof first === 'object' && first !== null ? first : {}) as Readonly<Record<string, unknown>>;
  return { code: typeof errorCode === 'string' ? errorCode : '', message: typeof message === 'string' ? message : '', fields: Array.isArray(fields) ? fields.map(String) : [] };
}

export const failed = (message: string, details: Omit<FailureDetails, 'connection'>): RemoteFailure => new RemoteFailure(message, { connection: CONNECTION, ...details });

/** @param what the call in a few words, such as `read the opportunity` */
export function forbidden(what: string, status: number): RemoteFailure {
  return failed(`${DISPLAY_NAME} does not let the service ${what}. Give its user the permission set ${PERMISSION_SET}.`, { class: 'forbidden', status, surelyNotSent: true });
}

export function notUnderstood(what: string, status: number, body: unknown): RemoteFailure {
  return failed(`${DISPLAY_NAME} did not understand how to ${what} (${status} ${errorOf(body).code}). Is the package installed? Run "cosell doctor".`, { class: 'bug', status });
}

/** A token goes to the host that the sign-in named, and nowhere else. 300 is an answer: several records have one external id. */
export const isRedirect = (status: number): boolean => status > 300 && status < 400;

/** Statuses that say something about the request itself. */
const ANSWERS = new Set([300, 400, 403, 404, 412, 413, 414]);

/**
 * @returns nothing for an answer that says something about the request itself
 * @throws RemoteFailure in the schedule's classes. A day's calls used up is a 403 without Retry-After (REST API guide, REQUEST_LIMIT_EXCEEDED); a locked row is nobody's fault and gone in a moment
 */
export function judge(status: number, body: unknown, what: string, longestProbeMs: number): void {
  const { code } = errorOf(body);
  if (status === 401) throw failed(`${DISPLAY_NAME} does not accept the service's sign-in (${code || '401'}). Check the External Client App and its user.`, { class: 'auth', status, surelyNotSent: true });
  if (code === 'REQUEST_LIMIT_EXCEEDED') throw failed(`${DISPLAY_NAME} has no API calls left for now.`, { class: 'throttled', status, surelyNotSent: true, longestProbeMs });
  if (status === 429) throw failed(`${DISPLAY_NAME} asks us to slow down.`, { class: 'throttled', status, surelyNotSent: true });
  if (status >= 502 && status <= 504) throw failed(`${DISPLAY_NAME} is not available (${status}). It is tried again by itself.`, { class: 'unreachable', status });
  if (code === 'UNABLE_TO_LOCK_ROW') throw failed(`${DISPLAY_NAME} could not ${what}: somebody else has the record locked. It is tried again by itself.`, { class: 'remote', status, surelyNotSent: true });
  if (isRedirect(status)) throw failed(`${DISPLAY_NAME} sends us elsewhere (${status}). Check COSELL_SALESFORCE_LOGIN_URL.`, { class: 'unreachable', status, surelyNotSent: true });
  if ((status >= 200 && status < 300) || ANSWERS.has(status)) return;
  throw failed(`${DISPLAY_NAME} failed to ${what} (${status}${code ? ` ${code}` : ''}). It is tried again by itself.`, { class: 'remote', status });
}
