// The Salesforce page of the try-out: its words are the package's, its line follows the org's answers, and it saves what its form holds and no more.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readPackageWords } from '../../../sandbox/pages/salesforce/packageWords';
import { openSalesforcePage } from '../../../sandbox/pages/salesforce/salesforceRoutes';
import { viewOpportunities } from '../../../sandbox/pages/salesforce/opportunityView';
import { watchAnswers } from '../../../sandbox/pages/startPage/watchAnswers';
import type { PageAnswer, PageRoute } from '../../../sandbox/pages/server/pageServer';
import { openOrg, type TestOrg } from '../salesforce/openOrg';

let org: TestOrg;
beforeEach(async () => void (org = await openOrg({ nasty: false })));
afterEach(() => org.salesforce.close());

test('the words are the package\'s, in both languages', () => {
  const { en, zh } = readPackageWords(join(process.cwd(), 'salesforce/force-app'));
  expect([en.labels.Sync_Status__c, zh.labels.Sync_Status__c]).toEqual(['Sync status', '同步状态']);
  expect([en.values.Sync_Status__c?.['Needs attention'], zh.values.Sync_Status__c?.['Needs attention']]).toEqual(['Needs attention', '需要处理']);
  expect(Object.keys(zh.labels)).toEqual(Object.keys(en.labels));
  expect([...Object.values(zh.labels), ...Object.values(zh.values).flatMap(Object.values)].filter((word) => !/\p{Script=Han}|CRM/u.test(word))).toEqual([]);
});

test('a day without calls left breaks the line, a missing right does not, and the next answer mends it', async () => {
  const told: boolean[] = [];
  const { salesforce, send } = org;
  const answers = watchAnswers(salesforce, () => void told.push(answers.isAnswering()), ({ status }) => status === 403 && salesforce.isLimitReached());
  await send('GET', 'sobjects/Opportunity/describe');
  salesforce.removeRight('Account', 'create');
  expect((await send('POST', 'sobjects/Account', { Name: 'X' })).status).toBe(403);
  expect(told).toEqual([]);
  salesforce.setApiUsage(100_000, 100_000);
  expect((await send('GET', 'sobjects/Opportunity/describe')).status).toBe(403);
  salesforce.setApiUsage(0);
  await send('GET', 'sobjects/Opportunity/describe');
  salesforce.addFault({ kind: 'drop', times: 1 });
  await send('GET', 'sobjects/Opportunity/describe').catch(() => undefined);
  expect(told).toEqual([false, true, false]);
});

describe('a change', () => {
  const post = async (id: string, body: string): Promise<PageAnswer> => {
    const page = openSalesforcePage(org.salesforce);
    const route = page.routes.find(({ method }) => method === 'POST') as PageRoute;
    page.close();
    return route.handle({ params: { id }, body: async () => Buffer.from(body) } as unknown as Parameters<PageRoute['handle']>[0]);
  };
  const shown = (id: string) => viewOpportunities(org.salesforce).find((each) => each.id === id);

  test('is saved as a person\'s own, and is Pending at once', async () => {
    const id = org.salesforce.person.create('Opportunity', { Name: 'Rollout', StageName: 'Prospecting', CloseDate: '2027-01-31', Sync_with_Partner_Center__c: true });
    org.salesforce.resetWrites();
    expect((await post(id, '{"Amount":120}')).status).toBeUndefined();
    expect(shown(id)).toMatchObject({ amount: 120, status: 'Pending' });
    expect(org.salesforce.writes().map(({ origin, fields }) => [origin, fields])).toEqual([['person', ['Amount']]]);
  });

  test.each([
    ['of a field that the form does not hold', '{"Sync_Status__c":"Synced"}', 'Sync_Status__c takes no such value here.'],
    ['to something that is no amount', '{"Amount":"much"}', 'Amount takes no such value here.'],
    ['that is no record', '[]', 'The body is not a record.'],
    ['that is not JSON', '{', 'The body is not JSON.'],
  ])('%s is refused', async (_, body, words) => {
    const id = org.salesforce.person.create('Opportunity', { Name: 'Rollout', StageName: 'Prospecting', CloseDate: '2027-01-31' });
    org.salesforce.resetWrites();
    await expect(post(id, body)).rejects.toThrow(words);
    expect(org.salesforce.writes()).toEqual([]);
  });

  test('that the org refuses is answered in its words', async () => {
    expect(await post('006000000000001AAA', '{"Amount":1}')).toEqual({ status: 404, body: { error: { message: expect.any(String) } } });
  });
});
