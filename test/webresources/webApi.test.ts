// What the script sends and reads is what the Web API takes and gives: against the strict stand-in, through an `Xrm.WebApi` made to the documents.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writtenColumns } from '../../webresources/atBuild/writtenColumns';
import { sharedColumns } from '../../webresources/atBuild/sharedColumns';
import { columns } from '../../webresources/columns';
import { readRow, ring, writeRow } from '../../webresources/record/record';
import { seedIds, startDataverse, type Dataverse } from '../../sandbox/dataverse/startDataverse';
import { createSeller, type Seller } from '../kit/seller';

let dataverse: Dataverse;
let seller: Seller;
let id: string;

beforeAll(async () => {
  dataverse = await startDataverse({ entra: { check: () => undefined }, clientIds: {}, nasty: false });
  seller = createSeller(dataverse);
  Object.assign(globalThis, { Xrm: { WebApi: webApi() } });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, 'Xrm');
  await dataverse.close();
});
beforeEach(async () => void (id = await seller.opportunity()));

/** Learn, "Xrm.WebApi": what each call becomes on the wire. */
function webApi(): object {
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const answer = await fetch(`${dataverse.url}/api/data/v9.2/${path}`, {
      method, headers: { authorization: `Bearer ${dataverse.sellerToken(seedIds.dana)}`, accept: 'application/json', 'content-type': 'application/json', prefer: 'odata.include-annotations="*"', ...(method === 'PATCH' ? { 'if-match': '*' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    retrieveRecord: async (_table: string, of: string, query: string) => (await call('GET', `opportunities(${of})${query}`)).json(),
    updateRecord: async (_table: string, of: string, values: object) => void (await call('PATCH', `opportunities(${of})`, values)),
    online: {
      execute: (request: { getMetadata(): { operationName: string; boundParameter?: string; operationType: number; parameterTypes: Record<string, { typeName: string; structuralProperty: number }> }; entity: { id: string } }) => {
        const { operationName, boundParameter, operationType, parameterTypes } = request.getMetadata();
        expect({ boundParameter, operationType, parameterTypes }).toEqual({ boundParameter: 'entity', operationType: 0, parameterTypes: { entity: { typeName: 'mscrm.opportunity', structuralProperty: 5 } } });
        return call('POST', `opportunities(${request.entity.id})/Microsoft.Dynamics.CRM.${operationName}`);
      },
    },
  };
}

describe('the record', () => {
  test('is read as a form holds it: numbers, times, lookups, nothing where there is nothing', async () => {
    await seller.update('opportunities', id, { cosell_syncstatus: 481200001, cosell_lastsyncedon: '2026-11-23T10:42:00Z' });
    const row = await readRow(id, [columns.status, columns.lastSyncedOn, columns.details, columns.requestedAction, 'estimatedvalue', 'estimatedclosedate', 'transactioncurrencyid', 'statecode']);
    expect(row).toEqual({
      cosell_syncstatus: 481200001, cosell_lastsyncedon: new Date('2026-11-23T10:42:00Z'), cosell_syncdetails: null, cosell_requestedaction: null, estimatedvalue: 50000,
      estimatedclosedate: new Date('2027-03-31T00:00:00Z'), transactioncurrencyid: expect.objectContaining({ id: seedIds.currency('USD') }), statecode: 0,
    });
  });

  test('without a time has none, not an impossible one', async () => {
    expect(await readRow(id, [columns.lastSyncedOn])).toEqual({ cosell_lastsyncedon: null });
  });

  test('has every column that the script names', async () => {
    const lookups = ['customerid', 'ownerid', 'parentaccountid', 'parentcontactid'];
    const names = [...new Set([...Object.values(columns), ...writtenColumns, ...sharedColumns])].filter((name) => !lookups.includes(name));
    expect(Object.keys(await readRow(id, names)).sort()).toEqual(names.sort());
  });

  test('takes a wish, and nothing else is written', async () => {
    const before = await seller.get('opportunities', id);
    await writeRow(id, { [columns.requestedAction]: 481200002, [columns.requestedReason]: 'Timeline too short' });
    const after = await seller.get('opportunities', id);
    expect(Object.keys(after).filter((name) => after[name] !== before[name] && !/^@|modified|version/.test(name)).sort()).toEqual(['cosell_requestedaction', 'cosell_requestedreason']);
    await expect(writeRow('ffffffff-0000-4000-8000-00000000000f', { [columns.requestedAction]: 481200000 })).rejects.toThrow();
  });

  test('rings, and says when nobody hears', async () => {
    await ring(id);
    expect(dataverse.counts()['person.syncReferral']).toBe(1);
    await expect(ring('ffffffff-0000-4000-8000-00000000000f')).rejects.toThrow();
  });
});
