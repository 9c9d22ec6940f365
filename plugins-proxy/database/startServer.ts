// Embedded PostgreSQL: started, or found running from a service that crashed; stopped last.
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, isPortFree, readAccess, writeAccess } from './accessFile';
import type { Access } from './accessFile';
import { unusableBinaries } from './postgresBinaries';
import type { PostgresBinaries } from './postgresBinaries';
import { isRunning, readPostmaster } from './postmasterFile';
import type { DataPlaces } from './prepareDataFolder';
import { prepareLog } from './prepareDataFolder';
import { runProgram } from './runProgram';
import type { ServerUser } from './serverUser';
import { socketFolder } from './socketAddress';
import { StartupProblem } from './startupProblem';

/** What it takes to start and stop one cluster. */
export interface Cluster {
  places: DataPlaces;
  binaries: PostgresBinaries;
  user: ServerUser | undefined;
  /** Further settings, `name=value`. */
  settings?: readonly string[];
}

// Small memory, loopback only, a socket in its own folder (see socketAddress.ts), and a log that shows no data: the statement and
// the detail of an error would.
const settings = [
  'listen_addresses=127.0.0.1', `unix_socket_directories=${socketFolder}`, 'max_connections=60', 'shared_buffers=48MB', 'work_mem=4MB', 'maintenance_work_mem=32MB',
  'min_wal_size=32MB', 'max_wal_size=256MB', 'max_parallel_workers_per_gather=0', 'jit=off', 'timezone=UTC', 'log_timezone=UTC',
  'log_error_verbosity=terse', 'log_min_error_statement=panic',
];

const patienceMs = 60_000;

/** Where the server listens, and whether it was started just now or found running. */
export interface RunningServer {
  access: Access;
  started: boolean;
}

/**
 * Brings the server up and answers where it listens. A server left by a crashed service is used as it is; one that is
 * still starting, recovering or stopping is waited for.
 * @throws StartupProblem when it does not come up within a minute
 */
export async function startServer(cluster: Cluster): Promise<RunningServer> {
  const until = Date.now() + patienceMs;
  let failure = '';
  for (let tries = 0; Date.now() < until && tries < 20; ) {
    const running = await findRunning(cluster);
    if (running === 'soon') {
      await sleep(100);
      continue;
    }
    if (running !== undefined) return { access: running, started: false };
    const outcome = await tryStart(cluster);
    if (typeof outcome !== 'string') return { access: outcome, started: true };
    failure = outcome;
    tries += 1;
    await sleep(Math.min(100 * 2 ** tries, 1500)); // the processes of a killed server need a moment to notice it
  }
  const pid = readPostmaster(cluster.places.cluster)?.pid;
  throw new StartupProblem(`The embedded PostgreSQL did not start${failure === '' ? ' within a minute' : `: ${failure}`}.`, [
    `Its log says why: ${cluster.places.log}`,
    ...(pid === undefined ? [] : [`If process ${pid} is a PostgreSQL that hangs, end it and start the service again.`]),
  ]);
}

/** Stops the server, sessions first; all that was committed is on disk afterwards. */
export async function stopServer(cluster: Cluster): Promise<void> {
  await runProgram(cluster.binaries.pgCtl, ['-D', cluster.places.cluster, '-m', 'fast', '-w', '-t', '60', '-s', 'stop'], cluster.user);
}

async function findRunning({ places }: Cluster): Promise<Access | 'soon' | undefined> {
  const postmaster = readPostmaster(places.cluster);
  if (postmaster === undefined || !isRunning(places.cluster, postmaster)) return undefined;
  if (postmaster.status !== 'ready') return 'soon';
  const access = readAccess(places.access)!;
  return { ...access, port: postmaster.port };
}

async function tryStart(cluster: Cluster): Promise<Access | string> {
  const { places, binaries, user } = cluster;
  const access = await withFreePort(places.access);
  prepareLog(places.log, user);
  const options = [...settings, ...(cluster.settings ?? [])].map((setting) => `-c ${setting}`).join(' ');
  const end = await runProgram(binaries.pgCtl, [
    '-D', places.cluster, '-w', '-t', '60', '-s', '-l', places.log, '-o', `-p ${access.port} ${options}`, 'start',
  ], user);
  if (end.code === 0) return access;
  if (end.failure !== undefined) throw unusableBinaries(binaries, end.failure.code ?? end.failure.message);
  return end.output.split('\n').filter((line) => !/Examine the log output/.test(line)).at(-1) ?? `pg_ctl ended with ${end.code}`;
}

async function withFreePort(path: string): Promise<Access> {
  const access = readAccess(path)!;
  if (await isPortFree(access.port)) return access;
  const moved = { ...access, port: await findFreePort() };
  writeAccess(path, moved);
  return moved;
}
