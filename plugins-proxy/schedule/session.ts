// A process's standing in the schedule: a connection of its own that holds a session advisory lock, and the instance id that goes with it.
// The server drops the lock the moment the process or the connection dies; that is how others learn that its rows are free.
import type { Notification, Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import pg from 'pg';

/** Class of the advisory locks of instances; also in the migrations. */
const lockClass = 1_129_271_116;

export interface Session {
  readonly instance: number;
  /** Statements that must stop with the lease are made here, one after the other: claims and the look at the table. */
  readonly ask: Ask;
  /** Aborted once the connection is lost or closed. */
  readonly signal: AbortSignal;
  close(): Promise<void>;
  /** Gives up a connection that does not answer: here at once, and on the server by ending its process, so that the lock is free for others. */
  abandon(): void;
}

export type Ask = <R extends QueryResultRow>(query: QueryConfig) => Promise<QueryResult<R>>;

export interface SessionOptions {
  readonly pool: Pool;
  readonly connectionString: string;
  readonly notified: (channel: string) => void;
  /** Longest time for a statement of this connection before it counts as lost, milliseconds. */
  readonly patience: number;
}

/** @throws when the database cannot be reached, or the connection is pooled by transaction so that a lock does not stay */
export async function openSession({ pool, connectionString, notified, patience }: SessionOptions): Promise<Session> {
  const client = new pg.Client({
    connectionString, application_name: 'cosell schedule', connectionTimeoutMillis: patience, query_timeout: patience, keepAlive: true,
  });
  const lost = new AbortController();
  const lose = (): void => lost.abort();
  client.on('error', lose).on('end', lose).on('notification', (note: Notification) => notified(note.channel));
  try {
    await client.connect();
    const instance = await holdLock(client);
    const pid = await refusePooled(client, pool, instance);
    // A claim need not outlive the server's own crash: without its lock it would be void anyway. It is seen by everybody at once all the same.
    await client.query('set synchronous_commit = off; listen cosell_work; listen cosell_gate');
    const abandon = (): void => {
      lose();
      void closeSession(client);
      void pool.query('select pg_terminate_backend($1)', [pid]).catch(() => undefined);
    };
    return { instance, ask: inTurn(client), signal: lost.signal, close: () => closeSession(client), abandon };
  } catch (accident) {
    await closeSession(client);
    throw accident;
  }
}

/** A client keeps what it is asked meanwhile in a line of its own, and from version 9 on refuses it: node-postgres deprecates asking while a query runs. */
function inTurn(client: pg.Client): Ask {
  let before: Promise<unknown> = Promise.resolve();
  return <R extends QueryResultRow>(query: QueryConfig) => {
    const answer = before.then(() => client.query<R>(query));
    before = answer.catch(() => undefined);
    return answer;
  };
}

/** Ends the connection; the lock goes with it. A dead one is not waited for. */
async function closeSession(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), new Promise<void>((resolve) => void setTimeout(resolve, 1_000).unref())]);
}

async function holdLock(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`select nextval('cosell.instance_id')::integer as id`);
  const id = rows[0]!.id;
  await client.query('select pg_advisory_lock($1, $2)', [lockClass, id]);
  return id;
}

/** Behind a pooler in transaction mode the lock is somebody else's at the next statement, or an idle session lends its server connection to others. */
async function refusePooled(client: pg.Client, pool: Pool, instance: number): Promise<number> {
  const { rows } = await client.query<{ pid: number; held: boolean }>(
    `select pg_backend_pid() as pid, exists (select 1 from pg_locks where locktype = 'advisory' and granted
       and classid = $1 and objid = $2 and objsubid = 2 and pid = pg_backend_pid()) as held`,
    [lockClass, instance],
  );
  const other = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  if (rows[0]?.held && rows[0].pid !== other.rows[0]?.pid) return rows[0].pid;
  throw new Error('The database connection is pooled by transaction, so no lock stays held. Point COSELL_DATABASE_URL to PostgreSQL itself or to a pooler in session mode.');
}
