// How the Referrals API says no (partner-center.md 1.5), and how the gate before it does (1.6).
import type { FaultKind } from '../kit/faults';
import type { StandInAnswer } from '../kit/standIn';

/** The documented codes; a list of inner codes was not found, so those below are the stand-in's own. */
export type RefusalCode = 'accessDenied' | 'generalException' | 'invalidRequest' | 'itemNotFound' | 'preconditionFailed' | 'resourceModified' | 'serviceNotAvailable' | 'unauthenticated';

/** Thrown inside the stand-in, answered as the documented envelope. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: RefusalCode,
    message: string,
    /** A path such as `details/dealValue`; `referral` when it is none in particular. */
    readonly target = 'referral',
    readonly innerCode = 'validationFailed',
  ) {
    super(message);
  }
}

/** A member of the body that is missing or wrong. */
export const invalid = (target: string, message: string, innerCode?: string): Refusal => new Refusal(400, 'invalidRequest', message, target, innerCode);

export function refusalToAnswer(refusal: Refusal): StandInAnswer {
  // Codes come in more than one spelling: the documents' own sample writes `unAuthorized` (1.5).
  const code = refusal.status === 401 ? 'unAuthorized' : refusal.code;
  const message = refusal.message.slice(0, 1_024);
  return { status: refusal.status, body: { error: { code, message, target: refusal.target, innerError: { code: refusal.innerCode, message } } } };
}

/** 429 has another shape than every other error (1.6); 503 may carry Retry-After (1.5). */
export function refuseByFault(fault: FaultKind, retryAfter: number | undefined): StandInAnswer {
  if (fault === '429') return refuseTooMany(retryAfter ?? 1);
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const refusal = fault === '503' ? new Refusal(503, 'serviceNotAvailable', 'The service is not available. Try again later.', 'referral', 'serviceNotAvailable') : new Refusal(500, 'generalException', 'An unspecified error has occurred.', 'referral', 'generalException');
  return { ...refusalToAnswer(refusal), headers };
}

export const refuseTooMany = (seconds: number): StandInAnswer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` },
});
