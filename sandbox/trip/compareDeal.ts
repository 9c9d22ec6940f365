// The told trip, at its end: one deal as both sides show it, every synced field, in words where they differ.
import type { Referral } from '../partnerCenter/referral';
import { describeSync, FIRST_CHOICE, HELP, isSynced, VISIBLE, type Opportunity } from './crmDesk';

export interface BothSides {
  readonly opportunity: Opportunity;
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
  const lines = pairs.filter(([, crm, partner]) => JSON.stringify(crm) !== JSON.stringify(partner)).map(([field, crm, partner]) => `${field}: Dynamics 365 has ${JSON.stringify(crm)}, Partner Center has ${JSON.stringify(partner)}`);
  return isSynced(sides.opportunity) ? lines : [...lines, `not ✔: ${describeSync(sides.opportunity)}`];
}

function dealPairs({ opportunity, referral, madeIn }: BothSides): Pair[] {
  const { details } = referral;
  const owner = opportunity.owninguser?.internalemailaddress?.toLowerCase();
  return [
    ['name', plain(opportunity.name), plain(referral.name)],
    ['dealValue', opportunity.estimatedvalue, Number(details.dealValue)],
    ['currency', opportunity.transactioncurrencyid?.isocurrencycode, details.currency],
    ['closingDate', opportunity.estimatedclosedate, details.closingDateTime.slice(0, 10)],
    ['notes', plain(opportunity.description), plain(details.notes)],
    ['status', ['Active', 'Closed/Won', 'Closed/Lost'][opportunity.statecode], referral.status === 'Closed' ? `Closed/${referral.substatus}` : referral.status],
    ...(madeIn === 'crm' ? [['team', owner, referral.team.map(({ email }) => email?.toLowerCase()).find((email) => email === owner)] as const] : []),
    ['solutions', listed(opportunity.cosell_products), details.requirements.solutions.map(({ id }) => id).sort()],
  ];
}

function customerPairs({ opportunity, referral }: BothSides): Pair[] {
  const account = opportunity.parentaccountid;
  const { name, address, team } = referral.customerProfile;
  return [
    ['customer.name', plain(account?.name), plain(name)],
    ['customer.address', [account?.address1_line1, account?.address1_line2, account?.address1_city, account?.address1_stateorprovince, account?.address1_postalcode].map(plain), [address.addressLine1, address.addressLine2, address.city, address.state, address.postalCode].map(plain)],
    ['customer.country', countryCode(plain(account?.address1_country)), address.country],
    ['customer.contact', contactOf(opportunity), [team[0]?.firstName, team[0]?.lastName, team[0]?.email, team[0]?.phoneNumber].map(plain)],
  ];
}

function contactOf({ parentcontactid: contact }: Opportunity): string[] {
  return [contact?.firstname, contact?.lastname, contact?.emailaddress1, contact?.telephone1].map(plain);
}

function coSellPairs({ opportunity, referral, microsoft }: BothSides): Pair[] {
  const help = opportunity.cosell_howcanmicrosofthelp;
  const asked = help !== null;
  const visible = opportunity.cosell_referralvisibility === VISIBLE || (asked && opportunity.cosell_referralvisibility === null);
  return [
    ['visibility', visible, referral.consent.consentToShareReferralWithMicrosoftSellers],
    ['help', asked ? HELP[help - FIRST_CHOICE] : null, microsoft?.inviteContext.assistanceRequestCode ?? null],
    ['notesToMicrosoft', asked ? plain(opportunity.cosell_notestomicrosoft) : '', plain(microsoft?.inviteContext.notes)],
    ["Microsoft's referral", opportunity.cosell_microsoftreferralstatus, microsoft ? `${microsoft.status}/${microsoft.substatus}` : null],
  ];
}

/** What the service alone writes. */
function bookPairs({ opportunity, referral }: BothSides): Pair[] {
  const filled = (column: keyof Opportunity): Pair => [column, Boolean(opportunity[column]), true];
  return [
    ['Referral Identifier', opportunity.cosell_referralidentifier, referral.id],
    ['externalReferenceId', opportunity.opportunityid, referral.externalReferenceId],
    filled('cosell_syncwithpartnercenter'), filled('cosell_referrallink'), filled('cosell_lastsyncedon'), filled('cosell_audit'),
  ];
}

/** Both platforms tidy texts: blanks at the ends go, line ends change, Partner Center answers with `&amp;` and the like. */
const plain = (text: string | null | undefined): string => (text ?? '').replace(/\r\n?/g, '\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim();

const listed = (ids: string | null): string[] => (ids ?? '').split(/[;,\r\n]+/).map((id) => id.trim()).filter((id) => id !== '').sort();

const english = new Intl.DisplayNames(['en'], { type: 'region' });
/** Codes in force: a retired one (DD) has the name of its successor. */
const CODES = Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26))).filter((code) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`);

/** People write a country's name, Partner Center holds its two letters. */
const countryCode = (name: string): string => (/^[A-Z]{2}$/.test(name) ? name : (CODES.find((code) => english.of(code) === name) ?? name));
