// Embedded PostgreSQL: the shorter way in. A round trip by a socket file costs a third less than one by loopback, and a change makes ten of them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the server puts it: its own folder, which it works in and which nobody else may enter. Not on Windows. */
export const socketFolder = process.platform === 'win32' ? '' : '.';

/** The longest path that every system takes for a socket (sun_path of macOS, its closing zero left out). */
const LONGEST = 103;

/**
 * The address of a database by the socket file in the server's folder; the address itself where that file is not, or its path is too long.
 * @param url as `addressOf` answers it
 */
export function bySocket(url: string, cluster: string, port: number): string {
  const file = join(cluster, `.s.PGSQL.${port}`);
  if (socketFolder === '' || Buffer.byteLength(file) > LONGEST || !existsSync(file)) return url;
  return `${url}?host=${encodeURIComponent(cluster)}`;
}
