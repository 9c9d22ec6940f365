// `cosell setup dataverse` against the stand-in, which refuses what the platform refuses.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { loadMapping } from '../../../plugins-proxy/adapters/dataverse/loadMapping';
import type { Mapping } from '../../../plugins-proxy/adapters/dataverse/mapping';
import { createSetupClient, setupDataverse, type SetupReport } from '../../../plugins-proxy/adapters/dataverse/setup';
import { createSignIn } from '../../../plugins-proxy/adapters/signIn/createSignIn';
import { seedIds, startDataverse, type Dataverse } from '../../../sandbox/dataverse/startDataverse';
import { startEntra, type Entra } from '../../../sandbox/entra/entra';

const account = { tenantId: '8f1c2a64-0000-4000-8000-0000000000aa', clientId: 'c0000000-0000-4000-8000-00000000000a', clientSecret: 'only for this test' };
const timings = { connect: 1_000, answer: 5_000 };
const mapping = loadMapping();
const publicUrl = 'https://sync.contoso.example';

let entra: Entra;
let dataverse: Dataverse;
let lines: string[];
const closing: (() => void)[] = [];

beforeAll(async () => {
  entra = await startEntra({ clients: [account] });
  dataverse = await startDataverse({ entra, clientIds: { [account.clientId]: seedIds.serviceUser }, stepDelayMs: 5 });
});
afterAll(async () => {
  for (const close of closing) close();
  await dataverse.close();
  await entra.close();
});
beforeEach(async () => {
  await run({ remove: true });
  lines = [];
});

const run = (options: { remove?: boolean; dryRun?: boolean; key?: string; publicUrl?: string; mapping?: Mapping } = {}): Promise<SetupReport> => {
  const signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: entra.url, ...account, timings });
  const client = createSetupClient({ url: dataverse.url, signIn, timings });
  return setupDataverse({ client, publicUrl, key: 'k&"<>\'1', mapping, log: (line) => lines.push(line), ...options });
};

const stored = (): { endpoints: readonly Record<string, unknown>[]; steps: readonly Record<string, unknown>[] } => ({
  endpoints: dataverse.rows('serviceendpoint').map((row) => row.cells),
  steps: dataverse.rows('sdkmessageprocessingstep').map((row) => row.cells),
});
const named = (name: string): Record<string, unknown> | undefined => stored().steps.find((step) => step.name === `Co-sell Referral Sync: ${name}`);

describe('setting up', () => {
  test('registers the address and every step of the contract', async () => {
    const report = await run();
    expect(report.changed).toBe(true);
    expect(report.warnings).toEqual([]);
    expect(stored().endpoints).toEqual([expect.objectContaining({ url: 'https://sync.contoso.example/dataverse/events', contract: 8, authtype: 5 })]);
    expect(stored().steps.map((step) => String(step.name).replace('Co-sell Referral Sync: ', '')).sort()).toEqual([
      'Create of lead', 'Create of opportunity', 'Delete of lead', 'Delete of opportunity', 'Lose of opportunity', 'QualifyLead of lead',
      'Update of account', 'Update of contact', 'Update of lead', 'Update of opportunity', 'Win of opportunity', 'cosell_SyncReferral of opportunity',
    ]);
    expect(stored().steps.every((step) => step.stage === 40 && step.statecode === 0)).toBe(true);
    expect(stored().steps.filter((step) => step.mode === 0).map((step) => step.name)).toEqual(['Co-sell Referral Sync: cosell_SyncReferral of opportunity']);
  });

  test('listens to what sellers fill in and to no column that only the service writes', async () => {
    await run();
    const attributes = String(named('Update of opportunity')?.filteringattributes).split(',');
    expect(attributes).toEqual(expect.arrayContaining([
      'name', 'estimatedvalue', 'transactioncurrencyid', 'estimatedclosedate', 'description', 'statecode', 'parentaccountid', 'customerid', 'parentcontactid', 'ownerid',
      'cosell_syncwithpartnercenter', 'cosell_products', 'cosell_howcanmicrosofthelp', 'cosell_conflictchoices', 'cosell_requestedaction', 'cosell_requestedreason',
    ]));
    for (const column of ['cosell_syncstatus', 'cosell_syncdetails', 'cosell_audit', 'cosell_lastsyncedon', 'cosell_referralidentifier', 'cosell_microsoftreferralstatus', 'opportunityid', 'modifiedon']) {
      expect(attributes).not.toContain(column);
    }
    expect(String(named('Update of account')?.filteringattributes).split(',')).toEqual(expect.arrayContaining(['name', 'address1_country']));
    expect(named('Create of opportunity')?.filteringattributes ?? null).toBeNull();
  });

  test('changes nothing the second time', async () => {
    await run();
    dataverse.resetWrites();
    const again = await run();
    expect(again.changed).toBe(false);
    expect(again.endpoint.action).toBe('unchanged');
    expect(dataverse.writes()).toEqual([]);
  });

  test('does nothing on a dry run but says what it would do', async () => {
    const report = await run({ dryRun: true });
    expect(report.changed).toBe(true);
    expect(stored()).toEqual({ endpoints: [], steps: [] });
    expect(lines[0]).toBe('Would register the address https://sync.contoso.example/dataverse/events.');
    expect(lines).toHaveLength(13);
  });

  test('repairs a changed address, a changed key and changed attributes, and only those', async () => {
    await run();
    expect(await run({ publicUrl: 'https://other.contoso.example/' })).toMatchObject({ endpoint: { action: 'changed' } });
    expect(stored().endpoints[0]?.url).toBe('https://other.contoso.example/dataverse/events');
    expect(await run({ publicUrl: 'https://other.contoso.example', key: 'another' })).toMatchObject({ endpoint: { action: 'changed' } });
    const withoutNotes = { ...mapping, tables: { ...mapping.tables, opportunity: { ...mapping.tables.opportunity, rows: mapping.tables.opportunity.rows.filter((row) => row.field !== 'notes') } } };
    const report = await run({ publicUrl: 'https://other.contoso.example', key: 'another', mapping: withoutNotes });
    expect(report.steps.filter((step) => step.action !== 'unchanged')).toEqual([{ name: 'Co-sell Referral Sync: Update of opportunity', action: 'changed' }]);
    expect(named('Update of opportunity')?.filteringattributes).not.toContain('description');
  });

  test('never shows the key', async () => {
    const report = await run({ key: 'top-secret-key' });
    expect(JSON.stringify([report, lines, stored().endpoints.map((endpoint) => endpoint.description)])).not.toContain('top-secret-key');
  });

  test('leaves nothing behind when removed', async () => {
    await run();
    expect(await run({ remove: true })).toMatchObject({ endpoint: { action: 'removed' }, changed: true });
    expect(stored()).toEqual({ endpoints: [], steps: [] });
    expect(await run({ remove: true })).toMatchObject({ endpoint: { action: 'unchanged' }, changed: false });
  });

  test('warns when Dataverse would never call the port', async () => {
    const report = await run({ publicUrl: 'http://127.0.0.1:7071' });
    expect(report.warnings).toEqual([expect.stringContaining('ports 80 and 443')]);
  });

  test('says what failed in the words of Dataverse when it may not register', async () => {
    dataverse.addFault({ kind: '500', match: 'serviceendpoint.create', times: 1 });
    await expect(run()).rejects.toThrow(/did not register the address .* \(500 0x80040216\)/);
  });

  test('rings with the key in the header, whatever signs it is made of', async () => {
    const rung: unknown[] = [];
    const door = createServer((request, response) => {
      rung.push([request.url, request.headers['x-cosell-key']]);
      response.writeHead(202).end();
    });
    closing.push(() => door.close().closeAllConnections());
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as { port: number };
    await run({ publicUrl: `http://127.0.0.1:${port}` });
    const answer = await fetch(`${dataverse.url}/api/data/v9.2/opportunities`, {
      method: 'POST', headers: { authorization: `Bearer ${dataverse.sellerToken(seedIds.dana)}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'Rings' }),
    });
    expect(answer.status).toBe(204);
    for (let waited = 0; rung.length === 0 && waited < 3_000; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rung[0]).toEqual(['/dataverse/events', 'k&"<>\'1']);
  });
});
