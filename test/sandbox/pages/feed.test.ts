// "What just happened" tells of each trip once, from what the stand-ins see, and never more than they saw.
import { describe, expect, test } from '@jest/globals';
import type { Observation } from '../../../sandbox/pages/feed/observation';
import { emptyFeed, note, settle, type Feed, type Trip } from '../../../sandbox/pages/feed/trips';

const opportunity = 'opportunity:1';
const engagement = 'engagement:1';
const feedOf = (...seen: readonly Observation[]): Feed => seen.reduce(note, emptyFeed);
const told = (trip: Trip | undefined): unknown => trip && { title: trip.title, steps: trip.steps.map(({ key }) => key), end: trip.end?.how };

const saved = (at: number, more: object = {}): Observation => ({ type: 'crmWritten', at, keys: [opportunity], name: 'Deal', system: 'Salesforce', by: 'person', created: false, shared: true, fields: ['dealValue'], ...more });
const wrote = (at: number, shown: 'synced' | 'attention' | 'conflict' | 'pending', more: object = {}): Observation => ({ type: 'crmWritten', at, keys: [opportunity, engagement], name: 'Deal', system: 'Salesforce', by: 'service', created: false, shared: true, fields: [], status: { shown, fields: shown === 'synced' ? [] : ['dealValue'] }, ...more });
const rang = (at: number, heard = true): Observation => ({ type: 'crmRang', at, keys: [opportunity], heard });
const patched = (at: number, change: 'created' | 'changed' = 'changed'): Observation => ({ type: 'referralChanged', at, keys: [engagement, opportunity], name: 'Deal', by: 'service', change, fields: ['dealValue'] });
const edited = (at: number, change: 'created' | 'changed' | 'msAccepted' = 'changed', keys = [engagement, opportunity]): Observation => ({ type: 'referralChanged', at, keys, name: 'Deal', by: 'portal', change, fields: ['dealValue'] });
const sent = (at: number, outcome: 'heard' | 'lost' | 'notHeard' = 'heard'): Observation => ({ type: 'eventSent', at, keys: [engagement, opportunity], outcome });

describe('a seller’s save', () => {
  test('is one trip from the save to the ✔, with the time of each step', () => {
    const { trips } = feedOf(saved(0), rang(40), patched(300), wrote(400, 'synced'));
    expect(trips.map(told)).toEqual([{ title: 'feed.saved', steps: ['feed.step.saved', 'feed.pickedUp', 'feed.referralUpdated'], end: 'synced' }]);
    expect([trips[0]!.began, ...trips[0]!.steps.map(({ at }) => at), trips[0]!.end!.at]).toEqual([0, 0, 40, 300, 400]);
  });

  test('of a record that is not shared ends at once', () => {
    expect(feedOf(saved(0, { shared: false })).trips.map(told)).toEqual([{ title: 'feed.saved', steps: ['feed.step.saved', 'feed.step.notShared'], end: 'nothing' }]);
    expect(feedOf(saved(0, { shared: false })).trips[0]!.steps.map(({ said }) => said)).toEqual(['Salesforce', 'Salesforce']);
  });

  test('that is rung twice is told once, and saved again before anybody came it is still one trip', () => {
    const { trips } = feedOf(saved(0), saved(10), rang(40), rang(60), patched(300), wrote(400, 'synced'), rang(500));
    expect(trips).toHaveLength(1);
    expect(trips[0]!.steps.filter(({ key }) => key === 'feed.pickedUp')).toHaveLength(1);
  });

  test('that the service does not hear says so and stays under way until the service comes back', () => {
    const waiting = feedOf(saved(0), rang(40, false));
    expect(told(waiting.trips[0])).toEqual({ title: 'feed.saved', steps: ['feed.step.saved', 'feed.step.notHeard'], end: undefined });
    expect(settle(waiting, 3_600_000).trips[0]!.end).toBeUndefined();
    expect(note(waiting, wrote(9_000, 'synced')).trips[0]!.end).toEqual({ at: 9_000, how: 'synced' });
  });

  test('whose CRM does not answer the service says which, once, and stays under way', () => {
    const refused = (at: number): Observation => ({ type: 'crmRefused', at, keys: [opportunity], system: 'Salesforce' });
    const waiting = feedOf(saved(0), rang(40), refused(60), refused(2_000));
    expect(told(waiting.trips[0])).toEqual({ title: 'feed.saved', steps: ['feed.step.saved', 'feed.pickedUp', 'feed.step.crmDown'], end: undefined });
    expect(waiting.trips[0]!.steps.at(-1)).toMatchObject({ said: 'Salesforce', isTrouble: true });
    expect(note(waiting, wrote(9_000, 'synced')).trips[0]!.end).toEqual({ at: 9_000, how: 'synced' });
    expect(feedOf(refused(0)).trips).toEqual([]);
  });

  test('of another record is another trip', () => {
    const { trips } = feedOf(saved(0), saved(10, { keys: ['opportunity:2'], name: 'Other' }), wrote(400, 'synced'));
    expect(trips.map(({ name, end }) => [name, end?.how])).toEqual([['Other', undefined], ['Deal', 'synced']]);
  });
});

describe('a change in the portal', () => {
  test('of a new deal is followed into the opportunity that is made of it', () => {
    const { trips } = feedOf(edited(0, 'created', [engagement]), { ...sent(60), keys: [engagement] } as Observation, wrote(380, 'synced', { created: true }));
    expect(trips.map(told)).toEqual([{ title: 'feed.newDeal', steps: ['feed.step.dealCreated', 'feed.signedEvent', 'feed.opportunityCreated'], end: 'synced' }]);
    expect(trips[0]!.keys).toContain(opportunity);
  });

  test('whose event is lost stays under way, and says that it is lost', () => {
    expect(told(feedOf(edited(0), sent(10, 'lost')).trips[0])).toEqual({ title: 'feed.dealChanged', steps: ['feed.step.dealChanged', 'feed.step.lost'], end: undefined });
  });

  test('that the opportunity was changed beside is one trip of both, which waits for a choice', () => {
    const { trips } = feedOf(saved(0), edited(20), rang(40), { type: 'referralRead', at: 180, keys: [engagement, opportunity], microsofts: false }, wrote(300, 'conflict'));
    expect(trips.map(told)).toEqual([{ title: 'feed.bothChanged', steps: ['feed.step.saved', 'feed.step.dealChanged', 'feed.pickedUp', 'feed.step.bothRead', 'feed.step.choice'], end: 'conflict' }]);
  });
});

describe('an echo', () => {
  const echoed = feedOf(saved(0), rang(40), patched(300), wrote(400, 'synced'), sent(450), sent(470));

  test('of the service’s own write is a row of its own, however often it comes', () => {
    expect(echoed.trips.map(told)).toEqual([{ title: 'feed.echo', steps: ['feed.signedEvent'], end: undefined }, expect.objectContaining({ end: 'synced' })]);
  });

  test('ends in silence', () => {
    expect(settle(echoed, 900).trips[0]!.end).toBeUndefined();
    expect(settle(echoed, 1_300).trips[0]!.end).toEqual({ at: 450, how: 'echo' });
  });

  test('is not what a person’s own change rings', () => {
    const { trips } = note(note(echoed, edited(2_000)), sent(2_050));
    expect(told(trips[0])).toEqual({ title: 'feed.dealChanged', steps: ['feed.step.dealChanged', 'feed.signedEvent'], end: undefined });
  });
});

test('an amount of trips does not grow for ever', () => {
  const { trips } = feedOf(...Array.from({ length: 120 }, (_, at) => saved(at * 10, { keys: [`opportunity:${at}`] })));
  expect(trips).toHaveLength(50);
  expect(trips[0]!.keys).toEqual(['opportunity:119']);
});
