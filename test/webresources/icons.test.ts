// The images of the list: drawn by the script that is committed beside them, told apart without colour, seen on light and dark.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { unzlibSync } from 'fflate';
import { drawIcon, icons } from '../../scripts/drawIcons.mjs';

const folder = join(process.cwd(), 'webresources/icons');
const names = Object.keys(icons);

/** Red, green, blue and alpha of each pixel, row by row. */
function pixels(png: Buffer): number[][] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([width, height]).toEqual([32, 32]);
  const rows = unzlibSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  return Array.from({ length: width * height }, (_, at) => [...rows.subarray(Math.floor(at / width) * (1 + 4 * width) + 1 + 4 * (at % width)).subarray(0, 4)]);
}

const luminance = (colour: readonly number[]): number => [0.2126, 0.7152, 0.0722].reduce((sum, share, at) => {
  const part = colour[at]! / 255;
  return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
}, 0);
const contrast = (one: readonly number[], other: readonly number[]): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

describe('the icons', () => {
  test('are the six of the list, and the files are what the script draws', () => {
    expect(readdirSync(folder).sort()).toEqual(['attention.png', 'conflict.png', 'failed.png', 'notshared.png', 'pending.png', 'synced.png']);
    for (const name of names) expect(readFileSync(join(folder, `${name}.png`)).equals(drawIcon(icons[name]!))).toBe(true);
  });

  test.each(names)('%s stands out from light and dark ground, rows that are pointed at included, and lets the ground through', (name) => {
    for (const ground of [[255, 255, 255], [0xeb, 0xf3, 0xfc], [0x29, 0x29, 0x29], [0x1f, 0x1f, 0x1f]]) expect(contrast(icons[name]!.colour, ground)).toBeGreaterThanOrEqual(3);
    const all = pixels(readFileSync(join(folder, `${name}.png`)));
    expect([all[0]![3], all[31]![3], all[992]![3], all[1023]![3]]).toEqual([0, 0, 0, 0]);
    expect(all.filter(([, , , alpha]) => alpha === 255).length).toBeGreaterThan(40);
  });

  test('differ in shape, not only in colour', () => {
    const shapes = names.map((name) => pixels(drawIcon(icons[name]!)).map(([, , , alpha]) => alpha! > 127));
    const apart = shapes.flatMap((one, at) => shapes.slice(at + 1).map((other) => one.filter((set, point) => set !== other[point]).length));
    expect(Math.min(...apart)).toBeGreaterThan(100);
  });
});
