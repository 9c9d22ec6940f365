// Admin API: the shapes of its answers. Times are ISO 8601 in UTC.
import { z } from 'zod';
import { phases, syncStatuses } from '../../core/index';

const time = z.iso.datetime();
const text = z.string();

export const anyObject = z.looseObject({});

export const reasonShape = z.object({
  code: text,
  field: text.optional(),
  /** Who acts: the seller, an admin, or nobody because it is tried again. */
  actor: text.optional(),
  params: z.record(text, z.union([text, z.number()])).optional(),
});

export const workShape = z.object({
  /** Something is still to be done for this record. */
  pending: z.boolean(),
  running: z.boolean(),
  /** Tries in a row without success. */
  attempts: z.int(),
  /** The connection whose gate is waited for. */
  waitsFor: text.nullable(),
  /** Why it was given up; replay sends it again. */
  parked: text.nullable(),
  nextTryOn: time.nullable(),
});

export const linkSummaryShape = z.object({
  id: text,
  /** `null` where the column is secured or was not read yet. */
  name: text.nullable(),
  crm: text,
  kind: text,
  crmId: text,
  referralId: text.nullable(),
  phase: z.enum(phases),
  /** As the record shows it. */
  status: z.enum(syncStatuses).nullable(),
  reasons: z.array(reasonShape),
  /** Fields in conflict. */
  conflicts: z.array(text),
  lastSyncedOn: time.nullable(),
  changedOn: time,
  work: workShape.nullable(),
});

export const linksShape = z.object({ links: z.array(linkSummaryShape), /** Cursor of the next page. */ next: text.nullable() });

const attemptShape = z.object({ state: text, startedOn: time, looked: z.int(), lookAgainOn: time.nullable() }).nullable();

export const linkDetailShape = linkSummaryShape.extend({
  key: text,
  partner: text,
  engagementId: text.nullable(),
  sharedOn: text.nullable(),
  mappingVersion: text,
  referral: z.object({ status: text, substatus: text, direction: text, updatedOn: text }).nullable(),
  microsoft: z.object({ id: text, status: text, substatus: text, expiresOn: text.nullable() }).nullable(),
  /** Updates of unknown outcome. */
  planned: z.int(),
  /** Creates of unknown outcome. */
  attempts: z.object({ own: attemptShape, microsoft: attemptShape }),
  /** Groups of fields that a side refused, not sent again until they change. */
  refused: z.array(z.object({ group: text, side: text, reasons: z.array(reasonShape) })),
});

export const timelineShape = z.object({ linkId: text, entries: z.array(z.object({ number: z.int(), at: time, text })), next: z.int().nullable() });

export const syncedShape = z.object({ key: text, /** What the record is known as. */ known: z.enum(['link', 'referral', 'new']), linkId: text.nullable() });

export const reconcileShape = z.object({ chores: z.array(text) });

export const parkedShape = z.object({ parked: z.array(z.object({ key: text, why: text, attempts: z.int(), triedOn: time.nullable() })), next: text.nullable() });

export const replayedShape = z.object({ key: text });

export const adoptedShape = z.object({ adopted: z.array(z.object({ connection: text, why: text.nullable(), records: z.int() })) });

export const findingShape = z.object({ check: text, state: z.enum(['ok', 'warn', 'fail']), what: text, remedy: text.nullable() });

export const doctorShape = z.object({ state: z.enum(['ok', 'warn', 'fail']), findings: z.array(findingShape) });

export const registrationShape = z.object({ url: text, events: z.array(text) });

export const webhookShape = z.object({ registration: registrationShape.nullable(), wanted: registrationShape.nullable(), state: z.enum(['none', 'ours', 'events-differ', 'elsewhere', 'unknown']) });

export const webhookSettledShape = z.object({ outcome: z.enum(['unchanged', 'registered', 'replaced', 'left-alone']), registration: registrationShape, previous: registrationShape.nullable() });

export const testSentShape = z.object({ correlationId: text, url: text });

export const testResultShape = z.object({
  result: z.object({
    status: text,
    callbackUrl: text.nullable(),
    results: z.array(z.object({ responseCode: text.nullable(), responseMessage: text.nullable(), systemError: z.boolean(), on: text.nullable() })),
  }).nullable(),
});

const action = z.enum(['created', 'changed', 'unchanged', 'removed', 'skipped']);

export const setupShape = z.object({
  endpoint: z.object({ name: text, action }),
  steps: z.array(z.object({ name: text, action })),
  warnings: z.array(text),
  changed: z.boolean(),
  /** What was done, or would be, one sentence each. */
  lines: z.array(text),
});

export type LinkSummary = z.infer<typeof linkSummaryShape>;
export type LinkDetail = z.infer<typeof linkDetailShape>;
export type Links = z.infer<typeof linksShape>;
export type Timeline = z.infer<typeof timelineShape>;
export type Synced = z.infer<typeof syncedShape>;
export type Reconciled = z.infer<typeof reconcileShape>;
export type Parked = z.infer<typeof parkedShape>;
export type Adopted = z.infer<typeof adoptedShape>;
export type DoctorAnswer = z.infer<typeof doctorShape>;
export type WebhookAnswer = z.infer<typeof webhookShape>;
export type WebhookSettled = z.infer<typeof webhookSettledShape>;
export type TestSent = z.infer<typeof testSentShape>;
export type TestOutcome = z.infer<typeof testResultShape>;
export type SetupAnswer = z.infer<typeof setupShape>;
