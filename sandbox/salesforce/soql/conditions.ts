// A WHERE clause becomes a test: each field compared with values of its own type only, as the org demands (SOQL guide, "fieldExpression Syntax", "Comparison Operators").
import { readId } from '../ids';
import { momentToMs } from '../org';
import { malformedQuery, Problem } from '../problem';
import type { Row } from '../rowStore';
import type { Cell, Field } from '../schema/field';
import type { Condition, Literal, Operator, Query } from './parseQuery';

export type Test = (row: Row) => boolean;

/** A field on the row itself or through its lookups. */
export interface Operand {
  readonly field: Field;
  read(row: Row): Cell;
}

export interface Scope {
  operand(path: string): Operand;
  /** The ids that a semi-join selects. */
  join(query: Query): ReadonlySet<Cell>;
}

/** @throws Problem 400 when a value or an operator does not fit the field */
export function bindCondition(condition: Condition, scope: Scope, top = true): Test {
  switch (condition.type) {
    case 'and': {
      const tests = condition.parts.map((part) => bindCondition(part, scope, top));
      return (row) => tests.every((test) => test(row));
    }
    case 'or': {
      const tests = condition.parts.map((part) => bindCondition(part, scope, false));
      return (row) => tests.some((test) => test(row));
    }
    case 'not': {
      const test = bindCondition(condition.part, scope, false);
      return (row) => !test(row);
    }
    case 'compare':
      return compare(filterable(scope.operand(condition.path)), condition.operator, condition.value);
    case 'list':
      return list(filterable(scope.operand(condition.path)), condition.operator, condition.values);
    case 'join':
      return join(filterable(scope.operand(condition.path)), condition, scope, top);
  }
}

function filterable(operand: Operand): Operand {
  const { field } = operand;
  if (field.long || field.type === 'address' || field.calculated) throw new Problem(400, 'INVALID_FIELD', `field '${field.name}' can not be filtered in a query call`);
  return operand;
}

type Kind = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'id';

function kindOf(field: Field): Kind {
  if (field.type === 'id' || field.type === 'reference') return 'id';
  if (field.type === 'boolean' || field.type === 'date' || field.type === 'datetime') return field.type;
  return field.type === 'int' || field.type === 'double' || field.type === 'currency' || field.type === 'percent' ? 'number' : 'text';
}

const isCaseSensitive = (field: Field): boolean => field.caseSensitive === true && field.unique === true;

/** What two values of a field are compared as; moments by the millisecond, texts without case unless the field is unique and case-sensitive. */
function comparable(field: Field, value: Cell): string | number | boolean | null {
  if (value === null) return null;
  if (field.type === 'datetime') return momentToMs(String(value));
  return kindOf(field) === 'text' && !isCaseSensitive(field) ? String(value).toLowerCase() : value;
}

/** @throws Problem when the literal is of another type than the field */
function valueFor(field: Field, literal: Literal): Cell {
  const kind = kindOf(field);
  if (literal.kind === 'null' && kind !== 'boolean') return null;
  if (kind === 'id' && literal.kind === 'text') {
    const id = readId(literal.value);
    if (!id) throw new Problem(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
    return id;
  }
  if (kind !== literal.kind) throw new Problem(400, 'INVALID_FIELD', `value of filter criterion for field '${field.name}' must be of type ${field.type === 'datetime' ? 'dateTime' : field.type}${literal.kind === 'text' ? ' and should not be enclosed in quotes' : ''}`);
  return literal.kind === 'text' ? literal.value.replaceAll(/\\([_%])/g, '$1') : literal.value;
}

const operatorRefused = (field: Field): Problem => new Problem(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${field.type} field`);

function compare({ field, read }: Operand, operator: Operator, literal: Literal): Test {
  if (operator === 'LIKE') return like({ field, read }, literal);
  const isOrdered = operator !== '=' && operator !== '!=';
  if (isOrdered && (field.type === 'boolean' || field.type === 'multipicklist' || literal.kind === 'null')) throw operatorRefused(field);
  const wanted = comparable(field, valueFor(field, literal));
  return (row) => {
    const cell = comparable(field, read(row));
    if (operator === '=') return cell === wanted;
    // Rows where the field is empty differ from every value.
    if (operator === '!=') return cell !== wanted;
    if (cell === null || wanted === null) return false;
    return operator === '<' ? cell < wanted : operator === '<=' ? cell <= wanted : operator === '>' ? cell > wanted : cell >= wanted;
  };
}

/** LIKE knows `%` and `_`, for texts only, and never minds case. */
function like({ field, read }: Operand, literal: Literal): Test {
  if (kindOf(field) !== 'text' || field.type === 'multipicklist') throw operatorRefused(field);
  if (literal.kind !== 'text') throw malformedQuery('LIKE takes a text.');
  const pattern = literal.value.replace(/\\[_%]|[.*+?^${}()|[\]\\%_]/g, (sign) => (sign === '%' ? '.*' : sign === '_' ? '.' : sign.startsWith('\\') && sign.length === 2 ? sign.slice(1) : `\\${sign}`));
  const wanted = new RegExp(`^${pattern}$`, 'is');
  return (row) => {
    const cell = read(row);
    return typeof cell === 'string' && wanted.test(cell);
  };
}

function list({ field, read }: Operand, operator: 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES', literals: readonly Literal[]): Test {
  const isMultiple = field.type === 'multipicklist';
  if ((operator === 'INCLUDES' || operator === 'EXCLUDES') !== isMultiple) throw operatorRefused(field);
  if (isMultiple) {
    // `INCLUDES ('A;B', 'C')`: A and B, or C (SOQL guide, "Querying Multi-Select Picklists").
    const wanted = literals.map((literal) => String(valueFor(field, literal)).toLowerCase().split(';'));
    const includes = (row: Row): boolean => {
      const held = new Set(String(read(row) ?? '').toLowerCase().split(';'));
      return wanted.some((all) => all.every((one) => held.has(one)));
    };
    return operator === 'INCLUDES' ? includes : (row) => !includes(row);
  }
  const wanted = new Set(literals.map((literal) => comparable(field, valueFor(field, literal))));
  return (row) => wanted.has(comparable(field, read(row))) === (operator === 'IN');
}

/** Semi-joins and anti-joins stand at the top of the WHERE clause only, and compare ids (SOQL guide, "Comparison Operators"). */
function join({ field, read }: Operand, { query, negated }: Extract<Condition, { type: 'join' }>, scope: Scope, top: boolean): Test {
  if (!top) throw malformedQuery('Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.');
  if (kindOf(field) !== 'id') throw malformedQuery(`The left operand '${field.name}' of a semi-join must be an id or a reference.`);
  const ids = scope.join(query);
  return (row) => ids.has(read(row)) !== negated;
}
