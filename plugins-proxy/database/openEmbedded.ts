// Embedded PostgreSQL: its life from the service's start to the service's end.
//
// starting: folder, cluster, server, hold, in this order; a problem in any of them stops the service with words.
// held: the service works. When the hold's session dies while nobody closes (PostgreSQL was killed), the server is brought
//   up again, on its port, and held again; pools and readiness show the gap meanwhile.
// closed: the server is stopped while it is still held, so that a service that starts in this moment cannot take up a
//   server that is about to go. A server that somebody else holds by now is left running.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { addressOf, type Access } from './accessFile';
import { FolderHeld, holdDataFolder } from './holdDataFolder';
import type { Hold } from './holdDataFolder';
import { initialiseCluster } from './initialiseCluster';
import { findPostgresBinaries } from './postgresBinaries';
import { placesIn, prepareDataFolder } from './prepareDataFolder';
import { checkReachable, chooseServerUser } from './serverUser';
import { startServer, stopServer } from './startServer';
import type { Cluster } from './startServer';
import { bySocket } from './socketAddress';
import { StartupProblem } from './startupProblem';

/** A server that this process holds. */
export interface EmbeddedDatabase {
  url: string;
  close(): Promise<void>;
}

/**
 * Opens the embedded database in a data folder: made the first time, recovered after a crash, taken over from a dead service.
 * @throws StartupProblem
 */
export async function openEmbedded(dataDir: string, remark: (text: string) => void): Promise<EmbeddedDatabase> {
  const cluster = await prepareCluster(dataDir);
  const first = await startAndHold(cluster);
  const { access, url } = first;
  let hold: Hold | undefined = first.hold;
  let closing = false;
  const wakeUp = new AbortController();
  const watch = async (): Promise<void> => {
    while (!closing) {
      await hold?.lost;
      if (closing) return;
      hold = undefined;
      remark('The embedded PostgreSQL is gone; it is being started again.');
      hold = await bringBack(cluster, url, remark, wakeUp.signal);
    }
  };
  const watching = watch();
  return {
    url: bySocket(url, cluster.places.cluster, access.port),
    close: async () => {
      closing = true;
      wakeUp.abort();
      if (hold === undefined) await watching; // a restart that is under way ends first
      if (hold !== undefined) await stopServer(cluster);
      await hold?.release();
      await watching;
    },
  };
}

/** Makes sure of folder, user and cluster; nothing runs yet. */
export async function prepareCluster(dataDir: string, settings: readonly string[] = []): Promise<Cluster> {
  const binaries = findPostgresBinaries();
  const places = placesIn(dataDir);
  prepareDataFolder(places.dataDir);
  const user = chooseServerUser(places.cluster);
  checkReachable(places.dataDir, 'the data folder', user, 'Set COSELL_DATA_DIR to a folder outside of it that this user may reach, for example /var/lib/cosell.');
  checkReachable(binaries.folder, "PostgreSQL's program", user, 'Move the project to a folder that this user may reach, for example /opt.');
  await initialiseCluster(places, binaries, user);
  return { binaries, places, user, settings };
}

/** A server that was found running may be one that is just being killed, or stopped by the service before: then it is started anew. */
async function startAndHold(cluster: Cluster): Promise<{ access: Access; url: string; hold: Hold }> {
  for (let tries = 1; ; tries += 1) {
    const { access, started } = await startServer(cluster);
    const url = addressOf(access, 'cosell');
    try {
      return { access, url, hold: await holdOrLeave(cluster, url, started) };
    } catch (error) {
      if (started || tries === 5 || !isGoing(error)) throw error;
      await sleep(100 * 2 ** tries);
    }
  }
}

/** Reset, refused, ended without an answer, or told that the server shuts down or starts (class 57P of its codes). */
function isGoing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined ? /Connection terminated|not queryable/.test(message ?? '') : /^(ECONNRESET|ECONNREFUSED|EPIPE|ENOENT|57P0\d)$/.test(code);
}

async function holdOrLeave(cluster: Cluster, url: string, started: boolean): Promise<Hold> {
  try {
    await createDatabase(url);
    return await holdDataFolder(url, cluster.places.dataDir);
  } catch (error) {
    if (started && !(error instanceof FolderHeld)) await stopServer(cluster);
    throw (error as { code?: string }).code === '28P01' ? wrongPassword(cluster.places.access) : error;
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(/cosell$/, 'postgres'), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'cosell'`);
    if (rowCount === 0) await client.query('create database cosell template template0').catch(passIfThere);
  } finally {
    await client.end().catch(() => undefined);
  }
}

// Two services started in the same moment: the other one made it (42P04 and its forerunner 23505).
function passIfThere(error: unknown): void {
  if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
}

async function bringBack(cluster: Cluster, url: string, remark: (text: string) => void, wakeUp: AbortSignal): Promise<Hold | undefined> {
  for (let waitMs = 200; !wakeUp.aborted; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      const { access } = await startServer(cluster);
      if (addressOf(access, 'cosell') !== url) throw new Error('it came back on another port; the service must be started again');
      const hold = await holdDataFolder(url, cluster.places.dataDir);
      remark('The embedded PostgreSQL runs again.');
      return hold;
    } catch (error) {
      remark(`The embedded PostgreSQL is still gone: ${(error as Error).message}`);
      await sleep(waitMs, undefined, { signal: wakeUp }).catch(() => undefined);
    }
  }
  return undefined;
}

function wrongPassword(path: string): StartupProblem {
  return new StartupProblem(`The embedded PostgreSQL refuses the password in ${path}.`, 'Put that file back from the backup that the folder postgres beside it came from.');
}
