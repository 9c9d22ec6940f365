// What is said to people, in their language.
import { usedWords, type UsedKey } from './atBuild/usedWords';

const ENGLISH = 1033;

export type Params = Readonly<Record<string, unknown>>;

/** A sentence with its braces filled; a language that we do not speak hears English. A brace without a value is left out. */
export function word(key: UsedKey, language: number, params: Params = {}): string {
  const text = (usedWords[language] ?? usedWords[ENGLISH])?.[key] ?? '';
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** Is there such a word? For codes that a newer service may send. */
export const hasWord = (key: string): key is UsedKey => usedWords[ENGLISH] !== undefined && Object.prototype.hasOwnProperty.call(usedWords[ENGLISH], key);

/** The user's language as Dataverse numbers it. */
export const userLanguage = (): number => Xrm.Utility.getGlobalContext().userSettings.languageId;
