// `npm start`: small files that outlive it, written whole or not at all and readable by their owner alone.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { StartProblem } from './startProblem';

/** Reads a JSON file; `undefined` when there is none. @throws StartProblem when it holds something else */
export const readKept = (file: string): unknown => read(file, (text) => JSON.parse(text) as unknown);

/** Reads a text file; `undefined` when there is none. @throws StartProblem when it cannot be read */
export const readKeptText = (file: string): string | undefined => read(file, (text) => text);

function read<T>(file: string, from: (text: string) => T): T | undefined {
  try {
    return from(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartProblem(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'it is not JSON'}).`, 'Put it back, or remove the whole data folder to begin anew.');
  }
}

/** Writes a JSON file, mode 0600. */
export const keep = (file: string, value: unknown): void => keepText(file, `${JSON.stringify(value, null, 2)}\n`);

/** Writes a text file, mode 0600. */
export function keepText(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
