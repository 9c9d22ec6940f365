// Bench: the service as it is delivered, in a process of its own, on its embedded PostgreSQL with every commit on the disk.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clientId, clientSecret, refreshToken, tenantId, webhookKey } from './identities';
import { processorTime, processorTimeOfTree } from './processorTime';
import type { StandInAddresses } from './standIns';

export interface ServiceProcess {
  readonly url: string;
  /** Milliseconds of its own and of its database, so far; `null` where the system does not tell. */
  processorTime(): { readonly service: number; readonly database: number } | null;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** @throws with the service's own words when it does not become ready */
export async function startServiceProcess(addresses: StandInAddresses): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-bench-'));
  // The database may run as another user, who must be able to pass through.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = fileURLToPath(new URL('../plugins-proxy/main.js', import.meta.url));
  const flags = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter((flag) => flag !== '');
  const child = spawn(process.execPath, [...flags, program], { env: { ...outsideOfOurs(), ...environment(addresses, folder, port) }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-20_000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const until = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(url))) {
    if (child.exitCode === null && Date.now() < until) {
      await sleep(50);
      continue;
    }
    await stop();
    throw new Error(`The service did not become ready:\n${output}`);
  }
  return { url, processorTime: () => timeOf(child.pid ?? 0, postmasterOf(folder)), stop };
}

/** The first line of PostgreSQL's own file is the process that all its others hang on. */
const postmasterOf = (folder: string): number => Number(readFileSync(join(folder, 'data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

function timeOf(pid: number, postmaster: number): ReturnType<ServiceProcess['processorTime']> {
  const [service, database] = [processorTime(pid), processorTimeOfTree(postmaster)];
  return service === null || database === null ? null : { service, database };
}

const isReady = (url: string): Promise<boolean> => fetch(`${url}/readyz`).then((answer) => answer.status === 200, () => false);

const outsideOfOurs = (): Record<string, string | undefined> => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COSELL_')));

function environment(addresses: StandInAddresses, folder: string, port: number): Record<string, string> {
  const rootsFile = join(folder, 'roots.pem');
  writeFileSync(rootsFile, addresses.rootsPem);
  return {
    COSELL_PORT: String(port), COSELL_PUBLIC_URL: `http://127.0.0.1:${port}`, COSELL_DATA_DIR: join(folder, 'data'), COSELL_RECONCILE_MINUTES: '0',
    COSELL_AUTHORITY_URL: addresses.entra, COSELL_PARTNER_CENTER_URL: addresses.partnerCenter, COSELL_PARTNER_CENTER_WEBHOOKS_URL: addresses.webhooks,
    COSELL_PARTNER_CENTER_TENANT_ID: tenantId, COSELL_PARTNER_CENTER_CLIENT_ID: clientId, COSELL_PARTNER_CENTER_CLIENT_SECRET: clientSecret, COSELL_PARTNER_CENTER_REFRESH_TOKEN: refreshToken,
    COSELL_WEBHOOK_CERT_ORIGINS: addresses.certificates, COSELL_WEBHOOK_ISSUER_ORIGINS: addresses.certificates, COSELL_WEBHOOK_ROOTS_FILE: rootsFile,
    COSELL_DATAVERSE_URL: addresses.dataverse, COSELL_DATAVERSE_TENANT_ID: tenantId, COSELL_DATAVERSE_CLIENT_ID: clientId, COSELL_DATAVERSE_CLIENT_SECRET: clientSecret, COSELL_DATAVERSE_WEBHOOK_KEY: webhookKey,
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
