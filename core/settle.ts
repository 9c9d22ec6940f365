// What an open plan turned out to be: both sides were read again, so each planned value either arrived, may still arrive, or never will.
import { canonical, type CanonicalContext } from './canonical/cell';
import { agree } from './diffSides';
import type { FieldKey } from './fields';
import type { Agreed, Halves, Planned, Values } from './link';
import type { Cells, Json } from './snapshot';

export interface Settled {
  readonly agreed: Agreed;
  /** What may still arrive late. */
  readonly open: readonly Planned[];
  /** Plans of which something arrived; their audit entries are true now. */
  readonly arrived: readonly { readonly plan: Planned; readonly partner: boolean; readonly crm: boolean }[];
}

/**
 * Settles open plans against freshly read sides.
 * A side that shows the planned value settles with the *other* side's value of planning time, so that a later edit there is a new change and never a conflict.
 * A side that still shows the version the write carried may yet take it; any other version refuses it (412), so the plan is forgotten.
 */
export function settlePlanned(
  planned: readonly Planned[],
  agreed: Agreed,
  crm: { readonly version: string; readonly cells: Cells },
  partner: { readonly version: string; readonly cells: Cells },
  context: CanonicalContext,
): Settled {
  let now = agreed;
  const open: Planned[] = [];
  const arrived: { plan: Planned; partner: boolean; crm: boolean }[] = [];
  for (const plan of planned) {
    // A merged set is written to both sides: it is settled by comparing them afresh.
    const onlyPartner = without(plan.toPartner, plan.toCrm);
    const onlyCrm = without(plan.toCrm, plan.toPartner);
    const atPartner = settleSide(onlyPartner, partner.cells, context, (field, value) => ({ crm: plan.halves[field]?.crm ?? null, partner: value }), now, 'partner');
    const atCrm = settleSide(onlyCrm, crm.cells, context, (field, value) => ({ crm: value, partner: plan.halves[field]?.partner ?? null }), atPartner.agreed, 'crm');
    now = atCrm.agreed;
    if (atPartner.hit || atCrm.hit) arrived.push({ plan, partner: atPartner.hit, crm: atCrm.hit });
    const partnerLate = Object.keys(plan.toPartner).length > 0 && !atPartner.hit && plan.expects.partner === partner.version;
    const crmLate = Object.keys(plan.toCrm).length > 0 && !atCrm.hit && plan.expects.crm === crm.version;
    if (partnerLate || crmLate) open.push(plan);
  }
  return { agreed: now, open, arrived };
}

const without = (values: Values, others: Values): Values => Object.fromEntries(Object.entries(values).filter(([field]) => !(field in others))) as Values;

function settleSide(
  values: Values,
  cells: Cells,
  context: CanonicalContext,
  halves: (field: FieldKey, value: Json) => Halves,
  agreed: Agreed,
  sideName: 'crm' | 'partner',
): { readonly agreed: Agreed; readonly hit: boolean } {
  let now = agreed;
  let hit = false;
  for (const [key, wanted] of Object.entries(values)) {
    const field = key as FieldKey;
    const value = canonical(field, cells, context);
    if (value === undefined || wanted === undefined) continue;
    const arrivedHere = sideName === 'crm' ? agree(field, value, wanted) : agree(field, wanted, value);
    if (!arrivedHere) continue;
    now = { ...now, [field]: halves(field, value) };
    hit = true;
  }
  return { agreed: now, hit };
}
