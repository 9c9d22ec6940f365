// "What just happened": what the stand-in for Partner Center sees of a deal's trip.
import type { Entra } from '../../entra/entra';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import { MICROSOFT, type Referral } from '../../partnerCenter/referral';
import type { DealKeys } from './dealKeys';
import { isDown } from './isDown';
import type { Observation, ReferralChange } from './observation';

/** What travels, by field key; the rest of a referral is no seller's business. */
const FIELDS: Readonly<Record<string, (referral: Referral) => unknown>> = {
  name: (referral) => referral.name,
  dealValue: ({ details }) => details.dealValue,
  currency: ({ details }) => details.currency,
  closingDate: ({ details }) => details.closingDateTime,
  notes: ({ details }) => details.notes,
  solutions: ({ details }) => details.requirements.solutions.map(({ id }) => id),
  salesStage: ({ salesStage }) => salesStage,
  team: ({ team }) => team,
  'customer.contact': ({ customerProfile }) => customerProfile.team,
  visibility: ({ consent }) => consent.consentToShareReferralWithMicrosoftSellers,
};

export function watchPartnerCenter(partnerCenter: PartnerCenter, entra: Entra, deals: DealKeys, tell: (observation: Observation) => void): void {
  const before = new Map(partnerCenter.referrals().map((referral) => [referral.id, referral]));
  partnerCenter.onChange((referral, kind, by) => {
    const old = kind === 'created' ? undefined : before.get(referral.id);
    before.set(referral.id, referral);
    const fields = old ? changedFields(old, referral) : [];
    const change = changeOf(old, referral);
    // Writing our record's id into a new deal is book-keeping, and so is handing Microsoft's identifier on.
    if (change === 'changed' && fields.length === 0) return;
    tell({ type: 'referralChanged', at: Date.now(), keys: deals.ofReferral(referral.id), name: plain(referral.name), by: by === 'portal' ? 'portal' : 'service', change, fields });
  });
  partnerCenter.onDelivered(({ referralId, outcome, at, eventName }) => {
    if (eventName.startsWith('test')) return;
    tell({ type: 'eventSent', at, keys: deals.ofReferral(referralId), outcome: outcome === 'lost' ? 'lost' : typeof outcome === 'number' && outcome < 300 ? 'heard' : 'notHeard' });
  });
  partnerCenter.api.onRequest((request) => {
    const referralId = /\/referrals\/(?<id>[^/?]+)/.exec(request.path)?.groups?.id;
    const keys = referralId === undefined ? [] : deals.ofReferral(referralId);
    const at = request.at + request.ms;
    if (request.kind === 'referral.get' && request.status === 200) tell({ type: 'referralRead', at, keys, microsofts: partnerCenter.referral(referralId ?? '')?.organizationId === MICROSOFT });
    else if (isDown(request)) tell({ type: 'partnerRefused', at, keys, why: 'down' });
  });
  entra.server.onRequest((request) => {
    if (request.kind === 'token' && request.status === 400 && entra.isSignInExpired()) tell({ type: 'partnerRefused', at: request.at + request.ms, keys: [], why: 'signIn' });
  });
}

/** Field keys in which two states of a referral differ. */
export const changedFields = (old: Referral, now: Referral): readonly string[] => Object.entries(FIELDS).flatMap(([key, read]) => (isSame(read(old), read(now)) ? [] : [key]));

function changeOf(old: Referral | undefined, { organizationId, status, substatus }: Referral): ReferralChange {
  const isMicrosofts = organizationId === MICROSOFT;
  if (!old) return isMicrosofts ? 'invited' : 'created';
  if (old.status === status && old.substatus === substatus) return 'changed';
  const move = ({ Accepted: 'Accepted', Declined: 'Declined', Won: 'Won', Lost: 'Lost', Expired: 'Expired' } as const)[substatus as 'Accepted'];
  if (!move) return 'changed';
  return isMicrosofts ? `ms${move}` : (move.toLowerCase() as Lowercase<typeof move>);
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Partner Center keeps names encoded (tidy.ts); people read them plain. */
export const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
