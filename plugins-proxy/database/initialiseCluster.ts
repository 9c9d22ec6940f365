// Embedded PostgreSQL: the first start makes its folder; every later one checks that it is ours to open.
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort, readAccess, writeFirstAccess } from './accessFile';
import { unusableBinaries } from './postgresBinaries';
import type { PostgresBinaries } from './postgresBinaries';
import { folderProblem } from './prepareDataFolder';
import type { DataPlaces } from './prepareDataFolder';
import { isAlive } from './postmasterFile';
import { runProgram } from './runProgram';
import { giveFolder } from './serverUser';
import type { ServerUser } from './serverUser';
import { StartupProblem } from './startupProblem';

/**
 * Makes the cluster when there is none: in a folder of another name, renamed when it is whole, so that a crash leaves
 * either nothing or everything.
 * @throws StartupProblem when the folder holds another version's data or something else, or PostgreSQL cannot make it
 */
export async function initialiseCluster(places: DataPlaces, binaries: PostgresBinaries, user: ServerUser | undefined): Promise<void> {
  const version = versionOf(places.cluster);
  if (version === undefined) {
    removeLeftovers(places.dataDir);
    await createCluster(places, binaries, user);
    return;
  }
  if (version !== binaries.major) throw otherVersion(places, version, binaries.major);
  if (readAccess(places.access) === undefined) {
    throw new StartupProblem(`${places.access}, which holds port and password of the embedded PostgreSQL, is gone.`, 'Put it back from a backup of the data folder; it belongs to the folder postgres beside it.');
  }
  if (user !== undefined && statSync(places.cluster).uid === 0) giveFolderOfRoot(places.cluster, user);
}

async function createCluster(places: DataPlaces, binaries: PostgresBinaries, user: ServerUser | undefined): Promise<void> {
  const fresh = `${places.cluster}.new-${process.pid}`;
  const passwordFile = `${fresh}.password`;
  try {
    const access = readAccess(places.access) ?? writeFirstAccess(places.access, { port: await findFreePort(), password: randomBytes(24).toString('base64url') });
    mkdirSync(fresh, { mode: 0o700 });
    writeFileSync(passwordFile, access.password, { mode: 0o600 });
    if (user !== undefined) for (const path of [fresh, passwordFile]) chownSync(path, user.uid, user.gid);
    await runInitdb(binaries, fresh, passwordFile, user);
    renameSync(fresh, places.cluster);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another service made it in the same moment: then its folder is the one.
    if (versionOf(places.cluster) === undefined) throw folderProblem(error, places.dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function runInitdb(binaries: PostgresBinaries, folder: string, passwordFile: string, user: ServerUser | undefined): Promise<void> {
  const end = await runProgram(binaries.initdb, [
    '-D', folder, '-U', 'cosell', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8',
    '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions',
  ], user);
  if (end.code === 0) return;
  const line = end.failure?.code ?? lastError(end.output) ?? `initdb ended with ${end.code}`;
  if (/No space left/.test(end.output)) throw Object.assign(new Error(line), { code: 'ENOSPC' });
  throw unusableBinaries(binaries, line);
}

function versionOf(cluster: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw folderProblem(error, cluster);
  }
  if (entriesOf(cluster).length === 0) return undefined;
  throw new StartupProblem(`${cluster} holds something that is not a PostgreSQL database.`, 'Move it away, or set COSELL_DATA_DIR to another folder.');
}

// Without pg_dump and pg_upgrade in the package, the data moves as SQL, with the client programs of any PostgreSQL.
function otherVersion(places: DataPlaces, found: number, ours: number): StartupProblem {
  const address = `postgres://cosell@127.0.0.1:<port>/cosell`;
  return new StartupProblem(`The database in ${places.cluster} was made by PostgreSQL ${found}; this release brings PostgreSQL ${ours}. Nothing was changed. Move the data:`, [
    `With the release before this one running: pg_dump --clean --if-exists --no-owner --file cosell.sql "${address}" (port and password: ${places.access})`,
    `Stop it: mv ${places.cluster} ${places.cluster}-${found}`,
    `Start this release, then: psql --single-transaction --file cosell.sql "${address}", and start it once more`,
  ]);
}

function removeLeftovers(dataDir: string): void {
  for (const name of entriesOf(dataDir)) {
    const pid = Number(/^postgres\.new-(\d+)/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

function giveFolderOfRoot(cluster: string, user: ServerUser): void {
  try {
    giveFolder(cluster, user);
  } catch (error) {
    throw folderProblem(error, cluster);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function lastError(output: string): string | undefined {
  return output.split('\n').filter((line) => /error|fatal|cannot/i.test(line)).at(-1);
}
