// The admin API wired to the parts of a running service.
import type { FastifyPluginAsync } from 'fastify';
import type { Worker } from './schedule/worker';
import type { Parts } from './service';

export interface Admin {
  readonly routes: FastifyPluginAsync | undefined;
  started(url: string): Promise<void>;
  stopped(): Promise<void>;
}

export async function createAdmin(_parts: Parts & { readonly worker: Worker }): Promise<Admin> {
  return { routes: undefined, started: async () => undefined, stopped: async () => undefined };
}
