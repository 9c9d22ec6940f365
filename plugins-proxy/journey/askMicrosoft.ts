// Ask Microsoft: the second referral of a co-sell deal, in the same engagement and exactly once. C5 store the intent, C6 send, C7 store the answer.
import { auditEntry, canonical, createValues, fieldLabel, printed, type Attempt, type Link, type MicrosoftSide, type Reason } from '../../core/index';
import { isSurelyNotSent } from './createReferral';
import { findMicrosoft, microsoftOf } from './readSides';
import { after, isTooLate, remember, toLines, type Pair, type Run } from './run';

/** The outcome of asking is unknown and Microsoft's referral was not found yet. */
export class StillUnknown extends Error {
  constructor(readonly afterMs: number) {
    super('It is not known yet whether Microsoft was asked.');
    this.name = 'StillUnknown';
  }
}

/** Partner Center said a definite no to the second referral. */
export class MicrosoftRefused extends Error {
  constructor(readonly reasons: readonly Reason[], readonly pair: Pair) {
    super('Partner Center refused the referral to Microsoft.');
    this.name = 'MicrosoftRefused';
  }
}

/** @throws StillUnknown, MicrosoftRefused, and what the call throws */
export async function askMicrosoft(run: Run, pair: Pair, known: { pair?: Pair }): Promise<Pair> {
  const open = pair.link.attempts.microsoft;
  if (open?.state === 'unknown') return findOrWait(run, pair, open, known);
  return send(run, pair, open, known);
}

async function send(run: Run, pair: Pair, before: Attempt | null, known: { pair?: Pair }): Promise<Pair> {
  if (!pair.link.engagementId) throw new Error('A referral without engagement cannot ask Microsoft.');
  const attempt: Attempt = {
    id: before?.id ?? run.deps.newId(),
    requestId: before?.state === 'notSent' ? before.requestId : run.deps.newId(),
    startedOn: run.now(),
    crm: askedValues(pair),
    body: run.deps.partner.microsoftBody(createValues(pair.crm), pair.link.engagementId),
    state: 'unknown',
    looked: 0,
    lookAgainOn: null,
  };
  const link = await withAttempt(run, pair.link, attempt);
  known.pair = { ...pair, link };
  run.deps.passed('C5');
  if (isTooLate(run, attempt.startedOn)) return send(run, known.pair, { ...attempt, state: 'notSent' }, known);
  const created = await tryCreate(run, link, attempt);
  run.deps.passed('C6');
  if (created.type === 'refused') {
    const closed = await withAttempt(run, link, null);
    throw new MicrosoftRefused(created.reasons, { ...pair, link: closed });
  }
  return settle(run, { ...pair, link }, attempt, microsoftOf(created.snapshot), known);
}

async function tryCreate(run: Run, link: Link, attempt: Attempt): ReturnType<Run['deps']['partner']['create']> {
  try {
    return await run.deps.partner.create(attempt.body, attempt.requestId, run.signal);
  } catch (error) {
    if (isSurelyNotSent(error)) await withAttempt(run, link, { ...attempt, state: 'notSent' });
    throw error;
  }
}

/** Looks for Microsoft's referral by engagement; after 5, 30 and 120 s without it, asks anew. */
async function findOrWait(run: Run, pair: Pair, open: Attempt, known: { pair?: Pair }): Promise<Pair> {
  const isDue = open.lookAgainOn === null || open.lookAgainOn <= run.now();
  if (!isDue) throw new StillUnknown(Math.max(100, Date.parse(open.lookAgainOn!) - Date.parse(run.now())));
  const found = await findMicrosoft(run, pair.link.engagementId!);
  if (found) return settle(run, pair, open, found, known);
  const pause = run.deps.timings.lookAgain[open.looked];
  if (pause === undefined) return send(run, pair, { ...open, state: 'notSent', requestId: run.deps.newId() }, known);
  const link = await withAttempt(run, pair.link, { ...open, looked: open.looked + 1, lookAgainOn: after(run.now(), pause) });
  known.pair = { ...pair, link };
  throw new StillUnknown(pause);
}

/** C7: Microsoft's referral is known; help and notes are settled as they were asked. */
async function settle(run: Run, pair: Pair, attempt: Attempt, microsoft: MicrosoftSide, known: { pair?: Pair }): Promise<Pair> {
  const { link } = pair;
  const asked = attempt.crm;
  const agreed = { ...link.agreed, ...Object.fromEntries((['help', 'notesToMicrosoft', 'customer.contact'] as const).map((field) => [field, { crm: asked[field] ?? null, partner: link.agreed[field]?.partner ?? null }])) };
  const text = auditEntry(run.now(), run.crm.displayName, run.deps.partner.displayName, `${fieldLabel('help')}:  → ${printed(asked.help ?? null)}`);
  const stored = await remember(run, { ...link, microsoft, agreed, attempts: { ...link.attempts, microsoft: null }, auditDue: true }, { lines: toLines(attempt.id, run.now(), [text]) });
  run.deps.passed('C7');
  known.pair = { ...pair, link: stored };
  return known.pair;
}

const askedValues = (pair: Pair): Attempt['crm'] =>
  Object.fromEntries((['help', 'notesToMicrosoft', 'customer.contact'] as const).map((field) => [field, canonical(field, pair.crm.cells, { moneyScale: pair.crm.moneyScale }) ?? null]));

const withAttempt = (run: Run, link: Link, microsoft: Attempt | null): Promise<Link> => remember(run, { ...link, attempts: { ...link.attempts, microsoft } });
