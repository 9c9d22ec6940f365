// sObject Tree: records with their children in one call, all or none (REST guide, "sObject Tree").
import type { StandInAnswer } from '../../kit/standIn';
import type { Org } from '../org';
import { notFound, parserError, Problem } from '../problem';
import type { Cells, SObject } from '../schema/field';
import { readPayload } from '../saving/readPayload';
import { saveRow } from '../saving/saveRows';
import { methodNotAllowed, readParameters, type ApiCall } from './apiCall';
import { refuseConditions } from './preconditions';
import { circumstances, demand, objectFor } from './rows';

/** 200 records, five kinds, five levels. */
const MOST = 200;
const DEEPEST = 5;

type Json = Readonly<Record<string, unknown>>;

interface Node {
  readonly object: SObject;
  readonly referenceId: string;
  readonly values: Json;
  readonly children: readonly { readonly field: string; readonly node: Node }[];
}

export function answerTree(org: Org, call: ApiCall, objectName: string): StandInAnswer {
  if (call.method !== 'POST') throw methodNotAllowed(call);
  readParameters(call, []);
  refuseConditions(call);
  const nodes = readNodes(org, call, objectFor(call, objectName), call.body(), 1);
  const all = nodes.flatMap(flatten);
  if (all.length > MOST || new Set(all.map((one) => one.object)).size > DEEPEST) throw new Problem(400, 'INVALID_INPUT', `A tree holds up to ${MOST} records of up to ${DEEPEST} kinds.`);
  if (new Set(all.map((one) => one.referenceId)).size !== all.length) throw new Problem(400, 'INVALID_INPUT', 'Duplicate ReferenceId provided in the request.');
  const results: { referenceId: string; id: string }[] = [];
  let at: Node | undefined;
  const plant = (node: Node, parent: Cells): void => {
    at = node;
    demand(call, node.object, 'create');
    const row = saveRow(org, node.object, { cells: { ...readPayload(org, call.caller, node.object, node.values, 'create'), ...parent } }, circumstances(call));
    results.push({ referenceId: node.referenceId, id: row.id });
    for (const child of node.children) plant(child.node, { [child.field]: row.id });
  };
  try {
    org.store.transaction(() => nodes.forEach((node) => plant(node, {})));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: 400, body: { hasErrors: true, results: [{ referenceId: at?.referenceId, errors: [{ statusCode: error.code, message: error.message, fields: error.fields ?? [] }] }] } };
  }
  return { status: 201, body: { hasErrors: false, results } };
}

function readNodes(org: Org, call: ApiCall, object: SObject, body: unknown, level: number): Node[] {
  const records = typeof body === 'object' && body !== null ? (body as Json).records : undefined;
  if (!Array.isArray(records) || level > DEEPEST) throw parserError('A tree has lists of records, five levels deep at most.');
  return (records as Json[]).map((record) => {
    const { attributes, ...rest } = record;
    const { type, referenceId } = (attributes ?? {}) as Json;
    if (type !== object.name || typeof referenceId !== 'string') throw new Problem(400, 'INVALID_INPUT', `Each record needs attributes with the type ${object.name} and a referenceId.`);
    const isChild = (name: string): boolean => object.children.some((child) => child.name === name);
    const children = Object.entries(rest).filter(([name]) => isChild(name)).flatMap(([name, list]) => {
      const child = object.children.find((one) => one.name === name);
      if (!child) throw notFound();
      return readNodes(org, call, org.schema.object(child.object), list, level + 1).map((node) => ({ field: child.field, node }));
    });
    return { object, referenceId, values: Object.fromEntries(Object.entries(rest).filter(([name]) => !isChild(name))), children };
  });
}

const flatten = (node: Node): Node[] => [node, ...node.children.flatMap((child) => flatten(child.node))];
