// Countries as people type them, for every adapter: "Germany", "德国", "DEU" and "de" are one country.
import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import chinese from 'i18n-iso-countries/langs/zh.json' with { type: 'json' };

// Not the package's own entry: that one loads 80 languages and never lets go of them.
countries.registerLocale(english);
countries.registerLocale(chinese);

/** ISO 3166-1 alpha-2 of an English or Chinese name, an alpha-3 or an alpha-2 code, whatever its case; `null` when nobody knows it. */
export function countryCode(text: string): string | null {
  const wanted = text.trim();
  const known = asked.get(wanted);
  if (known !== undefined) return known;
  const code = lookUp(wanted);
  if (asked.size >= MOST_KEPT) asked.clear();
  asked.set(wanted, code);
  return code;
}

/** The package compares with every name of every language; the same few countries are asked for with every read. */
const asked = new Map<string, string | null>();
const MOST_KEPT = 1_000;

function lookUp(wanted: string): string | null {
  if (/^[a-z]{2}$/i.test(wanted)) return countries.isValid(wanted.toUpperCase()) ? wanted.toUpperCase() : (byName(wanted) ?? null);
  if (/^[a-z]{3}$/i.test(wanted)) return countries.alpha3ToAlpha2(wanted.toUpperCase()) ?? byName(wanted) ?? null;
  return byName(wanted) ?? null;
}

const byName = (name: string): string | undefined =>
  countries.getAlpha2Code(name, 'en') ?? countries.getAlpha2Code(name, 'zh') ?? countries.getSimpleAlpha2Code(name, 'en') ?? (customary ??= customaryNames()).get(bare(name));

let customary: ReadonlyMap<string, string> | undefined;

/** Names that the package lacks: ISO's list has 印尼 and not 印度尼西亚, and no Syria, Laos or Brunei; what people write is in the platform's own (CLDR). */
function customaryNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const locale of ['en', 'zh-Hans', 'zh-Hant', 'zh-Hant-HK']) {
    for (const style of ['long', 'short'] as const) {
      const shown = new Intl.DisplayNames(locale, { type: 'region', style, fallback: 'none' });
      for (const code of Object.keys(countries.getAlpha2Codes())) names.set(bare(shown.of(code) ?? ''), code);
    }
  }
  for (const [name, code] of otherNames) names.set(bare(name), code);
  names.delete('');
  return names;
}

/** In neither list: long forms, and names from before. */
const otherNames: readonly (readonly [string, string])[] = [
  ['Viet Nam', 'VN'], ['Macau', 'MO'], ['Macao', 'MO'], ['Burma', 'MM'], ['Myanmar', 'MM'], ['Swaziland', 'SZ'], ['Cape Verde', 'CV'], ['Holland', 'NL'], ['P.R. China', 'CN'], ['PRC', 'CN'],
  ['中华人民共和国', 'CN'], ['中華人民共和國', 'CN'], ['美利坚合众国', 'US'], ['大不列颠及北爱尔兰联合王国', 'GB'], ['德意志联邦共和国', 'DE'], ['法兰西共和国', 'FR'], ['大韩民国', 'KR'], ['俄罗斯联邦', 'RU'],
];

/** Without case, accents, punctuation and blanks; `&` is "and", `St.` is "Saint". */
const bare = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/&/g, 'and').replace(/\bst\b/g, 'saint').replace(/[^\p{L}\p{N}]/gu, '');

/** The English name of an alpha-2 code, as a person would type it; the code itself when it is unknown. */
export const countryName = (code: string): string => countries.getName(code, 'en') ?? code;
