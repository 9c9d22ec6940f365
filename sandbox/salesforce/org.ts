// What every part of the stand-in shares: rows, objects, sessions, bells, the clock and the dice.
import type { Access } from './access';
import type { Automation } from './saving/automation';
import type { RowStore } from './rowStore';
import type { Schema } from './schema/schema';
import type { Triggers } from './schema/readTriggers';
import type { Bells } from './trigger/bells';
import type { Refusals } from './refusals';

export interface Org {
  readonly store: RowStore;
  readonly schema: Schema;
  readonly access: Access;
  readonly bells: Bells;
  /** What the package's triggers listen to. */
  readonly triggers: Triggers;
  readonly automation: Automation;
  readonly refusals: Refusals;
  /** Milliseconds. */
  now(): number;
  /** 0 to 1, the same row of numbers for the same seed. */
  random(): number;
  readonly nasty: boolean;
  readonly duplicateRules: 'off' | 'alert' | 'block';
  /** Most records on a page of a query. */
  readonly pageSize: number;
  /** `http://host:port`: login address, My Domain and instance in one. */
  url(): string;
  /** Runs something soon; never after close. */
  later(ms: number, task: () => void): void;
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

/** Times are kept and answered in whole seconds, always in UTC (salesforce.md section 7: 1 s resolution). */
export const toMoment = (at: number): string => new Date(Math.floor(at / 1_000) * 1_000).toISOString().replace('Z', '+0000');

export const momentToMs = (moment: string): number => Date.parse(moment.replace('+0000', 'Z'));
