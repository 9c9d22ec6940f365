// In whose name a write happens, and the history that remembers it.
import type { Caller } from '../access';
import type { Org } from '../org';
import { changedCells, type Row, type WriteEntry } from '../rowStore';

export interface Circumstances {
  readonly caller: Caller;
  readonly origin: WriteEntry['origin'];
  /** Looks at the row as it is now, just before it is written; throws when it is not as expected. */
  readonly expect?: (row: Row) => void;
  /** `Sforce-Duplicate-Rule-Header: allowSave=true`. */
  readonly allowDuplicates?: boolean;
}

export function noteWrite(org: Org, message: WriteEntry['message'], before: Row | undefined, after: Row, fields: readonly string[], by: Circumstances): void {
  const changed = changedCells(before?.cells ?? {}, after.cells);
  org.store.note({ object: after.object, id: after.id, message, user: by.caller.userId, origin: by.origin, ...(by.caller.client === undefined ? {} : { client: by.caller.client }), fields, at: new Date(org.now()).toISOString(), ...changed });
}
