// One run of the journey over one record: what it may use, what it knows so far, and how it may end.
import { fieldLabel, type CrmSnapshot, type FieldKey, type Link, type PartnerSnapshot, type Values } from '../../core/index';
import type { CrmPort, CrmRef } from '../ports/crm';
import type { PartnerPort } from '../ports/partner';
import type { Commit, Lease, Store, TimelineLine } from '../ports/store';
import type { Timings } from '../timings';
import type { Passed } from './steps';

export interface JourneyDeps {
  readonly store: Store;
  /** By connection; every call goes through its gate. */
  readonly crms: ReadonlyMap<string, CrmPort>;
  readonly partner: PartnerPort;
  /** The CRM that takes referrals which have no record yet. */
  readonly inboundCrm: string;
  /** The zone in which Partner Center's users mean their dates. */
  readonly timeZone: string;
  readonly mappingVersion: string;
  readonly timings: Timings;
  readonly passed: Passed;
  readonly newId: () => string;
  /** Rings the links of an account or contact in batches; the id to go on after, or `null` at the end. */
  readonly ringLinksOf: (kind: 'account' | 'contact', connection: string, id: string) => Promise<number>;
  /** Whether the schedule gives up on a record when its run throws this. */
  readonly givesUp: (lease: Lease, thrown: unknown) => boolean;
  readonly log: (entry: Readonly<Record<string, unknown>>, message: string) => void;
  readonly count: (what: 'ignored' | 'linkedElsewhere' | 'belongsElsewhere' | 'stale' | 'created' | 'updated') => void;
}

/** How a run ends: finished in its last commit, to be looked at later, or waiting for a gate. */
export type RunOutcome = { readonly type: 'done' } | { readonly type: 'later'; readonly afterMs: number; readonly why: string } | { readonly type: 'waits'; readonly gate: string };

export const done: RunOutcome = { type: 'done' };

export interface Run {
  readonly deps: JourneyDeps;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly crm: CrmPort;
  readonly ref: CrmRef;
  /** The database's time, ISO. */
  now(): string;
}

/** What a run knows of a pair. `fresh` sides were read in this run. */
export interface Pair {
  readonly link: Link;
  readonly crm: CrmSnapshot;
  readonly partner: PartnerSnapshot | null;
  readonly fresh: { readonly crm: boolean; readonly partner: boolean };
}

/** A clock that starts at the database's time of the claim. */
export function clockFrom(claimedOn: string): () => string {
  const base = Date.parse(claimedOn);
  const started = performance.now();
  return () => new Date(base + (performance.now() - started)).toISOString();
}

/** Stores the link as it is now; the row comes back with its new revision. */
export async function remember(run: Run, link: Link, more: Omit<Commit, 'lease' | 'link'> = {}): Promise<Link> {
  return (await run.deps.store.commit({ ...more, lease: run.lease, link })) ?? link;
}

/** Ends the run without a change. */
export async function finish(run: Pick<Run, 'deps' | 'lease'>, more: Omit<Commit, 'lease' | 'finish'> = {}): Promise<RunOutcome> {
  await run.deps.store.commit({ ...more, lease: run.lease, finish: true });
  return done;
}

export const toLines = (plan: string, at: string, texts: readonly string[]): TimelineLine[] => texts.map((text, n) => ({ plan, n, at, text }));

/** Of a plan's entries for one side those about these fields: a side may have taken some and not the others. @param planned all that the plan has for the side */
export function linesAbout(fields: readonly FieldKey[], planned: Values, plan: string, at: string, texts: readonly string[]): TimelineLine[] {
  if (fields.length === 0) return [];
  const lines = toLines(plan, at, texts);
  if (Object.keys(planned).every((field) => fields.includes(field as FieldKey))) return lines;
  return lines.filter((line) => fields.some((field) => line.text.includes(`| ${fieldLabel(field)}: `)));
}

/** ISO time after so many milliseconds. */
export const after = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

/**
 * Whether so much time has passed since an intent was stored that another process may have taken it for lost: a machine that was held goes on as if
 * none had. The intent is then stored anew, which fails for a run that lost its lease.
 */
export const isTooLate = (run: Run, storedOn: string): boolean => Date.parse(run.now()) - Date.parse(storedOn) > run.deps.timings.sendWithin;
