// The fields of Salesforce's own objects, read from the class files of apex-ls (API 65). Needs no Java.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { jarFolder } from './tools';

/** A field by its name; `parent` and `children` name the object that a relationship leads to. */
export interface StandardField {
  readonly name: string;
  readonly parent?: string;
  readonly children?: string;
}

const folder = 'com/nawforce/runforce/SObjects/';

/**
 * Fields of the named objects by lower-case name, as Salesforce compares them; an object that is unknown is left out.
 * @param tools folder of the checks' tools
 */
export function readStandardObjects(tools: string, names: ReadonlySet<string>): ReadonlyMap<string, ReadonlyMap<string, StandardField>> {
  const jar = readFileSync(join(jarFolder(tools), 'sobject-types-65.0.0.jar'));
  const classes = unzipSync(jar, { filter: ({ name }) => name.startsWith(folder) && names.has(name.slice(folder.length, -'.class'.length)) });
  return new Map(Object.entries(classes).map(([path, bytes]) => [path.slice(folder.length, -'.class'.length), new Map(fieldsOf(bytes).map((field) => [field.name.toLowerCase(), field]))]));
}

/** The fields of a Java class file (Java Virtual Machine Specification, chapter 4): constant pool, then interfaces, then fields. */
function fieldsOf(bytes: Uint8Array): StandardField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { texts, end } = constantPool(view, bytes);
  let at = end + 6; // access flags, this class, super class
  at += 2 + 2 * view.getUint16(at);
  const count = view.getUint16(at);
  at += 2;
  const fields: StandardField[] = [];
  for (let index = 0; index < count; index += 1) {
    fields.push(toField(texts.get(view.getUint16(at + 2))!, texts.get(view.getUint16(at + 4))!));
    let attributes = view.getUint16(at + 6);
    at += 8;
    for (; attributes > 0; attributes -= 1) at += 6 + view.getUint32(at + 2);
  }
  return fields;
}

const textTag = 1;
const sizes: Readonly<Record<number, number>> = { 3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2 };

function constantPool(view: DataView, bytes: Uint8Array): { readonly texts: ReadonlyMap<number, string>; readonly end: number } {
  const texts = new Map<number, string>();
  const count = view.getUint16(8);
  let at = 10;
  for (let index = 1; index < count; index += 1) {
    const tag = view.getUint8(at);
    const length = tag === textTag ? 2 + view.getUint16(at + 1) : (sizes[tag] ?? 0);
    if (tag === textTag) texts.set(index, Buffer.from(bytes.subarray(at + 3, at + 1 + length)).toString('utf8'));
    if (tag === 5 || tag === 6) index += 1; // long and double take two places
    at += 1 + length;
  }
  return { texts, end: at };
}

function toField(name: string, descriptor: string): StandardField {
  const object = new RegExp(`^(\\[?)L${folder}(\\w+);$`).exec(descriptor);
  if (!object) return { name };
  return object[1] ? { name, children: object[2]! } : { name, parent: object[2]! };
}
