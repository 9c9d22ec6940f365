// The mapper: what stands on the record becomes what the seller sees. Pure: the same record, words, settings and time give the same view.
import { syncStatuses, type SyncStatus } from '../../core/browser';
import { choiceIndex } from '../shared/choiceColumn';
import { withDetails, type Details } from '../shared/details';
import { DAY } from '../shared/moments';
import { countOf } from '../shared/words';
import { toConflictRows, type ConflictRow } from './conflicts';
import { toEntries, type Entry } from './entries';
import type { Inputs } from './inputs';
import { toReasonRows, type ReasonRow } from './reasons';
import { crm, NONE, partner, type Tools } from './tools';

/** Where the control stands: what the platform knows about the record and the device. */
export interface Place {
  readonly isNew: boolean;
  readonly isOffline: boolean;
  readonly isDisabled: boolean;
}

/** The statuses of core; waiting for the seller's answer is a face of Synced. The style sheet knows them all. */
export type Face = SyncStatus | 'waitingIn';

/** A single line instead of a status. */
export interface Note {
  readonly face: 'note';
  readonly icon: 'offline' | 'unsaved' | 'masked' | 'loading';
  readonly text: string;
}

export interface StatusView {
  readonly face: Face;
  readonly label: string;
  readonly text: string;
  /** Added to the text when a Pending lasts ten seconds: how long it had been there before is not known. */
  readonly slowText: string;
  /** What stands under CRM, Partner Center and Microsoft. */
  readonly line: readonly string[];
  /** Microsoft's answer: one of the words under `ms.`, or nothing when it was not asked. */
  readonly microsoft: string;
  /** The step that is under way. */
  readonly step: number;
  readonly facts: readonly Fact[];
  readonly reasons: readonly ReasonRow[];
  readonly conflicts: readonly ConflictRow[];
  readonly history: readonly Entry[];
  readonly canAct: boolean;
  /** An action was asked for and is not carried out yet. */
  readonly isAsked: boolean;
  /** The reference that an admin may be told. */
  readonly identifier: unknown;
}

export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly href?: string | undefined;
}

/** As the words name them; the service says `confirming`. */
export const steps = ['saved', 'queued', 'writing', 'confirm'];

/** @param savedOn when this control saw the status turn to Pending: the save that it belongs to */
export function toView(inputs: Inputs, tools: Tools, place: Place, savedOn?: number): Note | StatusView {
  const { status } = inputs;
  const icon = place.isOffline ? 'offline' : place.isNew ? 'unsaved' : status.security?.readable === false ? 'masked' : status.raw === undefined && 'loading';
  if (icon) return { face: 'note', icon, text: tools.words(`state.${icon}`) };
  return withDetails(inputs.details, (details, areReadable) => toStatus(details, areReadable, inputs, tools, place, savedOn));
}

function toStatus(details: Details, areReadable: boolean, inputs: Inputs, tools: Tools, place: Place, savedOn?: number): StatusView {
  const { words, now, brief } = tools;
  const { requestedAction, identifier, audit, sync } = inputs;
  const { status, direction, expiresOn } = details.microsoft ?? { status: inputs.microsoftStatus?.raw ?? '' };
  const [word, subword = ''] = status.toLowerCase().split('/');
  const microsoft = word === 'new' ? 'waiting' : words(`ms.${subword}`) && subword;
  const face = faceOf(inputs, direction === 'incoming' && microsoft === 'waiting');
  // The form sets Pending before the details are written anew: what they ask of a person then belongs to the time before.
  const reasons = toReasonRows(details.reasons ?? [], inputs, tools).filter(({ actor }) => (face === 'pending' ? actor === 'wait' : /Att|conf|fail/.test(face)));
  const conflicts = face === 'conflict' ? toConflictRows(details.conflicts ?? [], tools) : [];
  const step = Math.max(0, steps.findIndex((each) => details.progress?.startsWith(each)));
  // A day that has begun counts.
  const days = Math.max(0, Math.ceil((Date.parse(expiresOn!) - now) / DAY));
  const count = (name: string, n: number): string => (n ? countOf(words, name, n) : '');
  const key = `status.${face}.`;
  const n = { needsAttention: reasons.length, conflict: conflicts.length, waitingIn: days }[face as string];
  const label = words(`${key}label`);
  const sentence = n !== undefined ? count(`${key}text`, n) : (face === 'synced' && count('text.waitingOut', days)) || words(`${key}text`, { crm });
  return {
    face, label, microsoft, step, reasons, conflicts,
    text: areReadable ? sentence : '',
    slowText: face === 'pending' && details.nextTryOn ? words('pending.slow', { when: brief(details.nextTryOn) }) : '',
    line: lineOf(face, microsoft, count('ms.waiting', days) || NONE, step, details, inputs, tools, savedOn),
    facts: /synced|waiting/.test(face) ? factsOf(face, details, inputs, tools) : [],
    history: toEntries(audit?.raw ?? '', tools),
    canAct: !place.isDisabled && sync?.raw !== false && requestedAction?.security?.editable !== false,
    isAsked: choiceIndex(requestedAction?.raw) >= 0,
    identifier: identifier?.raw,
  };
}

/** A status that nobody knows is not claimed to be one. */
function faceOf({ status }: Inputs, isAskingUs: boolean): Face {
  const name = syncStatuses[choiceIndex(status.raw)] ?? 'notShared';
  return name === 'synced' && isAskingUs ? 'waitingIn' : name;
}

function lineOf(face: Face, microsoft: string, daysLeft: string, step: number, { tookMs = 0, conflicts, frozen }: Details, { lastSyncedOn }: Inputs, { words, brief }: Tools, savedOn?: number): string[] {
  const received = lastSyncedOn?.raw?.getTime();
  const at = (key: string, time: string | number | null | undefined): string => {
    const t = brief(time);
    return t ? words(`line.${key}`, { t, d: t }) : NONE;
  };
  // The save that a trip began with lies as long before its end as the trip took; of any other save only the one that was seen is known.
  const saved = at('saved', face === 'synced' ? received && received - tookMs : savedOn);
  const ours = saved === NONE ? lower(words('step.saved')) : saved;
  const [first, second] = {
    notShared: [ours, NONE], pending: [ours, step > 0 ? lower(words(`step.${steps[step]}`)) : NONE], waitingIn: [words('line.waits'), daysLeft],
    conflict: [at('changed', conflicts?.[0]?.crmOn), at('changed', conflicts?.[0]?.partnerOn)],
  }[face as string] ?? [ours, at('received', received)];
  const asked = microsoft === 'waiting' ? daysLeft : words(`ms.${microsoft || (/synced|conflict/.test(face) && 'notInvited')}`) || NONE;
  return [first!, second!, face === 'waitingIn' ? at('sent', frozen?.since) : asked];
}

function factsOf(face: Face, { tookMs }: Details, { identifier, link, microsoftCrmId, lastSyncedOn, audit }: Inputs, { words, formatting }: Tools): Fact[] {
  const status = lastSyncedOn?.formatted;
  // What came from Partner Center was not saved by the seller.
  const isOurs = face === 'synced' && !audit?.raw?.split('\n', 1)[0]!.includes(`| ${partner} →`);
  const when = isOurs && tookMs && words('last.took', { s: formatting.formatDecimal(Math.max(tookMs / 1000, 0.1), tookMs < 10_000 ? 1 : 0) });
  const facts = [
    { label: 'fld.refid', text: identifier?.raw && `REF ${identifier.raw.slice(0, 4)}…${identifier.raw.slice(-4)}`, href: /^https?:.+/i.exec(link?.raw ?? '')?.[0] },
    { label: 'fld.mscrm', text: microsoftCrmId?.raw },
    { label: 'fld.lastsynced', text: status && when ? words('list.tip', { status, when }) : status },
  ];
  return facts.filter((fact): fact is Fact => !!fact.text);
}

/** As it stands inside a sentence. */
export const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
