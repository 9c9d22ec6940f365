// The words that scripts say, out of all that the product has, in both languages.
import en from '../../wording/en.json' with { type: 'json' };
import zh from '../../wording/zh.json' with { type: 'json' };
import { reasonActors, standardFieldKeys, type StandardFieldKey } from '../../core/browser';

const plain = [
  'share.title', 'share.text', 'share.help', 'share.confirm', 'share.cancel', 'sync.hint', 'vis.ms.text', 'off.title', 'off.text', 'off.stop', 'off.keep', 'bell.missed', 'list.tip', 'list.more',
  'status.notShared.label', 'status.pending.label', 'status.synced.label', 'status.attention.label', 'status.conflict.label', 'status.failed.label', 'reason.unknown.what',
] as const;

export type UsedKey = (typeof plain)[number] | `reason.${keyof typeof reasonActors}.what` | `field.${StandardFieldKey}`;

const keys: readonly string[] = [...plain, ...Object.keys(reasonActors).map((code) => `reason.${code}.what`), ...standardFieldKeys.map((field) => `field.${field}`)];

const chosen = (all: Readonly<Record<string, string>>): Readonly<Record<UsedKey, string>> =>
  Object.fromEntries(keys.map((key) => [key, all[key] ?? missing(key)])) as Record<UsedKey, string>;

function missing(key: string): never {
  throw new Error(`wording/*.json has no "${key}".`);
}

/** By the language's number: English and Simplified Chinese. */
export const usedWords: Readonly<Record<number, Readonly<Record<UsedKey, string>>>> = { 1033: chosen(en), 2052: chosen(zh) };
