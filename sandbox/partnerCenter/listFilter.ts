// Understands the part of OData's $filter that the documents show (partner-center.md 1.4), and nothing else.
import { invalid } from './refusal';
import type { Referral } from './referral';

export type Test = (referral: Referral) => boolean;

interface Token {
  readonly kind: 'open' | 'close' | 'text' | 'word' | 'team';
  readonly value: string;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

/** Fields that may stand on the left, with the check of the right. `updatedDateTime` is in the old list, but only `eq` is documented for any field: `ge` is refused. */
const FIELDS: Readonly<Record<string, { read(referral: Referral): string | null; takes(token: Token): boolean }>> = {
  // The links that real answers carry write the GUID without quotation marks.
  engagementId: { read: (referral) => referral.engagementId, takes: ({ kind, value }) => kind === 'text' || GUID.test(value) },
  status: { read: (referral) => referral.status, takes: oneOf('None', 'New', 'Active', 'Closed') },
  substatus: { read: (referral) => referral.substatus, takes: oneOf('None', 'Pending', 'Received', 'Accepted', 'Won', 'Lost', 'Declined', 'Expired', 'Error') },
  qualification: { read: (referral) => referral.qualification, takes: oneOf('None', 'Direct', 'MarketingQualified', 'SalesQualified') },
  direction: { read: (referral) => referral.direction, takes: oneOf('Incoming', 'Outgoing') },
  'customerProfile/address/country': { read: (referral) => referral.customerProfile.address.country, takes: ({ kind }) => kind === 'text' },
  updatedDateTime: { read: (referral) => referral.updatedDateTime, takes: ({ kind, value }) => kind === 'word' && DATE.test(value) },
};

/** @throws Refusal 400 for what is not documented, `externalReferenceId` and comparisons among it */
export function readFilter(text: string): Test {
  const tokens = tokenize(text);
  const test = readOr(tokens);
  if (tokens.length > 0) throw wrong(`${tokens[0]?.value} is not expected`);
  return test;
}

function oneOf(...values: string[]): (token: Token) => boolean {
  return ({ kind, value }) => kind === 'text' && values.includes(value);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:(?<team>team\/any\(\s*(?<v>\w+)\s*:\s*\k<v>\/email eq '(?<email>(?:[^']|'')*)'\s*\))|(?<open>\()|(?<close>\))|'(?<text>(?:[^']|'')*)'|(?<word>[\w./:+-]+))/gy;
  while (pattern.lastIndex < text.trimEnd().length) {
    const groups = pattern.exec(text)?.groups;
    if (!groups) throw wrong('the expression cannot be read');
    if (groups.team !== undefined) tokens.push({ kind: 'team', value: (groups.email ?? '').replaceAll("''", "'") });
    else if (groups.open) tokens.push({ kind: 'open', value: '(' });
    else if (groups.close) tokens.push({ kind: 'close', value: ')' });
    else if (groups.text !== undefined) tokens.push({ kind: 'text', value: groups.text.replaceAll("''", "'") });
    else tokens.push({ kind: 'word', value: groups.word ?? '' });
  }
  return tokens;
}

const nextIs = (tokens: Token[], word: string): boolean => tokens[0]?.kind === 'word' && tokens[0].value === word && tokens.shift() !== undefined;

function readOr(tokens: Token[]): Test {
  const tests = [readAnd(tokens)];
  while (nextIs(tokens, 'or')) tests.push(readAnd(tokens));
  return (referral) => tests.some((test) => test(referral));
}

function readAnd(tokens: Token[]): Test {
  const tests = [readOne(tokens)];
  while (nextIs(tokens, 'and')) tests.push(readOne(tokens));
  return (referral) => tests.every((test) => test(referral));
}

function readOne(tokens: Token[]): Test {
  const token = tokens.shift();
  if (token?.kind === 'open') {
    const inner = readOr(tokens);
    if (tokens.shift()?.kind !== 'close') throw wrong('a parenthesis is not closed');
    return inner;
  }
  if (token?.kind === 'team') return (referral) => referral.team.some((member) => member.email?.toLowerCase() === token.value.toLowerCase());
  const field = token?.kind === 'word' && Object.hasOwn(FIELDS, token.value) ? FIELDS[token.value] : undefined;
  if (!field) throw wrong(`${token?.value ?? 'nothing'} cannot be filtered by`);
  if (!nextIs(tokens, 'eq')) throw wrong(`${tokens[0]?.value ?? 'nothing'} is not an operator that is taken here, only eq is`);
  const value = tokens.shift();
  if (!value || !field.takes(value)) throw wrong(`${value?.value ?? 'nothing'} is not a value of ${token?.value}`);
  const wanted = value.value.toLowerCase();
  return (referral) => field.read(referral)?.toLowerCase() === wanted;
}

const wrong = (what: string): Error => invalid('$filter', `Invalid $filter: ${what}.`, 'invalidQuery');
