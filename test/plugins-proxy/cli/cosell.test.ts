// The command line against a service that answers by script: words in, lines and exit codes out.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeServiceFile, writeServiceFile } from '../../../plugins-proxy/api/serviceFile';
import { runCli } from '../../../plugins-proxy/cli/runCli';
import { cosell, removeCosell, type Ran } from './cosellBundle';
import { answer, startScriptedService, type ScriptedService } from './scriptedService';

let service: ScriptedService;
let env: Record<string, string>;

beforeAll(async () => {
  service = await startScriptedService();
  env = { COSELL_PORT: String(service.port), COSELL_ADMIN_TOKEN: 'the-token' };
});
afterAll(async () => {
  await service.close();
  await removeCosell();
});
beforeEach(() => {
  service.asked.length = 0;
  service.script = {};
});

const folder = (): string => mkdtempSync(join(tmpdir(), 'cosell-cli-'));
/** Without a process of its own, for what is refused or told before anything happens. */
async function inProcess(words: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(words, { env, out: (line) => out.push(line), remark: (line) => err.push(line) });
  return { code, out: out.map((line) => `${line}\n`).join(''), err: err.map((line) => `${line}\n`).join('') };
}
const run = (...words: string[]): Promise<Ran> => inProcess(words);
const link = {
  id: 'l1', name: 'Contoso 湖仓', crm: 'dataverse', kind: 'opportunity', crmId: 'c1', referralId: 'r1', phase: 'linked', status: 'needsAttention', conflicts: [], lastSyncedOn: '2026-11-23T10:42:07.123Z', changedOn: '2026-11-23T10:42:07.123Z',
  reasons: [{ code: 'customer-country-unknown', field: 'customer.country', actor: 'you', params: { value: 'Atlantis' } }, { code: 'something-newer', actor: 'you' }], work: null,
};

describe('exit codes', () => {
  test('wrong words are 2, ask the service nothing and show no trace', async () => {
    const wrong = [[], ['nope'], ['sync'], ['links', '--colour', 'red'], ['links', '--status', 'green'], ['links', '--limit', '0'], ['links', 'extra'], ['parked', 'replay'], ['parked', 'replay', 'key', '--all'], ['webhook'], ['webhook', 'register', '--url', 'http://elsewhere.example/x'], ['webhook', 'register', '--events', ','], ['setup', 'salesforce'], ['timeline', 'x', '--before', 'y']];
    const results = await Promise.all([...wrong.map(inProcess), cosell(['nope'], env)]);
    expect(results.map((each) => each.code)).toEqual([...wrong.map(() => 2), 2]);
    for (const { out, err } of results) {
      expect(out).toBe('');
      expect(err).not.toMatch(/\n\s+at /);
    }
    expect(service.asked).toEqual([]);
  });

  test('every verb has help and --json', async () => {
    const verbs = [['doctor'], ['reconcile'], ['adopt'], ['sync'], ['links'], ['timeline'], ['parked', 'list'], ['parked', 'replay'], ['webhook', 'show'], ['webhook', 'register'], ['webhook', 'test'], ['setup', 'dataverse']];
    const results = await Promise.all(verbs.map((words) => inProcess([...words, '--help'])));
    for (const { code, out } of results) {
      expect(code).toBe(0);
      expect(out).toContain('--json');
    }
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('doctor') });
  });

  test('a refusal of the service is 1 and its own sentence; with --json an object on standard output', async () => {
    service.script['POST /sync'] = answer(404, { error: { code: 'record-unknown', message: 'Nothing is known by this id.' } });
    expect(await cosell(['sync', 'x'], env)).toEqual({ code: 1, out: '', err: 'Nothing is known by this id.\n' });
    const { code, out, err } = await cosell(['sync', 'x', '--json'], env);
    expect([code, JSON.parse(out), err]).toEqual([1, { error: { code: 'record-unknown', message: 'Nothing is known by this id.' } }, '']);
  });
});

describe('finding the service', () => {
  const ok = { 'POST /reconcile': { chores: ['a', 'b'] } };

  test('the token goes along, from the variable or from the data folder', async () => {
    service.script = ok;
    const dataDir = folder();
    writeFileSync(join(dataDir, 'admin-token'), 'token-of-the-folder\n');
    expect((await run('reconcile')).code).toBe(0);
    expect((await cosell(['reconcile'], { COSELL_PORT: env.COSELL_PORT!, COSELL_DATA_DIR: dataDir })).code).toBe(0);
    expect(service.asked.map((each) => each.authorization)).toEqual(['Bearer the-token', 'Bearer token-of-the-folder']);
  });

  test('in the folder of a running try-out nothing has to be said at all', async () => {
    service.script = ok;
    const clone = folder();
    await writeServiceFile(join(clone, 'data'), { url: `http://0.0.0.0:${service.port}`, pid: process.pid });
    writeFileSync(join(clone, 'data', 'admin-token'), 'made-at-start');
    expect(await cosell(['reconcile'], {}, clone)).toMatchObject({ code: 0, out: expect.stringContaining('2 walks') });
    expect(statSync(join(clone, 'data', 'service.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(clone, 'data', 'service.json'), 'utf8'))).toEqual({ url: service.url, pid: process.pid });
    await removeServiceFile(join(clone, 'data'), process.pid + 1);
    expect(() => statSync(join(clone, 'data', 'service.json'))).not.toThrow();
    await removeServiceFile(join(clone, 'data'));
    expect(() => statSync(join(clone, 'data', 'service.json'))).toThrow();
  });

  test('a public address that is set wins over a try-out in this folder, unless it is the same service', async () => {
    service.script = ok;
    const clone = folder();
    const set = (publicUrl: string): Record<string, string> => ({ COSELL_PUBLIC_URL: publicUrl, COSELL_ADMIN_TOKEN: 't' });
    await writeServiceFile(join(clone, 'data'), { url: service.url, pid: process.pid, publicUrl: 'https://127.0.0.1:1' });
    expect(await cosell(['reconcile'], set('https://127.0.0.1:2'), clone)).toMatchObject({ code: 1, err: expect.stringContaining('https://127.0.0.1:2') });
    expect(service.asked).toEqual([]);
    expect((await cosell(['reconcile'], set('https://127.0.0.1:1/'), clone)).code).toBe(0);
  });

  test('what is left of a killed service is not believed', async () => {
    const clone = folder();
    await writeServiceFile(join(clone, 'data'), { url: service.url, pid: 2 ** 22 + 1 });
    await cosell(['reconcile'], { COSELL_ADMIN_TOKEN: 't' }, clone);
    expect(service.asked).toEqual([]);
  });

  test.each([
    ['nobody listens', { COSELL_PORT: '1', COSELL_ADMIN_TOKEN: 't' }, /^The service cannot be reached at http:\/\/127\.0\.0\.1:1\. Start it .*\n$/],
    ['there is no token', { COSELL_PORT: '1' }, /^There is no admin token in .*admin-token\. Start the service once .*\n$/],
    ['the port is none', { COSELL_PORT: 'x', COSELL_ADMIN_TOKEN: 't' }, /^COSELL_PORT is not a port/],
    ['the token would travel in plain http', { COSELL_HOST: '192.0.2.7', COSELL_ADMIN_TOKEN: 't' }, /^COSELL_HOST is not this host/],
    ['the public address is plain http elsewhere', { COSELL_PUBLIC_URL: 'http://sync.example', COSELL_ADMIN_TOKEN: 't' }, /^COSELL_PUBLIC_URL is not https/],
  ] as const)('one plain sentence when %s', async (_why, variables, sentence) => {
    const { code, out, err } = await cosell(['doctor'], variables);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('a wrong token, a page that is something else, and a redirect are told apart; the token follows no redirect', async () => {
    service.script = { 'POST /reconcile': answer(401, { error: { code: 'unauthorized', message: 'no' } }) };
    expect(await run('reconcile')).toMatchObject({ code: 1, err: expect.stringContaining('does not take this admin token') });
    service.script = { 'POST /reconcile': answer(200, '<html>a router</html>') };
    expect(await run('reconcile')).toMatchObject({ code: 1, err: expect.stringContaining('is not this service') });
    service.script = { 'POST /reconcile': answer(302, '', { location: `${service.url}/elsewhere` }) };
    expect((await run('reconcile')).code).toBe(1);
    expect(service.asked.map((each) => each.call)).toEqual(['POST /reconcile', 'POST /reconcile', 'POST /reconcile']);
  });
});

describe('verbs', () => {
  test('doctor shows aligned findings with their remedies and fails when one fails', async () => {
    const findings = [{ check: 'database', state: 'ok', what: 'PostgreSQL 18.', remedy: null }, { check: 'webhook', state: 'fail', what: 'Nothing is registered.', remedy: 'Register it.' }];
    service.script['GET /doctor'] = { state: 'fail', findings };
    expect(await cosell(['doctor'], env)).toEqual({ code: 1, err: '', out: ['ok    database  PostgreSQL 18.', 'fail  webhook   Nothing is registered.', '                -> Register it.', '', '2 checks: 1 failure, no warning.', ''].join('\n') });
    service.script['GET /doctor'] = { state: 'warn', findings: [{ ...findings[1], state: 'warn' }] };
    expect(await run('doctor', '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"state": "warn"') });
  });

  test('links speak the words of the form, align Chinese names, and obey no control character', async () => {
    service.script['GET /links'] = { links: [link, { ...link, name: 'Bad \u001b[31mname', status: 'synced', reasons: [], crmId: 'c2' }], next: 'CURSOR' };
    const { code, out } = await run('links', '--status', 'needs-attention', '--phase', 'linked', '--search', 'a&b=c', '--limit', '2');
    expect(code).toBe(0);
    expect(service.asked[0]?.call).toBe('GET /links?status=needsAttention&phase=linked&search=a%26b%3Dc&limit=2');
    expect(out.split('\n')).toEqual([
      'Status           Opportunity    CRM        Id  Last synced           Why it is not in sync',
      'Needs attention  Contoso 湖仓   dataverse  c1  2026-11-23 10:42:07Z  “Atlantis” is not a country that Partner Center knows. Correct the country in the account’s address. 1 more.',
      'Synced           Bad  [31mname  dataverse  c2  2026-11-23 10:42:07Z',
      '', '2 records.', 'There are more: add --after CURSOR', '',
    ]);
  });

  test('a timeline begins with what is known now', async () => {
    service.script['GET /links/R%2F1'] = { ...link, key: 'k', referral: { status: 'Active', substatus: 'Accepted', direction: 'outgoing', updatedOn: '' }, microsoft: null };
    service.script['GET /links/l1/timeline?limit=50'] = { linkId: 'l1', entries: [{ number: 7, at: 'x', text: '2026-11-23T10:42:07Z | Partner Center → Dynamics 365 | Deal value: 1 → 2' }], next: 7 };
    const { out } = await run('timeline', 'R/1');
    expect(out.split('\n')).toEqual([
      'Opportunity  Contoso 湖仓', 'Status       Needs attention, last synced 2026-11-23 10:42:07Z', 'Record       dataverse opportunity c1', 'Referral     r1, Active/Accepted',
      'The seller   “Atlantis” is not a country that Partner Center knows. Correct the country in the account’s address.', 'The seller   Something is missing. Ask your admin; reference something-newer.', '',
      '2026-11-23T10:42:07Z | Partner Center → Dynamics 365 | Deal value: 1 → 2', '', 'There is more: cosell timeline R/1 --before 7', '',
    ]);
  });

  test('parked replay --all sends what is listed, over all pages, and takes it well that somebody else was quicker', async () => {
    const row = (key: string): object => ({ key, why: 'w', attempts: 5, triedOn: null });
    service.script = {
      'GET /parked?limit=200': { parked: [row('crm:a'), row('crm:b')], next: 'crm:b' }, 'GET /parked?limit=200&after=crm%3Ab': { parked: [row('crm:c')], next: null },
      'POST /parked/crm%3Aa/replay': answer(202, { key: 'crm:a' }), 'POST /parked/crm%3Ab/replay': answer(404, { error: { code: 'not-parked', message: 'no' } }), 'POST /parked/crm%3Ac/replay': answer(202, { key: 'crm:c' }),
    };
    expect(JSON.parse((await run('parked', 'replay', '--all', '--json')).out)).toEqual({ replayed: ['crm:a', 'crm:c'] });
    expect((await run('parked', 'replay', 'crm:b')).code).toBe(1);
    expect((await run('parked', 'list')).out).toContain('3 records. Send them again with: cosell parked replay --all');
  });

  test('adopt names its connection, and says so when there was nothing to accept', async () => {
    service.script['POST /adopt'] = { adopted: [{ connection: 'dataverse', why: 'x', records: 1 }] };
    expect((await run('adopt', '--connection', 'dataverse')).out).toBe('dataverse is accepted. 1 record is read on both sides and brought together now.\n');
    service.script['POST /adopt'] = { adopted: [] };
    expect((await run('adopt')).out).toContain('nothing was changed');
    expect(service.asked.map((each) => each.body)).toEqual([{ connection: 'dataverse' }, {}]);
  });

  test('webhook register passes on what was said and fails when another registration was left alone', async () => {
    const registration = { url: 'https://a.example/x', events: ['referral-created'] };
    service.script['POST /webhook'] = { outcome: 'left-alone', registration, previous: registration };
    expect(await run('webhook', 'register')).toMatchObject({ code: 1, out: expect.stringMatching(/https:\/\/a\.example\/x[\s\S]*--overwrite/) });
    service.script['POST /webhook'] = { outcome: 'replaced', registration, previous: { url: 'https://b.example/x', events: [] } };
    expect(await run('webhook', 'register', '--url', 'https://a.example/x/', '--events', 'referral-created, test-created', '--overwrite')).toMatchObject({ code: 0, out: expect.stringContaining('in place of https://b.example/x') });
    service.script['POST /webhook'] = { outcome: 'unchanged', registration, previous: registration };
    expect(await run('webhook', 'register')).toMatchObject({ code: 0, out: expect.stringContaining('registered already') });
    expect(service.asked.filter((each) => each.call === 'POST /webhook').map((each) => each.body)).toEqual([{ overwrite: false }, { url: 'https://a.example/x', events: ['referral-created', 'test-created'], overwrite: true }, { overwrite: false }]);
  });

  test('webhook test waits for the result and judges it; the limit is told plainly', async () => {
    const result = (responseCode: string, systemError = false): object => ({ result: { status: 'completed', callbackUrl: null, results: [{ responseCode, responseMessage: null, systemError, on: null }] } });
    service.script = { 'POST /webhook/test': answer(202, { correlationId: 'c 1', url: 'https://a.example/x' }), 'GET /webhook/test/c%201': result('Accepted') };
    expect(await run('webhook', 'test')).toMatchObject({ code: 0, out: expect.stringContaining('arrived and was taken') });
    service.script['GET /webhook/test/c%201'] = result('Unauthorized');
    expect(await run('webhook', 'test')).toMatchObject({ code: 1, out: expect.stringContaining('answered Unauthorized') });
    service.script['POST /webhook/test'] = answer(429, { error: { code: 'throttled', message: 'Partner Center sends two test events a minute and no more. Try again in 60 s.' } });
    expect(await run('webhook', 'test')).toMatchObject({ code: 1, err: expect.stringContaining('two test events a minute') });
  });

  test('setup dataverse without an environment of its own lets the service do it', async () => {
    service.script['POST /setup/dataverse'] = { endpoint: { name: 'x', action: 'created' }, steps: [], warnings: ['Ports.'], changed: true, lines: ['Would register the address.'] };
    expect(await run('setup', 'dataverse', '--dry-run')).toMatchObject({ code: 0, out: 'Would register the address.\nWarning: Ports.\n1 change would be made; nothing was changed.\n' });
    expect(service.asked[0]?.body).toEqual({ dryRun: true, remove: false });
  });
});
