// The steps that bring a database up to date, in order. A released step is never edited; a change is a new one.
import { tables } from './0001_tables';
import { work } from './0002_work';
import { commit } from './0003_commit';
import { gates } from './0004_gates';
import { chores } from './0005_chores';
import { ownFailures } from './0006_own_failures';
import { choreOrder } from './0007_chore_order';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { number: 1, name: 'tables', sql: tables },
  { number: 2, name: 'work', sql: work },
  { number: 3, name: 'commit', sql: commit },
  { number: 4, name: 'gates', sql: gates },
  { number: 5, name: 'chores', sql: chores },
  { number: 6, name: 'own failures', sql: ownFailures },
  { number: 7, name: 'chore order', sql: choreOrder },
];
