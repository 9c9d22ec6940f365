// What the script takes for ours is what the service and its steps take for theirs.
import { describe, expect, test } from '@jest/globals';
import { auditColumn, serviceColumns } from '../../plugins-proxy/adapters/dataverse/serviceColumns';
import { loadMapping } from '../../plugins-proxy/adapters/dataverse/loadMapping';
import { wantedSteps } from '../../plugins-proxy/adapters/dataverse/setupSteps';
import { standardFieldKeys } from '../../core/index';
import { fieldPlaces } from '../../webresources/atBuild/fieldPlaces';
import { sharedColumns } from '../../webresources/atBuild/sharedColumns';
import { writtenColumns } from '../../webresources/atBuild/writtenColumns';
import { columns } from '../../webresources/columns';

describe('the columns', () => {
  test('that set Pending are those that the Update step of the opportunity is registered for', () => {
    const step = wantedSteps(loadMapping()).find(({ message, table }) => message === 'Update' && table === 'opportunity')!;
    expect(sharedColumns.length).toBeGreaterThan(15);
    expect(sharedColumns.join()).toBe(step.filteringAttributes);
  });

  test('of the product have the names that the service uses', () => {
    const { help, visibility, audit, ...service } = columns;
    expect(service).toEqual(serviceColumns('opportunity'));
    expect(audit).toBe(auditColumn);
    const mapped = loadMapping().tables.opportunity.rows;
    expect([help, visibility]).toEqual(['help', 'visibility'].map((field) => mapped.find((row) => row.field === field)!.columns.value));
  });

  test('that may be stale are the seller’s own, never the service’s', () => {
    expect(writtenColumns).toEqual(['cosell_products', 'description', 'estimatedclosedate', 'estimatedvalue', 'statecode', 'statuscode', 'transactioncurrencyid']);
    expect(writtenColumns.filter((name) => (Object.values(serviceColumns('opportunity')) as string[]).includes(name))).toEqual([]);
  });

  test('to go to are known for every field but the record’s id', () => {
    expect(standardFieldKeys.filter((field) => !(field in fieldPlaces))).toEqual(['externalReferenceId']);
  });
});
