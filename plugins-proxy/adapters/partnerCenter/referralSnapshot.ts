// A referral as Partner Center answers it, turned into cells by field. Members may be missing, doubled in case, or of another type than promised.
import { instantToDate, toDecimalText, type Cell, type Cells, type Json, type PartnerSnapshot } from '../../../core/index';
import type { ListedReferral } from '../../ports/partner';
import type { StandingLists } from './listMemory';
import { MICROSOFT } from './options';
import { at, flagAt, listAt, rawTextAt, textAt } from './wire';

/**
 * @param etag the ETag header, for an answer whose body carries none
 * @param timeZone the zone that says which day a closing instant means
 * @param serverNow Partner Center's own time, ISO
 * @returns `undefined` when the answer has no id or no eTag, and so cannot be a referral
 */
export function toPartnerSnapshot(body: Json | undefined, etag: string | undefined, timeZone: string, serverNow: string): PartnerSnapshot | undefined {
  const listed = toListedReferral(body, serverNow);
  const version = listed?.version || etag;
  if (!listed || !version) return undefined;
  return {
    ...listed,
    version,
    direction: rawTextAt(body, 'direction')?.toLowerCase() === 'incoming' ? 'incoming' : 'outgoing',
    type: rawTextAt(body, 'type')?.toLowerCase() === 'shared' ? 'Shared' : 'Independent',
    category: categoryOf(body),
    msxId: rawTextAt(body, 'trackingInfo', 'microsoftMsxId'),
    cells: cellsOf(body, timeZone),
  };
}

/** The members that every list asks for; `undefined` without an id. */
export function toListedReferral(body: Json | undefined, serverNow: string): ListedReferral | undefined {
  const id = rawTextAt(body, 'id');
  if (!id) return undefined;
  return {
    id: id.toLowerCase(),
    engagementId: rawTextAt(body, 'engagementId')?.toLowerCase() ?? '',
    externalReferenceId: rawTextAt(body, 'externalReferenceId'),
    organizationId: rawTextAt(body, 'organizationId')?.toLowerCase() ?? '',
    version: rawTextAt(body, 'eTag') ?? rawTextAt(body, '@odata.etag') ?? '',
    status: rawTextAt(body, 'status') ?? '',
    substatus: rawTextAt(body, 'substatus') ?? '',
    createdOn: momentOf(rawTextAt(body, 'createdDateTime'), serverNow),
    updatedOn: momentOf(rawTextAt(body, 'updatedDateTime'), serverNow),
    expiresOn: rawTextAt(body, 'expirationDateTime'),
  };
}

/** In one form, so that moments compare as texts. One that is missing or unreadable is now: no list ends there, and no change is taken for an old one. */
function momentOf(instant: string | null, serverNow: string): string {
  const time = instant === null ? NaN : Date.parse(withOffset(instant));
  return Number.isNaN(time) ? serverNow : new Date(time).toISOString();
}

/** An instant without an offset is UTC. */
const withOffset = (instant: string): string => (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(instant) ? instant : `${instant}Z`);

/** How Microsoft tells the kinds apart (referrals-api-introduction); referralSource and callToAction are not to be used alone. */
function categoryOf(body: Json | undefined): PartnerSnapshot['category'] {
  const independent = rawTextAt(body, 'type')?.toLowerCase() === 'independent';
  const qualification = rawTextAt(body, 'qualification')?.toLowerCase();
  const invitedBy = rawTextAt(body, 'inviteContext', 'invitedBy', 'organizationId')?.toLowerCase() ?? null;
  if (independent && qualification === 'direct' && (invitedBy === MICROSOFT || invitedBy === null)) return 'marketplaceLead';
  if (independent && (qualification === 'salesqualified' || qualification === 'marketingqualified') && invitedBy === MICROSOFT) return 'qualifiedLead';
  return 'coSell';
}

function cellsOf(body: Json | undefined, timeZone: string): Cells {
  return {
    name: cell(textAt(body, 'name')),
    dealValue: cell(amountOf(at(body, 'details', 'dealValue'))),
    currency: cell(rawTextAt(body, 'details', 'currency')),
    closingDate: cell(dayOf(rawTextAt(body, 'details', 'closingDateTime'), timeZone)),
    notes: cell(textAt(body, 'details', 'notes')),
    status: cell(dealStatusOf(rawTextAt(body, 'status'), rawTextAt(body, 'substatus'))),
    salesStage: cell(rawTextAt(body, 'salesStage')),
    'customer.name': cell(textAt(body, 'customerProfile', 'name')),
    'customer.address': cell(addressOf(at(body, 'customerProfile', 'address'))),
    'customer.country': cell(countryOf(rawTextAt(body, 'customerProfile', 'address', 'country'))),
    'customer.contact': cell(listAt(body, 'customerProfile', 'team').map(personOf)[0] ?? null),
    team: cell(listAt(body, 'team').map(personOf)),
    solutions: cell(solutionsOf(body).map((each) => rawTextAt(each, 'id') ?? '')),
    help: cell(helpOf(rawTextAt(body, 'inviteContext', 'assistanceRequestCode'))),
    notesToMicrosoft: cell(textAt(body, 'inviteContext', 'notes')),
    visibility: visibilityOf(flagAt(body, 'consent', 'consentToShareReferralWithMicrosoftSellers')),
    externalReferenceId: cell(rawTextAt(body, 'externalReferenceId')),
  };
}

const cell = (value: Json): Cell => (value === null || value === '' || (Array.isArray(value) && value.length === 0) ? { kind: 'empty' } : { kind: 'value', value });

/** A number as it is; numeric text (a documented sample passes `"10000"`) as plain decimal text. */
function amountOf(value: Json): Json {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (toDecimalText(value) ?? null) : null;
}

/** The calendar day; the year 1 stands for no date. */
export function dayOf(instant: string | null, timeZone: string): string | null {
  if (!instant || instant.startsWith('0001-')) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(instant)) return instant;
  return instantToDate(withOffset(instant), timeZone);
}

/** New and Active are both active; closed is what the substatus says. A word that nobody documented stands as it is. */
export function dealStatusOf(status: string | null, substatus: string | null): string | null {
  const word = status?.toLowerCase();
  if (word === 'new' || word === 'active') return 'Active';
  return word === 'closed' ? (substatus ?? status) : status;
}

/** Captured answers of the United States carry the state in `region` and null in `state`. */
function addressOf(address: Json): Json {
  const value = {
    line1: textAt(address, 'addressLine1'), line2: textAt(address, 'addressLine2'), city: textAt(address, 'city'),
    state: textAt(address, 'state') ?? textAt(address, 'region'), postalCode: textAt(address, 'postalCode'),
  };
  return Object.values(value).some((part) => part !== null) ? value : null;
}

function countryOf(country: string | null): Json {
  if (country === null) return null;
  return { code: /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : null, text: country };
}

const personOf = (member: Json): Json => ({ firstName: textAt(member, 'firstName'), lastName: textAt(member, 'lastName'), email: rawTextAt(member, 'email'), phone: rawTextAt(member, 'phoneNumber') });

/** The lists as answered. */
export const listsOf = (body: Json | undefined): StandingLists => ({ solutions: solutionsOf(body), contacts: listAt(body, 'customerProfile', 'team'), team: listAt(body, 'team') });

/** Catalogue entries and category tags alike. */
const solutionsOf = (body: Json | undefined): readonly Json[] => listAt(body, 'details', 'requirements', 'solutions').filter((each) => rawTextAt(each, 'id') !== null);

const helpOf = (code: string | null): string | null => (code === null || /^(unknown|none)$/i.test(code) ? null : code);

/** A consent that is not answered is not a private deal: nobody may conclude anything from it. */
const visibilityOf = (shared: boolean | null): Cell => (shared === null ? { kind: 'empty' } : { kind: 'value', value: shared ? 'visible' : 'private' });
