// Command line: what a verb gets from the process that runs it.
import type { Command } from 'commander';
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

/** What carries out a verb; the options and arguments are commander's. */
export type Verb = (context: CliContext) => Promise<VerbEnd>;
/** Makes a verb of a command: adds `--json`, runs it, prints its end. */
export type AddVerb = (parent: Command, name: string, description: string) => { readonly command: Command; readonly does: (verb: (args: readonly string[], options: Readonly<Record<string, unknown>>) => Verb) => void };
