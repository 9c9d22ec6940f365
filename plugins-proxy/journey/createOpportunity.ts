// Create the opportunity: a new deal arrives under what makes it one of its kind, so that a repeat makes no second record.
// I3 customer and contact, I4 the record, I5 what was agreed; nameReferral.ts then does I6, and the update ends it with I7. Where the CRM chose the id
// itself, the link moves to it with I5, and a run under the record's own key does the rest: two runs never work on one record at a time.
import { agree, auditEntry, cutText, detailsToText, fieldLabel, lockedFields, member, movePhase, printed, reason, shownValue, valueOf, type Agreed, type CrmSnapshot, type FieldKey, type Json, type Link, type PartnerSnapshot, type Reason, type Values } from '../../core/index';
import type { Created, Customer, Ensured, NewRecord, Person, Presentation } from '../ports/crm';
import { crmKey } from '../ports/workKey';
import { canonicalValues } from './halves';
import { refsOf } from './readSides';
import { finish, remember, toLines, type Pair, type Run, type RunOutcome } from './run';
import { updateBoth } from './updateBoth';

/** Makes the planned record of a link, then goes on as any update does. */
export async function createOpportunity(run: Run, pair: Pair, known: { pair?: Pair }): Promise<RunOutcome> {
  const { link } = pair;
  const partner = pair.partner!;
  const parties = await findParties(run, partner);
  run.deps.passed('I3');
  const limits = await run.crm.describe(run.signal);
  const values = fitting(link.plannedRecord!.values, limits);
  const created = await createOwned(run, { referralId: link.referralId!, values, present: firstPresentation(run, link, partner), customerId: parties.customerId, contactId: parties.contactId, ownerId: parties.ownerId });
  if (created.type === 'refused') throw new Error(`${run.crm.displayName} refused a new opportunity: ${created.reasons.map(told).join(', ')}.`);
  run.deps.passed('I4');
  const crm = created.type === 'created' ? created.snapshot : await readExisting(run, created.id);
  if (!crm) return finish(run, { link: { ...movePhase(link, 'crmGone'), plannedRecord: null } });
  const stored = await settleCreated(run, { ...link, crmId: created.id }, crm, partner, values, parties.reasons);
  run.deps.passed('I5');
  run.deps.count('created');
  if (created.id !== run.ref.id) return finish(run, { ring: [{ key: crmKey(run.crm.connection, run.ref.kind, created.id), sides: 0, priority: 0 }] });
  const next: Pair = { link: stored, crm, partner, fresh: { crm: true, partner: true } };
  known.pair = next;
  return updateBoth(run, next, known, 'inbound');
}

/** A user whose address stands on the referral need not be allowed to own records (no licence, no role): the deal comes all the same, as the service's own. */
async function createOwned(run: Run, record: NewRecord): Promise<Created> {
  const created = await run.crm.create(record, run.signal);
  return created.type === 'refused' && record.ownerId !== null ? run.crm.create({ ...record, ownerId: null }, run.signal) : created;
}

/** For the admin who finds the row given up on. */
const told = (why: Reason): string => [why.code, why.field, why.params?.message].filter(Boolean).join(' ');

async function readExisting(run: Run, id: string): Promise<CrmSnapshot | null> {
  const read = await run.crm.read({ kind: run.ref.kind, id }, run.signal);
  return read.type === 'found' ? read.snapshot : null;
}

interface Parties {
  readonly customerId: string | null;
  readonly contactId: string | null;
  readonly ownerId: string | null;
  readonly reasons: readonly Reason[];
}

/** I3: found, or made under keys that follow from canonical names; several candidates, or a refusal, are a person's business. */
async function findParties(run: Run, partner: PartnerSnapshot): Promise<Parties> {
  const customer = customerOf(partner);
  const ownerId = await run.crm.findUserByEmail(teamEmails(partner), run.signal);
  const none = { customerId: null, contactId: null, ownerId };
  if (customer.name === '') return { ...none, reasons: [] };
  const match = await run.crm.matchCustomer(customer, run.signal);
  if (match.type === 'several') return { ...none, reasons: [reason('account-ambiguous', 'customer.name', { n: match.count })] };
  const found: Ensured = match.type === 'one' ? { type: 'there', id: match.id } : await run.crm.ensureCustomer(run.crm.keyFor(customerName(customer)), customer, run.signal);
  if (found.type === 'refused') return { ...none, reasons: found.reasons };
  const contact = await findContact(run, found.id, personOf(partner));
  if (contact?.type === 'refused') return { ...none, customerId: found.id, reasons: contact.reasons };
  return { customerId: found.id, contactId: contact?.id ?? null, ownerId, reasons: [] };
}

async function findContact(run: Run, customerId: string, person: Person): Promise<Ensured | null> {
  if (!person.email) return null;
  const match = await run.crm.matchContact(customerId, person, run.signal);
  if (match.type === 'one') return { type: 'there', id: match.id };
  return match.type === 'several' ? null : run.crm.ensureContact(run.crm.keyFor(`contact:${customerId}:${person.email.toLowerCase()}`), customerId, person, run.signal);
}

/** The stable name of a customer that the service makes: canonical name, country and postal code. */
const customerName = (customer: Customer): string => `customer:${[customer.name.toLowerCase().replace(/\s+/g, ' ').trim(), customer.country ?? '', (customer.postalCode ?? '').replace(/\s+/g, '').toLowerCase()].join('|')}`;

function customerOf(partner: PartnerSnapshot): Customer {
  const address = valueOf(partner.cells['customer.address']);
  const text = (name: string): string | null => asText(member(address, name));
  return { name: asText(valueOf(partner.cells['customer.name']))?.trim() ?? '', line1: text('line1'), line2: text('line2'), city: text('city'), state: text('state'), postalCode: text('postalCode'), country: asText(member(valueOf(partner.cells['customer.country']), 'code')) };
}

function personOf(partner: PartnerSnapshot): Person {
  const contact = valueOf(partner.cells['customer.contact']);
  return { firstName: asText(member(contact, 'firstName')), lastName: asText(member(contact, 'lastName')), email: asText(member(contact, 'email')), phone: asText(member(contact, 'phone')) };
}

function teamEmails(partner: PartnerSnapshot): string[] {
  const team = valueOf(partner.cells.team);
  return (Array.isArray(team) ? team : []).map((each: Json) => asText(member(each, 'email'))).filter((each): each is string => each !== null);
}

const asText = (value: Json): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Text that the CRM cannot hold is left out and explained later; only the name is shortened, so that the record can exist (contract, "Default columns"). A currency that it lacks: no amount. */
function fitting(values: Values, limits: { readonly maxLengths: Readonly<Partial<Record<string, number>>>; readonly currencies: Readonly<Record<string, number>> }): Values {
  const kept: Record<string, Json> = {};
  for (const [field, value] of Object.entries(values) as [FieldKey, Json][]) {
    const max = limits.maxLengths[field];
    const length = typeof value === 'string' ? value.length : Array.isArray(value) ? value.join(';').length : 0;
    if (max === undefined || length <= max) kept[field] = value;
    else if (field === 'name') kept.name = cutText(String(value), max - 1);
  }
  const code = kept.currency;
  if (typeof code !== 'string' || limits.currencies[code] === undefined) {
    delete kept.currency;
    delete kept.dealValue;
  }
  return kept as Values;
}

/** The record is born as it will be shown: shared, linked and in sync. */
function firstPresentation(run: Run, link: Link, partner: PartnerSnapshot): Presentation {
  const { lastSyncedOn } = link.plannedRecord!;
  return {
    sync: true,
    identifier: link.referralId,
    link: run.deps.partner.linkTo(link.referralId!, partner.engagementId),
    status: 'synced',
    details: detailsToText({
      ...(partner.direction === 'incoming' ? { microsoft: { status: `${partner.status}/${partner.substatus}`, direction: 'incoming' as const, ...(partner.status === 'New' && partner.expiresOn ? { expiresOn: partner.expiresOn } : {}) } } : {}),
      frozen: { fields: lockedFields(link, partner), ...(link.sharedOn ? { since: `${link.sharedOn.slice(0, 19)}Z` } : {}) },
      tookMs: Math.max(0, Date.parse(run.now()) - Date.parse(run.lease.rungOn)),
    }),
    ...(partner.msxId ? { microsoftCrmId: partner.msxId } : {}),
    lastSyncedOn,
    audit: createdLine(run, link, partner),
  };
}

/** The whole name stands in the audit, also when the record's is shortened. */
const createdLine = (run: Run, link: Link, partner: PartnerSnapshot): string =>
  auditEntry(link.plannedRecord!.lastSyncedOn, run.deps.partner.displayName, run.crm.displayName, `${fieldLabel('name')}:  → ${printed(valueOf(partner.cells.name), Infinity)}`);

/** I5: agreed from the planned record, so that what a seller changed since is a new change. */
async function settleCreated(run: Run, link: Link, crm: CrmSnapshot, partner: PartnerSnapshot, values: Values, kept: readonly Reason[]): Promise<Link> {
  const crmNow = canonicalValues(crm.cells, crm.moneyScale);
  const partnerNow = canonicalValues(partner.cells, crm.moneyScale);
  const agreed: Record<string, { crm: Json; partner: Json }> = {};
  for (const field of Object.keys(crmNow).filter((each) => each in partnerNow) as FieldKey[]) {
    // A record is born open: that a seller closed it before we knew of it is a change too.
    const wanted = field === 'status' ? 'Active' : values[field];
    const isPlanned = wanted !== undefined;
    if (!isPlanned && isLeftOut(field, link.plannedRecord!.values)) continue;
    const mine = crmNow[field] ?? null;
    const asPlanned = !isPlanned || agree(field, mine, wanted) || shownValue(field, mine) === shownValue(field, wanted);
    agreed[field] = { crm: asPlanned ? mine : wanted, partner: partnerNow[field] ?? null };
  }
  const line = createdLine(run, link, partner);
  return remember(
    run,
    { ...movePhase(link, 'linked'), plannedRecord: null, kept, crm, partner, refs: refsOf(crm), agreed: agreed as Agreed, lastSyncedOn: link.plannedRecord!.lastSyncedOn, auditDue: false },
    { lines: toLines(`record-${link.id}`, link.plannedRecord!.lastSyncedOn, [line]) },
  );
}

/** A value that the CRM could not take is not agreed: the next look explains it. */
const isLeftOut = (field: FieldKey, planned: Values): boolean => (planned[field] ?? null) !== null;
