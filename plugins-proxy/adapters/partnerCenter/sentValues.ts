// Canonical values on their way into a referral: each field's shape on the wire.
import { dateToInstant, type Json, type Values } from '../../../core/index';
import { at, rawTextAt } from './wire';

/**
 * The amount as a JSON number, as answers carry it. Exact up to 2^53 units in the last place, which no currency's deal reaches.
 * @throws when it is no number: core never plans an empty amount
 */
export function toDealValue(amount: Json | undefined): number {
  const value = typeof amount === 'string' && amount.trim() !== '' ? Number(amount) : amount;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error('A deal value that is no number cannot be sent to Partner Center.');
  return value;
}

/** The first instant of the day in the zone, UTC. @throws when it is no date */
export function toClosingDateTime(date: Json | undefined, timeZone: string): string {
  if (typeof date !== 'string') throw new Error('A closing date that is no date cannot be sent to Partner Center.');
  return dateToInstant(date, timeZone);
}

/** A solution by its id: partner solutions (`SOL-…`) and Microsoft's own (GUIDs) are named ones, everything else is a category tag. Its name is the catalogue's. */
export const toSolution = (id: string): Json => ({ id, type: isCatalogueId(id) ? 'Name' : 'Category' });

const isCatalogueId = (id: string): boolean => /^SOL-/i.test(id) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

/** People as members of a team. Without an e-mail address nobody can be one: it is what a member is known by. */
export const toMembers = (people: Json | undefined): Json[] => (Array.isArray(people) ? (people as readonly Json[]) : [people ?? null]).map(toMember).filter((member) => rawTextAt(member, 'email') !== null);

/** An e-mail address alone is a person too. */
function toMember(person: Json): Json {
  if (typeof person === 'string') return { firstName: null, lastName: null, phoneNumber: null, email: person };
  return { firstName: rawTextAt(person, 'firstName'), lastName: rawTextAt(person, 'lastName'), phoneNumber: rawTextAt(person, 'phone'), email: rawTextAt(person, 'email') };
}

/** A list of texts out of a value. */
export const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? (value as readonly Json[]).filter((each): each is string => typeof each === 'string') : []);

export const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The customer with address and contact. */
export function toCustomerProfile(values: Values): Json {
  const address = values['customer.address'] ?? null;
  return {
    name: textOf(values['customer.name']),
    address: {
      addressLine1: rawTextAt(address, 'line1'), addressLine2: rawTextAt(address, 'line2'), city: rawTextAt(address, 'city'),
      state: rawTextAt(address, 'state'), postalCode: rawTextAt(address, 'postalCode'), country: countryCode(values['customer.country'] ?? null),
    },
    team: toMembers(values['customer.contact']),
  };
}

const countryCode = (country: Json): string | null => (typeof country === 'string' ? country : textOf(at(country, 'code')));
