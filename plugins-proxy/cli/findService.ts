// Command line: where the service runs, and the token that opens its admin API.
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { readServiceFile, type ServiceFile } from '../api/serviceFile';
import type { Environment } from '../settings/problems';
import { address, port as portShape } from '../settings/values';
import { CliProblem } from './cliProblem';

export interface ServicePlace {
  readonly url: string;
  readonly token: string;
  /** On this very host: when nothing listens there, the service does not run. */
  readonly local: boolean;
}

/**
 * Host and port where they are set; else COSELL_PUBLIC_URL (when the service of the data folder says that this is its public address: directly);
 * else what `service.json` in the data folder says; else this host's port 7071.
 * @throws CliProblem
 */
export function findService(env: Environment): ServicePlace {
  const dataDir = resolve(valueOf(env, 'COSELL_DATA_DIR') ?? './data');
  return { ...placeOf(env, dataDir), token: tokenOf(env, dataDir) };
}

const valueOf = (env: Environment, name: string): string | undefined => env[name]?.trim() || undefined;

function placeOf(env: Environment, dataDir: string): Omit<ServicePlace, 'token'> {
  const [host, port, publicUrl] = ['COSELL_HOST', 'COSELL_PORT', 'COSELL_PUBLIC_URL'].map((name) => valueOf(env, name));
  if (host !== undefined || port !== undefined) return { url: ownAddress(host ?? '127.0.0.1', port ?? '7071'), local: true };
  const running = livingService(dataDir);
  if (publicUrl === undefined) return { url: running?.url ?? 'http://127.0.0.1:7071', local: true };
  const url = checkedAddress('COSELL_PUBLIC_URL', publicUrl);
  return running?.publicUrl === url ? { url: running.url, local: true } : { url, local: false };
}

/** The admin token goes there in plain http, so it must be this host. */
function ownAddress(host: string, port: string): string {
  if (!portShape.safeParse(port).success) throw new CliProblem('setting-wrong', 'COSELL_PORT is not a port; give a whole number from 0 to 65535.');
  if (['0.0.0.0', '::', '[::]'].includes(host)) return `http://${host === '0.0.0.0' ? '127.0.0.1' : '[::1]'}:${port}`;
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const own = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((entry) => entry.address.toLowerCase()));
  const isOwn = bare === 'localhost' || bare.startsWith('127.') || bare === hostname().toLowerCase() || own.includes(bare);
  if (!isOwn) throw new CliProblem('setting-wrong', 'COSELL_HOST is not this host, and the admin token does not travel without encryption. Give the https address of the service in COSELL_PUBLIC_URL and unset COSELL_HOST and COSELL_PORT.');
  return `http://${bare.includes(':') ? `[${bare}]` : bare}:${port}`;
}

function checkedAddress(name: string, text: string): string {
  const parsed = address.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new CliProblem('setting-wrong', `${name} ${parsed.error.issues[0]?.message ?? 'is not an address.'}`);
}

function livingService(dataDir: string): ServiceFile | undefined {
  const file = readServiceFile(dataDir);
  return file && isLiving(file.pid) && address.safeParse(file.url).success ? file : undefined;
}

function isLiving(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function tokenOf(env: Environment, dataDir: string): string {
  const set = valueOf(env, 'COSELL_ADMIN_TOKEN');
  if (set !== undefined) return set;
  const path = join(dataDir, 'admin-token');
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token !== '') return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw new CliProblem('token-missing', `${path} may not be read by this user. Run the command as the user of the service, or set COSELL_ADMIN_TOKEN.`);
  }
  throw new CliProblem('token-missing', `There is no admin token in ${path}. Start the service once (npm start for the try-out), run the command in its folder or with its COSELL_DATA_DIR, or set COSELL_ADMIN_TOKEN.`);
}
