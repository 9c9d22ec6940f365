// The store on a real PostgreSQL: what a run writes is written whole, once, and only under its lease.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newLink, type Link } from '../../../core/index';
import { LeaseLost, LinkChanged, side, type Lease, type Store } from '../../../plugins-proxy/ports/store';
import { resolveAndRing, ring } from '../../../plugins-proxy/schedule/ring';
import { ringAllLinksOf, ringLinksOf } from '../../../plugins-proxy/schedule/ringLinksOf';
import { createCredentials } from '../../../plugins-proxy/store/createCredentials';
import { createStore } from '../../../plugins-proxy/store/createStore';
import { completeInventory, startInventory } from '../../../plugins-proxy/store/inventory';
import { migrate } from '../../../plugins-proxy/store/migrate';
import { createPool } from '../../../plugins-proxy/database/createPool';
import { bench, openBench, row } from '../schedule/bench';

let store: Store;
let lease: Lease;
const key = 'crm:dataverse:opportunity:o1';

beforeAll(async () => {
  await openBench();
  store = createStore(bench.pool);
});
beforeEach(async () => { lease = await leaseOn(key); });
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** A claimed row, without a worker. */
async function leaseOn(of: string): Promise<Lease> {
  await ring(bench.pool, [{ key: of, sides: side.crm, priority: 1 }]);
  await bench.pool.query('update cosell.work set lease = 7, claimed = wanted, taken = sides, sides = 0, attempts = 1 where key = $1', [of]);
  return { key: of, owner: 7, wanted: '1', sides: side.crm, rungOn: '', attempts: 1, claimedOn: '' };
}

const link = (id = 'l1', crmId = 'o1', more: Partial<Link> = {}): Link => ({
  ...newLink({ id, crmConnection: 'dataverse', partnerConnection: 'partner-center', kind: 'opportunity', crmId, mappingVersion: '1' }), ...more,
});

const microsoft = { id: 'm1', status: 'New', substatus: 'Pending', expiresOn: null, updatedOn: null };

describe('commit', () => {
  test('keeps a link as it was, also with text that a database dislikes, and counts its revision', async () => {
    const odd = link('l1', 'o1', { referralId: 'r1', engagementId: 'e1', microsoft, agreed: { notes: { crm: 'a\0b \ud83d "x" \\u0000', partner: { z: 1, a: [null, 1.5] } } } });
    const stored = await store.commit({ lease, link: odd });
    expect(stored).toEqual({ ...odd, rev: 1 });
    expect(await store.linkById('l1')).toEqual(stored);
    expect(await store.linkByCrm('dataverse', 'opportunity', 'o1')).toEqual(stored);
    expect(await store.linkByReferral('partner-center', 'r1')).toEqual(stored);
    expect(await store.linkByReferral('partner-center', 'm1')).toEqual(stored);
    expect(await store.linkByEngagement('partner-center', 'e1')).toEqual(stored);
    expect(await store.linkByReferral('other', 'r1')).toBeUndefined();
    expect((await store.commit({ lease, link: stored! }))!.rev).toBe(2);
  });

  test('a stale revision is refused and changes nothing', async () => {
    const first = (await store.commit({ lease, link: link() }))!;
    await store.commit({ lease, link: { ...first, phase: 'creating' } });
    await expect(store.commit({ lease, link: { ...first, phase: 'off' }, lines: [{ plan: 'p', n: 0, at: '2026-11-23T10:00:00Z', text: 'x' }], finish: true })).rejects.toBeInstanceOf(LinkChanged);
    expect((await store.linkById('l1'))!.phase).toBe('creating');
    expect(await store.timelineTail('l1', 1_000)).toEqual({ text: '', newest: 0 });
    expect(await row(bench.pool, key)).toMatchObject({ lease: 7 });
  });

  test('a record or a referral belongs to one link only', async () => {
    await store.commit({ lease, link: link('l1', 'o1', { referralId: 'r1' }) });
    await expect(store.commit({ lease, link: link('l2', 'o1') })).rejects.toBeInstanceOf(LinkChanged);
    await expect(store.commit({ lease, link: link('l2', 'o2', { referralId: 'r1' }) })).rejects.toBeInstanceOf(LinkChanged);
    await store.commit({ lease, link: link('l2', 'o2') });
  });

  test('everything of a run is written at once: link, entries, referrals seen, bells, finish', async () => {
    const seen = { id: 'r9', engagementId: 'e9', externalReferenceId: 'o1', organizationId: 'org', closed: false, createdOn: '2026-11-01T00:00:00.000Z', updatedOn: '2026-11-02T00:00:00.000Z' };
    await store.commit({
      lease, link: link(), lines: [{ plan: 'p', n: 0, at: '2026-11-23T10:00:00Z', text: 'one' }], seen: [seen],
      ring: [{ key: 'other', sides: side.partner, priority: 5 }], finish: true,
    });
    expect(await row(bench.pool, key)).toMatchObject({ wanted: '1', done: '1', lease: null, taken: 0, attempts: 0 });
    expect(await row(bench.pool, 'other')).toMatchObject({ wanted: '1', sides: side.partner, priority: 5 });
    expect(await store.seenByExternalId('partner-center', 'o1')).toEqual([seen]);
    expect((await store.timelineTail('l1', 100)).text).toBe('one');
  });

  test('a bell that rang during the run stays owed after the finish', async () => {
    await ring(bench.pool, [{ key, sides: side.partner, priority: 1 }]);
    await store.commit({ lease, finish: true });
    expect(await row(bench.pool, key)).toMatchObject({ wanted: '2', done: '1', sides: side.partner, taken: 0, lease: null });
  });

  test('without the lease nothing is written', async () => {
    await bench.pool.query('update cosell.work set lease = 8 where key = $1', [key]);
    const refused = store.commit({ lease, link: link(), ring: [{ key: 'other', sides: 1, priority: 1 }], finish: true });
    await expect(refused).rejects.toBeInstanceOf(LeaseLost);
    await expect(store.commit({ lease, finish: true })).rejects.toBeInstanceOf(LeaseLost);
    expect(await store.linkById('l1')).toBeUndefined();
    expect(await row(bench.pool, 'other')).toBeUndefined();
    expect(await row(bench.pool, key)).toMatchObject({ lease: 8, done: '0' });
  });

  test('a lease of an earlier claim does not write into a later one of the same process', async () => {
    await ring(bench.pool, [{ key, sides: 1, priority: 1 }]);
    await bench.pool.query('update cosell.work set claimed = wanted where key = $1', [key]);
    await expect(store.commit({ lease, finish: true })).rejects.toBeInstanceOf(LeaseLost);
  });

  test('two runs that ring each other at the same time do not block each other', async () => {
    const others = await Promise.all(['a', 'b', 'c', 'd'].map(leaseOn));
    const rings = others.map((each) => ({ key: each.key, sides: 1, priority: 1 as const }));
    for (let n = 0; n < 10; n += 1) await Promise.all(others.map((each) => store.commit({ lease: each, ring: n % 2 ? rings : [...rings].reverse() })));
    expect(await row(bench.pool, 'a')).toMatchObject({ wanted: '41' });
  });

  test('a referral seen earlier does not overwrite what was seen later', async () => {
    const of = (updatedOn: string, closed: boolean) => ({ id: 'r1', engagementId: 'e1', externalReferenceId: 'x', organizationId: 'org', closed, createdOn: '2026-11-01T00:00:00.000Z', updatedOn });
    const partner = await leaseOn('pc:partner-center:r1');
    await store.commit({ lease: partner, seen: [of('2026-11-03T00:00:00.000Z', true)] });
    await store.commit({ lease: partner, seen: [of('2026-11-02T00:00:00.000Z', false)] });
    expect((await store.seenByExternalId('partner-center', 'x')).map((each) => each.closed)).toEqual([true]);
  });
});

describe('the timeline', () => {
  test('stores an entry once and shows whole newest entries', async () => {
    const entry = (n: number, text: string) => ({ plan: 'p', n, at: '2026-11-23T10:00:00Z', text });
    const stored = (await store.commit({ lease, link: link(), lines: [entry(0, 'first'), entry(1, 'second'), entry(2, '🎉\0')] }))!;
    await store.commit({ lease, link: stored, lines: [entry(1, 'second again')] });
    const all = await store.timelineTail('l1', 1_000);
    expect(all.text).toBe('🎉\nsecond\nfirst');
    expect(await store.timelineTail('l1', 10)).toEqual({ text: '🎉\nsecond', newest: all.newest });
    expect(await store.timelineTail('l1', 9)).toEqual({ text: '🎉', newest: all.newest });
    expect(await store.timelineTail('l1', 2)).toEqual({ text: '', newest: all.newest });
    expect(await store.timelineTail('none', 100)).toEqual({ text: '', newest: 0 });
  });
});

describe('bells that find their records', () => {
  test('a referral rings its record by our id or by that of Microsoft, an unknown one rings for itself', async () => {
    await store.commit({ lease, link: link('l1', 'o1', { referralId: 'r1', microsoft }), finish: true });
    const of = (referralId: string) => ({ connection: 'partner-center', referralId });
    expect(await resolveAndRing(bench.pool, [of('r1')])).toEqual([key]);
    expect(await row(bench.pool, key)).toMatchObject({ wanted: '2', sides: side.partner });
    expect(await resolveAndRing(bench.pool, [of('M1'), of('r7')])).toEqual([key, 'pc:partner-center:r7']);
    expect(await row(bench.pool, key)).toMatchObject({ wanted: '3', sides: side.partner | side.microsoft });
    expect(await row(bench.pool, 'pc:partner-center:r7')).toMatchObject({ wanted: '1' });
    expect(await resolveAndRing(bench.pool, [])).toEqual([]);
  });

  test('an account rings the records that hang on it in batches, those that sleep aside', async () => {
    const refs = { account: 'a1', contact: null, owner: null };
    for (let n = 0; n < 5; n += 1) await store.commit({ lease, link: link(`l${n}`, `x${n}`, { refs, phase: n === 4 ? 'off' : 'linked' }) });
    await store.commit({ lease, link: link('other', 'y') });
    const first = await ringLinksOf(bench.pool, 'account', 'dataverse', 'a1', null, 3);
    expect(first).toEqual({ rung: 3, next: 'l2' });
    expect(await ringLinksOf(bench.pool, 'account', 'dataverse', 'a1', first.next, 3)).toEqual({ rung: 1, next: null });
    expect(await ringAllLinksOf(bench.pool, 'account', 'dataverse', 'a1', 2)).toBe(4);
    expect(await ringAllLinksOf(bench.pool, 'contact', 'dataverse', 'a1')).toBe(0);
    expect(await row(bench.pool, 'crm:dataverse:opportunity:x0')).toMatchObject({ wanted: '2', priority: 5, sides: side.crm });
    expect(await row(bench.pool, 'crm:dataverse:opportunity:x4')).toBeUndefined();
    expect(await row(bench.pool, 'crm:dataverse:opportunity:y')).toBeUndefined();
  });
});

describe('connections', () => {
  test('the first organisation is learnt, a copy is remembered, and adopting it rings every link with both sides', async () => {
    await store.rememberOrganization('dataverse', 'org-1');
    await store.rememberOrganization('dataverse', 'org-2');
    await store.markCopied('dataverse', 'the organisation changed');
    await store.markCopied('dataverse', 'something else');
    expect(await store.connectionState('dataverse')).toEqual({ organizationId: 'org-1', copied: 'the organisation changed', adoptedOn: null });
    await store.commit({ lease, link: link(), finish: true });
    expect(await store.adopt('dataverse', 'org-2')).toBe(1);
    expect(await store.connectionState('dataverse')).toEqual({ organizationId: 'org-2', copied: null, adoptedOn: expect.any(String) });
    expect(await row(bench.pool, key)).toMatchObject({ wanted: '2', sides: side.both });
    expect(await store.adopt('salesforce', null)).toBe(0);
  });

  test('open attempts are counted and referrals known', async () => {
    const own = { id: 'a', requestId: 'q', startedOn: '', crm: {}, body: null, state: 'notSent', looked: 0, lookAgainOn: null } as const;
    const stored = await store.commit({ lease, link: link('l1', 'o1', { attempts: { own, microsoft: null } }) });
    expect(await store.openAttempts('partner-center')).toBe(1);
    // A record that was deleted or switched off meanwhile is waited for by nobody: its attempt may stay open for ever.
    for (const phase of ['off', 'crmGone']) {
      await bench.pool.query('update cosell.link set phase = $1', [phase]);
      expect(await store.openAttempts('partner-center')).toBe(0);
    }
    await bench.pool.query("update cosell.link set phase = 'creating'");
    await store.commit({ lease, link: { ...stored!, referralId: 'r1', attempts: { own: null, microsoft: null } } });
    expect(await store.openAttempts('partner-center')).toBe(0);
    expect(await store.knowsReferral('partner-center', 'r1')).toBe(true);
    expect(await store.knowsReferral('partner-center', 'r2')).toBe(false);
  });

  test('the inventory begins once and is complete once', async () => {
    expect(await store.inventory('partner-center')).toEqual({ startedOn: null, complete: false });
    const startedOn = await startInventory(bench.pool, 'partner-center');
    expect(await startInventory(bench.pool, 'partner-center')).toBe(startedOn);
    await completeInventory(bench.pool, 'partner-center');
    expect(await store.inventory('partner-center')).toEqual({ startedOn, complete: true });
  });
});

describe('credentials', () => {
  test('are stored sealed, and opened with their own key only', async () => {
    const sealedBy = randomBytes(32);
    const credentials = createCredentials(bench.pool, sealedBy);
    expect(await credentials.read('partner-center')).toBeUndefined();
    await credentials.write('partner-center', 'old', 'f0');
    await credentials.write('partner-center', 'refresh-token', 'f1');
    expect(await credentials.read('partner-center')).toEqual({ secret: 'refresh-token', fingerprint: 'f1' });
    const { rows } = await bench.pool.query<{ secret: Buffer }>('select secret from cosell.credential');
    expect(rows[0]!.secret.includes('refresh-token')).toBe(false);
    await expect(createCredentials(bench.pool, randomBytes(32)).read('partner-center')).rejects.toThrow(/cannot be opened with this key/);
    await bench.pool.query(`update cosell.credential set fingerprint = 'f2'`);
    await expect(credentials.read('partner-center')).rejects.toThrow(/cannot be opened/);
    expect(() => createCredentials(bench.pool, randomBytes(16))).toThrow(/32 bytes/);
  });
});

describe('migrations', () => {
  test('processes that start together bring the database up to date once', async () => {
    const url = await bench.server.createDatabase('together');
    const pools = Array.from({ length: 4 }, () => createPool(url, 2, () => undefined));
    const applied = await Promise.all(pools.map((pool) => migrate(pool)));
    expect(applied.filter((each) => each.length > 0)).toHaveLength(1);
    expect(await migrate(pools[0]!)).toEqual([]);
    await pools[0]!.query(`insert into cosell.migration (number, name) values (9999, 'later')`);
    await expect(migrate(pools[0]!)).rejects.toThrow(/newer version/);
    await Promise.all(pools.map((pool) => pool.end()));
  });
});
