// Embedded PostgreSQL: port and password, remembered in a file that only the service's user can read.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { StartupProblem } from './startupProblem';

/** How the service reaches its embedded PostgreSQL on 127.0.0.1. */
export interface Access {
  port: number;
  password: string;
}

/** Reads the file; undefined when there is none. @throws StartupProblem when it holds something else */
export function readAccess(path: string): Access | undefined {
  try {
    const { port, password } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Access>;
    if (Number.isInteger(port) && typeof password === 'string' && password !== '') return { port: port!, password };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  throw new StartupProblem(`${path}, which holds port and password of the embedded PostgreSQL, cannot be read.`, 'Put it back from a backup, readable for the user who starts the service.');
}

/** Writes the file whole or not at all, mode 0600. */
export function writeAccess(path: string, access: Access): void {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(access)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** Writes the file unless somebody else just did; answers with what it then holds. */
export function writeFirstAccess(path: string, access: Access): Access {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(access)}\n`, { mode: 0o600 });
  try {
    linkSync(fresh, path);
    return access;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readAccess(path)!;
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** The connection string of a database on it. */
export function addressOf(access: Access, database: string): string {
  return `postgres://cosell:${encodeURIComponent(access.password)}@127.0.0.1:${access.port}/${database}`;
}

/** Whether nobody listens on this port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenBriefly(port)) !== undefined;
}

/** A port that is free now. */
export async function findFreePort(): Promise<number> {
  const port = await listenBriefly(0);
  if (port === undefined) throw new StartupProblem('This machine lets nobody listen on 127.0.0.1.', 'Bring the loopback interface up, or set COSELL_DATABASE_URL.');
  return port;
}

function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
