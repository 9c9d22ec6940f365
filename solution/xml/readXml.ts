// Solution: XML as the checker and the packer read it, with the line on which each element begins.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Element } from './element';

export interface ReadElement extends Element {
  readonly children: readonly ReadElement[];
  readonly line: number;
}

/** Text that is no XML; `line` says where. */
export class XmlProblem extends Error {
  constructor(message: string, readonly line: number) {
    super(message);
    this.name = 'XmlProblem';
  }
}

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '@', captureMetaData: true, ignoreDeclaration: true, ignorePiTags: true, parseTagValue: false, parseAttributeValue: false, trimValues: false });
// Typed as the wrapper object; it is a symbol.
const metadata = XMLParser.getMetaDataSymbol() as unknown as symbol;

/** The root element. @throws XmlProblem with the line */
export function readXml(text: string): ReadElement {
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new XmlProblem(verdict.err.msg, verdict.err.line);
  const breaks = lineBreaks(text);
  const root = (parser.parse(text) as Node[]).map((node) => toElement(node, breaks)).find((each) => each !== undefined);
  if (!root) throw new XmlProblem('There is no element.', 1);
  return root;
}

function toElement(node: Node, breaks: readonly number[]): ReadElement | undefined {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name.startsWith('#')) return undefined;
  const content = node[name] as Node[];
  const at = (node as unknown as Readonly<Record<symbol, { startIndex?: number } | undefined>>)[metadata]?.startIndex ?? 0;
  return {
    name,
    // The parser refuses bare names such as `constructor`, which manifests have.
    attributes: Object.fromEntries(Object.entries((node[':@'] ?? {}) as Record<string, string>).map(([key, value]) => [key.slice(1), value])),
    children: content.map((child) => toElement(child, breaks)).filter((each) => each !== undefined),
    text: content.map((child) => String(child['#text'] ?? '')).join('').trim(),
    line: lineOf(at, breaks),
  };
}

function lineBreaks(text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at);
  return found;
}

function lineOf(index: number, breaks: readonly number[]): number {
  let [low, high] = [0, breaks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((breaks[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** Children of that name. */
export const childrenOf = (element: ReadElement | undefined, name: string): ReadElement[] => element?.children.filter((child) => child.name === name) ?? [];

/** The first child of that name. */
export const childOf = (element: ReadElement | undefined, name: string): ReadElement | undefined => element?.children.find((child) => child.name === name);

/** Text of the first child of that name; empty when there is none. */
export const textOf = (element: ReadElement | undefined, name: string): string => childOf(element, name)?.text ?? '';

/** The element itself and all below it, in document order. */
export function* walk(element: ReadElement): Generator<ReadElement> {
  yield element;
  for (const child of element.children) yield* walk(child);
}

/** All below an element that have this name, itself included. */
export const allNamed = (element: ReadElement | undefined, name: string): ReadElement[] => (element ? [...walk(element)].filter((each) => each.name === name) : []);
