// `npm start`, first step: one try-out to a data folder.
//
// The hold is a listening socket whose name comes from the folder. The system frees it when its process dies, kill -9 included, so there
// is no lock file that could lie; and whoever finds it taken asks it who the holder is.
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartProblem } from './startProblem';

export interface FolderHold {
  release(): Promise<void>;
}

const ANSWER_WITHIN_MS = 1_000;

/** @throws StartProblem naming the process that holds the folder */
export async function holdFolder(dataDir: string): Promise<FolderHold> {
  const name = nameOf(realpathSync(dataDir));
  const server = (await listen(name)) ?? (await takeOver(name));
  if (server) return { release: () => new Promise((resolve) => server.close(() => resolve())) };
  const pid = await holderOf(name);
  throw new StartProblem(
    `The data folder ${dataDir} is held by another npm start${pid ? `, process ${pid}` : ''}.`,
    `Stop that one first${pid ? ` (Ctrl-C where it runs, or: kill ${pid})` : ''}.`,
    'Or set COSELL_DATA_DIR and COSELL_PORT to others, for a try-out with data of its own.',
  );
}

/** Names without a file where the system has them; elsewhere a socket file, which may outlive its process. */
function nameOf(folder: string): string {
  const id = `cosell-try-out-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  if (process.platform === 'linux') return `\0${id}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : join(tmpdir(), `${id}.sock`);
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}

/** A socket file that nobody answers at was left by a process that died. */
async function takeOver(name: string): Promise<Server | undefined> {
  if (!name.startsWith('/') || (await holderOf(name)) !== 'nobody') return undefined;
  rmSync(name, { force: true });
  return listen(name);
}

/** The holder's process number; `nobody` when none listens, `undefined` when it does not say. */
function holderOf(name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(name);
    socket.setTimeout(ANSWER_WITHIN_MS, () => (socket.destroy(), resolve(undefined)));
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.once('end', () => resolve(/^\d+$/.exec(said)?.[0]));
    socket.once('error', () => resolve('nobody'));
  });
}
