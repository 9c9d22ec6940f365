// A page of a list: filter, order, paging, and the nextLink that leads nowhere (partner-center.md 1.4).
import { readFilter } from './listFilter';
import { isMemberName } from './memberNames';
import { invalid } from './refusal';
import type { Referral } from './referral';
import type { Order, ReferralBook } from './referralBook';

export interface ListContext {
  readonly book: ReferralBook;
  readonly apiUrl: string;
  show(referral: Referral): Record<string, unknown>;
}

/** More than 100 items come in pages (1.4). */
const PAGE = 100;
// $expand stands in Microsoft's definition too, but nothing says what could be expanded: refused.
const TAKEN = ['$filter', '$orderby', '$top', '$select', '$skip', '$count', '$skiptoken'];
const REPEATED = ['$filter', '$orderby', '$select', '$count'] as const;

interface Token {
  readonly offset: number;
  readonly query: Readonly<Record<string, string>>;
}

/** @throws Refusal 400 for an option or a value that no document shows */
export function listReferrals(parameters: URLSearchParams, context: ListContext): Record<string, unknown> {
  const unknown = [...parameters.keys()].find((name) => !TAKEN.includes(name));
  if (unknown) throw invalid(unknown, `${unknown} is not a query option of this list.`, 'invalidQuery');
  const token = readToken(parameters);
  const option = (name: string): string | undefined => token?.query[name] ?? parameters.get(name) ?? undefined;
  const found = select(option('$filter'), option('$orderby'), context.book);
  const skip = token?.offset ?? readNumber(parameters, '$skip', Infinity) ?? 0;
  const top = readNumber(parameters, '$top', PAGE);
  const end = skip + (top ?? PAGE);
  const page = found.slice(skip, end).map((referral) => pick(context.show(referral), option('$select')));
  const query = Object.fromEntries(REPEATED.flatMap((name) => (option(name) === undefined ? [] : [[name, option(name) ?? '']])));
  return {
    '@odata.context': `${context.apiUrl}/v1.0/engagements/referrals/$metadata#Referrals`,
    ...(option('$count') === 'true' ? { '@odata.count': found.length } : {}),
    value: page,
    ...(top === undefined && end < found.length ? { '@odata.nextLink': nextLink({ offset: end, query }, context.apiUrl) } : {}),
  };
}

function select(filter: string | undefined, orderBy: string | undefined, book: ReferralBook): readonly Referral[] {
  const { order, descending } = readOrder(orderBy);
  if (filter === undefined) return inDirection(book.listed(order), descending);
  return inDirection(book.listed(order).filter(readFilter(filter)), descending);
}

const inDirection = (rows: readonly Referral[], descending: boolean): readonly Referral[] => (descending ? [...rows].reverse() : rows);

function readOrder(text: string | undefined): { order: Order; descending: boolean } {
  // Which order comes without being asked for is not documented: the order of the store.
  if (text === undefined) return { order: 'inserted', descending: false };
  const [, field, direction] = /^(createdDateTime|updatedDateTime)(?: (asc|desc))?$/.exec(text) ?? [];
  if (!field) throw invalid('$orderby', `A list cannot be ordered by ${text}.`, 'invalidQuery');
  return { order: field as Order, descending: direction === 'desc' };
}

function readNumber(parameters: URLSearchParams, name: '$top' | '$skip', most: number): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text) || Number(text) > most) throw invalid(name, `${name} must be a whole number${most === Infinity ? '' : ` up to ${most}`}.`, 'invalidQuery');
  return Number(text);
}

function pick(row: Record<string, unknown>, names: string | undefined): Record<string, unknown> {
  if (names === undefined) return row;
  return Object.fromEntries(
    names.split(',').flatMap((name) => {
      if (!isMemberName(name.trim())) throw invalid('$select', `${name} is not a member of a referral.`, 'invalidQuery');
      return name.trim() in row ? [[name.trim(), row[name.trim()]]] : [];
    }),
  );
}

/** The sample's link has lost its scheme's s and its `/engagements` (1.4): only the token in it is of use. */
const nextLink = (token: Token, apiUrl: string): string => `${apiUrl.replace(/^https:/, 'http:')}/v1.0/referrals?$skiptoken=${Buffer.from(JSON.stringify(token)).toString('base64url')}`;

/** A token belongs to the question that it came from: the options may be repeated beside it, but not changed. */
function readToken(parameters: URLSearchParams): Token | undefined {
  const text = parameters.get('$skiptoken');
  if (text === null) return undefined;
  let token: Token;
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Token;
  } catch {
    throw invalid('$skiptoken', 'The token is not one of ours.', 'invalidQuery');
  }
  const changed = REPEATED.find((name) => parameters.has(name) && parameters.get(name) !== token.query[name]);
  if (changed) throw invalid(changed, `${changed} is not the one that the token belongs to.`, 'invalidQuery');
  return token;
}
