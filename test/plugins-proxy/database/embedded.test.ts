// The embedded PostgreSQL's life, with the real programs: first start, crashes, second services, unfit folders.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../../plugins-proxy/database/openDatabase';
import type { Database } from '../../../plugins-proxy/database/openDatabase';
import { findPostgresBinaries } from '../../../plugins-proxy/database/postgresBinaries';
import { scratchFolder } from '../../kit/scratchFolder';
import { buildServiceProcess, copyProject, startServiceProcess } from './serviceProcess';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
let base: string;
let dataDir: string;
let removeBundle: () => void;
let opened: Database[] = [];

let prepared: string;

beforeAll(async () => {
  removeBundle = await buildServiceProcess();
  prepared = join(scratchFolder('cosell-db-prepared-'), 'data');
  await (await openDatabase({ dataDir: prepared })).close();
});
afterAll(() => {
  removeBundle();
  rmSync(join(prepared, '..'), { recursive: true, force: true });
});

/** A data folder that was started before: making one takes most of a test's time, and only some tests are about that. */
const usePrepared = (): void => void execFileSync('cp', ['-a', prepared, dataDir]);

beforeEach(() => {
  base = scratchFolder('cosell-db-');
  dataDir = join(base, 'data');
});

afterEach(async () => {
  for (const database of opened) await database.close();
  opened = [];
  const left = postmasterPid();
  if (left !== undefined) endServer(left);
  rmSync(base, { recursive: true, force: true });
});

test('the first start makes a durable server on loopback, which later ones find with its data', async () => {
  const first = await open();
  const { rows } = await first.pool.query(`select current_setting('fsync') as fsync, current_setting('listen_addresses') as listen,
    current_setting('server_encoding') as encoding, current_setting('data_checksums') as sums, lower('É') as lower`);
  expect(rows[0]).toEqual({ fsync: 'on', listen: '127.0.0.1', encoding: 'UTF8', sums: 'on', lower: 'é' });
  await first.pool.query('create table kept (n int); insert into kept values (7)');
  await first.close();
  const second = await open();
  expect((await second.pool.query('select n from kept')).rows).toEqual([{ n: 7 }]);
  expect(second.url).toBe(first.url);
});

test('password and data are for no other eyes, and a wrong password is refused', async () => {
    usePrepared();
  const { url } = await open();
  expect([modeOf('postgres-access.json'), modeOf('postgres'), modeOf('postgresql.log')]).toEqual(['600', '700', '600']);
  const client = new pg.Client({ connectionString: url.replace(/:[^:@/]+@/, ':wrong@') });
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
});

test('the server runs in a session of its own and knows nothing of our environment', async () => {
    usePrepared();
  process.env['COSELL_TEST_SECRET'] = 'never-to-be-seen';
  await open();
  delete process.env['COSELL_TEST_SECRET'];
  const pid = postmasterPid()!;
  expect(execFileSync('ps', ['-o', 'sid=', '-p', String(pid)]).toString().trim()).toBe(String(pid));
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('never-to-be-seen');
});

test("the log shows no data, not even an error's", async () => {
    usePrepared();
  const { pool } = await open();
  await pool.query('create table one (n text unique)');
  await pool.query(`insert into one values ('Contoso secret')`);
  await expect(pool.query(`insert into one values ('Contoso secret')`)).rejects.toMatchObject({ code: '23505' });
  expect(readFileSync(join(dataDir, 'postgresql.log'), 'utf8')).not.toContain('Contoso');
});

test('close stops the server and leaves nothing running', async () => {
    usePrepared();
  const database = await open();
  const pid = postmasterPid()!;
  await Promise.all([database.close(), database.close()]);
  expect(isGone(pid)).toBe(true);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a connection that is never given back does not keep the service from closing', async () => {
    usePrepared();
  const database = await open();
  await database.pool.connect();
  await database.close();
  expect(postmasterPid()).toBeUndefined();
});

describe('crashes', () => {
  test('a killed service leaves its server, and the next one takes it over at once', async () => {
    usePrepared();
    const service = startServiceProcess(dataDir);
    const line = await service.says('open');
    const pid = postmasterPid();
    service.child.kill('SIGKILL');
    await service.ended;
    const database = await open();
    expect([`open ${database.url}`, postmasterPid()]).toEqual([line, pid]);
  });

  test.each([0, 8, 25])('a left server that dies %i ms into its taking over is started anew', async (ms) => {
    usePrepared();
    const service = startServiceProcess(dataDir);
    const url = (await service.says('open')).slice(5);
    await run(url, 'create table kept (n int); insert into kept values (7)');
    service.child.kill('SIGKILL');
    await service.ended;
    const opening = open();
    await new Promise((resolve) => setTimeout(resolve, ms));
    process.kill(postmasterPid()!, 'SIGKILL');
    const database = await opening;
    // Killed a little later, it dies under the service that has just taken it over.
    await until(async () => expect((await database.pool.query('select n from kept')).rows).toEqual([{ n: 7 }]));
  });

  test('killing everything is recovered from by the next start alone', async () => {
    usePrepared();
    const service = startServiceProcess(dataDir);
    const url = (await service.says('open')).slice(5);
    await run(url, 'create table kept (n int); insert into kept values (7)');
    service.child.kill('SIGKILL');
    const pid = postmasterPid()!;
    process.kill(pid, 'SIGKILL');
    await service.ended;
    await until(async () => expect(isGone(pid)).toBe(true));
    const database = await open();
    expect((await database.pool.query('select n from kept')).rows).toEqual([{ n: 7 }]);
  });

  test("a lock file whose number belongs to another program by now does not stop a start", async () => {
    usePrepared();
    await (await open()).close();
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n127.0.0.1\n  1 1\nready   \n`);
    if (isRoot) chownSync(join(dataDir, 'postgres', 'postmaster.pid'), statSync(join(dataDir, 'postgres')).uid, 0);
    expect((await (await open()).pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('a first start that was killed half-way is begun anew', async () => {
    mkdirSync(join(dataDir, 'postgres.new-999999'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new-999999', 'PG_VERSION'), '18\n');
    await open();
    expect(existsSync(join(dataDir, 'postgres.new-999999'))).toBe(false);
  });

  test('a server that is killed under a working service comes back, and no connection ends the process', async () => {
    usePrepared();
    const remarks: string[] = [];
    const database = await open((text) => remarks.push(text));
    const held = await database.pool.connect();
    await database.pool.query('create table kept (n int)');
    process.kill(postmasterPid()!, 'SIGKILL');
    await until(() => database.pool.query('select n from kept'));
    held.release(true);
    await until(async () => expect(remarks.some((text) => text.includes('runs again'))).toBe(true));
  });

  test('a port that somebody took in the meantime is exchanged for another', async () => {
    usePrepared();
    const first = await open();
    await first.close();
    const squatter = await listen(Number(new URL(first.url).port));
    const second = await open();
    squatter.close();
    expect(second.url).not.toBe(first.url);
  });
});

describe('a second service on the same folder', () => {
  test('is refused with the number of the one that holds it, which goes on undisturbed', async () => {
    usePrepared();
    const database = await open();
    const pid = postmasterPid();
    const second = startServiceProcess(dataDir);
    const words = await second.says('problem', 'accident');
    expect(words).toContain(`problem The data folder ${dataDir} is held by another service, process ${process.pid} on `);
    expect(words).not.toContain('    at ');
    expect([await second.ended, postmasterPid()]).toEqual([1, pid]);
    expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  test('is refused too when both make the very first start in the same moment', async () => {
    const both = [startServiceProcess(dataDir), startServiceProcess(dataDir)];
    const lines = await Promise.all(both.map((service) => service.says('open', 'problem', 'accident')));
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['open', 'problem']);
    const winner = both[lines.findIndex((line) => line.startsWith('open'))]!;
    winner.child.kill('SIGINT');
    expect(await winner.ended).toBe(0);
    expect(postmasterPid()).toBeUndefined();
  });
});

describe('a folder that cannot be used is told in words', () => {
  test('another version of PostgreSQL, with the commands that move the data', async () => {
    usePrepared();
    await (await open()).close();
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    writeFileSync(version, '17\n');
    await expect(open()).rejects.toMatchObject({ name: 'StartupProblem', message: expect.stringMatching(/made by PostgreSQL 17; this release brings PostgreSQL 18[^]*pg_dump[^]*psql/) });
    expect(readFileSync(version, 'utf8')).toBe('17\n');
  });

  test('something else where the database should be', async () => {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'letter.txt'), 'dear');
    await expect(open()).rejects.toMatchObject({ name: 'StartupProblem', message: expect.stringContaining('is not a PostgreSQL database') });
    expect(readFileSync(join(dataDir, 'postgres', 'letter.txt'), 'utf8')).toBe('dear');
  });

  test('a file in place of the data folder', async () => {
    writeFileSync(dataDir, '');
    await expect(open()).rejects.toMatchObject({ name: 'StartupProblem', message: expect.stringContaining('is not a folder') });
  });

  test('the lost file with the password', async () => {
    usePrepared();
    await (await open()).close();
    rmSync(join(dataDir, 'postgres-access.json'));
    await expect(open()).rejects.toMatchObject({ name: 'StartupProblem', message: expect.stringContaining('Put it back') });
  });

  test('a password file of another database, and no server is left running', async () => {
    usePrepared();
    await (await open()).close();
    writeFileSync(join(dataDir, 'postgres-access.json'), '{"port":40123,"password":"other"}');
    await expect(open()).rejects.toMatchObject({ name: 'StartupProblem', message: expect.stringContaining('refuses the password') });
    expect(postmasterPid()).toBeUndefined();
  });

  test('a platform without a package', () => {
    expect(() => findPostgresBinaries('plan9', 'x64')).toThrow(/does not exist for this platform[^]*COSELL_DATABASE_URL/);
  });
});

(isRoot ? describe : describe.skip)('users', () => {
  test('root lends the server an ordinary user, who owns the database only', async () => {
    await open();
    expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(0);
    expect([statSync(dataDir).uid, statSync(join(dataDir, 'postgres-access.json')).uid]).toEqual([0, 0]);
    expect(statSync(`/proc/${postmasterPid()}`).uid).not.toBe(0);
  });

  test('root below a folder that only root may enter is told which folder, and what to do', async () => {
    chmodSync(base, 0o700);
    const service = startServiceProcess(dataDir);
    const words = await service.says('problem', 'accident');
    expect(words).toMatch(/^problem PostgreSQL refuses to run as root, and user \w+, .* may not enter .*cosell-db-\w+ \(mode 0700\), where the data folder is\./);
    expect(words).toContain('COSELL_DATABASE_URL');
    expect(words).not.toContain('    at ');
    chmodSync(base, 0o755);
  });

  test('root whose project lies in such a folder is told so', async () => {
    const hidden = join(base, 'hidden');
    mkdirSync(hidden, { mode: 0o700 });
    const service = startServiceProcess(dataDir, { program: copyProject(hidden) });
    expect(await service.says('problem', 'accident')).toMatch(/problem .*may not enter .*hidden \(mode 0700\), where PostgreSQL's program is/);
  });

  test('an ordinary user opens, closes and opens again', async () => {
    mkdirSync(dataDir);
    chownSync(dataDir, nobody, nobody);
    for (let round = 0; round < 2; round += 1) {
      const service = startServiceProcess(dataDir, { uid: nobody });
      await service.says('open');
      expect(statSync(`/proc/${postmasterPid()}`).uid).toBe(nobody);
      service.child.kill('SIGINT');
      expect(await service.ended).toBe(0);
    }
  });

  test('an ordinary user in a folder that he may not write is told so', async () => {
    mkdirSync(dataDir, { mode: 0o755 });
    for (const folder of [dataDir, join(dataDir, 'deeper')]) {
      const words = await startServiceProcess(folder, { uid: nobody }).says('problem', 'accident');
      expect(words).toMatch(/^problem The data folder cannot be used: .* may not be written\.[^]*COSELL_DATA_DIR/);
    }
  });

  test("an ordinary user on root's database is told how to go on; root on an ordinary user's simply goes on", async () => {
    mkdirSync(dataDir);
    chownSync(dataDir, nobody, nobody);
    const service = startServiceProcess(dataDir, { uid: nobody });
    await service.says('open');
    service.child.kill('SIGINT');
    await service.ended;
    await (await open()).close();
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(nobody);
    const words = await startServiceProcess(dataDir, { uid: 1 }).says('problem', 'accident');
    expect(words).toMatch(/^problem /);
  });

  test("a database that was put back as root's is given to the user it runs as", async () => {
    await (await open()).close();
    execFileSync('chown', ['-R', '0:0', join(dataDir, 'postgres')]);
    await open();
    expect(statSync(join(dataDir, 'postgres', 'PG_VERSION')).uid).not.toBe(0);
  });
});

async function open(remark?: (text: string) => void): Promise<Database> {
  const database = await openDatabase({ dataDir, ...(remark === undefined ? {} : { remark }) });
  opened.push(database);
  return database;
}

function postmasterPid(): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

// A dead process keeps its number until its parent has asked how it ended.
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}`) || /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

function endServer(pid: number): void {
  if (pid !== process.pid && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGQUIT');
}

function modeOf(name: string): string {
  return (statSync(join(dataDir, name)).mode & 0o777).toString(8);
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function until(check: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await check();
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
