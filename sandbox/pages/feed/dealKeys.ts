// "What just happened": the names by which two observations are known to be about the same deal.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import { MICROSOFT } from '../../partnerCenter/referral';

export interface DealKeys {
  ofOpportunity(id: string): readonly string[];
  /** Ours or Microsoft's; none for a referral that is not there. */
  ofReferral(id: string): readonly string[];
}

export function createDealKeys(dataverse: Dataverse, partnerCenter: PartnerCenter): DealKeys {
  const engagement = (id: string): string => `engagement:${id.toLowerCase()}`;
  const opportunity = (id: string): string => `opportunity:${id.toLowerCase()}`;
  return {
    ofOpportunity(id) {
      const referral = partnerCenter.referral(String(dataverse.row('opportunity', id)?.cells.cosell_referralidentifier ?? ''));
      return [opportunity(id), ...(referral ? [engagement(referral.engagementId)] : [])];
    },
    ofReferral(id) {
      const referral = partnerCenter.referral(id);
      if (!referral) return [];
      const own = partnerCenter.engagement(referral.engagementId).find(({ organizationId }) => organizationId !== MICROSOFT);
      const opportunityId = own?.externalReferenceId ?? (own && dataverse.rows('opportunity').find(({ cells }) => cells.cosell_referralidentifier === own.id)?.id);
      return [engagement(referral.engagementId), ...(opportunityId ? [opportunity(opportunityId)] : [])];
    },
  };
}
