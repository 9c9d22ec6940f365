// A referral as the API shows it: the stored one, the members nobody sets, and the quirks (partner-center.md 2.10, 7).
import type { Referral } from './referral';

/** @param apiUrl the stand-in's own address @param nasty whether dealValue comes as a text every other time */
export function referralToAnswer(referral: Referral, apiUrl: string, nasty: boolean): Record<string, unknown> {
  return {
    ...referral,
    lastModifiedVia: null,
    lastRunId: null,
    referralSource: null,
    favorite: false,
    quality: 'Unknown',
    isSpam: false,
    dealSensitivity: 'None',
    createdVia: null,
    tags: [],
    callToAction: null,
    registrationStatus: 'None',
    details: { ...referral.details, dealValue: nasty && isOdd(referral.eTag) ? String(referral.details.dealValue) : referral.details.dealValue },
    links: linksOf(referral, apiUrl),
    registrations: [],
  };
}

/** Number and text both occur for dealValue (2.7, 7 quirk 2): the eTag decides, so that one version always reads the same. */
const isOdd = (eTag: string): boolean => Number.parseInt(eTag.slice(8, 9), 16) % 2 === 1;

/** Every fourth version of a nasty server is answered without a body, whatever was preferred: the eTag decides here, too. */
export const isShownAfterPatch = (eTag: string): boolean => Number.parseInt(eTag.slice(1, 2), 16) % 4 !== 0;

/** Real links leave out the quotation marks and documented ones misspell the path (1.4, 7 quirk 3): not to be followed. */
function linksOf(referral: Referral, apiUrl: string): Record<string, { uri: string; method: string }> {
  return {
    relatedReferrals: { uri: `${apiUrl}/v1.0/engagments/referrals?$filter=engagementId eq ${referral.engagementId}`, method: 'GET' },
    self: { uri: `${apiUrl}/v1.0/engagements/referrals/${referral.id}`, method: 'GET' },
  };
}
