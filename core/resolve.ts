// One group of fields, decided whole: who moved, who owns it, and what is then to be written where.
import { agree, diffField, type FieldDiff } from './diffSides';
import { canonicalSet, mergeSets } from './canonical/set';
import { isTerminal, ruleOf, type FieldKey } from './fields';
import type { CanonicalContext } from './canonical/cell';
import type { Agreed, Conflict } from './link';
import type { CrmSnapshot, Json, PartnerSnapshot } from './snapshot';
import { judgeGroup, shownValue, type Choice } from './choices';

export type Resolution =
  | { readonly type: 'quiet' }
  /** Both say the same: remember it, write nothing. */
  | { readonly type: 'settle' }
  | { readonly type: 'toPartner'; readonly lost: boolean; readonly chosen: boolean }
  | { readonly type: 'toCrm'; readonly lost: boolean; readonly chosen: boolean }
  /** What each side should hold: its own set with what the other side added and removed. */
  | { readonly type: 'merge'; readonly toPartner: readonly string[]; readonly toCrm: readonly string[] }
  | { readonly type: 'conflict'; readonly conflicts: readonly Conflict[]; readonly choice: 'none' | 'stale' | 'unreadable' }
  | { readonly type: 'unreadable'; readonly fields: readonly FieldKey[] };

export interface GroupDecision {
  readonly group: string;
  readonly diffs: readonly FieldDiff[];
  readonly resolution: Resolution;
}

/** Decides one group from both sides as last read and what was agreed. */
export function resolveGroup(
  fields: readonly FieldKey[],
  crm: CrmSnapshot,
  partner: PartnerSnapshot,
  agreed: Agreed,
  choices: readonly Choice[],
  context: CanonicalContext,
): GroupDecision {
  const mapped = fields.filter((field) => crm.cells[field] !== undefined && partner.cells[field] !== undefined);
  const diffs = mapped.map((field) => diffField(field, crm.cells, partner.cells, agreed, context));
  const group = ruleOf(fields[0]!).group;
  return { group, diffs, resolution: diffs.length === 0 ? { type: 'quiet' } : decide(group, diffs, crm, partner, agreed, choices) };
}

function decide(group: string, diffs: readonly FieldDiff[], crm: CrmSnapshot, partner: PartnerSnapshot, agreed: Agreed, choices: readonly Choice[]): Resolution {
  const hidden = diffs.filter((diff) => diff.unreadable).map((diff) => diff.field);
  if (hidden.length > 0) return { type: 'unreadable', fields: hidden };
  const crmMoved = diffs.some((diff) => diff.crmMoved);
  const partnerMoved = diffs.some((diff) => diff.partnerMoved);
  const first = diffs.some((diff) => diff.first);
  if (!crmMoved && !partnerMoved && !first) return { type: 'quiet' };
  const owner = ruleOf(diffs[0]!.field).owner;
  if (owner === 'merge') return mergeGroup(diffs[0]!, agreed);
  if (diffs.every((diff) => agree(diff.field, diff.crm, diff.partner))) return { type: 'settle' };
  if (diffs.some((diff) => diff.first && !agree(diff.field, diff.crm, diff.partner))) return takeOver(group, diffs, crm, partner, agreed, choices);
  // Fields that only now can be read say the same already; the others of the group did not move.
  if (!crmMoved && !partnerMoved) return { type: 'settle' };
  if (!partnerMoved) return { type: 'toPartner', lost: false, chosen: false };
  if (!crmMoved) return { type: 'toCrm', lost: false, chosen: false };
  if (owner === 'crm') return { type: 'toPartner', lost: true, chosen: false };
  if (owner === 'partner' && diffs.some((diff) => diff.field === 'status' && isTerminal(diff.partner))) return { type: 'toCrm', lost: true, chosen: false };
  return conflict(group, diffs, crm, partner, agreed, choices);
}

/** Each side's changes are counted from its own half, so a value that the other side did not take is neither repeated nor taken for a removal. */
function mergeGroup(diff: FieldDiff, agreed: Agreed): Resolution {
  const base = agreed[diff.field];
  const [crm, partner] = [texts(diff.crm), texts(diff.partner)];
  const toPartner = mergeSets(texts(base?.crm ?? null), crm, partner);
  const toCrm = mergeSets(texts(base?.partner ?? null), crm, partner);
  return same(toPartner, partner) && same(toCrm, crm) ? { type: 'settle' } : { type: 'merge', toPartner, toCrm };
}

/** Both meet for the first time and differ: an empty side takes the other's value, else a person decides. */
function takeOver(group: string, diffs: readonly FieldDiff[], crm: CrmSnapshot, partner: PartnerSnapshot, agreed: Agreed, choices: readonly Choice[]): Resolution {
  if (diffs.every((diff) => diff.partner === null)) return { type: 'toPartner', lost: false, chosen: false };
  if (diffs.every((diff) => diff.crm === null)) return { type: 'toCrm', lost: false, chosen: false };
  if (group === 'money' && diffs.some((diff) => diff.field === 'dealValue' && diff.crm === null)) return { type: 'toCrm', lost: false, chosen: false };
  if (group === 'status' && diffs.some((diff) => isTerminal(diff.partner))) return { type: 'toCrm', lost: false, chosen: false };
  return conflict(group, diffs, crm, partner, agreed, choices);
}

function conflict(group: string, diffs: readonly FieldDiff[], crm: CrmSnapshot, partner: PartnerSnapshot, agreed: Agreed, choices: readonly Choice[]): Resolution {
  const conflicts = diffs.filter((diff) => !agree(diff.field, diff.crm, diff.partner)).map((diff): Conflict => ({
    field: diff.field,
    group,
    agreed: shownValue(diff.field, agreed[diff.field]?.crm ?? null),
    crm: shownValue(diff.field, diff.crm),
    partner: shownValue(diff.field, diff.partner),
    crmOn: crm.modifiedOn,
    partnerOn: partner.updatedOn,
  }));
  const verdict = judgeGroup(conflicts, choices);
  if (verdict.type === 'keep') return { type: verdict.side === 'crm' ? 'toPartner' : 'toCrm', lost: true, chosen: true };
  return { type: 'conflict', conflicts, choice: verdict.type };
}

const texts = (value: Json): string[] => (Array.isArray(value) ? canonicalSet(value.filter((each): each is string => typeof each === 'string')) : []);

const same = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b);
