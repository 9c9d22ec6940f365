// Trouble on demand: which requests of a stand-in fail next, how, and how often.
export type FaultKind = '429' | '503' | '500' | 'hang' | 'drop' | 'dropAfterEffect' | 'slow' | 'lateAnswer';

export interface Fault {
  readonly kind: FaultKind;
  /** Regular expression over the request's kind (whole name); `.*` when left out. */
  readonly match?: string;
  /** How many requests it hits; for ever when left out. */
  readonly times?: number;
  /** Matching requests let through first. */
  readonly after?: number;
  /** Seconds, with 429 and 503. */
  readonly retryAfter?: number;
  /** Retry-After comes as a date then, told by a clock that is off by so many milliseconds, as the answer's own Date is (RFC 9110, 10.2.3; partner-center.md 1.5, 1.6 show seconds). */
  readonly clockOffMs?: number;
  /** Milliseconds before the work with `slow`, between work and answer with `lateAnswer`. */
  readonly ms?: number;
}

interface Armed extends Fault {
  readonly id: string;
  left: number;
  skip: number;
}

export function createFaults(): { add(fault: Fault): string; clear(id?: string): void; take(kind: string): Fault | undefined; list(): readonly Armed[] } {
  let armed: Armed[] = [];
  let next = 1;
  return {
    add(fault) {
      const id = `f${next++}`;
      armed.push({ ...fault, id, left: fault.times ?? Infinity, skip: fault.after ?? 0 });
      return id;
    },
    clear(id) {
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id);
    },
    take(kind) {
      const hit = armed.find((fault) => new RegExp(`^(?:${fault.match ?? '.*'})$`).test(kind));
      if (!hit) return undefined;
      if (hit.skip > 0) return (hit.skip -= 1), undefined;
      hit.left -= 1;
      if (hit.left <= 0) armed = armed.filter((fault) => fault !== hit);
      return hit;
    },
    list: () => armed,
  };
}
