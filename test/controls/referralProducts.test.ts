// Products: ids as the column keeps them, the catalogue, and what fits what a seller types.
import { afterAll, beforeEach, describe, expect, test, jest } from '@jest/globals';
import fc from 'fast-check';
import { findMatches, toTags } from '../../controls/ReferralProducts/matching';
import { toColumn, toSolutionIds } from '../../controls/shared/solutionIds';
import type * as CatalogueModule from '../../controls/ReferralProducts/catalogue';

const solutions: readonly CatalogueModule.Solution[] = [
  { id: 'SOL-34104-EBB', name: 'Fabrikam Data Estate Accelerator', type: 'IP' }, { id: 'SOL-61120-RTW', name: 'Data Modernization Assessment', type: 'Services' },
  { id: 'SOL-20417-KPD', name: 'Modern Workplace Care', type: 'Services' }, { id: 'SOL-48215-JHN', name: 'Model Operations for Azure', type: 'IP' }, { id: 'SOL-00MOD-XYZ', name: 'Fabric Starter', type: 'IP' }, { id: 'SOL-9', name: 'Commodity Desk', type: 'IP' },
];

describe('the column', () => {
  test.each([['SOL-1;SOL-2'], ['SOL-1; SOL-2'], ['SOL-1,SOL-2'], ['SOL-1\nSOL-2\r\n'], [' ; SOL-1 ;; SOL-2;'], ['SOL-1；SOL-2'], ['SOL-1，SOL-2']])('%j is read as two ids', (text) => {
    expect(toSolutionIds(text)).toEqual(['SOL-1', 'SOL-2']);
  });

  test('folds doubles, in either case, and keeps the first spelling and the order', () => {
    expect(toSolutionIds('b;A;B;a;c')).toEqual(['b', 'A', 'c']);
  });

  test('of nothing is empty, and is written as empty', () => {
    expect([toSolutionIds(null), toSolutionIds(undefined), toSolutionIds(' ; ')]).toEqual([[], [], []]);
    expect([toColumn([]), toColumn(['SOL-1', 'SOL-2'])]).toEqual([null, 'SOL-1;SOL-2']);
  });

  test('reads back what it wrote', () => {
    const id = fc.stringMatching(/^[A-Z0-9-]{1,12}$/);
    fc.assert(fc.property(fc.uniqueArray(id, { selector: (each) => each.toLowerCase() }), (ids) => expect(toSolutionIds(toColumn(ids))).toEqual(ids)));
  });
});

describe('what is typed', () => {
  const found = (typed: string, chosen: readonly string[] = []): string[] => findMatches(solutions, typed, chosen).map((match) => match.id);

  test('is looked for from two letters on', () => {
    expect([found('m'), found(' m '), found('')]).toEqual([[], [], []]);
    expect(found('mo')).not.toEqual([]);
  });

  test('is found best first: the name’s beginning, a word’s beginning, anywhere, the id', () => {
    expect(found('mod')).toEqual(['SOL-20417-KPD', 'SOL-48215-JHN', 'SOL-61120-RTW', 'SOL-9', 'SOL-00MOD-XYZ']);
  });

  test('is not offered again once chosen', () => {
    expect(found('modern', ['sol-20417-kpd'])).toEqual(['SOL-61120-RTW']);
  });

  test('says where it stands in the name', () => {
    expect(findMatches(solutions, 'MOD', []).map((match) => match.at)).toEqual([0, 0, 5, 3, -1]);
  });

  test('never fills the screen', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => ({ id: `SOL-${at}`, name: `Module ${at}`, type: '' }));
    expect(findMatches(many, 'module', [])).toHaveLength(20);
  });
});

describe('a tag', () => {
  test('shows the catalogue’s name, whatever the spelling of the id', () => {
    expect(toTags(['sol-34104-ebb'], solutions)).toEqual([{ id: 'sol-34104-ebb', name: 'Fabrikam Data Estate Accelerator', isUnknown: false }]);
  });

  test('is called unknown only by a catalogue that was read', () => {
    expect(toTags(['SOL-99104-XYZ'], solutions)[0]!.isUnknown).toBe(true);
    expect(toTags(['SOL-99104-XYZ'], undefined)).toEqual([{ id: 'SOL-99104-XYZ', name: 'SOL-99104-XYZ', isUnknown: false }]);
  });
});

describe('the catalogue', () => {
  let catalogue: typeof CatalogueModule;
  const row = (code: string | null): ComponentFramework.WebApi.Entity => ({ cosell_solutioncode: code, cosell_name: `Name of ${code}`, cosell_solutiontype: null });
  const api = (...answers: readonly (readonly ComponentFramework.WebApi.Entity[] | Error)[]) => {
    const calls: unknown[][] = [];
    return {
      calls,
      retrieveMultipleRecords: async (...call: [string, string?, number?]): Promise<ComponentFramework.WebApi.RetrieveMultipleResponse> => {
        const answer = answers[calls.push(call) - 1];
        if (!answer || answer instanceof Error) throw answer ?? new Error('one call too many');
        return { entities: [...answer], nextLink: calls.length < answers.length ? 'https://org/api/data/v9.2/cosell_solutions?$select=x&$skiptoken=next' : '' };
      },
    };
  };

  const stored: Record<string, string> = {};
  const load = async (): Promise<void> => {
    jest.resetModules();
    catalogue = await import('../../controls/ReferralProducts/catalogue');
  };

  beforeEach(async () => {
    delete stored['cosell.solutions'];
    Object.assign(globalThis, { sessionStorage: { getItem: (key: string) => stored[key] ?? null, setItem: (key: string, value: string) => { stored[key] = value; } } });
    await load();
  });
  afterAll(() => { delete (globalThis as { sessionStorage?: unknown }).sessionStorage; });

  test('is not read by anybody but the one who asks', () => {
    expect(catalogue.knownCatalogue()).toEqual({ type: 'unread' });
  });

  test('is the solutions that can be sold, with only the columns that are shown', async () => {
    const { calls, ...webApi } = api([row('SOL-1'), row(null)]);
    expect(await catalogue.readCatalogue(webApi, 0)).toEqual({ type: 'read', solutions: [{ id: 'SOL-1', name: 'Name of SOL-1', type: '' }] });
    expect(calls).toEqual([['cosell_solution', '?$select=cosell_name,cosell_solutioncode,cosell_solutiontype&$filter=statecode eq 0&$orderby=cosell_name', 5000]]);
  });

  test('is read page by page', async () => {
    const { calls, ...webApi } = api([row('SOL-1')], [row('SOL-2')]);
    const read = await catalogue.readCatalogue(webApi, 0);
    expect(read.type === 'read' && read.solutions.map((each) => each.id)).toEqual(['SOL-1', 'SOL-2']);
    expect(calls[1]![1]).toBe('?$select=x&$skiptoken=next');
  });

  test('serves the whole session for ten minutes, and is then read anew', async () => {
    const { calls, ...webApi } = api([row('SOL-1')], [row('SOL-1')]);
    const once = { ...webApi, retrieveMultipleRecords: async (...call: [string, string?, number?]) => ({ ...(await webApi.retrieveMultipleRecords(...call)), nextLink: '' }) };
    for (const now of [0, 1, 599_999]) await catalogue.readCatalogue(once, now);
    expect(calls).toHaveLength(1);
    await catalogue.readCatalogue(once, 600_000);
    expect(calls).toHaveLength(2);
  });

  test('that cannot be read is said to have failed, and is asked for again', async () => {
    const webApi = api(new Error('403'), [row('SOL-1')]);
    expect(await catalogue.readCatalogue(webApi, 0)).toEqual({ type: 'failed' });
    expect((await catalogue.readCatalogue(webApi, 1)).type).toBe('read');
  });

  test('is known after a reload of the page, without a call', async () => {
    await catalogue.readCatalogue(api([row('SOL-1')]), 0);
    await load();
    expect(catalogue.knownCatalogue()).toEqual({ type: 'read', solutions: [{ id: 'SOL-1', name: 'Name of SOL-1', type: '' }] });
  });

  test.each(['', '{', '7', '{"solutions":[{}]}', '{"solutions":7}'])('that was stored as %j is none', async (text) => {
    stored['cosell.solutions'] = text;
    await load();
    expect(catalogue.knownCatalogue()).toEqual({ type: 'unread' });
  });

  test('needs no storage', async () => {
    Object.assign(globalThis, { sessionStorage: { getItem: () => { throw new Error('denied'); }, setItem: () => { throw new Error('denied'); } } });
    await load();
    expect((await catalogue.readCatalogue(api([row('SOL-1')]), 0)).type).toBe('read');
  });

  test('that was read once is better than one that cannot be read now', async () => {
    const webApi = api([row('SOL-1')]);
    await catalogue.readCatalogue(webApi, 0);
    expect((await catalogue.readCatalogue(api(new Error('down')), 600_000)).type).toBe('read');
  });
});
