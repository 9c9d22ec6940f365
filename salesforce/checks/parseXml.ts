// XML with line numbers, so that a finding points at the very element.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface XmlNode {
  readonly name: string;
  readonly line: number;
  /** Text of a leaf, trimmed. */
  readonly text: string;
  readonly children: readonly XmlNode[];
  readonly attributes: Readonly<Record<string, string>>;
}

const metaData = XMLParser.getMetaDataSymbol() as symbol;
const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', captureMetaData: true, parseTagValue: false });

type Raw = Record<string, unknown> & { ':@'?: Record<string, string>; [metaData]?: { startIndex: number } };

/** The root element, or what is wrong with the text and where. */
export function parseXml(text: string): { readonly root?: XmlNode; readonly problem?: { readonly line: number; readonly what: string } } {
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { problem: { line: valid.err.line, what: valid.err.msg } };
  const starts = lineStarts(text);
  const elements = (parser.parse(text) as Raw[]).map((each) => toNode(each, starts)).filter((node) => node !== undefined && node.name !== '?xml');
  return elements[0] ? { root: elements[0] } : { problem: { line: 1, what: 'There is no element.' } };
}

function toNode(raw: Raw, starts: readonly number[]): XmlNode | undefined {
  const name = Object.keys(raw).find((key) => key !== ':@' && key !== '#text');
  if (name === undefined) return undefined;
  const inner = raw[name] as Raw[];
  return {
    name,
    line: lineAt(starts, (raw as { [key: symbol]: { startIndex: number } | undefined })[metaData]?.startIndex ?? 0),
    text: inner.map((each) => (typeof each['#text'] === 'string' ? each['#text'] : '')).join('').trim(),
    children: inner.map((each) => toNode(each, starts)).filter((node) => node !== undefined),
    attributes: raw[':@'] ?? {},
  };
}

const lineStarts = (text: string): number[] => [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];

const lineAt = (starts: readonly number[], index: number): number => starts.findLastIndex((start) => start <= index) + 1;

/** The first child of a name. */
export const child = (node: XmlNode, name: string): XmlNode | undefined => node.children.find((each) => each.name === name);

/** Text of the first child of a name; empty when there is none. */
export const textOf = (node: XmlNode, name: string): string => child(node, name)?.text ?? '';

export const childrenOf = (node: XmlNode, name: string): XmlNode[] => node.children.filter((each) => each.name === name);
