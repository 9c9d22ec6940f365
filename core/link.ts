// The Link: an opportunity and its referral, and everything that is remembered about the pair.
//
// new          the flag is set, no referral yet: readiness is judged, nothing was sent
// creating     an attempt is open, or a planned record waits to be made in the CRM
// linked       both exist; what changes on one side goes to the other
// off          the flag went from yes to no; nothing is read or written until it is yes again
// crmGone      the opportunity was deleted; Partner Center is not touched; undeleted, it wakes
// partnerGone  the referral cannot be found; an admin links again
import type { FieldKey } from './fields';
import type { CrmSnapshot, Json, PartnerSnapshot } from './snapshot';
import type { Reason } from './status';

export const phases = ['new', 'creating', 'linked', 'off', 'crmGone', 'partnerGone'] as const;
export type Phase = (typeof phases)[number];

/** Legal moves; anything else is a bug. */
export const phaseMoves: Readonly<Record<Phase, readonly Phase[]>> = {
  new: ['creating', 'linked', 'off', 'crmGone'],
  creating: ['new', 'linked', 'off', 'crmGone'],
  linked: ['off', 'crmGone', 'partnerGone', 'creating'],
  off: ['new', 'creating', 'linked', 'crmGone', 'partnerGone'],
  crmGone: ['new', 'creating', 'linked', 'off', 'partnerGone'],
  partnerGone: ['linked', 'off', 'crmGone', 'creating'],
};

/** @throws when a link may not go from one phase to another */
export function movePhase(link: Link, to: Phase): Link {
  if (link.phase === to) return link;
  if (!phaseMoves[link.phase].includes(to)) throw new Error(`A link cannot go from ${link.phase} to ${to}.`);
  return { ...link, phase: to };
}

/** Each side's own canonical value as read back when both were last settled. Never compared across sides. */
export interface Halves {
  readonly crm: Json;
  readonly partner: Json;
}
export type Agreed = Readonly<Partial<Record<FieldKey, Halves>>>;
export type Values = Readonly<Partial<Record<FieldKey, Json>>>;

/** An update that may or may not have happened. */
export interface Planned {
  readonly id: string;
  readonly on: string;
  readonly toPartner: Values;
  readonly toCrm: Values;
  /** Both sides' canonical values of the planned fields at planning time: the halves to settle with. */
  readonly halves: Agreed;
  /** The versions the writes carry: while a side still shows it, a late effect is possible. */
  readonly expects: { readonly crm: string | null; readonly partner: string | null };
  /** The moment that the write to the CRM will show as *Last synced on*. */
  readonly lastSyncedOn: string;
  /** Audit entries by what makes them true. */
  readonly lines: { readonly partner: readonly string[]; readonly crm: readonly string[] };
  /** Conflicts that the plan settled by a seller's choice. */
  readonly choices?: boolean;
}

/** A create that may or may not have happened. */
export interface Attempt {
  readonly id: string;
  readonly requestId: string;
  readonly startedOn: string;
  /** What is sent, and the CRM's values that it was made from. */
  readonly crm: Values;
  readonly body: Json;
  readonly state: 'notSent' | 'unknown';
  /** How often it was looked for, and when next; no bell shortens these. */
  readonly looked: number;
  readonly lookAgainOn: string | null;
}

export interface Conflict {
  readonly field: FieldKey;
  readonly group: string;
  readonly agreed: Json;
  readonly crm: Json;
  readonly partner: Json;
  readonly crmOn: string | null;
  readonly partnerOn: string | null;
}

/** A group that a side refused: not sent again while its values, the mapping and the referral's status stay. */
export interface Refusal {
  readonly hash: string;
  readonly side: 'crm' | 'partner';
  readonly reasons: readonly Reason[];
}

export interface MicrosoftSide {
  readonly id: string;
  readonly status: string;
  readonly substatus: string;
  readonly expiresOn: string | null;
  readonly updatedOn: string | null;
}

/** A record that is to be made in the CRM for a referral that has none. */
export interface PlannedRecord {
  readonly kind: 'opportunity';
  readonly values: Values;
  readonly lastSyncedOn: string;
}

export interface Link {
  readonly id: string;
  /** Counts writes of the row; a write on an older one is refused. */
  readonly rev: number;
  readonly crmConnection: string;
  readonly partnerConnection: string;
  readonly kind: 'opportunity' | 'lead';
  readonly crmId: string;
  readonly referralId: string | null;
  readonly engagementId: string | null;
  readonly phase: Phase;
  /** Who the record hangs on, so that their bells find it. */
  readonly refs: { readonly account: string | null; readonly contact: string | null; readonly owner: string | null };
  readonly crm: CrmSnapshot | null;
  readonly partner: PartnerSnapshot | null;
  readonly microsoft: MicrosoftSide | null;
  readonly agreed: Agreed;
  readonly planned: readonly Planned[];
  readonly attempts: { readonly own: Attempt | null; readonly microsoft: Attempt | null };
  readonly plannedRecord: PlannedRecord | null;
  readonly refused: Readonly<Record<string, Refusal>>;
  readonly conflicts: readonly Conflict[];
  /** Reasons of the last run that are not judged anew each time (a refused create, a gone referral). */
  readonly kept: readonly Reason[];
  readonly lastSyncedOn: string | null;
  /** The timeline has entries that the CRM's audit column does not show yet. */
  readonly auditDue: boolean;
  readonly sharedOn: string | null;
  readonly mappingVersion: string;
}

/** A link at the first run with the flag set, before any referral. */
export function newLink(ids: Pick<Link, 'id' | 'crmConnection' | 'partnerConnection' | 'kind' | 'crmId' | 'mappingVersion'>): Link {
  return {
    ...ids,
    rev: 0,
    referralId: null,
    engagementId: null,
    phase: 'new',
    refs: { account: null, contact: null, owner: null },
    crm: null,
    partner: null,
    microsoft: null,
    agreed: {},
    planned: [],
    attempts: { own: null, microsoft: null },
    plannedRecord: null,
    refused: {},
    conflicts: [],
    kept: [],
    lastSyncedOn: null,
    auditDue: false,
    sharedOn: null,
  };
}
