// Every word that a seller reads exists in both languages, and says what the UI brief says where that lies beside the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

type Words = Readonly<Record<string, string>>;

const read = (path: string): Words => JSON.parse(readFileSync(join(process.cwd(), path), 'utf8')) as Words;
const files = [
  { of: 'the product', en: read('wording/en.json'), zh: read('wording/zh.json') },
  { of: 'the pages of the try-out', en: read('sandbox/pages/words/en.json'), zh: read('sandbox/pages/words/zh.json') },
];
/** Names of companies and products, signs, and what is written alike in both languages. */
const alike = /^[\s\d\p{P}\p{S}{}a-z]*$|Microsoft$|Dynamics 365|Salesforce|Webhook|CRM|Partner Center$/u;

describe.each(files)('the words of $of', ({ en, zh }) => {
  test('have the same keys in both languages', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(en).length).toBeGreaterThan(50);
  });

  test('have the same places to fill', () => {
    const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
    const different = Object.keys(en).filter((key) => JSON.stringify(places(en[key]!)) !== JSON.stringify(places(zh[key]!)));
    expect(different).toEqual([]);
  });

  test('are Chinese in Chinese', () => {
    const untranslated = Object.keys(en).filter((key) => !/\p{Script=Han}/u.test(zh[key]!) && !alike.test(zh[key]!));
    expect(untranslated).toEqual([]);
  });

  test('are empty nowhere, and shout nowhere', () => {
    expect([...Object.entries(en), ...Object.entries(zh)].filter(([, text]) => text.trim() === '' || /[!！]/.test(text))).toEqual([]);
  });
});

interface BriefRow {
  readonly keys: string;
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

const brief = join(process.cwd(), '../shared/ui/ui.md');
const rows = existsSync(brief) ? briefRows(readFileSync(brief, 'utf8')) : [];

/** Rows of the tables under "Wording": keys, English, Chinese; parts of a row are separated by ` · `, bold is the label, the rest its sentence. */
function briefRows(text: string): BriefRow[] {
  const parts = (cell: string): string[] => cell.split(' · ').flatMap((part) => /^\*\*(?<label>[^*]+)\*\* (?<rest>.+)$/.exec(part.trim())?.slice(1) ?? [part.trim()]);
  return text
    .slice(text.indexOf('## Wording'), text.indexOf('### Reasons'))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, 4).map((cell) => cell.trim()))
    .map(([keys = '', en = '', zh = '']) => ({ keys, en: parts(en), zh: parts(zh) }));
}

/** A sentence that the words build of several, or name otherwise for a reason, each told here. */
const told: Readonly<Record<string, string>> = {
  'Referral created, help asked: {help}': 'whole', 'Microsoft **accepted** the deal': 'Microsoft accepted the deal', 'Conflict on {field} settled: ours kept (theirs kept)': 'Conflict on {field} settled: ours kept',
  'Local stand-in': 'whole', 'for Partner Center. Made-up data; nothing here leaves this computer.': '**Local stand-in** for Partner Center. Made-up data; nothing here leaves this computer.', 'Who starts the deal? We do': 'Who starts the deal?', '由谁发起？我方': '由谁发起？', 'Microsoft **已接受**此交易': 'Microsoft 已接受此交易', '{field} 的冲突已解决：保留我方（保留对方）': '{field} 的冲突已解决：保留我方', '{reason} {n} more.': 'whole',
};

/** `| code | field | who | what and what to do | the same in Chinese |` */
function briefReasons(text: string): readonly (readonly [code: string, en: string, zh: string])[] {
  return text
    .slice(text.indexOf('### Reasons'))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, code = '', , , en = '', zh = '']) => [code.replaceAll('`', ''), en, zh] as const);
}

describe('the brief', () => {
  const all = (language: 'en' | 'zh'): Set<string> => new Set(files.flatMap((file) => Object.values(file[language])));

  test('is read at all, where it is there', () => {
    expect(existsSync(brief) ? rows.length > 70 : rows.length === 0).toBe(true);
  });

  test.each(['en', 'zh'] as const)('is kept to the letter, %s', (language) => {
    const known = all(language);
    const missing = rows.flatMap((row) => row[language].filter((part) => !known.has(part) && !(told[part] === 'whole' ? true : known.has(told[part] ?? ''))).map((part) => `${row.keys}: ${part}`));
    expect(missing).toEqual([]);
  });

  test('of reasons is kept to the letter', () => {
    const [{ en, zh }] = files as [(typeof files)[number]];
    const reasons = existsSync(brief) ? briefReasons(readFileSync(brief, 'utf8')) : [];
    expect(reasons.length > 20).toBe(existsSync(brief));
    const said = (words: Words, code: string, between: string): string => `${words[`reason.${code}.what`]}${between}${words[`reason.${code}.do`]}`;
    expect(reasons.filter(([code, english, chinese]) => said(en, code, ' ') !== english || said(zh, code, '') !== chinese).map(([code]) => code)).toEqual([]);
  });
});
