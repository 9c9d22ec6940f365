// An update as JSON Patch over the documented paths: values first, status last.
import type { FieldKey, Json } from '../../../core/index';
import type { PartnerChange } from '../../ports/partner';
import { textOf, textsOf, toClosingDateTime, toDealValue, toMembers, toSolution } from './sentValues';
import { rawTextAt } from './wire';

/** Of the 18 paths that Microsoft's own connector may patch, those that we use (PartnerCenterReferrals, UpdateReferralDetails). */
export type PatchPath =
  | '/details/dealValue' | '/details/currency' | '/details/closingDateTime' | '/details/notes' | '/details/requirements/solutions' | '/customerProfile/team' | '/team'
  | '/consent/consentToShareReferralWithMicrosoftSellers' | '/externalReferenceId' | '/statusReason' | '/status' | '/substatus';

export interface PatchOperation {
  readonly [key: string]: Json;
  readonly op: 'replace';
  readonly path: PatchPath;
  readonly value: Json;
}

/**
 * @param solutions the referral's solutions as they stand, so that those that stay keep their price and quantity
 * @throws when the change names a field that cannot be changed later
 */
export function planPatch(change: PartnerChange, solutions: readonly Json[], timeZone: string): PatchOperation[] {
  const unknown = Object.keys(change.values).find((field) => !changeable.has(field));
  if (unknown) throw new Error(`Partner Center takes no later change of ${unknown}; it must not be planned.`);
  return [...valueOperations(change, solutions, timeZone), ...statusOperations(change)];
}

const changeable: ReadonlySet<string> = new Set<FieldKey>(['dealValue', 'currency', 'closingDate', 'notes', 'solutions', 'customer.contact', 'team', 'visibility', 'status']);

function valueOperations({ values, externalReferenceId }: PartnerChange, solutions: readonly Json[], timeZone: string): PatchOperation[] {
  const operations: PatchOperation[] = [];
  if (values.dealValue !== undefined) operations.push(replace('/details/dealValue', toDealValue(values.dealValue)));
  if (values.currency !== undefined) operations.push(replace('/details/currency', values.currency));
  if (values.closingDate !== undefined) operations.push(replace('/details/closingDateTime', toClosingDateTime(values.closingDate, timeZone)));
  if (values.notes !== undefined) operations.push(replace('/details/notes', textOf(values.notes) ?? ''));
  // There is no `remove`: a solution goes by replacing the whole array.
  if (values.solutions !== undefined) operations.push(replace('/details/requirements/solutions', keepKnown(textsOf(values.solutions), solutions)));
  if (values['customer.contact'] !== undefined) operations.push(replace('/customerProfile/team', toMembers(values['customer.contact'])));
  if (values.team !== undefined) operations.push(replace('/team', toMembers(values.team)));
  // The consent opens and never closes again.
  if (values.visibility === 'visible') operations.push(replace('/consent/consentToShareReferralWithMicrosoftSellers', true));
  if (externalReferenceId !== undefined) operations.push(replace('/externalReferenceId', externalReferenceId));
  return operations;
}

const replace = (path: PatchPath, value: Json): PatchOperation => ({ op: 'replace', path, value });

const keepKnown = (ids: readonly string[], solutions: readonly Json[]): Json => ids.map((id) => solutions.find((each) => rawTextAt(each, 'id') === id) ?? toSolution(id));

/** status and substatus must change together and be a legal pair (referral-resources). */
function statusOperations({ values, answer, statusReason }: PartnerChange): PatchOperation[] {
  const pair = answer ? answers[answer.accept ? 'accept' : 'decline'] : pairOf(textOf(values.status));
  if (!pair) return [];
  const why = answer ? answer.reason : statusReason;
  return [...(why ? [replace('/statusReason', why)] : []), replace('/status', pair[0]), replace('/substatus', pair[1])];
}

type Pair = readonly [status: string, substatus: string];

const answers: Readonly<Record<'accept' | 'decline', Pair>> = { accept: ['Active', 'Accepted'], decline: ['Closed', 'Declined'] };

function pairOf(status: string | null): Pair | undefined {
  if (status === null) return undefined;
  return status === 'Active' ? answers.accept : ['Closed', status];
}

/** What a patch leaves behind, in the shape of a referral: where a refusal's target is looked up. */
export function patchAsReferral(operations: readonly PatchOperation[]): Json {
  const root: Record<string, unknown> = {};
  for (const { path, value } of operations) {
    const names = path.slice(1).split('/');
    const last = names.pop() ?? '';
    const parent = names.reduce((inner, name) => (inner[name] ??= {}) as Record<string, unknown>, root);
    parent[last] = value;
  }
  return root as Json;
}
