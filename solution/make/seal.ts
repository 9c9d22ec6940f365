// Solution sources: what makes a shipped id tamper-evident.
import { createHash } from 'node:crypto';
import type { IdFile } from './ids';

/** Digest over the first `count` ids: whoever changes a shipped one has to lie on purpose. */
export const sealOf = (ids: IdFile['ids'], count: number): string => createHash('sha256').update(JSON.stringify(ids.slice(0, count).map(({ of, id }) => [of, id]))).digest('hex');
