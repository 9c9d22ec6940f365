// Embedded PostgreSQL: what postmaster.pid says about a server that runs, or ran, on the folder.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Lines 1, 4 and 8 of PostgreSQL's lock file (its source, miscadmin.h); `status` is '' while it starts. */
export interface Postmaster {
  pid: number;
  port: number;
  status: string;
}

/** Reads the file; undefined when there is none, or only half of one. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether that process is still a PostgreSQL. After a crash or in a new container its number may belong to any program,
 * and PostgreSQL itself would then refuse to start for ever: such a file is removed.
 */
export function isRunning(cluster: string, postmaster: Postmaster): boolean {
  if (!isAlive(postmaster.pid)) return false;
  if (process.platform !== 'linux' || isPostgres(postmaster.pid)) return true;
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return false;
}

/** Whether a process of this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isPostgres(pid: number): boolean {
  try {
    if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return false; // dead, not yet fetched by its parent
    return /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '');
  } catch {
    return false;
  }
}
