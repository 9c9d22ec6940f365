// `npm start` brings everything up and down in order, and finds its way after every kind of death; the service here is a scripted one.
import { spawn, type ChildProcess } from 'node:child_process';
import { createSign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { holdFolder } from '../../sandbox/start/holdFolder';
import { rememberService } from '../../sandbox/start/leftService';
import { ignoredVariables } from '../../sandbox/start/serviceEnvironment';
import { startTryOut, type TryOut, type TryOutFile, type TryOutOptions } from '../../sandbox/start/tryOut';

/** Behaves as the file `mode` beside it says; notes what happens to it in `notes`. */
const SERVICE = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
const dir = process.env.COSELL_DATA_DIR;
const mode = existsSync(join(dir, 'mode')) ? readFileSync(join(dir, 'mode'), 'utf8') : '';
const note = (what) => appendFileSync(join(dir, 'notes'), what + '\\n');
note('started');
if (mode === 'broken') { console.error('The settings cannot be used.\\n  - COSELL_X: is wrong.'); process.exit(1); }
writeFileSync(join(dir, 'admin-token'), 'token-of-the-service\\n');
writeFileSync(join(dir, 'env.json'), JSON.stringify(process.env));
const server = createServer((request, response) => response.writeHead(request.url === '/readyz' ? 200 : 404).end('{}'));
server.listen(Number(process.env.COSELL_PORT), '127.0.0.1');
setTimeout(() => console.log('{"level":30,"msg":"listening"}'), 50);
setTimeout(() => process.on('SIGTERM', async () => {
  if (mode === 'deaf') return note('deaf');
  const answer = await fetch(process.env.COSELL_DATAVERSE_URL).then((one) => one.status, () => 'gone');
  note('drained while Dataverse answered ' + answer);
  process.exit(0);
}), 40);
`;
const COSELL = `
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
const words = process.argv.slice(2).join(' ');
appendFileSync(join(process.env.COSELL_DATA_DIR, 'commands'), words + '\\n');
if (existsSync(join(process.env.COSELL_DATA_DIR, 'refuse'))) { console.error('Dynamics 365 said no.'); process.exit(1); }
`;

let folder: string;
let data: string;
let port: number;
let said: string[];
const running: TryOut[] = [];
const processes: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'try-out-'));
  data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(folder, 'service.mjs'), SERVICE);
  writeFileSync(join(folder, 'cosell.mjs'), COSELL);
  const server = await occupy(0);
  port = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  said = [];
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  for (const one of processes.splice(0)) one.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function start(more: Partial<TryOutOptions> = {}): Promise<TryOut> {
  const started = await startTryOut({
    dataDir: data, port, env: { PATH: process.env.PATH, COSELL_DATABASE_URL: 'postgres://real', COSELL_RECONCILE_MINUTES: '0.1' },
    programs: { service: join(folder, 'service.mjs'), cosell: join(folder, 'cosell.mjs') }, pages: { bundle: join(folder, 'pages.js'), packageFile: join(folder, 'package.zip') },
    say: (line) => void said.push(line), signal: new AbortController().signal, ...more, timings: { readyWithin: 10_000, pause: 10, ...more.timings },
  });
  running.push(started);
  return started;
}

const occupy = (wanted: number): Promise<Server> => new Promise((resolve) => {
  const server: Server = createServer().listen(wanted, '127.0.0.1', () => resolve(server));
});
const lines = (name: string): string[] => (existsSync(join(data, name)) ? readFileSync(join(data, name), 'utf8').trim().split('\n') : []);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
async function waitFor(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 20))) if (await what()) return;
  throw new Error(`waited in vain; said: ${said.join('\n')}`);
}
const answers = (url: string): Promise<boolean> => fetch(`${url}/readyz`).then((one) => one.ok, () => false);

describe('a start', () => {
  test('tells addresses and credentials to scripts, for their owner’s eyes, while it runs', async () => {
    const tryOut = await start();
    const file = JSON.parse(readFileSync(join(data, 'try-out.json'), 'utf8')) as TryOutFile;
    expect(file).toEqual(tryOut.addresses);
    expect(statSync(join(data, 'try-out.json')).mode & 0o777).toBe(0o600);
    expect(Object.fromEntries(Object.entries(file).map(([name, part]) => [name, Object.keys(part).sort()]))).toEqual({
      service: ['adminToken', 'url'], entra: ['url'], dataverse: ['clientId', 'clientSecret', 'tenantId', 'url'],
      partnerCenter: ['clientId', 'clientSecret', 'refreshToken', 'tenantId', 'url', 'webhooksUrl'], pages: ['form', 'list', 'portal', 'start'],
    });
    expect(file.service).toEqual({ url: `http://127.0.0.1:${port}`, adminToken: 'token-of-the-service' });
    await tryOut.stop();
    expect(existsSync(join(data, 'try-out.json'))).toBe(false);
  });

  test('hands out credentials that the stand-ins take', async () => {
    const { addresses } = await start();
    const { tenantId, clientId, clientSecret, url } = addresses.dataverse;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: `${url}/.default` });
    const given = (await (await fetch(`${addresses.entra.url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: form })).json()) as { access_token: string };
    expect((await fetch(`${url}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${given.access_token}` } })).status).toBe(200);
  });

  test('shows Salesforce beside the others when it is asked to', async () => {
    const { addresses } = await start({ salesforcePackage: fileURLToPath(new URL('../../salesforce', import.meta.url)) });
    const { loginUrl, clientId, username, privateKeyFile } = addresses.salesforce!;
    expect(JSON.parse(readFileSync(join(data, 'try-out.json'), 'utf8'))).toMatchObject({ salesforce: { loginUrl, clientId, username, privateKeyFile } });
    expect(statSync(privateKeyFile).mode & 0o777).toBe(0o600);
    const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const unsigned = `${encoded({ alg: 'RS256' })}.${encoded({ iss: clientId, sub: username, aud: loginUrl, exp: Math.floor(Date.now() / 1_000) + 100 })}`;
    const assertion = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(readFileSync(privateKeyFile, 'utf8'), 'base64url')}`;
    const given = await fetch(`${loginUrl}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }) });
    expect([given.status, await given.json()]).toMatchObject([200, { instance_url: loginUrl }]);
    const env = JSON.parse(readFileSync(join(data, 'env.json'), 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({ COSELL_SALESFORCE_LOGIN_URL: loginUrl, COSELL_SALESFORCE_CLIENT_ID: clientId, COSELL_SALESFORCE_USERNAME: username, COSELL_SALESFORCE_PRIVATE_KEY_FILE: privateKeyFile, COSELL_INBOUND_CRM: 'dataverse' });
    expect(env.COSELL_SALESFORCE_DOORBELL_KEY).toHaveLength(32);
  });

  test('fills Salesforce\'s catalogue with what Partner Center knows, once', async () => {
    const salesforcePackage = fileURLToPath(new URL('../../salesforce/force-app', import.meta.url));
    const catalogue = async ({ addresses }: TryOut): Promise<unknown[]> => ((await (await fetch(`${addresses.salesforce!.loginUrl}/__sandbox/rows/Cosell_Solution__c`)).json()) as { rows: { cells: Record<string, unknown> }[] }).rows.map(({ cells }) => cells.Solution_Code__c).sort();
    const first = await start({ salesforcePackage });
    const codes = await catalogue(first);
    expect(codes).toContain('SOL-12345-ABC');
    await first.stop();
    expect(await catalogue(await start({ salesforcePackage }))).toEqual(codes);
  });

  test('sets up with the commands of an admin, once the service is ready', async () => {
    await start();
    expect(lines('commands').sort()).toEqual(['setup dataverse', 'webhook register --overwrite']);
  });

  test('points the service at the stand-ins and never at a real database or system', async () => {
    const { addresses } = await start();
    const env = JSON.parse(readFileSync(join(data, 'env.json'), 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({ COSELL_DATAVERSE_URL: addresses.dataverse.url, COSELL_PARTNER_CENTER_URL: addresses.partnerCenter.url, COSELL_AUTHORITY_URL: addresses.entra.url, COSELL_RECONCILE_MINUTES: '0.1', COSELL_PUBLIC_URL: addresses.service.url });
    expect(env).not.toHaveProperty('COSELL_DATABASE_URL');
    expect(ignoredVariables({ COSELL_DATABASE_URL: 'x', COSELL_PORT: '1', COSELL_RECONCILE_MINUTES: '1', PATH: '' })).toEqual(['COSELL_DATABASE_URL']);
  });

  test('later finds the same identities, addresses and certificates', async () => {
    const first = await start();
    const roots = readFileSync(join(data, 'try-out', 'roots.pem'), 'utf8');
    await first.stop();
    const second = await start();
    expect(second.addresses).toEqual(first.addresses);
    expect(readFileSync(join(data, 'try-out', 'roots.pem'), 'utf8')).toBe(roots);
  });

  test('takes another address for a stand-in whose port somebody else took', async () => {
    const first = await start();
    await first.stop();
    const thief = await occupy(Number(new URL(first.addresses.entra.url).port));
    const second = await start();
    thief.close();
    expect(second.addresses.entra.url).not.toBe(first.addresses.entra.url);
    expect(second.addresses.dataverse.url).toBe(first.addresses.dataverse.url);
  });
});

describe('a start that cannot be', () => {
  test('says which process holds the folder, and disturbs nothing', async () => {
    const { addresses } = await start();
    await expect(start()).rejects.toThrow(new RegExp(`held by another npm start, process ${process.pid}\\.[^]*kill ${process.pid}[^]*COSELL_DATA_DIR`));
    expect(await answers(addresses.service.url)).toBe(true);
    expect(existsSync(join(data, 'try-out.json'))).toBe(true);
  });

  test('says that the port is taken, and leaves nothing behind', async () => {
    const thief = await occupy(port);
    await expect(start()).rejects.toThrow(`Port ${port}, where the service listens, is taken by another program.`);
    thief.close();
    expect(lines('notes')).toEqual([]);
    await start();
  });

  test('repeats the service’s own words when it does not start', async () => {
    writeFileSync(join(data, 'mode'), 'broken');
    await expect(start()).rejects.toThrow('The service did not start (exit code 1). It said:\nThe settings cannot be used.\n  - COSELL_X: is wrong.');
    await (await holdFolder(data)).release();
  });

  test('repeats a command’s own words when the set-up fails, and stops what it started', async () => {
    writeFileSync(join(data, 'refuse'), '');
    await expect(start()).rejects.toThrow(/cosell (webhook register --overwrite|setup dataverse) failed \(exit code 1\):\nDynamics 365 said no\./);
    expect(lines('notes').at(-1)).toMatch(/^drained/);
    expect(existsSync(join(data, 'try-out', 'service.json'))).toBe(false);
  });

  test('stops in order when Ctrl-C comes while it still starts', async () => {
    const stopping = new AbortController();
    const starting = start({ signal: stopping.signal });
    await waitFor(() => lines('notes').length > 0);
    stopping.abort();
    await expect(starting).rejects.toThrow(/abort/i);
    expect(lines('notes')).toEqual(['started', 'drained while Dataverse answered 404']);
    expect(await answers(`http://127.0.0.1:${port}`)).toBe(false);
    await (await holdFolder(data)).release();
  });
});

describe('a stop', () => {
  test('lets the service drain while the stand-ins still answer; nothing stays behind', async () => {
    const tryOut = await start();
    const pid = tryOut.servicePid();
    await tryOut.stop();
    expect(lines('notes')).toEqual(['started', 'drained while Dataverse answered 404']);
    expect(isAlive(pid)).toBe(false);
    expect(await answers(tryOut.addresses.dataverse.url)).toBe(false);
    expect(said).toEqual([]);
  });

  test('ends a service that does not listen to reason', async () => {
    writeFileSync(join(data, 'mode'), 'deaf');
    const tryOut = await start({ timings: { stopWithin: 200 } });
    const pid = tryOut.servicePid();
    await tryOut.stop();
    expect(isAlive(pid)).toBe(false);
    expect(said.join()).toContain('was killed');
  });
});

describe('a halt', () => {
  const act = async (tryOut: TryOut, path: string): Promise<unknown> => (await fetch(new URL(path, tryOut.addresses.pages.start), { method: 'POST' })).json();

  test('from the start page ends the service in order, and nothing starts it again until it is let go on', async () => {
    const tryOut = await start();
    const pid = tryOut.servicePid();
    expect(await act(tryOut, '/trouble/service')).toMatchObject({ service: 'halted' });
    expect([isAlive(pid), lines('notes').at(-1), said]).toEqual([false, 'drained while Dataverse answered 404', []]);
    expect(await answers(tryOut.addresses.service.url)).toBe(false);
    expect(await act(tryOut, '/trouble/service/undo')).toMatchObject({ service: 'running' });
    expect([await answers(tryOut.addresses.service.url), tryOut.servicePid() === pid]).toEqual([true, false]);
    process.kill(tryOut.servicePid(), 'SIGKILL');
    await waitFor(() => said.includes('The service runs again.'));
  });

  test('does not keep anything from stopping', async () => {
    const tryOut = await start();
    await act(tryOut, '/trouble/service');
    await tryOut.stop();
    expect([existsSync(join(data, 'try-out.json')), lines('notes')]).toEqual([false, ['started', 'drained while Dataverse answered 404']]);
  });

  test('whose service does not come up again stays halted and says why', async () => {
    const tryOut = await start();
    await act(tryOut, '/trouble/service');
    writeFileSync(join(data, 'mode'), 'broken');
    expect(await act(tryOut, '/trouble/service/undo')).toEqual({ error: { message: expect.stringContaining('The settings cannot be used.') } });
    writeFileSync(join(data, 'mode'), '');
    expect(await act(tryOut, '/trouble/service/undo')).toMatchObject({ service: 'running' });
  });
});

describe('the first start', () => {
  test('makes the deals of a day once, as people make them, and a later start leaves them alone', async () => {
    const first = await start();
    const deals = async ({ addresses }: TryOut): Promise<{ name: unknown; user: unknown }[]> => ((await (await fetch(`${addresses.dataverse.url}/__sandbox/rows/opportunity`)).json()) as { rows: { cells: Record<string, unknown> }[] }).rows.map(({ cells }) => ({ name: cells.name, user: cells.createdby }));
    for (const until = Date.now() + 5_000; Date.now() < until && (await deals(first)).length < 13; ) await new Promise((resolve) => setTimeout(resolve, 20));
    const made = await deals(first);
    expect(made).toHaveLength(13);
    expect(new Set(made.map(({ user }) => JSON.stringify(user))).size).toBe(1);
    await first.stop();
    expect(await deals(await start())).toEqual(made);
  });
});

describe('an accident', () => {
  test('brings a service back that was killed', async () => {
    const tryOut = await start();
    const pid = tryOut.servicePid();
    process.kill(pid, 'SIGKILL');
    await waitFor(() => said.includes('The service runs again.'));
    expect(said[0]).toMatch(/^The service ended unexpectedly \(SIGKILL\)/);
    expect(tryOut.servicePid()).not.toBe(pid);
    expect(await answers(tryOut.addresses.service.url)).toBe(true);
  });

  test('gives a service up that never comes back, with its reason', async () => {
    const tryOut = await start();
    writeFileSync(join(data, 'mode'), 'broken');
    process.kill(tryOut.servicePid(), 'SIGKILL');
    expect((await tryOut.givenUp).message).toContain('COSELL_X: is wrong.');
    await tryOut.stop();
  });

  test('stops a service that outlived its try-out before it starts a new one', async () => {
    const orphan = spawn(process.execPath, [join(folder, 'service.mjs')], { env: { COSELL_DATA_DIR: data, COSELL_PORT: String(port), COSELL_DATAVERSE_URL: 'http://127.0.0.1:1' }, stdio: ['ignore', 'pipe', 'ignore'] });
    processes.push(orphan);
    await new Promise((resolve) => orphan.stdout?.once('data', resolve));
    mkdirSync(join(data, 'try-out'));
    rememberService(join(data, 'try-out', 'service.json'), orphan.pid ?? 0);
    await start();
    expect(said[0]).toBe(`The service of an earlier start still runs (process ${orphan.pid}); it is being stopped first.`);
    expect(lines('notes')).toEqual(['started', 'drained while Dataverse answered gone', 'started']);
  });

  test('leaves a stranger alone that has the dead service’s number by now', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    processes.push(stranger);
    mkdirSync(join(data, 'try-out'));
    rememberService(join(data, 'try-out', 'service.json'), stranger.pid ?? 0);
    await start();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(said).toEqual([]);
  });

  test('finds a damaged file and says so instead of beginning anew in silence', async () => {
    mkdirSync(join(data, 'try-out'));
    writeFileSync(join(data, 'try-out', 'credentials.json'), '{"half');
    await expect(start()).rejects.toThrow(/credentials\.json cannot be read \(it is not JSON\)/);
  });
});
