// Calls through a gate: what waited for a sign-in sees a gate that closed meanwhile.
import { expect, test } from '@jest/globals';
import { gatedPartner } from '../../plugins-proxy/gated';
import { GateClosed, type Gates } from '../../plugins-proxy/ports/gates';
import type { PartnerPort } from '../../plugins-proxy/ports/partner';

const closedState = { type: 'closed', code: 'throttled', nextTryOn: '2027-01-01T00:00:00Z', since: '2027-01-01T00:00:00Z' } as const;

/** A gate that lets everything through until it is closed, then nothing. */
function createGate(): Gates & { close(): void } {
  let isClosed = false;
  return {
    close: () => void (isClosed = true),
    state: () => (isClosed ? closedState : { type: 'open' }),
    async guard(connection, call) {
      if (isClosed) throw new GateClosed(connection, closedState.code, closedState.nextTryOn);
      return call();
    },
  };
}

function createPartner(signIn?: () => Promise<void>): { readonly port: PartnerPort; readonly read: string[] } {
  const read: string[] = [];
  const port = { connection: 'partner-center', ...(signIn ? { signIn } : {}), read: async (id: string) => (read.push(id), { type: 'gone' as const }) };
  return { port: port as unknown as PartnerPort, read };
}

test('calls that wait for a sign-in are not made when the gate closes before it is done', async () => {
  const gate = createGate();
  let signedIn = (): void => undefined;
  const { port, read } = createPartner(() => new Promise((resolve) => (signedIn = resolve)));
  const waiting = Promise.allSettled([gatedPartner(port, gate).read('one')]);
  gate.close();
  signedIn();
  expect(await waiting).toMatchObject([{ status: 'rejected', reason: { name: 'GateClosed', code: 'throttled' } }]);
  expect(read).toEqual([]);
});

test('a refused sign-in is what the caller gets, and nothing is called', async () => {
  const { port, read } = createPartner(() => Promise.reject(new Error('refused')));
  await expect(gatedPartner(port, createGate()).read('one')).rejects.toThrow('refused');
  expect(read).toEqual([]);
});

test('through a closed gate nobody signs in', async () => {
  const gate = createGate();
  let signIns = 0;
  const { port } = createPartner(async () => void (signIns += 1));
  gate.close();
  await expect(gatedPartner(port, gate).read('one')).rejects.toBeInstanceOf(GateClosed);
  expect(signIns).toBe(0);
});

test('a port without a sign-in is called at once', async () => {
  const { port, read } = createPartner();
  await gatedPartner(port, createGate()).read('one');
  expect(read).toEqual(['one']);
});
