// Embedded PostgreSQL: whom it runs as. PostgreSQL refuses to run as root, so root lends it an existing ordinary user.
import { chownSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartupProblem } from './startupProblem';

/** An ordinary user of this machine. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

const candidates = ['postgres', '_postgres', 'nobody'];
const waysOut = [
  'Start the service as an ordinary user who owns that folder.',
  'Or set COSELL_DATABASE_URL to a PostgreSQL that runs by itself.',
];

/**
 * Chooses the user: none when we are not root; the owner of an existing database; else `postgres` or `nobody`.
 * @param cluster the database's folder, which may not exist yet
 * @throws StartupProblem when there is no such user, or the database belongs to somebody else
 */
export function chooseServerUser(cluster: string): ServerUser | undefined {
  const self = process.getuid?.();
  if (self === undefined) return undefined; // Windows: pg_ctl drops administrator rights by itself
  const owner = ownerOf(cluster);
  if (self !== 0) {
    if (owner === undefined || owner.uid === self) return undefined;
    const name = accounts().find((account) => account.uid === owner.uid)?.name ?? `number ${owner.uid}`;
    throw new StartupProblem(`The database in ${cluster} belongs to user ${name}, not to the user who starts the service.`, [
      'Start the service as the user who started it before (root, if it was root).',
      `Or hand the data folder over, as root: chown -R ${self} ${dirname(cluster)}`,
    ]);
  }
  if (owner !== undefined && owner.uid !== 0) return { name: `number ${owner.uid}`, ...owner, ...accounts().find((account) => account.uid === owner.uid) };
  const user = candidates.flatMap((name) => accounts().filter((account) => account.name === name))[0];
  if (user !== undefined) return user;
  throw new StartupProblem(`PostgreSQL refuses to run as root, and this machine has no user ${candidates.join(', ')} to run it as.`, waysOut);
}

/**
 * Checks that the user may pass through every folder above a path.
 * @param what the thing at the path, for the message
 * @throws StartupProblem naming the folder that bars the way
 */
export function checkReachable(path: string, what: string, user: ServerUser | undefined, moveAway: string): void {
  if (user === undefined) return;
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if (!mayPass(folder, user)) {
      const mode = (statSync(folder).mode & 0o777).toString(8).padStart(4, '0');
      throw new StartupProblem(
        `PostgreSQL refuses to run as root, and user ${user.name}, as whom it would run, may not enter ${folder} (mode ${mode}), where ${what} is.`,
        [moveAway, ...waysOut],
      );
    }
    if (folder === dirname(folder)) return;
  }
}

/** Gives a folder and all in it to the user; links themselves, never what they point to. */
export function giveFolder(folder: string, user: ServerUser): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const kind = lstatSync(path);
    if (kind.isDirectory()) giveFolder(path, user);
    else if (kind.isFile() && kind.nlink === 1) chownSync(path, user.uid, user.gid);
  }
  chownSync(folder, user.uid, user.gid);
}

function mayPass(folder: string, user: ServerUser): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function ownerOf(path: string): { uid: number; gid: number } | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : { uid: found.uid, gid: found.gid };
}

function accounts(): ServerUser[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  return lines.filter((parts) => parts.length >= 4).map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}
