// The package's triggers as the fake org imitates them: Pending before a save, a bell with ids after it, from whomever the save comes.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { seedIds, type Salesforce } from '../../../sandbox/salesforce/startSalesforce';
import { deal, openOrg, waitFor, type TestOrg } from './openOrg';

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly organizationId: string; readonly recordIds: readonly string[] };
}

let org: TestOrg;
let server: Server;
let url: string;
let person: Salesforce['person'];
const heard: Heard[] = [];
/** Answers of the next calls; 202 when there are none left. */
let statuses: number[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      heard.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Heard['body'] });
      response.writeHead(statuses.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/salesforce/events`;
  org = await openOrg({ doorbell: { url, key: 'bell-key' } });
  person = org.salesforce.person;
});
afterAll(async () => {
  await org.salesforce.close();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  heard.length = 0;
  statuses = [];
});

const status = (id: string, object = 'Opportunity'): unknown => org.salesforce.row(object, id)?.cells.Sync_Status__c;
const quiet = (): Promise<void> => waitFor('no bell waits', () => org.salesforce.waitingBells() === 0);
/** Ids that rang while it ran, bell by bell. */
async function rung(run: () => unknown): Promise<(readonly string[])[]> {
  await quiet();
  heard.length = 0;
  await run();
  await quiet();
  return heard.map(({ body }) => body.recordIds);
}
const shared = (name: string, more = {}): string => person.create('Opportunity', deal(name, { Sync_with_Partner_Center__c: true, ...more }));

describe('a seller’s save', () => {
  test('of a shared deal is Pending at once and rings with the organisation, the id and the key', async () => {
    const id = shared('Shared');
    expect(status(id)).toBe('Pending');
    await waitFor('a bell', () => heard.length > 0);
    expect(heard).toMatchObject([{ body: { organizationId: seedIds.organization, recordIds: [id] }, headers: { authorization: 'Bearer bell-key', 'content-type': 'application/json' } }]);
    expect(Object.keys(heard[0]?.body ?? {}).sort()).toEqual(['organizationId', 'recordIds']);
  });

  test('is heard only when it changes something that is shared', async () => {
    const id = shared('Quiet');
    await org.send('PATCH', `sobjects/Opportunity/${id}`, { Sync_Status__c: 'Synced' });
    expect(await rung(() => person.edit('Opportunity', id, { NextStep: 'call', Name: 'Quiet' }))).toEqual([]);
    expect(status(id)).toBe('Synced');
    expect(await rung(() => person.edit('Opportunity', id, { Name: 'quiet' }))).toEqual([[id]]);
    expect(status(id)).toBe('Pending');
  });

  test('is silent while the flag is and was no; both turns of the flag ring', async () => {
    expect(await rung(() => person.create('Opportunity', deal('Private')))).toEqual([]);
    const id = person.create('Opportunity', deal('Turning'));
    expect(await rung(() => person.edit('Opportunity', id, { Amount: 1 }))).toEqual([]);
    expect(status(id)).toBeNull();
    expect(await rung(() => person.edit('Opportunity', id, { Sync_with_Partner_Center__c: true }))).toEqual([[id]]);
    expect(await rung(() => person.edit('Opportunity', id, { Sync_with_Partner_Center__c: false, Sync_Status__c: 'Not shared' }))).toEqual([[id]]);
    expect(status(id)).toBe('Not shared');
  });

  test('by the API rings as one in the pages does; the service’s own is neither Pending nor heard', async () => {
    const id = shared('Whose');
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    expect(await rung(() => org.send('PATCH', `sobjects/Opportunity/${id}`, { Amount: 5 }, seller))).toEqual([[id]]);
    expect(await rung(() => org.send('PATCH', `sobjects/Opportunity/${id}`, { Amount: 6, Sync_Status__c: 'Synced' }))).toEqual([]);
    expect(status(id)).toBe('Synced');
    expect(org.salesforce.writes().filter((one) => one.id === id).map((one) => [one.user, one.origin])).toEqual([[seedIds.dana, 'person'], [seedIds.dana, 'request'], [seedIds.serviceUser, 'request']]);
  });

  test('of many rings once for each 200', async () => {
    const records = Array.from({ length: 450 }, (_, at) => deal(`Bulk ${at}`, { Sync_with_Partner_Center__c: at !== 7 }));
    const bells = await rung(() => person.saveMany('Opportunity', records));
    expect(bells.map((ids) => ids.length).sort()).toEqual([199, 200, 50]);
    expect(await rung(() => person.saveMany('Lead', Array.from({ length: 2_100 }, (_, at) => ({ LastName: `Lead ${at}`, Company: 'Many', Sync_with_Partner_Center__c: true }))))).toHaveLength(10);
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    const body = { records: Array.from({ length: 200 }, (_, at) => ({ attributes: { type: 'Opportunity' }, ...deal(`Many ${at}`, { Sync_with_Partner_Center__c: true }) })) };
    expect((await rung(() => org.send('POST', 'composite/sobjects', body, seller))).map((ids) => ids.length)).toEqual([200]);
  });

  test('that is undone rings nobody', async () => {
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    const base = '/services/data/v66.0/sobjects/Opportunity';
    const compositeRequest = [{ method: 'POST', url: base, referenceId: 'good', body: deal('Undone', { Sync_with_Partner_Center__c: true }) }, { method: 'POST', url: base, referenceId: 'bad', body: {} }];
    expect(await rung(() => org.send('POST', 'composite', { allOrNone: true, compositeRequest }, seller))).toEqual([]);
    expect(org.salesforce.rows('Opportunity').filter((row) => row.cells.Name === 'Undone')).toEqual([]);
  });

  test('on leads is heard, too', async () => {
    const lead = person.create('Lead', { LastName: 'Lead', Company: 'Somewhere', Sync_with_Partner_Center__c: true });
    expect(status(lead, 'Lead')).toBe('Pending');
    expect(await rung(() => person.edit('Lead', lead, { Company: 'Elsewhere' }))).toEqual([[lead]]);
  });
});

describe('what stands beside a deal', () => {
  test('rings when a shared deal hangs on it: customer, primary contact, their role', async () => {
    const account = person.create('Account', { Name: 'Beside' });
    const contact = person.create('Contact', { LastName: 'Beside', AccountId: account });
    const lonely = person.create('Opportunity', deal('Not shared', { AccountId: account }));
    expect(await rung(() => person.edit('Account', account, { BillingCity: 'Oslo' }))).toEqual([]);
    const id = shared('Shared beside', { AccountId: account });
    expect(await rung(() => person.edit('Account', account, { BillingCity: 'Bergen' }))).toEqual([[account]]);
    expect(await rung(() => person.edit('Account', account, { Phone: '1' }))).toEqual([]);
    expect(await rung(() => person.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact }))).toEqual([]);
    expect(await rung(() => person.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact, IsPrimary: true }))).toEqual([[id]]);
    expect(await rung(() => person.create('OpportunityContactRole', { OpportunityId: lonely, ContactId: contact, IsPrimary: true }))).toEqual([]);
    expect(await rung(() => person.edit('Contact', contact, { Email: 'beside@contoso.example' }))).toEqual([[contact]]);
  });

  test('moves without a bell in a merge, and goes without one when its account is deleted', async () => {
    const [master = '', loser = ''] = person.saveMany('Account', [{ Name: 'Master' }, { Name: 'Loser' }]);
    const id = shared('Merged', { AccountId: loser });
    await quiet();
    const modified = org.salesforce.row('Opportunity', id)?.cells.LastModifiedDate;
    expect(await rung(() => person.merge('Account', master, [loser]))).toEqual([]);
    expect(org.salesforce.row('Opportunity', id)?.cells).toMatchObject({ AccountId: master, LastModifiedDate: modified });
    expect(org.salesforce.row('Account', loser)).toMatchObject({ deleted: true, cells: { MasterRecordId: master } });
    expect(await rung(() => person.remove('Account', master))).toEqual([]);
    expect(org.salesforce.row('Opportunity', id)?.deleted).toBe(true);
    expect(await rung(() => person.undelete('Account', master))).toEqual([]);
    expect(org.salesforce.row('Opportunity', id)?.deleted).toBe(false);
  });

  test('stays when a deal of it was won', () => {
    const account = person.create('Account', { Name: 'Won' });
    person.close(person.create('Opportunity', deal('Won', { AccountId: account })), 'won');
    expect(() => person.remove('Account', account)).toThrow(/associated with the following opportunities/);
  });
});

describe('closing, deleting, converting', () => {
  test('a deal that is closed, deleted or undeleted rings', async () => {
    const id = shared('Ends');
    expect(await rung(() => person.close(id, 'lost'))).toEqual([[id]]);
    expect(org.salesforce.row('Opportunity', id)?.cells).toMatchObject({ StageName: 'Closed Lost', IsClosed: true, IsWon: false });
    expect(await rung(() => person.reopen(id))).toEqual([[id]]);
    expect(await rung(() => person.remove('Opportunity', id))).toEqual([[id]]);
    expect(await rung(() => person.undelete('Opportunity', id))).toEqual([[id]]);
  });

  test('a converted lead becomes three records and takes no more changes', async () => {
    const lead = person.create('Lead', { FirstName: 'Kai', LastName: 'Ito', Company: 'Converted', Email: 'kai@contoso.example', Sync_with_Partner_Center__c: true });
    let made: ReturnType<typeof person.convertLead> | undefined;
    expect(await rung(() => void (made = person.convertLead(lead)))).toEqual([[lead]]);
    expect(org.salesforce.row('Opportunity', String(made?.opportunityId))?.cells).toMatchObject({ Name: 'Converted-', StageName: 'Prospecting', AccountId: made?.accountId, ContactId: made?.contactId });
    expect((await org.send('PATCH', `sobjects/Lead/${lead}`, { Sync_Status__c: 'Synced' })).code).toBe('CANNOT_UPDATE_CONVERTED_LEAD');
  });
});

describe('the bell', () => {
  test('is rung again by the finalizer until it is heard, five times in all', async () => {
    statuses = [503, 500, 408];
    const id = shared('Tries');
    await quiet();
    expect(heard.map(({ body }) => body.recordIds)).toEqual([[id], [id], [id], [id]]);
    expect(org.salesforce.bells().slice(-4).map((bell) => bell.outcome)).toEqual([503, 500, 408, 202]);
    statuses = Array<number>(9).fill(503);
    expect(await rung(() => person.edit('Opportunity', id, { Amount: 1 }))).toHaveLength(5);
  });

  test('is lost when the service refuses it, when nothing is set up, and on demand', async () => {
    const id = shared('Lost');
    statuses = [401];
    expect(await rung(() => person.edit('Opportunity', id, { Amount: 1 }))).toHaveLength(1);
    org.salesforce.loseNextBells(1);
    expect(await rung(() => person.edit('Opportunity', id, { Amount: 2 }))).toEqual([]);
    org.salesforce.setDoorbell(undefined);
    expect(await rung(() => person.edit('Opportunity', id, { Amount: 3 }))).toEqual([]);
    expect(org.salesforce.bells().slice(-5).map((bell) => bell.outcome)).toEqual(Array(5).fill('no named credential'));
    org.salesforce.setDoorbell({ url, key: 'bell-key' });
    expect(await rung(() => person.edit('Opportunity', id, { Amount: 4 }))).toEqual([[id]]);
  });

  test('waits while it is paused, and can be rung again', async () => {
    await quiet();
    org.salesforce.pauseBells();
    const id = shared('Paused');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([heard.length, org.salesforce.waitingBells()]).toEqual([0, 1]);
    org.salesforce.resumeBells();
    await waitFor('the bell', () => heard.length === 1);
    expect(await org.salesforce.redeliverLastBell(2)).toEqual([202, 202]);
    expect(heard.map(({ body }) => body.recordIds)).toEqual([[id], [id], [id]]);
  });
});
