// The whole service: database, store, schedule, connections, journey, doors; opened in this order and closed in the other.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createAdmin } from './admin';
import { createApp } from './app';
import { checkMapping, createConnections, type Connections } from './connections';
import { openDatabase, type Database } from './database/openDatabase';
import { StartupProblem } from './database/startupProblem';
import type { RingBells } from './doors/bell';
import type { Readiness } from './doors/healthRoutes';
import { createSignatureCheck } from './doors/signature/createSignatureCheck';
import { rememberFailures } from './doctor/failureMemory';
import { gatedCrm, gatedPartner } from './gated';
import type { JourneyDeps } from './journey/run';
import { syncRecord } from './journey/syncRecord';
import { createMetrics } from './metrics';
import type { Parts, ServiceOptions } from './parts';
import type { CrmPort } from './ports/crm';
import { side, type Ring } from './ports/store';
import { crmKey } from './ports/workKey';
import { choreStates } from './schedule/chores';
import { createGates } from './schedule/gates';
import { givesUp } from './schedule/judge';
import { resolveAndRing, ring, type ReferralRing } from './schedule/ring';
import { ringAllLinksOf } from './schedule/ringLinksOf';
import { createTogether } from './schedule/createTogether';
import { createWorker, type Worker } from './schedule/worker';
import { ensureSecretKey, type Settings } from './settings';
import { createCredentials } from './store/createCredentials';
import { createStore } from './store/createStore';
import { startInventory } from './store/inventory';
import { migrate } from './store/migrate';
import { createRememberingStore } from './store/rememberingStore';
import { timings as usualTimings } from './timings';
import { createInventory } from './walks/inventory';
import { createReconcile } from './walks/reconcile';
import { createRetention } from './walks/retention';

export interface Service {
  readonly url: string;
  /** Takes in nothing more, lets what runs end, closes the database last. */
  stop(): Promise<void>;
}

/** @throws StartupProblem for everything that the person who starts it can put right */
export async function startService(settings: Settings, options: ServiceOptions): Promise<Service> {
  checkMapping(settings);
  ensureFolder(settings.dataDir);
  const database = await openDatabase({ databaseUrl: settings.databaseUrl ?? undefined, dataDir: settings.dataDir, remark: (text) => options.log.warn(text) });
  const opened: (() => Promise<unknown>)[] = [() => database.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close().catch((error: unknown) => options.log.warn({ err: error }, 'A part of the service did not close well.'));
  };
  try {
    return await openParts(settings, options, database, opened, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function openParts(settings: Settings, options: ServiceOptions, database: Database, opened: (() => Promise<unknown>)[], closeAll: () => Promise<void>): Promise<Service> {
  const { log } = options;
  const timings = options.timings ?? usualTimings;
  const { pool } = database;
  await migrate(pool);
  const store = createRememberingStore(createStore(pool));
  const credentials = createCredentials(pool, settings.secretKey ?? (await ensureSecretKey(settings.dataDir)));
  const connections = createConnections(settings, credentials, store, timings);
  opened.push(() => connections.close());
  const { gates, lastFailure } = rememberFailures(createGates({ pool, timings }));
  const crms = crmsOf(connections).map((crm) => gatedCrm(crm, gates));
  const metrics = createMetrics(pool, crms);
  let started = false;
  const parts: Parts = { settings, options, timings, database, store, connections, gates, metrics, crms };
  const worker = createWorker({
    pool, connectionString: database.url, store, gates, timings, log, concurrency: options.concurrency ?? 8, sharedBy: parts.crms.map((crm) => crm.connection),
    run: (lease, signal) => syncRecord(journey, lease, signal),
    ended: (how) => {
      metrics.runs.inc({ outcome: how.outcome });
      metrics.runSeconds.observe({ outcome: how.outcome }, how.tookMs / 1000);
    },
  });
  const journey = journeyOf(parts);
  const admin = await createAdmin({ ...parts, lastFailure });
  const app = createApp({
    settings, log, metrics: metrics.registry,
    check: createSignatureCheck({ ...settings.signing, certificateOrigins: [...settings.signing.certificateOrigins], issuerOrigins: [...settings.signing.issuerOrigins], roots: settings.signing.roots ? [...settings.signing.roots] : undefined, now: () => new Date() }),
    ring: ringBells(parts),
    knownOrganization: connections.knownOrganization,
    health: async () => (started ? readiness(parts, worker) : { ready: false, reason: 'The service is starting.' }),
    adminRoutes: admin.routes,
  });
  const url = await listen(app, settings);
  opened.push(() => app.close());
  await startInventory(pool, connections.partner.connection);
  await worker.start();
  opened.push(() => worker.stop());
  await registerChores(parts, worker, journey);
  await admin.started(url);
  opened.push(() => admin.stopped());
  started = true;
  log.info({ url, database: database.embedded ? 'embedded' : 'shared' }, 'listening');
  return { url, stop: closeAll };
}

/** Those that are on. */
const crmsOf = ({ dataverse, salesforce }: Connections): CrmPort[] => [dataverse?.port, salesforce?.port].filter((port) => port !== undefined);

function journeyOf({ settings, options, timings, database, store, connections, gates, metrics, crms }: Parts): JourneyDeps {
  return {
    store, timings,
    crms: new Map(crms.map((crm) => [crm.connection, crm])),
    partner: gatedPartner(connections.partner, gates),
    inboundCrm: settings.inboundCrm ?? '',
    timeZone: settings.partnerCenter.timeZone,
    mappingVersion: connections.mappingVersion,
    passed: options.passed ?? (() => undefined),
    newId: randomUUID,
    ringLinksOf: (kind, connection, id) => ringAllLinksOf(database.pool, kind, connection, id),
    givesUp: (lease, thrown) => givesUp(lease, thrown, timings),
    log: (entry, message) => options.log.warn(entry, message),
    count: (what) => metrics.journey.inc({ what }),
  };
}

/** Durable when it resolves; which record a referral means is found in the same statement. */
function ringBells({ database: { pool } }: Parts): RingBells {
  const ringCrm = createTogether<Ring>((rings) => ring(pool, rings));
  const ringPartner = createTogether<ReferralRing>((rings) => resolveAndRing(pool, rings));
  return async (bells) => {
    const crm = bells.filter((bell) => bell.type === 'crm');
    const partner = bells.filter((bell) => bell.type === 'partner');
    if (crm.length > 0) await ringCrm(crm.map((bell) => ({ key: crmKey(bell.connection, bell.kind, bell.id), sides: side.crm, priority: bell.priority })));
    if (partner.length > 0) await ringPartner(partner.map((bell) => ({ connection: bell.connection, referralId: bell.referralId, sides: bell.microsoft ? side.microsoft : 0 })));
  };
}

async function registerChores({ settings, timings, database: { pool }, store, metrics, crms }: Parts, worker: Worker, journey: JourneyDeps): Promise<void> {
  await worker.registerChore(createInventory({ pool, store, partner: journey.partner, crms, timings }));
  await worker.registerChore(createRetention(pool, journey.partner.connection));
  if (settings.reconcileMinutes === 0) return;
  const chores = createReconcile({ pool, store, partner: journey.partner, crms, everyMs: settings.reconcileMinutes * 60_000, timings, found: (connection, count) => metrics.foundByReconcile.inc({ connection }, count) });
  for (const chore of chores) await worker.registerChore(chore);
}

/** Ready when database and worker run; remote systems that are down are remarks. */
async function readiness({ database: { pool }, gates, store, crms, connections }: Parts, worker: Worker): Promise<Readiness> {
  try {
    await pool.query('select 1');
  } catch {
    return { ready: false, reason: 'The database does not answer.' };
  }
  if (worker.stats().instance === null) return { ready: false, reason: 'The worker has no session with the database.' };
  const names = [...crms.map((crm) => crm.connection), connections.partner.connection];
  const closed = (await gates.all()).flatMap((gate) => (gate.state.type === 'closed' ? [{ connection: gate.connection, code: gate.state.code as string }] : []));
  const copied = await Promise.all(names.map(async (connection) => ((await store.connectionState(connection)).copied ? [{ connection, code: 'environment-copied' }] : [])));
  const isClosed = (connection: string): boolean => closed.some((gate) => gate.connection === connection);
  // A walk fails at a closed gate too, which says better why.
  const failing = (await choreStates(pool)).filter((chore) => chore.failingSince !== null && names.includes(chore.connection) && !isClosed(chore.connection)).map((chore) => ({ connection: chore.connection, code: 'remote-down' }));
  const remarks = [...closed, ...copied.flat(), ...failing];
  return { ready: true, remarks: remarks.filter((each, at) => remarks.findIndex((other) => other.connection === each.connection && other.code === each.code) === at) };
}

async function listen(app: ReturnType<typeof createApp>, settings: Settings): Promise<string> {
  try {
    await app.listen({ port: settings.port, host: settings.host });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new StartupProblem(`Port ${settings.port} on ${settings.host} is taken by another program.`, 'Stop that program, or set COSELL_PORT to a free port.');
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new StartupProblem(`The service may not listen on ${settings.host}, port ${settings.port}.`, 'Set COSELL_HOST and COSELL_PORT to an address of this machine that it may use.');
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `http://${host}:${port}`;
}

function ensureFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw new StartupProblem(`The data folder ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code}).`, 'Set COSELL_DATA_DIR to a folder that this user may write.');
  }
}
