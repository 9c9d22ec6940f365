// Which solutions fit what the seller types, best first.
import type { Solution } from './catalogue';

export const MOST = 20;
export const LETTERS = 2;

export interface Match extends Solution {
  /** Where the typed text stands in the name; -1 when only the id holds it. */
  readonly at: number;
}

/** @param chosen ids that are not offered again */
export function findMatches(solutions: readonly Solution[], typed: string, chosen: readonly string[]): Match[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted.length < LETTERS) return [];
  const taken = new Set(chosen.map((id) => id.toLowerCase()));
  const fits = solutions.filter((each) => !taken.has(each.id.toLowerCase())).map((each) => ({ ...each, at: each.name.toLocaleLowerCase().indexOf(wanted) }));
  return fits.filter((each) => each.at >= 0 || each.id.toLocaleLowerCase().includes(wanted)).sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

/** The beginning of the name, then the beginning of a word, then anywhere, then the id. */
const rank = ({ at, name }: Match): number => (at === 0 ? 0 : at < 0 ? 3 : name[at - 1] === ' ' ? 1 : 2);

export interface Tag {
  readonly id: string;
  readonly name: string;
  /** The catalogue was read and does not hold it. */
  readonly isUnknown: boolean;
}

export function toTags(ids: readonly string[], solutions: readonly Solution[] | undefined): Tag[] {
  return ids.map((id) => {
    const found = solutions?.find((each) => each.id.toLowerCase() === id.toLowerCase());
    return { id, name: found?.name ?? id, isUnknown: solutions !== undefined && !found };
  });
}
