// Fields that Apex names: in queries, on records, in new records and as tokens. apex-ls does not look inside queries, nor at what a standard
// object lacks. Picklist values written as text are looked up as well.
import { below, isWord, plain, rules, wordsOf, type ApexFile, type ApexNode, type ApexRule } from './apexTree';
import type { Finding } from './finding';
import type { Objects } from './objects';
import { fromRoot } from './project';

/** Members of a type or token that are no fields. */
const notFields = /^(sobjecttype|fields|class|getsobjecttype|id)$/i;

export const checkApexFields = (files: readonly ApexFile[], objects: Objects): Finding[] =>
  files.flatMap(({ path, tree }) => {
    const say = (line: number, what: string): Finding => ({ file: fromRoot(path), line, what });
    const types = variableTypes(tree);
    return [
      ...below(tree, 'query', 'subQuery').flatMap((query) => queryProblems(query, objects, say)),
      ...below(tree, 'expression').flatMap((expression) => memberProblems(expression, types, objects, say)),
      ...below(tree, 'creator').flatMap((creator) => creatorProblems(creator, objects, say)),
    ];
  });

type Say = (line: number, what: string) => Finding;

function queryProblems(query: ApexRule, objects: Objects, say: Say): Finding[] {
  const [from] = rules(query, 'fromNameList');
  const object = from ? plain(from) : '';
  // A list of children within a SELECT is named by its relationship, which the query around it decides.
  if (!objects.has(object)) return query.rule === 'query' ? [say(from?.line ?? query.line, `There is no object ${object}.`)] : [];
  const fields = ownPart(query).flatMap((part) => below(part, 'fieldName'));
  const unknown = fields.flatMap((field) => (resolves(object, plain(field), objects) ? [] : [say(field.line, `There is no field ${object}.${plain(field)}.`)]));
  const comparisons = ownPart(query).flatMap((part) => below(part, 'fieldExpression'));
  return [...unknown, ...comparisons.flatMap((comparison) => {
    const [field] = rules(comparison, 'fieldName');
    return field ? valueProblems(object, plain(field), rules(comparison, 'value').flatMap(wordsOf), objects, say) : [];
  })];
}

/** The query's own words: without the queries inside it, its FROM, and the Apex that is bound into it. */
function ownPart(node: ApexRule): ApexNode[] {
  const without = (each: ApexNode): ApexNode[] => (isWord(each) ? [each] : ['subQuery', 'fromNameList', 'boundExpression'].includes(each.rule) ? [] : [{ ...each, children: each.children.flatMap(without) }]);
  return node.children.flatMap(without);
}

/** Follows `Account.Owner.Name` from object to object. */
function resolves(object: string, path: string, objects: Objects): boolean {
  const [first = '', ...rest] = path.split('.');
  const meaning = objects.field(object, first);
  if (!meaning) return false;
  return rest.length === 0 || (meaning.parent !== undefined && resolves(meaning.parent, rest.join('.'), objects));
}

/** Types of variables by lower-case name; lists count as what they hold. A name with two types in one file is left out. */
function variableTypes(tree: ApexRule): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, type: string): void => void found.set(name.toLowerCase(), found.has(name.toLowerCase()) && found.get(name.toLowerCase()) !== type ? '' : type);
  for (const node of below(tree, 'localVariableDeclaration', 'fieldDeclaration', 'formalParameter', 'enhancedForControl', 'whenValue')) {
    const [type] = rules(node, 'typeRef');
    const names = [...rules(node, 'id'), ...below(node, 'variableDeclarator').flatMap((each) => rules(each, 'id'))];
    if (type) for (const name of names) add(plain(name), plain(type));
  }
  return found;
}

/** `deal.Amount`, `Opportunity.Amount`, and the text on the right of `deal.Sync_Status__c = 'Pending'`. */
function memberProblems(expression: ApexRule, types: ReadonlyMap<string, string>, objects: Objects, say: Say): Finding[] {
  const [left, operator, right] = expression.children;
  const [field] = rules(expression, 'anyId');
  if (left && operator && isWord(operator) && operator[0] === '.' && field) {
    const object = objectOf(plain(left), types, objects);
    const isField = object !== undefined && !notFields.test(plain(field));
    return isField && !objects.field(object, plain(field)) ? [say(field.line, `There is no field ${object}.${plain(field)}.`)] : [];
  }
  if (!left || !right || !operator || !isWord(operator) || !['=', '==', '!='].includes(operator[0]) || isWord(left)) return [];
  const [name] = rules(left, 'anyId');
  const object = name && left.children[0] ? objectOf(plain(left.children[0]), types, objects) : undefined;
  return object !== undefined ? valueProblems(object, plain(name!), wordsOf(right), objects, say) : [];
}

function objectOf(name: string, types: ReadonlyMap<string, string>, objects: Objects): string | undefined {
  const type = types.get(name.toLowerCase()) ?? name;
  return objects.has(type) ? type : undefined;
}

/** `new Opportunity(Name = 'x', Sync_Status__c = 'Pending')` */
function creatorProblems(creator: ApexRule, objects: Objects, say: Say): Finding[] {
  const [created] = rules(creator, 'createdName');
  const object = created ? plain(created) : '';
  if (!objects.has(object)) return [];
  const given = rules(creator, 'classCreatorRest').flatMap((rest) => rules(rest, 'arguments')).flatMap((each) => rules(each, 'expressionList')).flatMap((list) => rules(list, 'expression'));
  return given.flatMap((each) => {
    const [left, , right] = each.children;
    if (!left || !right) return [];
    const name = plain(left);
    if (!objects.field(object, name)) return [say(each.line, `There is no field ${object}.${name}.`)];
    return valueProblems(object, name, wordsOf(right), objects, say);
  });
}

/** Texts that are compared with or put into a picklist of ours must be among its values. */
function valueProblems(object: string, path: string, words: readonly (readonly [string, number])[], objects: Objects, say: Say): Finding[] {
  const own = objects.field(object, path)?.own;
  if (own?.type !== 'Picklist') return [];
  const texts = words.filter(([text]) => text.startsWith("'"));
  return texts.filter(([text]) => !own.values.some(({ value }) => `'${value}'` === text)).map(([text, line]) => say(line, `${object}.${own.name} has no value ${text}.`));
}
