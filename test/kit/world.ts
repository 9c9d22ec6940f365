// A world for tests: the stand-ins, a database, and the service against them, in this process or as real processes of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { startService, type Service } from '../../plugins-proxy/service';
import { settingsFromEnvironment } from '../../plugins-proxy/settings';
import { timings as usualTimings, type Timings } from '../../plugins-proxy/timings';
import type { Step } from '../../plugins-proxy/journey/steps';
import type { Dataverse } from '../../sandbox/dataverse/startDataverse';
import { startEntra, type Entra } from '../../sandbox/entra/entra';
import { startPartnerCenter, type PartnerCenter, type PartnerCenterOptions } from '../../sandbox/partnerCenter/partnerCenter';
import { bundleService } from './bundleService';
import type { CrmName, TestCrm } from './crm';
import { startDataverseCrm, type DataverseCrm } from './dataverseCrm';
import { startSalesforceCrm } from './salesforceCrm';
import { startTemporaryPostgres, type TemporaryPostgres } from './postgres';
import { scratchFolder } from './scratchFolder';

export const quickTimings: Timings = {
  ...usualTimings, connect: 2_000, answer: 5_000, post: 5_000, lookAgain: [150, 300, 600], sendWithin: 500, inboundWait: 100, inboundWaits: 10, recordBackOff: 200, recordBackOffMax: 1_000, probe: 200, probeMax: 1_000, probeMaxDaily: 1_000, bellFloor: 100, poll: 250, firstWalk: 200,
};

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const ourOrganization = '22222222-2222-4222-8222-222222222222';
const clientId = '33333333-3333-4333-8333-333333333333';
const secret = 'client-secret-of-the-tests';
const refreshToken = 'first-refresh-token-of-the-tests';

export interface WorldOptions {
  /** The CRMs that are on; Dynamics 365 alone when left out. New deals of the portal go to the first. */
  readonly crms?: readonly CrmName[];
  readonly nasty?: boolean;
  readonly listDelayMs?: number;
  readonly timings?: Partial<Timings>;
  readonly reconcileMinutes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What else the stand-in for Partner Center shall do: other currencies, another view of a token. */
  readonly partner?: (entra: Entra) => Partial<PartnerCenterOptions>;
}

export interface World {
  readonly entra: Entra;
  readonly pc: PartnerCenter;
  /** The first of its CRMs: the only one in most worlds. */
  readonly crm: TestCrm;
  /** All that are on. */
  readonly crms: readonly TestCrm[];
  /** The stand-in itself, for what is about Dynamics 365 alone. @throws when that is off */
  readonly dv: Dataverse;
  readonly databaseUrl: string;
  readonly port: number;
  env(port?: number): Record<string, string>;
  /** In this process. */
  serve(options?: { readonly passed?: (step: Step) => void; readonly port?: number; readonly logTo?: (line: string) => void }): Promise<Service>;
  /** As a process of its own; `killAt` ends it by SIGKILL right after that step. */
  spawnService(options?: { readonly killAt?: Step; readonly port?: number }): Promise<ServiceProcess>;
  /** Rows of work that owe something, for messages. */
  owed(): Promise<readonly unknown[]>;
  /** Accepts a copied or restored environment, as `cosell adopt` does; all connections when none is named. Answers the status. */
  adopt(connection?: string): Promise<number>;
  /** Waits until no work is owed and no event is under way. */
  quiet(ms?: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the signal or code when it has ended. */
  readonly ended: Promise<string>;
  ready(): Promise<void>;
  /** From now on it ends by SIGKILL right after that step. */
  killAt(step: Step): Promise<void>;
  /** From now on it stands still right after that step (SIGSTOP), as a process does whose machine is held; SIGCONT wakes it. */
  freezeAt(step: Step): Promise<void>;
  kill(): Promise<void>;
}

let postgres: Promise<TemporaryPostgres> | undefined;
const sharedPostgres = (): Promise<TemporaryPostgres> => (postgres ??= startTemporaryPostgres());

/** One server for all worlds of a test file; call it in afterAll. */
export async function stopPostgres(): Promise<void> {
  await (await postgres)?.stop();
  postgres = undefined;
}

/** Starts stand-ins and an empty database; events go to the first service's port. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = scratchFolder('cosell-world-');
  const server = await sharedPostgres();
  const databaseUrl = await server.createDatabase(`w${randomUUID().replaceAll('-', '')}`);
  const port = await freePort();
  const nasty = options.nasty ?? false;
  const entra = await startEntra({ clients: [{ tenantId, clientId, clientSecret: secret, refreshToken }]  });
  const pc = await startPartnerCenter({ entra, organizationId: ourOrganization, organizationName: 'Fabrikam', nasty, listDelayMs: options.listDelayMs ?? (nasty ? 400 : 0), delivery: { firstRetryMs: 100, lateMs: 20 }, ...options.partner?.(entra) });
  const timings: Timings = { ...quickTimings, ...options.timings };
  const names = options.crms ?? ['dataverse'];
  const crms = await Promise.all(names.map((name) => startCrm(name, { entra, nasty, port, folder, timings })));
  const [crm] = crms;
  const rootsFile = join(folder, 'roots.pem');
  writeFileSync(rootsFile, pc.rootsPem);
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });
  const env = (atPort = port): Record<string, string> => ({
    COSELL_PORT: String(atPort), COSELL_PUBLIC_URL: `http://127.0.0.1:${port}`, COSELL_DATABASE_URL: databaseUrl, COSELL_SECRET_KEY_FILE: keyFile, COSELL_DATA_DIR: join(folder, `data-${atPort}`),
    COSELL_AUTHORITY_URL: entra.url, COSELL_PARTNER_CENTER_URL: pc.url, COSELL_PARTNER_CENTER_WEBHOOKS_URL: pc.webhooksUrl,
    COSELL_PARTNER_CENTER_TENANT_ID: tenantId, COSELL_PARTNER_CENTER_CLIENT_ID: clientId, COSELL_PARTNER_CENTER_CLIENT_SECRET: secret, COSELL_PARTNER_CENTER_REFRESH_TOKEN: refreshToken,
    COSELL_WEBHOOK_CERT_ORIGINS: pc.certificatesUrl, COSELL_WEBHOOK_ISSUER_ORIGINS: pc.certificatesUrl, COSELL_WEBHOOK_ROOTS_FILE: rootsFile,
    ...Object.assign({}, ...crms.map((each) => each.env())), COSELL_INBOUND_CRM: names[0],
    COSELL_RECONCILE_MINUTES: String(options.reconcileMinutes ?? 0), COSELL_ADMIN_TOKEN: 'admin-token-of-the-tests', ...options.env,
  });
  await registerWebhook(entra, pc, port);
  const services: Service[] = [];
  const processes: ServiceProcess[] = [];
  return {
    entra, pc, crm: crm!, crms, databaseUrl, port, env,
    get dv() {
      const found = crms.find((each): each is DataverseCrm => 'dv' in each);
      if (!found) throw new Error('Dynamics 365 is off in this world.');
      return found.dv;
    },
    async serve({ passed, port: atPort, logTo } = {}) {
      const log = logTo ? pino({ base: null }, { write: logTo }) : pino({ level: process.env.COSELL_TEST_LOG ?? 'silent' });
      const service = await startService(settingsFromEnvironment(env(atPort)), { log, timings, passed });
      services.push(service);
      return service;
    },
    async spawnService({ killAt, port: atPort } = {}) {
      const started = spawnOne(await bundleService(), { ...env(atPort), COSELL_TEST_TIMINGS: JSON.stringify(timings), ...(killAt ? { COSELL_TEST_KILL_AT: killAt } : {}) }, atPort ?? port);
      processes.push(started);
      return started;
    },
    owed: () => query(databaseUrl, 'select key, wanted, done, attempts, class, parked, waits_for, not_before, due, now() from cosell.work where wanted > done'),
    adopt: async (connection) =>
      (await fetch(`http://127.0.0.1:${port}/api/v1/adopt`, { method: 'POST', headers: { authorization: 'Bearer admin-token-of-the-tests', 'content-type': 'application/json' }, body: JSON.stringify(connection ? { connection } : {}) })).status,
    quiet: (ms) => quiet(databaseUrl, pc, crms, ms),
    async close() {
      await Promise.all(processes.map((each) => each.kill()));
      await Promise.all(services.map((each) => each.stop()));
      await Promise.all([pc.close(), ...crms.map((each) => each.close()), entra.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function query(databaseUrl: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

async function quiet(databaseUrl: string, pc: PartnerCenter, crms: readonly TestCrm[], ms = 15_000): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const owed = async (): Promise<unknown[]> => (await client.query("select key, class, parked, waits_for, not_before from cosell.work where wanted > done and key not like 'chore:%'")).rows;
    let calm = 0;
    let rows: unknown[] = [];
    await until('nothing is owed', async () => {
      const arrived = pc.waitingEvents().every((each) => each.state === 'offline') && !crms.some((each) => each.bells.areUnderWay());
      calm = arrived && (rows = await owed()).length === 0 ? calm + 1 : 0;
      return calm >= 2;
    }, ms, () => rows);
  } finally {
    await client.end();
  }
}

interface CrmSurroundings {
  readonly entra: Entra;
  readonly nasty: boolean;
  readonly port: number;
  readonly folder: string;
  readonly timings: Timings;
}

function startCrm(name: CrmName, { entra, nasty, port, folder, timings }: CrmSurroundings): Promise<TestCrm> {
  const publicUrl = `http://127.0.0.1:${port}`;
  if (name === 'salesforce') return startSalesforceCrm({ nasty, publicUrl, folder });
  return startDataverseCrm({ entra, tenantId, clientId, clientSecret: secret, nasty, publicUrl, timings });
}

async function registerWebhook(entra: Entra, pc: PartnerCenter, port: number): Promise<void> {
  const token = await signInAsUser(entra, 'https://api.partnercenter.microsoft.com');
  const answer = await fetch(`${pc.webhooksUrl}/webhooks/v1/registration`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ WebhookUrl: `http://127.0.0.1:${port}/partner-center/events`, WebhookEvents: ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated'], SignatureTokenToMsSignatureHeader: true }),
  });
  if (!answer.ok) throw new Error(`The webhook could not be registered: ${answer.status} ${await answer.text()}`);
}

/** A user's token by the refresh token, as an outside client gets one. */
export async function signInAsUser(entra: Entra, resource: string): Promise<string> {
  const answer = await fetch(`${entra.url}/${tenantId}/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: secret, refresh_token: refreshToken, resource }) });
  const body = (await answer.json()) as { access_token?: string };
  if (!body.access_token) throw new Error(`No token for ${resource}: ${JSON.stringify(body)}`);
  return body.access_token;
}

function spawnOne(bundle: string, env: Record<string, string>, port: number): ServiceProcess {
  const child = spawn(process.execPath, [bundle], { env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(process.cwd(), '.cache', 'test', 'compiled'), ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
  return {
    child, ended,
    output: () => output,
    async ready() {
      for (let i = 0; i < 400; i += 1) {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ok = await fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.status === 200, () => false);
        if (ok) return;
        await sleep(25);
      }
      throw new Error(`The service did not become ready:\n${output}`);
    },
    killAt: (step) => order(child, step, 'SIGKILL'),
    freezeAt: (step) => order(child, step, 'SIGSTOP'),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

const order = (child: ChildProcess, step: Step, signal: NodeJS.Signals): Promise<void> => new Promise((resolve) => {
  child.once('message', () => resolve());
  child.send({ step, signal });
});

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a condition holds. @throws with what it was waiting for, and what `now` says then */
export async function until<T>(what: string, look: () => T | undefined | false | null | Promise<T | undefined | false | null>, ms = 15_000, now: () => unknown = () => ''): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}. ${JSON.stringify(now())}`);
    await sleep(15);
  }
}

const givenPorts = new Set<number>();

/** Below the range from which systems lend ports to whoever asks for any: between this answer and its use nobody else is given it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (givenPorts.has(port) || !(await isFree(port))) continue;
    givenPorts.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
