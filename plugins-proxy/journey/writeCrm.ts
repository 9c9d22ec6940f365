// Write the CRM: one PATCH with values, status, details and audit under its version. Won and lost go by their own message, which knows no version.
import { movePhase, reason, refusalHash, groupValues, ruleOf, sameValue, standardFieldKeys, type Agreed, type CrmSnapshot, type FieldKey, type Refusal, type Values } from '../../core/index';
import type { CrmChange, CrmWritten } from '../ports/crm';
import { side } from '../ports/store';
import { canonicalValues, heldAfter, notTaken, withoutFields } from './halves';
import { auditText, failureTexts, isEmptyPresentation, presentation, type Story } from './present';
import { finish, linesAbout, remember, toLines, type Pair, type Run } from './run';
import { refusalOf, type Round, type RoundEnd, type Trip } from './round';

type CrmEnd = Exclude<RoundEnd, { type: 'go' }>;

/** U5 and U6: values, then closing, then what the seller sees. */
export async function writeCrm(run: Run, start: Round, known: { pair?: Pair }, trip: Trip): Promise<CrmEnd> {
  const { status, ...values } = start.planned.toCrm;
  if (status === undefined) return present(run, start, values, known, trip);
  const closed = await close(run, start, values, String(status), known);
  return closed.type === 'go' ? present(run, closed.round, {}, known, trip) : closed;
}

/** The values under the version, then Win or Lose, then a read. Died between: the CRM's state is as planned, and settles. */
async function close(run: Run, round: Round, values: Values, status: string, known: { pair?: Pair }): Promise<RoundEnd> {
  let { pair } = round;
  if (Object.keys(values).length > 0) {
    const written = await run.crm.write(run.ref, { values, present: {} }, pair.crm, run.signal);
    if (written.type === 'stale') return readAgain(run, pair, round.planned.id);
    if (written.type === 'gone') return gone(run, pair);
    if (written.type === 'refused') return { type: 'go', round: await refuse(run, round, values, written.reasons) };
    pair = await settle(run, { ...round, pair }, values, written);
  }
  const as = status === 'Won' ? 'won' : status === 'Lost' ? 'lost' : 'canceled';
  const closed = await run.crm.close(run.ref, as, `Partner Center: ${pair.partner!.status}/${pair.partner!.substatus}`, run.signal);
  run.deps.passed('W1');
  if (closed.type === 'gone') return gone(run, pair);
  if (closed.type === 'refused') return { type: 'go', round: await refuse(run, { ...round, pair }, { status }, closed.reasons) };
  const read = await run.crm.read(run.ref, run.signal);
  run.deps.passed('W2');
  if (read.type === 'gone') return gone(run, pair);
  const settled = await settle(run, { ...round, pair }, { status }, { snapshot: read.snapshot });
  known.pair = settled;
  run.deps.passed('W3');
  // Its audit entries are stored, and so come with the timeline from now on.
  return { type: 'go', round: { ...round, pair: settled, planned: { ...round.planned, lines: { ...round.planned.lines, crm: [] } } } };
}

async function present(run: Run, start: Round, values: Values, known: { pair?: Pair }, trip: Trip): Promise<CrmEnd> {
  const round = await withFailures(run, start);
  const change = await changeOf(run, round, values);
  if (Object.keys(change.values).length === 0 && isEmptyPresentation(change.present)) return finished(run, round, round.pair, trip);
  const marked = await withMark(run, round, change);
  known.pair = marked.pair;
  const written = await run.crm.write(run.ref, change, marked.pair.crm, run.signal);
  run.deps.passed(trip === 'create' ? 'C8' : 'U5');
  switch (written.type) {
    case 'written':
      return finished(run, marked, await settlePresented(run, marked, change, written), trip, notPassedBy(marked.pair.crm, change.values, written));
    case 'stale':
      return readAgain(run, marked.pair, marked.planned.id);
    case 'gone':
      return gone(run, marked.pair);
    case 'refused':
      // Once more with the service's columns only: the record says why, and the other fields stay in sync.
      if (Object.keys(values).length === 0) throw new Error(`${run.crm.displayName} refused the columns of the service: ${written.reasons.map((each) => each.code).join(', ')}.`);
      return present(run, await refuse(run, marked, values, written.reasons), {}, known, trip);
  }
}

/** Reasons that the record does not show yet become audit entries first. */
async function withFailures(run: Run, round: Round): Promise<Round> {
  const texts = failureTexts(run, round.pair.crm, reasonsOf(round));
  if (texts.length === 0) return round;
  const link = await remember(run, { ...round.pair.link, auditDue: true }, { lines: toLines(run.deps.newId(), run.now(), texts) });
  return { ...round, pair: { ...round.pair, link } };
}

const reasonsOf = (round: Round): Story['reasons'] => unique([...round.plan.reasons, ...round.found]);

const unique = (reasons: Story['reasons']): Story['reasons'] => reasons.filter((each, index) => reasons.findIndex((other) => other.code === each.code && other.field === each.field) === index);

async function changeOf(run: Run, round: Round, values: Values): Promise<CrmChange> {
  const { pair, plan, planned } = round;
  const travelled = Object.keys(planned.toPartner).length > 0 || Object.keys(planned.toCrm).length > 0 || pair.link.auditDue;
  const clear = [...(pair.crm.control.requestedAction ? (['requestedAction'] as const) : []), ...(plan.clearChoices ? (['choices'] as const) : [])];
  const story: Story = { reasons: reasonsOf(round), conflicts: plan.conflicts, travelled: travelled && reasonsOf(round).length === 0 && plan.conflicts.length === 0, clear };
  const shown = presentation(run, pair.link, pair.crm, pair.partner, story, planned.lastSyncedOn);
  const needsAudit = pair.link.auditDue || Object.keys(values).length > 0 || ('status' in planned.toCrm);
  return { values, present: needsAudit ? { ...shown, audit: await auditText(run, pair.link.id, comingLines(round)) } : shown };
}

/** Entries that become true with this write. */
const comingLines = (round: Round): readonly string[] => (round.pair.link.planned.some((each) => each.id === round.planned.id) ? round.planned.lines.crm : []);

/** The time that the record is about to show is stored before it is shown. */
async function withMark(run: Run, round: Round, change: CrmChange): Promise<Round> {
  const { pair, planned } = round;
  if (change.present.lastSyncedOn === undefined || pair.link.planned.some((each) => each.lastSyncedOn === planned.lastSyncedOn)) return round;
  const link = await remember(run, { ...pair.link, planned: [...pair.link.planned, { ...planned, toPartner: {}, toCrm: {}, lines: { partner: [], crm: [] } }] });
  return { ...round, pair: { ...pair, link } };
}

/** Halves and refusals after a write of values, stored. */
async function settle(run: Run, round: Round, values: Values, written: Pick<Written, 'snapshot' | 'readAfter'>): Promise<Pair> {
  const next = settled(run, round, values, written);
  const lines = linesAbout(Object.keys(values) as FieldKey[], round.planned.toCrm, `${round.planned.id}/crm`, round.planned.on, round.planned.lines.crm);
  return { ...next, link: await remember(run, { ...next.link, auditDue: true }, { lines }) };
}

type Written = Extract<CrmWritten, { type: 'written' }>;

function settled(run: Run, round: Round, values: Values, { snapshot: crm, readAfter }: Pick<Written, 'snapshot' | 'readAfter'>): Pair {
  const { pair } = round;
  const partner = pair.partner!;
  const crmNow = canonicalValues(crm.cells, crm.moneyScale);
  const partnerNow = canonicalValues(partner.cells, crm.moneyScale);
  const { held, passedBy } = heldAfter(values, canonicalValues(pair.crm.cells, pair.crm.moneyScale), crmNow, readAfter);
  const halves: Agreed = Object.fromEntries((Object.keys(values) as FieldKey[]).map((field) => [field, { crm: held[field] ?? null, partner: partnerNow[field] ?? null }]));
  const refused = notTaken(pair.link, crm, partner, withoutFields(values, passedBy), 'crm', run.crm.displayName);
  // An older write that carried the same version can no longer arrive.
  const planned = pair.link.planned.map((each) => (each.id !== round.planned.id && each.expects.crm === pair.crm.version ? { ...each, toCrm: {} } : each));
  return { ...pair, crm, link: { ...pair.link, planned, crm, agreed: { ...pair.link.agreed, ...halves }, refused: { ...pair.link.refused, ...refused } } };
}

async function settlePresented(run: Run, round: Round, change: CrmChange, written: Written): Promise<Pair> {
  const next = settled(run, round, change.values, written);
  return { ...next, link: { ...next.link, lastSyncedOn: change.present.lastSyncedOn ?? next.link.lastSyncedOn, auditDue: change.present.audit === undefined ? next.link.auditDue : false } };
}

/** U6: everything that was learnt, and the end of the run, in one transaction. A value that was not taken is shown by a further look. */
async function finished(run: Run, round: Round, pair: Pair, trip: Trip, written: readonly FieldKey[] = []): Promise<CrmEnd> {
  const lines = comingLines(round).length > 0 ? toLines(`${round.planned.id}/crm`, round.planned.on, round.planned.lines.crm) : [];
  const isNew = Object.keys(pair.link.refused).some((key) => key.startsWith('crm:') && !(key in round.pair.link.refused));
  const link = { ...pair.link, crm: pair.crm, partner: pair.partner, planned: pair.link.planned.filter((each) => each.id !== round.planned.id) };
  if (isNew) return { type: 'again', pair: { ...pair, link: await remember(run, link, { lines }) } };
  run.deps.passed(trip === 'create' ? 'C9' : trip === 'inbound' ? 'I7' : 'U6');
  return { type: 'end', outcome: await finish(run, { link, lines, ring: isMore(round.pair.crm, pair.crm, written) ? [{ key: run.lease.key, sides: side.crm, priority: 1 }] : [] }) };
}

/** The fields that hold what we wrote, as far as the answer tells. */
function notPassedBy(before: CrmSnapshot, values: Values, { snapshot, readAfter }: Written): readonly FieldKey[] {
  const { passedBy } = heldAfter(values, canonicalValues(before.cells, before.moneyScale), canonicalValues(snapshot.cells, snapshot.moneyScale), readAfter);
  return (Object.keys(values) as FieldKey[]).filter((field) => !passedBy.includes(field));
}

/** What the record holds after our write beyond what we wrote (somebody passed us by, or the customer's automation answered) is looked at anew: no bell need come of it. */
function isMore(before: CrmSnapshot, after: CrmSnapshot, written: readonly FieldKey[]): boolean {
  if (before === after) return false;
  const groups = new Set(written.map((field) => ruleOf(field).group));
  // A stage's probability follows by itself, and whoever sets it rings.
  const others = standardFieldKeys.filter((field) => field !== 'salesStage' && ruleOf(field).toPartner !== 'never' && !groups.has(ruleOf(field).group));
  const [was, is] = [canonicalValues(before.cells, before.moneyScale), canonicalValues(after.cells, after.moneyScale)];
  const asksAnew = (name: 'sync' | 'requestedAction' | 'choices'): boolean => after.control[name] !== before.control[name] && after.control[name] !== null;
  return asksAnew('sync') || asksAnew('requestedAction') || asksAnew('choices') || others.some((field) => !sameValue(was[field], is[field]));
}

/** The CRM said a definite no: the group waits until its values change, and the reason is shown. */
async function refuse(run: Run, round: Round, values: Values, reasons: Refusal['reasons']): Promise<Round> {
  const { pair, planned } = round;
  const groups = [...new Set((Object.keys(values) as FieldKey[]).map((field) => ruleOf(field).group))];
  const refused = groups.map((group) => {
    const mine = reasons.filter((each) => !each.field || ruleOf(each.field).group === group);
    const hash = refusalHash(pair.link, pair.partner!, groupValues(group, pair.crm, pair.partner!, 'partner'));
    return [`crm:${group}`, refusalOf(hash, 'crm', mine.length > 0 ? mine : [reason('field-refused', Object.keys(values)[0] as FieldKey, { system: run.crm.displayName, message: '' })])] as const;
  });
  const link = await remember(run, { ...pair.link, refused: { ...pair.link.refused, ...Object.fromEntries(refused) }, planned: pair.link.planned.filter((each) => each.id !== planned.id) });
  return { ...round, pair: { ...pair, link }, planned: { ...planned, toCrm: {}, lines: { ...planned.lines, crm: [] } }, found: [...round.found, ...refused.flatMap(([, each]) => each.reasons)] };
}

/** Somebody edited the record: their edit is planned afresh. */
async function readAgain(run: Run, pair: Pair, planId: string): Promise<CrmEnd> {
  run.deps.count('stale');
  const read = await run.crm.read(run.ref, run.signal);
  if (read.type === 'gone') return gone(run, pair);
  if (!read.snapshot.control.sync) return { type: 'end', outcome: { type: 'later', afterMs: 0, why: 'the flag was switched off' } };
  return { type: 'again', pair: { ...pair, crm: read.snapshot, link: { ...pair.link, crm: read.snapshot, planned: pair.link.planned.filter((each) => each.id !== planId) }, fresh: { ...pair.fresh, crm: true } } };
}

const gone = async (run: Run, pair: Pair): Promise<CrmEnd> => ({ type: 'end', outcome: await finish(run, { link: { ...movePhase(pair.link, 'crmGone'), planned: [] } }) });
