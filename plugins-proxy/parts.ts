// What a service is given by whoever starts it, and what its parts share.
import type { Logger } from 'pino';
import type { Connections } from './connections';
import type { Database } from './database/openDatabase';
import type { Passed } from './journey/steps';
import type { Metrics } from './metrics';
import type { CrmPort } from './ports/crm';
import type { Store } from './ports/store';
import type { SharedGates } from './schedule/gates';
import type { Settings } from './settings';
import type { Timings } from './timings';

export interface ServiceOptions {
  readonly log: Logger;
  /** Tests shorten the waits and end the process at a step. */
  readonly timings?: Timings;
  readonly passed?: Passed;
  readonly concurrency?: number;
}

export interface Parts {
  readonly settings: Settings;
  readonly options: ServiceOptions;
  readonly timings: Timings;
  readonly database: Database;
  readonly store: Store;
  readonly connections: Connections;
  readonly gates: SharedGates;
  readonly metrics: Metrics;
  readonly crms: readonly CrmPort[];
}
