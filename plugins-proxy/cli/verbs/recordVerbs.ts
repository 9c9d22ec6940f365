// Command line: sync, links, timeline.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { phases } from '../../../core/index';
import type { LinkDetail, Links, LinkSummary, Synced, Timeline } from '../../api/shapes';
import { createServiceClient } from '../askService';
import type { AddVerb, VerbEnd } from '../cliContext';
import { findService } from '../findService';
import { alignedLines, counted, shortened, timeText } from '../textLines';
import { actorWords, reasonSentence, statusOptions, statusWords } from '../wording';

export function addRecordVerbs(program: Command, add: AddVerb): void {
  const sync = add(program, 'sync', 'read both sides of one record and bring them together; also ends a back-off');
  sync.command.argument('<record>', 'id of the opportunity, of the referral or of the link');
  sync.does(([record = '']) => async ({ env }) => syncEnd(record, await createServiceClient(findService(env)).post<Synced>('/sync', { record })));

  const links = add(program, 'links', 'list shared records and why they are or are not in sync, last changed first');
  links.command
    .addOption(new Option('--status <status>', 'only records that show this status').choices(Object.keys(statusOptions)))
    .addOption(new Option('--phase <phase>', 'only links in this phase').choices(phases))
    .option('--crm <connection>', 'only records of this CRM (dataverse, salesforce)')
    .option('--search <text>', 'a part of the name, or a whole id')
    .option('--limit <number>', 'so many at most', wholeNumber, 50)
    .option('--after <cursor>', 'go on where the list before ended');
  links.does((_args, { status, phase, crm, search, limit, after }) => async ({ env }) =>
    linksEnd(await createServiceClient(findService(env)).get<Links>('/links', {
      status: typeof status === 'string' ? statusOptions[status] : undefined, phase: asText(phase), crm: asText(crm), search: asText(search), after: asText(after), limit: Number(limit),
    })));

  const timeline = add(program, 'timeline', 'tell what happened to one record, newest first');
  timeline.command
    .argument('<record>', 'id of the opportunity, of the referral or of the link')
    .option('--limit <number>', 'so many entries at most', wholeNumber, 50)
    .option('--before <number>', 'go on where the entries before ended', wholeNumber);
  timeline.does(([record = ''], { limit, before }) => async ({ env }) => {
    const service = createServiceClient(findService(env));
    const link = await service.get<LinkDetail>(`/links/${encodeURIComponent(record)}`);
    return timelineEnd(record, link, await service.get<Timeline>(`/links/${encodeURIComponent(link.id)}/timeline`, { limit: Number(limit), before: before === undefined ? undefined : Number(before) }));
  });
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Give a whole number above zero.');
  return Number(text);
}

function syncEnd(record: string, result: Synced): VerbEnd {
  const what = { link: 'This record', referral: 'This referral', new: 'Nobody has heard of this record yet; it' }[result.known];
  return { result, lines: [`${what} is read on both sides now. See what comes of it: cosell timeline ${record}`] };
}

function linksEnd(result: Links): VerbEnd {
  if (result.links.length === 0) return { result, lines: ['There is no such record.'] };
  const rows = result.links.map((link) => [statusText(link), shortened(link.name ?? '(name not shown)', 40), link.crm, link.crmId, timeText(link.lastSyncedOn), whyText(link)]);
  const more = result.next === null ? [] : [`There are more: add --after ${result.next}`];
  return { result, lines: [...alignedLines([['Status', 'Opportunity', 'CRM', 'Id', 'Last synced', 'Why it is not in sync'], ...rows]), '', `${counted(result.links.length, 'record')}.`, ...more] };
}

const statusText = ({ status, phase }: Pick<LinkSummary, 'status' | 'phase'>): string => (phase === 'crmGone' ? 'Deleted' : status === null ? '-' : statusWords[status]);

function whyText({ reasons, conflicts, work }: LinkSummary): string {
  if (work?.parked) return `Given up on: ${work.parked} (cosell parked list)`;
  const said = conflicts.length > 0 ? [`Changed on both sides: ${conflicts.join(', ')}.`, ...reasons.map(reasonSentence)] : reasons.map(reasonSentence);
  const more = said.length > 1 ? ` ${said.length - 1} more.` : '';
  return said.length > 0 ? `${said[0]}${more}` : work?.waitsFor ? `Waits for ${work.waitsFor}.` : '';
}

function timelineEnd(record: string, link: LinkDetail, timeline: Timeline): VerbEnd {
  const head = alignedLines([
    ['Opportunity', link.name ?? '(name not shown)'],
    ['Status', `${statusText(link)}, last synced ${timeText(link.lastSyncedOn)}`],
    ['Record', `${link.crm} ${link.kind} ${link.crmId}`],
    ['Referral', link.referralId === null ? 'none yet' : `${link.referralId}${link.referral ? `, ${link.referral.status}/${link.referral.substatus}` : ''}`],
    ...(link.microsoft ? [['Microsoft', `${link.microsoft.id}, ${link.microsoft.status}/${link.microsoft.substatus}`]] : []),
    ...link.reasons.map((reason) => [actorWords[reason.actor ?? ''] ?? 'Why', reasonSentence(reason)]),
    ...(link.conflicts.length > 0 ? [['Conflict', `changed on both sides: ${link.conflicts.join(', ')}`]] : []),
    ...(link.work?.nextTryOn ? [['Next try', timeText(link.work.nextTryOn)]] : []),
    ...(link.work?.waitsFor ? [['Waits for', link.work.waitsFor]] : []),
    ...(link.work?.parked ? [['Given up on', link.work.parked]] : []),
  ]);
  const entries = timeline.entries.length > 0 ? timeline.entries.map((entry) => entry.text) : ['Nothing happened yet.'];
  const more = timeline.next === null ? [] : ['', `There is more: cosell timeline ${record} --before ${timeline.next}`];
  return { result: { link, entries: timeline.entries, next: timeline.next }, lines: [...head, '', ...entries, ...more] };
}
