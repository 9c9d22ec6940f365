// The real process in front of what a person can put right: one clear message on standard error that says what to do, no trace, no secret, nothing left running.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleService } from '../kit/bundleService';
import { startTemporaryPostgres, type TemporaryPostgres } from '../kit/postgres';
import { scratchFolder } from '../kit/scratchFolder';

const secret = 'sesame-open';
let folder: string;
let bundle: string;
let postgres: TemporaryPostgres;
let databaseUrl: string;
let taken: Server;

beforeAll(async () => {
  folder = scratchFolder('cosell-start-');
  writeFileSync(join(folder, 'key'), Buffer.alloc(32, 7).toString('base64'));
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(join(folder, 'mapping.json'), '{"tables":{}}');
  mkdirSync(join(folder, 'data'));
  [bundle, postgres] = await Promise.all([bundleService(), startTemporaryPostgres()]);
  databaseUrl = await postgres.createDatabase('start');
  taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
});
afterAll(async () => {
  taken.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const settings = (): Record<string, string> => ({
  COSELL_PORT: '0', COSELL_DATABASE_URL: databaseUrl, COSELL_SECRET_KEY_FILE: join(folder, 'key'), COSELL_DATA_DIR: join(folder, 'data'), COSELL_ADMIN_TOKEN: secret,
  COSELL_PARTNER_CENTER_TENANT_ID: 't', COSELL_PARTNER_CENTER_CLIENT_ID: 'c', COSELL_PARTNER_CENTER_CLIENT_SECRET: secret, COSELL_PARTNER_CENTER_REFRESH_TOKEN: secret,
  COSELL_DATAVERSE_URL: 'https://crm.example', COSELL_DATAVERSE_TENANT_ID: 't', COSELL_DATAVERSE_CLIENT_ID: 'c', COSELL_DATAVERSE_CLIENT_SECRET: secret, COSELL_DATAVERSE_WEBHOOK_KEY: secret,
});

function start(change: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [bundle], { env: { PATH: process.env.PATH ?? '', ...settings(), ...change }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const told = { out: '', err: '' };
  child.stdout!.on('data', (chunk: Buffer) => (told.out += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (told.err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...told })));
}

const portOf = (server: Server): string => String((server.address() as AddressInfo).port);

test.each<[string, () => Record<string, string>, readonly RegExp[]]>([
  ['a port that is taken', () => ({ COSELL_PORT: portOf(taken) }), [/^Port \d+ on 127\.0\.0\.1 is taken by another program\.\n/, /set COSELL_PORT to a free port/]],
  ['an address that is not this machine\'s', () => ({ COSELL_HOST: '192.0.2.1' }), [/^The service may not listen on 192\.0\.2\.1/, /Set COSELL_HOST and COSELL_PORT/]],
  ['a database that nobody serves', () => ({ COSELL_DATABASE_URL: `postgres://cosell:${secret}@127.0.0.1:9/start` }), [/^The database at 127\.0\.0\.1:9\/start refuses connections\.\n/, /Start that PostgreSQL, or correct/]],
  ['a mapping that cannot be used, before anything else is tried', () => ({ COSELL_MAPPING_FILE: join(folder, 'mapping.json'), COSELL_DATABASE_URL: `postgres://cosell:${secret}@127.0.0.1:9/start` }), [/^The field mapping cannot be used\./, /Correct the file that COSELL_MAPPING_FILE names/]],
  ['a file in place of the data folder', () => ({ COSELL_DATA_DIR: join(folder, 'file') }), [/^The data folder .* (cannot be made|is not a folder)/, /COSELL_DATA_DIR/]],
  ['five settings that are wrong at once', () => ({ COSELL_PORT: 'seven', COSELL_PUBLIC_URL: 'http://proxy.example', COSELL_RECONCILE_MINUTES: '-1', COSELL_PARTNER_CENTER_TIME_ZONE: 'Mars/Phobos', COSELL_DATAVERSE_URL: 'crm' }),
    [/^The settings cannot be used\. Correct these environment variables and start again:\n/, ...['PORT', 'PUBLIC_URL', 'RECONCILE_MINUTES', 'PARTNER_CENTER_TIME_ZONE', 'DATAVERSE_URL'].map((name) => new RegExp(`^\\W*COSELL_${name}\\b.{20,}$`, 'm'))]],
])('%s', async (_, change, words) => {
  const { code, out, err } = await start(change());
  for (const each of words) expect(err).toMatch(each);
  expect(err).not.toMatch(/^\s+at |node:|Error:/m);
  expect(`${out}${err}`).not.toContain(secret);
  // Whoever reads the log of other starts finds JSON there and nothing else.
  for (const line of out.split('\n').filter(Boolean)) expect(JSON.parse(line)).toEqual(expect.any(Object));
  expect(out).not.toContain('fatal');
  expect(code).toBe(1);
});
