// Reads what a caller has sent, member by member, and refuses what the documents do not allow (partner-center.md 2).
import type { StandInRequest } from '../kit/standIn';
import { ISO_CURRENCIES, type KnownSolution } from './catalogue';
import { invalid, Refusal } from './refusal';
import type { Member, Solution } from './referral';

export type Sent = Readonly<Record<string, unknown>>;

export interface Knowledge {
  readonly solutions: ReadonlyMap<string, KnownSolution>;
  readonly currencies: ReadonlySet<string>;
}

/** @param currencies the ones taken; all of ISO 4217 when left out */
export const createKnowledge = (solutions: readonly KnownSolution[], currencies: readonly string[] | undefined): Knowledge => ({
  solutions: new Map(solutions.map((solution) => [solution.id, solution])),
  currencies: currencies ? new Set(currencies) : ISO_CURRENCIES,
});

/** At most 50 solutions and 50 members of the team (partner-center.md 2.7). */
const MOST = 50;

/** @throws Refusal 415 or 400 */
export function readJson(request: StandInRequest): unknown {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'invalidRequest', 'Send Content-Type: application/json.');
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    throw invalid('referral', 'The body is not JSON.');
  }
}

export function asObject(value: unknown, target: string): Sent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(target, `${target} must be an object.`, 'required');
  return value as Sent;
}

export function asArray(value: unknown, target: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(target, `${target} must be an array.`);
  return value;
}

/** An optional text: absent becomes null. */
export function asTextOrNull(value: unknown, target: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(target, `${target} must be a text.`);
  return value;
}

export function asText(value: unknown, target: string): string {
  const text = asTextOrNull(value, target);
  if (text === null || text.trim() === '') throw invalid(target, `${target} is required.`, 'required');
  return text;
}

/** Old samples send booleans as texts (partner-center.md 2.6). */
export function asBoolean(value: unknown, target: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(target, `${target} must be true or false.`, value === undefined ? 'required' : undefined);
}

export function asOneOf<T extends string>(value: unknown, legal: readonly T[], target: string): T {
  const found = legal.find((one) => one === value);
  if (found === undefined) throw invalid(target, `${target} must be one of ${legal.join(', ')}.`);
  return found;
}

/** A number, or a text that holds one, as the documented PATCH sample sends it (2.7). */
export function asDealValue(value: unknown): number | string {
  const good = typeof value === 'number' ? Number.isFinite(value) && value > 0 : typeof value === 'string' && /^\d{1,15}(?:\.\d{1,10})?$/.test(value.trim()) && Number(value) > 0;
  if (!good) throw invalid('details/dealValue', 'details/dealValue must be a number above zero.', value === undefined ? 'required' : undefined);
  return value as number | string;
}

export function asCurrency(value: unknown, knowledge: Knowledge): string {
  if (typeof value !== 'string' || !knowledge.currencies.has(value)) throw invalid('details/currency', `${String(value)} is not a currency that is taken here.`);
  return value;
}

/** A point in time in UTC or with its offset; answered in UTC (2.7). A date alone is no DateTimeOffset and refused. */
export function asClosingDate(value: unknown): string {
  const target = 'details/closingDateTime';
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)$/.test(value)) throw invalid(target, `${target} must be a date and time in UTC.`, value === undefined ? 'required' : undefined);
  const at = Date.parse(value);
  const day = value.slice(0, 10);
  if (Number.isNaN(at) || new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().slice(0, 10) !== day) throw invalid(target, `${value} is not a date.`);
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** Own sellers need an e-mail address; a contact that Microsoft shall call needs all four (2.5). */
export function asMembers(value: unknown, target: string, complete: boolean): Member[] {
  const entries = asArray(value ?? [], target);
  if (entries.length > MOST) throw invalid(target, `${target} holds at most ${MOST}.`, 'tooMany');
  return entries.map((entry, index) => asMember(entry, `${target}/${index}`, complete));
}

export function asMember(value: unknown, target: string, complete: boolean): Member {
  const sent = asObject(value, target);
  const email = asText(sent.email, `${target}/email`);
  if (!/^[^@\s]+@[^@\s]+$/.test(email.trim())) throw invalid(`${target}/email`, `${email} is not an e-mail address.`);
  const text = (name: string): string | null => (complete ? asText(sent[name], `${target}/${name}`) : asTextOrNull(sent[name], `${target}/${name}`));
  const preference = sent.contactPreference === undefined || sent.contactPreference === null ? {} : asObject(sent.contactPreference, `${target}/contactPreference`);
  return {
    firstName: text('firstName'),
    lastName: text('lastName'),
    phoneNumber: text('phoneNumber'),
    email: email.trim(),
    title: asTextOrNull(sent.title, `${target}/title`),
    contactPreference: { locale: asTextOrNull(preference.locale, `${target}/contactPreference/locale`), disableNotifications: typeof preference.disableNotifications === 'boolean' ? preference.disableNotifications : null },
  };
}

/** At least one, at most 50, each known, none twice. */
export function asSolutions(value: unknown, knowledge: Knowledge): Solution[] {
  const target = 'details/requirements/solutions';
  const entries = asArray(value ?? [], target);
  if (entries.length === 0) throw invalid(target, 'At least one solution is required.', 'required');
  if (entries.length > MOST) throw invalid(target, `At most ${MOST} solutions are allowed.`, 'tooMany');
  const solutions = entries.map((entry, index) => asSolution(entry, `${target}/${index}`, knowledge));
  const twice = solutions.findIndex((solution, index) => solutions.findIndex((other) => other.id === solution.id) !== index);
  if (twice !== -1) throw invalid(`${target}/${twice}/id`, `${solutions[twice]?.id} is named twice.`);
  return solutions;
}

export function asSolution(value: unknown, target: string, knowledge: Knowledge): Solution {
  const sent = asObject(value, target);
  const id = asText(sent.id, `${target}/id`);
  const known = knowledge.solutions.get(id);
  if (!known) throw invalid(`${target}/id`, `The solution ${id} is not known.`, 'solutionNotFound');
  const type = asOneOf(sent.type, ['Name', 'Category'] as const, `${target}/type`);
  if (type !== known.type) throw invalid(`${target}/type`, `The solution ${id} is of type ${known.type}.`);
  const number = (name: string): number | null => (typeof sent[name] === 'number' ? sent[name] : null);
  const text = (name: string): string | null => asTextOrNull(sent[name], `${target}/${name}`);
  return { id, name: text('name') ?? known.name, type, price: number('price'), quantity: number('quantity'), currency: text('currency'), publisherName: text('publisherName'), solutionType: text('solutionType'), closingDateTime: text('closingDateTime') };
}
