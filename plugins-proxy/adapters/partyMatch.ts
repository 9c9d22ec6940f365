// Which of a CRM's records is meant by a referral's customer, contact or people; the same in both CRMs.
import type { Customer, Match } from '../ports/crm';
import { countryCode } from './country';

/** More of one name than anybody could tell apart. */
export const MOST_CANDIDATES = 100;
const MOST_EMAILS = 20;

/** An account of the customer's name, with what tells it from others of that name. */
export interface Candidate {
  readonly id: string;
  readonly postalCode: unknown;
  readonly country: unknown;
}

/**
 * Told apart by postal code where both have one, else by country. An account that knows neither contradicts nothing and stays a candidate, unless
 * another one agrees.
 * @param canonicalId an id in the CRM's one form
 */
export function matchOfCandidates(customer: Customer, candidates: readonly Candidate[], canonicalId: (id: string) => string | null): Match {
  const judged = candidates.map((each) => ({ id: each.id, agrees: agreement(customer, each) })).filter((each) => each.agrees !== 'no');
  const sure = judged.filter((each) => each.agrees === 'yes');
  return matchOf((sure.length > 0 ? sure : judged).map((each) => each.id), canonicalId);
}

function agreement(customer: Customer, candidate: Candidate): 'yes' | 'no' | 'unknown' {
  const [ours, theirs] = [plainCode(customer.postalCode), plainCode(candidate.postalCode)];
  if (ours && theirs) return ours === theirs ? 'yes' : 'no';
  const country = typeof candidate.country === 'string' ? countryCode(candidate.country) : null;
  if (!customer.country || !country) return 'unknown';
  return customer.country.toUpperCase() === country ? 'yes' : 'no';
}

const plainCode = (code: unknown): string => (typeof code === 'string' ? code.replace(/[\s-]/g, '').toUpperCase() : '');

export function matchOf(ids: readonly string[], canonicalId: (id: string) => string | null): Match {
  const [first, ...others] = ids;
  if (first === undefined) return { type: 'none' };
  return others.length > 0 ? { type: 'several', count: ids.length } : { type: 'one', id: canonicalId(first) ?? first };
}

/** The columns that have a text to look for, with that text. */
export const textsToLookFor = (columns: Readonly<Record<string, string | null | undefined>>): (readonly [string, string])[] =>
  Object.entries(columns).flatMap(([column, text]) => (text ? [[column, text.trim()] as const] : []));

/** Addresses to look for, in their order, without doubles. */
export const emailsToLookFor = (emails: readonly string[]): string[] => [...new Set(emails.map((email) => email.trim().toLowerCase()).filter(Boolean))].slice(0, MOST_EMAILS);

/** Of the users found the one whose address stands first. */
export const firstOfEmails = <T>(wanted: readonly string[], users: readonly T[], emailOf: (user: T) => unknown): T | undefined =>
  wanted.map((email) => users.find((user) => String(emailOf(user)).toLowerCase() === email)).find((user) => user !== undefined);
