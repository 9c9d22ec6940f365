// Packing: from the source format (one file a field) to the Metadata API's (one file an object), and the manifest that names every part.
import { composedKinds, metadataKinds, type ComposedKind, type MetadataKind } from './metadataKinds';
import { sorted, type SourceFiles } from './readSource';

const root = 'force-app/main/default/';
const namespace = 'http://soap.sforce.com/2006/04/metadata';
const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Files of a Metadata API package, `package.xml` among them.
 * @param version API version of the manifest, such as `66.0`
 * @throws Error naming a file that belongs to no known kind
 */
export function sourceToMetadata(source: SourceFiles, version: string): SourceFiles {
  const { packed, members } = convert(source);
  return new Map([['package.xml', manifest(members, version)], ...sorted(packed)]);
}

/** Goes by itself with its object, or cannot be deleted by the Metadata API at all (Metadata API guide, "Deleting Components from an Organization"). */
const goesAlong = ['CustomObjectTranslation', 'Layout', 'ListView'];

/** Files of a package that takes everything away again: an empty manifest, and what is to be deleted. */
export function sourceToRemoval(source: SourceFiles, version: string): SourceFiles {
  const { members } = convert(source);
  const objects = members.get('CustomObject') ?? new Set();
  const goes = [...members].filter(([type]) => !goesAlong.includes(type)).map(([type, names]) => [type, type === 'CustomField' ? new Set([...names].filter((name) => !objects.has(name.split('.')[0]!))) : names] as const);
  return new Map([['package.xml', manifest(new Map(), version)], ['destructiveChanges.xml', manifest(new Map(goes), version)]]);
}

/** Metadata type to the names of its members. */
type Members = ReadonlyMap<string, ReadonlySet<string>>;

function convert(source: SourceFiles): { readonly packed: SourceFiles; readonly members: Members } {
  const packed = new Map<string, string>();
  const members = new Map<string, Set<string>>();
  const name = (type: string, member: string): void => void members.set(type, (members.get(type) ?? new Set()).add(member));
  for (const group of composedGroups(source)) for (const [path, text] of compose(group, name)) packed.set(path, text);
  for (const [path, text] of source) {
    const simple = simpleKind(path);
    if (simple) packed.set(packedPath(path, simple), text);
    if (simple && path.endsWith('-meta.xml')) name(simple.type, memberName(path, simple));
  }
  return { packed, members };
}

interface ComposedGroup {
  readonly kind: ComposedKind;
  /** Name of the object or of its translation. */
  readonly name: string;
  readonly files: readonly (readonly [string, string])[];
}

/** The files of each object and translation together. Every other file must be of a simple kind. */
function composedGroups(source: SourceFiles): ComposedGroup[] {
  const groups = new Map<string, ComposedGroup & { files: (readonly [string, string])[] }>();
  for (const [path, text] of source) {
    const [folder = '', name = ''] = path.slice(root.length).split('/');
    const kind = composedKinds.find((each) => each.folder === folder);
    if (!path.startsWith(root) || (!kind && !simpleKind(path))) throw new Error(`${path} is of no kind that the packer knows; see metadataKinds.ts.`);
    if (!kind) continue;
    const group = groups.get(`${folder}/${name}`) ?? { kind, name, files: [] };
    group.files.push([path.slice(`${root}${folder}/${name}/`.length), text]);
    groups.set(`${folder}/${name}`, group);
  }
  return [...groups.values()];
}

function compose({ kind, name, files }: ComposedGroup, member: (type: string, member: string) => void): [string, string][] {
  const main = files.find(([file]) => file === `${name}.${kind.suffix}-meta.xml`);
  if (main) member(kind.type, name);
  const parts = kind.parts.flatMap((part) => files.flatMap(([file, text]) => {
    const match = new RegExp(`^${part.folder ? `${part.folder}/` : ''}([^/]+)\\.${part.suffix}-meta\\.xml$`).exec(file);
    if (!match) return [];
    if (part.type) member(part.type, `${name}.${match[1]}`);
    return [`    <${part.element}>\n${indented(inside(text))}    </${part.element}>\n`];
  }));
  if (parts.length + (main ? 1 : 0) !== files.length) throw new Error(`${kind.folder}/${name} holds a file that the packer does not know; see metadataKinds.ts.`);
  const body = `${main ? inside(main[1]) : ''}${parts.join('')}`;
  return [[`${kind.folder}/${name}.${kind.suffix}`, `${head}<${kind.type} xmlns="${namespace}">\n${body}</${kind.type}>\n`]];
}

/** What stands between the root element's tags. */
function inside(text: string): string {
  const match = /^<\?xml[^>]*\?>\n<\w+ xmlns="[^"]*">\n([\s\S]*)<\/\w+>\n?$/.exec(text);
  if (!match) throw new Error(`A metadata file does not begin with the XML declaration and one root element: ${text.slice(0, 120)}`);
  return match[1]!;
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

const simpleKind = (path: string): MetadataKind | undefined => {
  const [folder, file, deeper] = path.slice(root.length).split('/');
  if (deeper !== undefined || file === undefined) return undefined;
  return metadataKinds.find((kind) => kind.folder === folder && (file.endsWith(`.${kind.suffix}-meta.xml`) || (kind.isCode && file.endsWith(`.${kind.suffix}`))));
};

const packedPath = (path: string, kind: MetadataKind): string => (kind.isCode ? path.slice(root.length) : path.slice(root.length, -'-meta.xml'.length));

const memberName = (path: string, kind: MetadataKind): string => path.slice(path.lastIndexOf('/') + 1, -`.${kind.suffix}-meta.xml`.length);

function manifest(members: Members, version: string): string {
  const types = [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, names]) => {
    const lines = [...names].sort().map((name) => `        <members>${name}</members>\n`).join('');
    return `    <types>\n${lines}        <name>${type}</name>\n    </types>\n`;
  });
  return `${head}<Package xmlns="${namespace}">\n${types.join('')}    <version>${version}</version>\n</Package>\n`;
}
