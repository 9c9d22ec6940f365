// Bells as the arrays that cosell.ring takes.
import type { Ring } from '../ports/store';

/** Keys, sides, priorities and delays in milliseconds, each in the order of the bells. */
export const ringArguments = (rings: readonly Ring[]): readonly [string[], number[], number[], number[]] => [
  rings.map((each) => each.key),
  rings.map((each) => each.sides),
  rings.map((each) => each.priority),
  rings.map((each) => each.delayMs ?? 0),
];
