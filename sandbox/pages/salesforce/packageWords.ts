// The Salesforce page: what the package's fields and their values are called, read from the metadata that an admin deploys.
import { all, childOf, metadataFiles, objectOf, textOf, type Xml } from '../../salesforce/schema/metadataFiles';
import type { Language } from '../server/shell';
import { basename, dirname } from 'node:path';

export interface PackageWords {
  /** By API name. */
  readonly labels: Readonly<Record<string, string>>;
  /** By API name of a picklist, then by value. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Words = { labels: Record<string, string>; values: Record<string, Record<string, string>> };

/** @param folder of the package; what it does not translate stays as it is */
export function readPackageWords(folder: string): Readonly<Record<Language, PackageWords>> {
  const en: Words = { labels: {}, values: {} };
  for (const { name, root } of metadataFiles(folder, 'field').filter((file) => objectOf(file) === 'Opportunity')) {
    en.labels[name] = textOf(root, 'label') ?? name;
    const values = all(childOf(childOf(root, 'valueSet') ?? {}, 'valueSetDefinition') ?? {}, 'value');
    if (values.length > 0) en.values[name] = pairs(values, 'fullName', 'label');
  }
  const zh: Words = { labels: { ...en.labels }, values: { ...en.values } };
  for (const { name, root } of metadataFiles(folder, 'fieldTranslation').filter(({ path }) => basename(dirname(path)) === 'Opportunity-zh_CN')) {
    zh.labels[name] = textOf(root, 'label') ?? name;
    // A translation names the value by its label in the org's own language (Metadata API guide, "CustomObjectTranslation", masterLabel).
    const translated = pairs(all(root, 'picklistValues'), 'masterLabel', 'translation');
    zh.values[name] = Object.fromEntries(Object.entries(en.values[name] ?? {}).map(([value, label]) => [value, translated[label] ?? label]));
  }
  return { en, zh };
}

const pairs = (entries: readonly Xml[], from: string, to: string): Record<string, string> => Object.fromEntries(entries.map((entry) => [textOf(entry, from) ?? '', textOf(entry, to) ?? '']));
