// The names that a referral's members have: read in any case, refused when unknown.
import { invalid } from './refusal';

const NAMES = [
  'id', 'engagementId', 'name', 'externalReferenceId', 'organizationId', 'organizationName', 'mpnId', 'createdDateTime', 'updatedDateTime', 'expirationDateTime', 'acceptedDateTime', 'closedDateTime',
  'status', 'substatus', 'statusReason', 'type', 'qualification', 'direction', 'customerProfile', 'consent', 'details', 'team', 'inviteContext', 'target', 'eTag', 'links', 'campaignId', 'salesStage',
  'trackingInfo', 'registrations', 'registrationStatus', 'referralSource', 'callToAction', 'favorite', 'quality', 'isSpam', 'tags', 'referralProgram', 'dealSensitivity', 'createdVia', 'lastModifiedVia', 'lastRunId',
  'size', 'isMatchingComplete', 'address', 'ids', 'profileType', 'addressLine1', 'addressLine2', 'city', 'state', 'postalCode', 'country', 'region',
  'firstName', 'lastName', 'phoneNumber', 'email', 'title', 'contactPreference', 'locale', 'disableNotifications',
  'consentToToShareInfoWithOthers', 'consentToContact', 'consentToMicrosoftToContactSpecificPartners', 'consentToShareReferralWithMicrosoftSellers',
  'notes', 'dealValue', 'currency', 'closingDateTime', 'customerRequestedContact', 'customerAction', 'incentiveLevel', 'requirements',
  'industries', 'products', 'services', 'solutions', 'offers', 'salesPlays', 'additionalRequirements', 'iot', 'attributes', 'price', 'quantity', 'publisherName', 'solutionType',
  'customerLicenseAgreementNumber', 'deviceCategory', 'siliconType', 'azureCertifiedDevice', 'attachServices',
  'assistanceRequestCode', 'invitedMpnId', 'invitedBy', 'relatedReferrals', 'self', 'uri', 'method',
  'microsoftMsxId', 'microsoftUSFedOpportunityId', 'microsoftUSFedLeadId', 'migratedPSCDealId', 'migratedPSCPartnerDealId',
];

const BY_LOWER_CASE = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** Whether some referral may carry a member of this exact name. */
export const isMemberName = (name: string): boolean => BY_LOWER_CASE.get(name.toLowerCase()) === name;

/**
 * Gives every member its camelCase name: the current sample of create-a-referral mixes PascalCase and camelCase (platform-facts.md 7.2).
 * @throws Refusal 400 for a name that no document knows (the documents are silent on those), or one that comes twice
 */
export function canonicalMembers(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => canonicalMembers(entry, `${path}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [sent, entry] of Object.entries(value)) {
    const name = sent.startsWith('@odata.') ? sent : BY_LOWER_CASE.get(sent.toLowerCase());
    const target = `${path}/${sent}`.slice(1);
    if (name === undefined) throw invalid(target, `${target} is not a member of a referral.`, 'unknownMember');
    if (name in result) throw invalid(target, `${target} is given twice.`, 'duplicateMember');
    result[name] = canonicalMembers(entry, `${path}/${name}`);
  }
  return result;
}
