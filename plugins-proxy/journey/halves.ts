// Halves: both sides' canonical values, to be remembered as agreed.
import { canonical, sameValue, standardFieldKeys, reason, refusalHash, groupValues, isOutward, ruleOf, type Agreed, type CrmSnapshot, type FieldKey, type Link, type PartnerSnapshot, type Refusal, type Values } from '../../core/index';

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
