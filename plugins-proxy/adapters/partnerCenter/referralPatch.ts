// An update as JSON Patch over the documented paths: values first, status last.
import type { FieldKey, Json } from '../../../core/index';
import type { PartnerChange } from '../../ports/partner';
import type { StandingLists } from './listMemory';
import { textOf, textsOf, toClosingDateTime, toDealValue, toMembers, toSolution } from './sentValues';
import { at, rawTextAt, textAt } from './wire';

/** Of the 18 paths that Microsoft's own connector may patch, those that we use (PartnerCenterReferrals, UpdateReferralDetails). */
export type PatchPath =
  | '/details/dealValue' | '/details/currency' | '/details/closingDateTime' | '/details/notes' | '/details/requirements/solutions' | '/customerProfile/team' | '/team' | '/salesStage'
  | '/consent/consentToShareReferralWithMicrosoftSellers' | '/externalReferenceId' | '/statusReason' | '/status' | '/substatus';

export interface PatchOperation {
  readonly [key: string]: Json;
  readonly op: 'replace';
  readonly path: PatchPath;
  readonly value: Json;
}

/**
 * @param lists the referral's lists as they stand, so that what stays keeps what only they know of it
 * @throws when the change names a field that cannot be changed later
 */
export function planPatch(change: PartnerChange, lists: StandingLists, timeZone: string): PatchOperation[] {
  const unknown = Object.keys(change.values).find((field) => !changeable.has(field));
  if (unknown) throw new Error(`Partner Center takes no later change of ${unknown}; it must not be planned.`);
  return [...valueOperations(change, lists, timeZone), ...statusOperations(change)];
}

const changeable: ReadonlySet<string> = new Set<FieldKey>(['dealValue', 'currency', 'closingDate', 'notes', 'solutions', 'customer.contact', 'team', 'salesStage', 'visibility', 'status']);

function valueOperations({ values, people, externalReferenceId }: PartnerChange, lists: StandingLists, timeZone: string): PatchOperation[] {
  const operations: PatchOperation[] = [];
  if (values.dealValue !== undefined) operations.push(replace('/details/dealValue', toDealValue(values.dealValue)));
  if (values.currency !== undefined) operations.push(replace('/details/currency', values.currency));
  if (values.closingDate !== undefined) operations.push(replace('/details/closingDateTime', toClosingDateTime(values.closingDate, timeZone)));
  if (values.notes !== undefined) operations.push(replace('/details/notes', textOf(values.notes) ?? ''));
  // There is no `remove`: a solution goes by replacing the whole array.
  if (values.solutions !== undefined) operations.push(replace('/details/requirements/solutions', keepKnown(textsOf(values.solutions), lists.solutions)));
  if (values['customer.contact'] !== undefined) operations.push(replace('/customerProfile/team', withContact(values['customer.contact'], lists.contacts)));
  if (values.team !== undefined) operations.push(replace('/team', teamOf(textsOf(values.team), lists.team, people)));
  if (values.salesStage !== undefined) operations.push(replace('/salesStage', values.salesStage));
  // The consent opens and never closes again.
  if (values.visibility === 'visible') operations.push(replace('/consent/consentToShareReferralWithMicrosoftSellers', true));
  if (externalReferenceId !== undefined) operations.push(replace('/externalReferenceId', externalReferenceId));
  return operations;
}

const replace = (path: PatchPath, value: Json): PatchOperation => ({ op: 'replace', path, value });

const keepKnown = (ids: readonly string[], solutions: readonly Json[]): Json => ids.map((id) => solutions.find((each) => rawTextAt(each, 'id') === id) ?? toSolution(id));

/** The first is the contact; who else stands there stays. */
function withContact(contact: Json, standing: readonly Json[]): Json {
  const [wanted] = toMembers(contact);
  const same = standing.find((each) => emailOf(each) === emailOf(wanted));
  return [{ ...kept(same), ...(wanted as object) }, ...standing.slice(1).filter((each) => each !== same).map((each) => kept(each))] as Json;
}

/** Members by their e-mail address: as they stand there, else as the CRM knows them. */
const teamOf = (emails: readonly string[], standing: readonly Json[], people: Json | undefined): Json =>
  emails.map((email) => kept(standing.find((each) => emailOf(each) === email)) ?? toMembers(people).find((each) => emailOf(each) === email) ?? toMembers(email)[0]!);

const emailOf = (member: Json | undefined): string | undefined => rawTextAt(member, 'email')?.toLowerCase();

/** What may be sent of a member (Member); newer answers carry more, such as the state of an address's validation. */
function kept(member: Json | undefined): Record<string, Json> | undefined {
  if (member === undefined) return undefined;
  const sent = ['firstName', 'lastName', 'phoneNumber', 'email', 'title', 'contactPreference'].map((name) => [name, textAt(member, name) ?? at(member, name)] as const);
  return Object.fromEntries(sent.filter(([, value]) => value !== null));
}

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
