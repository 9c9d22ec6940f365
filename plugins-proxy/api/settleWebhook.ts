// The one webhook registration of a tenant: shown, compared, and replaced only when somebody says so.
import type { Registration, WebhookRegistration } from '../adapters/partnerCenter/webhookRegistration';
import type { WebhookAnswer, WebhookSettled } from './shapes';

/** The events that the service listens to (contract, "Command line"). */
export const webhookEvents = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'] as const;
/** Only `webhook test` needs it. */
export const testEvent = 'test-created';

export interface WantedRegistration {
  readonly url: string;
  readonly events: readonly string[];
}

/** Where Partner Center is to ring for a service at this public address. */
export const webhookUrl = (publicUrl: string): string => `${publicUrl.replace(/\/+$/, '')}/partner-center/events`;

/** What is registered, and whether it is ours. `publicUrl` `null`: nobody can tell. @throws RemoteFailure */
export async function showWebhook(webhooks: Pick<WebhookRegistration, 'show'>, publicUrl: string | null, signal?: AbortSignal): Promise<WebhookAnswer> {
  const registration = await webhooks.show(signal);
  const wanted = publicUrl === null ? null : { url: webhookUrl(publicUrl), events: [...webhookEvents] };
  return { registration: registration && bare(registration), wanted, state: stateOf(registration, wanted) };
}

function stateOf(registration: Registration | null, wanted: WantedRegistration | null): WebhookAnswer['state'] {
  if (!registration) return 'none';
  if (!wanted) return 'unknown';
  if (!sameUrl(registration.url, wanted.url)) return 'elsewhere';
  return wanted.events.every((event) => registration.events.includes(event)) ? 'ours' : 'events-differ';
}

/** Registers when nothing is; leaves alone what is there unless it is the same or `overwrite` says so. @throws RemoteFailure */
export async function settleWebhook(webhooks: Pick<WebhookRegistration, 'show' | 'register'>, wanted: WantedRegistration, overwrite: boolean): Promise<WebhookSettled> {
  const before = await webhooks.show();
  const previous = before && bare(before);
  if (previous && isSame(previous, wanted)) return { outcome: 'unchanged', registration: previous, previous };
  if (previous && !overwrite) return { outcome: 'left-alone', registration: previous, previous };
  const registration = bare(await webhooks.register(wanted));
  return { outcome: previous ? 'replaced' : 'registered', registration, previous };
}

const bare = ({ url, events }: WantedRegistration): { url: string; events: string[] } => ({ url, events: [...events] });

const isSame = (one: WantedRegistration, other: WantedRegistration): boolean =>
  sameUrl(one.url, other.url) && [...new Set(one.events)].sort().join() === [...new Set(other.events)].sort().join();

/** Host names compare without case and default ports; paths as they are. */
const sameUrl = (one: string, other: string): boolean => normal(one) === normal(other);
const normal = (url: string): string => (URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url);
