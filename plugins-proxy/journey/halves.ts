// Halves: both sides' canonical values, to be remembered as agreed.
import { agree, canonical, sameValue, standardFieldKeys, reason, refusalHash, groupValues, isOutward, ruleOf, type Agreed, type CrmSnapshot, type FieldKey, type Link, type PartnerSnapshot, type Refusal, type Values } from '../../core/index';

/** Canonical values of all readable fields of one side. @param moneyScale of the CRM's amount column */
export function canonicalValues(cells: CrmSnapshot['cells'], moneyScale: CrmSnapshot['moneyScale']): Values {
  const entries = standardFieldKeys.map((field) => [field, canonical(field, cells, { moneyScale })] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Values;
}

/** Halves from what one side had when it was sent and what the other answered, for every field that both know. */
export function halvesOf(crm: Values, partner: Values): Agreed {
  const fields = Object.keys(crm).filter((field) => field in partner) as FieldKey[];
  return Object.fromEntries(fields.map((field) => [field, { crm: crm[field] ?? null, partner: partner[field] ?? null }]));
}

/**
 * Values that the written side reads back as other ones. Texts may be tidied, people and stages too; a money, date, set or status value may not:
 * it is remembered as refused, so that it is not repeated.
 * @param sent what was written and not passed by: of a value that somebody wrote since, nobody knows whether ours was taken
 */
export function notTaken(link: Link, crm: CrmSnapshot, partner: PartnerSnapshot, sent: Values, written: 'crm' | 'partner', system: string): Record<string, Refusal> {
  const cells = written === 'crm' ? crm.cells : partner.cells;
  const refusals: Record<string, Refusal> = {};
  for (const [key, value] of Object.entries(sent)) {
    const field = key as FieldKey;
    const rule = ruleOf(field);
    const travels = (written === 'partner' ? rule.toPartner : rule.toCrm) === 'update';
    if (!travels || rule.kind === 'text' || field === 'status' || isOutward(field)) continue;
    const now = canonical(field, cells, { moneyScale: crm.moneyScale });
    if (now === undefined || sameValue(now, value)) continue;
    const hash = refusalHash(link, partner, groupValues(rule.group, crm, partner, written === 'crm' ? 'partner' : 'crm'));
    refusals[`${written}:${rule.group}`] = { hash, side: written, reasons: [reason('value-not-taken', field, { system })] };
  }
  return refusals;
}

/**
 * What the written side holds of the fields that were sent, for their halves. A read after the write may show what somebody wrote since: then what we
 * sent is our half, so that the other value counts as a change of that side. A value that reads back as it was before was not taken, or is one's wish to
 * have it back; it stands as it is read, and `notTaken` tells.
 */
export function heldAfter(sent: Values, before: Values, now: Values, readAfter: true | undefined): { readonly held: Values; readonly passedBy: readonly FieldKey[] } {
  const fields = Object.keys(sent) as FieldKey[];
  const passedBy = !readAfter ? [] : fields.filter((field) => !agree(field, now[field] ?? null, sent[field] ?? null) && !sameValue(now[field] ?? null, before[field] ?? null));
  return { held: Object.fromEntries(fields.map((field) => [field, (passedBy.includes(field) ? sent[field] : now[field]) ?? null])) as Values, passedBy };
}

/** What was sent without what somebody else wrote over since. */
export const withoutFields = (sent: Values, fields: readonly FieldKey[]): Values => Object.fromEntries(Object.entries(sent).filter(([field]) => !fields.includes(field as FieldKey))) as Values;
