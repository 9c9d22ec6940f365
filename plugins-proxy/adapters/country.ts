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
  countries.getAlpha2Code(name, 'en') ?? countries.getAlpha2Code(name, 'zh') ?? countries.getSimpleAlpha2Code(name, 'en');

/** The English name of an alpha-2 code, as a person would type it; the code itself when it is unknown. */
export const countryName = (code: string): string => countries.getName(code, 'en') ?? code;
