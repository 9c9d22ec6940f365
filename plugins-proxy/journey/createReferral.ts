// Create the referral: exactly one, whatever happens between two lines. C1 judge and look, C2 store the intent, C3 send, C4 store the answer.
import { agree, auditEntry, createValues, instantToDate, movePhase, readiness, reason, syncedGroups, valueOf, type Agreed, type Attempt, type FieldKey, type Link, type PartnerSnapshot, type Reason, type Values } from '../../core/index';
import { RemoteFailure } from '../ports/failure';
import type { ListedReferral } from '../ports/partner';
import { canonicalValues, halvesOf, notTaken } from './halves';
import { show, toSeconds } from './present';
import { after, finish, isTooLate, remember, toLines, type Pair, type Run, type RunOutcome } from './run';

export type Created = { readonly type: 'go'; readonly pair: Pair } | { readonly type: 'end'; readonly outcome: RunOutcome };

/** Brings a record that has no referral to one that has. */
export async function createReferral(run: Run, pair: Pair, known: { pair?: Pair }): Promise<Created> {
  const { link, crm } = pair;
  if (crm.shown.identifier) return bindShown(run, pair, crm.shown.identifier.toLowerCase());
  const open = link.attempts.own;
  const found = await findOurs(run, pair, open);
  if (found.type === 'several') return endWith(run, pair, [reason('linked-elsewhere', 'externalReferenceId', { name: String(valueOf(crm.cells.name) ?? '') })]);
  if (found.type === 'one') return adopt(run, pair, found.id, known);
  if (open?.state === 'unknown') return lookAgainLater(run, pair, open, known);
  const reasons = readiness(crm, instantToDate(run.now(), run.deps.timeZone)!, run.deps.partner.displayName);
  if (reasons.length > 0) return endWith(run, pair, reasons);
  if (!(await mayCreate(run, pair))) return wait(run, pair, 30_000, 'the inventory of referrals is not complete');
  run.deps.passed('C1');
  return send(run, pair, known);
}

/** C2 to C4: the intent first, then the call, then the answer. */
async function send(run: Run, pair: Pair, known: { pair?: Pair }): Promise<Created> {
  const before = pair.link.attempts.own;
  const attempt: Attempt = {
    id: before?.id ?? run.deps.newId(),
    requestId: before?.state === 'notSent' ? before.requestId : run.deps.newId(),
    startedOn: run.now(),
    crm: canonicalValues(pair.crm.cells, pair.crm.moneyScale),
    body: run.deps.partner.ownBody(createValues(pair.crm)),
    state: 'unknown',
    looked: 0,
    lookAgainOn: null,
  };
  const link = await remember(run, { ...movePhase(pair.link, 'creating'), attempts: { ...pair.link.attempts, own: attempt } });
  known.pair = { ...pair, link };
  run.deps.passed('C2');
  if (isTooLate(run, attempt.startedOn)) return send(run, { ...pair, link: { ...link, attempts: { ...link.attempts, own: { ...attempt, state: 'notSent' } } } }, known);
  const created = await tryCreate(run, link, attempt);
  run.deps.passed('C3');
  if (created.type === 'refused') {
    const closed = { ...movePhase(link, 'new'), attempts: { ...link.attempts, own: null } };
    return endWith(run, { ...pair, link: closed }, created.reasons);
  }
  const sent = asSent(attempt);
  const linked = await settleCreated(run, { ...pair, link }, created.snapshot, {
    attempt,
    agreed: halvesOf(sent, canonicalValues(created.snapshot.cells, pair.crm.moneyScale)),
    refused: notTaken(link, pair.crm, created.snapshot, sent, 'partner', run.deps.partner.displayName),
  });
  run.deps.passed('C4');
  run.deps.count('created');
  known.pair = linked;
  return { type: 'go', pair: linked };
}

/** A call that surely had no effect leaves the attempt as not sent, so that the next run sends at once. */
async function tryCreate(run: Run, link: Link, attempt: Attempt): ReturnType<Run['deps']['partner']['create']> {
  try {
    return await run.deps.partner.create(attempt.body, attempt.requestId, run.signal);
  } catch (error) {
    if (isSurelyNotSent(error)) await remember(run, { ...link, attempts: { ...link.attempts, own: { ...attempt, state: 'notSent' } } });
    throw error;
  }
}

export const isSurelyNotSent = (error: unknown): boolean => (error instanceof RemoteFailure ? error.surelyNotSent : (error as Error | undefined)?.name === 'GateClosed');

/** A create carries no status, every new referral is active: that a deal was closed here before is a change still to be sent. */
const asSent = ({ crm }: Attempt): Values => ({ ...crm, status: 'Active' });

/** How a record came by its referral, and what is agreed with it. */
interface Terms {
  readonly attempt: Attempt | null;
  readonly agreed: Agreed;
  readonly refused: Link['refused'];
}

/** C4: ids, snapshot and halves in one transaction; the attempt is closed. */
async function settleCreated(run: Run, pair: Pair, partner: PartnerSnapshot, { attempt, agreed, refused }: Terms): Promise<Pair> {
  const { link } = pair;
  const next: Link = { ...movePhase(link, 'linked'), referralId: partner.id.toLowerCase(), engagementId: partner.engagementId, partner, agreed, refused, attempts: { ...link.attempts, own: null }, kept: [], sharedOn: partner.createdOn, auditDue: true };
  const text = auditEntry(run.now(), run.crm.displayName, run.deps.partner.displayName, `CRM id: referral ${partner.id} ${attempt ? 'created' : 'linked'}`);
  const stored = await remember(run, next, { lines: toLines(attempt?.id ?? `link-${partner.id}`, run.now(), [text]) });
  await run.deps.store.rememberOrganization(run.deps.partner.connection, partner.organizationId);
  return { ...pair, link: stored, partner, fresh: { ...pair.fresh, partner: true } };
}

type Found = { readonly type: 'none' } | { readonly type: 'one'; readonly id: string } | { readonly type: 'several' };

/** Our referral of this record: among those seen, and, while an attempt is open, in the list (it cannot be filtered by external id). */
async function findOurs(run: Run, pair: Pair, open: Attempt | null): Promise<Found> {
  const { deps } = run;
  const { organizationId } = await deps.store.connectionState(deps.partner.connection);
  const isOurs = (each: { organizationId: string }): boolean => (organizationId ? each.organizationId === organizationId : each.organizationId.toLowerCase() !== deps.partner.microsoftOrganizationId);
  const since = open?.state === 'unknown' ? after(open.startedOn, -5 * 60_000) : null;
  const seen = (await deps.store.seenByExternalId(deps.partner.connection, pair.link.crmId)).filter(isOurs);
  const free = [];
  for (const each of seen) if (!(await deps.store.linkByReferral(deps.partner.connection, each.id))) free.push(each);
  const known = oneOf(free, since);
  if (known.type !== 'none' || since === null || (open!.lookAgainOn !== null && open!.lookAgainOn > run.now())) return known;
  const listed = (await listSince(run, since)).filter((each) => isOurs(each) && run.crm.canonicalId(each.externalReferenceId ?? '') === pair.link.crmId);
  return oneOf(listed.map((each) => ({ ...each, closed: each.status === 'Closed' })), since);
}

/** One that is open comes first. The referral of an attempt may be closed before its answer was seen: it is ours all the same; what was closed before is history. */
function oneOf(candidates: readonly { readonly id: string; readonly closed: boolean; readonly createdOn: string }[], since: string | null): Found {
  const open = candidates.filter((each) => !each.closed);
  const ours = open.length > 0 ? open : candidates.filter((each) => since !== null && each.createdOn >= since);
  if (ours.length === 0) return { type: 'none' };
  return ours.length === 1 ? { type: 'one', id: ours[0]!.id } : { type: 'several' };
}

/** Referrals created since a moment, newest first. */
async function listSince(run: Run, since: string): Promise<ListedReferral[]> {
  const found: ListedReferral[] = [];
  let next: string | null = null;
  do {
    const page = await run.deps.partner.listNewest(next, run.signal);
    found.push(...page.referrals.filter((each) => each.createdOn >= since));
    next = page.referrals.some((each) => each.createdOn < since) ? null : page.next;
  } while (next !== null);
  return found;
}

/** An attempt whose outcome is unknown and whose referral was not found: looked for again after 5, 30 and 120 s, then made anew. No bell shortens this. */
async function lookAgainLater(run: Run, pair: Pair, open: Attempt, known: { pair?: Pair }): Promise<Created> {
  const waits = run.deps.timings.lookAgain;
  if (open.lookAgainOn !== null && open.lookAgainOn > run.now()) return wait(run, pair, until(run, open.lookAgainOn), 'the outcome of a create is unknown');
  if (open.looked >= waits.length) {
    const link = { ...pair.link, attempts: { ...pair.link.attempts, own: { ...open, state: 'notSent' as const, requestId: run.deps.newId() } } };
    return createReferral(run, { ...pair, link }, known);
  }
  const pause = waits[open.looked]!;
  const link = await remember(run, { ...pair.link, attempts: { ...pair.link.attempts, own: { ...open, looked: open.looked + 1, lookAgainOn: after(run.now(), pause) } } });
  return wait(run, { ...pair, link }, pause, 'the outcome of a create is unknown');
}

const until = (run: Run, time: string): number => Math.max(100, Date.parse(time) - Date.parse(run.now()));

/** The referral exists: it is ours from here on, with what was sent as our half. */
async function adopt(run: Run, pair: Pair, id: string, known: { pair?: Pair }): Promise<Created> {
  const read = await run.deps.partner.read(id, run.signal);
  if (read.type === 'gone') return cannotBeRead(run, pair, known);
  const attempt = pair.link.attempts.own;
  const agreed = attempt ? foundAgain(attempt, canonicalValues(read.snapshot.cells, pair.crm.moneyScale)) : {};
  const linked = await settleCreated(run, pair, read.snapshot, { attempt, agreed, refused: {} });
  known.pair = linked;
  return { type: 'go', pair: linked };
}

/** Nobody saw what the create was answered, so a value that is another one by now may be somebody's edit: about that field nothing is agreed. */
function foundAgain(attempt: Attempt, partner: Values): Agreed {
  const sent = asSent(attempt);
  const isOther = (field: FieldKey): boolean => syncedGroups.flat().some((each) => each === field) && !agree(field, sent[field] ?? null, partner[field] ?? null);
  return halvesOf(Object.fromEntries(Object.entries(sent).filter(([field]) => !isOther(field as FieldKey))), partner);
}

/** A list may be ahead of what can be read for a moment. For longer, an admin is told; nothing is made beside it, and it is looked at now and then. */
async function cannotBeRead(run: Run, pair: Pair, known: { pair?: Pair }): Promise<Created> {
  const open = pair.link.attempts.own;
  if (open?.state === 'unknown' && open.looked < run.deps.timings.lookAgain.length) return lookAgainLater(run, pair, open, known);
  const shown = await show(run, pair, { reasons: [reason('referral-gone', 'externalReferenceId')], conflicts: [], travelled: false, clear: clears(pair) });
  await remember(run, { ...shown.link, crm: shown.crm });
  return { type: 'end', outcome: { type: 'later', afterMs: run.deps.timings.recordBackOffMax, why: 'a referral that was seen cannot be read' } };
}

/** A record that carries an identifier never makes a referral: it is bound to that one, unless another record holds it. */
async function bindShown(run: Run, pair: Pair, id: string): Promise<Created> {
  const holder = await run.deps.store.linkByReferral(run.deps.partner.connection, id);
  if (holder && holder.id !== pair.link.id) return endWith(run, pair, [reason('linked-elsewhere', 'externalReferenceId', { name: String(valueOf(holder.crm?.cells.name) ?? '') })]);
  const read = await run.deps.partner.read(id, run.signal);
  if (read.type === 'gone') return endWith(run, pair, [reason('referral-gone', 'externalReferenceId')]);
  return { type: 'go', pair: await settleCreated(run, pair, read.snapshot, { attempt: null, agreed: {}, refused: {} }) };
}

/** What was made after the inventory began cannot have a referral yet; an older record waits until all referrals were seen. */
async function mayCreate(run: Run, pair: Pair): Promise<boolean> {
  const inventory = await run.deps.store.inventory(run.deps.partner.connection);
  return inventory.complete || (inventory.startedOn !== null && pair.crm.createdOn >= toSeconds(inventory.startedOn));
}

/** Shows reasons and waits for a bell. */
async function endWith(run: Run, pair: Pair, reasons: readonly Reason[]): Promise<Created> {
  const shown = await show(run, pair, { reasons, conflicts: [], travelled: false, clear: clears(pair) });
  return { type: 'end', outcome: await finish(run, { link: { ...shown.link, crm: shown.crm } }) };
}

/** Shows Pending and goes on later. */
async function wait(run: Run, pair: Pair, ms: number, why: string): Promise<Created> {
  const shown = await show(run, pair, { reasons: [], conflicts: [], travelled: false, unfinished: { progress: 'confirming', nextTryOn: toSeconds(after(run.now(), ms)) } });
  await remember(run, { ...shown.link, crm: shown.crm });
  return { type: 'end', outcome: { type: 'later', afterMs: ms, why } };
}

const clears = (pair: Pair): ('requestedAction' | 'choices')[] => (pair.crm.control.requestedAction ? ['requestedAction'] : []);
