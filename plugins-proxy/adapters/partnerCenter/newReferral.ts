// The bodies of new referrals: our own deal, and the one that asks Microsoft within the same engagement.
import type { Json, Values } from '../../../core/index';
import { MICROSOFT } from './options';
import { textOf, textsOf, toClosingDateTime, toCustomerProfile, toDealValue, toMembers, toSolution } from './sentValues';

/**
 * POST 1. Private and partner-led deals are Independent, co-sell is Shared; private ones have no target (create-a-referral).
 * @param values canonical values by field
 */
export function ownBody(values: Values, timeZone: string): Json {
  const visible = isCoSell(values) || values.visibility === 'visible';
  return {
    ...sameDetails(values, timeZone),
    externalReferenceId: textOf(values.externalReferenceId),
    ...(textOf(values.salesStage) ? { salesStage: textOf(values.salesStage) } : {}),
    type: isCoSell(values) ? 'Shared' : 'Independent',
    consent: consents(visible),
    target: visible ? textsOf(values.solutions).map((id) => ({ type: 'SolutionProfile', id })) : [],
  };
}

/** POST 2: the connected referral. The code and the notes travel in its inviteContext, as the model has them. */
export function microsoftBody(values: Values, engagementId: string, timeZone: string): Json {
  return {
    ...sameDetails(values, timeZone),
    engagementId,
    type: 'Shared',
    consent: consents(true),
    target: [{ type: 'BusinessProfileLocation', id: MICROSOFT }],
    inviteContext: { assistanceRequestCode: textOf(values.help), notes: textOf(values.notesToMicrosoft) },
  };
}

const isCoSell = (values: Values): boolean => textOf(values.help) !== null;

function sameDetails(values: Values, timeZone: string): Readonly<Record<string, Json>> {
  return {
    name: textOf(values.name),
    qualification: 'SalesQualified',
    customerProfile: toCustomerProfile(values),
    details: {
      notes: textOf(values.notes) ?? '',
      dealValue: toDealValue(values.dealValue),
      currency: textOf(values.currency),
      closingDateTime: toClosingDateTime(values.closingDate, timeZone),
      requirements: { solutions: textsOf(values.solutions).map(toSolution), additionalRequirements: { attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] } },
    },
    team: toMembers(values.team),
  };
}

/** The flag on the opportunity says that the customer agrees; the misspelt name is the API's own. */
const consents = (visible: boolean): Json => ({ consentToToShareInfoWithOthers: true, consentToContact: true, consentToShareReferralWithMicrosoftSellers: visible });
