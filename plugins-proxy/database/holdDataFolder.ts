// Embedded PostgreSQL: one service to a data folder. The hold is a session lock inside that PostgreSQL: kill -9 frees it
// within milliseconds, and its holder's name stands in the session, so there is no file that could lie.
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartupProblem } from './startupProblem';

// 'cose', 1: no other lock of ours may use this pair.
const lock = [0x636f7365, 1] as const;

/** Another service holds the folder, and with it the server, which is therefore left running. */
export class FolderHeld extends StartupProblem {}

/** A hold that lasts until it is released or its session dies. */
export interface Hold {
  /** Settles when the session is gone, for whatever reason. */
  lost: Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the hold; waits up to two seconds, the time in which a killed holder is noticed.
 * @throws FolderHeld naming the process that holds the folder
 */
export async function holdDataFolder(url: string, dataDir: string): Promise<Hold> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true, application_name: `cosell service ${process.pid} on ${hostname()}`.slice(0, 63) });
  const lost = new Promise<void>((resolve) => void client.on('end', () => resolve()));
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (let tries = 0; ; tries += 1) {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [...lock]);
      if (rows[0]?.held === true) return { lost, release: () => client.end().catch(() => undefined) };
      if (tries === 8) throw heldBy(await holder(client), dataDir);
      await sleep(250);
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function holder(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.classid = $1 and l.objid = $2 and l.granted`, [...lock],
  );
  return rows[0]?.name;
}

function heldBy(name: string | undefined, dataDir: string): FolderHeld {
  const [, pid, host] = /^cosell service (\d+) on (.*)$/.exec(name ?? '') ?? [];
  const who = pid === undefined ? 'another service' : `another service, process ${pid} on ${host}`;
  return new FolderHeld(`The data folder ${dataDir} is held by ${who}.`, [
    `Stop that one first${pid === undefined ? '' : ` (Ctrl-C where it runs, or: kill ${pid})`}.`,
    'Or set COSELL_DATA_DIR and COSELL_PORT to others, for a service with data of its own.',
  ]);
}
