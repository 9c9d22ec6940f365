// Write the partner: one PATCH under its version. A refusal is narrowed down group by group, so that one bad value does not hold up the others.
import { groupValues, isTerminal, movePhase, reason, refusalHash, ruleOf, sameValue, standardFieldKeys, valueOf, type Agreed, type FieldKey, type Link, type Planned, type Refusal, type Values } from '../../core/index';
import type { PartnerChange, PartnerWritten } from '../ports/partner';
import { canonicalValues, heldAfter, notTaken, withoutFields } from './halves';
import { show } from './present';
import { finish, remember, toLines, type Pair, type Run } from './run';
import { lineText, refusalOf, type Round, type RoundEnd } from './round';

/** U2 to U4. Nothing to write there: only what was settled is kept for the run's last commit. */
export async function writePartner(run: Run, round: Round, known: { pair?: Pair }): Promise<RoundEnd> {
  const { pair, plan, planned } = round;
  const settled: Link = { ...pair.link, agreed: plan.agreed, refused: plan.refused, conflicts: plan.conflicts };
  const answer = answerOf(pair);
  const writesPartner = Object.keys(planned.toPartner).length > 0 || answer !== undefined;
  const nowLines = plan.lines.filter((line) => line.when === 'now').map((line) => lineText(run, planned.on, line));
  const plansAnything = writesPartner || Object.keys(planned.toCrm).length > 0;
  if (!plansAnything && nowLines.length === 0) return { type: 'go', round: { ...round, pair: { ...pair, link: settled } } };
  const link = await remember(run, { ...settled, ...(plansAnything ? { planned: [...settled.planned, planned] } : {}), auditDue: settled.auditDue || nowLines.length > 0 }, { lines: toLines(`${planned.id}/now`, planned.on, nowLines) });
  known.pair = { ...pair, link };
  run.deps.passed('U2');
  if (!writesPartner) return { type: 'go', round: { ...round, pair: known.pair } };
  const change: PartnerChange = { values: answer?.accept === false ? {} : planned.toPartner, ...(planned.toPartner.team ? { people: valueOf(pair.crm.cells.team) } : {}), ...(answer ? { answer } : {}), ...(await closingReason(run, planned)) };
  return send(run, { ...round, pair: known.pair }, change, known);
}

async function send(run: Run, round: Round, change: PartnerChange, known: { pair?: Pair }): Promise<RoundEnd> {
  const { pair } = round;
  const written = await run.deps.partner.write(pair.link.referralId!, change, pair.partner!.version, run.signal);
  run.deps.passed('U3');
  switch (written.type) {
    case 'written': {
      const next = await settleWritten(run, round, change, written);
      known.pair = next.pair;
      run.deps.passed('U4');
      run.deps.count('updated');
      // No bell need come of what a read after the write has shown already.
      return change.answer || isMore(round, change, written) ? { type: 'again', pair: next.pair } : { type: 'go', round: next };
    }
    case 'stale':
      run.deps.count('stale');
      return readBoth(run, pair, round.planned.id);
    case 'gone':
      return showGone(run, pair);
    case 'refused':
      return narrowDown(run, round, change, written.reasons, known);
  }
}

type Written = Extract<PartnerWritten, { type: 'written' }>;

/** Whether a read after our write holds more than our write did. */
function isMore({ pair }: Round, change: PartnerChange, { snapshot, readAfter }: Written): boolean {
  if (!readAfter) return false;
  const [was, is] = [canonicalValues(pair.partner!.cells, pair.crm.moneyScale), canonicalValues(snapshot.cells, pair.crm.moneyScale)];
  const others = standardFieldKeys.filter((field) => !(field in change.values) && !sameValue(was[field], is[field]));
  return others.length > 0 || heldAfter(change.values, was, is, true).passedBy.length > 0;
}

/** U4: the partner's snapshot, halves of what was written, and the audit entries that are true now. */
async function settleWritten(run: Run, round: Round, change: PartnerChange, { snapshot: partner, readAfter }: Written): Promise<Round> {
  const { pair, planned } = round;
  const crmNow = canonicalValues(pair.crm.cells, pair.crm.moneyScale);
  const partnerNow = canonicalValues(partner.cells, pair.crm.moneyScale);
  const { held, passedBy } = heldAfter(change.values, canonicalValues(pair.partner!.cells, pair.crm.moneyScale), partnerNow, readAfter);
  const sent = withoutMerged(change.values, planned.toCrm);
  const halves: Agreed = Object.fromEntries((Object.keys(sent) as FieldKey[]).map((field) => [field, { crm: crmNow[field] ?? null, partner: held[field] ?? null }]));
  const refused = notTaken(pair.link, pair.crm, partner, withoutFields(change.values, passedBy), 'partner', run.deps.partner.displayName);
  const link = await remember(
    run,
    {
      ...pair.link,
      partner,
      agreed: { ...pair.link.agreed, ...halves },
      refused: { ...pair.link.refused, ...refused },
      planned: pair.link.planned.map((each) => answered(each, planned.id, pair.partner!.version, { ...partnerNow, ...held })),
      auditDue: true,
    },
    { lines: toLines(planned.id, planned.on, planned.lines.partner), learnt: true },
  );
  return { ...round, pair: { ...pair, link, partner }, found: [...round.found, ...Object.values(refused).flatMap((each) => each.reasons)] };
}

/** The answered write, and every older one that carried the same version, can no longer arrive; what still goes to the CRM settles with the answer. */
function answered(each: Planned, id: string, version: string, partnerNow: Values): Planned {
  const isOwn = each.id === id;
  if (!isOwn && each.expects.partner !== version) return each;
  const halves = isOwn ? Object.fromEntries(Object.entries(each.halves).map(([field, half]) => [field, { crm: half?.crm ?? null, partner: partnerNow[field as FieldKey] ?? half?.partner ?? null }])) : each.halves;
  return { ...each, toPartner: {}, halves: halves as Planned['halves'] };
}

/** A merged set goes to both sides and is settled when both hold it. */
const withoutMerged = (values: Values, toCrm: Values): Values => Object.fromEntries(Object.entries(values).filter(([field]) => !(field in toCrm))) as Values;

async function readBoth(run: Run, pair: Pair, planId: string): Promise<RoundEnd> {
  const partner = await run.deps.partner.read(pair.link.referralId!, run.signal);
  if (partner.type === 'gone') return showGone(run, pair);
  const crm = await run.crm.read(run.ref, run.signal);
  if (crm.type === 'gone') return { type: 'end', outcome: await finish(run, { link: { ...movePhase(pair.link, 'crmGone'), planned: [] } }) };
  if (!crm.snapshot.control.sync) return { type: 'end', outcome: { type: 'later', afterMs: 0, why: 'the flag was switched off' } };
  // The write that was refused for its version can no longer arrive; what others wrote is planned afresh.
  return { type: 'again', pair: { ...pair, link: { ...pair.link, partner: partner.snapshot, crm: crm.snapshot, planned: without(pair.link, planId) }, crm: crm.snapshot, partner: partner.snapshot, fresh: { crm: true, partner: true } } };
}

const without = (link: Link, planId: string): readonly Planned[] => link.planned.filter((each) => each.id !== planId);

/** A definite no: read again, since a referral that was closed meanwhile takes nothing; else each group alone, so that the bad one is known. */
async function narrowDown(run: Run, round: Round, change: PartnerChange, reasons: Refusal['reasons'], known: { pair?: Pair }): Promise<RoundEnd> {
  const read = await run.deps.partner.read(round.pair.link.referralId!, run.signal);
  if (read.type === 'gone') return showGone(run, round.pair);
  const pair: Pair = { ...round.pair, partner: read.snapshot, link: { ...round.pair.link, partner: read.snapshot, planned: without(round.pair.link, round.planned.id) }, fresh: { ...round.pair.fresh, partner: true } };
  if (isTerminal(valueOf(read.snapshot.cells.status)) && !isTerminal(valueOf(round.pair.partner!.cells.status))) return { type: 'again', pair };
  const groups = [...new Set((Object.keys(change.values) as FieldKey[]).map((field) => ruleOf(field).group))];
  if (groups.length <= 1) return { type: 'go', round: await refuse(run, { ...round, pair }, groups[0] ?? 'answer', reasons, known) };
  let next: Round = { ...round, pair };
  for (const group of groups) {
    const values = Object.fromEntries(Object.entries(change.values).filter(([field]) => ruleOf(field as FieldKey).group === group)) as Values;
    const alone = await sendGroup(run, next, group, { ...change, values }, known);
    if (alone.type !== 'go') return alone;
    next = alone.round;
  }
  return { type: 'go', round: next };
}

async function sendGroup(run: Run, round: Round, group: string, change: PartnerChange, known: { pair?: Pair }): Promise<RoundEnd> {
  const planned: Planned = { ...round.planned, id: run.deps.newId(), toPartner: change.values, toCrm: {}, expects: { ...round.planned.expects, partner: round.pair.partner!.version } };
  const link = await remember(run, { ...round.pair.link, planned: [...round.pair.link.planned, planned] });
  const pair = { ...round.pair, link };
  const written = await run.deps.partner.write(link.referralId!, change, pair.partner!.version, run.signal);
  if (written.type === 'stale') return readBoth(run, pair, planned.id);
  if (written.type === 'gone') return showGone(run, pair);
  if (written.type === 'refused') return { type: 'go', round: await refuse(run, { ...round, pair: { ...pair, link: { ...link, planned: without(link, planned.id) } } }, group, written.reasons, known) };
  const labels = new Set((Object.keys(change.values) as FieldKey[]).map((field) => ruleOf(field).label));
  const lines = round.planned.lines.partner.filter((line) => [...labels].some((label) => line.includes(`| ${label}:`)));
  const settled = await settleWritten(run, { ...round, pair, planned: { ...planned, lines: { partner: lines, crm: [] } } }, change, written);
  return { type: 'go', round: { ...settled, planned: round.planned } };
}

/** The group is not sent again until its values, the mapping or the referral's status change. */
async function refuse(run: Run, round: Round, group: string, reasons: Refusal['reasons'], known: { pair?: Pair }): Promise<Round> {
  const { pair } = round;
  const hash = refusalHash(pair.link, pair.partner!, groupValues(group, pair.crm, pair.partner!, 'crm'));
  const refusal = refusalOf(hash, 'partner', reasons);
  const link = await remember(run, { ...pair.link, refused: { ...pair.link.refused, [`partner:${group}`]: refusal } });
  known.pair = { ...pair, link };
  return { ...round, pair: known.pair, found: [...round.found, ...refusal.reasons] };
}

async function showGone(run: Run, pair: Pair): Promise<RoundEnd> {
  const gone = { ...pair, link: { ...movePhase(pair.link, 'partnerGone'), planned: [] } };
  const shown = await show(run, gone, { reasons: [reason('referral-gone', 'externalReferenceId')], conflicts: [], travelled: false });
  return { type: 'end', outcome: await finish(run, { link: { ...shown.link, crm: shown.crm } }) };
}

/** The seller's answer to what Microsoft sent; anything else that was asked for is only emptied. */
function answerOf(pair: Pair): PartnerChange['answer'] {
  const { requestedAction, requestedReason } = pair.crm.control;
  const waits = pair.partner?.direction === 'incoming' && pair.partner.status === 'New';
  if (!waits || (requestedAction !== 'accept' && requestedAction !== 'decline')) return undefined;
  return { accept: requestedAction === 'accept', reason: requestedReason };
}

/** A deal that was lost says why. */
async function closingReason(run: Run, planned: Planned): Promise<{ statusReason?: string }> {
  if (planned.toPartner.status !== 'Lost' || !run.crm.statusReason) return {};
  const text = await run.crm.statusReason(run.ref, run.signal);
  return text ? { statusReason: text } : {};
}
