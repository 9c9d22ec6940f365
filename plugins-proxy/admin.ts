// The admin API wired to the parts of a running service.
import type { FastifyPluginAsync } from 'fastify';
import { createSetupClient, setupDataverse, type SetupReport } from './adapters/dataverse/setup';
import { createAdminRoutes } from './api/createAdminRoutes';
import { removeServiceFile, writeServiceFile } from './api/serviceFile';
import type { LastFailure } from './doctor/failureMemory';
import { runDoctor } from './doctor/runDoctor';
import type { Parts } from './parts';
import { ensureAdminToken } from './settings';
import ours from './package.json' with { type: 'json' };

export interface Admin {
  readonly routes: FastifyPluginAsync;
  /** Tells the command line where the service listens. */
  started(url: string): Promise<void>;
  stopped(): Promise<void>;
}

/** @throws StartupProblem when the admin token's file cannot be used */
export async function createAdmin(parts: Parts & { readonly lastFailure: (connection: string) => LastFailure | undefined }): Promise<Admin> {
  const { settings, store, database, gates, metrics, connections, lastFailure } = parts;
  const made = settings.adminToken === null ? await ensureAdminToken(settings.dataDir) : null;
  if (made) parts.options.log.info({ file: made.path }, 'the admin token stands in this file');
  const { partner, webhooks, partnerSignIn, dataverse, salesforce } = connections;
  const setup = setupOf(parts);
  let listensAt: string | null = null;
  const doctor = () =>
    runDoctor({
      settings, store, gates, lastFailure,
      pool: database.pool,
      embedded: database.embedded,
      url: () => listensAt,
      partner: { port: partner, signIn: partnerSignIn, webhooks },
      dataverse: dataverse && { ...dataverse, setup: setup && (() => setup({ dryRun: true, remove: false, log: () => undefined })) },
      salesforce,
      foundByReconcile: async () => Object.fromEntries((await metrics.foundByReconcile.get()).values.map((each) => [String(each.labels.connection), each.value])),
    });
  const routes = createAdminRoutes({
    pool: database.pool, store, doctor, version: ours.version, webhooks,
    adminToken: settings.adminToken ?? made?.token ?? '',
    crms: parts.crms,
    partnerConnection: partner.connection,
    publicUrl: settings.publicUrl,
    setupDataverse: setup,
  });
  return {
    routes,
    async started(url) {
      listensAt = url;
      await writeServiceFile(settings.dataDir, { url, pid: process.pid, publicUrl: settings.publicUrl });
    },
    stopped: () => removeServiceFile(settings.dataDir),
  };
}

type Setup = (options: { readonly dryRun: boolean; readonly remove: boolean; readonly log: (line: string) => void }) => Promise<SetupReport>;

/** Registers address and steps with the settings of this service; nothing to register without a public address. */
function setupOf({ settings, connections, timings }: Parts): Setup | null {
  const { dataverse: own, publicUrl } = settings;
  const { dataverse } = connections;
  if (!own || !dataverse || !publicUrl) return null;
  return (options) => setupDataverse({ ...options, client: createSetupClient({ url: own.url, signIn: dataverse.signIn, timings }), publicUrl, key: own.webhookKey.current, mapping: dataverse.mapping });
}
