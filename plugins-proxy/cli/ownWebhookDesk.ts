// Command line: the webhook registration without a running service; see withWebhookDesk.ts for when and why.
import { sendWebhookTest } from '../api/sendWebhookTest';
import { settleWebhook, showWebhook, webhookEvents, webhookUrl } from '../api/settleWebhook';
import { createConnections } from '../connections';
import { openDatabase } from '../database/openDatabase';
import { ensureSecretKey, settingsFromEnvironment } from '../settings';
import type { Environment } from '../settings/problems';
import { createCredentials } from '../store/createCredentials';
import { createStore } from '../store/createStore';
import { migrate } from '../store/migrate';
import { timings } from '../timings';
import { CliProblem } from './cliProblem';
import type { WebhookDesk } from './webhookDesk';

/** Opens the database of this environment, signs in with what it holds, and closes both afterwards. @throws StartupProblem, RemoteFailure, and what `use` throws */
export async function withOwnDesk<T>(env: Environment, use: (desk: WebhookDesk) => Promise<T>): Promise<T> {
  const settings = settingsFromEnvironment(env);
  const database = await openDatabase({ databaseUrl: settings.databaseUrl ?? undefined, dataDir: settings.dataDir, poolSize: 2 });
  try {
    await migrate(database.pool);
    const credentials = createCredentials(database.pool, settings.secretKey ?? (await ensureSecretKey(settings.dataDir)));
    const connections = createConnections(settings, credentials, createStore(database.pool), timings);
    return await use(ownDesk(connections.webhooks, settings.publicUrl)).finally(() => connections.close());
  } finally {
    await database.close();
  }
}

function ownDesk(webhooks: ReturnType<typeof createConnections>['webhooks'], publicUrl: string | null): WebhookDesk {
  return {
    show: () => showWebhook(webhooks, publicUrl),
    async register({ url, events, overwrite }) {
      const wanted = url ?? (publicUrl === null ? undefined : webhookUrl(publicUrl));
      if (wanted === undefined) throw new CliProblem('public-url-missing', 'COSELL_PUBLIC_URL is not set, so there is no address to register. Set it, or give --url.');
      return settleWebhook(webhooks, { url: wanted, events: events ?? webhookEvents }, overwrite);
    },
    sendTest: () => sendWebhookTest(webhooks),
    async testResult(correlationId) {
      const result = await webhooks.testResult(correlationId);
      return { result: result && { ...result, results: result.results.map((each) => ({ ...each })) } };
    },
  };
}
