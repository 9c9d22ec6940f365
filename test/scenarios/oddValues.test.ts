// 100 nasty round trips: odd texts, amounts and days, each starting once on either side, settle without a second write.
import { afterAll, describe, expect, test } from '@jest/globals';
import { crms, type Typed } from '../kit/crm';
import { createRecords, type Records } from '../kit/records';
import { createWorld, stopPostgres, until, type World } from '../kit/world';

afterAll(stopPostgres);

const long = (part: string, length: number): string => part.repeat(Math.ceil(length / part.length)).slice(0, length);

const texts: readonly string[] = [
  'a \r\n', '&amp;', 'R&D', '<b>bold</b>', '"quoted" and \'single\'', 'x < y > z & w', '&lt;script&gt;', '&amp;amp;', '&#39;', '&nbsp;', '&', 'a\nb', 'c\r\nd', 'e\rf', 'g\n\n\n', '\n\nh', '  leading', 'trailing   ', '\ttab\t', 'in  the   middle',
  '🙂', '👩‍👩‍👧‍👦 family', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'e\u0301 and \u00e9', 'ﬁ ligature', '你好，世界', 'مرحبا بالعالم', 'שלום \u200f', 'Ünïcödé', '\u00a0no-break\u00a0', '\u200bzero width\u200b', '\ufeffmark first', 'İstanbul ıI', 'ß SS ẞ',
  '10000', '0', 'null', 'undefined', 'true', '{"a":1}', '[]', "'; drop table work;--", '${x} {{y}} %s %00', 'C:\\temp\\n', 'https://contoso.example/?a=1&b=2#c', 'a;b,c|d', '2026-12-31', '=1+1', '\\u0000', '-', '.', '…',
  long('x', 2_000), long('ab cd ', 1_999) + '.', long('界', 2_000), long('🙂', 2_000), long('& ', 1_999) + '&', long('line\n', 1_800) + '.',
];

type Money = readonly [currency: string, there: number | string, here?: number];
/** Amounts as the portal writes them, text or number; `here` where the CRM cannot take that form. */
const amounts: readonly Money[] = [
  ['USD', 0.1 + 0.2], ['USD', '10000', 10_000], ['USD', 0.01], ['USD', 1.005], ['USD', 2.675], ['USD', 99_999_999.99], ['USD', '1234.50', 1_234.5], ['USD', '0.1', 0.1], ['USD', 19.999], ['USD', 1e6],
  ['EUR', 1_000.1], ['EUR', 33.333333], ['EUR', '7.10', 7.1], ['EUR', 0.07 * 100], ['KWD', 1.2345], ['KWD', 0.001], ['KWD', '12.340', 12.34], ['KWD', 1_234.5675], ['KWD', 7], ['JPY', 1_234.5], ['JPY', 100], ['JPY', '5000', 5_000], ['JPY', 0.5], ['JPY', 123_456_789],
  ['GBP', 4.35 * 100], ['CNY', 1.1 + 2.2], ['USD', 1.15], ['USD', 8.345], ['EUR', 1.255], ['KWD', 2.0005], ['USD', 1_000_000_000.1], ['GBP', '0.50', 0.5],
];

/** Days of the CRM, and instants of the portal, in either half of the world. */
const days: readonly (readonly [here: string, there: string])[] = [
  ['2026-12-31', '2026-12-31T23:30:00Z'], ['2027-01-01', '2027-01-01T00:30:00Z'], ['2028-02-29', '2028-02-29T12:00:00Z'], ['2027-03-14', '2027-03-14T09:59:59Z'], ['2027-11-07', '2027-11-07T08:30:00+02:00'],
  ['2026-12-30', '2026-12-31T15:59:59Z'], ['2027-03-28', '2027-03-28T01:30:00Z'], ['2027-02-28', '2027-03-01T00:00:00Z'], ['2029-12-31', '2029-12-31T23:59:59Z'], ['2027-04-04', '2027-04-03T23:30:00-11:00'], ['2030-01-01', '2031-01-01T07:30:00Z'],
];

const from = <T>(list: readonly T[], at: number): T => list[at % list.length]!;

interface Trip {
  readonly id: string;
  readonly referralId: string;
  readonly number: number;
}

describe.each(crms)('with %s', (_, name) => {
  test.each([['Asia/Shanghai', 0, 34], ['America/Los_Angeles', 34, 33], ['Pacific/Kiritimati', 67, 33]])('where the portal means its days in %s, odd values from number %s on (%s) travel from here to there and others back, each written once', async (zone, first, count) => {
    const world = await createWorld({ crms: [name], nasty: true, env: { COSELL_PARTNER_CENTER_TIME_ZONE: zone } });
    try {
      await world.serve();
      await travel(world, zone, Array.from({ length: count }, (_, index) => first + index));
    } finally {
      await world.close();
    }
  }, 120_000);
});

async function travel(world: World, zone: string, numbers: readonly number[]): Promise<void> {
  const { seller } = world.crm;
  const records = createRecords(() => world);
  const trips = await Promise.all(numbers.map((number) => begin(world, number)));
  await settled(world, records, trips);

  records.forget();
  await Promise.all(trips.map((trip) => seller.edit(trip.id, valuesHere(world, trip.number))));
  await settled(world, records, trips);
  for (const trip of trips) {
    expect({ ...trip, patches: records.patches(trip.referralId).length }).toEqual({ ...trip, patches: 1 });
    expect({ ...trip, written: valuesWritten(records, trip) }).toEqual({ ...trip, written: [] });
    expect(dayThere(world, trip, zone)).toBe(from(days, trip.number)[0]);
    same(world, records, trip);
  }

  // The portal writes what its neighbour was given in the CRM: over all trips every value starts once on either side.
  records.forget();
  for (const trip of trips) world.pc.edit(trip.referralId, valuesThere(world, trip.number + 1));
  await settled(world, records, trips);
  for (const trip of trips) {
    expect({ ...trip, patches: records.patches(trip.referralId).length }).toEqual({ ...trip, patches: 0 });
    expect({ ...trip, written: valuesWritten(records, trip) }).toEqual({ ...trip, written: [expect.arrayContaining(['notes', 'dealValue'])] });
    expect(records.deal(trip.id).closingDate).toBe(dayThere(world, trip, zone));
    same(world, records, trip);
  }

  // Every bell once more, and a save that changes nothing: nothing is left to be written.
  records.forget();
  for (const trip of trips) world.pc.redeliver(trip.referralId, 1, true);
  await Promise.all(trips.map((trip) => seller.edit(trip.id, { closingDate: records.deal(trip.id).closingDate })));
  await settled(world, records, trips);
  expect(world.crm.writes().filter((each) => each.by === 'service' && each.table === 'opportunity')).toEqual([]);
  expect(trips.map((trip) => records.patches(trip.referralId))).toEqual(trips.map(() => []));
  expect(world.pc.referrals()).toHaveLength(trips.length);
  expect(world.crm.deals()).toHaveLength(trips.length);
}

/** A new record whose name and notes are odd from the beginning. */
async function begin(world: World, number: number): Promise<Trip> {
  const text = from(texts, number + 7).slice(0, world.crm.longest.name - 20).trim() || 'Nothing';
  const id = await world.crm.seller.opportunity({ name: `${text} ${number}`, notes: `Before ${number}`, dealValue: 77_777 + number });
  const referralId = await until(`opportunity ${number} is shared`, () => world.crm.deal(id)?.identifier, 40_000, () => world.crm.deal(id));
  return { id, referralId, number };
}

/** What is less than a CRM keeps would be nothing there, which is no amount of a deal. */
function amountFor(world: World, number: number): Money {
  const money = from(amounts, number);
  const least = 10 ** -world.crm.moneyDigits;
  return Number(money[1]) < least ? [money[0], least] : money;
}

function valuesHere(world: World, number: number): Typed {
  const [currency, there, here] = amountFor(world, number);
  return { notes: from(texts, number), dealValue: here ?? Number(there), currency, closingDate: from(days, number)[0] };
}

function valuesThere(world: World, number: number): { notes: string; dealValue: number | string; currency: string; closingDate: string } {
  const [currency, dealValue] = amountFor(world, number);
  return { notes: from(texts, number), dealValue, currency, closingDate: from(days, number)[1] };
}

/** Every record is ✔ and was never anything worse, and nothing is under way any more. */
async function settled(world: World, records: Records, trips: readonly Trip[]): Promise<void> {
  await world.quiet(60_000);
  for (const { id, number } of trips) expect({ number, status: records.deal(id).status, reasons: records.reasons(id) }).toEqual({ number, status: 'synced', reasons: [] });
  expect(world.crm.writes().filter((each) => each.status === 'conflict' || each.status === 'failed' || each.status === 'needsAttention')).toEqual([]);
}

const values = ['name', 'notes', 'dealValue', 'currency', 'closingDate', 'solutions'] as const;

/** The service's writes of a seller's fields on one record: which ones each carried. */
const valuesWritten = (records: Records, { id }: Trip): string[][] => records.carried(id, ...values).map((each) => each.fields.filter((field) => values.some((value) => value === field)));

/** The day of the referral as people in the zone read it, by another way than the product's. */
const dayThere = (world: World, { referralId }: Trip, zone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(String(world.pc.referral(referralId)?.details.closingDateTime)));

/** Both sides say the same to a reader, in as many digits as the CRM keeps. */
function same(world: World, records: Records, trip: Trip): void {
  const { dealValue, currency, notes } = records.deal(trip.id);
  const { details } = world.pc.referral(trip.referralId)!;
  const kept = (amount: unknown): number => Number(`${Math.round(Number(`${Number(amount)}e${world.crm.moneyDigits}`))}e-${world.crm.moneyDigits}`);
  expect({ ...trip, amount: kept(dealValue), currency, notes: plain(notes) }).toEqual({ ...trip, amount: kept(details.dealValue), currency: details.currency, notes: plain(details.notes) });
}

const plain = (text: unknown): string => {
  let read = String(text ?? '');
  for (let round = 0; round < 2; round += 1) read = read.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
  return read.replace(/\s+/g, ' ').trim();
};
