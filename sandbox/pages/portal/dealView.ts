// The portal page: a deal as people in Partner Center see it, made of our referral and Microsoft's beside it.
import type { KnownSolution } from '../../partnerCenter/catalogue';
import { MICROSOFT, type Member, type Referral, type Status, type Substatus } from '../../partnerCenter/referral';
import type { CrmSystem } from '../feed/observation';
import { plain } from '../feed/watchPartnerCenter';

export interface Party {
  readonly status: Status;
  readonly substatus: Substatus;
  /** ISO date and time; only while somebody waits for an answer. */
  readonly expires: string | null;
}

export interface DealView {
  readonly id: string;
  readonly engagementId: string;
  readonly tab: 'waiting' | 'active' | 'closed';
  readonly name: string;
  readonly customer: string;
  readonly address: string;
  readonly contact: string;
  readonly value: number;
  readonly currency: string;
  /** `YYYY-MM-DD`. */
  readonly closing: string;
  readonly solutions: readonly { readonly id: string; readonly name: string }[];
  /** Code, or null when no help was asked. */
  readonly help: string | null;
  readonly notes: string;
  readonly notesToMicrosoft: string;
  readonly kind: 'private' | 'partnerLed' | 'coSell';
  readonly fromMicrosoft: boolean;
  readonly created: string;
  readonly updated: string;
  readonly own: Party;
  readonly microsoft: Party | null;
  readonly microsoftCrmId: string | null;
  /** Where our record of it is. */
  readonly crm: CrmSystem | null;
  readonly reason: string | null;
  /** Fields that changed lately, with the time in milliseconds. */
  readonly fresh: Readonly<Record<string, number>>;
}

export interface DealSources {
  engagement(id: string): readonly Referral[];
  readonly solutions: readonly KnownSolution[];
  fresh(referralId: string): Readonly<Record<string, number>>;
}

/** @param own our organisation's referral */
export function viewDeal(own: Referral, sources: DealSources): DealView {
  const microsoft = sources.engagement(own.engagementId).find(({ organizationId }) => organizationId === MICROSOFT);
  // Who invites says why: in ours when Microsoft sent the deal, in Microsoft's when we asked.
  const invitation = (own.direction === 'Incoming' ? own : microsoft)?.inviteContext;
  const { customerProfile, details } = own;
  return {
    id: own.id, engagementId: own.engagementId, tab: own.status === 'New' ? 'waiting' : own.status === 'Active' ? 'active' : 'closed',
    name: plain(own.name), customer: plain(customerProfile.name), address: addressLine(customerProfile.address), contact: contactLine(customerProfile.team[0]),
    value: details.dealValue, currency: details.currency, closing: details.closingDateTime.slice(0, 10),
    solutions: details.requirements.solutions.map(({ id, name }) => ({ id, name: plain(name ?? sources.solutions.find((one) => one.id === id)?.name ?? id) })),
    help: invitation && invitation.assistanceRequestCode !== 'Unknown' ? invitation.assistanceRequestCode : null,
    notes: plain(details.notes), notesToMicrosoft: plain(invitation?.notes ?? ''),
    kind: microsoft ? 'coSell' : own.consent.consentToShareReferralWithMicrosoftSellers ? 'partnerLed' : 'private',
    fromMicrosoft: own.direction === 'Incoming', created: own.createdDateTime, updated: own.updatedDateTime,
    own: partyOf(own), microsoft: microsoft ? partyOf(microsoft) : null, microsoftCrmId: own.trackingInfo.microsoftMsxId, crm: crmOf(own.externalReferenceId), reason: own.statusReason,
    fresh: { ...(microsoft ? renamed(sources.fresh(microsoft.id)) : {}), ...sources.fresh(own.id) },
  };
}

/** The key prefix of an opportunity in Salesforce is 006; Dynamics 365 has GUIDs. */
const crmOf = (id: string | null): CrmSystem | null => (id ? (/^006[a-z0-9]{12,15}$/i.test(id) ? 'Salesforce' : 'Dynamics 365') : null);

const partyOf = ({ status, substatus, expirationDateTime }: Referral): Party => ({ status, substatus, expires: status === 'New' ? expirationDateTime : null });

const renamed = (fresh: Readonly<Record<string, number>>): Record<string, number> => (fresh.status === undefined ? {} : { microsoft: fresh.status });

function addressLine({ addressLine1, addressLine2, city, state, region, postalCode, country }: Referral['customerProfile']['address']): string {
  const place = [city, [state ?? region, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return plain([addressLine1, addressLine2, place, country].filter(Boolean).join(', '));
}

const contactLine = (member: Member | undefined): string => (member ? plain([[member.firstName, member.lastName].filter(Boolean).join(' '), member.email].filter(Boolean).join(' · ')) : '');
