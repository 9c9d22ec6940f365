// The SOQL that a connector uses, read strictly into a tree: what is not known here is refused, never skipped (SOQL guide, "SOQL SELECT Syntax").
import { malformedQuery } from '../problem';
import { createTokens, type Tokens } from './tokens';

export type Literal =
  | { readonly kind: 'text' | 'date' | 'datetime'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null'; readonly value: null };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

export type Condition =
  | { readonly type: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly type: 'not'; readonly part: Condition }
  | { readonly type: 'compare'; readonly path: string; readonly operator: Operator; readonly value: Literal }
  | { readonly type: 'list'; readonly path: string; readonly operator: 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES'; readonly values: readonly Literal[] }
  | { readonly type: 'join'; readonly path: string; readonly negated: boolean; readonly query: Query };

export interface Order {
  readonly path: string;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export interface Query {
  /** `SELECT COUNT()`. */
  readonly count: boolean;
  readonly fields: readonly string[];
  readonly children: readonly Query[];
  readonly from: string;
  readonly where?: Condition;
  readonly orderBy: readonly Order[];
  readonly limit?: number;
  readonly offset?: number;
}

/** Longest statement: 100,000 characters (app limits, "SOQL and SOSL Limits"). */
const LONGEST = 100_000;

/** @throws Problem 400 MALFORMED_QUERY */
export function parseQuery(text: string): Query {
  if (text.length > LONGEST) throw malformedQuery(`SOQL statements may not be longer than ${LONGEST} characters.`);
  const tokens = createTokens(text);
  const query = readSelect(tokens);
  if (tokens.peek() !== undefined) throw unexpected(tokens.peek());
  return query;
}

function readSelect(tokens: Tokens): Query {
  tokens.expect('SELECT');
  const fields: string[] = [];
  const children: Query[] = [];
  const count = readCount(tokens);
  while (!count) {
    if (tokens.is('(')) children.push(readChild(tokens));
    else fields.push(tokens.name());
    if (!tokens.is(',')) break;
    tokens.take();
  }
  tokens.expect('FROM');
  const from = tokens.name();
  const where = tokens.skip('WHERE') ? readWhere(tokens) : undefined;
  const orderBy = tokens.skip('ORDER') ? (tokens.expect('BY'), readOrder(tokens)) : [];
  const limit = tokens.skip('LIMIT') ? tokens.whole() : undefined;
  const offset = tokens.skip('OFFSET') ? tokens.whole() : undefined;
  // The largest offset is 2,000 rows (SOQL guide, "OFFSET").
  if (offset !== undefined && offset > 2_000) throw malformedQuery('The requested offset exceeds the maximum of 2000.');
  return { count, fields, children, from, ...(where ? { where } : {}), orderBy, ...(limit === undefined ? {} : { limit }), ...(offset === undefined ? {} : { offset }) };
}

function readCount(tokens: Tokens): boolean {
  if (!tokens.is('COUNT') || tokens.peek(1) !== '(' || tokens.peek(2) !== ')') return false;
  for (let at = 0; at < 3; at += 1) tokens.take();
  return true;
}

function readChild(tokens: Tokens): Query {
  tokens.expect('(');
  const child = readSelect(tokens);
  tokens.expect(')');
  return child;
}

/** Parentheses are required whenever operators are mixed (SOQL guide, "Logical Operators"). */
function readWhere(tokens: Tokens): Condition {
  if (tokens.skip('NOT')) return { type: 'not', part: readTerm(tokens) };
  const first = readTerm(tokens);
  const operator = tokens.is('AND') ? 'AND' : tokens.is('OR') ? 'OR' : undefined;
  if (!operator) return first;
  const parts = [first];
  while (tokens.skip(operator)) parts.push(readTerm(tokens));
  if (tokens.is('AND') || tokens.is('OR')) throw unexpected(tokens.peek());
  return { type: operator === 'AND' ? 'and' : 'or', parts };
}

function readTerm(tokens: Tokens): Condition {
  if (!tokens.is('(')) return readComparison(tokens);
  tokens.take();
  const inner = readWhere(tokens);
  tokens.expect(')');
  return inner;
}

function readComparison(tokens: Tokens): Condition {
  const path = tokens.name();
  const negated = tokens.skip('NOT');
  if (negated || tokens.is('IN')) return readIn(tokens, path, negated);
  for (const operator of ['INCLUDES', 'EXCLUDES'] as const) if (tokens.skip(operator)) return { type: 'list', path, operator, values: readList(tokens) };
  return { type: 'compare', path, operator: tokens.operator(), value: tokens.literal() };
}

function readIn(tokens: Tokens, path: string, negated: boolean): Condition {
  tokens.expect('IN');
  if (tokens.is('(') && tokens.peek(1)?.toUpperCase() === 'SELECT') return { type: 'join', path, negated, query: readChild(tokens) };
  return { type: 'list', path, operator: negated ? 'NOT IN' : 'IN', values: readList(tokens) };
}

function readList(tokens: Tokens): readonly Literal[] {
  tokens.expect('(');
  const values = [tokens.literal()];
  while (tokens.skip(',')) values.push(tokens.literal());
  tokens.expect(')');
  return values;
}

function readOrder(tokens: Tokens): readonly Order[] {
  const orders: Order[] = [];
  do {
    const path = tokens.name();
    const descending = tokens.skip('DESC');
    if (!descending) tokens.skip('ASC');
    // Empty values come first unless told otherwise (SOQL guide, "ORDER BY").
    const nullsLast = tokens.skip('NULLS') ? tokens.skip('LAST') || (tokens.expect('FIRST'), false) : false;
    orders.push({ path, descending, nullsLast });
  } while (tokens.skip(','));
  return orders;
}

const unexpected = (token: string | undefined) => malformedQuery(token === undefined ? 'unexpected end of the statement' : `unexpected token: '${token}'`);
