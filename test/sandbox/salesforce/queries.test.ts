// The fake org's SOQL: what a connector asks is answered as documented, and everything else is refused with the documented code.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seedIds } from '../../../sandbox/salesforce/startSalesforce';
import { deal, openOrg, type TestOrg } from './openOrg';

let org: TestOrg;
let ids: readonly string[];

beforeAll(async () => {
  org = await openOrg({ pageSize: 2 });
  ids = org.salesforce.person.saveMany('Opportunity', [
    deal("It's 100%", { Amount: 100, AccountId: seedIds.contosoRetail, Description: 'long', Sync_with_Partner_Center__c: true, CloseDate: '2027-01-31' }),
    deal('it_s 50', { Amount: 50.5, AccountId: seedIds.noCountry, How_can_Microsoft_help__c: 'GeneralOrOther' }),
    deal('Nothing\\yet', { CurrencyIsoCode: 'EUR', Requested_Reason__c: 'why', OwnerId: seedIds.robin }),
    deal('Closed', { StageName: 'Closed Won', Amount: 0, AccountId: seedIds.contosoRetail }),
  ]);
  org.salesforce.person.create('OpportunityContactRole', { OpportunityId: ids[0], ContactId: seedIds.contosoContact, IsPrimary: true, Role: 'Evaluator' });
  org.salesforce.person.create('OpportunityContactRole', { OpportunityId: ids[0], ContactId: seedIds.fabrikamContact });
  org.salesforce.person.create('OpportunityTeamMember', { OpportunityId: ids[0], UserId: seedIds.robin, TeamMemberRole: 'Sales Rep' });
});
afterAll(() => org.salesforce.close());

/** Numbers of the deals above that the condition finds, all pages of them. */
async function found(where: string): Promise<number[]> {
  const numbers: number[] = [];
  let reply = await org.soql(`SELECT Id FROM Opportunity WHERE ${where} ORDER BY CreatedDate, Id`);
  if (reply.status !== 200) throw new Error(`${reply.code} ${JSON.stringify(reply.body)}`);
  for (;;) {
    const page = reply.body as { records: { Id: string }[]; nextRecordsUrl?: string };
    numbers.push(...page.records.map((record) => ids.indexOf(record.Id)));
    if (page.nextRecordsUrl === undefined) return numbers.sort();
    reply = await org.send('GET', page.nextRecordsUrl.replace('/services/data/v66.0/', ''));
  }
}

describe('conditions', () => {
  test.each<[string, number[]]>([
    ["Name = 'IT\\'S 100%'", [0]], ["Name LIKE 'it%'", [0, 1]], ["Name LIKE 'it_s%'", [0, 1]], ["Name LIKE 'it\\_s%'", [1]], ["Name LIKE '%100\\%'", [0]], ["Name = 'Nothing\\\\yet'", [2]],
    ['Amount > 50', [0, 1]], ['Amount >= 50.5 AND Amount <= 100', [0, 1]], ['Amount < 1', [3]], ['Amount = null', [2]], ['Amount != 100', [1, 2, 3]], ['Amount <> null', [0, 1, 3]],
    ['Sync_with_Partner_Center__c = TRUE', [0]], ['IsClosed = false AND IsWon != true', [0, 1, 2]], ["StageName IN ('Closed Won', 'Closed Lost')", [3]], ["StageName NOT IN ('Prospecting')", [3]], ["How_can_Microsoft_help__c = 'GeneralOrOther'", [1]],
    ["Account.Name = 'contoso retail'", [0, 3]], ["Account.Name != 'Contoso Retail'", [1, 2]], ['AccountId = null', [2]], ["Account.Owner.Email LIKE 'dana%' AND Owner.LastName = 'Seller'", [0, 1, 3]], [`OwnerId = '${seedIds.robin.slice(0, 15)}'`, [2]],
    ['CloseDate < 2027-02-01', [0]], ['CloseDate = 2027-03-31', [1, 2, 3]], ['SystemModstamp >= 2020-01-01T00:00:00Z', [0, 1, 2, 3]], ['CreatedDate > 2999-01-01T00:00:00.000+01:00', []], ["CurrencyIsoCode = 'EUR'", [2]],
    ["(Name LIKE 'it%' OR Amount = 0) AND (NOT Amount > 60)", [1, 3]], ['NOT (Amount = 100 OR Amount = null)', [1, 3]], ["NOT Name LIKE 'it%'", [2, 3]],
    ["Id IN (SELECT OpportunityId FROM OpportunityContactRole WHERE Contact.LastName = 'Howard')", [0]], ["AccountId NOT IN (SELECT Id FROM Account WHERE BillingCountry = null)", [0, 2, 3]],
  ])('%s', async (where, numbers) => {
    expect(await found(where)).toEqual(numbers);
  });

  test.each([
    ["Name = 'a' AND Amount = 1 OR Amount = 2", 'MALFORMED_QUERY'], ["Name = 'a' AND NOT Amount = 1", 'MALFORMED_QUERY'], ['Name = "a"', 'MALFORMED_QUERY'], ['Name = a', 'MALFORMED_QUERY'], ["Name == 'a'", 'MALFORMED_QUERY'], ["Name = 'a", 'MALFORMED_QUERY'],
    ["Name = 'a\\x'", 'MALFORMED_QUERY'], ['CloseDate = TODAY', 'MALFORMED_QUERY'], ["SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'], ['SystemModstamp > 2026-01-01', 'INVALID_FIELD'], ['SystemModstamp > 2026-01-01T00:00:00', 'MALFORMED_QUERY'],
    ['CloseDate = 2026-01-01T00:00:00Z', 'INVALID_FIELD'], ["Amount = '1'", 'INVALID_FIELD'], ["IsWon = 'true'", 'INVALID_FIELD'], ['IsWon = null', 'INVALID_FIELD'], ['IsWon > true', 'INVALID_QUERY_FILTER_OPERATOR'], ["Id = 'nonsense'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["Id LIKE '006%'", 'INVALID_QUERY_FILTER_OPERATOR'], ["CloseDate LIKE '2027%'", 'INVALID_QUERY_FILTER_OPERATOR'], ['Amount > null', 'INVALID_QUERY_FILTER_OPERATOR'], ["Description = 'long'", 'INVALID_FIELD'], ["Audit__c LIKE '%x%'", 'INVALID_FIELD'],
    ["StageName INCLUDES ('a')", 'INVALID_QUERY_FILTER_OPERATOR'], ["Nonsense = 'a'", 'INVALID_FIELD'], ["Nonsense.Name = 'a'", 'INVALID_FIELD'], ["NextStep = 'a'", 'INVALID_FIELD'], ["Id IN (SELECT Name FROM Account)", 'MALFORMED_QUERY'],
    ["Amount = 1 OR Id IN (SELECT OpportunityId FROM OpportunityContactRole)", 'MALFORMED_QUERY'], ["Name = 'a' LIMIT x", 'MALFORMED_QUERY'], ["Name = 'a' FOR UPDATE", 'MALFORMED_QUERY'], ["Name = 'a' OFFSET 2001", 'MALFORMED_QUERY'], [`Name = '${'x'.repeat(4_001)}'`, 'MALFORMED_QUERY'],
  ])('%s is refused', async (where, code) => {
    const reply = await org.soql(`SELECT Id FROM Opportunity WHERE ${where}`);
    expect([reply.status, reply.code]).toEqual([400, code]);
  });
});

describe('answers', () => {
  test('carry what was selected, parents and children in their own shape', async () => {
    const [record] = await org.select(`SELECT Id, Name, Account.Name, Account.Owner.Name, Owner.Email, (SELECT ContactId, Contact.Name FROM OpportunityContactRoles WHERE IsPrimary = true), (SELECT User.Email FROM OpportunityTeamMembers) FROM Opportunity WHERE Id = '${ids[0]}'`);
    const attributes = expect.objectContaining({ type: expect.any(String) });
    expect(record).toEqual({
      attributes: { type: 'Opportunity', url: `/services/data/v66.0/sobjects/Opportunity/${ids[0]}` }, Id: ids[0], Name: "It's 100%",
      Account: { attributes, Name: 'Contoso Retail', Owner: { attributes, Name: 'Dana Seller' } }, Owner: { attributes, Email: 'dana.seller@contoso.example' },
      OpportunityContactRoles: { totalSize: 1, done: true, records: [{ attributes, ContactId: seedIds.contosoContact, Contact: { attributes, Name: 'Avery Howard' } }] },
      OpportunityTeamMembers: { totalSize: 1, done: true, records: [{ attributes, User: { attributes, Email: 'robin.seller@contoso.example' } }] },
    });
    expect(await org.select(`SELECT Account.Name, (SELECT Id FROM OpportunityContactRoles) FROM Opportunity WHERE Id = '${ids[2]}'`)).toMatchObject([{ Account: null, OpportunityContactRoles: null }]);
  });

  test('come in pages with a locator that belongs to its user and ends', async () => {
    const first = await org.soql('SELECT Id FROM Opportunity ORDER BY Amount DESC NULLS LAST, Name');
    const page = first.body as { totalSize: number; done: boolean; nextRecordsUrl: string; records: { Id: string }[] };
    expect([page.totalSize, page.done, page.records.map((record) => ids.indexOf(record.Id))]).toEqual([4, false, [0, 1]]);
    const path = page.nextRecordsUrl.replace('/services/data/v66.0/', '');
    expect((await org.send('GET', path)).body).toMatchObject({ totalSize: 4, done: true, records: [{ Id: ids[3] }, { Id: ids[2] }] });
    const again = (await org.soql('SELECT Id FROM Opportunity')).body as { nextRecordsUrl: string };
    const seller = { authorization: `Bearer ${org.salesforce.sellerToken(seedIds.dana)}` };
    expect((await org.send('GET', again.nextRecordsUrl.replace('/services/data/v66.0/', ''), undefined, seller)).code).toBe('INVALID_QUERY_LOCATOR');
    org.salesforce.endQueryLocators();
    expect((await org.send('GET', again.nextRecordsUrl.replace('/services/data/v66.0/', ''))).code).toBe('INVALID_QUERY_LOCATOR');
  });

  test('are ordered, limited, skipped and counted', async () => {
    expect((await org.select('SELECT Name FROM Opportunity ORDER BY Amount LIMIT 2 OFFSET 1')).map((record) => record.Name)).toEqual(['Closed', 'it_s 50']);
    expect((await org.soql("SELECT COUNT() FROM Opportunity WHERE Name LIKE 'it%'")).body).toEqual({ totalSize: 2, done: true, records: [] });
  });

  test('leave the recycle bin to queryAll', async () => {
    const gone = org.salesforce.person.create('Opportunity', deal('Gone'));
    org.salesforce.person.remove('Opportunity', gone);
    const query = `q=${encodeURIComponent(`SELECT IsDeleted FROM Opportunity WHERE Id = '${gone}'`)}`;
    expect([(await org.send('GET', `query?${query}`)).body, (await org.send('GET', `queryAll?${query}`)).body]).toMatchObject([{ totalSize: 0 }, { totalSize: 1, records: [{ IsDeleted: true }] }]);
  });

  test.each([
    ['', 'MALFORMED_QUERY'], ['SELECT FROM Opportunity', 'MALFORMED_QUERY'], ['SELECT Id FROM Nonsense', 'INVALID_TYPE'], ['SELECT Id, FROM Opportunity', 'MALFORMED_QUERY'], ['SELECT FIELDS(ALL) FROM Opportunity LIMIT 200', 'MALFORMED_QUERY'],
    ['SELECT COUNT(Id) FROM Opportunity', 'MALFORMED_QUERY'], ['SELECT Id FROM Opportunity GROUP BY Name', 'MALFORMED_QUERY'], ['SELECT toLabel(StageName) FROM Opportunity', 'MALFORMED_QUERY'], ['SELECT Id FROM Opportunity ORDER BY Description', 'INVALID_FIELD'],
    ['SELECT (SELECT Id FROM Nonsense) FROM Opportunity', 'INVALID_TYPE'], ['SELECT Account.Nonsense FROM Opportunity', 'INVALID_FIELD'], ['SELECT Nonsense.Name FROM Opportunity', 'INVALID_FIELD'], ['SELECT A.B.C.D.E.F.G FROM Opportunity', 'MALFORMED_QUERY'], ['SELECT Id FROM Opportunity; DELETE', 'MALFORMED_QUERY'],
  ])('%s is refused', async (query, code) => {
    const reply = await org.soql(query);
    expect([reply.status, reply.code]).toEqual([400, code]);
  });

  test('end where an address ends: 16,384 bytes', async () => {
    const list = (count: number): string => `SELECT Id FROM Opportunity WHERE Id IN (${Array<string>(count).fill(`'${ids[0]}'`).join(',')})`;
    expect([(await org.soql(list(400))).status, [414, 431].includes((await org.soql(list(800))).status)]).toEqual([200, true]);
  });

  test('take page sizes from 200 to 2,000 and nothing else', async () => {
    const status = async (value: string): Promise<number> => (await org.soql('SELECT Id FROM Account', { 'sforce-query-options': value })).status;
    expect(await Promise.all(['batchSize=200', 'batchSize=199', 'batchSize=2001', 'size=500'].map(status))).toEqual([200, 400, 400, 400]);
  });
});
