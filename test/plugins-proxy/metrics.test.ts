// Numbers for whoever watches: what a CRM told of its calls stands beside the backlog, and nothing stands where nothing is counted.
import { expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { createMetrics } from '../../plugins-proxy/metrics';
import type { CallBudget } from '../../plugins-proxy/ports/crm';

test('the day\'s calls are told as they were last heard of', async () => {
  let told: CallBudget | null = null;
  const { registry } = createMetrics({ query: async () => ({ rows: [] }) } as unknown as Pool, [{ connection: 'salesforce', budget: () => told }, { connection: 'dataverse' }]);
  expect(await registry.metrics()).not.toContain('cosell_api_calls_used{');
  told = { used: 812, limit: 100_000 };
  expect(await registry.metrics()).toContain('cosell_api_calls_used{connection="salesforce"} 812');
  told = { used: 813, limit: 100_000 };
  const text = await registry.metrics();
  expect(text).toContain('cosell_api_calls_used{connection="salesforce"} 813');
  expect(text).toContain('cosell_api_calls_limit{connection="salesforce"} 100000');
  expect(text).not.toContain('connection="dataverse"');
});
