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
 * @returns nothing when the deal can be sent, else every reason at once, most fixable first
 */
export function readiness(crm: CrmSnapshot, today: string): Reason[] {
  const context = { moneyScale: crm.moneyScale };
  const read = (field: StandardFieldKey): Json => canonical(field, crm.cells, context) ?? null;
  const reasons: Reason[] = [...unreadable(crm.cells)];
  const missing = (field: StandardFieldKey): boolean => crm.cells[field]?.kind !== 'unreadable' && read(field) === null;
  if (missing('name')) reasons.push(reason('name-missing', 'name'));
  reasons.push(...solutionReasons(read('solutions')));
  if (missing('dealValue')) reasons.push(reason('deal-value-missing', 'dealValue'));
  reasons.push(...closingDateReasons(read('closingDate'), today));
  reasons.push(...customerReasons(crm.cells, context));
  if (dealKind(read('help'), read('visibility')) === undefined) reasons.push(reason('help-needs-visibility', 'visibility'));
  if (read('help') !== null && !isReachable(valueOf(crm.cells['customer.contact']))) reasons.push(reason('contact-missing', 'customer.contact'));
  return reasons;
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
  if (member(country, 'code') === null) {
    reasons.push(typeof written === 'string' && written.trim() ? reason('customer-country-unknown', 'customer.country', { value: written.trim() }) : reason('customer-country-missing', 'customer.country'));
  }
  const address = canonical('customer.address', cells, context) ?? null;
  if (member(address, 'line1') === null || member(address, 'city') === null) reasons.push(reason('customer-address-missing', 'customer.address'));
  return reasons;
}

/** First, last name, e-mail and phone are demanded of a contact when Microsoft is asked (bulk-operations). */
const isReachable = (contact: Json): boolean => ['firstName', 'lastName', 'email', 'phone'].every((name) => !!String(member(contact, name) ?? '').trim());

const needed: readonly StandardFieldKey[] = ['name', 'solutions', 'dealValue', 'currency', 'closingDate', 'customer.name', 'customer.country', 'customer.address'];

const unreadable = (cells: Cells): Reason[] => needed.filter((field) => cells[field]?.kind === 'unreadable').map((field) => reason('field-unreadable', field));

/** Everything that a new referral carries: canonical where values are compared later, whole where Partner Center wants details. */
export function createValues(crm: CrmSnapshot): Readonly<Partial<Record<StandardFieldKey, Json>>> {
  const context = { moneyScale: crm.moneyScale };
  const whole: readonly StandardFieldKey[] = ['customer.country', 'customer.address', 'customer.contact', 'team'];
  const compared: readonly StandardFieldKey[] = ['name', 'dealValue', 'currency', 'closingDate', 'notes', 'customer.name', 'solutions', 'help', 'notesToMicrosoft', 'visibility', 'externalReferenceId'];
  return Object.fromEntries([
    ...whole.map((field) => [field, valueOf(crm.cells[field])] as const),
    ...compared.map((field) => [field, canonical(field, crm.cells, context) ?? null] as const),
  ]);
}
