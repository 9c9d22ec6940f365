// Command line: what a verb gets from the process that runs it.
import type { Environment } from '../settings/problems';

export interface CliContext {
  readonly env: Environment;
  /** One line on standard output. */
  readonly out: (line: string) => void;
  /** One line on standard error: remarks that are no result. */
  readonly remark: (line: string) => void;
}

/** How a verb ended: `failed` when what was asked for is not so, although nothing went wrong on the way. */
export interface VerbEnd {
  /** The whole result, for `--json`. */
  readonly result: unknown;
  /** For people. */
  readonly lines: readonly string[];
  readonly failed?: boolean;
}
