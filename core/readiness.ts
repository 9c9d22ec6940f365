// What Partner Center will refuse, as reasons that a seller understands, before it is asked.
import { canonical, member, valueOf, type CanonicalContext } from './canonical/cell';
import type { StandardFieldKey } from './fields';
import type { Cells, CrmSnapshot, Json } from './snapshot';
import { reason, type Reason } from './status';

/** Private: nobody at Microsoft sees it. Partner-led: Microsoft's sellers do. Co-sell: Microsoft is asked for help. */
export type DealKind = 'private' | 'partnerLed' | 'coSell';

export const MAX_SOLUTIONS = 50;

/** The kind of deal that help and visibility ask for; `undefined` when they contradict each other. */
export function dealKind(help: Json, visibility: Json): DealKind | undefined {
  if (help !== null) return visibility === 'private' ? undefined : 'coSell';
  return visibility === 'visible' ? 'partnerLed' : 'private';
}

/**
 * Judges a create.
 * @param today `YYYY-MM-DD` in Partner Center's time zone
 * @param system Partner Center's name as people say it
 * @returns nothing when the deal can be sent, else every reason at once, most fixable first
 */
export function readiness(crm: CrmSnapshot, today: string, system: string): Reason[] {
  const context = { moneyScale: crm.moneyScale };
  const read = (field: StandardFieldKey): Json => canonical(field, crm.cells, context) ?? null;
  const reasons: Reason[] = [...unreadable(crm.cells)];
  const readable = (field: StandardFieldKey): boolean => !isHidden(crm.cells, field);
  if (readable('name') && read('name') === null) reasons.push(reason('name-missing', 'name'));
  if (readable('solutions')) reasons.push(...solutionReasons(read('solutions')));
  if (readable('dealValue') && read('dealValue') === null) reasons.push(reason('deal-value-missing', 'dealValue'));
  // A CRM may give a deal its currency with its amount.
  else if (readable('currency') && read('currency') === null) reasons.push(reason('currency-unknown', 'currency', { system, code: '–' }));
  if (readable('closingDate')) reasons.push(...closingDateReasons(read('closingDate'), today));
  reasons.push(...customerReasons(crm.cells, context));
  if (dealKind(read('help'), read('visibility')) === undefined) reasons.push(reason('help-needs-visibility', 'visibility'));
  if (read('help') !== null) reasons.push(...contactReasons(crm.cells));
  return reasons;
}

/** A contact whom Microsoft can reach: first, last name, e-mail and phone are demanded when it is asked (bulk-operations). */
export function contactReasons(cells: Cells): Reason[] {
  if (isHidden(cells, 'customer.contact')) return [reason('field-unreadable', 'customer.contact')];
  const contact = valueOf(cells['customer.contact']);
  const isReachable = ['firstName', 'lastName', 'email', 'phone'].every((name) => !!String(member(contact, name) ?? '').trim());
  return isReachable ? [] : [reason('contact-missing', 'customer.contact')];
}

/** Products of a create or of a change: at least one, at most 50 (bulk-operations). */
export function solutionReasons(solutions: Json): Reason[] {
  const count = Array.isArray(solutions) ? solutions.length : 0;
  if (count === 0) return [reason('solution-missing', 'solutions')];
  return count > MAX_SOLUTIONS ? [reason('solutions-too-many', 'solutions', { n: count })] : [];
}

export function closingDateReasons(date: Json, today: string): Reason[] {
  if (typeof date !== 'string') return [reason('closing-date-missing', 'closingDate')];
  return date < today ? [reason('closing-date-past', 'closingDate')] : [];
}

function customerReasons(cells: Cells, context: CanonicalContext): Reason[] {
  if (canonical('customer.name', cells, context) === null) return [reason('customer-missing', 'customer.name')];
  const reasons: Reason[] = [];
  const country = valueOf(cells['customer.country']);
  const written = member(country, 'text');
  if (!isHidden(cells, 'customer.country') && member(country, 'code') === null) {
    reasons.push(typeof written === 'string' && written.trim() ? reason('customer-country-unknown', 'customer.country', { value: written.trim() }) : reason('customer-country-missing', 'customer.country'));
  }
  const address = canonical('customer.address', cells, context) ?? null;
  const isComplete = member(address, 'line1') !== null && member(address, 'city') !== null;
  if (!isHidden(cells, 'customer.address') && !isComplete) reasons.push(reason('customer-address-missing', 'customer.address'));
  return reasons;
}

/** A value that may not be read is not missing. */
const isHidden = (cells: Cells, field: StandardFieldKey): boolean => cells[field]?.kind === 'unreadable';

const needed: readonly StandardFieldKey[] = ['name', 'solutions', 'dealValue', 'currency', 'closingDate', 'customer.name', 'customer.country', 'customer.address', 'help', 'visibility'];

const unreadable = (cells: Cells): Reason[] => needed.filter((field) => isHidden(cells, field)).map((field) => reason('field-unreadable', field));

/** Everything that a new referral carries: canonical where values are compared later, whole where Partner Center wants details. */
export function createValues(crm: CrmSnapshot): Readonly<Partial<Record<StandardFieldKey, Json>>> {
  const context = { moneyScale: crm.moneyScale };
  const whole: readonly StandardFieldKey[] = ['customer.country', 'customer.address', 'customer.contact', 'team'];
  const compared: readonly StandardFieldKey[] = ['name', 'dealValue', 'currency', 'closingDate', 'notes', 'salesStage', 'customer.name', 'solutions', 'help', 'notesToMicrosoft', 'visibility', 'externalReferenceId'];
  return Object.fromEntries([
    ...whole.map((field) => [field, valueOf(crm.cells[field])] as const),
    ...compared.map((field) => [field, canonical(field, crm.cells, context) ?? null] as const),
  ]);
}
