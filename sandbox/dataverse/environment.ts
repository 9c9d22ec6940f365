// What every part of the stand-in shares: rows, rights, steps, the clock and the dice.
import type { Access } from './access';
import type { RowStore } from './rowStore';
import type { StepRunner } from './stepRunner';

export interface Environment {
  readonly store: RowStore;
  readonly access: Access;
  readonly steps: StepRunner;
  /** Milliseconds; the `Date` of answers is the machine's own. */
  now(): number;
  /** 0 to 1, the same row of numbers for the same seed. */
  random(): number;
  readonly nasty: boolean;
  /** Share of the service's writes that the customer's plug-in touches afterwards. */
  plugInShare: number;
  /** Runs something soon; never after close. */
  later(ms: number, task: () => void): void;
  /** `http://host:port`, the environment's own address and the audience of its tokens. */
  url(): string;
}

/** A small generator with a seed (mulberry32): nastiness must be repeatable. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
