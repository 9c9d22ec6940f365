// A definite no about what was sent, told as reasons: the answer's target leads to the field, never its message.
import { instantToDate, reason, type Json, type Reason, type StandardFieldKey } from '../../../core/index';
import type { HttpAnswer } from './httpCall';
import { DISPLAY_NAME, MICROSOFT } from './options';
import { readProblem, saysTooLong, type Problem } from './problem';
import type { PatchOperation } from './referralPatch';
import { at, listAt, rawTextAt } from './wire';

export interface Sent {
  /** What was sent, in the shape of a referral. */
  readonly referral: Json;
  /** The operations, when it was a patch: a target may count them. */
  readonly operations?: readonly PatchOperation[];
  readonly timeZone: string;
}

interface Place {
  readonly field: StandardFieldKey;
  readonly path: readonly string[];
}

const LONGEST_MESSAGE = 300;

/** Reasons of a refused create or update; always at least one. */
export function refusalReasons(answer: HttpAnswer, sent: Sent): Reason[] {
  if (answer.status === 403) return [reason('no-permission', undefined, { system: DISPLAY_NAME, role: 'Referrals admin' })];
  const problem = readProblem(answer.body);
  const place = placeOf(problem.target, sent);
  return [(place && reasonAt(place, problem, answer, sent)) ?? refused(place?.field, problem, answer)];
}

/** The field that an answer's target names, or `undefined`. */
export const refusedField = (answer: HttpAnswer, sent: Sent): StandardFieldKey | undefined => placeOf(readProblem(answer.body).target, sent)?.field;

function reasonAt({ field, path }: Place, problem: Problem, answer: HttpAnswer, sent: Sent): Reason | undefined {
  const value = at(sent.referral, ...path);
  if (saysTooLong(answer.status, problem)) return tooLong(field, value, problem);
  switch (field) {
    case 'solutions':
      return unknownSolution(path, sent.referral);
    case 'dealValue':
      return Number(value) === 0 ? reason('deal-value-zero', field) : undefined;
    case 'currency':
      return typeof value === 'string' ? reason('currency-unknown', field, { system: DISPLAY_NAME, code: value }) : undefined;
    case 'closingDate':
      return isPast(value, answer.serverNow, sent.timeZone) ? reason('closing-date-past', field) : undefined;
    case 'customer.country':
      return reason('customer-country-unknown', field, { value: typeof value === 'string' ? value : '' });
    default:
      return undefined;
  }
}

function refused(field: StandardFieldKey | undefined, problem: Problem, answer: HttpAnswer): Reason {
  const message = problem.message ?? `HTTP ${answer.status}${problem.code ? ` ${problem.code}` : ''}`;
  return reason('field-refused', field, { system: DISPLAY_NAME, message: cut(message.replace(/\s+/g, ' ').trim()) });
}

const cut = (message: string): string => (message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message);

/** The limit is rarely told; then the length that was refused bounds it. */
function tooLong(field: StandardFieldKey, value: Json, problem: Problem): Reason | undefined {
  if (typeof value !== 'string') return undefined;
  return reason('text-too-long', field, { system: DISPLAY_NAME, max: problem.max ?? `< ${value.length}` });
}

/** The id at the index that the target names; without an index, the only one that was sent. Microsoft as a target is no solution. */
function unknownSolution(path: readonly string[], referral: Json): Reason | undefined {
  const position = path.findIndex((part) => /^\d+$/.test(part));
  const about = position < 0 ? undefined : path[position + 1];
  if (about !== undefined && !['id', 'name', 'type'].includes(about)) return undefined;
  const list = path[0] === 'target' ? listAt(referral, 'target') : listAt(referral, 'details', 'requirements', 'solutions');
  const entry = list[position >= 0 ? Number(path[position]) : list.length === 1 ? 0 : -1];
  const id = rawTextAt(entry, 'id');
  return id === null || id === MICROSOFT ? undefined : reason('solution-unknown', 'solutions', { id });
}

function isPast(instant: Json, serverNow: string, timeZone: string): boolean {
  const day = typeof instant === 'string' ? instantToDate(instant, timeZone) : null;
  const today = instantToDate(serverNow, timeZone);
  return day !== null && today !== null && day < today;
}

/** Longer paths first. */
const places: readonly (readonly [path: string, field: StandardFieldKey])[] = [
  ['details/requirements/solutions', 'solutions'], ['details/dealvalue', 'dealValue'], ['details/currency', 'currency'], ['details/closingdatetime', 'closingDate'],
  ['details/notes', 'notes'], ['customerprofile/address/country', 'customer.country'], ['customerprofile/address', 'customer.address'],
  ['customerprofile/team', 'customer.contact'], ['customerprofile/name', 'customer.name'], ['customerprofile', 'customer.name'],
  ['consent/consenttosharereferralwithmicrosoftsellers', 'visibility'], ['invitecontext/assistancerequestcode', 'help'], ['invitecontext/notes', 'notesToMicrosoft'],
  ['externalreferenceid', 'externalReferenceId'], ['statusreason', 'status'], ['substatus', 'status'], ['status', 'status'], ['target', 'solutions'], ['team', 'team'], ['name', 'name'],
  ['dealvalue', 'dealValue'], ['currency', 'currency'], ['closingdatetime', 'closingDate'], ['notes', 'notes'], ['solutions', 'solutions'], ['country', 'customer.country'],
];

/** Targets come as `details/requirements/solutions/0/id`, dotted, bracketed, in any case, or as the number of a patch operation. */
function placeOf(target: string | null, sent: Sent): Place | undefined {
  const parts = (target ?? '').toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
  while (parts[0] && ['referral', 'body', 'value', 'patch', 'operations'].includes(parts[0]) && parts.length > 1) parts.shift();
  const operation = /^\d+$/.test(parts[0] ?? '') ? sent.operations?.[Number(parts[0])] : undefined;
  const path = operation ? [...operation.path.toLowerCase().slice(1).split('/'), ...parts.slice(1).filter((part) => part !== 'value' && part !== 'path')] : parts;
  const joined = path.join('/');
  const hit = places.find(([prefix]) => joined === prefix || joined.startsWith(`${prefix}/`));
  return hit ? { field: hit[1], path: path.length === 1 ? (longNames[path[0] ?? ''] ?? path) : path } : undefined;
}

/** Where a value stands when the target names only its last member. */
const longNames: Readonly<Record<string, readonly string[]>> = {
  dealvalue: ['details', 'dealValue'], currency: ['details', 'currency'], closingdatetime: ['details', 'closingDateTime'], notes: ['details', 'notes'],
  solutions: ['details', 'requirements', 'solutions'], country: ['customerProfile', 'address', 'country'],
};
