import type { Buffer } from 'node:buffer';

export interface Icon {
  readonly colour: readonly [number, number, number];
  readonly shapes: readonly object[];
}

/** By name of the file. */
export const icons: Readonly<Record<string, Icon>>;
/** One icon as a PNG with transparency. */
export function drawIcon(icon: Icon): Buffer;
