// `npm start`: small files that outlive it, written whole or not at all and readable by their owner alone.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { StartProblem } from './startProblem';

/** Reads a JSON file; `undefined` when there is none. @throws StartProblem when it holds something else */
export function readKept(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartProblem(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'it is not JSON'}).`, 'Put it back, or remove the whole data folder to begin anew.');
  }
}

/** Writes a JSON file, mode 0600. */
export function keep(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
