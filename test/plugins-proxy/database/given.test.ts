// A database given by COSELL_DATABASE_URL: every way in which it can be unfit is one clear message without the password.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../../plugins-proxy/database/openDatabase';
import { startTemporaryPostgres } from '../../kit/postgres';
import type { TemporaryPostgres } from '../../kit/postgres';

let server: TemporaryPostgres;
beforeAll(async () => { server = await startTemporaryPostgres(); });
afterAll(() => server.stop());

test('a good one is used and left running', async () => {
  const url = await server.createDatabase('given');
  const database = await openDatabase({ databaseUrl: url, dataDir: '/nowhere' });
  expect((await database.pool.query('select current_database() as name')).rows).toEqual([{ name: 'given' }]);
  expect([database.embedded, database.url]).toEqual([false, url]);
  await database.close();
  await (await openDatabase({ databaseUrl: url, dataDir: '/nowhere' })).close();
});

test('databases made from a template bring its tables', async () => {
  const url = await server.createDatabase('model');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table t as select 1 as n');
  await client.end();
  const copy = await openDatabase({ databaseUrl: await server.createDatabase('copy', 'model'), dataDir: '/nowhere' });
  expect((await copy.pool.query('select n from t')).rows).toEqual([{ n: 1 }]);
  await copy.close();
});

describe('refused in words', () => {
  const cases: [string, () => Promise<string>, RegExp][] = [
    ['nobody listens', async () => 'postgres://u:hidden@127.0.0.1:9/db', /127\.0\.0\.1:9\/db refuses connections/],
    ['the host does not exist', async () => 'postgres://u:hidden@no-such-host.invalid/db', /no-such-host\.invalid\/db has a host name that cannot be resolved/],
    ['the password is wrong', async () => server.url.replace(/:[^:@/]+@/, ':hidden@'), /refuses the password/],
    ['the database does not exist', async () => server.url.replace(/postgres$/, 'missing'), /missing does not exist/],
    ['text is not UTF-8', async () => latin1(), /stores text as LATIN1/],
    ['it is too old', async () => pretendVersion(140011), /is PostgreSQL 14; 15 or later/],
    ['the address is none', async () => 'mysql://u:hidden@127.0.0.1/db', /COSELL_DATABASE_URL is not a PostgreSQL address/],
    ['the address cannot be read', async () => 'hidden', /COSELL_DATABASE_URL is not a PostgreSQL address/],
    ['something else listens there', async () => `postgres://u:hidden@127.0.0.1:${await strange()}/db`, /closed the connection|cannot be used/],
  ];
  test.each(cases)('%s', async (_name, url, words) => {
    const problem = await openDatabase({ databaseUrl: await url(), dataDir: '/nowhere' }).then(() => undefined, (error: Error) => error);
    expect(problem?.name).toBe('StartupProblem');
    expect(problem?.message).toMatch(words);
    expect(problem?.message).not.toContain('hidden');
    expect(problem?.message.split('\n').length).toBeGreaterThan(1);
  });
});

async function latin1(): Promise<string> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`create database latin encoding 'LATIN1' locale 'C' locale_provider libc template template0`);
  await client.end();
  return server.url.replace(/postgres$/, 'latin');
}

// A server of another age cannot be had here; what it would answer is all that counts.
async function pretendVersion(version: number): Promise<string> {
  const url = await server.createDatabase('old');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create function public.current_setting(text) returns text language sql as
    $$ select case $1 when 'server_version_num' then '${version}' else pg_catalog.current_setting($1, false) end $$;
    alter database old set search_path = public, pg_catalog`);
  await client.end();
  return url;
}

function strange(): Promise<number> {
  return new Promise((resolve) => {
    const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port));
    other.unref();
  });
}
