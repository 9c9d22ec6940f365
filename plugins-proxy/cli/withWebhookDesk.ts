// Command line: whoever speaks to Partner Center about the webhook registration.
//
// The running service does, whenever there is one: its database holds the refresh token that was rotated last, and a token that is rotated on the
// way is stored there. Without a running service this process does what the service would: it opens the same database (the embedded one too, which
// nobody else can hold then) and keeps rotated tokens in it. Signing in with the environment's refresh token beside that database would either use
// a token that was replaced long ago, or lose the one that it is replaced with.
import { createServiceClient, type ServiceClient } from './askService';
import type { CliContext } from './cliContext';
import { CliProblem, ServiceUnreachable } from './cliProblem';
import { findService, type ServicePlace } from './findService';
import type { WebhookDesk } from './webhookDesk';

/** Uses the service's desk, or one of this process when the service does not run here. @throws CliProblem, StartupProblem, RemoteFailure */
export async function withWebhookDesk<T>(context: CliContext, use: (desk: WebhookDesk) => Promise<T>): Promise<T> {
  const unreachable = await reach(context);
  if (!(unreachable instanceof Error)) return use(deskOfService(unreachable));
  if (!context.env.COSELL_PARTNER_CENTER_TENANT_ID?.trim()) throw unreachable;
  context.remark('The service does not run here; speaking to Partner Center from this command.');
  // Database and adapters are loaded only here: every other verb starts without them.
  const { withOwnDesk } = await import('./ownWebhookDesk');
  return withOwnDesk(context.env, use);
}

/** The service, or why it cannot be asked although the database of this environment may be used instead. */
async function reach({ env }: CliContext): Promise<ServiceClient | ServiceUnreachable | CliProblem> {
  let place: ServicePlace;
  try {
    place = findService(env);
  } catch (error) {
    // Before the first start there is no token yet.
    if (error instanceof CliProblem && error.code === 'token-missing') return error;
    throw error;
  }
  try {
    await fetch(`${place.url}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    return createServiceClient(place);
  } catch {
    const problem = new ServiceUnreachable(place.url);
    // A service elsewhere has a database of its own: only a shared one may be used beside it.
    if (place.local || env.COSELL_DATABASE_URL?.trim()) return problem;
    throw problem;
  }
}

const deskOfService = (service: ServiceClient): WebhookDesk => ({
  show: () => service.get('/webhook'),
  register: ({ url, events, overwrite }) => service.post('/webhook', { ...(url === undefined ? {} : { url }), ...(events === undefined ? {} : { events }), overwrite }),
  sendTest: () => service.post('/webhook/test'),
  testResult: (correlationId) => service.get(`/webhook/test/${encodeURIComponent(correlationId)}`),
});
