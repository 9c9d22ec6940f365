// Query, QueryAll and Query More Results: pages with a locator that ends (REST guide, "Query", "Query More Results", "Query Options Header").
import type { StandInAnswer } from '../../kit/standIn';
import type { Org } from '../org';
import { notDocumented, Problem } from '../problem';
import { API } from '../presentRow';
import { stableId } from '../ids';
import { parseQuery } from '../soql/parseQuery';
import { runQuery, type Found } from '../soql/runQuery';
import { methodNotAllowed, readParameters, type ApiCall } from './apiCall';
import { refuseConditions } from './preconditions';

interface Cursor {
  readonly found: Found;
  readonly size: number;
  readonly userId: string;
  readonly expires: number;
}

export interface Queries {
  run(call: ApiCall, withDeleted: boolean): StandInAnswer;
  more(call: ApiCall, locator: string): StandInAnswer;
  /** Every locator given so far ends. */
  endAll(): void;
}

const SMALLEST = 200;
const LARGEST = 2_000;
/** Cursors end after two days (REST guide, "Query More Results"). */
const LIFE_MS = 2 * 86_400_000;

export function createQueries(org: Org): Queries {
  const cursors = new Map<string, Cursor>();
  let opened = 0;
  const page = (cursor: Cursor, name: string, from: number): StandInAnswer => {
    const rows = cursor.found.rows.slice(from, from + cursor.size);
    const next = from + rows.length;
    const done = next >= cursor.found.rows.length;
    if (done) cursors.delete(name);
    else cursors.set(name, cursor);
    return { status: 200, body: { totalSize: cursor.found.total, done, ...(done ? {} : { nextRecordsUrl: `${API}/query/${name}-${next}` }), records: rows.map(cursor.found.present) } };
  };
  return {
    run(call, withDeleted) {
      if (call.method !== 'GET') throw methodNotAllowed(call);
      refuseConditions(call);
      const statement = readParameters(call, ['q']).get('q');
      if (!statement) throw new Problem(400, 'MALFORMED_QUERY', 'SOQL statements cannot be empty or null');
      const found = runQuery({ org, caller: call.caller, withDeleted }, parseQuery(statement));
      opened += 1;
      return page({ found, size: pageSize(org, call, found), userId: call.caller.userId, expires: org.now() + LIFE_MS }, stableId('01g', `cursor ${org.now()} ${opened}`), 0);
    },
    more(call, locator) {
      if (call.method !== 'GET') throw methodNotAllowed(call);
      readParameters(call, []);
      const { name = '', from } = /^(?<name>\w{18})-(?<from>\d+)$/.exec(locator)?.groups ?? {};
      const cursor = cursors.get(name);
      if (!cursor || cursor.userId !== call.caller.userId || cursor.expires <= org.now()) throw new Problem(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
      return page(cursor, name, Number(from));
    },
    endAll: () => cursors.clear(),
  };
}

/** `batchSize=` is a wish; large records come in smaller batches (REST guide, "Query"). */
function pageSize(org: Org, call: ApiCall, found: Found): number {
  const header = call.headers['sforce-query-options'];
  const wished = header === undefined ? LARGEST : Number(/^batchSize=(?<size>\d+)$/.exec(header.trim())?.groups?.size);
  if (!(wished >= SMALLEST && wished <= LARGEST)) throw notDocumented(`Sforce-Query-Options: ${header}`);
  return Math.min(wished, org.pageSize, org.nasty && found.isHeavy ? SMALLEST : LARGEST);
}
