// The seller's answers to conflicts, as the control writes them, and values as it shows them.
import type { FieldKey } from './fields';
import { sameValue } from './canonical/cell';
import { cutText } from './canonical/text';
import type { Conflict } from './link';
import type { Json } from './snapshot';

export interface Choice {
  readonly field: FieldKey;
  readonly keep: 'crm' | 'partner';
  readonly seen: { readonly crm: Json; readonly partner: Json };
}

const SHOWN_CHARACTERS = 1_000;

/** A canonical value as details and choices show it: amounts as numbers, long texts cut. */
export function shownValue(field: FieldKey, value: Json): Json {
  if (field === 'dealValue' && typeof value === 'string') return Number(value);
  return typeof value === 'string' ? cutText(value, SHOWN_CHARACTERS) : value;
}

/** Reads the column. @returns `undefined` when it is malformed; opposite choices for one group are judged with the group */
export function parseChoices(text: string): readonly Choice[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = (parsed as { choices?: unknown } | null)?.choices;
  if (!Array.isArray(list)) return undefined;
  return list.every(isChoice) ? list : undefined;
}

function isChoice(value: unknown): value is Choice {
  const choice = value as Partial<Choice> | null;
  return typeof choice?.field === 'string' && (choice.keep === 'crm' || choice.keep === 'partner') && typeof choice.seen === 'object' && choice.seen !== null;
}

export type Verdict = { readonly type: 'none' } | { readonly type: 'keep'; readonly side: 'crm' | 'partner' } | { readonly type: 'stale' } | { readonly type: 'unreadable' };

/** What the choices say about one group in conflict. One choice decides the group; a choice on values that are no longer there decides nothing. */
export function judgeGroup(conflicts: readonly Conflict[], choices: readonly Choice[]): Verdict {
  const mine = choices.filter((choice) => conflicts.some((conflict) => conflict.field === choice.field));
  if (mine.length === 0) return { type: 'none' };
  const sides = new Set(mine.map((choice) => choice.keep));
  if (sides.size > 1) return { type: 'unreadable' };
  const stale = mine.some((choice) => {
    const conflict = conflicts.find((each) => each.field === choice.field);
    return !conflict || !sameValue(choice.seen.crm ?? null, conflict.crm) || !sameValue(choice.seen.partner ?? null, conflict.partner);
  });
  return stale ? { type: 'stale' } : { type: 'keep', side: mine[0]!.keep };
}
