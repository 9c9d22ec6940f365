// Test kit: one PostgreSQL for a test process, thrown away afterwards; databases on it cost a few milliseconds.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { addressOf, findFreePort, readAccess, writeAccess } from '../../plugins-proxy/database/accessFile';
import { createPool } from '../../plugins-proxy/database/createPool';
import { prepareCluster } from '../../plugins-proxy/database/openEmbedded';
import { findPostgresBinaries } from '../../plugins-proxy/database/postgresBinaries';
import { placesIn } from '../../plugins-proxy/database/prepareDataFolder';
import { startServer, stopServer } from '../../plugins-proxy/database/startServer';
import type { Cluster } from '../../plugins-proxy/database/startServer';
import { scratchFolder } from './scratchFolder';

/** A running server without fsync. */
export interface TemporaryPostgres {
  /** Of the server's own database `postgres`. */
  url: string;
  /** Makes a database, by default an empty one, and answers with its address; `template` must have no open connection. */
  createDatabase(name: string, template?: string): Promise<string>;
  /** Stops the server and removes its files. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a server in a fresh folder for temporary files. It is also stopped when the process
 * exits without `stop`; only a SIGKILL leaves it behind.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  const dataDir = join(scratchFolder('cosell-pg-'), 'data');
  await copyEmptyCluster(dataDir);
  const cluster = await prepareCluster(dataDir, ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']);
  const { access } = await startServer(cluster);
  const remove = (): void => rmSync(join(dataDir, '..'), { recursive: true, force: true });
  const atExit = (): void => stopAtOnce(cluster, remove);
  process.once('exit', atExit);
  const url = addressOf(access, 'postgres');
  let stopping: Promise<void> | undefined;
  return {
    url,
    createDatabase: async (name, template = 'template0') => {
      await run(url, `create database "${name}" template "${template}"`);
      return addressOf(access, name);
    },
    stop: () => (stopping ??= stopServer(cluster).then(() => {
      process.removeListener('exit', atExit);
      remove();
    })),
  };
}

/**
 * A pool whose connections may die: pg-pool's `end` answers before its connections have gone, so a server that stops right after it still
 * ends some of them, and a pool without a listener takes that for an uncaught error.
 */
export const openPool = (url: string): pg.Pool => createPool(url, 10, () => undefined);

/** Making a cluster takes a second of computing, copying one next to nothing: it is made once for a checkout, whole or not at all, as two test processes may come at the same time. */
async function copyEmptyCluster(dataDir: string): Promise<void> {
  const folder = join(process.cwd(), '.cache', `postgres-${findPostgresBinaries().major}`);
  if (!existsSync(folder)) {
    mkdirSync(join(folder, '..'), { recursive: true });
    const draft = scratchFolder('cosell-pg-');
    await prepareCluster(join(draft, 'data'));
    cpSync(join(draft, 'data'), `${folder}.${process.pid}`, { recursive: true });
    rmSync(draft, { recursive: true, force: true });
    try {
      renameSync(`${folder}.${process.pid}`, folder);
    } catch {
      rmSync(`${folder}.${process.pid}`, { recursive: true, force: true }); // the other process was quicker
    }
  }
  cpSync(folder, dataDir, { recursive: true });
  const { access, cluster } = placesIn(dataDir);
  chmodSync(cluster, 0o700); // PostgreSQL takes no folder that others may read
  writeAccess(access, { ...readAccess(access)!, port: await findFreePort() });
}

function stopAtOnce({ binaries, places, user }: Cluster, remove: () => void): void {
  spawnSync(binaries.pgCtl, ['-D', places.cluster, '-m', 'immediate', '-w', 'stop'], { cwd: binaries.folder, ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) });
  remove();
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
