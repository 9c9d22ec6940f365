// Embedded PostgreSQL: the folders and files that must stand before it starts.
import { accessSync, chmodSync, chownSync, closeSync, constants, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartupProblem } from './startupProblem';
import type { ServerUser } from './serverUser';

/** Full paths below the data folder. */
export interface DataPlaces {
  dataDir: string;
  /** PostgreSQL's own folder. */
  cluster: string;
  /** Port and password, mode 0600. */
  access: string;
  log: string;
}

/** Names the places; nothing is touched. */
export function placesIn(dataDir: string): DataPlaces {
  const whole = resolve(dataDir);
  return { dataDir: whole, cluster: join(whole, 'postgres'), access: join(whole, 'postgres-access.json'), log: join(whole, 'postgresql.log') };
}

/**
 * Makes the data folder when it is missing and checks that it can be written.
 * @throws StartupProblem when it cannot be made or written
 */
export function prepareDataFolder(dataDir: string): void {
  try {
    const made = mkdirSync(dataDir, { recursive: true });
    if (made !== undefined) openToServerUser(made, dataDir);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    if (!statSync(dataDir).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  } catch (error) {
    throw folderProblem(error, dataDir);
  }
}

/** Turns a failure on a file below the data folder into words; other errors come back as they are. */
export function folderProblem(error: unknown, path: string): unknown {
  const why = reasons[(error as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return error;
  return new StartupProblem(`The data folder cannot be used: ${path} ${why}.`, [
    'Give the user who starts the service the right to write there, or make room on the disk.',
    'Or set COSELL_DATA_DIR to a folder that can be written.',
  ]);
}

/** Makes the log file PostgreSQL appends to, for its eyes and ours only; one of more than 10 MB is put aside. */
export function prepareLog(log: string, user: ServerUser | undefined): void {
  try {
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) renameSync(log, `${log}.1`);
    closeSync(openSync(log, 'a', 0o600));
    if (user !== undefined) chownSync(log, user.uid, user.gid);
  } catch (error) {
    throw folderProblem(error, log);
  }
}

const reasons: Record<string, string> = {
  EACCES: 'may not be written', EPERM: 'may not be written', EROFS: 'is on a file system that is read-only', ENOSPC: 'is on a full disk',
  EDQUOT: 'is beyond the quota', ENOTDIR: 'is not a folder', EEXIST: 'is not a folder', ENOENT: 'cannot be made', ELOOP: 'is a link to itself',
};

// Root may have a umask that shuts others out; the folders made just now must let PostgreSQL's user pass to its own.
function openToServerUser(first: string, last: string): void {
  if (process.getuid?.() !== 0) return;
  for (let folder = last; folder.length >= first.length; folder = dirname(folder)) chmodSync(folder, 0o755);
}
