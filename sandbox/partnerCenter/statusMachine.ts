// Which status may follow which (partner-center.md 2.3).
//
// A referral is New when somebody else sent it and nobody has answered (14 days, then Closed/Expired); Active once accepted,
// which an outgoing one is from the start; Closed at the end. Nobody may change anything in a closed one.
import { invalid } from './refusal';
import type { Referral, Status, Substatus } from './referral';

const SUBSTATUS: Record<Status, readonly Substatus[]> = {
  New: ['Pending', 'Received'],
  Active: ['Accepted'],
  // `Error` comes from the portal's file format (BULK23); as a value of the API it is inferred (2.3, 8).
  Closed: ['Won', 'Lost', 'Declined', 'Expired', 'Error'],
};

const NEXT: Record<Status, readonly Status[]> = { New: ['New', 'Active', 'Closed'], Active: ['Active', 'Closed'], Closed: ['Closed'] };

/** Status and substatus must come together and be a legal pair. @throws Refusal 400 */
export function checkStatusMove(from: Status, status: unknown, substatus: unknown): { status: Status; substatus: Substatus } {
  if (status === undefined || substatus === undefined) {
    throw invalid(status === undefined ? 'status' : 'substatus', 'status and substatus must be changed together.', 'statusPairIncomplete');
  }
  const pair = checkStatusPair(status, substatus);
  if (!NEXT[from].includes(pair.status)) throw invalid('status', `A referral cannot go from ${from} to ${pair.status}.`, 'statusTransition');
  return pair;
}

/** @throws Refusal 400 when the two do not belong together */
export function checkStatusPair(status: unknown, substatus: unknown): { status: Status; substatus: Substatus } {
  if (status !== 'New' && status !== 'Active' && status !== 'Closed') throw invalid('status', `${String(status)} is not a status.`);
  const legal = SUBSTATUS[status].find((one) => one === substatus);
  if (!legal) throw invalid('substatus', `${String(substatus)} does not go with ${status}.`, 'statusPair');
  return { status, substatus: legal };
}

/** Closed is for ever: no more edits by anyone, portal or API (MCO21, BULK23). The status code of the refusal is not documented: 400. @throws Refusal 400 */
export function refuseWhenClosed(referral: Referral): void {
  if (referral.status === 'Closed') throw invalid('status', `The referral is closed (${referral.substatus}) and cannot be changed.`, 'referralClosed');
}
