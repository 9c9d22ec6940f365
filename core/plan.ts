// Link and both sides in, commands out: the one place where it is decided what is written. Pure: the same input, the same plan.
import { changeText, notKeptText } from './audit';
import { sameValue, valueOf, type CanonicalContext } from './canonical/cell';
import { parseChoices, type Choice } from './choices';
import { agree } from './diffSides';
import { isTerminal, ruleOf, syncedGroups, type FieldKey } from './fields';
import { judgeFrozen } from './frozen';
import type { Agreed, Conflict, Link, Refusal, Values } from './link';
import { planOutward } from './outward';
import { closingDateReasons, solutionReasons } from './readiness';
import { pick, standingRefusals } from './refusals';
import { resolveGroup, type GroupDecision } from './resolve';
import type { CrmSnapshot, Json, PartnerSnapshot } from './snapshot';
import { reason, type Reason } from './status';

export interface PlanInput {
  readonly link: Link;
  readonly crm: CrmSnapshot;
  readonly partner: PartnerSnapshot;
  /** `YYYY-MM-DD` in Partner Center's time zone. */
  readonly today: string;
  readonly names: { readonly crm: string; readonly partner: string };
  readonly limits: { readonly maxLengths: Readonly<Partial<Record<string, number>>>; readonly currencies: Readonly<Record<string, number>> };
}

export interface PlanLine {
  readonly from: 'crm' | 'partner';
  readonly text: string;
  /** What makes it true: the write to that side, or nothing more. */
  readonly when: 'partner' | 'crm' | 'now';
}

export interface Plan {
  readonly toPartner: Values;
  readonly toCrm: Values;
  /** Halves after what is settled without a write. */
  readonly agreed: Agreed;
  readonly open: boolean;
  readonly askHelp: boolean;
  readonly conflicts: readonly Conflict[];
  readonly reasons: readonly Reason[];
  readonly refused: Readonly<Record<string, Refusal>>;
  readonly lines: readonly PlanLine[];
  /** The column of choices is to be emptied. */
  readonly clearChoices: boolean;
}

interface Draft {
  toPartner: Record<string, Json>;
  toCrm: Record<string, Json>;
  agreed: Agreed;
  conflicts: Conflict[];
  reasons: Reason[];
  refused: Record<string, Refusal>;
  lines: PlanLine[];
  /** A choice waits until what stands in its way is gone. */
  waiting: boolean;
  /** A choice that decided nothing. */
  spent: boolean;
}

/** Plans a linked record. Nothing outside the returned values may be written. */
export function planUpdate(input: PlanInput): Plan {
  const { link, crm, partner } = input;
  const context: CanonicalContext = { moneyScale: crm.moneyScale };
  const choices = crm.control.choices === null ? [] : parseChoices(crm.control.choices);
  const frozen = judgeFrozen(link, crm, partner, link.agreed);
  const draft: Draft = { toPartner: {}, toCrm: {}, agreed: frozen.agreed, conflicts: [], reasons: [...frozen.reasons], refused: {}, lines: frozen.noted.map((note) => ({ from: note.side, text: note.text, when: 'now' })), waiting: false, spent: false };
  for (const fields of syncedGroups) planGroup(input, resolveGroup(fields, crm, partner, draft.agreed, choices ?? [], context), draft, choices);
  const outward = planOutward(link, crm, partner, draft.agreed);
  draft.agreed = outward.agreed;
  Object.assign(draft.toPartner, outward.toPartner);
  Object.assign(draft.refused, outward.refused);
  draft.reasons.push(...Object.values(outward.refused).flatMap((each) => each.reasons));
  draft.lines.push(...outward.lines);
  if (crm.control.choices !== null && choices === undefined) draft.lines.push({ from: 'crm', text: 'Conflict choices could not be read', when: 'now' });
  return {
    toPartner: draft.toPartner as Values,
    toCrm: draft.toCrm as Values,
    agreed: draft.agreed,
    reasons: draft.reasons,
    refused: draft.refused,
    lines: draft.lines,
    open: frozen.open,
    askHelp: frozen.askHelp,
    conflicts: draft.conflicts.map((each) => keepTimes(each, link.conflicts)),
    clearChoices: crm.control.choices !== null && (draft.spent || !draft.waiting),
  };
}

function planGroup(input: PlanInput, decision: GroupDecision, draft: Draft, choices: readonly Choice[] | undefined): void {
  const { resolution, diffs, group } = decision;
  keepRefusals(input, decision, draft);
  switch (resolution.type) {
    case 'quiet':
      sayDifference(input, decision, draft);
      return;
    case 'settle':
      for (const side of ['partner', 'crm']) dropRefusal(`${side}:${group}`, draft);
      sayDifference(input, decision, draft);
      for (const diff of diffs) draft.agreed = { ...draft.agreed, [diff.field]: { crm: diff.crm, partner: diff.partner } };
      return;
    case 'unreadable':
      draft.reasons.push(...resolution.fields.filter((field) => input.crm.cells[field]?.kind === 'unreadable').map((field) => reason('field-unreadable', field)));
      return;
    case 'conflict':
      draft.conflicts.push(...resolution.conflicts);
      if (resolution.choice !== 'none' && choices) {
        const why = resolution.choice === 'stale' ? 'the choice no longer fitted the values' : 'the choices contradicted each other';
        draft.lines.push({ from: 'crm', text: `${ruleOf(diffs[0]!.field).label}: ${why}`, when: 'now' });
        draft.spent = true;
      }
      return;
    case 'merge':
      planMerge(input, group, resolution, decision, draft);
      return;
    case 'toPartner': {
      const way = wayOut(input, group, pick(decision, 'crm'), decision, draft);
      if (way === 'open') sendOut(input, pick(decision, 'crm'), decision, draft);
      if (way === 'open') dropRefusal(`crm:${group}`, draft);
      if (way === 'open' && resolution.lost) addLost(input, decision, 'partner', draft);
      if (way === 'held' && resolution.chosen) draft.waiting = true;
      return;
    }
    case 'toCrm': {
      const way = wayIn(input, group, pick(decision, 'partner'), decision, draft);
      if (way === 'open') writeIn(input, pick(decision, 'partner'), decision, draft);
      if (way === 'open') dropRefusal(`partner:${group}`, draft);
      if (way === 'open' && resolution.lost) addLost(input, decision, 'crm', draft);
      if (way === 'held' && resolution.chosen) draft.waiting = true;
      return;
    }
  }
}

/** A merged set goes both ways or not at all: half of it would be remembered as settled while the other half is missing. */
function planMerge(input: PlanInput, group: string, merged: { readonly toPartner: readonly string[]; readonly toCrm: readonly string[] }, decision: GroupDecision, draft: Draft): void {
  const field = decision.diffs[0]!.field;
  const out = { [field]: merged.toPartner.length > 0 ? [...merged.toPartner] : null };
  const into = { [field]: merged.toCrm.length > 0 ? [...merged.toCrm] : null };
  // Halves that were settled apart stay apart: nobody's change of now can make them equal.
  if (!sameValue(out[field], into[field])) draft.reasons.push(reason('value-not-taken', field, { system: input.names.partner }));
  const outward = wayOut(input, group, out, decision, draft);
  if (outward === 'held') return;
  const inward = wayIn(input, group, into, decision, draft);
  if (inward === 'held') return;
  if (outward === 'open') sendOut(input, out, decision, draft);
  if (inward === 'open') writeIn(input, into, decision, draft);
}

/** Whether values may go to a side: they are there already, something stands in the way, or the way is open. */
type Way = 'there' | 'held' | 'open';

function wayOut(input: PlanInput, group: string, values: Record<string, Json>, decision: GroupDecision, draft: Draft): Way {
  if (sameAs(values, decision, 'partner')) return 'there';
  const why = outboundReasons(input, group, values);
  draft.reasons.push(...why);
  return why.length > 0 || lacking(values, decision) || draft.refused[`partner:${group}`] ? 'held' : 'open';
}

/** Out: to Partner Center. */
function sendOut(input: PlanInput, values: Record<string, Json>, decision: GroupDecision, draft: Draft): void {
  for (const diff of decision.diffs) {
    const value = values[diff.field] ?? null;
    if (sameValue(value, diff.partner)) continue;
    draft.lines.push({ from: 'crm', text: changeText(diff.field, diff.partner, value, input.crm.secured), when: 'partner' });
  }
  Object.assign(draft.toPartner, values);
}

/** The first field without a value that Partner Center cannot be without. */
const lacking = (values: Record<string, Json>, decision: GroupDecision): FieldKey | undefined =>
  decision.diffs.find((diff) => ruleOf(diff.field).required === true && (values[diff.field] ?? null) === null)?.field;

/** A null never clears what Partner Center requires; a closed referral takes nothing. */
function outboundReasons(input: PlanInput, group: string, values: Record<string, Json>): Reason[] {
  const status = valueOf(input.partner.cells.status);
  if (isTerminal(status)) return [reason('referral-terminal', 'status', { status: `${input.partner.status}/${input.partner.substatus}` })];
  if (group === 'money' && (values.dealValue ?? null) === null) return [reason('deal-value-missing', 'dealValue')];
  if (group === 'money' && 'currency' in values && values.currency === null) return [reason('currency-unknown', 'currency', { system: input.names.partner, code: '–' })];
  if (group === 'closingDate') return closingDateReasons(values.closingDate ?? null, input.today);
  if (group === 'solutions') return solutionReasons(values.solutions ?? null);
  return [];
}

function wayIn(input: PlanInput, group: string, values: Record<string, Json>, decision: GroupDecision, draft: Draft): Way {
  if (sameAs(values, decision, 'crm')) return 'there';
  const why = inboundReasons(input, group, values, decision);
  draft.reasons.push(...why);
  return why.length > 0 || draft.refused[`crm:${group}`] ? 'held' : 'open';
}

/** In: to the CRM. */
function writeIn(input: PlanInput, values: Record<string, Json>, decision: GroupDecision, draft: Draft): void {
  for (const diff of decision.diffs) {
    const value = values[diff.field] ?? null;
    if (sameValue(value, diff.crm)) continue;
    draft.lines.push({ from: 'partner', text: changeText(diff.field, diff.crm, value, input.crm.secured), when: 'crm' });
  }
  Object.assign(draft.toCrm, values);
}

/**
 * Text that the CRM cannot hold is never cut; a currency that it lacks, a computed amount and a reopening are never forced. Nor is anything emptied
 * for an answer that lacks what nobody can empty there: both stand, and that they differ is said.
 */
function inboundReasons(input: PlanInput, group: string, values: Record<string, Json>, decision: GroupDecision): Reason[] {
  const system = input.names.crm;
  const missing = lacking(values, decision);
  if (missing) return [reason('value-not-taken', missing, { system: input.names.partner })];
  if (group === 'status' && !isTerminal(values.status)) return [reason('value-not-taken', 'status', { system })];
  if (group === 'money') {
    const code = values.currency;
    if (typeof code === 'string' && input.limits.currencies[code] === undefined) return [reason('currency-unknown', 'currency', { system, code })];
    if (decision.diffs.some((diff) => diff.crmCell?.kind === 'computed' && !sameValue(diff.crm, values[diff.field] ?? null))) return [reason('value-not-taken', 'dealValue', { system })];
  }
  for (const [key, value] of Object.entries(values)) {
    const max = input.limits.maxLengths[key];
    const length = typeof value === 'string' ? value.length : Array.isArray(value) ? value.join(';').length : 0;
    if (max !== undefined && length > max) return [reason('text-too-long', key as FieldKey, { system, max })];
  }
  return [];
}

function keepRefusals(input: PlanInput, decision: GroupDecision, draft: Draft): void {
  const standing = standingRefusals(input.link, input.partner, decision);
  Object.assign(draft.refused, standing);
  draft.reasons.push(...Object.values(standing).flatMap((each) => each.reasons));
}

/** Synced means equal: amounts, dates, products and status that rest and differ are said, whatever brought them apart. Texts may be tidied. */
function sayDifference(input: PlanInput, decision: GroupDecision, draft: Draft): void {
  if (draft.refused[`partner:${decision.group}`] || draft.refused[`crm:${decision.group}`]) return;
  const apart = decision.diffs.find((diff) => ruleOf(diff.field).kind !== 'text' && !agree(diff.field, diff.crm, diff.partner));
  if (apart) draft.reasons.push(reason('value-not-taken', apart.field, { system: input.names.partner }));
}

/** What a side refused is of no account once the other side's value goes over it, or both say the same. */
function dropRefusal(key: string, draft: Draft): void {
  const { [key]: dropped, ...rest } = draft.refused;
  draft.refused = rest;
  draft.reasons = draft.reasons.filter((each) => !dropped?.reasons.includes(each));
}

const sameAs = (values: Record<string, Json>, decision: GroupDecision, side: 'crm' | 'partner'): boolean =>
  decision.diffs.every((diff) => sameValue(values[diff.field] ?? null, diff[side]));

function addLost(input: PlanInput, decision: GroupDecision, side: 'crm' | 'partner', draft: Draft): void {
  for (const diff of decision.diffs) {
    if (sameValue(diff.crm, diff.partner)) continue;
    draft.lines.push({ from: side, text: notKeptText(diff.field, diff[side], input.crm.secured), when: side === 'crm' ? 'crm' : 'partner' });
  }
}

/** The times of a conflict stay while its values do: our own writes move the record's clock. */
function keepTimes(now: Conflict, before: readonly Conflict[]): Conflict {
  const old = before.find((each) => each.field === now.field);
  if (!old) return now;
  return { ...now, crmOn: sameValue(old.crm, now.crm) ? old.crmOn : now.crmOn, partnerOn: sameValue(old.partner, now.partner) ? old.partnerOn : now.partnerOn };
}
