// Bench: what was measured, in words. Ratios first: they are what a machine can be compared by.
import type { Accepts } from './accepts';
import type { Throughput } from './throughput';

export interface Findings {
  readonly loopback: Throughput;
  readonly modelled: Throughput;
  readonly accepts: Accepts;
  readonly limit: number;
  readonly machine: string;
  readonly atATime: number;
  readonly records: number;
}

export function report({ loopback, modelled, accepts, limit, machine, atATime, records }: Findings): string {
  const ratio = ratioOf(modelled);
  const verdict = ratio >= limit ? `at least ${limit} is asked for: held` : `at least ${limit} is asked for: NOT HELD`;
  return [
    `${ratio.toFixed(2)}  service / bare client, changes per second, remote systems ${modelled.latencyMs} ms away (${verdict})`,
    `${ratioOf(loopback).toFixed(2)}  the same with remote systems that answer at once, on the same cores: then it is processor time that is compared, PostgreSQL's included`,
    `${ratioOf(loopback.written).toFixed(2)}  the same until the last change is written, the looks at our own echoes left for later`,
    `${loopback.callsPerChange.service.toFixed(2)}  remote calls per change, own echoes included (${loopback.callsPerChange.bare.toFixed(2)} by the bare client)`,
    '',
    line('changes per second, service', loopback.service),
    line('changes per second, bare client', loopback.bare),
    line(`changes per second, service, +${modelled.latencyMs} ms`, modelled.service),
    line(`changes per second, bare client, +${modelled.latencyMs} ms`, modelled.bare),
    ...(loopback.work ? [`processor time per change: service ${ms(loopback.work.service)}, its PostgreSQL ${ms(loopback.work.database)}; bare client ${ms(loopback.work.bare)}`] : []),
    `durable accepts per second: ${Math.round(accepts.perSecond)}`,
    `durable accepts at ${accepts.paced.rate}/s: ${Math.round(accepts.paced.accepted)}/s, p50 ${accepts.paced.p50.toFixed(1)} ms, p99 ${accepts.paced.p99.toFixed(1)} ms, worst ${accepts.paced.worst.toFixed(1)} ms`,
    `calls of one round of ${records} changes: ${Object.entries(loopback.calls).map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    `${atATime} changes at a time on both sides; ${loopback.service.length} rounds each, in turns; ${machine}`,
  ].join('\n');
}

/** Middle rate by middle rate. */
export const ratioOf = ({ service, bare }: Pick<Throughput, 'service' | 'bare'>): number => median(service) / median(bare);

const ms = (time: number): string => `${time.toFixed(1)} ms`;

const line = (what: string, rates: readonly number[]): string => `${what}: ${Math.round(median(rates))} (${[...rates].sort((one, other) => one - other).map(Math.round).join(' ')})`;

export function median(numbers: readonly number[]): number {
  const inOrder = [...numbers].sort((one, other) => one - other);
  const middle = Math.floor(inOrder.length / 2);
  return inOrder.length % 2 === 1 ? (inOrder[middle] ?? 0) : ((inOrder[middle - 1] ?? 0) + (inOrder[middle] ?? 0)) / 2;
}
