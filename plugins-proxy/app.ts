// The service's front: all doors on one listener. What is wrong is said in JSON, without a trace of how it happened.
import Fastify, { type FastifyError, type FastifyInstance, type FastifyPluginAsync, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { RingBells } from './doors/bell';
import { createDataverseDoor } from './doors/dataverseDoor';
import { createEventRoutes, type Door, type DoorLog } from './doors/eventRoutes';
import { createHealthRoutes, type CheckHealth } from './doors/healthRoutes';
import { createPartnerCenterDoor, type SignatureCheck } from './doors/partnerCenterDoor';
import { createSalesforceDoor } from './doors/salesforceDoor';
import type { Settings } from './settings';

export interface AppOptions {
  readonly settings: Pick<Settings, 'dataverse' | 'salesforce'>;
  readonly check: SignatureCheck;
  readonly ring: RingBells;
  readonly knownOrganization: (connection: string) => string | null;
  readonly health: CheckHealth;
  readonly metrics: Registry;
  readonly log: DoorLog;
  /** The admin API and the console, with checks of their own. */
  readonly adminRoutes?: FastifyPluginAsync;
  /** How long a sender may take for headers and body; 10 s. */
  readonly slowSenderMs?: number;
  /** Open connections at a time; further ones are refused. */
  readonly maxConnections?: number;
}

const SLOW_SENDER = 10_000;
const MOST_CONNECTIONS = 1_000;

/** Builds the listener; the caller listens and closes. Closing lets running answers finish and ends idle connections. */
export function createApp(options: AppOptions): FastifyInstance {
  const slowSenderMs = options.slowSenderMs ?? SLOW_SENDER;
  const app = Fastify({
    // Our own lines instead: the request's address may carry a key (`?code=`).
    logger: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    requestTimeout: slowSenderMs * 3,
    http: { headersTimeout: slowSenderMs, connectionsCheckingInterval: Math.max(100, slowSenderMs / 5), maxHeaderSize: 16 * 1024 },
  });
  // A connection whose last answer is still under way at close turns idle only afterwards; left alone it would live on for its keep-alive time.
  app.addHook('preClose', async () => {
    const idle = setInterval(() => app.server.closeIdleConnections(), 50);
    app.server.once('close', () => clearInterval(idle));
  });
  app.server.maxConnections = options.maxConnections ?? MOST_CONNECTIONS;
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  answerUnknownRoutes(app);
  void app.register(createEventRoutes({ doors: doorsOf(options, slowSenderMs), metrics: options.metrics, log: options.log, graceMs: slowSenderMs / 10 }));
  void app.register(createHealthRoutes(options.health, options.metrics));
  if (options.adminRoutes) void app.register(options.adminRoutes);
  return app;

  function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const status = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) options.log.error({ route: request.routeOptions?.url, err: error }, 'A request failed unexpectedly.');
    const message = status === 500 ? 'Something went wrong in the service. Its log says what.' : 'The request cannot be understood.';
    return reply.code(status).send({ error: { code: status === 500 ? 'internal' : 'bad-request', message } });
  }
}

function doorsOf({ settings, check, ring, knownOrganization }: AppOptions, slowSenderMs: number): Readonly<Record<string, Door>> {
  const shared = { ring, knownOrganization, slowSenderMs };
  return {
    '/partner-center/events': createPartnerCenterDoor({ connection: 'partner-center', check, ring, slowSenderMs }),
    ...(settings.dataverse ? { '/dataverse/events': createDataverseDoor({ ...shared, connection: 'dataverse', key: settings.dataverse.webhookKey }) } : {}),
    ...(settings.salesforce ? { '/salesforce/events': createSalesforceDoor({ ...shared, connection: 'salesforce', key: settings.salesforce.doorbellKey }) } : {}),
  };
}

/** A known address with another method is a 405 that names the right one; everything else is a 404. */
function answerUnknownRoutes(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set<string>();
    for (const each of Array.isArray(method) ? method : [method]) known.add(each);
    methods.set(url, known);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.get(request.url.replace(/\?.*$/s, ''));
    if (!allowed) return reply.code(404).send({ error: { code: 'not-found', message: 'There is nothing at this address.' } });
    return reply.code(405).header('allow', [...allowed].join(', ')).send({ error: { code: 'method-not-allowed', message: `This address takes ${[...allowed].join(' and ')} only.` } });
  });
}
