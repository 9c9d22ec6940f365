// Making the sources: a component keeps its id for ever, a new one gets its own at the end, and what nobody makes any more goes.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { make, ship } from '../../solution/main';
import { openIds, type IdFile } from '../../solution/make/ids';
import { makeSources } from '../../solution/make/makeSources';
import { sealOf } from '../../solution/make/seal';

const committed = JSON.parse(readFileSync('solution/ids.json', 'utf8')) as IdFile;
const never = (): string => {
  throw new Error('Nothing new should want an id.');
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cosell-make-'));
  writeFileSync(join(folder, 'package.json'), '{"version":"3.1.0"}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const idsIn = (root: string): IdFile => JSON.parse(readFileSync(join(root, 'solution/ids.json'), 'utf8')) as IdFile;

test('Every component that is shipped has its id already, and every id its component', () => {
  const asked = new Set<string>();
  const ids = openIds(committed, never);
  makeSources({ ...ids, of: (component) => ids.of(asked.add(component) && component), braced: (component) => ids.braced(asked.add(component) && component) });
  expect([...asked].sort()).toEqual(committed.ids.map(({ of }) => of).sort());
  expect(ids.file()).toEqual(committed);
});

test('A new component gets a new id at the end, once', () => {
  const ids = openIds(committed, () => 'new');
  expect([ids.of('view of tomorrow'), ids.braced('view of tomorrow'), ids.of(committed.ids[0]!.of)]).toEqual(['new', '{new}', committed.ids[0]!.id]);
  expect(ids.file().ids).toEqual([...committed.ids, { of: 'view of tomorrow', id: 'new' }]);
});

test('A run writes everything, a second run nothing, and a file that nobody makes goes', () => {
  expect(make(folder)).toContain('solution/src/Other/Solution.xml');
  expect(make(folder)).toEqual([]);
  const stray = 'solution/src/Roles/Co-sell Guest.xml';
  writeFileSync(join(folder, stray), '<Role />');
  expect(make(folder)).toEqual([stray]);
  expect(existsSync(join(folder, stray))).toBe(false);
  expect(new Set(idsIn(folder).ids.map(({ id }) => id)).size).toBe(committed.ids.length);
});

test('A release seals the ids there are, once a version', () => {
  make(folder);
  expect(ship(folder)).toEqual(['solution/ids.json']);
  expect(ship(folder)).toEqual([]);
  const { ids, shipped } = idsIn(folder);
  expect(shipped).toEqual([{ version: '3.1.0.0', count: ids.length, sha256: sealOf(ids, ids.length) }]);
  expect(sealOf([{ ...ids[0]!, id: 'another' }, ...ids.slice(1)], ids.length)).not.toBe(shipped[0]!.sha256);
});
