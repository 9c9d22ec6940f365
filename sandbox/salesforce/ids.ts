// Record ids: 15 characters whose case counts, and the 18-character form with a checksum of that case (SOAP guide, "ID Field Type").
import { createHash } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of a 15-character id: one letter for each five, telling which of them are upper case. */
export function toLongId(short: string): string {
  const sums = [0, 5, 10].map((from) => [...short.slice(from, from + 5)].reduce((sum, letter, at) => (/[A-Z]/.test(letter) ? sum + (1 << at) : sum), 0));
  return short + sums.map((sum) => CHECKSUM[sum]).join('');
}

/** 18 characters from 15 or 18; undefined when it is no id or its checksum is wrong. */
export function readId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]+$/.test(text)) return undefined;
  if (text.length === 15) return toLongId(text);
  return text.length === 18 && toLongId(text.slice(0, 15)) === text ? text : undefined;
}

/** The same id for the same name on every machine and at every start. */
export function stableId(prefix: string, name: string): string {
  const digest = createHash('sha1').update(`sandbox-salesforce/${prefix}/${name}`).digest();
  return toLongId(`${prefix}0s${[...digest.subarray(0, 10)].map((byte) => BASE62[byte % 62]).join('')}`);
}

/** The id of the n-th new record: neighbours that are 26 apart differ only in case, as they do in a real org. */
export function numberedId(prefix: string, n: number): string {
  let text = '';
  for (let rest = n; text.length < 10; rest = Math.floor(rest / 62)) text = (BASE62[rest % 62] ?? '0') + text;
  return toLongId(`${prefix}5g${text}`);
}
