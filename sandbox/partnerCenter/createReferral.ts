// What a POST makes: our own referral, or the second one, Microsoft's, in the same engagement (partner-center.md 2.4, platform-facts.md 7.2).
import { randomUUID } from 'node:crypto';
import { CUSTOMER_SIZES, isCountry } from './catalogue';
import { canonicalMembers } from './memberNames';
import { invalid, Refusal } from './refusal';
import { HELP_CODES, MICROSOFT, type Referral } from './referral';
import type { ReferralBook } from './referralBook';
import { asArray, asBoolean, asClosingDate, asCurrency, asDealValue, asMembers, asObject, asOneOf, asSolutions, asText, asTextOrNull, type Knowledge, type Sent } from './sentValues';
import { checkStatusPair } from './statusMachine';
import { roundMoney, tidyDeep } from './tidy';

export interface CreateContext {
  readonly book: ReferralBook;
  readonly knowledge: Knowledge;
  readonly nasty: boolean;
  readonly now: () => number;
}

const FOURTEEN_DAYS = 14 * 86_400_000;

/** Read-only members (partner-center.md 2.1; platform-facts.md 7.1). What a POST does with them is not documented: refused. */
const READ_ONLY = ['id', 'organizationId', 'organizationName', 'createdDateTime', 'updatedDateTime', 'expirationDateTime', 'acceptedDateTime', 'closedDateTime', 'direction', 'eTag', 'links', 'trackingInfo', 'registrations', 'registrationStatus', 'quality', 'isSpam', 'tags', 'referralSource', 'callToAction'];

/** Whether a body asks for Microsoft's referral: that is what counts the request. */
export function asksMicrosoft(body: unknown): boolean {
  const text = JSON.stringify(body ?? null).toLowerCase();
  return text.includes('"businessprofilelocation"') && text.includes(`"id":"${MICROSOFT}"`);
}

/** Checks a body and stores what it asks for. @throws Refusal */
export function createReferral(body: unknown, context: CreateContext): Referral {
  const sent = asObject(canonicalMembers(body), 'referral');
  const readOnly = READ_ONLY.find((name) => name in sent);
  if (readOnly) throw invalid(readOnly, `${readOnly} is read-only.`, 'readOnly');
  const referral = readReferral(sent, context);
  const tidied = context.nasty ? (tidyDeep(referral) as Referral) : referral;
  return context.book.add(referral.organizationId === MICROSOFT ? microsoftsOwn(tidied, sent, context) : ownReferral(tidied, sent));
}

function ownReferral(referral: Referral, sent: Sent): Referral {
  if (sent.engagementId !== undefined && sent.engagementId !== null) throw invalid('engagementId', 'engagementId belongs to the referral that invites Microsoft.');
  if (referral.type === 'Shared' && !referral.consent.consentToShareReferralWithMicrosoftSellers) throw invalid('consent/consentToShareReferralWithMicrosoftSellers', 'A shared deal needs the consent to share it with Microsoft sellers.');
  return referral;
}

/** The second POST: Microsoft's side of our engagement waits for Microsoft's answer, 14 days at most (2.3). */
function microsoftsOwn(referral: Referral, sent: Sent, { book }: CreateContext): Referral {
  const engagementId = asText(sent.engagementId, 'engagementId');
  const engagement = book.engagement(engagementId);
  const ours = engagement.find((one) => one.organizationId !== MICROSOFT);
  if (!ours) throw invalid('engagementId', `There is no engagement ${engagementId}.`, 'engagementNotFound');
  if (ours.status === 'Closed') throw invalid('engagementId', 'The engagement is closed.', 'referralClosed');
  if (!HELP_CODES.includes(referral.inviteContext.assistanceRequestCode)) throw invalid('inviteContext/assistanceRequestCode', 'Say how Microsoft can help.', 'required');
  for (const one of [ours, referral]) {
    if (!one.consent.consentToShareReferralWithMicrosoftSellers) throw invalid('consent/consentToShareReferralWithMicrosoftSellers', 'Microsoft cannot be invited to a deal that its sellers may not see.');
  }
  // Whether a second invitation is refused is not documented. Help and notes are write-once (2.8), so the stand-in says 409.
  if (engagement.some((one) => one.organizationId === MICROSOFT)) throw new Refusal(409, 'invalidRequest', 'Microsoft is already part of this engagement.', 'engagementId', 'alreadyInvited');
  return { ...referral, engagementId: ours.engagementId };
}

function readReferral(sent: Sent, context: CreateContext): Referral {
  const { book, knowledge } = context;
  const target = readTarget(sent.target, knowledge);
  const forMicrosoft = target.some((one) => one.id === MICROSOFT);
  const inviteContext = readInvite(sent, book);
  const askedForHelp = HELP_CODES.includes(inviteContext.assistanceRequestCode);
  const own = book.organization();
  const created = book.stamp();
  if (sent.status !== undefined || sent.substatus !== undefined) readWishedStatus(sent);
  return {
    id: randomUUID(),
    engagementId: randomUUID(),
    name: asText(sent.name, 'name'),
    organizationId: forMicrosoft ? MICROSOFT : own.id,
    organizationName: forMicrosoft ? 'Microsoft' : own.name,
    externalReferenceId: asTextOrNull(sent.externalReferenceId, 'externalReferenceId'),
    campaignId: asTextOrNull(sent.campaignId, 'campaignId'),
    referralProgram: asTextOrNull(sent.referralProgram, 'referralProgram'),
    salesStage: asTextOrNull(sent.salesStage, 'salesStage'),
    mpnId: readMpnId(sent.mpnId),
    createdDateTime: created,
    updatedDateTime: created,
    expirationDateTime: forMicrosoft ? expiryFrom(context.now()) : null,
    acceptedDateTime: forMicrosoft ? null : created,
    closedDateTime: null,
    // A new outgoing referral is Active/Accepted whatever was sent (2.1 status, 7 quirk 8).
    status: forMicrosoft ? 'New' : 'Active',
    substatus: forMicrosoft ? 'Pending' : 'Accepted',
    statusReason: asTextOrNull(sent.statusReason, 'statusReason'),
    qualification: asOneOf(sent.qualification ?? 'None', ['None', 'Direct', 'MarketingQualified', 'SalesQualified'] as const, 'qualification'),
    type: asOneOf(sent.type, ['Independent', 'Shared'] as const, 'type'),
    // Seen from the organisation that calls: a deal that we began is outgoing on both sides of the engagement. Not documented for Microsoft's side.
    direction: 'Outgoing',
    eTag: '',
    target,
    customerProfile: readCustomer(sent, askedForHelp || forMicrosoft),
    consent: readConsent(sent),
    details: readDetails(sent, context),
    team: asMembers(sent.team, 'team', false),
    inviteContext,
    trackingInfo: { microsoftMsxId: null, microsoftUSFedOpportunityId: null, microsoftUSFedLeadId: null, migratedPSCDealId: null, migratedPSCPartnerDealId: null },
  };
}

/** 14 days from `at`, in the server's own writing (2.3). */
export const expiryFrom = (at: number): string => new Date(at + FOURTEEN_DAYS).toISOString().replace('Z', '0000Z');

/** The portal's file format writes New/Accepted, the sample New/Pending (2.1): both are read and overruled. */
function readWishedStatus(sent: Sent): void {
  if (sent.status === 'New' && sent.substatus === 'Accepted') return;
  const { status } = checkStatusPair(sent.status, sent.substatus);
  if (status === 'Closed') throw invalid('status', 'A new referral cannot be closed.');
}

function readMpnId(value: unknown): string | null {
  const text = asTextOrNull(value, 'mpnId');
  if (text !== null && !/^\d+$/.test(text)) throw invalid('mpnId', 'mpnId must consist of digits.');
  return text;
}

function readTarget(value: unknown, knowledge: Knowledge): Referral['target'] {
  return asArray(value ?? [], 'target').map((entry, index) => {
    const path = `target/${index}`;
    const sent = asObject(entry, path);
    const type = asOneOf(sent.type, ['BusinessProfileLocation', 'SolutionProfile'] as const, `${path}/type`);
    const id = asText(sent.id, `${path}/id`);
    const known = type === 'SolutionProfile' ? knowledge.solutions.has(id) : id === MICROSOFT;
    if (!known) throw invalid(`${path}/id`, `${id} is not known as a ${type}.`);
    return { type, id };
  });
}

function readInvite(sent: Sent, book: ReferralBook): Referral['inviteContext'] {
  const invite = sent.inviteContext === undefined || sent.inviteContext === null ? {} : asObject(sent.inviteContext, 'inviteContext');
  const own = book.organization();
  return {
    notes: asTextOrNull(invite.notes, 'inviteContext/notes'),
    assistanceRequestCode: asOneOf(invite.assistanceRequestCode ?? 'Unknown', ['Unknown', ...HELP_CODES], 'inviteContext/assistanceRequestCode'),
    invitedMpnId: asTextOrNull(invite.invitedMpnId ?? sent.mpnId, 'inviteContext/invitedMpnId'),
    invitedBy: { organizationId: own.id, organizationName: own.name },
  };
}

/** Name, first line, city and two-letter country are required; a contact only when Microsoft shall help (2.5). */
function readCustomer(sent: Sent, contactNeeded: boolean): Referral['customerProfile'] {
  const profile = asObject(sent.customerProfile, 'customerProfile');
  const address = asObject(profile.address, 'customerProfile/address');
  const path = (name: string): string => `customerProfile/address/${name}`;
  const optional = (name: string): string | null => asTextOrNull(address[name], path(name));
  const country = asText(address.country, path('country'));
  if (!isCountry(country)) throw invalid(path('country'), `${country} is not a country code of two letters.`, 'countryUnknown');
  const size = asTextOrNull(profile.size, 'customerProfile/size');
  if (size && !CUSTOMER_SIZES.includes(size)) throw invalid('customerProfile/size', `${size} is not a size.`);
  const team = asMembers(profile.team, 'customerProfile/team', contactNeeded);
  if (contactNeeded && team.length === 0) throw invalid('customerProfile/team', 'Microsoft needs a contact at the customer to help.', 'required');
  return {
    name: asText(profile.name, 'customerProfile/name'),
    size,
    isMatchingComplete: false,
    address: { addressLine1: asText(address.addressLine1, path('addressLine1')), addressLine2: optional('addressLine2'), city: asText(address.city, path('city')), state: optional('state'), postalCode: optional('postalCode'), country, region: optional('region') },
    team,
    ids: readIds(profile.ids),
  };
}

/** An object in some samples, an array in real rows (2.5). */
function readIds(value: unknown): Referral['customerProfile']['ids'] {
  if (!Array.isArray(value)) return [];
  return value.map((entry, index) => {
    const sent = asObject(entry, `customerProfile/ids/${index}`);
    return { profileType: asOneOf(sent.profileType, ['Duns', 'External'] as const, `customerProfile/ids/${index}/profileType`), id: asText(sent.id, `customerProfile/ids/${index}/id`) };
  });
}

/** Without the customer's agreement nothing is created (2.6). */
function readConsent(sent: Sent): Referral['consent'] {
  const consent = asObject(sent.consent, 'consent');
  for (const name of ['consentToToShareInfoWithOthers', 'consentToContact'] as const) {
    if (!asBoolean(consent[name], `consent/${name}`)) throw invalid(`consent/${name}`, `${name} must be given.`);
  }
  const specific = consent.consentToMicrosoftToContactSpecificPartners;
  return {
    consentToToShareInfoWithOthers: true,
    consentToContact: true,
    consentToMicrosoftToContactSpecificPartners: specific === undefined || specific === null ? null : asBoolean(specific, 'consent/consentToMicrosoftToContactSpecificPartners'),
    consentToShareReferralWithMicrosoftSellers: asBoolean(consent.consentToShareReferralWithMicrosoftSellers, 'consent/consentToShareReferralWithMicrosoftSellers'),
  };
}

function readDetails(sent: Sent, { knowledge, nasty }: CreateContext): Referral['details'] {
  const details = asObject(sent.details, 'details');
  const requirements = asObject(details.requirements, 'details/requirements');
  const dealValue = asDealValue(details.dealValue);
  const currency = asCurrency(details.currency, knowledge);
  const ids = (name: string): { id: string }[] => asArray(requirements[name] ?? [], `details/requirements/${name}`).map((entry, index) => ({ id: asText(asObject(entry, `details/requirements/${name}/${index}`).id, `details/requirements/${name}/${index}/id`) }));
  return {
    notes: asTextOrNull(details.notes, 'details/notes') ?? '',
    dealValue: nasty ? roundMoney(dealValue, currency) : Number(dealValue),
    currency,
    closingDateTime: asClosingDate(details.closingDateTime),
    customerRequestedContact: asTextOrNull(details.customerRequestedContact, 'details/customerRequestedContact'),
    customerAction: asTextOrNull(details.customerAction, 'details/customerAction'),
    incentiveLevel: asTextOrNull(details.incentiveLevel, 'details/incentiveLevel'),
    requirements: {
      industries: ids('industries'),
      products: ids('products'),
      services: ids('services'),
      solutions: asSolutions(requirements.solutions, knowledge),
      offers: [],
      salesPlays: [],
      additionalRequirements: readAdditional(requirements.additionalRequirements),
    },
  };
}

/** The marketplace intent is required since 2023 (2.7); its values are not all known, so any text is taken. */
function readAdditional(value: unknown): Referral['details']['requirements']['additionalRequirements'] {
  const path = 'details/requirements/additionalRequirements/attributes';
  const sent = value === undefined || value === null ? {} : asObject(value, 'details/requirements/additionalRequirements');
  const attributes = asArray(sent.attributes ?? [], path).map((entry, index) => {
    const one = asObject(entry, `${path}/${index}`);
    return { type: asText(one.type, `${path}/${index}/type`), id: asText(one.id, `${path}/${index}/id`) };
  });
  if (!attributes.some((one) => one.type === 'CustomerMarketplaceIntent')) throw invalid(path, 'CustomerMarketplaceIntent is required.', 'required');
  return { iot: { customerLicenseAgreementNumber: null, deviceCategory: null, siliconType: null, azureCertifiedDevice: false, attachServices: false }, attributes };
}
