// Start: does the database of COSELL_DATABASE_URL answer, and is it one that we can use?
import pg from 'pg';
import { StartupProblem } from './startupProblem';

const oldestVersion = 15;

/**
 * Connects once and asks version, encoding and whether it may be written.
 * @throws StartupProblem naming host, port and database, never the password
 */
export async function checkConnection(url: string): Promise<void> {
  const place = placeOf(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'cosell start' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await checkServer(client, place);
  } catch (error) {
    throw error instanceof StartupProblem ? error : connectionProblem(error, place);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkServer(client: pg.Client, place: string): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string; standby: boolean }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby`,
  );
  const server = rows[0]!;
  const major = Math.floor(Number(server.version) / 10000);
  if (major < oldestVersion) {
    throw new StartupProblem(`The database at ${place} is PostgreSQL ${major}; ${oldestVersion} or later is needed.`, 'Point COSELL_DATABASE_URL to a newer server, or unset it to use the embedded one.');
  }
  if (server.encoding !== 'UTF8') {
    throw new StartupProblem(`The database at ${place} stores text as ${server.encoding}, which cannot hold every name.`, 'Create one with: create database cosell encoding \'UTF8\' template template0');
  }
  if (server.standby) throw new StartupProblem(`The database at ${place} is a standby and cannot be written.`, 'Point COSELL_DATABASE_URL to the primary server.');
}

const setting = 'COSELL_DATABASE_URL';
// PostgreSQL's own codes: appendix A of its manual; the rest are Node's.
const problems: Record<string, [what: string, remedy: string]> = {
  ECONNREFUSED: ['refuses connections', `Start that PostgreSQL, or correct host and port in ${setting}.`],
  ENOTFOUND: ['has a host name that cannot be resolved', `Correct the host in ${setting}.`],
  EAI_AGAIN: ['has a host name that cannot be resolved now', `Check this machine's name service, or correct the host in ${setting}.`],
  ETIMEDOUT: ['does not answer', `Check that it runs and that no firewall stands between, or correct ${setting}.`],
  EHOSTUNREACH: ['cannot be reached', `Check the network, or correct the host in ${setting}.`],
  ECONNRESET: ['closed the connection', `Check that host and port in ${setting} are a PostgreSQL.`],
  '28P01': ['refuses the password', `Correct user and password in ${setting}.`],
  '28000': ['refuses this user', `Correct the user in ${setting}, or allow it in that server's pg_hba.conf.`],
  '3D000': ['does not exist on that server', `Create it (create database ... encoding 'UTF8'), or correct the name in ${setting}.`],
  '42501': ['may not be used by this user', `Grant the user of ${setting} the right to connect and to create tables.`],
  '53300': ['has no connection left', `Raise max_connections of that server, or close other programs' connections.`],
  '57P03': ['is starting up or shutting down', 'Start the service again in a moment.'],
};

function connectionProblem(error: unknown, place: string): StartupProblem {
  const { code, message } = innermost(error);
  const known = problems[code] ?? (/timeout/i.test(message) ? problems['ETIMEDOUT'] : undefined);
  if (known !== undefined) return new StartupProblem(`The database at ${place} ${known[0]}.`, known[1]);
  if (/SSL|certificate|TLS/i.test(`${code} ${message}`)) {
    return new StartupProblem(`No encrypted connection to the database at ${place}: ${message}.`, `Set sslmode in ${setting} as that server wants it, and NODE_EXTRA_CA_CERTS if its certificate is from a private authority.`);
  }
  return new StartupProblem(`The database at ${place} cannot be used (${code || message}).`, `Check ${setting} and that server's log.`);
}

// A host with several addresses fails with one error for each of them.
function innermost(error: unknown): { code: string; message: string } {
  const one = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code = '', message = '' } = one as { code?: string; message?: string };
  return { code, message };
}

function placeOf(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (!/^postgres(ql)?:$/.test(protocol)) throw new TypeError('not a PostgreSQL address');
    return `${host || 'localhost'}${pathname}`;
  } catch {
    throw new StartupProblem('COSELL_DATABASE_URL is not a PostgreSQL address.', 'Write it as postgres://user:password@host:5432/database, special letters in the password percent-encoded.');
  }
}
