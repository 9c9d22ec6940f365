// What travels from the CRM to Partner Center only: the customer's contact until help is asked, the team, the sales stage.
import { changeText } from './audit';
import { member, sameValue, valueOf } from './canonical/cell';
import { canonicalSet } from './canonical/set';
import { diffField, type FieldDiff } from './diffSides';
import { isTerminal, outwardFields } from './fields';
import { isAsked } from './frozen';
import type { Agreed, Link, Refusal } from './link';
import { standingRefusals } from './refusals';
import type { CrmSnapshot, Json, PartnerSnapshot } from './snapshot';

export interface OutwardPlan {
  readonly toPartner: Readonly<Record<string, Json>>;
  /** With what is settled without a write: the CRM is never told, and what Partner Center made of a value is its own. */
  readonly agreed: Agreed;
  readonly refused: Readonly<Record<string, Refusal>>;
  /** Audit texts, by the side that changed. */
  readonly lines: readonly { readonly from: 'crm' | 'partner'; readonly text: string; readonly when: 'partner' | 'now' }[];
}

/** Plans a linked record's outward fields. A change is sent; one that cannot be (closed referral, nobody to be reached, empty) is settled in silence. */
export function planOutward(link: Link, crm: CrmSnapshot, partner: PartnerSnapshot, before: Agreed): OutwardPlan {
  let agreed = before;
  const toPartner: Record<string, Json> = {};
  const refused: Record<string, Refusal> = {};
  const lines: OutwardPlan['lines'][number][] = [];
  for (const field of outwardFields) {
    if (field === 'customer.contact' && isAsked(link)) continue;
    const diff = diffField(field, crm.cells, partner.cells, agreed, { moneyScale: crm.moneyScale });
    if (diff.unreadable || (!diff.first && !diff.crmMoved && !diff.partnerMoved)) continue;
    const half = agreed[field];
    if (half && diff.partnerMoved) lines.push({ from: 'partner', text: changeText(field, half.partner, diff.partner, crm.secured), when: 'now' });
    const wanted = half && diff.crmMoved && !isTerminal(valueOf(partner.cells.status)) ? wantedOf(diff, half.crm) : null;
    if (wanted === null || sameValue(wanted, diff.partner)) {
      agreed = { ...agreed, [field]: { crm: diff.crm, partner: diff.partner } };
      continue;
    }
    // Its own half stays: what is not sent now, or never arrives, is still a change. Theirs is taken as it is.
    agreed = { ...agreed, [field]: { crm: half!.crm, partner: diff.partner } };
    const standing = standingRefusals(link, partner, { group: field, diffs: [diff], resolution: { type: 'toPartner', lost: false, chosen: false } });
    Object.assign(refused, standing);
    if (Object.keys(standing).length > 0) continue;
    toPartner[field] = wanted;
    lines.push({ from: 'crm', text: changeText(field, diff.partner, wanted, crm.secured), when: 'partner' });
  }
  return { toPartner, agreed, refused, lines };
}

/** The value to send; `null` when there is none. Who left the team here stays in it there: Partner Center's own people are nobody's to remove. */
function wantedOf({ field, crm, partner }: FieldDiff, agreedHere: Json): Json {
  if (field === 'customer.contact') return member(crm, 'email') === null ? null : crm;
  if (field !== 'team') return crm;
  const added = texts(crm).filter((each) => !texts(agreedHere).includes(each));
  return added.length > 0 ? canonicalSet([...texts(partner), ...added]) : null;
}

const texts = (value: Json): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);
