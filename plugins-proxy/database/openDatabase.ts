// Start, second step: the database. The one given by COSELL_DATABASE_URL, or an embedded PostgreSQL in the data folder.
import type pg from 'pg';
import { checkConnection } from './checkConnection';
import { createPool, endPool } from './createPool';
import { openEmbedded } from './openEmbedded';

/** What the settings say about the database. */
export interface DatabaseSettings {
  /** `COSELL_DATABASE_URL`; unset: the embedded one. */
  databaseUrl?: string | undefined;
  /** `COSELL_DATA_DIR`: the embedded database and its log live there. */
  dataDir: string;
  /** Connections of the pool (10). */
  poolSize?: number;
  /** Told of what the database did by itself (a lost connection, a restart); never holds a secret. */
  remark?: (text: string) => void;
}

/** An open database. */
export interface Database {
  pool: pg.Pool;
  /** Connection string, password included: for the service's own further connections, never for a log. */
  url: string;
  /** Whether this process starts and stops the PostgreSQL itself. */
  embedded: boolean;
  /** Ends the pool, then stops the embedded PostgreSQL: the last thing that a service does. */
  close(): Promise<void>;
}

/**
 * Opens the database and proves that it answers.
 * @throws StartupProblem for everything that the person who starts the service can put right
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  const remark = settings.remark ?? (() => undefined);
  const server = settings.databaseUrl === undefined ? await openEmbedded(settings.dataDir, remark) : await openGiven(settings.databaseUrl);
  const pool = createPool(server.url, settings.poolSize ?? 10, remark);
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    await endPool(pool);
    await server.close();
  };
  return { pool, url: server.url, embedded: settings.databaseUrl === undefined, close: () => (closing ??= closeAll()) };
}

async function openGiven(url: string): Promise<{ url: string; close(): Promise<void> }> {
  await checkConnection(url);
  return { url, close: async () => undefined };
}
