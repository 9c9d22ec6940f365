// Numbers for whoever watches: Prometheus text on GET /metrics.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Pool } from 'pg';
import type { CrmPort } from './ports/crm';
import { workCounts } from './schedule/workCounts';

export interface Metrics {
  readonly registry: Registry;
  readonly runs: Counter<'outcome'>;
  readonly runSeconds: Histogram<'outcome'>;
  /** What became of records: created, updated, ignored and so on. */
  readonly journey: Counter<'what'>;
  readonly foundByReconcile: Counter<'connection'>;
}

/** @param pool read for the backlog whenever somebody asks @param crms asked then what is left of their calls */
export function createMetrics(pool: Pool, crms: readonly Pick<CrmPort, 'connection' | 'budget'>[]): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'cosell_work', help: 'Rows of work by state', labelNames: ['state'], registers,
    async collect() {
      const counts = await workCounts(pool).catch(() => null);
      for (const [state, value] of Object.entries(counts ?? {})) if (typeof value === 'number') this.set({ state }, value);
    },
  });
  watchBudgets(crms, registers);
  return {
    registry,
    runs: new Counter({ name: 'cosell_runs_total', help: 'Runs by how they ended', labelNames: ['outcome'], registers }),
    runSeconds: new Histogram({ name: 'cosell_run_seconds', help: 'Seconds that a run took', labelNames: ['outcome'], buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30], registers }),
    journey: new Counter({ name: 'cosell_journey_total', help: 'What became of records', labelNames: ['what'], registers }),
    foundByReconcile: new Counter({ name: 'cosell_found_by_reconcile_total', help: 'Changes that no event told us', labelNames: ['connection'], registers }),
  };
}

/** Calls of the last 24 hours, where a CRM counts them; all programs of its organisation use them up together. */
function watchBudgets(crms: readonly Pick<CrmPort, 'connection' | 'budget'>[], registers: Registry[]): void {
  const gauge = (name: string, help: string, of: 'used' | 'limit'): void =>
    void new Gauge({
      name, help, labelNames: ['connection'], registers,
      collect() {
        for (const { connection, budget } of crms) {
          const told = budget?.();
          if (told) this.set({ connection }, told[of]);
        }
      },
    });
  gauge('cosell_api_calls_used', 'API calls of the last 24 hours, of all programs together, as the CRM told with its last answer', 'used');
  gauge('cosell_api_calls_limit', 'API calls that the CRM grants in 24 hours', 'limit');
}
