// Liveness, readiness and metrics, for anybody on the host.
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** A remote system that is down does not make the service unready: events are still taken in. */
export interface Remark {
  readonly connection: string;
  /** As in the reasons: `remote-down`, `throttled`, `sign-in-expired`. */
  readonly code: string;
}

export type Readiness = { readonly ready: true; readonly remarks: readonly Remark[] } | { readonly ready: false; readonly reason: string };

export type CheckHealth = () => Promise<Readiness>;

export function createHealthRoutes(health: CheckHealth, metrics: Registry) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/healthz', async () => ({ alive: true }));
    app.get('/readyz', async (_request, reply) => {
      const state = await health().catch((): Readiness => ({ ready: false, reason: 'The state of the service could not be read. Look at its log.' }));
      return reply.code(state.ready ? 200 : 503).send(state);
    });
    app.get('/metrics', async (_request, reply) => reply.header('content-type', metrics.contentType).send(await metrics.metrics()));
  };
}
