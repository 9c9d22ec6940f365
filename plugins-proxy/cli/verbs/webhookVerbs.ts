// Command line: webhook show, register, test.
import { InvalidArgumentError, type Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookEvents } from '../../api/settleWebhook';
import type { TestOutcome, WebhookAnswer, WebhookSettled } from '../../api/shapes';
import { address } from '../../settings/values';
import type { AddVerb, VerbEnd } from '../cliContext';
import { alignedLines, timeText } from '../textLines';
import type { WebhookDesk } from '../webhookDesk';
import { withWebhookDesk } from '../withWebhookDesk';

export function addWebhookVerbs(program: Command, add: AddVerb): void {
  const webhook = program.command('webhook').description('where Partner Center rings; a tenant has one registration');
  add(webhook, 'show', 'show what is registered').does(() => async (context) => withWebhookDesk(context, async (desk) => showEnd(await desk.show())));

  const register = add(webhook, 'register', 'register this service; another registration is left alone without --overwrite');
  register.command
    .option('--url <address>', 'the address that Partner Center calls (COSELL_PUBLIC_URL with /partner-center/events)', webhookAddress)
    .option('--events <names>', `the events, with commas between (${webhookEvents.join(',')})`, eventNames)
    .option('--overwrite', 'replace another registration');
  register.does((_args, { url, events, overwrite }) => async (context) =>
    withWebhookDesk(context, async (desk) => registerEnd(await desk.register({ url: url as string | undefined, events: events as string[] | undefined, overwrite: overwrite === true }))));

  add(webhook, 'test', 'ask Partner Center for a test event and report its result; two a minute').does(() => async (context) => withWebhookDesk(context, test));
}

function webhookAddress(text: string): string {
  const parsed = address.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message ?? 'is not an address.'}`);
}

function eventNames(text: string): string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()).filter(Boolean))];
  if (names.length === 0 || names.some((name) => !/^[a-z][a-z0-9-]{0,98}$/.test(name))) throw new InvalidArgumentError('Give names of events with commas between.');
  return names;
}

const registrationLines = ({ url, events }: { readonly url: string; readonly events: readonly string[] }): readonly string[] => alignedLines([['Address', url], ['Events', events.join(', ')]]);

const stateSentences: Readonly<Record<WebhookAnswer['state'], string>> = {
  none: 'Nothing is registered with Partner Center. Register with: cosell webhook register',
  ours: 'This is the present service.',
  'events-differ': 'This is the present service, but events are missing. Add them with: cosell webhook register --overwrite',
  elsewhere: 'This is not the present service. Replace it with: cosell webhook register --overwrite (that address is then rung no more)',
  unknown: 'Whether this is the present service cannot be told without COSELL_PUBLIC_URL.',
};

const showEnd = (result: WebhookAnswer): VerbEnd => ({ result, lines: [...(result.registration ? registrationLines(result.registration) : []), stateSentences[result.state]] });

function registerEnd(result: WebhookSettled): VerbEnd {
  const { outcome, registration, previous } = result;
  switch (outcome) {
    case 'unchanged':
      return { result, lines: [...registrationLines(registration), 'This is registered already; nothing was changed.'] };
    case 'registered':
      return { result, lines: [...registrationLines(registration), 'Registered.'] };
    case 'replaced':
      return { result, lines: [...registrationLines(registration), previous?.url === registration.url ? 'The events were changed.' : `Registered in place of ${previous?.url}, which is rung no more.`] };
    case 'left-alone':
      return { result, failed: true, lines: [...registrationLines(registration), 'This other registration is there and was left alone. To replace it, address and events, add --overwrite.'] };
  }
}

const LOOK_EVERY = 1_000;
const LOOKS = 30;

async function test(desk: WebhookDesk): Promise<VerbEnd> {
  const sent = await desk.sendTest();
  let outcome: TestOutcome = { result: null };
  for (let look = 0; look < LOOKS && outcome.result?.status !== 'completed'; look += 1) {
    if (look > 0) await sleep(LOOK_EVERY);
    outcome = await desk.testResult(sent.correlationId);
  }
  return testEnd({ ...sent, ...outcome });
}

/** The API words the receiver's answer as a name or a number. */
const isTaken = ({ responseCode, systemError }: { readonly responseCode: string | null; readonly systemError: boolean }): boolean => !systemError && /^(2\d\d|OK|Created|Accepted|No ?Content)$/i.test(responseCode ?? '');

function testEnd(result: { readonly correlationId: string; readonly url: string } & TestOutcome): VerbEnd {
  const tries = result.result?.results ?? [];
  const rows = tries.map((each) => [timeText(each.on), each.systemError ? 'not delivered' : `answered ${each.responseCode ?? '-'}`, each.responseMessage ?? '']);
  const head = [`Test event ${result.correlationId} for ${result.url}:`, ...alignedLines(rows)];
  if (tries.some(isTaken)) return { result, lines: [...head, 'The event arrived and was taken: signature, address and way are right.'] };
  if (tries.length > 0) return { result, failed: true, lines: [...head, 'The event was not taken. 401 means that the signature was refused (look at the log of the service), anything else that the address does not lead to it. Run: cosell doctor'] };
  return { result, failed: true, lines: [...head, `No result within ${LOOKS} s. Is ${result.url} reachable from outside? Partner Center sends two test events a minute at most; try again in a minute.`] };
}
