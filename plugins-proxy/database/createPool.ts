// The database's connections.
import pg from 'pg';

/** A statement has so long: a server that vanishes in a failover, or behind a firewall, says nothing, and TCP waits a quarter of an hour for it. */
const USUAL_PATIENCE = 30_000;

/**
 * Creates the pool. A connection that dies, in the pool or in somebody's hands, is a remark and never an uncaught
 * error: pg-pool itself listens on idle connections only, and one that dies in use would end the process.
 * @param patience longest time for a statement, milliseconds; then it fails and its connection is given up
 */
export function createPool(url: string, size: number, remark: (text: string) => void, patience = USUAL_PATIENCE): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: size, connectionTimeoutMillis: 10_000, query_timeout: patience, keepAlive: true, application_name: 'cosell' });
  pool.on('error', (error) => remark(`A database connection was lost (${codeOf(error)}); a new one is made when needed.`));
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

const endWithinMs = 5000;

/** Ends the pool; a connection that is not given back within 5 s is left to the server's stop. */
export async function endPool(pool: pg.Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => { timer = setTimeout(resolve, endWithinMs); });
  await Promise.race([pool.end().catch(() => undefined), patience]);
  clearTimeout(timer);
}

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? 'connection closed';
}
