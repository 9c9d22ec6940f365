// Sync details as a script needs them: read with patience, for an older script may meet a newer service and a hand may have written the column.

export interface ShownReason {
  readonly code: string;
  readonly field?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface ShownDetails {
  readonly reasons: readonly ShownReason[];
  /** Fields that are fixed by now. */
  readonly frozen: readonly string[];
  readonly progress?: string;
  /** Microsoft asks us, not we Microsoft. */
  readonly incoming: boolean;
}

/** Never throws: what cannot be read is not there. */
export function readDetails(text: unknown): ShownDetails {
  const all = parse(text);
  const { fields } = asObject(all.frozen);
  return {
    reasons: asList(all.reasons).map(asObject).filter((each): each is Record<string, unknown> & ShownReason => typeof each.code === 'string'),
    frozen: asList(fields).filter((each): each is string => typeof each === 'string'),
    progress: typeof all.progress === 'string' ? all.progress : undefined,
    incoming: asObject(all.microsoft).direction === 'incoming',
  };
}

/** The same details as picked up by the service, when they do not tell more already. */
export function pickedUp(text: unknown): string {
  const all = parse(text);
  return JSON.stringify(typeof all.progress === 'string' ? all : { ...all, progress: 'queued' });
}

function parse(text: unknown): Record<string, unknown> {
  try {
    return asObject(JSON.parse(String(text)));
  } catch {
    return {};
  }
}

const asObject = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
