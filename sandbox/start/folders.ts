// `npm start`: the places in the data folder that belong to the try-out.
import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartProblem } from './startProblem';

export interface Folders {
  /** Absolute. */
  readonly data: string;
  /** State of the stand-ins and the service's log. */
  readonly tryOut: string;
  /** Addresses and credentials, there only while everything runs. */
  readonly addresses: string;
}

/** Makes what is missing. @throws StartProblem when the data folder cannot be made or written */
export function prepareFolders(dataDir: string): Folders {
  const data = resolve(dataDir);
  const tryOut = join(data, 'try-out');
  try {
    // Started as root, PostgreSQL runs as an ordinary user who must be able to pass through this folder, whatever the umask.
    if (mkdirSync(data, { recursive: true }) !== undefined) chmodSync(data, 0o755);
    mkdirSync(tryOut, { recursive: true, mode: 0o700 });
    accessSync(tryOut, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartProblem(`The data folder ${data} cannot be used (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, 'Give the user who runs npm start the right to read and write it, or make room on the disk.', 'Or set COSELL_DATA_DIR to another folder.');
  }
  return { data, tryOut, addresses: join(data, 'try-out.json') };
}
