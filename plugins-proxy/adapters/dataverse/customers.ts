// Finds the account, contact and user behind a referral's names, or makes account and contact under ids of our choice.
import type { Customer, Ensured, Match, Person } from '../../ports/crm';
import { countryName } from '../country';
import { emailsToLookFor, firstOfEmails, matchOf, matchOfCandidates, MOST_CANDIDATES, textsToLookFor } from '../partyMatch';
import type { DataverseClient, Row } from './dataverseClient';
import { canonicalId } from './ids';
import { partyRefusal } from './refusals';
import { rowsOf } from './tableFacts';

const quoted = (text: string): string => encodeURIComponent(`'${text.replaceAll("'", "''")}'`);

/** Active accounts of this name (compared as the database's collation does, without case). @throws RemoteFailure */
export async function matchCustomer(client: DataverseClient, customer: Customer, signal?: AbortSignal): Promise<Match> {
  const select = 'accountid,name,address1_postalcode,address1_country';
  const path = `accounts?$select=${select}&$filter=statecode eq 0 and name eq ${quoted(customer.name.trim())}&$top=${MOST_CANDIDATES}`;
  const { body } = await client.get(path, 'look for a customer', { signal });
  return matchOfCandidates(customer, rowsOf(body).map((row) => ({ id: String(row.accountid), postalCode: row.address1_postalcode, country: row.address1_country })), canonicalId);
}

/** Active contacts of a customer, by e-mail where there is one, else by whole name. @throws RemoteFailure */
export async function matchContact(client: DataverseClient, customerId: string, person: Person, signal?: AbortSignal): Promise<Match> {
  const wanted = person.email ? { emailaddress1: person.email } : { firstname: person.firstName, lastname: person.lastName };
  const parts = textsToLookFor(wanted).map(([column, text]) => `${column} eq ${quoted(text)}`);
  if (parts.length === 0) return { type: 'none' };
  const filter = ['statecode eq 0', `_parentcustomerid_value eq ${customerId}`, ...parts].join(' and ');
  const { body } = await client.get(`contacts?$select=contactid&$filter=${filter}&$top=${MOST_CANDIDATES}`, 'look for a contact', { signal });
  return matchOf(rowsOf(body).map((row) => String(row.contactid)), canonicalId);
}

/** @throws RemoteFailure when there was no answer about the values */
export async function ensureCustomer(client: DataverseClient, id: string, customer: Customer, signal?: AbortSignal): Promise<Ensured> {
  return ensure(client, `accounts(${id})`, id, 'customer.name', {
    name: customer.name,
    address1_line1: customer.line1,
    address1_line2: customer.line2,
    address1_city: customer.city,
    address1_stateorprovince: customer.state,
    address1_postalcode: customer.postalCode,
    address1_country: customer.country === null ? null : countryName(customer.country),
  }, signal);
}

/** @throws RemoteFailure when there was no answer about the values */
export async function ensureContact(client: DataverseClient, id: string, customerId: string, person: Person, signal?: AbortSignal): Promise<Ensured> {
  return ensure(client, `contacts(${id})`, id, 'customer.contact', {
    firstname: person.firstName,
    // Dataverse asks for a last name; an address of which nothing else is known is still a person.
    lastname: person.lastName ?? person.firstName ?? person.email,
    emailaddress1: person.email,
    telephone1: person.phone,
    'parentcustomerid_account@odata.bind': `/accounts(${customerId})`,
  }, signal);
}

async function ensure(client: DataverseClient, path: string, id: string, field: 'customer.name' | 'customer.contact', columns: Row, signal?: AbortSignal): Promise<Ensured> {
  const body = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null));
  const answer = await client.send({ method: 'PATCH', path, what: field === 'customer.name' ? 'make a customer' : 'make a contact', headers: { 'if-none-match': '*' }, body, signal });
  if (answer.status < 300) return { type: 'there', id };
  if (answer.status === 412) return { type: 'there', id: await survivorOf(client, path, id, signal) };
  return { type: 'refused', reasons: [partyRefusal(field, answer.status, answer.body, client.displayName)] };
}

/** What was made once may have been merged since: it stays behind inactive, and the one that it was merged into is meant (Learn, "Merge records"). */
async function survivorOf(client: DataverseClient, path: string, id: string, signal?: AbortSignal, left = 5): Promise<string> {
  const { status, body } = await client.send({ method: 'GET', path: `${path}?$select=statecode,_masterid_value`, what: 'look at what was made before', signal });
  const master = status === 200 && body.statecode !== 0 && typeof body._masterid_value === 'string' ? canonicalId(body._masterid_value) : null;
  return master === null || left === 0 ? id : survivorOf(client, `${path.slice(0, path.indexOf('('))}(${master})`, master, signal, left - 1);
}

/** Id of the first of these addresses that an active user has; `null` when nobody has one. @throws RemoteFailure */
export async function findUserByEmail(client: DataverseClient, emails: readonly string[], signal?: AbortSignal): Promise<string | null> {
  const wanted = emailsToLookFor(emails);
  if (wanted.length === 0) return null;
  const filter = `isdisabled eq false and (${wanted.map((email) => `internalemailaddress eq ${quoted(email)}`).join(' or ')})`;
  const { body } = await client.get(`systemusers?$select=systemuserid,internalemailaddress&$filter=${filter}`, 'look for a user', { signal });
  const found = firstOfEmails(wanted, rowsOf(body), (user) => user.internalemailaddress);
  return found ? canonicalId(String(found.systemuserid)) : null;
}
