// Test kit: a folder for databases and whatever else writes a lot. In memory where there is room: on a disk that others use too, every commit waits for them.
import { accessSync, chmodSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** What a few test processes with a database each need, several times over. */
const ROOM = 2 * 1024 ** 3;

/** Makes it, open for other users to pass (PostgreSQL runs as one when we are root). Its maker removes it. */
export function scratchFolder(prefix: string): string {
  const folder = mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

function hasRoom(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
