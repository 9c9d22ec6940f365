// Apex as syntax trees, and a few ways through them.
import { runTool } from './tools';
import type { Project } from './project';

/** A word of the source with its line. */
export type ApexWord = readonly [text: string, line: number];

export interface ApexRule {
  readonly rule: string;
  readonly line: number;
  readonly children: readonly ApexNode[];
}

export type ApexNode = ApexRule | ApexWord;

export interface ApexFile {
  readonly path: string;
  readonly errors: readonly { readonly line: number; readonly what: string }[];
  readonly tree: ApexRule;
}

/** Parses all classes and triggers. @throws Error when the parser cannot be run */
export function parseApex(project: Project, root: string, tools: string): ApexFile[] {
  const files = Object.fromEntries([...project.source].filter(([path]) => /\.(cls|trigger)$/.test(path)));
  const parsed = JSON.parse(runTool(root, 'parseApex.mjs', [tools], JSON.stringify(files))) as Record<string, Omit<ApexFile, 'path'>>;
  return Object.entries(parsed).map(([path, file]) => ({ path, ...file }));
}

export const isWord = (node: ApexNode): node is ApexWord => Array.isArray(node);

/** Text without the blanks between. */
export const plain = (node: ApexNode): string => (isWord(node) ? node[0] : node.children.map(plain).join(''));

/** Direct children of a rule. */
export const rules = (node: ApexNode, rule: string): ApexRule[] => (isWord(node) ? [] : node.children.filter((each): each is ApexRule => !isWord(each) && each.rule === rule));

/** Everything below, the node itself included, that is of one of the rules. */
export function below(node: ApexNode, ...names: readonly string[]): ApexRule[] {
  if (isWord(node)) return [];
  return [...(names.includes(node.rule) ? [node] : []), ...node.children.flatMap((each) => below(each, ...names))];
}

/** Every word below. */
export const wordsOf = (node: ApexNode): ApexWord[] => (isWord(node) ? [node] : node.children.flatMap(wordsOf));

/** `@IsTest` or `@TestVisible` before a member or a class. */
export const hasAnnotation = (node: ApexNode, name: string): boolean => rules(node, 'modifier').some((each) => plain(each).toLowerCase().startsWith(`@${name.toLowerCase()}`));
