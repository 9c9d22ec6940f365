// Read the sides that rang; the other is the remembered snapshot. Both are read while something is unsettled.
import { movePhase, reason, standardFieldKeys, type CrmSnapshot, type Link, type MicrosoftSide, type PartnerSnapshot } from '../../core/index';
import type { ListedReferral } from '../ports/partner';
import { side } from '../ports/store';
import { show } from './present';
import { finish, type Pair, type Run, type RunOutcome } from './run';

export type SidesRead = { readonly type: 'go'; readonly pair: Pair } | { readonly type: 'end'; readonly outcome: RunOutcome };

/** Reads what must be read, and ends the run for records that are gone or no longer shared. */
export async function readSides(run: Run, before: Link, alreadyRead: CrmSnapshot | null, known: { pair?: Pair }): Promise<SidesRead> {
  const sides = run.lease.sides;
  const unsettled = before.planned.length > 0 || before.attempts.own !== null || before.attempts.microsoft !== null || before.phase === 'off' || before.phase === 'crmGone' || (sides & side.both) !== 0;
  const waitsForRecord = before.plannedRecord !== null;
  let crm = alreadyRead ?? before.crm;
  let freshCrm = alreadyRead !== null;
  if (!freshCrm && !waitsForRecord && (unsettled || crm === null || (sides & side.crm) !== 0)) {
    const first = await run.crm.read(run.ref, run.signal);
    const read = first.type === 'gone' ? first : await lookTwice(run, before, first.snapshot);
    if (read.type === 'gone') return { type: 'end', outcome: await crmGone(run, before) };
    crm = read.snapshot;
    freshCrm = true;
  }
  if (waitsForRecord) return readForRecord(before);
  if (!crm) throw new Error('The opportunity was not read.');
  if (!crm.control.sync) return { type: 'end', outcome: await switchOff(run, { link: before, crm, partner: before.partner, fresh: { crm: freshCrm, partner: false } }) };
  const link = { ...awake(before), crm, refs: refsOf(crm), mappingVersion: run.deps.mappingVersion };
  known.pair = { link, crm, partner: link.partner, fresh: { crm: freshCrm, partner: false } };
  return readPartner(run, known.pair, unsettled || crm.control.requestedAction !== null);
}

/** A value that was there when we last read and is empty now may only be withheld since: before it counts as a seller's wish, what we may see is asked anew. */
async function lookTwice(run: Run, link: Link, crm: CrmSnapshot): ReturnType<Run['crm']['read']> {
  const isEmptied = standardFieldKeys.some((field) => link.crm?.cells[field]?.kind === 'value' && crm.cells[field]?.kind === 'empty');
  return isEmptied ? run.crm.readAnew(run.ref, run.signal) : { type: 'found', snapshot: crm };
}

async function readPartner(run: Run, pair: Pair, unsettled: boolean): Promise<SidesRead> {
  const { link } = pair;
  if (!link.referralId) return { type: 'go', pair };
  const rang = (run.lease.sides & side.partner) !== 0;
  if (link.phase === 'partnerGone' && !rang && !unsettled) return showGone(run, pair);
  if (!rang && !unsettled && link.partner) return { type: 'go', pair: await withMicrosoft(run, pair) };
  const read = await run.deps.partner.read(link.referralId, run.signal);
  if (read.type === 'gone') return showGone(run, { ...pair, link: movePhase(link, 'partnerGone') });
  const found = { ...link, partner: read.snapshot, engagementId: read.snapshot.engagementId, phase: 'linked' as const };
  return { type: 'go', pair: await withMicrosoft(run, { ...pair, link: found, partner: read.snapshot, fresh: { ...pair.fresh, partner: true } }) };
}

/** Microsoft's own referral in the engagement is read when it rang. */
async function withMicrosoft(run: Run, pair: Pair): Promise<Pair> {
  const { link } = pair;
  if ((run.lease.sides & side.microsoft) === 0 || !link.engagementId) return pair;
  const microsoft = link.microsoft ? await readMicrosoft(run, link.microsoft.id) : await findMicrosoft(run, link.engagementId);
  return microsoft ? { ...pair, link: { ...link, microsoft } } : pair;
}

async function readMicrosoft(run: Run, id: string): Promise<MicrosoftSide | null> {
  const read = await run.deps.partner.read(id, run.signal);
  return read.type === 'found' ? microsoftOf(read.snapshot) : null;
}

/** Looks for Microsoft's referral in an engagement. */
export async function findMicrosoft(run: Run, engagementId: string): Promise<MicrosoftSide | null> {
  const all = await run.deps.partner.listEngagement(engagementId, run.signal);
  const theirs = all.find((each) => each.organizationId.toLowerCase() === run.deps.partner.microsoftOrganizationId);
  return theirs ? microsoftOf(theirs) : null;
}

export const microsoftOf = (referral: PartnerSnapshot | ListedReferral): MicrosoftSide => ({
  id: referral.id, status: referral.status, substatus: referral.substatus, expiresOn: referral.expiresOn, updatedOn: referral.updatedOn,
});

/** A record that is still to be made: only its referral is read, when it rang. */
function readForRecord(link: Link): SidesRead {
  const partner = link.partner;
  if (!partner) throw new Error('A planned record has no referral.');
  return { type: 'go', pair: { link, crm: emptyCrm, partner, fresh: { crm: false, partner: false } } };
}

/** Stands where no opportunity was read yet; never written. */
const emptyCrm: CrmSnapshot = {
  version: '', cells: {}, moneyScale: 2, createdOn: '', modifiedOn: '',
  control: { sync: true, requestedAction: null, requestedReason: null, choices: null },
  shown: { identifier: null, link: null, status: null, details: null, microsoftStatus: null, microsoftCrmId: null, lastSyncedOn: null },
  refs: { customer: null, contact: null, owner: null }, secured: [],
};

/** Who the record hangs on. */
export const refsOf = (crm: CrmSnapshot): Link['refs'] => ({
  account: crm.refs.customer?.kind === 'account' ? crm.refs.customer.id : null,
  contact: crm.refs.contact?.id ?? (crm.refs.customer?.kind === 'contact' ? crm.refs.customer.id : null),
  owner: crm.refs.owner?.id ?? null,
});

/** The flag is yes again, or the opportunity was undeleted: the link goes on where it stood. */
function awake(link: Link): Link {
  if (link.phase !== 'off' && link.phase !== 'crmGone') return link;
  const phase = link.referralId ? 'linked' : link.attempts.own ? 'creating' : 'new';
  return movePhase(link, phase);
}

/** The opportunity was deleted: the link ends, Partner Center is not touched, and later bells create nothing. */
async function crmGone(run: Run, link: Link): Promise<RunOutcome> {
  if (link.phase === 'crmGone' || link.rev === 0) return finish(run);
  return finish(run, { link: { ...movePhase(link, 'crmGone'), planned: [] } });
}

/** The flag went from yes to no: *Not shared* is shown once, then nothing is written. */
async function switchOff(run: Run, pair: Pair): Promise<RunOutcome> {
  if (pair.link.phase === 'off') return finish(run, { link: { ...pair.link, crm: pair.crm } });
  let { crm } = pair;
  for (let round = 0; round < 3 && !crm.control.sync && crm.shown.status !== 'notShared'; round += 1) {
    const written = await run.crm.write(run.ref, { values: {}, present: { status: 'notShared', details: null } }, crm, run.signal);
    if (written.type === 'written') crm = written.snapshot;
    if (written.type !== 'stale') break;
    const again = await run.crm.read(run.ref, run.signal);
    if (again.type === 'gone') return crmGone(run, pair.link);
    crm = again.snapshot;
  }
  if (crm.control.sync) return { type: 'later', afterMs: 0, why: 'the flag was switched on again' };
  return finish(run, { link: { ...movePhase(pair.link, 'off'), crm, conflicts: [], refs: refsOf(crm) } });
}

/** The referral cannot be found: an admin links again or makes a new one. */
async function showGone(run: Run, pair: Pair): Promise<SidesRead> {
  const shown = await show(run, pair, { reasons: [reason('referral-gone', 'externalReferenceId')], conflicts: [], travelled: false, clear: pair.crm.control.requestedAction ? ['requestedAction'] : [] });
  return { type: 'end', outcome: await finish(run, { link: { ...shown.link, crm: shown.crm } }) };
}

