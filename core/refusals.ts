// What a side said no to: named by its values, remembered, and tried again when something about it changes.
import { canonical, stable } from './canonical/cell';
import { agree } from './diffSides';
import { outwardFields, ruleOf, syncedGroups } from './fields';
import type { Link, Refusal } from './link';
import type { GroupDecision } from './resolve';
import type { CrmSnapshot, Json, PartnerSnapshot } from './snapshot';

/** Names what was refused: the values of the group on the side they come from, the mapping, the referral's status. */
export const refusalHash = (link: Link, partner: PartnerSnapshot, values: Record<string, Json>): string =>
  stable({ values, mapping: link.mappingVersion, status: `${partner.status}/${partner.substatus}` });

/** Canonical values of a group on one side, for `refusalHash`. */
export function groupValues(group: string, crm: CrmSnapshot, partner: PartnerSnapshot, from: 'crm' | 'partner'): Record<string, Json> {
  const fields = [...syncedGroups, ...outwardFields.map((field) => [field])].find((each) => ruleOf(each[0]!).group === group) ?? [];
  const cells = from === 'crm' ? crm.cells : partner.cells;
  const mapped = fields.filter((field) => crm.cells[field] !== undefined && partner.cells[field] !== undefined);
  return Object.fromEntries(mapped.map((field) => [field, canonical(field, cells, { moneyScale: crm.moneyScale }) ?? null]));
}

/** A group's canonical values on one side, as they were just compared. */
export const pick = (decision: GroupDecision, from: 'crm' | 'partner'): Record<string, Json> => Object.fromEntries(decision.diffs.map((diff) => [diff.field, diff[from]]));

/** Refusals of a group that still stand: while its values, the mapping and the referral's status are what they were. */
export function standingRefusals(link: Link, partner: PartnerSnapshot, decision: GroupDecision): Record<string, Refusal> {
  const keys = [`partner:${decision.group}`, `crm:${decision.group}`];
  const found = keys.flatMap((key) => (link.refused[key] ? [[key, link.refused[key]] as const] : []));
  return Object.fromEntries(found.filter(([, refusal]) => isUnchanged(link, partner, decision, refusal) || isStillOther(decision, refusal)));
}

const isUnchanged = (link: Link, partner: PartnerSnapshot, decision: GroupDecision, refusal: Refusal): boolean =>
  refusal.hash === refusalHash(link, partner, pick(decision, refusal.side === 'partner' ? 'crm' : 'partner'));

/** A value that read back as another one is settled, so nothing is tried again: its reason stands as long as both sides rest and differ. */
const isStillOther = (decision: GroupDecision, refusal: Refusal): boolean =>
  decision.resolution.type === 'quiet' && refusal.reasons.every((each) => each.code === 'value-not-taken') && !decision.diffs.every((diff) => agree(diff.field, diff.crm, diff.partner));
