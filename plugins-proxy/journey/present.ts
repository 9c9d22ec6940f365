// Present: what the seller sees on the record. Only columns that differ are written; nothing differs, nothing is written.
import { auditEntry, detailsToText, fieldLabel, lockedFields, reason, sameDetails, shownReasons, statusOf, type Conflict, type CrmSnapshot, type Link, type PartnerSnapshot, type Reason, type SyncDetails } from '../../core/index';
import type { Presentation } from '../ports/crm';
import { remember, toLines, type Pair, type Run } from './run';

/** What there is to tell. */
export interface Story {
  readonly reasons: readonly Reason[];
  readonly conflicts: readonly Conflict[];
  /** The run could not finish: what it was doing, and when it goes on. */
  readonly unfinished?: { readonly progress: 'queued' | 'writing' | 'confirming'; readonly nextTryOn?: string };
  /** Values travelled in this run. */
  readonly travelled: boolean;
  readonly clear?: Presentation['clear'];
}

const AUDIT_CHARACTERS = 20_000;

/** Whole seconds: a CRM keeps no finer times. */
export const toSeconds = (time: string): string => `${time.slice(0, 19)}Z`;

/**
 * The *Last synced on* of the next write: now in whole seconds, but later than any that this record showed or was meant to show. So the time that a
 * record shows tells which write it took last, also when several fall into one second.
 */
export function nextMark(run: Run, link: Link, crm: CrmSnapshot): string {
  const used = [crm.shown.lastSyncedOn, link.lastSyncedOn, ...link.planned.map((plan) => plan.lastSyncedOn)].flatMap((each) => (each === null ? [] : [Date.parse(each)]));
  return toSeconds(new Date(Math.max(Date.parse(run.now()), ...used.map((time) => time + 1_000))).toISOString());
}

/** The columns that differ from what the record shows. `lastSyncedOn` moves only when something travelled or the ✔ comes back. */
export function presentation(run: Run, link: Link, crm: CrmSnapshot, partner: PartnerSnapshot | null, story: Story, lastSyncedOn: string): Presentation {
  const status = statusOf(story.reasons, story.conflicts.length, story.unfinished !== undefined);
  const details = wantedDetails(link, partner, story);
  const shown = crm.shown;
  const microsoftStatus = link.microsoft ? `${link.microsoft.status}/${link.microsoft.substatus}` : null;
  const linkAddress = link.referralId && link.engagementId ? run.deps.partner.linkTo(link.referralId, link.engagementId) : null;
  const wanted: Presentation = {
    ...(link.referralId && shown.identifier !== link.referralId ? { identifier: link.referralId } : {}),
    ...(linkAddress && shown.link !== linkAddress ? { link: linkAddress } : {}),
    ...(shown.status !== status ? { status } : {}),
    ...(sameDetails(shown.details, details, run.now()) ? {} : { details: detailsToText(details) }),
    ...(microsoftStatus && shown.microsoftStatus !== microsoftStatus ? { microsoftStatus } : {}),
    ...(partner?.msxId && shown.microsoftCrmId !== partner.msxId ? { microsoftCrmId: partner.msxId } : {}),
    ...(story.clear && story.clear.length > 0 ? { clear: story.clear } : {}),
  };
  const moves = story.travelled || (status === 'synced' && shown.status !== 'synced');
  if (!moves) return wanted;
  return { ...wanted, lastSyncedOn, ...(status === 'synced' ? { details: detailsToText({ ...details, tookMs: took(run) }) } : {}) };
}

export const isEmptyPresentation = (present: Presentation): boolean => Object.keys(present).length === 0;

const took = (run: Run): number => Math.max(0, Date.parse(run.now()) - Date.parse(run.lease.rungOn));

function wantedDetails(link: Link, partner: PartnerSnapshot | null, story: Story): SyncDetails {
  return {
    reasons: story.reasons,
    conflicts: story.conflicts,
    ...(story.unfinished ? { progress: story.unfinished.progress } : {}),
    ...(story.unfinished?.nextTryOn ? { nextTryOn: story.unfinished.nextTryOn } : {}),
    ...(partner ? { microsoft: microsoftDetails(link, partner) } : {}),
    ...(partner ? { frozen: { fields: lockedFields(link, partner), ...(link.sharedOn ? { since: toSeconds(link.sharedOn) } : {}) } } : {}),
  };
}

/** Microsoft's answer: of its own referral when it was asked, of ours when it asks. */
function microsoftDetails(link: Link, partner: PartnerSnapshot): SyncDetails['microsoft'] {
  const expiresOn = (on: string | null): { expiresOn?: string } => (on ? { expiresOn: on } : {});
  if (partner.direction === 'incoming') return { status: `${partner.status}/${partner.substatus}`, direction: 'incoming', ...(partner.status === 'New' ? expiresOn(partner.expiresOn) : {}) };
  if (!link.microsoft) return undefined;
  return { status: `${link.microsoft.status}/${link.microsoft.substatus}`, direction: 'outgoing', ...(link.microsoft.status === 'New' ? expiresOn(link.microsoft.expiresOn) : {}) };
}

/** The whole audit column: entries that become true with this write, then the timeline. */
export async function auditText(run: Run, linkId: string, coming: readonly string[]): Promise<string> {
  const ahead = [...coming].reverse().join('\n');
  const tail = await run.deps.store.timelineTail(linkId, Math.max(0, AUDIT_CHARACTERS - ahead.length - 1));
  return [ahead, tail.text].filter(Boolean).join('\n');
}

/** Failures are audit entries too: one for each reason that the record does not show yet. */
export function failureTexts(run: Run, crm: CrmSnapshot, reasons: readonly Reason[]): string[] {
  const shown = shownReasons(crm.shown.details);
  const fresh = reasons.filter((each) => each.actor !== 'wait' && !shown.some((old) => old.code === each.code && old.field === each.field));
  return fresh.map((each) => auditEntry(run.now(), run.crm.displayName, run.deps.partner.displayName, `${each.field ? fieldLabel(each.field) : 'Sync'}: not sent, ${each.code}`));
}

/**
 * Shows a story that carries no values and is no ✔: it has reasons, or is unfinished. Under the version that was read; somebody wrote since: read again, at most three times.
 * @returns the pair as shown; the caller ends the run
 */
export async function show(run: Run, pair: Pair, story: Story): Promise<Pair> {
  let { link, crm } = pair;
  const failures = failureTexts(run, crm, story.reasons);
  const now = run.now();
  if (failures.length > 0) link = await remember(run, { ...link, auditDue: true }, { lines: toLines(run.deps.newId(), now, failures) });
  for (let round = 0; round < 3; round += 1) {
    const present = presentation(run, link, crm, pair.partner, story, nextMark(run, link, crm));
    if (isEmptyPresentation(present) && !link.auditDue) return { ...pair, link, crm };
    const audit = link.auditDue ? { audit: await auditText(run, link.id, []) } : {};
    const written = await run.crm.write(run.ref, { values: {}, present: { ...present, ...audit } }, crm, run.signal);
    if (written.type === 'written') return { ...pair, crm: written.snapshot, link: { ...link, auditDue: false } };
    if (written.type !== 'stale') return { ...pair, link, crm };
    run.deps.count('stale');
    const again = await run.crm.read(run.ref, run.signal);
    if (again.type === 'gone') return { ...pair, link, crm };
    crm = again.snapshot;
  }
  return { ...pair, link, crm };
}

/** What a closed gate means to the seller. */
export const gateReason = (code: 'throttled' | 'remote-down' | 'sign-in-expired', system: string, when: string): Reason =>
  code === 'sign-in-expired' ? reason(code) : reason(code, undefined, { system, when });
