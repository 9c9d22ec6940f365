// Start page, one trip: when, what, which record, its steps with their times, and how long it took in all.
import type { Step, Trip } from '../../feed/trips';
import { Icon, type IconName } from '../look/Icon';
import { clock, hasWord, say, sayAny, sayList } from '../words';

type Mark = { readonly icon: IconName; readonly tone: string };

const MARKS: Readonly<Record<NonNullable<Trip['end']>['how'], Mark>> = {
  synced: { icon: 'check', tone: 'ok' }, attention: { icon: 'warning', tone: 'warn' }, conflict: { icon: 'branch', tone: 'berry' }, failed: { icon: 'failed', tone: 'bad' }, pending: { icon: 'sync', tone: 'brand' },
  notShared: { icon: 'circle', tone: 'quiet' }, echo: { icon: 'circle', tone: 'quiet' }, nothing: { icon: 'circle', tone: 'quiet' },
};
const UNDER_WAY: Mark = { icon: 'sync', tone: 'brand' };

export function FeedRow({ trip }: { readonly trip: Trip }): JSX.Element {
  const mark = trip.end ? MARKS[trip.end.how] : UNDER_WAY;
  const steps = stepsToTell(trip);
  return (
    <li className="trip">
      <time dateTime={new Date(trip.began).toISOString()}>{clock(trip.began)}</time>
      <span className={`mark tone-${mark.tone} mark-${mark.tone}`}><Icon name={mark.icon} size={14} turning={!trip.end} /></span>
      <div className="trip-what">
        <p><b>{sayAny(trip.title)}</b> <span className="quiet">{trip.name}</span></p>
        <p className="steps">
          {steps.map((step, at) => (
            <span key={step.key + step.at} className={step.isTrouble ? 'step tone-warn' : 'step'}>
              {stepWords(step)}
              {at > 0 ? <span className="ms"> {duration(step.at - trip.began)}</span> : null}
              {hasNext(trip, steps, at) ? <Icon name="chevronRight" size={11} /> : null}
              {at === steps.length - 1 && trip.end?.how === 'synced' ? <span className="tone-ok" role="img" aria-label={say('feed.inSync')}><Icon name="check" size={16} /></span> : null}
            </span>
          ))}
          {trip.end?.how === 'echo' ? <span className="step">{say('feed.step.same')}</span> : null}
          {trip.end ? null : <span className="ms">…</span>}
        </p>
        <b className="total">{trip.end ? seconds(trip.end.at - trip.began) : ''}</b>
      </div>
    </li>
  );
}

/** One line if possible: what the title says already is left out, and the first look at a deal when another one follows. */
function stepsToTell({ steps }: Trip): readonly Step[] {
  const hasStatus = steps.some(({ key }) => key === 'feed.step.statusRead');
  return steps.filter(({ key }, at) => !(key === 'feed.step.inPartner' && at < steps.length - 1) && !(key === 'feed.step.dealRead' && hasStatus));
}

const hasNext = ({ end }: Trip, steps: readonly Step[], at: number): boolean => at < steps.length - 1 || end?.how === 'synced' || end?.how === 'echo' || !end;

function stepWords(step: Step): string {
  const fields = sayList((step.fields ?? []).map(fieldName));
  if (step.key === 'feed.step.saved' || step.key === 'feed.step.notShared' || step.key === 'feed.step.crmDown') return say(step.key, { system: step.said ?? '' });
  if (step.key === 'feed.step.shows') return say('feed.step.shows', { status: substatus(step.said ?? '') });
  const isNamed = fields !== '' || !hasWord(`${step.key}.bare`);
  return sayAny(isNamed ? step.key : `${step.key}.bare`, { fields });
}

const fieldName = (key: string): string => (hasWord(`deal.${key}`) ? sayAny(`deal.${key}`) : key);

/** `Active/Accepted` as people say it. */
function substatus(text: string): string {
  const word = text.split('/').at(-1) ?? text;
  return hasWord(`substatus.${word}`) ? sayAny(`substatus.${word}`) : word;
}

const duration = (ms: number): string => (ms < 1_000 ? say('feed.ms', { n: Math.max(0, Math.round(ms)) }) : seconds(ms));

/** A wait for a person is told in whole units. */
function seconds(ms: number): string {
  if (ms < 60_000) return say('feed.seconds', { n: Math.max(ms / 1_000, 0.1).toFixed(1) });
  return say('feed.minutes', { n: Math.round(ms / 60_000) });
}

/** What a screen reader hears of a trip: how it ended. */
export function totalLine(trip: Trip): string {
  const how = trip.end?.how ?? 'pending';
  return say('feed.total', { what: sayAny(trip.title), name: trip.name, how: sayAny(`feed.how.${how}`), time: trip.end ? seconds(trip.end.at - trip.began) : '' });
}
