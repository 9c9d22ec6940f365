// Doctor: one of its checks.
import type { Finding } from './finding';

/** One thing to look at; several findings are told in their order. */
export interface Check {
  readonly name: string;
  /** The remote system that is called. */
  readonly connection?: string;
  run(signal: AbortSignal): Promise<Finding | readonly Finding[]>;
}
