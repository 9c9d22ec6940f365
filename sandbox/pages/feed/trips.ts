// "What just happened": makes trips of observations. Pure: the same observations give the same trips.
//
// A trip begins when a person saves or changes something, on either side. While it is open, what the stand-ins see of that deal becomes its
// steps, each with the time since the beginning. It ends when the service has written what it made of it: in sync, something for the seller to do,
// a conflict, a failure. A deal that both sides changed meanwhile is one trip, not two. What a side rings because the service wrote there is an
// echo: a trip of its own, which ends in silence.
import type { CrmStatus, Observation, ReferralChange } from './observation';

export interface Step {
  /** Key of its words. */
  readonly key: string;
  readonly at: number;
  /** Fields to name in it, by key. */
  readonly fields?: readonly string[];
  /** A word of the systems themselves: a status, or which of them it was. */
  readonly said?: string;
  readonly isTrouble?: true;
}

export interface Trip {
  readonly number: number;
  readonly keys: readonly string[];
  /** Key of its title. */
  readonly title: string;
  /** The record's name, as people read it. */
  readonly name: string;
  readonly begunIn: 'crm' | 'portal' | 'echo';
  readonly began: number;
  readonly steps: readonly Step[];
  /** Absent while it is under way. */
  readonly end?: { readonly at: number; readonly how: CrmStatus['shown'] | 'echo' | 'nothing' };
}

export interface Feed {
  /** Newest first. */
  readonly trips: readonly Trip[];
  readonly next: number;
  /** Who wrote a deal last, on each side: an event about the service's own write is an echo. */
  readonly lastWriter: Readonly<Record<string, 'person' | 'service'>>;
}

export const emptyFeed: Feed = { trips: [], next: 1, lastWriter: {} };

const KEPT = 50;
/** An echo that nothing follows for this long, milliseconds, ends in silence. */
const ECHO_MS = 700;
/** A trip with no word of the service at all: a change that does not travel. */
const NOTHING_MS = 20_000;

/** Takes one observation in. */
export function note(feed: Feed, seen: Observation): Feed {
  const known = withKeys(feed, seen);
  switch (seen.type) {
    case 'crmWritten':
      return seen.by === 'person' ? personSaved(known, seen) : serviceWrote(remember(known, 'crm', seen.keys, seen.fields.length > 0 ? 'service' : undefined), seen);
    case 'customerWritten':
      return begin(remember(known, 'crm', seen.keys, 'person'), { title: 'feed.customerSaved', begunIn: 'crm', ...seen }, { key: 'feed.step.saved', at: seen.at, said: seen.system });
    case 'crmRang':
      return rang(known, 'crm', seen, seen.heard ? 'feed.pickedUp' : undefined, 'feed.step.notHeard');
    case 'crmRefused':
      return addTo(known, seen, 'any', { key: 'feed.step.crmDown', at: seen.at, said: seen.system, isTrouble: true });
    case 'eventSent':
      if (seen.outcome === 'lost') return addTo(known, seen, 'portal', { key: 'feed.step.lost', at: seen.at, isTrouble: true });
      return rang(known, 'portal', seen, seen.outcome === 'heard' ? 'feed.signedEvent' : undefined, 'feed.step.notHeard');
    case 'referralChanged':
      return seen.by === 'portal' ? portalChanged(remember(known, 'portal', seen.keys, 'person'), seen) : addTo(remember(known, 'portal', seen.keys, 'service'), seen, 'any', { key: STEP_OF[seen.change] ?? 'feed.referralUpdated', at: seen.at, fields: seen.fields });
    case 'referralRead':
      return readBack(known, seen);
    case 'partnerRefused':
      return addTo(known, seen, 'crm', { key: seen.why === 'down' ? 'feed.step.partnerDown' : 'feed.step.signIn', at: seen.at, isTrouble: true });
  }
}

/** What time alone does: echoes end, and changes that nobody answers. */
export function settle(feed: Feed, now: number): Feed {
  const settled = feed.trips.map((trip): Trip => {
    const last = trip.steps.at(-1)?.at ?? trip.began;
    if (trip.end || now - last < (trip.begunIn === 'echo' ? ECHO_MS : NOTHING_MS)) return trip;
    if (trip.begunIn === 'echo') return { ...trip, end: { at: last, how: 'echo' } };
    return trip.steps.length > 1 ? trip : { ...trip, end: { at: last, how: 'nothing' } };
  });
  return settled.some((trip, at) => trip !== feed.trips[at]) ? { ...feed, trips: settled } : feed;
}

type Of<Type extends Observation['type']> = Extract<Observation, { type: Type }>;

const STEP_OF: Partial<Record<ReferralChange, string>> = { created: 'feed.referralCreated', invited: 'feed.step.invited', won: 'feed.step.referralWon', lost: 'feed.step.referralLost', declined: 'feed.step.referralDeclined', accepted: 'feed.step.referralAccepted' };
const TITLE_OF: Record<ReferralChange, string> = {
  created: 'feed.newDeal', invited: 'feed.newDeal', changed: 'feed.dealChanged', accepted: 'feed.dealAccepted', declined: 'feed.dealDeclined', won: 'feed.dealWon', lost: 'feed.dealLost', expired: 'feed.dealExpired',
  msAccepted: 'feed.accepted', msDeclined: 'feed.msDeclined', msWon: 'feed.msWon', msLost: 'feed.msLost', msExpired: 'feed.msExpired',
};

function personSaved(feed: Feed, seen: Of<'crmWritten'>): Feed {
  const remembered = remember(feed, 'crm', seen.keys, 'person');
  const begun = begin(remembered, { title: 'feed.saved', begunIn: 'crm', ...seen }, { key: 'feed.step.saved', at: seen.at, said: seen.system });
  return seen.shared ? begun : endAll(begun, seen, 'nothing', { key: 'feed.step.notShared', at: seen.at, said: seen.system });
}

/** A deal that Microsoft sends is two referrals in a row: one trip. */
function portalChanged(feed: Feed, seen: Of<'referralChanged'>): Feed {
  const open = openTrip(feed, seen.keys, 'portal');
  if (open && seen.at - open.began < 50) return replace(feed, open.number, (trip) => ({ ...trip, name: seen.name }));
  const step: Step = seen.change === 'created' || seen.change === 'invited' ? { key: 'feed.step.dealCreated', at: seen.at } : { key: seen.change === 'changed' ? 'feed.step.dealChanged' : 'feed.step.inPartner', at: seen.at, fields: seen.fields };
  return begin(feed, { title: TITLE_OF[seen.change], begunIn: 'portal', ...seen }, step);
}

/** A change while the deal's own trip has not been picked up yet is the same trip; on the other side it makes two that meet at the service. */
function begin(feed: Feed, seen: { readonly title: string; readonly name: string; readonly keys: readonly string[]; readonly at: number; readonly begunIn: Trip['begunIn'] }, step: Step): Feed {
  const open = openTrip(feed, seen.keys, seen.begunIn);
  if (open && open.title === seen.title) return replace(feed, open.number, (trip) => ({ ...trip, name: seen.name, steps: [...trip.steps.filter(({ key, isTrouble }) => key !== step.key || isTrouble), step] }));
  const trip: Trip = { number: feed.next, keys: seen.keys, title: seen.title, name: seen.name, begunIn: seen.begunIn, began: seen.at, steps: [step] };
  return { ...feed, next: feed.next + 1, trips: [trip, ...feed.trips].slice(0, KEPT) };
}

function rang(feed: Feed, side: 'crm' | 'portal', seen: { readonly at: number; readonly keys: readonly string[] }, heard: string | undefined, notHeard: string): Feed {
  const isEcho = seen.keys.some((key) => feed.lastWriter[`${side} ${key}`] === 'service');
  if (isEcho) return heard === undefined ? feed : echo(feed, seen, side);
  if (heard === undefined) return addTo(feed, seen, side, { key: notHeard, at: seen.at, isTrouble: true });
  return addTo(feed, seen, side, { key: heard, at: seen.at });
}

function echo(feed: Feed, seen: { readonly at: number; readonly keys: readonly string[] }, side: 'crm' | 'portal'): Feed {
  if (openTrip(feed, seen.keys, 'echo')) return feed;
  const name = feed.trips.find((trip) => meets(trip.keys, seen.keys))?.name ?? '';
  return begin(feed, { title: 'feed.echo', name, begunIn: 'echo', ...seen }, { key: side === 'portal' ? 'feed.signedEvent' : 'feed.pickedUp', at: seen.at });
}

function readBack(feed: Feed, seen: Of<'referralRead'>): Feed {
  const open = feed.trips.filter((trip) => !trip.end && meets(trip.keys, seen.keys));
  if (open[0]?.begunIn === 'echo') return addTo(feed, seen, 'echo', { key: 'feed.step.dealRead', at: seen.at });
  // The service reads once it was rung and before it writes; anybody may read, and a look at the answer of a write tells nothing.
  const steps = open.flatMap((trip) => trip.steps);
  const isAfterwards = steps.some(({ key }) => key.startsWith('feed.referral') || key === 'feed.step.invited');
  const isRung = steps.some(({ key }) => key === 'feed.pickedUp' || key === 'feed.signedEvent');
  if (isAfterwards || !isRung) return feed;
  return addTo(feed, seen, 'any', { key: seen.microsofts ? 'feed.step.statusRead' : 'feed.step.dealRead', at: seen.at });
}

function serviceWrote(feed: Feed, seen: Of<'crmWritten'>): Feed {
  const steps: Step[] = [];
  if (seen.created) steps.push({ key: 'feed.opportunityCreated', at: seen.at });
  else if (seen.fields.length > 0) steps.push({ key: 'feed.step.opportunityUpdated', at: seen.at, fields: seen.fields });
  if (seen.microsoft !== undefined && !seen.created) steps.push({ key: 'feed.step.shows', at: seen.at, said: seen.microsoft });
  const told = steps.reduce((sum, step) => addTo(sum, seen, 'any', step), named(feed, seen));
  if (!seen.status) return told;
  const { shown, fields } = seen.status;
  if (shown === 'pending') return fields.length > 0 || seen.created ? told : addTo(told, seen, 'any', { key: 'feed.step.waits', at: seen.at, isTrouble: true });
  if (shown === 'conflict') return bothChanged(told, seen, fields);
  const last: Step | undefined = shown === 'attention' ? { key: 'feed.step.attention', at: seen.at, fields, isTrouble: true } : shown === 'failed' ? { key: 'feed.step.failed', at: seen.at, isTrouble: true } : shown === 'notShared' ? { key: 'feed.step.stopped', at: seen.at } : undefined;
  return endAll(told, seen, shown, last);
}

/** The trips of both sides become one. */
function bothChanged(feed: Feed, seen: Of<'crmWritten'>, fields: readonly string[]): Feed {
  const mine = feed.trips.filter((trip) => !trip.end && trip.begunIn !== 'echo' && meets(trip.keys, seen.keys));
  const [newest, ...others] = mine;
  if (!newest) return endAll(begin(feed, { title: 'feed.bothChanged', begunIn: 'crm', ...seen }, { key: 'feed.step.choice', at: seen.at, fields }), seen, 'conflict');
  const gone = new Set(others.map(({ number }) => number));
  // Both sides were read again; by whose bell does not matter.
  const steps = mine.flatMap((trip) => trip.steps).filter(({ key }, at, all) => key !== 'feed.step.dealRead' || all.findIndex((each) => each.key === key) === at).map((step) => (step.key === 'feed.step.dealRead' ? { ...step, key: 'feed.step.bothRead' } : step)).sort((one, other) => one.at - other.at);
  const merged = { ...feed, trips: feed.trips.filter(({ number }) => !gone.has(number)) };
  const joined = replace(merged, newest.number, (trip) => ({ ...trip, title: 'feed.bothChanged', began: Math.min(...mine.map(({ began }) => began)), steps }));
  return endAll(joined, seen, 'conflict', { key: 'feed.step.choice', at: seen.at, fields });
}

/** A trip that is open and belongs to that side; the newest. */
const openTrip = (feed: Feed, keys: readonly string[], side: Trip['begunIn'] | 'any'): Trip | undefined => feed.trips.find((trip) => !trip.end && (side === 'any' ? trip.begunIn !== 'echo' : trip.begunIn === side) && meets(trip.keys, keys));

/** Adds a step to each open trip of the deal; a step that stands there already is not said again. Without keys every open trip is meant. */
function addTo(feed: Feed, seen: { readonly keys: readonly string[] }, side: Trip['begunIn'] | 'any', step: Step): Feed {
  const trips = feed.trips.map((trip): Trip => {
    const isMeant = !trip.end && (side === 'any' ? trip.begunIn !== 'echo' : trip.begunIn === side) && (seen.keys.length === 0 || meets(trip.keys, seen.keys));
    return !isMeant || trip.steps.some(({ key, said }) => key === step.key && said === step.said) ? trip : { ...trip, steps: [...trip.steps, step] };
  });
  return { ...feed, trips };
}

function endAll(feed: Feed, seen: { readonly keys: readonly string[]; readonly at: number }, how: NonNullable<Trip['end']>['how'], last?: Step): Feed {
  const told = last ? addTo(feed, seen, 'any', last) : feed;
  return { ...told, trips: told.trips.map((trip) => (trip.end || trip.begunIn === 'echo' || !meets(trip.keys, seen.keys) ? trip : { ...trip, end: { at: seen.at, how } })) };
}

const named = (feed: Feed, { keys, name }: Of<'crmWritten'>): Feed => ({ ...feed, trips: feed.trips.map((trip) => (!trip.end && meets(trip.keys, keys) ? { ...trip, name } : trip)) });

const replace = (feed: Feed, number: number, change: (trip: Trip) => Trip): Feed => ({ ...feed, trips: feed.trips.map((trip) => (trip.number === number ? change(trip) : trip)) });

const meets = (one: readonly string[], other: readonly string[]): boolean => one.some((key) => other.includes(key));

/** A deal that gets its opportunity is known by both names from then on. */
function withKeys(feed: Feed, { keys }: Observation): Feed {
  if (keys.length < 2) return feed;
  return { ...feed, trips: feed.trips.map((trip) => (!trip.end && meets(trip.keys, keys) && !keys.every((key) => trip.keys.includes(key)) ? { ...trip, keys: [...new Set([...trip.keys, ...keys])] } : trip)) };
}

function remember(feed: Feed, side: 'crm' | 'portal', keys: readonly string[], who: 'person' | 'service' | undefined): Feed {
  if (!who) return feed;
  return { ...feed, lastWriter: { ...feed.lastWriter, ...Object.fromEntries(keys.map((key) => [`${side} ${key}`, who])) } };
}
