// Secrets that the service makes for itself once, in its data folder, readable by its own user only.
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartupProblem } from '../database/startupProblem';
import { toSecretKey } from './files';

/** The 32 bytes that encrypt stored credentials. @throws StartupProblem when the file there is not one */
export async function ensureSecretKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'secret-key');
  const key = toSecretKey(await ensureFile(path, () => randomBytes(32).toString('base64')));
  if (!key) throw new StartupProblem(`${path} does not hold 32 bytes in base64.`, 'Put back the key that this data folder began with; without it the stored sign-ins cannot be read. If it is lost, remove the file and sign in again with: cosell login.');
  return key;
}

/** The bearer token of the admin API, and the file that holds it. Print the path, never the token. @throws StartupProblem when the file is empty */
export async function ensureAdminToken(dataDir: string): Promise<{ readonly token: string; readonly path: string }> {
  const path = join(dataDir, 'admin-token');
  const token = (await ensureFile(path, () => randomBytes(32).toString('base64url'))).trim();
  if (token === '') throw new StartupProblem(`${path} is empty.`, 'Remove the file; a new token is made at the next start.');
  return { token, path };
}

/** The file's content; made whole or not at all, also when two processes start at once. */
async function ensureFile(path: string, make: () => string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(path, error);
  }
  return makeFile(path, make()).catch((error: unknown) => {
    throw unusable(path, error);
  });
}

async function makeFile(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(draft, `${content}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

const unusable = (path: string, cause: unknown): StartupProblem =>
  new StartupProblem(`${path} can be neither read nor made (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`, 'Give the user that runs the service the right to read and write COSELL_DATA_DIR.');
