// The three roles: who may do what, privilege by privilege, and why. One more or one fewer fails here.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDataverseAdapter, type DataverseAdapter } from '../../plugins-proxy/adapters/dataverse/createDataverseAdapter';
import { loadMapping } from '../../plugins-proxy/adapters/dataverse/loadMapping';
import { createSetupClient, setupDataverse, type SetupOptions } from '../../plugins-proxy/adapters/dataverse/setup';
import { createSignIn } from '../../plugins-proxy/adapters/signIn/createSignIn';
import { platformTables } from '../../sandbox/dataverse/metadata/platformTables';
import { salesTables } from '../../sandbox/dataverse/metadata/salesTables';
import { seedIds, startDataverse, type Dataverse } from '../../sandbox/dataverse/startDataverse';
import { startEntra } from '../../sandbox/entra/entra';
import { roles } from '../../solution/model/roles';
import { allNamed, readXml } from '../../solution/xml/readXml';
import { createSeller } from '../kit/seller';

const shipped = (role: string): string[] => allNamed(readXml(readFileSync(`solution/src/Roles/${role}.xml`, 'utf8')), 'RolePrivilege').map((each) => `${each.attributes.name} ${each.attributes.level}`);

/** Each privilege of the service with the call that needs it: a file of the adapter, and what stands in it. When the call goes, so must the privilege. */
const needs: Readonly<Record<string, readonly [file: string, call: RegExp]>> = {
  prvReadOpportunity: ['createDataverseAdapter.ts', /method: 'GET', path, what: `read the \$\{ref\.kind\}`/],
  prvWriteOpportunity: ['createDataverseAdapter.ts', /method: 'PATCH', path, what: `write the/],
  prvCreateOpportunity: ['createDataverseAdapter.ts', /what: 'make the opportunity', headers: \{ 'if-none-match'/],
  prvAssignOpportunity: ['createDataverseAdapter.ts', /'ownerid@odata\.bind'/],
  prvAppendOpportunity: ['createDataverseAdapter.ts', /'parentaccountid@odata\.bind'/],
  prvAppendToOpportunity: ['closeOpportunity.ts', /OpportunityClose: closeActivity/],
  prvReadLead: ['changedSince.ts', /lead: 'leads'/],
  prvReadAccount: ['customers.ts', /`accounts\?\$select/],
  prvCreateAccount: ['customers.ts', /ensure\(client, `accounts\(\$\{id\}\)`/],
  prvAppendToAccount: ['customers.ts', /'parentcustomerid_account@odata\.bind'/],
  prvReadContact: ['customers.ts', /`contacts\?\$select/],
  prvCreateContact: ['customers.ts', /ensure\(client, `contacts\(\$\{id\}\)`/],
  prvAppendContact: ['customers.ts', /'parentcustomerid_account@odata\.bind'/],
  prvAppendToContact: ['createDataverseAdapter.ts', /'parentcontactid@odata\.bind'/],
  prvReadActivity: ['closeOpportunity.ts', /`opportunitycloses\?/],
  prvCreateActivity: ['closeOpportunity.ts', /message: 'WinOpportunity'/],
  prvAppendActivity: ['closeOpportunity.ts', /'opportunityid@odata\.bind'/],
  prvReadTransactionCurrency: ['tableFacts.ts', /'transactioncurrencies\?/],
  prvAppendToTransactionCurrency: ['changeToColumns.ts', /`\/transactioncurrencies\(/],
  prvReadUser: ['customers.ts', /`systemusers\?/],
  prvReadOrganization: ['tableFacts.ts', /'organizations\?/],
  prvReadEntity: ['tableFacts.ts', /EntityDefinitions\(/],
  prvReadAttribute: ['tableFacts.ts', /\/Attributes`/],
  prvReadServiceEndpoint: ['setup.ts', /run\.list\('serviceendpoints'/],
  prvReadSdkMessageProcessingStep: ['setup.ts', /run\.list\('sdkmessageprocessingsteps'/],
  prvReadSdkMessage: ['setup.ts', /run\.list\('sdkmessages'/],
};

const idOf = (made: { readonly type: string; readonly id?: string }): string => (made.type === 'there' && made.id) || 'refused';

describe('Co-sell Sync Service', () => {
  test('has the privileges that its calls need, on every record, and no other', () => {
    expect(shipped('Co-sell Sync Service').sort()).toEqual(Object.keys(needs).map((name) => `${name} Global`).sort());
  });

  test.each(Object.entries(needs))('needs %s still', (_, [file, call]) => {
    expect(readFileSync(join('plugins-proxy/adapters/dataverse', file), 'utf8')).toMatch(call);
  });

  test('reads no table that the role does not let it read', () => {
    const folder = 'plugins-proxy/adapters/dataverse';
    const code = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n') + readFileSync('mapping/dynamics.json', 'utf8');
    const used = [...salesTables, ...platformTables].filter(({ set }) => new RegExp(`\\b${set}\\b`).test(code));
    expect(used.length).toBeGreaterThan(8);
    const allowed = shipped('Co-sell Sync Service');
    // Filters of messages have no privileges of their own (Microsoft Learn, "SdkMessageFilter entity privileges").
    const wanting = used.filter(({ name }) => name !== 'sdkmessagefilter').filter(({ label }) => !allowed.includes(`prvRead${nounOf(label)} Global`));
    expect(wanting.map(({ name }) => name)).toEqual([]);
  });
});

/** A table's name in privileges, where it is not its label. */
const nounOf = (label: string): string => ({ Currency: 'TransactionCurrency', 'Opportunity Close': 'Activity', 'System Job': 'AsyncOperation' })[label] ?? label.replaceAll(' ', '');

describe('Co-sell Seller', () => {
  test('adds the catalogue to a sales role, and nothing else', () => {
    expect(shipped('Co-sell Seller')).toEqual(['prvReadcosell_solution Global']);
  });
});

describe('Co-sell Administrator', () => {
  test('keeps the catalogue and registers the steps, and nothing else', () => {
    const of = (noun: string, verbs: string): string[] => verbs.split(' ').map((verb) => `prv${verb}${noun} Global`);
    expect(shipped('Co-sell Administrator').sort()).toEqual([
      ...of('cosell_solution', 'Create Read Write Delete Assign Append AppendTo'), ...of('ServiceEndpoint', 'Create Read Write Delete'), ...of('SdkMessageProcessingStep', 'Create Read Write Delete'), ...of('SdkMessage', 'Read'),
    ].sort());
  });
});

test('Every privilege has its reason', () => {
  expect(roles.flatMap(({ name, privileges }) => privileges.filter(({ reason }) => reason.trim().length < 20).map((each) => `${name}: ${each.name}`))).toEqual([]);
});

/** The stand-in with an application user that has these roles and nothing else. It asks for the four privileges that name a verb on a table; for Append, AppendTo and Assign it does not ask. */
async function worldWith(...names: readonly string[]): Promise<World> {
  const client = { tenantId: '8f1c2a64-0000-4000-8000-0000000000ac', clientId: 'c0000000-0000-4000-8000-00000000000c', clientSecret: 'only for this test' };
  const entra = await startEntra({ clients: [client] });
  const dataverse = await startDataverse({ entra, clientIds: { [client.clientId]: seedIds.serviceUser }, stepDelayMs: 5 });
  dataverse.setPlugInShare(0);
  const kept = new Set(names.flatMap(shipped));
  for (const { label, name } of [...salesTables, ...platformTables]) {
    for (const verb of ['Create', 'Read', 'Write', 'Delete']) {
      if (name !== 'sdkmessagefilter' && !kept.has(`prv${verb}${nounOf(label)} Global`)) dataverse.removePrivilege(`prv${verb}${label.replaceAll(' ', '')}`);
    }
  }
  const signIn = createSignIn({ connection: 'dataverse', displayName: 'Dynamics 365', authorityUrl: entra.url, ...client, timings });
  const crm = createDataverseAdapter({ url: dataverse.url, signIn, mapping: loadMapping(), timings });
  const setup = { client: createSetupClient({ url: dataverse.url, signIn, timings }), publicUrl: 'https://sync.contoso.example', key: 'key of the roles', mapping: loadMapping() };
  return { dataverse, crm, setup, close: async () => void (await crm.dispose(), await dataverse.close(), await entra.close()) };
}

interface World {
  readonly dataverse: Dataverse;
  readonly crm: DataverseAdapter;
  readonly setup: SetupOptions;
  close(): Promise<void>;
}

const timings = { connect: 1_000, answer: 2_000 };

describe('On the stand-in, with all other privileges taken away,', () => {
  let world: World;
  beforeAll(async () => {
    world = await worldWith('Co-sell Sync Service');
  });
  afterAll(() => world.close());

  test('the service does all that its port offers', async () => {
    const { dataverse, crm } = world;
    const ref = { kind: 'opportunity', id: await createSeller(dataverse).opportunity() } as const;
    const read = await crm.read(ref);
    if (read.type !== 'found') throw new Error('The opportunity should be there.');
    expect((await crm.write(ref, { values: { dealValue: '7', currency: 'USD' }, present: { status: 'synced', identifier: 'ref-roles' } }, read.snapshot)).type).toBe('written');
    expect(await crm.close(ref, 'won', 'the customer decided')).toEqual({ type: 'closed' });
    expect(await crm.close(ref, 'lost', null)).toEqual({ type: 'closed' });
    expect(await crm.statusReason(ref)).toMatch(/Out-Sold/);
    const customer = { name: 'Role Test Ltd', line1: null, line2: null, city: 'Leeds', state: null, postalCode: 'LS1', country: 'GB' };
    const person = { firstName: 'Ada', lastName: 'Roles', email: 'ada@roles.example', phone: null };
    expect((await crm.matchCustomer(customer)).type).toBe('none');
    const customerId = idOf(await crm.ensureCustomer(crm.keyFor('customer of roles'), customer));
    expect((await crm.matchContact(customerId, person)).type).toBe('none');
    const contactId = idOf(await crm.ensureContact(crm.keyFor('contact of roles'), customerId, person));
    const ownerId = await crm.findUserByEmail(['dana.seller@contoso.example']);
    const made = await crm.create({ referralId: 'referral-of-roles', values: { name: 'Made by the service', dealValue: '5', currency: 'USD' }, present: { sync: true }, customerId, contactId, ownerId });
    expect(made.type).toBe('created');
    for (const kind of ['opportunity', 'lead', 'account', 'contact'] as const) expect((await crm.changedSince(kind, '2020-01-01T00:00:00Z', null)).serverNow).toBeTruthy();
    expect((await crm.describe()).missing).toEqual([]);
  });

  test('the service compares what is registered and registers nothing', async () => {
    expect((await setupDataverse({ ...world.setup, dryRun: true })).changed).toBe(true);
    await expect(setupDataverse(world.setup)).rejects.toThrow(/missing prvCreateServiceEndpoint privilege/);
  });

  test("with the administrator's role beside its own it registers, changes and removes", async () => {
    const both = await worldWith('Co-sell Sync Service', 'Co-sell Administrator');
    try {
      expect((await setupDataverse(both.setup)).endpoint.action).toBe('created');
      expect((await setupDataverse({ ...both.setup, publicUrl: 'https://other.contoso.example' })).endpoint.action).toBe('changed');
      expect((await setupDataverse({ ...both.setup, remove: true })).endpoint.action).toBe('removed');
    } finally {
      await both.close();
    }
  });
});
