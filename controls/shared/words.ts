// The seller's words, in the language in which the platform read them for this control.

export type Params = Readonly<Record<string, unknown>>;

export interface Words {
  /** A sentence with its placeholders filled; one that nobody knows a value for shows `…`. An unknown key is an empty text. */
  (key: string, params?: Params): string;
}

/** @param resources what it does with an unknown key is not documented: an empty text, the key itself and an exception all count as unknown */
export const createWords = (resources: ComponentFramework.Resources): Words => (key, params = {}) => {
  let text: string | undefined;
  try {
    text = resources.getString(key);
  } catch {
    // Unknown.
  }
  return text && text !== key ? text.replace(/\{(\w+)\}(\.?)/g, (_, name: string, stop: string) => ((params[name] ?? null) === null ? '…' : String(params[name]) + stop)) : '';
};

/** A sentence about a number: one has a sentence of its own, under the key with `1` at its end. */
export const countOf = (words: Words, key: string, n: number): string => words(n === 1 ? `${key}1` : key, { n });
