// What a customer installs, read back: XML as plain elements.
import { XMLParser } from 'fast-xml-parser';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '@', ignoreDeclaration: true, ignorePiTags: true, parseTagValue: false, parseAttributeValue: false, trimValues: false });

/** The root element. @throws Error when there is none */
export function readXml(text: string): Element {
  const root = (parser.parse(text.replace(/^\uFEFF/, '')) as Node[]).map(toElement).find((each) => each !== undefined);
  if (!root) throw new Error('There is no element in the XML.');
  return root;
}

function toElement(node: Node): Element | undefined {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name.startsWith('#')) return undefined;
  const content = node[name] as readonly Node[];
  return {
    name,
    // Without the prefix the parser refuses an attribute called `constructor`, which every control has.
    attributes: Object.fromEntries(Object.entries((node[':@'] ?? {}) as Record<string, string>).map(([attribute, value]) => [attribute.slice(1), value])),
    children: content.flatMap((each) => toElement(each) ?? []),
    text: content.map((each) => (typeof each['#text'] === 'string' ? each['#text'] : '')).join(''),
  };
}

export const childrenOf = (element: Element | undefined, name: string): readonly Element[] => element?.children.filter((each) => each.name === name) ?? [];

export const childOf = (element: Element | undefined, name: string): Element | undefined => element?.children.find((each) => each.name === name);

/** Follows names downwards: the first of each. */
export const below = (element: Element | undefined, ...path: readonly string[]): Element | undefined => path.reduce((at: Element | undefined, name) => childOf(at, name), element);

export const textOf = (element: Element | undefined, name: string): string => childOf(element, name)?.text ?? '';

/** All elements of a name, however deep. */
export const allBelow = (element: Element, name: string): readonly Element[] => element.children.flatMap((each) => [...(each.name === name ? [each] : []), ...allBelow(each, name)]);
