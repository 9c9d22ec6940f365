// The words of the controls: complete in both languages, made from the one table, and read without ever breaking.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { controlWords, wordsOf } from '../../scripts/controlStrings.mjs';
import { fieldLabel, helpCodes, reasonActors, standardFieldKeys, syncStatuses, visibilities, dealStatuses } from '../../core/browser';
import { countOf, createWords } from '../../controls/shared/words';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = Object.keys(wordsOf) as (keyof typeof wordsOf)[];
const read = (language: string): Record<string, string> => JSON.parse(readFileSync(`${root}wording/${language}.json`, 'utf8')) as Record<string, string>;
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([each]) => each).sort();

describe('the words', () => {
  test.each(names)('of %s are the same in both languages, placeholders and all', (name) => {
    const [english, chinese] = [controlWords(root, name, 1033), controlWords(root, name, 2052)];
    expect(Object.keys(chinese)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(english)) expect([key, placeholders(chinese[key]!)]).toEqual([key, placeholders(text)]);
    expect(Object.entries(chinese).filter(([, text]) => !text)).toEqual([]);
  });

  test('of the table have the same keys in both languages', () => {
    expect(Object.keys(read('zh'))).toEqual(Object.keys(read('en')));
  });

  test('of a control are those of the table: only spaces around names differ', () => {
    const [table, words] = [read('zh'), controlWords(root, 'SyncStatus', 2052)];
    const shared = Object.keys(words).filter((key) => key in table);
    expect(shared.length).toBeGreaterThan(150);
    for (const key of shared) expect(words[key]!.replaceAll(' ', '')).toBe(table[key]!.replaceAll(' ', ''));
  });

  test('hold a sentence for one wherever they hold one for many', () => {
    const table = read('en');
    const counted = ['applied', 'diff.earlier', 'diff.later', 'ms.waiting', 'status.attention.text', 'status.conflict.text', 'head.waitingIn.text', 'text.waitingOut', 'btn.apply'];
    expect(counted.filter((key) => !table[key]?.includes('{n}') || table[`${key}1`] === undefined || table[`${key}1`]!.includes('{n}'))).toEqual([]);
  });

  test('know every name that core gives to statuses, fields, reasons and values', () => {
    const words = controlWords(root, 'SyncStatus', 1033);
    const asked = [
      ...syncStatuses.flatMap((status) => [`status.${status}.label`, `status.${status}.text`]), ...standardFieldKeys.map((key) => `field.${key}`),
      ...Object.keys(reasonActors).flatMap((code) => [`reason.${code}.what`, `reason.${code}.do`]), ...[...helpCodes, ...visibilities].map((code) => `code.${code}`),
      ...dealStatuses.filter((status) => status !== 'Error').map((status) => `code.${status}`),
    ];
    expect(asked.filter((key) => !words[key])).toEqual([]);
    for (const key of standardFieldKeys) expect([fieldLabel(key), words[`audit.${fieldLabel(key)}`]]).toEqual([fieldLabel(key), key]);
  });

  test('that a manifest names stand in the RESX of its control', () => {
    for (const name of names) {
      const manifest = readFileSync(`${root}controls/${name}/ControlManifest.Input.xml`, 'utf8');
      const keys = [...manifest.matchAll(/(?:display-name|description)-key="([^"]+)"/g)].map((hit) => hit[1]!);
      const words = controlWords(root, name, 1033);
      expect(keys.length).toBeGreaterThan(1);
      expect(keys.filter((key) => !words[key])).toEqual([]);
    }
  });
});

describe('a word', () => {
  const resources = (answer: (key: string) => string): ComponentFramework.Resources => ({ getString: answer }) as unknown as ComponentFramework.Resources;

  test('fills its placeholders, and shows an ellipsis for what nobody knows', () => {
    const words = createWords(resources(() => '{a} and {b}.'));
    expect([words('x', { a: 0 }), words('x', { a: 0, b: null }), words('x', { a: 0, b: 1 })]).toEqual(['0 and …', '0 and …', '0 and 1.']);
  });

  test.each([['the key itself', (key: string) => key], ['an empty text', () => ''], ['an exception', () => { throw new Error('unknown'); }], ['nothing', () => undefined as unknown as string]])('that is unknown is an empty text when the platform answers with %s', (_, answer) => {
    expect(createWords(resources(answer))('no.such.key')).toBe('');
  });

  test('about one thing has its own sentence', () => {
    const words = createWords(resources((key) => ({ things: '{n} things', things1: '1 thing' })[key] ?? key));
    expect([countOf(words, 'things', 1), countOf(words, 'things', 2), countOf(words, 'things', 0)]).toEqual(['1 thing', '2 things', '0 things']);
  });
});
