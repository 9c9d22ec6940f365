// A Dataverse environment on this machine: Web API, webhook steps, metadata, and a control to make trouble with.
import { startStandIn, type StandInAnswer, type StandInServer } from '../kit/standIn';
import type { FaultKind } from '../kit/faults';
import { createAccess, type TokenCheck } from './access';
import { controlRoutes, createControl, type DataverseControl } from './control';
import { createRandom, type Environment } from './environment';
import { stableId } from './model';
import { openRowStore } from './rowStore';
import { ensureApplicationUsers, seedEnvironment, seedIds } from './seed';
import { createStepRunner } from './stepRunner';
import { webApiRoutes } from './webApi';

export interface DataverseOptions {
  readonly host?: string;
  readonly port?: number;
  /** Knows the tokens; the audience asked for is the environment's own url. */
  readonly entra: TokenCheck;
  /** Client ids that may sign in, each with its application user's systemuserid; `seedIds.serviceUser` is the one called "Co-sell Sync". */
  readonly clientIds: Readonly<Record<string, string>>;
  /** When given, tokens of other tenants are refused. */
  readonly tenantId?: string;
  /** Everything is kept here; in memory when left out. */
  readonly dataFile?: string;
  /** Of a new environment; one that was set later is kept. */
  readonly organizationId?: string;
  /** Trims and CR LF in texts, doubled and shuffled events, a plug-in that touches rows; on unless false. */
  readonly nasty?: boolean;
  /** Least wait of an asynchronous step, milliseconds (100). */
  readonly stepDelayMs?: number;
  /** What a webhook has to answer in, milliseconds (60,000 as documented: dataverse.md section 3). */
  readonly stepTimeoutMs?: number;
  /** Of the dice: which writes the plug-in touches, which events come twice or late (1). */
  readonly seed?: number;
  now?(): number;
}

export interface Dataverse extends StandInServer, DataverseControl {}

const PLUG_IN_SHARE = 0.2;

/** Starts it, seeding a new environment. @throws when the port is taken. */
export async function startDataverse(options: DataverseOptions): Promise<Dataverse> {
  const now = options.now ?? Date.now;
  const nasty = options.nasty ?? true;
  const random = createRandom(options.seed ?? 1);
  const store = openRowStore(options.dataFile, options.organizationId ?? stableId('organization id'));
  if (store.isNew) seedEnvironment(store, options.clientIds, now());
  else ensureApplicationUsers(store, options.clientIds);
  store.saveSettings();
  const timers = createTimers();
  let url = '';
  const steps = createStepRunner({ store, now, random, nasty, delayMs: options.stepDelayMs ?? 100, timeoutMs: options.stepTimeoutMs ?? 60_000, organizationName: 'contoso', later: timers.later });
  const access = createAccess(store, { entra: options.entra, clientIds: options.clientIds, tenantId: options.tenantId, audience: () => url });
  const env: Environment = { store, access, steps, now, random, nasty, plugInShare: nasty ? PLUG_IN_SHARE : 0, later: timers.later, url: () => url };
  const control = createControl(env);
  const server = await startStandIn({ name: 'Dataverse', host: options.host, port: options.port, refuse }, [...webApiRoutes(env), ...controlRoutes(control)]);
  url = server.url;
  steps.resumeAll();
  return {
    ...server,
    ...control,
    close: async () => {
      timers.stop();
      steps.close();
      await server.close();
    },
  };
}

function createTimers(): { later(ms: number, task: () => void): void; stop(): void } {
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    later(ms, task) {
      if (stopped) return;
      const timer = setTimeout(() => {
        waiting.delete(timer);
        task();
      }, ms);
      waiting.add(timer);
    },
    stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

/** Codes of the service protection limits: dataverse.md section 4. */
function refuse(kind: FaultKind, retryAfter: number | undefined): StandInAnswer {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  if (kind === '429') {
    const message = 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.';
    return { status: 429, headers: { 'retry-after': '1', 'x-ms-ratelimit-burst-remaining-xrm-requests': '0', ...headers }, body: { error: { code: '0x80072322', message } } };
  }
  if (kind === '503') return { status: 503, headers, body: { error: { code: '0x80060888', message: 'The service is unavailable.' } } };
  return { status: 500, headers, body: { error: { code: '0x80040216', message: 'An unexpected error occurred.' } } };
}

export { seedIds };
