// Salesforce stamps whole seconds and keeps no version. 500 sellers edit before, between and after our reads and writes, inside of a second and across
// its end: no edit is written over unseen, and none stays unnoticed, even when no bell rings. Without either half of the guard the same seeds lose edits.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CrmSnapshot, Values } from '../../core/index';
import type { SalesforceAdapter } from '../../plugins-proxy/adapters/salesforce/createSalesforceAdapter';
import type { Clock } from '../../plugins-proxy/adapters/salesforce/salesforceClient';
import { createTransport, type Transport } from '../../plugins-proxy/adapters/salesforce/transport';
import { createRandom } from '../../sandbox/salesforce/org';
import { seedIds } from '../../sandbox/salesforce/startSalesforce';
import { openSalesforceBench, type SalesforceBench } from './salesforceBench';

const SEEDS = 500;
/** What passes between two calls: nothing, moments, the rest of a second, more than one. */
const PAUSES = [0, 0, 1, 7, 60, 400, 950, 1_000, 1_700];

let bench: SalesforceBench;
let transport: Transport;

beforeAll(async () => {
  bench = await openSalesforceBench();
  bench.salesforce.loseNextBells(Infinity);
  await bench.signIn.session();
  transport = createTransport({ connect: 1_000, answer: 2_000 });
});
afterAll(() => bench.close());

interface Lost {
  readonly seed: number;
  readonly how: 'written over unseen' | 'unnoticed';
}

/** What happens around every call while a seed is played. */
let around: () => void = () => undefined;

/** An adapter whose calls let time pass and sellers work, before they go and after they came back. */
function adapterAmongSellers(more: { readonly withoutHeader?: boolean; readonly clock?: Clock } = {}): SalesforceAdapter {
  const among: Transport = {
    ...transport,
    httpRequest(request, options) {
      const { 'if-unmodified-since': _since, ...others } = request.headers ?? {};
      around();
      const answer = transport.httpRequest(more.withoutHeader ? { ...request, headers: others } : request, options);
      void answer.then(around, () => undefined);
      return answer;
    },
  };
  // One session for all: the org's clock soon is hours ahead, and no sign-in of ours would be believed.
  return bench.another({ transport: among, signIn: bench.signIn, ...(more.clock ? { clock: more.clock } : {}) });
}

/** One deal: a seller edits amounts and notes at random moments while the service writes an amount that came from the other side. */
async function play(port: SalesforceAdapter, seed: number): Promise<Lost[]> {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const { person } = bench.salesforce;
  const ref = await bench.makes({ dealValue: 100 });
  let edits = 0;
  const work = (): void => {
    bench.passes(pick(PAUSES));
    if (edits >= 4 || random() > 0.35) return;
    edits += 1;
    person.edit('Opportunity', ref.id, random() < 0.7 ? { Amount: 1_000 * seed + edits } : { Description: `note ${edits}` });
    bench.passes(pick(PAUSES));
  };
  const lost: Lost[] = [];
  work();
  bench.salesforce.resetWrites();
  around = work;
  let known = await read(port, ref.id);
  for (let round = 0; round < 3; round += 1) {
    const values: Values = { dealValue: String(50_000 + seed + round) };
    const answer = await port.write(ref, { values, present: { status: 'synced' } }, known);
    if (answer.type === 'refused' || answer.type === 'gone') throw new Error(JSON.stringify(answer));
    if (answer.type === 'written' && writtenOver(ref.id) !== amountOf(known)) lost.push({ seed, how: 'written over unseen' });
    known = answer.type === 'written' ? answer.snapshot : await read(port, ref.id);
    if (answer.type === 'written' && random() < 0.5) break;
  }
  work();
  around = () => undefined;
  const last = await read(port, ref.id);
  // A walk rings what has another version, and what was read within the second of its change.
  const isFound = known.version !== last.version || known.unsettled === true;
  if (JSON.stringify(known.cells) !== JSON.stringify(last.cells) && !isFound) lost.push({ seed, how: 'unnoticed' });
  return lost;
}

async function read(port: SalesforceAdapter, id: string): Promise<CrmSnapshot> {
  const found = await port.read({ kind: 'opportunity', id });
  if (found.type !== 'found') throw new Error('It should be there.');
  return found.snapshot;
}

const amountOf = ({ cells }: CrmSnapshot): number => (cells.dealValue?.kind === 'value' ? Number(cells.dealValue.value) : NaN);

/** The amount that stood there just before our last write of one, by the org's own history. */
const writtenOver = (id: string): unknown => bench.salesforce.writes().filter((each) => each.id === id && each.user === seedIds.serviceUser && each.fields.includes('Amount')).at(-1)?.oldValues.Amount;

async function playAll(port: SalesforceAdapter, until: (lost: readonly Lost[]) => boolean = () => false): Promise<Lost[]> {
  const lost: Lost[] = [];
  for (let seed = 1; seed <= SEEDS && !until(lost); seed += 1) lost.push(...(await play(port, seed)));
  return lost;
}

test(`no edit of ${SEEDS} sellers is lost`, async () => {
  expect(await playAll(adapterAmongSellers())).toEqual([]);
});

test('without the header the same seeds lose edits', async () => {
  expect((await playAll(adapterAmongSellers({ withoutHeader: true }), (lost) => lost.length >= 5)).map(({ how }) => how)).toContain('written over unseen');
});

test('without waiting for the second to pass the same seeds lose edits', async () => {
  let hurry = 0;
  // To this clock seconds pass between any two looks at it: the adapter believes that every read was late enough.
  const clock: Clock = { now: () => performance.now() + (hurry += 3_000), pause: async () => undefined };
  const hows = (await playAll(adapterAmongSellers({ clock }), (lost) => lost.some(({ how }) => how === 'written over unseen') && lost.some(({ how }) => how === 'unnoticed'))).map(({ how }) => how);
  expect(new Set(hows)).toEqual(new Set(['written over unseen', 'unnoticed']));
});
