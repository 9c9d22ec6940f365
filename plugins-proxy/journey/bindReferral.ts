// Bind a referral that no link knows yet: to the record that it names, or to a record that is still to be made. Then the record's own key is rung.
import { auditEntry, isTerminal, newLink, valueOf, type Link, type PartnerSnapshot, type Values } from '../../core/index';
import type { CrmPort, CrmRef } from '../ports/crm';
import { toSeenReferral } from '../ports/seenReferral';
import { side, type Commit, type Lease } from '../ports/store';
import { crmKey } from '../ports/workKey';
import { canonicalValues } from './halves';
import { toSeconds } from './present';
import { clockFrom, finish, toLines, type JourneyDeps, type RunOutcome } from './run';

/** I0 to I2. Only a link row is made here; customers and records are made under the record's own key. */
export async function bindReferral(deps: JourneyDeps, lease: Lease, referralId: string, signal: AbortSignal): Promise<RunOutcome> {
  const now = clockFrom(lease.claimedOn);
  const known = await deps.store.linkByReferral(deps.partner.connection, referralId);
  deps.passed('I0');
  if (known) return ringLink(deps, lease, known, known.referralId === referralId ? side.partner : side.microsoft);
  const read = await deps.partner.read(referralId, signal);
  deps.passed('I1');
  if (read.type === 'gone') return finish({ deps, lease });
  const referral = read.snapshot;
  const seen: Seen = { seenConnection: deps.partner.connection, seen: [toSeenReferral(referral, deps.crms.values())] };
  if (!(await isOurs(deps, referral))) return otherParty(deps, lease, referral, seen, now(), signal);
  if (referral.category !== 'coSell' || isTerminal(valueOf(referral.cells.status))) {
    deps.count('ignored');
    return finish({ deps, lease }, { ...seen });
  }
  if (mustWait(deps, lease, referral, now()) && (await deps.store.openAttempts(deps.partner.connection)) > 0) return { type: 'later', afterMs: deps.timings.inboundWait, why: 'a create is open whose referral this may be' };
  return claim(deps, lease, referral, seen, now(), signal);
}

/** The referral as seen, for the commit that ends the run. */
type Seen = Pick<Commit, 'seen' | 'seenConnection'>;

/** Our own referrals belong to the organisation learnt from our creates; before the first, to any but Microsoft. */
async function isOurs(deps: JourneyDeps, referral: PartnerSnapshot): Promise<boolean> {
  const { organizationId } = await deps.store.connectionState(deps.partner.connection);
  return organizationId ? referral.organizationId === organizationId : referral.organizationId.toLowerCase() !== deps.partner.microsoftOrganizationId;
}

/** Microsoft's referral in an engagement of ours rings that record; anybody else's is not ours. Heard of before our own in the engagement, it waits a little for it. */
async function otherParty(deps: JourneyDeps, lease: Lease, referral: PartnerSnapshot, seen: Seen, now: string, signal: AbortSignal): Promise<RunOutcome> {
  const link = await deps.store.linkByEngagement(deps.partner.connection, referral.engagementId);
  const isNew = Date.parse(now) - Date.parse(lease.rungOn) < deps.timings.inboundWait * WAITS_FOR_OURS;
  if (link && (!isNew || (await canBeFound(deps, link, referral, signal)))) return ringLink(deps, lease, link, side.microsoft);
  if (link) return { type: 'later', afterMs: deps.timings.inboundWait, why: 'the list of its engagement does not show it yet' };
  if (isNew) return { type: 'later', afterMs: deps.timings.inboundWait, why: 'our own referral of this engagement may be heard of only now' };
  deps.count('ignored');
  return finish({ deps, lease }, { ...seen });
}

const WAITS_FOR_OURS = 3;

/** A record that does not know Microsoft's referral yet looks for it in the list of its engagement, which may be seconds behind what rang. */
async function canBeFound({ partner }: JourneyDeps, link: Link, referral: PartnerSnapshot, signal: AbortSignal): Promise<boolean> {
  if (link.microsoft || referral.organizationId.toLowerCase() !== partner.microsoftOrganizationId) return true;
  return (await partner.listEngagement(referral.engagementId, signal)).some((each) => each.id.toLowerCase() === referral.id.toLowerCase());
}

/** An outgoing one may be the answer to a create that is under way: 5 s at a time, at most 5 min. */
const mustWait = (deps: JourneyDeps, lease: Lease, referral: PartnerSnapshot, now: string): boolean =>
  referral.direction === 'outgoing' && Date.parse(now) - Date.parse(lease.rungOn) < deps.timings.inboundWait * deps.timings.inboundWaits;

/** I2: by the id that the referral names, or a new record. */
async function claim(deps: JourneyDeps, lease: Lease, referral: PartnerSnapshot, seen: Seen, now: string, signal: AbortSignal): Promise<RunOutcome> {
  const named = referral.externalReferenceId?.trim() ?? '';
  if (named === '') return planRecord(deps, lease, referral, seen, now);
  for (const crm of deps.crms.values()) {
    const id = crm.canonicalId(named);
    if (id === null) continue;
    const ref: CrmRef = { kind: 'opportunity', id };
    const link = await deps.store.linkByCrm(crm.connection, ref.kind, id);
    if (link) return nameTaken(deps, lease, link, referral, seen, now);
    const read = await crm.read(ref, signal);
    if (read.type === 'gone') continue;
    return takeOver(deps, lease, crm, ref, referral, seen, read.snapshot.control.sync, now);
  }
  deps.count('belongsElsewhere');
  return finish({ deps, lease }, { ...seen });
}

/** The record has a link: without a referral it looks itself for the one just seen; with another one, this stays a second referral and makes nothing. */
async function nameTaken(deps: JourneyDeps, lease: Lease, link: Link, referral: PartnerSnapshot, seen: Seen, now: string): Promise<RunOutcome> {
  if (link.referralId === null) return ringLink(deps, lease, link, side.crm, seen);
  // The run that made it stored its answer while this one read: no second referral, but the first.
  if (link.referralId === referral.id.toLowerCase()) return ringLink(deps, lease, link, side.partner, seen);
  deps.count('linkedElsewhere');
  const crm = deps.crms.get(link.crmConnection);
  const text = auditEntry(now, deps.partner.displayName, crm?.displayName ?? link.crmConnection, `CRM id: referral ${referral.id} names this record too, nothing created`);
  return finish({ deps, lease }, { ...seen, link: { ...link, auditDue: true }, lines: toLines(`elsewhere-${referral.id}`, now, [text]) });
}

/** A record of that id exists and was never linked: both sides meet; equal settles, one side empty takes the other, else a person decides. */
async function takeOver(deps: JourneyDeps, lease: Lease, crm: CrmPort, ref: CrmRef, referral: PartnerSnapshot, seen: Seen, sync: boolean, now: string): Promise<RunOutcome> {
  const link = linkFor(deps, crm.connection, ref.id, referral);
  const text = auditEntry(now, deps.partner.displayName, crm.displayName, `CRM id: referral ${referral.id} linked`);
  deps.passed('I2');
  return finish({ deps, lease }, {
    ...seen,
    link: { ...link, phase: sync ? 'linked' : 'off', auditDue: true },
    lines: toLines(`link-${referral.id}`, now, [text]),
    ring: sync ? [{ key: crmKey(crm.connection, ref.kind, ref.id), sides: side.both, priority: 1 }] : [],
  });
}

/** A deal without a record: the link is stored with what is to be made, under what the record goes by until then. */
async function planRecord(deps: JourneyDeps, lease: Lease, referral: PartnerSnapshot, seen: Seen, now: string): Promise<RunOutcome> {
  const crm = deps.crms.get(deps.inboundCrm);
  if (!crm) throw new Error(`The CRM for new referrals, ${deps.inboundCrm}, is not configured.`);
  const crmId = crm.plannedId(referral.id.toLowerCase());
  const link = linkFor(deps, crm.connection, crmId, referral);
  deps.passed('I2');
  return finish({ deps, lease }, {
    ...seen,
    link: { ...link, phase: 'creating', plannedRecord: { kind: 'opportunity', values: recordValues(referral), lastSyncedOn: toSeconds(now) } },
    ring: [{ key: crmKey(crm.connection, 'opportunity', crmId), sides: side.partner, priority: 0 }],
  });
}

/** What a new record is made from. */
function recordValues(referral: PartnerSnapshot): Values {
  const all = canonicalValues(referral.cells, 4);
  const fields = ['name', 'dealValue', 'currency', 'closingDate', 'notes', 'solutions', 'help', 'notesToMicrosoft', 'visibility'] as const;
  return Object.fromEntries(fields.map((field) => [field, all[field] ?? null]));
}

const linkFor = (deps: JourneyDeps, connection: string, crmId: string, referral: PartnerSnapshot): Link => ({
  ...newLink({ id: deps.newId(), crmConnection: connection, partnerConnection: deps.partner.connection, kind: 'opportunity', crmId, mappingVersion: deps.mappingVersion }),
  referralId: referral.id.toLowerCase(),
  engagementId: referral.engagementId,
  partner: referral,
  sharedOn: referral.createdOn,
});

const ringLink = (deps: JourneyDeps, lease: Lease, link: Link, sides: number, seen: Seen = {}): Promise<RunOutcome> =>
  finish({ deps, lease }, { ...seen, ring: [{ key: crmKey(link.crmConnection, link.kind, link.crmId), sides, priority: 1 }] });
