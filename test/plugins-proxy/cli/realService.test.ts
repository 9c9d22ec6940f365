// The command line with the real service, the stand-ins and a database: what an admin does, and what is left when the service does not run.
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeller } from '../../kit/seller';
import { createWorld, signInAsUser, stopPostgres, until, type World } from '../../kit/world';
import { cosell, removeCosell, type Ran } from './cosellBundle';

let world: World;
afterEach(() => world.close());
afterAll(async () => {
  await stopPostgres();
  await removeCosell();
});

/** As in the folder of the service: its data folder, and nothing of its settings. */
const beside = (...words: string[]): Promise<Ran> => cosell(words, { COSELL_DATA_DIR: world.env().COSELL_DATA_DIR!, COSELL_ADMIN_TOKEN: 'admin-token-of-the-tests' });
/** With the settings of the service. */
const within = (...words: string[]): Promise<Ran> => cosell(words, world.env());
const fails = (ran: Ran): string[] => ran.out.split('\n').filter((line) => line.startsWith('fail'));

describe('while the service runs', () => {
  test('doctor is content, a record is found by any id, and the webhook test comes back', async () => {
    world = await createWorld({ reconcileMinutes: 15 });
    await world.serve();
    const id = await createSeller(world.dv).opportunity();
    const referral = await until('the referral is there', () => world.pc.referrals()[0]);
    const listed = await until('the record is synced', async () => { const ran = await beside('links', '--status', 'synced'); return ran.out.includes(id) && ran; });
    expect(listed.out).toContain('Synced');
    const [doctor, timeline, sync, show] = await Promise.all([beside('doctor'), beside('timeline', referral.id.toUpperCase()), beside('sync', id), beside('webhook', 'show')]);
    expect([doctor.code, fails(doctor)]).toEqual([0, []]);
    for (const secret of ['client-secret-of-the-tests', 'refresh-token', 'key-of-the-webhook', 'admin-token-of']) expect(doctor.out).not.toContain(secret);
    expect(timeline).toMatchObject({ code: 0, out: expect.stringContaining(`referral ${referral.id} created`) });
    expect(sync.code).toBe(0);
    expect(show).toMatchObject({ code: 0, out: expect.stringContaining('This is the present service.') });
    expect(await beside('webhook', 'test')).toMatchObject({ code: 1, err: expect.stringContaining('test-created is not registered') });
    expect((await beside('webhook', 'register', '--overwrite', '--events', 'referral-created,referral-updated,related-referral-created,related-referral-updated,test-created')).code).toBe(0);
    expect(await beside('webhook', 'test')).toMatchObject({ code: 0, out: expect.stringContaining('arrived and was taken') });
    expect(world.pc.referrals()).toHaveLength(1);
    // Tokens end before their time when somebody revokes them: that is for the service to notice, and no trouble to tell an admin of.
    world.entra.revokeAccessTokens();
    expect(await beside('setup', 'dataverse')).toMatchObject({ code: 0, err: '' });
    world.entra.revokeAccessTokens();
    expect(fails(await beside('doctor'))).toEqual([]);
  });

  test('doctor names an expired sign-in, a lost registration and missing steps, each with its remedy', async () => {
    world = await createWorld();
    await world.serve();
    const token = await signInAsUser(world.entra, 'https://api.partnercenter.microsoft.com');
    await fetch(`${world.pc.webhooksUrl}/webhooks/v1/registration`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ WebhookUrl: 'https://staging.example/x', WebhookEvents: ['referral-created'] }) });
    expect((await beside('setup', 'dataverse', '--remove')).code).toBe(0);
    const ill = await beside('doctor');
    expect(ill.code).toBe(1);
    expect(ill.out).toMatch(/fail +webhook +Another environment has the webhook registration: https:\/\/staging\.example\/x\.\n.*cosell webhook register --overwrite/);
    expect(ill.out).toMatch(/fail +dataverse\.endpoint .*\n.*cosell setup dataverse/);
    expect(await beside('webhook', 'register')).toMatchObject({ code: 1, out: expect.stringContaining('https://staging.example/x') });
    expect(world.pc.registration()?.webhookUrl).toBe('https://staging.example/x');
    expect((await beside('webhook', 'register', '--overwrite')).code).toBe(0);
    expect((await within('setup', 'dataverse')).out).toContain('13 changes made.');
    expect(fails(await beside('doctor'))).toEqual([]);
    world.entra.expireSignIn();
    world.entra.revokeAccessTokens();
    await createSeller(world.dv).opportunity();
    const expired = await until('the gate is closed', async () => { const ran = await beside('doctor'); return /fail +gate\.partner-center/.test(ran.out) && ran; });
    expect(expired.out).toMatch(/fail +gate\.partner-center +The sign-in of Partner Center was refused .* next try .*\n.*COSELL_PARTNER_CENTER_REFRESH_TOKEN/);
    world.entra.restoreSignIn();
  });
});

describe('while the service does not run', () => {
  test('webhook verbs speak to Partner Center themselves, and a refresh token that is rotated on the way is not lost', async () => {
    world = await createWorld();
    const first = await within('webhook', 'show');
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('This is the present service.'), err: expect.stringContaining('does not run here') });
    expect(world.entra.revokeOldRefreshTokens()).toBeGreaterThan(0);
    expect((await within('webhook', 'register')).out).toContain('registered already');
    await world.serve();
    expect(await within('webhook', 'show')).toMatchObject({ code: 0, err: '' });
  });

  test('without settings either there is one plain sentence, and set-up speaks to Dataverse with the settings of that alone', async () => {
    world = await createWorld();
    expect(await cosell(['webhook', 'show'], { COSELL_PORT: String(world.port), COSELL_ADMIN_TOKEN: 't' })).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^The service cannot be reached[^\n]*\n$/) });
    const { COSELL_PUBLIC_URL, COSELL_AUTHORITY_URL, ...all } = world.env();
    const own = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('COSELL_DATAVERSE_')));
    expect(await cosell(['setup', 'dataverse'], { ...own, COSELL_AUTHORITY_URL: COSELL_AUTHORITY_URL! })).toMatchObject({ code: 1, err: expect.stringContaining('COSELL_PUBLIC_URL is not set') });
    const ran = await cosell(['setup', 'dataverse', '--dry-run'], { ...own, COSELL_AUTHORITY_URL: COSELL_AUTHORITY_URL!, COSELL_PUBLIC_URL: COSELL_PUBLIC_URL! });
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/Warning: Dataverse calls ports 80 and 443 only[\s\S]*Nothing had to be changed\./) });
    const refused = await cosell(['setup', 'dataverse'], { ...own, COSELL_DATAVERSE_CLIENT_SECRET: 'wrong', COSELL_AUTHORITY_URL: COSELL_AUTHORITY_URL!, COSELL_PUBLIC_URL: COSELL_PUBLIC_URL! });
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^The sign-in of Dynamics 365 was refused[^\n]*\n$/) });
  });

  test('webhook verbs need a data folder only, with the embedded database too', async () => {
    world = await createWorld();
    const dataDir = join(world.env().COSELL_DATA_DIR!, '..', 'embedded');
    const { COSELL_DATABASE_URL: _shared, COSELL_SECRET_KEY_FILE: _key, ...env } = world.env();
    const ran = await cosell(['webhook', 'show', '--json'], { ...env, COSELL_DATA_DIR: dataDir });
    expect([ran.code, ran.code === 0 && (JSON.parse(ran.out) as { state: string }).state]).toEqual([0, 'ours']);
    writeFileSync(join(dataDir, 'still-usable'), '');
    rmSync(dataDir, { recursive: true, force: true });
  });
});
