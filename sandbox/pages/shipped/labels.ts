// What a customer installs, read back: labels in the languages that the package brings.
import { childrenOf, type Element } from './xml';

/** By language code: 1033, 2052. */
export type Labels = Readonly<Record<number, string>>;

/** Reads `<labels><label description languagecode/></labels>` and its likes. */
export const labelsOf = (holder: Element | undefined, name: string): Labels => Object.fromEntries(childrenOf(holder, name).map(({ attributes }) => [Number(attributes.languagecode), attributes.description ?? '']));

/** The label in a language, else in English, else the first. */
export const labelIn = (labels: Labels, language: number): string => labels[language] ?? labels[1033] ?? Object.values(labels)[0] ?? '';
