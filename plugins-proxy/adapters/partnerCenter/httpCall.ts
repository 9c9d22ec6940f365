// One call and its answer, as the adapter's parts hand them around.
import type { Json } from '../../../core/index';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Path and query under the base address. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** `undefined` when the answer has none. */
  readonly body: Json | undefined;
  readonly header: (name: string) => string | undefined;
  /** The server's own time (`Date` header), ISO. */
  readonly serverNow: string;
}

/** A call as a message names it: without the query, which may carry ids. */
export const nameOf = (call: Pick<HttpCall, 'method' | 'path'>): string => `${call.method} ${call.path.replace(/\?.*$/, '')}`;
