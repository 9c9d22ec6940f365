// What an open plan turned out to be: both sides were read again, so each planned value either arrived, may still arrive, or never will.
import { canonical, sameValue, type CanonicalContext } from './canonical/cell';
import { agree } from './diffSides';
import { ruleOf, type FieldKey } from './fields';
import type { Agreed, Halves, Planned } from './link';
import type { Cells, Json } from './snapshot';

export interface Settled {
  readonly agreed: Agreed;
  /** What may still arrive late. */
  readonly open: readonly Planned[];
  /** Plans of which something arrived, and what: the audit entries about it are true now. */
  readonly arrived: readonly { readonly plan: Planned; readonly partner: readonly FieldKey[]; readonly crm: readonly FieldKey[] }[];
}

/** A side as read now. `shown.lastSyncedOn`, where given, tells which plan's write the CRM took last, whatever was typed since. */
interface SideNow {
  readonly version: string;
  readonly cells: Cells;
  readonly shown?: { readonly lastSyncedOn: string | null };
}

/**
 * Settles open plans against freshly read sides.
 * A side that shows a planned group whole settles with the *other* side's value of planning time, so that a later edit there is a new change and never a conflict.
 * A side that still shows the version the write carried may yet take it; any other version refuses it (412), so the plan is forgotten.
 */
export function settlePlanned(planned: readonly Planned[], agreed: Agreed, crm: SideNow, partner: SideNow, context: CanonicalContext): Settled {
  const atPartner = settleSide('partner', planned, agreed, partner, context);
  const atCrm = settleSide('crm', planned, atPartner.agreed, crm, context);
  const isLate = (plan: Planned): boolean => {
    const partnerLate = Object.keys(plan.toPartner).length > 0 && !atPartner.hits.has(plan) && plan.expects.partner === partner.version;
    return partnerLate || (Object.keys(plan.toCrm).length > 0 && !atCrm.hits.has(plan) && plan.expects.crm === crm.version);
  };
  const arrived = planned.map((plan) => ({ plan, partner: atPartner.hits.get(plan) ?? [], crm: atCrm.hits.get(plan) ?? [] })).filter((each) => each.partner.length > 0 || each.crm.length > 0);
  return { agreed: atCrm.agreed, open: planned.filter(isLate), arrived };
}

type SideName = 'crm' | 'partner';

interface Seen {
  readonly plan: Planned;
  readonly groups: readonly (readonly FieldKey[])[];
  readonly isWhole: boolean;
}

/** Of several requests the one that is there whole is told first, the newest before the older: only one of them can have arrived. */
function settleSide(side: SideName, planned: readonly Planned[], agreed: Agreed, now: SideNow, context: CanonicalContext): { readonly agreed: Agreed; readonly hits: ReadonlyMap<Planned, readonly FieldKey[]> } {
  const seen = [...planned].reverse().map((plan) => seenOf(side, plan, now, context)).sort((a, b) => Number(b.isWhole) - Number(a.isWhole));
  const hits = new Map<Planned, readonly FieldKey[]>();
  const merged = new Set<FieldKey>();
  let halves = agreed;
  for (const { plan, groups } of seen) {
    for (const group of groups) {
      const settled = Object.fromEntries(group.map((field) => [field, halvesOf(side, plan, field, now, context)])) as Agreed;
      // What an answer or a newer request settled already did not arrive a second time.
      if (group.every((field) => merged.has(field) || (halves[field] !== undefined && sameValue(halves[field]?.[side], settled[field]?.[side])))) continue;
      // A merged set is written to both sides: it arrived, but what it means is found by comparing both afresh.
      if (group.some((field) => field in plan.toPartner && field in plan.toCrm)) group.forEach((field) => merged.add(field));
      else halves = { ...halves, ...settled };
      hits.set(plan, [...(hits.get(plan) ?? []), ...group]);
    }
  }
  return { agreed: halves, hits };
}

/** The groups of a plan that a side shows; one equal field of a group proves nothing, since groups are sent whole. */
function seenOf(side: SideName, plan: Planned, now: SideNow, context: CanonicalContext): Seen {
  const mine = side === 'partner' ? plan.toPartner : plan.toCrm;
  const fields = Object.keys(mine) as FieldKey[];
  const groups = [...new Set(fields.map((field) => ruleOf(field).group))].map((group) => fields.filter((field) => ruleOf(field).group === group));
  const shown = groups.filter((group) => isTaken(plan, now) || group.every((field) => shows(side, field, mine[field] ?? null, now, context)));
  return { plan, groups: shown.filter((group) => group.every((field) => canonical(field, now.cells, context) !== undefined)), isWhole: shown.length === groups.length };
}

const isTaken = (plan: Planned, now: SideNow): boolean => !!now.shown?.lastSyncedOn && Date.parse(now.shown.lastSyncedOn) === Date.parse(plan.lastSyncedOn);

function shows(side: SideName, field: FieldKey, wanted: Json, now: SideNow, context: CanonicalContext): boolean {
  const value = canonical(field, now.cells, context);
  if (value === undefined) return false;
  return side === 'crm' ? agree(field, value, wanted) : agree(field, wanted, value);
}

function halvesOf(side: SideName, plan: Planned, field: FieldKey, now: SideNow, context: CanonicalContext): Halves {
  const wanted = (side === 'partner' ? plan.toPartner : plan.toCrm)[field] ?? null;
  const mine = shows(side, field, wanted, now, context) ? (canonical(field, now.cells, context) ?? null) : wanted;
  return side === 'partner' ? { crm: plan.halves[field]?.crm ?? null, partner: mine } : { crm: mine, partner: plan.halves[field]?.partner ?? null };
}
