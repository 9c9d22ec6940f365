// A CRM that is nobody's: it keeps its rows in memory, chooses ids itself, rounds amounts, trims texts, turns line breaks, and bumps versions behind one's
// back. What the contract says of it holds for every adapter; what only one of them does is no part of the contract.
import { minorUnits, reason, roundHalfUp, syncStatuses, type Cell, type Cells, type CrmSnapshot, type FieldKey, type Json, type Reason, type Values } from '../../core/index';
import { stableId } from '../../plugins-proxy/adapters/stableId';
import { readSolutions } from '../../plugins-proxy/adapters/cellValues';
import type { CrmChange, CrmPort, Customer, Match, Person, Presentation } from '../../plugins-proxy/ports/crm';

type Text = string | null;

export interface Deal {
  name: Text; dealValue: number | null; currency: string; closingDate: Text; notes: Text; solutions: Text; help: Text; notesToMicrosoft: Text; visibility: Text;
  status: 'Active' | 'Won' | 'Lost';
  isSum: boolean;
  control: CrmSnapshot['control'];
  shown: CrmSnapshot['shown'];
  customer: Text; contact: Text; owner: string;
}

interface Row {
  readonly id: string;
  deal: Deal;
  version: number;
  readonly createdOn: string;
  modifiedOn: string;
}

export interface InMemoryCrm {
  readonly port: CrmPort;
  readonly accounts: Map<string, Customer & { readonly key: string | null }>;
  readonly contacts: Map<string, Person & { readonly account: string; readonly key: string | null }>;
  readonly users: Map<string, Person>;
  makes(deal: Partial<Deal>): string;
  edits(id: string, deal: Partial<Deal>): void;
  deletes(id: string): void;
  withheld: Set<FieldKey>;
  writable: boolean;
  row(id: string): Deal | undefined;
  calls: number;
}

const DISPLAY_NAME = 'In-memory CRM';
export const lengths: Readonly<Record<string, number>> = { name: 60, notes: 500, notesToMicrosoft: 500 };
const currencies = ['USD', 'EUR', 'JPY', 'KWD'];
/** Coarser than the currency: dinars have three digits. */
const digitsOf = (currency: string): number => Math.min(2, minorUnits(currency));
const texts = ['name', 'notes', 'help', 'notesToMicrosoft', 'visibility', 'closingDate'] as const;

export function createInMemoryCrm(serviceUser: string): InMemoryCrm {
  const rows = new Map<string, Row>();
  const [accounts, contacts, users]: [InMemoryCrm['accounts'], InMemoryCrm['contacts'], InMemoryCrm['users']] = [new Map(), new Map(), new Map()];
  let [tick, number] = [0, 0];
  const now = (): string => new Date(Date.UTC(2026, 10, 24, 10, 0, 0) + (tick += 1) * 1_000).toISOString().replace('.000', '');
  const nextId = (kind: string): string => `${kind}-${String((number += 1)).padStart(6, '0')}`;

  const save = (id: string, deal: Deal, before?: Row): Row => {
    const at = now();
    const row: Row = { id, deal: tidy(deal), version: (before?.version ?? 0) + 1, createdOn: before?.createdOn ?? at, modifiedOn: at };
    rows.set(id, row);
    return row;
  };
  /** The customer's own automation touches a row after our write: another version, the same content. */
  const touch = (row: Row): void => void (row.version += 1);

  const crm: InMemoryCrm = {
    accounts, contacts, users, withheld: new Set(), writable: true, calls: 0,
    makes: (deal) => save(nextId('deal'), { ...blank, ...deal }).id,
    edits: (id, deal) => void save(id, { ...rows.get(id)!.deal, ...deal }, rows.get(id)!),
    deletes: (id) => void rows.delete(id),
    row: (id) => rows.get(id)?.deal,
    port: {} as CrmPort,
  };
  const snapshot = (row: Row): CrmSnapshot => ({
    version: String(row.version), cells: cellsOf(row, crm), moneyScale: Object.fromEntries(currencies.map((code) => [code, digitsOf(code)])), createdOn: row.createdOn, modifiedOn: row.modifiedOn,
    control: row.deal.control, shown: row.deal.shown,
    refs: {
      customer: row.deal.customer === null ? null : { kind: 'account', id: row.deal.customer, name: accounts.get(row.deal.customer)?.name ?? null },
      contact: row.deal.contact === null ? null : { kind: 'contact', id: row.deal.contact, name: contacts.get(row.deal.contact)?.lastName ?? null },
      owner: { kind: 'user', id: row.deal.owner, name: users.get(row.deal.owner)?.lastName ?? null },
    },
    secured: [],
  });
  const taken = (identifier: unknown, except: string): boolean => typeof identifier === 'string' && [...rows.values()].some((row) => row.id !== except && row.deal.shown.identifier === identifier);
  const call = <T>(answer: () => T): Promise<T> => {
    crm.calls += 1;
    return Promise.resolve().then(answer);
  };
  const read: CrmPort['read'] = (ref) => call(() => (rows.has(ref.id) ? { type: 'found', snapshot: snapshot(rows.get(ref.id)!) } : { type: 'gone' }));
  const refusals = ({ values, present }: CrmChange, id: string): Reason[] => [
    ...Object.entries(values).filter(([field, each]) => typeof each === 'string' && each.length > (lengths[field] ?? Infinity)).map(([field]) => reason('text-too-long', field as FieldKey, { system: DISPLAY_NAME, max: lengths[field]! })),
    ...(taken(present.identifier, id) ? [reason('linked-elsewhere', 'externalReferenceId')] : []),
    ...(crm.writable ? [] : [reason('no-permission', undefined, { system: DISPLAY_NAME, role: 'Co-sell Sync Service' })]),
  ];
  const match = (ids: readonly string[]): Match => (ids.length === 0 ? { type: 'none' } : ids.length === 1 ? { type: 'one', id: ids[0]! } : { type: 'several', count: ids.length });

  const port: CrmPort = {
    connection: 'in-memory', displayName: DISPLAY_NAME, read, readAnew: read,
    write(ref, change, base) {
      const unknown = unknownCurrency(change.values);
      if (unknown) return Promise.resolve({ type: 'refused', reasons: [unknown] });
      const deal = rows.get(ref.id)?.deal;
      const changed = deal && applied(deal, change);
      if (deal && JSON.stringify(tidy(changed!)) === JSON.stringify(tidy(deal)) && change.present.audit === undefined) return Promise.resolve({ type: 'written', snapshot: base });
      return call(() => {
        const row = rows.get(ref.id);
        if (!row) return { type: 'gone' };
        if (String(row.version) !== base.version) return { type: 'stale' };
        const reasons = refusals(change, ref.id);
        if (reasons.length > 0) return { type: 'refused', reasons };
        const saved = save(row.id, applied(row.deal, change), row);
        const answer = snapshot(saved);
        if (tick % 3 === 0) touch(saved);
        return { type: 'written', snapshot: answer };
      });
    },
    close: (ref, as) => call(() => {
      const row = rows.get(ref.id);
      const status = as === 'won' ? 'Won' : 'Lost';
      if (!row) return { type: 'gone' };
      if (row.deal.status !== status) save(row.id, { ...row.deal, status }, row);
      return { type: 'closed' };
    }),
    statusReason: (ref) => call(() => rows.get(ref.id)?.deal.status ?? null),
    create: (record) => call(() => {
      const made = [...rows.values()].find((row) => row.deal.shown.identifier === record.referralId);
      if (made) return { type: 'exists', id: made.id };
      const change = { values: record.values, present: { ...record.present, identifier: record.referralId } };
      const reasons = refusals(change, '');
      if (reasons.length > 0) return { type: 'refused', reasons };
      const row = save(nextId('deal'), { ...applied(blank, change), customer: record.customerId, contact: record.contactId, owner: record.ownerId ?? serviceUser });
      return { type: 'created', id: row.id, snapshot: snapshot(row) };
    }),
    matchCustomer: (customer) => call(() => match([...accounts].filter(([, each]) => isSameCustomer(customer, each)).map(([id]) => id))),
    ensureCustomer: (key, customer) => call(() => {
      const known = [...accounts].find(([, each]) => each.key === key)?.[0] ?? nextId('account');
      if (!accounts.has(known)) accounts.set(known, { ...customer, key });
      return { type: 'there', id: known };
    }),
    matchContact: (account, person) => call(() => match([...contacts].filter(([, each]) => each.account === account && each.email?.toLowerCase() === person.email?.toLowerCase()).map(([id]) => id))),
    ensureContact: (key, account, person) => call(() => {
      const known = [...contacts].find(([, each]) => each.key === key)?.[0] ?? nextId('contact');
      if (!contacts.has(known)) contacts.set(known, { ...person, lastName: person.lastName ?? person.firstName ?? person.email, account, key });
      return { type: 'there', id: known };
    }),
    findUserByEmail: (emails) => call(() => emails.map((email) => [...users].find(([, user]) => user.email?.toLowerCase() === email.toLowerCase())?.[0]).find(Boolean) ?? null),
    changedSince: (kind, mark) => call(() => ({
      records: kind === 'account' ? [...accounts.keys()].map((id) => ({ kind, id, version: '1', modifiedOn: '2026-11-24T10:00:00Z' })) : kind !== 'opportunity' ? [] : [...rows.values()].filter((row) => row.modifiedOn >= mark.replace('.000', '') && (row.deal.control.sync || row.deal.shown.identifier !== null)).map((row) => ({ kind, id: row.id, version: String(row.version), modifiedOn: row.modifiedOn })),
      next: null, serverNow: now(),
    })),
    describe: () => call(() => ({ maxLengths: lengths, currencies: Object.fromEntries(currencies.map((code) => [code, digitsOf(code)])), missing: [] })),
    identity: () => call(() => ({ organizationId: 'in-memory', userId: serviceUser })),
    canonicalId: (text) => (/^deal-\d{6}$/i.test(text.trim()) ? text.trim().toLowerCase() : null),
    keyFor: stableId,
    plannedId: (referralId) => referralId.toLowerCase(),
  };
  return Object.assign(crm, { port });
}

const blank: Deal = {
  name: null, dealValue: null, currency: 'USD', closingDate: null, notes: null, solutions: null, help: null, notesToMicrosoft: null, visibility: null, status: 'Active', isSum: false,
  control: { sync: false, requestedAction: null, requestedReason: null, choices: null },
  shown: { identifier: null, link: null, status: null, details: null, microsoftStatus: null, microsoftCrmId: null, lastSyncedOn: null },
  customer: null, contact: null, owner: 'user-dana',
};

/** As this CRM keeps it: ends trimmed, line breaks of its own kind, amounts to the digits that it has. */
function tidy(deal: Deal): Deal {
  const trimmed = (text: Text): Text => text?.trim().replace(/\r?\n/g, '\r\n') || null;
  return {
    ...deal, ...Object.fromEntries(texts.map((field) => [field, trimmed(deal[field])])), solutions: trimmed(deal.solutions),
    dealValue: deal.dealValue === null ? null : Number(roundHalfUp(String(deal.dealValue), digitsOf(deal.currency))),
  };
}

function applied(deal: Deal, { values, present }: CrmChange): Deal {
  const { status, sync, audit: _audit, clear = [], ...shown } = present as Presentation;
  const set = Object.fromEntries(Object.entries(values).map(([field, each]) => [field, field === 'dealValue' && each !== null ? Number(each) : field === 'solutions' && Array.isArray(each) ? each.join(';') : each]));
  const seconds = shown.lastSyncedOn && `${shown.lastSyncedOn.slice(0, 19)}Z`;
  return {
    ...deal, ...(set as Partial<Deal>),
    control: { ...deal.control, ...(sync === undefined ? {} : { sync }), ...(clear.includes('requestedAction') ? { requestedAction: null } : {}), ...(clear.includes('choices') ? { choices: null } : {}) },
    shown: { ...deal.shown, ...shown, ...(seconds ? { lastSyncedOn: seconds } : {}), ...(status && syncStatuses.includes(status) ? { status } : {}) },
  };
}

const unknownCurrency = (values: Values): Reason | undefined => (values.currency === undefined || currencies.includes(String(values.currency)) ? undefined : reason('currency-unknown', 'currency', { system: DISPLAY_NAME, code: String(values.currency) }));

function cellsOf({ id, deal }: Row, { accounts, contacts, users, withheld }: InMemoryCrm): Cells {
  const cell = (field: FieldKey, content: Json): Cell => (withheld.has(field) ? { kind: 'unreadable' } : content === null ? { kind: 'empty' } : { kind: 'value', value: content });
  const account = deal.customer === null ? undefined : accounts.get(deal.customer);
  const contact = deal.contact === null ? undefined : contacts.get(deal.contact);
  const person = ({ firstName, lastName, email, phone }: Person): Json => ({ firstName, lastName, email, phone });
  const owner = users.get(deal.owner);
  const values: Readonly<Partial<Record<FieldKey, Json>>> = {
    ...Object.fromEntries(texts.map((field) => [field, deal[field]])), dealValue: deal.dealValue === null ? null : String(deal.dealValue), currency: deal.currency, status: deal.status, salesStage: null, solutions: readSolutions(deal.solutions),
    'customer.name': account?.name ?? null, 'customer.address': account && account.line1 !== null ? { line1: account.line1, line2: account.line2, city: account.city, state: account.state, postalCode: account.postalCode } : null,
    'customer.country': account?.country ? { code: account.country, text: account.country === 'US' ? 'United States' : account.country } : null, 'customer.contact': contact ? person(contact) : null, team: owner ? [person(owner)] : null, externalReferenceId: id,
  };
  const cells = Object.fromEntries(Object.entries(values).map(([field, content]) => [field, cell(field as FieldKey, content ?? null)])) as Record<string, Cell>;
  return deal.isSum ? { ...cells, dealValue: { kind: 'computed', value: String(deal.dealValue) } } : cells;
}

function isSameCustomer(wanted: Customer, other: Customer): boolean {
  const plain = (text: string | null): string => text?.replace(/\s/g, '').toUpperCase() ?? '';
  if (plain(wanted.name) !== plain(other.name)) return false;
  if (wanted.postalCode && other.postalCode) return plain(wanted.postalCode) === plain(other.postalCode);
  return !wanted.country || !other.country || wanted.country === other.country;
}
