// Finds the account, contact and user behind a referral's names, or makes account and contact under keys of our choice.
import type { Customer, Ensured, Match, Person } from '../../ports/crm';
import type { FieldKey, Reason } from '../../../core/index';
import { countryName } from '../country';
import { emailsToLookFor, firstOfEmails, matchOf, matchOfCandidates, MOST_CANDIDATES, textsToLookFor } from '../partyMatch';
import { errorOf } from './failures';
import { toLongId } from './ids';
import type { MappingTable } from './mapping';
import type { ObjectFacts, OrgFacts } from './orgFacts';
import type { PackageFields } from './packageFields';
import { fieldOfColumn, isTaken, partyRefusal } from './refusals';
import { passingWarnings, type Row, type SalesforceClient } from './salesforceClient';
import { all, quoted } from './soql';

export interface PartyContext {
  readonly client: SalesforceClient;
  readonly table: MappingTable;
  readonly facts: OrgFacts;
  readonly fields: PackageFields;
}

/** Accounts of this name (SOQL compares without case). @throws RemoteFailure */
export async function matchCustomer({ client, facts }: PartyContext, customer: Customer, signal?: AbortSignal): Promise<Match> {
  const account = facts.object('Account');
  const select = ['Id', 'BillingPostalCode', 'BillingCountry', 'BillingCountryCode'].filter((field) => account?.has(field));
  const { records } = await client.query(`SELECT ${select.join(', ')} FROM Account WHERE Name = ${quoted(customer.name.trim())} LIMIT ${MOST_CANDIDATES}`, 'look for a customer', { signal });
  return matchOfCandidates(customer, records.map((row) => ({ id: String(row.Id), postalCode: row.BillingPostalCode, country: row.BillingCountryCode ?? row.BillingCountry })), toLongId);
}

/** Contacts of a customer, by e-mail where there is one, else by whole name. @throws RemoteFailure */
export async function matchContact({ client }: PartyContext, customerId: string, person: Person, signal?: AbortSignal): Promise<Match> {
  const wanted = person.email ? { Email: person.email } : { FirstName: person.firstName, LastName: person.lastName };
  const parts = textsToLookFor(wanted).map(([field, text]) => `${field} = ${quoted(text)}`);
  if (parts.length === 0) return { type: 'none' };
  const { records } = await client.query(`SELECT Id FROM Contact WHERE ${all([`AccountId = ${quoted(customerId)}`, ...parts])} LIMIT ${MOST_CANDIDATES}`, 'look for a contact', { signal });
  return matchOf(records.map((row) => String(row.Id)), toLongId);
}

/** @throws RemoteFailure when there was no answer about the values */
export async function ensureCustomer(context: PartyContext, key: string, customer: Customer, signal?: AbortSignal): Promise<Ensured> {
  return ensure(context, 'Account', key, {
    Name: customer.name,
    BillingStreet: [customer.line1, customer.line2].filter(Boolean).join('\n') || null,
    BillingCity: customer.city,
    BillingPostalCode: customer.postalCode,
    ...countryAndState(context.facts.object('Account'), customer),
  }, (column) => fieldOfColumn(context.table, column, 'customer') ?? 'customer.name', signal);
}

/** @throws RemoteFailure when there was no answer about the values */
export async function ensureContact(context: PartyContext, key: string, customerId: string, person: Person, signal?: AbortSignal): Promise<Ensured> {
  return ensure(context, 'Contact', key, {
    FirstName: person.firstName,
    // A contact needs a last name; an address of which nothing else is known is still a person.
    LastName: person.lastName ?? person.firstName ?? person.email,
    Email: person.email,
    Phone: person.phone,
    AccountId: customerId,
  }, () => 'customer.contact', signal);
}

/** Inserted under a unique key instead of upserted: an upsert that arrives late, or is repeated, would write over what somebody changed meanwhile. */
async function ensure({ client, fields }: PartyContext, object: 'Account' | 'Contact', key: string, columns: Row, fieldOf: (column: string) => FieldKey, signal?: AbortSignal): Promise<Ensured> {
  const what = object === 'Account' ? 'make a customer' : 'make a contact';
  const body = { ...Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null)), [fields.key]: key };
  const answer = await client.send({ method: 'POST', path: `/sobjects/${object}`, what, headers: passingWarnings, body, signal });
  if (answer.status < 300) return { type: 'there', id: toLongId(String((answer.body as Row).id)) ?? '' };
  const error = errorOf(answer.body);
  const made = isTaken(error, fields.key) ? await findByKey(client, object, fields.key, key, signal) : null;
  if (made !== null) return { type: 'there', id: made };
  const reasons: Reason[] = [...new Set((error.fields.length > 0 ? error.fields : ['Name']).map(fieldOf))].map((field) => partyRefusal(answer.body, field));
  return { type: 'refused', reasons };
}

/** The record that holds a unique key; `null` when there is none that we may see. */
export async function findByKey(client: SalesforceClient, object: string, field: string, key: string, signal?: AbortSignal): Promise<string | null> {
  const { records } = await client.query(`SELECT Id FROM ${object} WHERE ${field} = ${quoted(key)} LIMIT 1`, 'look for what was made before', { signal });
  return records[0] ? toLongId(String(records[0].Id)) : null;
}

/** With State and Country/Territory Picklists only what stands in their lists is taken: the country goes as its code, a state that no list has is left out. */
function countryAndState(account: ObjectFacts | undefined, { country, state }: Customer): Row {
  if (!account?.has('BillingCountryCode')) return { BillingState: state, BillingCountry: country === null ? null : countryName(country) };
  const states = account.get('BillingStateCode')?.values ?? [];
  const known = states.find(({ value, label }) => [value.toLowerCase(), label.toLowerCase()].includes(state?.trim().toLowerCase() ?? ''));
  return { BillingCountryCode: country, BillingStateCode: country === null ? null : (known?.value ?? null) };
}

/** Id of the first of these addresses that an active user has; `null` when nobody has one. @throws RemoteFailure */
export async function findUserByEmail({ client }: PartyContext, emails: readonly string[], signal?: AbortSignal): Promise<string | null> {
  const wanted = emailsToLookFor(emails);
  if (wanted.length === 0) return null;
  // Standard: people who may own a deal, not portal users and processes (Object Reference, User).
  const { records } = await client.query(`SELECT Id, Email FROM User WHERE IsActive = true AND UserType = 'Standard' AND Email IN (${wanted.map(quoted).join(', ')})`, 'look for a user', { signal });
  const found = firstOfEmails(wanted, records, (user) => user.Email);
  return found ? toLongId(String(found.Id)) : null;
}
