// Words a change as the event that Partner Center sends (partner-center.md 4.2): no id, no sequence, no payload.
import type { RaisedEvent } from './delivery';
import { MICROSOFT, type Referral } from './referral';
import type { ChangeKind } from './referralBook';

/** @param webhooksUrl the events name another host and path than the Referrals API has */
export function changeToEvent(referral: Referral, kind: ChangeKind, webhooksUrl: string): RaisedEvent {
  // "related" is another party's referral in our engagement: it carries that referral's id, not ours.
  const eventName = `${referral.organizationId === MICROSOFT ? 'related-' : ''}referral-${kind}`;
  return { eventName, referralId: referral.id, body: eventBody(eventName, 'referral', `${webhooksUrl}/engagements/v1/referrals/${referral.id}`, referral.updatedDateTime) };
}

export const testEvent = (correlationId: string, webhooksUrl: string, at: string): RaisedEvent => ({
  eventName: 'test-created',
  referralId: correlationId,
  body: eventBody('test-created', 'test', `${webhooksUrl}/webhooks/v1/registration/validationEvents/${correlationId}`, at),
});

/** PascalCase on the wire; the date with an offset and 7 fraction digits. */
const eventBody = (eventName: string, resourceName: string, resourceUri: string, at: string): string =>
  JSON.stringify({ EventName: eventName, ResourceUri: resourceUri, ResourceName: resourceName, AuditUri: null, ResourceChangeUtcDate: at.replace('Z', '+00:00') });
