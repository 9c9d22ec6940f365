// `service.json` in the data folder: where the running service listens, so that the command line finds it without being told.
//
// Written by the service once it listens, mode 0600, taken away when it stops: {"url":"http://127.0.0.1:7071","pid":4711,"publicUrl":"https://..."}.
// A service that was killed leaves it behind; readers therefore ask whether the process lives. No secret is in it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ServiceFile {
  /** Where it listens, as this host reaches it. */
  readonly url: string;
  readonly pid: number;
  /** `COSELL_PUBLIC_URL`, where it is set. */
  readonly publicUrl?: string | null;
}

const fileIn = (dataDir: string): string => join(dataDir, 'service.json');

/** Replaces the file whole. An address that means "every address of this host" is written as loopback. @throws the system's own error */
export async function writeServiceFile(dataDir: string, { url, pid, publicUrl }: ServiceFile): Promise<void> {
  const draft = `${fileIn(dataDir)}.${randomUUID()}`;
  await mkdir(dataDir, { recursive: true });
  await writeFile(draft, `${JSON.stringify({ url: reachable(url), pid, ...(publicUrl ? { publicUrl } : {}) })}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, fileIn(dataDir));
}

/** Takes the file away when it is this process's own. */
export async function removeServiceFile(dataDir: string, pid: number = process.pid): Promise<void> {
  if (readServiceFile(dataDir)?.pid === pid) await rm(fileIn(dataDir), { force: true });
}

/** What the file says, `undefined` when there is none that can be read. */
export function readServiceFile(dataDir: string): ServiceFile | undefined {
  try {
    const { url, pid, publicUrl } = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as Partial<ServiceFile>;
    return typeof url === 'string' && URL.canParse(url) && typeof pid === 'number' ? { url, pid, publicUrl: publicUrl ?? null } : undefined;
  } catch {
    return undefined;
  }
}

/** `http://0.0.0.0:7071` as an address that can be called. */
function reachable(url: string): string {
  const address = new URL(url);
  if (address.hostname === '0.0.0.0') address.hostname = '127.0.0.1';
  if (address.hostname === '[::]') address.hostname = '[::1]';
  return address.href.replace(/\/+$/, '');
}
