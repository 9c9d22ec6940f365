// The Referral as Partner Center holds it (partner-center.md 2): what the stand-in stores, in the camelCase of the wire.
export type Status = 'New' | 'Active' | 'Closed';
export type Substatus = 'Pending' | 'Received' | 'Accepted' | 'Won' | 'Lost' | 'Declined' | 'Expired' | 'Error';

export interface Member {
  firstName: string | null;
  lastName: string | null;
  phoneNumber: string | null;
  email: string | null;
  title: string | null;
  contactPreference: { locale: string | null; disableNotifications: boolean | null };
}

export interface Solution {
  id: string;
  name: string | null;
  type: 'None' | 'Category' | 'Name';
  price: number | null;
  quantity: number | null;
  currency: string | null;
  publisherName: string | null;
  solutionType: string | null;
  closingDateTime: string | null;
}

export interface Referral {
  readonly id: string;
  readonly engagementId: string;
  name: string;
  organizationId: string;
  organizationName: string;
  externalReferenceId: string | null;
  campaignId: string | null;
  referralProgram: string | null;
  salesStage: string | null;
  mpnId: string | null;
  /** UTC, 7 fraction digits, as all the server's own dates. */
  readonly createdDateTime: string;
  updatedDateTime: string;
  expirationDateTime: string | null;
  acceptedDateTime: string | null;
  closedDateTime: string | null;
  status: Status;
  substatus: Substatus;
  statusReason: string | null;
  readonly qualification: 'None' | 'Direct' | 'MarketingQualified' | 'SalesQualified';
  readonly type: 'Independent' | 'Shared';
  readonly direction: 'Incoming' | 'Outgoing';
  /** With its quotation marks: `"2500ec5a-…"`. */
  eTag: string;
  readonly target: readonly { type: 'None' | 'BusinessProfileLocation' | 'SolutionProfile'; id: string }[];
  customerProfile: {
    name: string;
    size: string | null;
    isMatchingComplete: boolean;
    address: Record<'addressLine1' | 'addressLine2' | 'city' | 'state' | 'postalCode' | 'country' | 'region', string | null>;
    team: Member[];
    ids: { profileType: 'Duns' | 'External'; id: string }[];
  };
  consent: {
    consentToToShareInfoWithOthers: boolean;
    consentToContact: boolean;
    consentToMicrosoftToContactSpecificPartners: boolean | null;
    consentToShareReferralWithMicrosoftSellers: boolean;
  };
  details: {
    notes: string;
    /** Stored as a number; answered as a number or a string (referralAnswer). */
    dealValue: number;
    currency: string;
    closingDateTime: string;
    customerRequestedContact: string | null;
    customerAction: string | null;
    incentiveLevel: string | null;
    requirements: {
      industries: { id: string }[];
      products: { id: string }[];
      services: { id: string }[];
      solutions: Solution[];
      offers: unknown[];
      salesPlays: unknown[];
      additionalRequirements: { iot: Record<string, unknown>; attributes: { type: string; id: string }[] };
    };
  };
  team: Member[];
  readonly inviteContext: {
    notes: string | null;
    assistanceRequestCode: string;
    invitedMpnId: string | null;
    invitedBy: { organizationId: string; organizationName: string };
  };
  trackingInfo: Record<'microsoftMsxId' | 'microsoftUSFedOpportunityId' | 'microsoftUSFedLeadId' | 'migratedPSCDealId' | 'migratedPSCPartnerDealId', string | null>;
}

/** The organisation id that stands for Microsoft (partner-center.md 2.1). */
export const MICROSOFT = 'msft';

/** partner-center.md 2.8; `Unknown` is what a referral without a call for help carries. */
export const HELP_CODES: readonly string[] = ['WorkloadSpecificValueProposition', 'CustomerTechnicalArchitecture', 'ProofOfConceptOrDemo', 'QuotesOrLicensing', 'PostSalesCustomerSuccess', 'GeneralOrOther'];
