// What a PATCH may change: 18 paths, `add` and `replace` only (partner-center.md 1.1, platform-facts.md 7.1).
import { canonicalMembers } from './memberNames';
import { invalid, Refusal } from './refusal';
import { withoutNulls } from './referralAnswer';
import { MICROSOFT, type Referral } from './referral';
import type { ReferralBook } from './referralBook';
import { asArray, asBoolean, asClosingDate, asCurrency, asDealValue, asMember, asMembers, asObject, asSolution, asSolutions, asTextOrNull, type Knowledge } from './sentValues';
import { checkStatusMove, refuseWhenClosed } from './statusMachine';
import { roundMoney, tidyDeep } from './tidy';

export interface PatchContext {
  readonly book: ReferralBook;
  readonly knowledge: Knowledge;
  readonly nasty: boolean;
}

interface Operation {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

type Draft = Referral & { wishedStatus?: unknown; wishedSubstatus?: unknown; sentDealValue?: number | string };

type Change = (draft: Draft, value: unknown, context: PatchContext) => void;

const text = (name: 'campaignId' | 'externalReferenceId' | 'referralProgram' | 'salesStage' | 'statusReason'): Change => (draft, value) => void (draft[name] = asTextOrNull(value, name));

/** The 18 paths of Microsoft's own definition (platform-facts.md 7.1): no name, no inviteContext, no target, no customer but its contacts. */
const CHANGES: Readonly<Record<string, Change>> = {
  '/campaignId': text('campaignId'),
  '/externalReferenceId': text('externalReferenceId'),
  '/referralProgram': text('referralProgram'),
  '/salesStage': text('salesStage'),
  '/statusReason': text('statusReason'),
  '/consent/consentToShareReferralWithMicrosoftSellers': openConsent,
  '/customerProfile/team': (draft, value, { book }) => void (draft.customerProfile.team = asMembers(value, 'customerProfile/team', contactIsFixed(draft, book))),
  '/customerProfile/team/-': (draft, value, { book }) => void draft.customerProfile.team.push(asMember(value, `customerProfile/team/${draft.customerProfile.team.length}`, contactIsFixed(draft, book))),
  '/details/closingDateTime': (draft, value) => void (draft.details.closingDateTime = asClosingDate(value)),
  '/details/currency': (draft, value, { knowledge }) => void (draft.details.currency = asCurrency(value, knowledge)),
  '/details/dealValue': (draft, value) => void (draft.sentDealValue = asDealValue(value)),
  '/details/notes': (draft, value) => void (draft.details.notes = asTextOrNull(value, 'details/notes') ?? ''),
  '/details/requirements/solutions': (draft, value, { knowledge }) => void (draft.details.requirements.solutions = asSolutions(value, knowledge)),
  '/details/requirements/solutions/-': (draft, value, { knowledge }) => {
    const { solutions } = draft.details.requirements;
    draft.details.requirements.solutions = asSolutions([...solutions, asSolution(value, `details/requirements/solutions/${solutions.length}`, knowledge)], knowledge);
  },
  '/status': (draft, value) => void (draft.wishedStatus = value),
  '/substatus': (draft, value) => void (draft.wishedSubstatus = value),
  '/team': (draft, value) => void (draft.team = asMembers(value, 'team', false)),
  '/team/-': (draft, value) => void (draft.team = asMembers([...draft.team, value], 'team', false)),
};

/** Carries out a whole PATCH or nothing of it. @throws Refusal */
export function patchReferral(referral: Referral, body: unknown, context: PatchContext): Referral {
  refuseWhenClosed(referral);
  const operations = asArray(body, 'referral').map(readOperation);
  if (operations.length === 0) throw invalid('referral', 'A PATCH needs at least one operation.');
  return context.book.replace(applyChanges(referral, operations, context));
}

/** Applies changes to a copy, tidies what came in, moves the status last. @throws Refusal */
export function applyChanges(referral: Referral, operations: readonly Operation[], context: PatchContext): Referral {
  const draft: Draft = structuredClone(referral);
  for (const { path, value } of operations) CHANGES[path]?.(draft, context.nasty ? tidyDeep(value, path.split('/').at(-1)) : value, context);
  settleMoney(draft, context.nasty);
  settleStatus(draft, context.book);
  const { wishedStatus: _status, wishedSubstatus: _substatus, sentDealValue: _value, ...settled } = draft;
  return settled;
}

function readOperation(entry: unknown, index: number): Operation {
  const sent = asObject(entry, String(index));
  const { op, path, value } = sent;
  if (op !== 'add' && op !== 'replace') throw invalid(String(index), `${String(op)} is not allowed: only add and replace are.`, 'operationNotAllowed');
  if (typeof path !== 'string' || !Object.hasOwn(CHANGES, path)) throw invalid(typeof path === 'string' ? path.slice(1) : String(index), `${String(path)} cannot be changed.`, 'pathNotAllowed');
  if (op === 'replace' && path.endsWith('/-')) throw invalid(path.slice(1), 'There is nothing to replace behind the end of an array.', 'pathNotAllowed');
  if (!('value' in sent)) throw invalid(path.slice(1), 'An operation needs a value.', 'required');
  return { op, path, value: canonicalMembers(value, path) };
}

/** Visibility can be opened, never taken back (2.4). */
function openConsent(draft: Draft, value: unknown): void {
  const target = 'consent/consentToShareReferralWithMicrosoftSellers';
  const open = asBoolean(value, target);
  if (!open && draft.consent.consentToShareReferralWithMicrosoftSellers) throw invalid(target, 'A deal that Microsoft sellers may see cannot be hidden from them again.', 'irreversible');
  draft.consent.consentToShareReferralWithMicrosoftSellers = open;
}

/** The contact is read-only once it went out with a call for help (BULK23, 2.5). @returns whether all four members are needed: never, as it is refused then */
function contactIsFixed(draft: Draft, book: ReferralBook): false {
  if (book.engagement(draft.engagementId).some((one) => one.organizationId === MICROSOFT)) throw invalid('customerProfile/team', 'The contact is fixed once Microsoft was asked for help.', 'readOnly');
  return false;
}

function settleMoney(draft: Draft, nasty: boolean): void {
  const value = draft.sentDealValue ?? draft.details.dealValue;
  draft.details.dealValue = nasty ? roundMoney(value, draft.details.currency) : Number(value);
}

function settleStatus(draft: Draft, book: ReferralBook): void {
  if (draft.wishedStatus === undefined && draft.wishedSubstatus === undefined) return;
  const { status, substatus } = checkStatusMove(draft.status, draft.wishedStatus, draft.wishedSubstatus);
  if (status === 'Active' && draft.status === 'New') draft.acceptedDateTime = book.stamp();
  if (status === 'Closed') draft.closedDateTime = book.stamp();
  Object.assign(draft, { status, substatus });
}

/**
 * The older PUT of the whole object: `links` must have been taken out (partner-center.md 1.1), what is fixed must be as it was, the name may change.
 * @throws Refusal
 */
export function putReferral(referral: Referral, body: unknown, context: PatchContext): Referral {
  refuseWhenClosed(referral);
  const sent = asObject(canonicalMembers(body), 'referral') as Partial<Referral>;
  if ('links' in sent) throw invalid('links', 'Take the links out of the body before sending it back.', 'readOnly');
  refuseFixed(referral, sent);
  const { details } = sent;
  if (!details || !sent.customerProfile || !sent.consent || typeof sent.name !== 'string') throw invalid('referral', 'A PUT needs the whole referral.', 'required');
  const paths: readonly (readonly [string, unknown])[] = [
    ['/externalReferenceId', sent.externalReferenceId ?? null], ['/campaignId', sent.campaignId ?? null], ['/referralProgram', sent.referralProgram ?? null], ['/salesStage', sent.salesStage ?? null], ['/statusReason', sent.statusReason ?? null],
    ['/consent/consentToShareReferralWithMicrosoftSellers', sent.consent.consentToShareReferralWithMicrosoftSellers],
    ['/details/closingDateTime', details.closingDateTime], ['/details/currency', details.currency], ['/details/dealValue', details.dealValue], ['/details/notes', details.notes], ['/details/requirements/solutions', details.requirements?.solutions],
    ['/status', sent.status], ['/substatus', sent.substatus], ['/team', sent.team ?? []],
    ...(isDifferent(sent.customerProfile.team, referral.customerProfile.team) ? [['/customerProfile/team', sent.customerProfile.team] as const] : []),
  ];
  const next = applyChanges(referral, paths.map(([path, value]) => ({ op: 'replace', path, value })), context);
  return context.book.replace({ ...next, name: context.nasty ? (tidyDeep(sent.name) as string) : sent.name });
}

function refuseFixed(referral: Referral, sent: Partial<Referral>): void {
  for (const name of ['id', 'engagementId', 'type', 'qualification', 'target', 'inviteContext', 'mpnId'] as const) {
    if (name in sent && isDifferent(sent[name], referral[name])) throw new Refusal(400, 'invalidRequest', `${name} is fixed.`, name, 'readOnly');
  }
  const [profile, fixed] = [sent.customerProfile, referral.customerProfile].map(bareProfile);
  for (const name of ['name', 'address', 'ids'] as const) {
    if (isDifferent(profile?.[name], fixed?.[name])) throw new Refusal(400, 'invalidRequest', `The customer's ${name} is fixed.`, `customerProfile/${name}`, 'readOnly');
  }
}

/** Our own answers come back in each of their forms (referralAnswer): the state as the region, no ids as `{}`. */
const bareProfile = (profile: Partial<Referral['customerProfile']> = {}): Record<string, unknown> => ({
  name: profile.name, address: { ...profile.address, state: profile.address?.state ?? profile.address?.region, region: null }, ids: Array.isArray(profile.ids) ? profile.ids : [],
});

const isDifferent = (a: unknown, b: unknown): boolean => JSON.stringify(inOrder(withoutNulls(a))) !== JSON.stringify(inOrder(withoutNulls(b)));

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => [name, inOrder(entry)]));
}
