// Two systems in memory for core's laws: each stores what it is given through a normaliser of its own, as real systems tidy values.
import fc from 'fast-check';
import { newLink, type Cell, type CrmSnapshot, type FieldKey, type Json, type Link, type PartnerSnapshot } from '../../core/index';

export type SyncedField = 'dealValue' | 'currency' | 'closingDate' | 'notes' | 'solutions' | 'status';
export type Row = Readonly<Record<SyncedField, Json>>;
export type Edit = Readonly<Partial<Row>>;
/** What a system makes of a value: applied twice it changes nothing more. */
export type Normalise = (field: SyncedField, value: Json) => Json;

export const syncedFields: readonly SyncedField[] = ['dealValue', 'currency', 'closingDate', 'notes', 'solutions', 'status'];
export const groupOf: Readonly<Record<SyncedField, string>> = { dealValue: 'money', currency: 'money', closingDate: 'closingDate', notes: 'notes', solutions: 'solutions', status: 'status' };
export const today = '2026-11-23';
export const names = { crm: 'The CRM', partner: 'Partner Center' };
export const limits = { maxLengths: { notes: 60 }, currencies: { USD: 2, EUR: 2, JPY: 0, KWD: 3 } };
export const startRow: Row = { dealValue: '50000', currency: 'USD', closingDate: '2027-01-15', notes: 'first notes', solutions: ['SOL-A', 'SOL-B'], status: 'Active' };

/** An object without members, inside `toMatchObject`, which takes a plain `{}` for any object at all. */
export const none = { asymmetricMatch: (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0, toString: (): string => 'an object without members' };

const toCell = (value: Json): Cell => (value === null || value === '' ? { kind: 'empty' } : { kind: 'value', value });

/** Cells of a row of values; `null` is empty. */
export const cellsOf = (values: Readonly<Partial<Record<FieldKey, Json>>>): Partial<Record<FieldKey, Cell>> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, toCell(value ?? null)]));

export const crmOf = (values: Readonly<Partial<Record<FieldKey, Json>>>, more: Partial<CrmSnapshot> = {}): CrmSnapshot => ({
  version: 'c1', cells: cellsOf(values), moneyScale: 2, createdOn: '2026-11-01T08:00:00Z', modifiedOn: '2026-11-23T09:00:00Z',
  control: { sync: true, requestedAction: null, requestedReason: null, choices: null },
  shown: { identifier: null, link: null, status: null, details: null, microsoftStatus: null, microsoftCrmId: null, lastSyncedOn: null },
  refs: { customer: null, contact: null, owner: null }, secured: [], ...more,
});

export const partnerOf = (values: Readonly<Partial<Record<FieldKey, Json>>>, more: Partial<PartnerSnapshot> = {}): PartnerSnapshot => ({
  version: 'p1', cells: cellsOf(values), id: 'r1', engagementId: 'e1', organizationId: 'o1', direction: 'outgoing', status: 'Active', substatus: 'Accepted', type: 'Independent', category: 'coSell',
  createdOn: '2026-11-01T08:00:00Z', updatedOn: '2026-11-23T09:30:00Z', expiresOn: null, msxId: null, externalReferenceId: null, ...more,
});

export const linkOf = (more: Partial<Link> = {}): Link => ({
  ...newLink({ id: 'l1', crmConnection: 'crm', partnerConnection: 'pc', kind: 'opportunity', crmId: 'x1', mappingVersion: 'm1' }),
  phase: 'linked', referralId: 'r1', engagementId: 'e1', ...more,
});

/** Status and substatus as the API words them. */
export const statusPair = (status: Json): { status: string; substatus: string } => (status === 'Active' ? { status: 'Active', substatus: 'Accepted' } : { status: 'Closed', substatus: String(status) });

const identity = (value: Json): Json => value;
const onText = (change: (text: string) => string) => (value: Json): Json => (typeof value === 'string' ? change(value) || null : value);
const onSet = (change: (set: string[]) => string[]) => (value: Json): Json => {
  const set = Array.isArray(value) ? change(value.filter((each): each is string => typeof each === 'string')) : [];
  return set.length > 0 ? set : null;
};

const encode = onText((text) => text.replace(/&(?!(?:amp|lt|gt);)/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'));
/** Tidying that leaves a text saying the same. */
const gentleTexts = [identity, onText((text) => text.trim()), onText((text) => text.trimEnd()), onText((text) => text.replace(/\r?\n/g, '\r\n')), onText((text) => text.replace(/\s+/g, ' ').trim()), onText((text) => text.normalize('NFD')), encode];

export const noteTexts = ['first notes', 'second notes ', ' Third\r\nnotes', 'Tom & Jerry', 'Tom &amp; Jerry', 'a < b', 'CAFÉ \n', 'emoji 🎉', 'FIRST NOTES', 'x'.repeat(61), 'a', 'second  notes'] as const;

/** Any idempotent map of the texts in use: some stay, every other becomes one that stays. */
const arbitraryText: fc.Arbitrary<(value: Json) => Json> = fc.tuple(fc.subarray([...noteTexts], { minLength: 1 }), fc.array(fc.nat(), { minLength: noteTexts.length, maxLength: noteTexts.length })).map(([fixed, picks]) =>
  onText((text) => (fixed.includes(text as never) ? text : (fixed[(picks[noteTexts.indexOf(text as never)] ?? text.length) % fixed.length] ?? text))));

const roundTo = (scale: number) => (value: Json): Json => (value === null ? null : Number(value).toFixed(scale));
const gentleMoney = [identity, (value: Json): Json => (value === null ? null : Number(value)), (value: Json): Json => (value === null ? null : `0${Number(value).toFixed(4)}`)];
const gentleSets = [identity, onSet((set) => [...set].sort()), onSet((set) => [...set].reverse().sort().reverse()), onSet((set) => [...set, ...set.slice(0, 1)].filter((each, n, all) => all.indexOf(each) === n).sort())];

const build = (parts: Readonly<Partial<Record<SyncedField, (value: Json) => Json>>>): Normalise => (field, value) => (parts[field] ?? identity)(value);

/** Normalisers that canonical forms see through. */
export const gentle: fc.Arbitrary<Normalise> = fc.record({ notes: fc.constantFrom(...gentleTexts), dealValue: fc.constantFrom(...gentleMoney), solutions: fc.constantFrom(...gentleSets), currency: fc.constantFrom(identity, onText((text) => text.toLowerCase())) }).map(build);

/** Any idempotent normaliser: rounding, capping, upper case, arbitrary other texts, values that are not taken at all. */
export const anyNormaliser: fc.Arbitrary<Normalise> = fc.record({
  notes: fc.oneof(fc.constantFrom(...gentleTexts, onText((text) => text.toUpperCase()), onText((text) => text.slice(0, 7)), onText((text) => text.toLowerCase().trim())), arbitraryText),
  dealValue: fc.constantFrom(...gentleMoney, roundTo(0), roundTo(1), (value: Json): Json => (value === null ? null : String(Math.min(Number(value), 55_000)))),
  currency: fc.constantFrom(identity, (value: Json): Json => (value === null ? null : 'USD')),
  closingDate: fc.constantFrom(identity, onText((text) => `${text.slice(0, 8)}01`.replace('2026-11-01', '2026-11-30'))),
  solutions: fc.constantFrom(...gentleSets, onSet((set) => set.map((each) => each.toUpperCase())), onSet((set) => (set.some((each) => each !== 'SOL-C') ? set.filter((each) => each !== 'SOL-C') : set))),
}).map(build);

const amounts = ['50000', '60000', '60000.50', 10_000, '0.1', '55000', '123456.789', 1e21] as const;
const sets = [['SOL-A', 'SOL-B'], ['SOL-A'], ['SOL-B', 'SOL-C'], ['SOL-A', 'SOL-B', 'SOL-C'], ['SOL-D', 'SOL-A'], ['sol-a', 'SOL-B']] as const;

const editParts = {
  dealValue: fc.constantFrom<Json>(...amounts),
  currency: fc.constantFrom<Json>('USD', 'EUR', 'JPY', 'KWD'),
  closingDate: fc.constantFrom<Json>('2027-01-15', '2027-02-01', '2026-12-31'),
  notes: fc.constantFrom<Json>(...noteTexts, null),
  solutions: fc.constantFrom<Json>(...sets.map((each) => [...each])),
};

/** What a seller may do to a deal, emptying included. */
export const crmEdit: fc.Arbitrary<Edit> = fc.record({
  ...editParts,
  dealValue: fc.oneof({ weight: 8, arbitrary: editParts.dealValue }, { weight: 1, arbitrary: fc.constant(null) }),
  currency: fc.oneof({ weight: 8, arbitrary: editParts.currency }, { weight: 1, arbitrary: fc.constant(null) }),
  closingDate: fc.oneof({ weight: 6, arbitrary: editParts.closingDate }, { weight: 1, arbitrary: fc.constantFrom<Json>(null, '2026-11-22') }),
  solutions: fc.oneof({ weight: 6, arbitrary: editParts.solutions }, { weight: 1, arbitrary: fc.constant(null) }),
  status: fc.constantFrom<Json>('Active', 'Active', 'Won', 'Lost'),
}, { requiredKeys: [] });

/** What may happen in the portal, where required values stay filled. */
export const partnerEdit: fc.Arbitrary<Edit> = fc.record({ ...editParts, status: fc.constantFrom<Json>('Active', 'Active', 'Won', 'Lost', 'Declined') }, { requiredKeys: [] });

/** What Partner Center may answer, although nobody can empty these there: a value that is missing, or that is no value. */
export const partnerAnswer: fc.Arbitrary<Edit> = fc.tuple(partnerEdit, fc.subarray(['dealValue', 'currency', 'closingDate', 'solutions'] as const)).map(([change, missing]) => ({ ...change, ...Object.fromEntries(missing.map((field) => [field, null])) }));

/** Edits that nothing stands in the way of: open deals, values that every side can hold. */
export const plainEdit: fc.Arbitrary<Edit> = fc.record({
  dealValue: fc.constantFrom<Json>('50000', '60000', '70000.5', '80000'), currency: fc.constantFrom<Json>('USD', 'EUR'), closingDate: editParts.closingDate,
  notes: fc.constantFrom<Json>('first notes', 'second notes', 'third & last', null), solutions: fc.constantFrom<Json>(...sets.slice(0, 5).map((each) => [...each])),
}, { requiredKeys: [] });

/** An edit of one group only. */
export const oneGroupEdit: fc.Arbitrary<Edit> = fc.tuple(plainEdit, fc.constantFrom('money', 'closingDate', 'notes', 'solutions')).map(([edit, group]) => onlyGroups(edit, [group])).filter((edit) => Object.keys(edit).length > 0);

export const onlyGroups = (edit: Edit, groups: readonly string[]): Edit => Object.fromEntries(Object.entries(edit).filter(([field]) => groups.includes(groupOf[field as SyncedField])));
