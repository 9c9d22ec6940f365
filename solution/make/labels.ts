// Solution sources: a text in both languages, in the elements that each kind of component uses for it.
import { languages, type Words } from '../model/words';
import { el, type Element } from '../xml/element';

const each = (name: string, words: Words): Element[] =>
  (['en', 'zh'] as const).map((language) => el(name, { description: words[language], languagecode: languages[language] }));

export const localizedNames = (words: Words): Element => el('LocalizedNames', {}, each('LocalizedName', words));
export const localizedCollectionNames = (words: Words): Element => el('LocalizedCollectionNames', {}, each('LocalizedCollectionName', words));
export const descriptions = (words: Words): Element => el('Descriptions', {}, each('Description', words));
export const displayNames = (words: Words): Element => el('displaynames', {}, each('displayname', words));
export const labels = (words: Words): Element => el('labels', {}, each('label', words));
