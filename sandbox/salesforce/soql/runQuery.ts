// Runs a query: binds its names to fields that the caller may see, finds, orders and cuts rows, and answers them in the API's shape.
import type { Caller } from '../access';
import { readId } from '../ids';
import type { Org } from '../org';
import { malformedQuery, Problem } from '../problem';
import { isDeleted, type Row } from '../rowStore';
import type { Cell, ChildRelationship, Field, SObject } from '../schema/field';
import { noSuchColumn } from '../schema/schema';
import { attributesOf, cellOf, type Presented } from '../presentRow';
import { bindCondition, type Operand, type Scope, type Test } from './conditions';
import type { Condition, Order, Query } from './parseQuery';

export interface Found {
  /** Rows that match, also for COUNT(), which answers none of them. */
  readonly total: number;
  readonly rows: readonly Row[];
  present(row: Row): Presented;
  /** Whether answers are large: long texts or children (REST guide, "Query": such batches may be smaller). */
  readonly isHeavy: boolean;
}

interface Context {
  readonly org: Org;
  readonly caller: Caller;
  /** Rows of the recycle bin, too (REST guide, "QueryAll"). */
  readonly withDeleted: boolean;
}

/** Levels of a lookup path, and of children: five each (SOQL guide, "Understanding Relationship Query Limitations"). */
const DEEPEST = 5;

/** @throws Problem 400: a name, value or operator that the org refuses */
export function runQuery(context: Context, query: Query): Found {
  const object = context.caller.naming.object(query.from);
  // An object without read permission is as unknown as one that is not there.
  if (!object || !context.caller.may(object, 'read')) throw new Problem(400, 'INVALID_TYPE', `sObject type '${query.from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`);
  checkJoins(query.where);
  return runOn(context, object, query, candidates(context, object), 1);
}

function candidates({ org, withDeleted }: Context, object: SObject): readonly Row[] {
  const rows = org.store.list(object.name).filter((row) => withDeleted || !isDeleted(row));
  // Without ORDER BY no order is promised (SOQL guide, "ORDER BY").
  return org.nasty ? [...rows].sort((one, other) => (backwards(one.id) < backwards(other.id) ? -1 : 1)) : rows;
}

const backwards = (id: string): string => [...id.slice(0, 15)].reverse().join('');

function runOn(context: Context, object: SObject, query: Query, rows: readonly Row[], level: number): Found {
  if (query.count && (query.orderBy.length > 0 || level > 1)) throw malformedQuery('COUNT() stands alone.');
  const where = query.where ? bindCondition(query.where, scopeOf(context, object)) : () => true;
  const presenters = [...query.fields.map((path) => presentPath(context, object, path)), ...query.children.map((child) => presentChild(context, object, child, level))];
  const order = bindOrder(context, object, query.orderBy);
  const kept = order(rows.filter(where)).slice(query.offset ?? 0, (query.offset ?? 0) + (query.limit ?? Infinity));
  return {
    total: kept.length, rows: query.count ? [] : kept,
    isHeavy: query.children.length > 0 || query.fields.some((path) => operandOf(context, object, path).field.long === true),
    present: (row) => presenters.reduce((record, add) => add(record, row), { attributes: attributesOf(row) } as Presented),
  };
}

/** No more than two semi-joins or anti-joins in a query (SOQL guide, "Comparison Operators"). */
function checkJoins(where: Condition | undefined): void {
  const parts = where?.type === 'and' ? where.parts : where ? [where] : [];
  if (parts.filter((part) => part.type === 'join').length > 2) throw malformedQuery('maximum 2 semi join sub-selects are allowed');
}

function scopeOf(context: Context, object: SObject): Scope {
  return {
    operand: (path) => operandOf(context, object, path),
    join(query) {
      const [path, more] = query.fields;
      const inner = context.caller.naming.object(query.from);
      if (!inner || path === undefined || more !== undefined || query.children.length > 0 || query.orderBy.length > 0 || query.limit !== undefined || query.offset !== undefined) throw malformedQuery('A semi join sub-select selects one id or reference of one object, without ORDER BY and LIMIT.');
      if (query.where && includesJoin(query.where)) throw malformedQuery('Nesting of semi join sub-selects is not supported');
      const { field, read } = operandOf(context, inner, path);
      if (field.type !== 'id' && field.type !== 'reference') throw malformedQuery(`The inner select field '${path}' of a semi-join must be an id or a reference.`);
      const test: Test = query.where ? bindCondition(query.where, scopeOf(context, inner)) : () => true;
      return new Set(candidates(context, inner).filter(test).map(read).filter((id) => id !== null));
    },
  };
}

const includesJoin = (condition: Condition): boolean => condition.type === 'join' || ((condition.type === 'and' || condition.type === 'or') && condition.parts.some(includesJoin)) || (condition.type === 'not' && includesJoin(condition.part));

/** `Name`, `Account.Name`, `Account.Owner.Email`: each step a lookup's relationship name. */
function operandOf(context: Context, object: SObject, path: string): Operand {
  const steps = path.split('.');
  if (steps.length > DEEPEST + 1) throw malformedQuery(`The path '${path}' has more than ${DEEPEST} levels.`);
  const [name = '', ...rest] = steps;
  if (rest.length === 0) {
    const field = visibleField(context, object, name);
    return { field, read: (row) => cellOf(row, field) };
  }
  const lookup = lookupNamed(context, object, name);
  const inner = operandOf(context, context.org.schema.object(lookup.referenceTo ?? ''), rest.join('.'));
  return {
    field: inner.field,
    read(row) {
      const parent = parentOf(context, row, lookup);
      return parent ? inner.read(parent) : null;
    },
  };
}

function visibleField({ caller }: Context, object: SObject, name: string): Field {
  const field = caller.naming.field(object, name);
  // The package's formulas are Apex's own; this stand-in does not compute them and says so instead of answering something else.
  if (!field || !caller.sees(object, field) || field.calculated) throw noSuchColumn(name, object.name, 'query');
  return field;
}

function lookupNamed({ caller }: Context, object: SObject, name: string): Field {
  const wanted = name.toLowerCase();
  const field = [...object.fields.values()].find((one) => one.relationship !== undefined && (one.relationship.toLowerCase() === wanted || caller.naming.shown(one.relationship).toLowerCase() === wanted));
  if (!field || !caller.sees(object, field)) throw new Problem(400, 'INVALID_FIELD', `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`);
  return field;
}

const parentOf = ({ org }: Context, row: Row, lookup: Field): Row | undefined => org.store.get(lookup.referenceTo ?? '', String(row.cells[lookup.name] ?? ''));

type Presenter = (record: Presented, row: Row) => Presented;

function presentPath(context: Context, object: SObject, path: string): Presenter {
  const [name = '', ...rest] = path.split('.');
  const { naming } = context.caller;
  if (rest.length === 0) {
    const field = visibleField(context, object, name);
    return (record, row) => ({ ...record, [naming.shown(field.name)]: cellOf(row, field) });
  }
  operandOf(context, object, path);
  const lookup = lookupNamed(context, object, name);
  const inner = presentPath(context, context.org.schema.object(lookup.referenceTo ?? ''), rest.join('.'));
  const shown = naming.shown(lookup.relationship ?? '');
  return (record, row) => {
    const parent = parentOf(context, row, lookup);
    if (!parent) return { ...record, [shown]: null };
    return { ...record, [shown]: inner((record[shown] as Presented | undefined) ?? { attributes: attributesOf(parent) }, parent) };
  };
}

/** No children is null, not an empty list (REST guide, "Query": sample of a relationship query). */
function presentChild(context: Context, object: SObject, query: Query, level: number): Presenter {
  const child = childNamed(object, query.from);
  const target = child && context.org.schema.find(child.object);
  if (!child || !target || !context.caller.may(target, 'read') || level >= DEEPEST) throw new Problem(400, 'INVALID_TYPE', `Didn't understand relationship '${query.from}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`);
  // Bound once for its mistakes, then for each parent.
  runOn(context, target, query, [], level + 1);
  return (record, row) => {
    const found = runOn(context, target, query, candidates(context, target).filter((one) => one.cells[child.field] === row.id), level + 1);
    const records = found.rows.map(found.present);
    return { ...record, [child.name]: records.length === 0 ? null : { totalSize: records.length, done: true, records } };
  };
}

const childNamed = (object: SObject, name: string): ChildRelationship | undefined => object.children.find((one) => one.name.toLowerCase() === name.toLowerCase());

function bindOrder(context: Context, object: SObject, orders: readonly Order[]): (rows: readonly Row[]) => readonly Row[] {
  const keys = orders.map((order) => {
    const { field, read } = operandOf(context, object, order.path);
    if (field.long || field.type === 'multipicklist' || field.type === 'address') throw new Problem(400, 'INVALID_FIELD', `field '${field.name}' can not be sorted in a query call`);
    return { ...order, read: (row: Row) => sortable(read(row)) };
  });
  if (keys.length === 0) return (rows) => rows;
  return (rows) => [...rows].sort((one, other) => {
    for (const { read, descending, nullsLast } of keys) {
      const [left, right] = [read(one), read(other)];
      if (left === right) continue;
      if (left === null || right === null) return (left === null) === nullsLast ? 1 : -1;
      return left < right === descending ? 1 : -1;
    }
    return 0;
  });
}

const sortable = (cell: Cell): Cell => (typeof cell === 'string' && !readId(cell) ? cell.toLowerCase() : cell);
