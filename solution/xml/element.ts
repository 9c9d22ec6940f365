// Solution: XML as the solution's sources are written; one element a line, so that a line number says enough.

/** An element to be written. Text and children do not mix in solution files. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** `el('name', { a: 1 }, [child])`, `el('Name', {}, 'text')`; attributes that are undefined are left out. */
export function el(name: string, attributes: Attributes = {}, content: readonly (Element | undefined)[] | string | number = []): Element {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined).map(([key, value]) => [key, String(value)] as const);
  const children = typeof content === 'object' ? content.filter((each): each is Element => each !== undefined) : [];
  return { name, attributes: Object.fromEntries(given), children, text: typeof content === 'object' ? '' : String(content) };
}

/** Elements that hold nothing but a text: `texts({ Type: 'bit', Name: 'x' })`. */
export const texts = (pairs: Readonly<Record<string, string | number>>): Element[] => Object.entries(pairs).map(([name, text]) => el(name, {}, text));

export const xsi = { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' } as const;

/** A whole file, with or without its declaration. */
export const toXml = (root: Element, declaration = true): string => `${declaration ? '<?xml version="1.0" encoding="utf-8"?>\n' : ''}${lines(root, '').join('\n')}\n`;

function lines(element: Element, indent: string): string[] {
  const { name, attributes, children, text } = element;
  const open = `${indent}<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`).join('')}`;
  if (children.length > 0) return [`${open}>`, ...children.flatMap((child) => lines(child, `${indent}  `)), `${indent}</${name}>`];
  return [text === '' ? `${open} />` : `${open}>${escapeXml(text)}</${name}>`];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
