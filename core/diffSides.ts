// Which side moved, each against its own half of what was agreed. Halves are never compared across sides.
import { canonical, sameValue, type CanonicalContext } from './canonical/cell';
import { sayTheSame } from './canonical/text';
import { ruleOf, type FieldKey } from './fields';
import type { Agreed } from './link';
import type { Cell, Cells, Json } from './snapshot';

export interface FieldDiff {
  readonly field: FieldKey;
  readonly crm: Json;
  readonly partner: Json;
  readonly crmMoved: boolean;
  readonly partnerMoved: boolean;
  /** Never agreed: a take-over, or a field that only now can be read. */
  readonly first: boolean;
  /** A side that may not be read: nothing is decided about the field. */
  readonly unreadable: boolean;
  readonly crmCell: Cell | undefined;
}

/** Compares one field; both snapshots as last read. */
export function diffField(field: FieldKey, crmCells: Cells, partnerCells: Cells, agreed: Agreed, context: CanonicalContext): FieldDiff {
  const crm = canonical(field, crmCells, context);
  const partner = canonical(field, partnerCells, context);
  const half = agreed[field];
  const unreadable = crm === undefined || partner === undefined;
  return {
    field,
    crm: crm ?? null,
    partner: partner ?? null,
    crmMoved: !unreadable && half !== undefined && !sameValue(crm, half.crm),
    partnerMoved: !unreadable && half !== undefined && !sameValue(partner, half.partner),
    first: !unreadable && half === undefined,
    unreadable,
    crmCell: crmCells[field],
  };
}

/** Whether two sides say the same after conversion: asked only when both moved, or when they meet for the first time. */
export function agree(field: FieldKey, crm: Json, partner: Json): boolean {
  if (sameValue(crm, partner)) return true;
  if (ruleOf(field).kind === 'text' && typeof crm === 'string' && typeof partner === 'string') return sayTheSame(crm, partner);
  return field === 'status' && isLostLike(crm) && isLostLike(partner);
}

/** A CRM knows won and lost only; declined, expired and error are lost there. */
const isLostLike = (status: Json): boolean => status === 'Lost' || status === 'Declined' || status === 'Expired' || status === 'Error';
