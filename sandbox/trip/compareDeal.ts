// The told trip, at its end: one deal as both sides show it, every synced field, in words where they differ.
import type { Referral } from '../partnerCenter/referral';
import { describeSync, isSynced, type SeenDeal } from './crmDesk';

export interface BothSides {
  /** As people say it. */
  readonly crm: string;
  readonly deal: SeenDeal;
  readonly referral: Referral;
  /** Microsoft's own referral in the engagement, once help was asked. */
  readonly microsoft: Referral | undefined;
  /** Where the deal was made: its team begins there and travels to Partner Center only. */
  readonly madeIn: 'crm' | 'portal';
}

type Pair = readonly [field: string, crm: unknown, partner: unknown];

/** Lines `field: Dynamics 365 has ..., Partner Center has ...`; none when the sides are equal. */
export function compareDeal(sides: BothSides): string[] {
  const pairs = [...dealPairs(sides), ...customerPairs(sides), ...coSellPairs(sides), ...bookPairs(sides)];
  const lines = pairs.filter(([, crm, partner]) => JSON.stringify(crm) !== JSON.stringify(partner)).map(([field, crm, partner]) => `${field}: ${sides.crm} has ${JSON.stringify(crm)}, Partner Center has ${JSON.stringify(partner)}`);
  return isSynced(sides.deal) ? lines : [...lines, `not ✔: ${describeSync(sides.deal)}`];
}

function dealPairs({ deal, referral, madeIn }: BothSides): Pair[] {
  const { details } = referral;
  const owner = deal.owner?.toLowerCase();
  return [
    ['name', plain(deal.name), plain(referral.name)],
    ['dealValue', deal.dealValue, Number(details.dealValue)],
    ['currency', deal.currency, details.currency],
    ['closingDate', deal.closingDate, details.closingDateTime.slice(0, 10)],
    ['notes', plain(deal.notes), plain(details.notes)],
    ['status', deal.status, referral.status === 'Closed' ? `Closed/${referral.substatus}` : referral.status],
    ...(madeIn === 'crm' ? [['team', owner, referral.team.map(({ email }) => email?.toLowerCase()).find((email) => email === owner)] as const] : []),
    ['solutions', listed(deal.products), details.requirements.solutions.map(({ id }) => id).sort()],
  ];
}

/** Captured answers of the United States hold the state in `region` (platform-facts.md 7.2). */
function customerPairs({ deal, referral }: BothSides): Pair[] {
  const { name, address, team } = referral.customerProfile;
  return [
    ['customer.name', plain(deal.customer?.name), plain(name)],
    ['customer.address', (deal.customer?.address ?? []).map(plain), [address.addressLine1, address.addressLine2, address.city, address.state ?? address.region, address.postalCode].map(plain)],
    ['customer.country', countryCode(plain(deal.customer?.country)), address.country],
    ['customer.contact', (deal.contact ?? []).map(plain), [team[0]?.firstName, team[0]?.lastName, team[0]?.email, team[0]?.phoneNumber].map(plain)],
  ];
}

function coSellPairs({ deal, referral, microsoft }: BothSides): Pair[] {
  const asked = deal.help !== null;
  return [
    ['visibility', deal.visible ?? asked, referral.consent.consentToShareReferralWithMicrosoftSellers],
    ['help', deal.help, microsoft?.inviteContext.assistanceRequestCode ?? null],
    ['notesToMicrosoft', asked ? plain(deal.notesToMicrosoft) : '', plain(microsoft?.inviteContext.notes)],
    ["Microsoft's referral", deal.microsoftStatus, microsoft ? `${microsoft.status}/${microsoft.substatus}` : null],
  ];
}

/** What the service alone writes. */
function bookPairs({ deal, referral }: BothSides): Pair[] {
  const filled = (what: 'link' | 'lastSyncedOn' | 'audit'): Pair => [what, Boolean(deal[what]), true];
  return [['Referral Identifier', deal.identifier, referral.id], ['externalReferenceId', deal.id, referral.externalReferenceId], ['Sync with Partner Center', deal.shared, true], filled('link'), filled('lastSyncedOn'), filled('audit')];
}

/** Both platforms tidy texts: blanks at the ends go, line ends change, Partner Center answers with `&amp;` and the like. */
const plain = (text: string | null | undefined): string => (text ?? '').replace(/\r\n?/g, '\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim();

const listed = (ids: string | null): string[] => (ids ?? '').split(/[;,\r\n]+/).map((id) => id.trim()).filter((id) => id !== '').sort();

const english = new Intl.DisplayNames(['en'], { type: 'region' });
/** Codes in force: a retired one (DD) has the name of its successor. */
const CODES = Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26))).filter((code) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`);

/** People write a country's name, Partner Center holds its two letters. */
const countryCode = (name: string): string => (/^[A-Z]{2}$/.test(name) ? name : (CODES.find((code) => english.of(code) === name) ?? name));
