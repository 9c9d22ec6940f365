// Draws the list's icons: `node scripts/drawIcons.mjs` writes webresources/icons/*.png, which are committed. Shapes as in ui.md, "Colours and icons".
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';

/** Lists show 16 pixels and scale larger images down (Learn, "Display custom icons alongside values in list views"): twice as many stay sharp on fine screens. */
const SIZE = 32;
/** Shapes stand on a grid of 16; each pixel is asked at so many points a side. */
const GRID = 16;
const POINTS = 8;

const line = (width, ...points) => ({ width, points });
const arc = (width, [x, y], radius, from, to) => line(width, ...Array.from({ length: 33 }, (_, at) => turn([x, y], radius, from + ((to - from) * at) / 32)));
const ring = (width, centre, radius) => arc(width, centre, radius, 0, 360);
const dot = (centre, radius) => line(2 * radius, centre, centre);
const fill = (...points) => ({ points, isFilled: true });
/** Degrees, clockwise from three o'clock. */
const turn = ([x, y], radius, degrees) => [x + radius * Math.cos((degrees * Math.PI) / 180), y + radius * Math.sin((degrees * Math.PI) / 180)];
/** The same, turned half round about the middle. */
const opposite = (shape) => ({ ...shape, points: shape.points.map(([x, y]) => [GRID - x, GRID - y]) });
const twice = (...shapes) => [...shapes, ...shapes.map(opposite)];

/** By name of the file: colours that stand out from white and from the dark theme's ground alike, and shapes that need no colour. */
export const icons = {
  notshared: { colour: [0x80, 0x80, 0x80], shapes: [ring(1.5, [8, 8], 5.4)] },
  pending: { colour: [0x2b, 0x88, 0xd8], shapes: twice(arc(1.5, [8, 8], 5.8, 190, 325), line(1.5, [13.6, 1.9], [13.6, 5.6], [9.9, 5.6])) },
  synced: { colour: [0x2e, 0x96, 0x3d], shapes: [line(1.9, [2.6, 8.6], [6.2, 12.2], [13.6, 4.2])] },
  attention: { colour: [0xd9, 0x64, 0x1e], shapes: [line(1.5, [8, 2], [14.4, 13.6], [1.6, 13.6], [8, 2]), line(1.5, [8, 6.2], [8, 9.4]), dot([8, 11.5], 0.95)] },
  conflict: { colour: [0xc4, 0x4f, 0xbb], shapes: twice(ring(1.4, [4, 3.8], 1.8), line(1.5, [4, 5.6], [4, 10.4], [4.6, 11.8], [6, 12.4], [8, 12.4]), fill([7.4, 9.9], [10.2, 12.4], [7.4, 14.9])) },
  failed: { colour: [0xe0, 0x4a, 0x52], shapes: [ring(1.5, [8, 8], 6.1), line(1.5, [5.8, 5.8], [10.2, 10.2]), line(1.5, [10.2, 5.8], [5.8, 10.2])] },
};

/** One icon as a PNG with transparency; the same bytes wherever it is drawn. */
export function drawIcon({ colour, shapes }) {
  const rows = Buffer.alloc(SIZE * (1 + 4 * SIZE)); // each row begins with its filter, 0: none
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) Buffer.from([...colour, Math.round(255 * coverage(shapes, x, y))]).copy(rows, y * (1 + 4 * SIZE) + 1 + 4 * x);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  head.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, red green blue alpha
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', Buffer.from(zlibSync(rows, { level: 9 }))), chunk('IEND', Buffer.alloc(0))]);
}

/** The share of a pixel that the shapes cover. Only what is near it is asked at every point. */
function coverage(shapes, x, y) {
  const unit = GRID / SIZE;
  const middle = [(x + 0.5) * unit, (y + 0.5) * unit];
  const near = shapes.flatMap(piecesOf).filter((piece) => piece.isFilled || distance(middle, ...piece.points) <= piece.width / 2 + unit);
  let covered = 0;
  for (let at = 0; near.length > 0 && at < POINTS * POINTS; at += 1) {
    const point = [(x + ((at % POINTS) + 0.5) / POINTS) * unit, (y + (Math.floor(at / POINTS) + 0.5) / POINTS) * unit];
    if (near.some((piece) => (piece.isFilled ? isInside(point, piece.points) : distance(point, ...piece.points) <= piece.width / 2))) covered += 1;
  }
  return covered / (POINTS * POINTS);
}

const piecesOf = (shape) => (shape.isFilled ? [shape] : shape.points.slice(1).map((end, at) => ({ width: shape.width, points: [shape.points[at], end] })));

/** From a point to the piece between two others: lines end round. */
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** An odd number of edges lies to the right of an inner point. */
const isInside = ([x, y], points) => points.filter(([ax, ay], at) => {
  const [bx, by] = points[(at + 1) % points.length];
  return ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax);
}).length % 2 === 1;

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)];
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc32(body));
  return Buffer.concat([ends[0], body, ends[1]]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, icon] of Object.entries(icons)) writeFileSync(new URL(`../webresources/icons/${name}.png`, import.meta.url), drawIcon(icon));
}
