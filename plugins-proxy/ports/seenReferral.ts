// A referral as it is remembered once it was seen, whoever saw it: an event, a walk, the inventory.
import type { CrmPort } from './crm';
import type { ListedReferral } from './partner';
import type { SeenReferral } from './store';

type Listed = Pick<ListedReferral, 'id' | 'engagementId' | 'externalReferenceId' | 'organizationId' | 'status' | 'createdOn' | 'updatedOn'>;

/** The CRM's id stands in its canonical form where it is one. */
export function toSeenReferral(referral: Listed, crms: Iterable<Pick<CrmPort, 'canonicalId'>>): SeenReferral {
  const named = referral.externalReferenceId ?? '';
  const canonical = [...crms].map((crm) => crm.canonicalId(named)).find((id) => id !== null);
  return {
    id: referral.id.toLowerCase(),
    engagementId: referral.engagementId,
    externalReferenceId: canonical ?? (named || null),
    organizationId: referral.organizationId,
    closed: referral.status === 'Closed',
    createdOn: referral.createdOn,
    updatedOn: referral.updatedOn,
  };
}
