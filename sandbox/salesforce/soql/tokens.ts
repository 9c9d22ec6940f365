// A SOQL statement as words, signs and literals, and the ways to take them (SOQL guide, "Quoted String Escape Sequences", "Date Formats and Date Literals").
import { malformedQuery } from '../problem';
import type { Literal, Operator } from './parseQuery';

export interface Tokens {
  peek(ahead?: number): string | undefined;
  take(): string;
  is(token: string): boolean;
  skip(token: string): boolean;
  expect(token: string): void;
  /** The name of a field, path or object. */
  name(): string;
  operator(): Operator;
  literal(): Literal;
  /** A whole number, not negative. */
  whole(): number;
}

const TOKEN = /\s*(?:(?<text>'(?:[^'\\]|\\.)*')|(?<sign><=|>=|!=|<>|[=<>(),])|(?<word>[^\s'()=<>!,]+))/y;
const RESERVED = new Set(['AND', 'ASC', 'DESC', 'EXCLUDES', 'FIRST', 'FROM', 'GROUP', 'HAVING', 'IN', 'INCLUDES', 'LAST', 'LIKE', 'LIMIT', 'NOT', 'NULL', 'NULLS', 'OR', 'SELECT', 'USING', 'WHERE', 'WITH', 'ORDER', 'BY', 'OFFSET', 'FOR', 'TYPEOF']);
const OPERATORS: Readonly<Record<string, Operator>> = { '=': '=', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=', LIKE: 'LIKE' };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', "'": "'", '\\': '\\', _: '\\_', '%': '\\%' };
/** Longest text in a WHERE clause (app limits, "SOQL and SOSL Limits"). */
const LONGEST_TEXT = 4_000;

/** @throws Problem 400 MALFORMED_QUERY, also from every method */
export function createTokens(statement: string): Tokens {
  const tokens = split(statement);
  let at = 0;
  const peek = (ahead = 0): string | undefined => tokens[at + ahead];
  const take = (): string => {
    const token = tokens[at];
    if (token === undefined) throw malformedQuery('unexpected end of the statement');
    at += 1;
    return token;
  };
  const is = (token: string): boolean => peek()?.toUpperCase() === token;
  const skip = (token: string): boolean => is(token) && (take(), true);
  return {
    peek, take, is, skip,
    expect(token) {
      if (!skip(token)) throw unexpected(peek(), token);
    },
    name() {
      const token = take();
      if (!/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/.test(token) || RESERVED.has(token.toUpperCase())) throw unexpected(token, 'a name');
      if (peek() === '(') throw malformedQuery(`The stand-in does not know the function ${token}().`);
      return token;
    },
    operator() {
      const token = take();
      const operator = OPERATORS[token.toUpperCase()];
      if (!operator) throw unexpected(token, 'an operator');
      return operator;
    },
    literal: () => readLiteral(take()),
    whole() {
      const token = take();
      if (!/^\d+$/.test(token)) throw unexpected(token, 'a number');
      return Number(token);
    },
  };
}

function split(statement: string): string[] {
  const tokens: string[] = [];
  const end = statement.trimEnd().length;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const hit = TOKEN.exec(statement);
    if (!hit) throw malformedQuery(`line 1:${at} no viable alternative at character '${statement.slice(at).trim()[0] ?? ''}'`);
    tokens.push(hit[0].trim());
  }
  return tokens;
}

function readLiteral(token: string): Literal {
  if (token.startsWith("'")) return { kind: 'text', value: unescape(token.slice(1, -1)) };
  if (/^true$|^false$/i.test(token)) return { kind: 'boolean', value: token.toLowerCase() === 'true' };
  if (/^null$/i.test(token)) return { kind: 'null', value: null };
  if (/^[+-]?\d+(?:\.\d+)?$/.test(token)) return { kind: 'number', value: Number(token) };
  if (/^\d{4}-\d{2}-\d{2}$/.test(token) && !Number.isNaN(Date.parse(token))) return { kind: 'date', value: token };
  const moment = /^(?<date>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)(?<zone>Z|[+-]\d{2}:?\d{2})$/.exec(token)?.groups;
  const iso = moment ? `${moment.date}${(moment.zone ?? '').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}` : '';
  if (!Number.isNaN(Date.parse(iso))) return { kind: 'datetime', value: new Date(iso).toISOString() };
  // TODAY, LAST_N_DAYS:n and their like exist; nobody here needs them.
  throw unexpected(token, 'a value');
}

/** `\_` and `\%` keep their mark for LIKE; an escape that is not listed is an error. */
function unescape(text: string): string {
  if (text.length > LONGEST_TEXT) throw malformedQuery(`A text in a WHERE clause may have ${LONGEST_TEXT} characters.`);
  return text.replace(/\\(.)/gs, (whole, letter: string) => {
    const meant = ESCAPES[letter];
    if (meant === undefined) throw malformedQuery(`Invalid string literal: illegal character sequence '${whole}'.`);
    return meant;
  });
}

const unexpected = (token: string | undefined, wanted: string) => malformedQuery(token === undefined ? `unexpected end of the statement; expected ${wanted}` : `unexpected token: '${token}'; expected ${wanted}`);
