// What stays as it was when shared: changes are explained to the seller or only noted; visibility opens and help may be asked later.
import { canonical, valueOf } from './canonical/cell';
import { changeText } from './audit';
import { agree, diffField } from './diffSides';
import { frozenFields, ruleOf, type FieldKey, type StandardFieldKey } from './fields';
import type { Agreed, Link } from './link';
import { contactReasons } from './readiness';
import type { CrmSnapshot, Json, PartnerSnapshot } from './snapshot';
import { reason, type Reason } from './status';

export interface FrozenDecision {
  readonly agreed: Agreed;
  readonly reasons: readonly Reason[];
  /** Audit texts of what was noted, by the side that changed. */
  readonly noted: readonly { readonly side: 'crm' | 'partner'; readonly text: string }[];
  /** The deal becomes visible to Microsoft's sellers. */
  readonly open: boolean;
  /** Microsoft is asked now. */
  readonly askHelp: boolean;
}

/** Judges the fixed fields of a linked record. */
export function judgeFrozen(link: Link, crm: CrmSnapshot, partner: PartnerSnapshot, agreed: Agreed): FrozenDecision {
  const context = { moneyScale: crm.moneyScale };
  const asked = isAsked(link);
  const upgrade = judgeUpgrade(crm, partner, asked);
  let now: Agreed = agreed;
  const reasons: Reason[] = [...upgrade.reasons];
  const noted: { side: 'crm' | 'partner'; text: string }[] = [];
  for (const field of frozenFields) {
    // Until help is asked the contact is an update: outward.ts.
    if (field === 'customer.contact' && !asked) continue;
    const diff = diffField(field, crm.cells, partner.cells, now, context);
    const halves = { crm: diff.crm, partner: diff.partner };
    if (diff.unreadable || (!diff.first && !diff.crmMoved && !diff.partnerMoved)) continue;
    const half = now[field];
    if (diff.first || !half) {
      now = { ...now, [field]: halves };
      continue;
    }
    if (diff.partnerMoved) noted.push({ side: 'partner', text: changeText(field, half.partner, diff.partner, crm.secured) });
    // Typed here what stands there: an empty visibility of a co-sell deal, a name that the portal gave it.
    if (diff.crmMoved && !upgrade.handled.includes(field) && agree(field, diff.crm, diff.partner)) {
      now = { ...now, [field]: halves };
      continue;
    }
    const explained = diff.crmMoved && isExplained(field, asked, upgrade.handled);
    if (explained) reasons.push(reason('frozen-field-changed', field, toPutBack(field, half.crm, crm.secured)));
    else if (diff.crmMoved && !upgrade.handled.includes(field) && ruleOf(field).frozen === 'noted') noted.push({ side: 'crm', text: changeText(field, half.crm, diff.crm, crm.secured) });
    const keepsCrmHalf = explained || upgrade.handled.includes(field);
    now = { ...now, [field]: { crm: keepsCrmHalf ? half.crm : diff.crm, partner: diff.partner } };
  }
  return { agreed: now, reasons, noted, open: upgrade.open, askHelp: upgrade.askHelp };
}

/** What the seller may put back: the value as shared, an empty text for none. A secured column's value is not printed. */
const toPutBack = (field: FieldKey, shared: Json, secured: readonly FieldKey[]): { readonly shared: string } | undefined =>
  secured.includes(field) || (shared !== null && typeof shared !== 'string') ? undefined : { shared: shared ?? '' };

/** Microsoft was asked for help in this engagement, or is being asked. */
export const isAsked = (link: Link): boolean => link.microsoft !== null || link.attempts.microsoft !== null;

/** Fields that a seller finds locked. */
export function lockedFields(link: Link, partner: PartnerSnapshot): FieldKey[] {
  const visible = valueOf(partner.cells.visibility) === 'visible';
  return ['name', 'customer.name', 'customer.address', 'customer.country', ...(visible ? (['visibility'] as const) : []), ...(isAsked(link) ? (['customer.contact', 'help', 'notesToMicrosoft'] as const) : [])];
}

interface Upgrade {
  readonly open: boolean;
  readonly askHelp: boolean;
  /** Fields whose change is being carried out, or explained otherwise. */
  readonly handled: readonly FieldKey[];
  readonly reasons: readonly Reason[];
}

/** Private to partner-led to co-sell, in this order, never back (connector-dynamics, bulk-operations). Only our own outgoing deals are upgraded. */
function judgeUpgrade(crm: CrmSnapshot, partner: PartnerSnapshot, asked: boolean): Upgrade {
  const context = { moneyScale: crm.moneyScale };
  const help = canonical('help', crm.cells, context) ?? null;
  const visibility = canonical('visibility', crm.cells, context) ?? null;
  const isOpen = valueOf(partner.cells.visibility) === 'visible';
  if (partner.direction !== 'outgoing' || partner.status === 'Closed') return { open: false, askHelp: false, handled: [], reasons: [] };
  if (!asked && help !== null) return judgeAsking(crm, visibility, isOpen);
  const open = visibility === 'visible' && !isOpen;
  return { open, askHelp: false, handled: open ? ['visibility'] : [], reasons: [] };
}

/** Nothing is opened or asked before everything that Microsoft needs is there; until then only the reason stands, not a second one for the fields that wait. */
function judgeAsking(crm: CrmSnapshot, visibility: Json, isOpen: boolean): Upgrade {
  const held = (reasons: readonly Reason[], handled: readonly FieldKey[]): Upgrade => ({ open: false, askHelp: false, handled, reasons });
  if (visibility === 'private') return held([reason('help-needs-visibility', 'visibility')], ['help']);
  if (crm.cells.visibility?.kind === 'unreadable') return held([reason('field-unreadable', 'visibility')], ['help']);
  const fields: readonly FieldKey[] = ['help', 'visibility', 'notesToMicrosoft'];
  const missing = contactReasons(crm.cells);
  return missing.length > 0 ? held(missing, fields) : { open: !isOpen, askHelp: true, handled: fields, reasons: [] };
}

function isExplained(field: StandardFieldKey, asked: boolean, handled: readonly FieldKey[]): boolean {
  if (handled.includes(field) || ruleOf(field).frozen !== 'explained') return false;
  return field === 'help' || field === 'notesToMicrosoft' ? asked : true;
}
