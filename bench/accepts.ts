// Bench: how fast and how surely the door takes bells. An answer of 202 means that the bell is on the disk.
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookKey } from './identities';
import { send } from './send';

export interface Accepts {
  /** As many as it takes in, by connections that never wait. */
  readonly perSecond: number;
  readonly paced: Paced;
}

export interface Paced {
  /** What was asked for, and what was accepted, per second. */
  readonly rate: number;
  readonly accepted: number;
  /** Milliseconds from the moment at which the bell should have been sent until its answer, so that a queue before the door counts too. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

const CONNECTIONS = 64;

/**
 * Every bell is about another record, so that none of them is spared its row; the service works on them meanwhile.
 * @param event a bell as Dataverse words it
 * @throws when one is not answered with 202
 */
export async function measureAccepts(url: string, event: string, seconds: number, rate: number): Promise<Accepts> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const id = (JSON.parse(event) as { PrimaryEntityId: string }).PrimaryEntityId;
  const parts = event.split(new RegExp(id, 'i'));
  const ring = async (): Promise<void> => {
    const { status } = await send(agent, 'POST', `${url}/dataverse/events`, { 'content-type': 'application/json; charset=utf-8', 'x-cosell-key': webhookKey }, parts.join(randomUUID()));
    if (status !== 202) throw new Error(`The door answered ${status} to a bell.`);
  };
  try {
    await atPace(ring, 1, 100);
    const paced = await atPace(ring, seconds, rate);
    return { paced, perSecond: await asManyAsPossible(ring, seconds) };
  } finally {
    agent.destroy();
  }
}

async function atPace(ring: () => Promise<void>, seconds: number, rate: number): Promise<Paced> {
  const took: number[] = [];
  const asked: Promise<void>[] = [];
  const started = performance.now();
  for (let at = 0; at < seconds * rate; at += 1) {
    const due = started + (at * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    asked.push(ring().then(() => void took.push(performance.now() - due)));
  }
  await Promise.all(asked);
  const inOrder = took.sort((one, other) => one - other);
  const share = (of: number): number => inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * of))] ?? 0;
  return { rate, accepted: (took.length / (performance.now() - started)) * 1_000, p50: share(0.5), p99: share(0.99), worst: share(1) };
}

async function asManyAsPossible(ring: () => Promise<void>, seconds: number): Promise<number> {
  let accepted = 0;
  const started = performance.now();
  const one = async (): Promise<void> => {
    while (performance.now() - started < seconds * 1_000) {
      await ring();
      accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS / 2 }, one));
  return (accepted / (performance.now() - started)) * 1_000;
}
