// A referral as the API shows it: the stored one, the members nobody sets, and the quirks (partner-center.md 2.10, 7).
import type { Referral } from './referral';

/** @param apiUrl the stand-in's own address @param nasty whether dealValue comes as a text every other time, and the other quirks of captured answers */
export function referralToAnswer(referral: Referral, apiUrl: string, nasty: boolean): Record<string, unknown> {
  const whole = wholeAnswer(referral, apiUrl, nasty);
  return nasty ? { ...quirky(whole, referral), links: whole.links } : whole;
}

/** Captured rows of the United States hold the state in `region`, and `expirationDateTime` also while Active (platform-facts.md 7.2); `ids` comes as `{}`, too (2.5). */
function quirky(whole: Record<string, unknown>, referral: Referral): Record<string, unknown> {
  const { customerProfile } = referral;
  const { address, ids } = customerProfile;
  const moved = address.country === 'US' ? { ...address, state: null, region: address.state ?? address.region } : address;
  const expires = referral.expirationDateTime ?? (referral.status === 'Active' ? referral.createdDateTime : null);
  const shown = { ...whole, expirationDateTime: expires, customerProfile: { ...customerProfile, address: moved, ids: ids.length === 0 ? {} : ids } };
  return isBare(referral.eTag) ? (withoutNulls(shown) as Record<string, unknown>) : shown;
}

/** Whether empty members are left out or null differs from sample to sample (2, 7.2): here every other version leaves them out. */
const isBare = (eTag: string): boolean => Number.parseInt(eTag.slice(7, 8), 16) % 2 === 1;

/** A value without its empty members. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null).map(([name, entry]) => [name, withoutNulls(entry)]));
}

function wholeAnswer(referral: Referral, apiUrl: string, nasty: boolean): Record<string, unknown> {
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
export const isOdd = (eTag: string): boolean => Number.parseInt(eTag.slice(8, 9), 16) % 2 === 1;

/** Every fourth version of a nasty server is answered without a body, whatever was preferred: the eTag decides here, too. */
export const isShownAfterPatch = (eTag: string): boolean => Number.parseInt(eTag.slice(1, 2), 16) % 4 !== 0;

/** Real links leave out the quotation marks and documented ones misspell the path (1.4, 7 quirk 3): not to be followed. */
function linksOf(referral: Referral, apiUrl: string): Record<string, { uri: string; method: string }> {
  return {
    relatedReferrals: { uri: `${apiUrl}/v1.0/engagments/referrals?$filter=engagementId eq ${referral.engagementId}`, method: 'GET' },
    self: { uri: `${apiUrl}/v1.0/engagements/referrals/${referral.id}`, method: 'GET' },
  };
}
