// Command line: parked list, parked replay.
import type { Command } from 'commander';
import type { Parked } from '../../api/shapes';
import { createServiceClient, type ServiceClient } from '../askService';
import type { AddVerb } from '../cliContext';
import { CliProblem } from '../cliProblem';
import { findService } from '../findService';
import { alignedLines, counted, timeText } from '../textLines';

export function addParkedVerbs(program: Command, add: AddVerb): void {
  const parked = program.command('parked').description('records that were given up on after five unexpected failures');
  add(parked, 'list', 'list them with their reasons').does(() => async ({ env }) => {
    const rows = await allParked(createServiceClient(findService(env)));
    if (rows.length === 0) return { result: { parked: rows }, lines: ['No record was given up on.'] };
    const lines = alignedLines([['Record', 'Last tried', 'Why'], ...rows.map((row) => [row.key, timeText(row.triedOn), row.why])]);
    return { result: { parked: rows }, lines: [...lines, '', `${counted(rows.length, 'record')}. Send them again with: cosell parked replay --all`] };
  });
  const replay = add(parked, 'replay', 'send one of them, or all, again');
  replay.command.argument('[key]', 'the record as listed').option('--all', 'all that are listed now');
  replay.does(([key], { all }) => async ({ env }) => {
    if ((key === undefined) === (all !== true)) replay.command.error('error: give one key, or --all', { exitCode: 2 });
    const service = createServiceClient(findService(env));
    if (key !== undefined) return replayed([(await service.post<{ key: string }>(pathOf(key))).key]);
    return replayed(await replayAll(service));
  });
}

const replayed = (keys: readonly string[]) => ({ result: { replayed: keys }, lines: [keys.length === 0 ? 'No record was given up on; nothing was sent.' : `${counted(keys.length, 'record')} ${keys.length === 1 ? 'is' : 'are'} sent again now, both sides read.`] });

const pathOf = (key: string): string => `/parked/${encodeURIComponent(key)}/replay`;

async function allParked(service: ServiceClient): Promise<Parked['parked']> {
  const rows: Parked['parked'] = [];
  let after: string | undefined;
  do {
    const page: Parked = await service.get<Parked>('/parked', { limit: 200, after });
    rows.push(...page.parked);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return rows;
}

/** One that somebody else sent meanwhile is no failure. */
async function replayAll(service: ServiceClient): Promise<readonly string[]> {
  const sent: string[] = [];
  for (const { key } of await allParked(service)) {
    const done = await service.post<{ key: string }>(pathOf(key)).catch((error: unknown) => {
      if (error instanceof CliProblem && error.code === 'not-parked') return undefined;
      throw error;
    });
    if (done) sent.push(done.key);
  }
  return sent;
}
