// Doctor: what waits, for how long, and what was given up on.
import { listParked, type ParkedRow } from '../../schedule/parked';
import { workCounts } from '../../schedule/workCounts';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { fail, ok, warn, type Finding } from '../finding';

export const checkWork = ({ pool }: DoctorDeps): readonly Check[] => [
  { name: 'backlog', run: () => backlog(pool) },
  { name: 'parked', run: () => parked(pool) },
];

const SLOW_MS = 60_000;

async function backlog(pool: DoctorDeps['pool']): Promise<Finding> {
  const { pending, waiting, oldestMs } = await workCounts(pool);
  const gated = waiting > 0 ? `, ${waiting} of them for a remote system` : '';
  if (oldestMs < SLOW_MS) return ok('backlog', pending === 0 ? 'Nothing waits.' : `${pending} records are waiting${gated}; none that could go now is older than ${Math.ceil(oldestMs / 1000)} s.`);
  return warn('backlog', `${pending} records are waiting${gated}; the oldest that could go now for ${Math.round(oldestMs / 60_000)} min.`, 'After a bulk change this goes down by itself. If it grows, start a second service on the same COSELL_DATABASE_URL, and look at the log for what is slow.');
}

const SHOWN = 3;
const MOST = 200;

async function parked(pool: DoctorDeps['pool']): Promise<Finding> {
  const rows = await listParked(pool, '', MOST);
  if (rows.length === 0) return ok('parked', 'No record was given up on.');
  const reasons = byReason(rows);
  const told = reasons.slice(0, SHOWN).map(([why, keys]) => `${keys.length}: ${why} (${keys[0]}${keys.length > 1 ? ', ...' : ''})`).join(' ');
  const more = reasons.length > SHOWN ? ` And ${reasons.length - SHOWN} more reasons.` : '';
  return fail('parked', `${rows.length}${rows.length === MOST ? ' or more' : ''} records were given up on after five tries. ${told}${more}`, 'Look at them with: cosell parked list. Once their reason is mended, send them again: cosell parked replay --all.');
}

function byReason(rows: readonly ParkedRow[]): [string, string[]][] {
  const reasons = new Map<string, string[]>();
  for (const { why, key } of rows) reasons.set(why, [...(reasons.get(why) ?? []), key]);
  return [...reasons].sort((one, other) => other[1].length - one[1].length);
}
