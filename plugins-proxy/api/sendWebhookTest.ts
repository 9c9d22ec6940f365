// The test event of Partner Center: it travels the whole way, signature included.
import { RemoteFailure } from '../ports/failure';
import type { WebhookRegistration } from '../adapters/partnerCenter/webhookRegistration';
import { AdminProblem } from './adminProblem';
import { testEvent, webhookEvents } from './settleWebhook';
import type { TestSent } from './shapes';

/** Sends the event. @throws AdminProblem when it is not registered or was sent too often, RemoteFailure */
export async function sendWebhookTest(webhooks: Pick<WebhookRegistration, 'show' | 'sendTest'>): Promise<TestSent> {
  const registration = await webhooks.show();
  if (!registration) throw new AdminProblem(409, 'not-registered', 'Nothing is registered with Partner Center, so there is nothing to test. Register first: cosell webhook register.');
  // partner-center-webhooks, "Send a test event": the event must be registered.
  if (!registration.events.includes(testEvent)) {
    const events = [...new Set([...registration.events, testEvent])].join(',');
    throw new AdminProblem(409, 'test-not-registered', `The event ${testEvent} is not registered, so Partner Center sends none. Register it too: cosell webhook register --overwrite --events ${events || [...webhookEvents, testEvent].join(',')}.`);
  }
  try {
    return { correlationId: await webhooks.sendTest(), url: registration.url };
  } catch (error) {
    if (!(error instanceof RemoteFailure) || error.class !== 'throttled') throw error;
    const wait = error.retryAfterMs === undefined ? 60 : Math.max(1, Math.ceil(error.retryAfterMs / 1000));
    throw new AdminProblem(429, 'throttled', `Partner Center sends two test events a minute and no more. Try again in ${wait} s.`);
  }
}
