// What a customer installs, read back: a code component's manifest and words.
import { allBelow, childOf, childrenOf, readXml, textOf, type Element } from './xml';

export interface Component {
  /** With the publisher's prefix: `cosell_CoSell.SyncStatus`. */
  readonly name: string;
  /** As the bundle registers it: `CoSell.SyncStatus`. */
  readonly registeredAs: string;
  readonly isVirtual: boolean;
  readonly properties: readonly { readonly name: string; readonly type: string; readonly usage: 'bound' | 'input' | 'output'; readonly isRequired: boolean }[];
  readonly events: readonly string[];
  readonly code: string;
  readonly styles: readonly string[];
  readonly libraries: readonly { readonly name: string; readonly version: string }[];
  /** Words by language code. */
  readonly strings: Readonly<Record<number, Readonly<Record<string, string>>>>;
}

/** @throws Error when the manifest is none */
export function readComponent(name: string, manifest: Element, readFile: (path: string) => string | undefined): Component {
  const control = childOf(manifest, 'control');
  const resources = childOf(control, 'resources');
  if (!control || !resources) throw new Error(`The manifest of ${name} names no control or no resources.`);
  return {
    name, registeredAs: `${control.attributes.namespace}.${control.attributes.constructor}`, isVirtual: control.attributes['control-type'] === 'virtual',
    properties: childrenOf(control, 'property').map(({ attributes }) => ({ name: attributes.name ?? '', type: attributes['of-type'] ?? '', usage: attributes.usage === 'input' || attributes.usage === 'output' ? attributes.usage : 'bound', isRequired: attributes.required === 'true' })),
    events: childrenOf(control, 'event').map(({ attributes }) => attributes.name ?? ''),
    code: childOf(resources, 'code')?.attributes.path ?? 'bundle.js',
    styles: childrenOf(resources, 'css').map(({ attributes }) => attributes.path ?? ''),
    libraries: childrenOf(resources, 'platform-library').map(({ attributes }) => ({ name: attributes.name ?? '', version: attributes.version ?? '' })),
    strings: Object.fromEntries(childrenOf(resources, 'resx').map(({ attributes: { path = '' } }) => [languageOf(path), readStrings(readFile(path) ?? '<root/>')])),
  };
}

/** `strings/SyncStatus.2052.resx`; a file without a number is English. */
const languageOf = (path: string): number => Number(/\.(\d{4,5})\.resx$/.exec(path)?.[1] ?? 1033);

const readStrings = (resx: string): Record<string, string> => Object.fromEntries(allBelow(readXml(resx), 'data').map((data) => [data.attributes.name ?? '', textOf(data, 'value')]));
