// "What just happened": the names by which two observations are known to be about the same deal.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { Salesforce } from '../../salesforce/startSalesforce';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import { MICROSOFT } from '../../partnerCenter/referral';

export interface DealKeys {
  /** In either CRM: the ids of the two look different. */
  ofOpportunity(id: string): readonly string[];
  /** Ours or Microsoft's; none for a referral that is not there. */
  ofReferral(id: string): readonly string[];
}

export function createDealKeys({ dataverse, salesforce, partnerCenter }: { readonly dataverse: Dataverse; readonly salesforce?: Salesforce | undefined; readonly partnerCenter: PartnerCenter }): DealKeys {
  const engagement = (id: string): string => `engagement:${id.toLowerCase()}`;
  const opportunity = (id: string): string => `opportunity:${id.toLowerCase()}`;
  const referralOf = (id: string): unknown => dataverse.row('opportunity', id)?.cells.cosell_referralidentifier ?? salesforce?.row('Opportunity', id)?.cells.Referral_Identifier__c;
  const carrying = (referralId: string): string | undefined =>
    dataverse.rows('opportunity').find(({ cells }) => cells.cosell_referralidentifier === referralId)?.id ?? salesforce?.rows('Opportunity').find(({ cells }) => cells.Referral_Identifier__c === referralId)?.id;
  return {
    ofOpportunity(id) {
      const referral = partnerCenter.referral(String(referralOf(id) ?? ''));
      return [opportunity(id), ...(referral ? [engagement(referral.engagementId)] : [])];
    },
    ofReferral(id) {
      const referral = partnerCenter.referral(id);
      if (!referral) return [];
      const own = partnerCenter.engagement(referral.engagementId).find(({ organizationId }) => organizationId !== MICROSOFT);
      const opportunityId = own?.externalReferenceId ?? (own && carrying(own.id));
      return [engagement(referral.engagementId), ...(opportunityId ? [opportunity(opportunityId)] : [])];
    },
  };
}
