// An admin API that answers by script and remembers what it was asked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly call: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface ScriptedService {
  readonly url: string;
  readonly port: number;
  readonly asked: Asked[];
  /** By `GET /links`; `status` 200 unless told. What is not scripted is a 404. */
  script: Record<string, unknown>;
  close(): Promise<void>;
}

export const answer = (status: number, body: unknown, headers: Record<string, string> = {}): object => ({ scripted: true, status, body, headers });

export async function startScriptedService(): Promise<ScriptedService> {
  const asked: Asked[] = [];
  const service = { asked, script: {} as Record<string, unknown>, url: '', port: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const call = `${request.method} ${(request.url ?? '').replace(/^\/api\/v1/, '')}`;
      asked.push({ call, authorization: request.headers.authorization, body: body === '' ? undefined : JSON.parse(body) });
      const scripted = service.script[call] ?? service.script[call.replace(/\?.*/, '')] ?? answer(404, { error: { code: 'not-scripted', message: 'There is nothing at this address.' } });
      const { status, body: said, headers } = (scripted as { scripted?: true }).scripted ? (scripted as { status: number; body: unknown; headers: Record<string, string> }) : { status: 200, body: scripted, headers: {} };
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.port = (server.address() as AddressInfo).port;
  service.url = `http://127.0.0.1:${service.port}`;
  return Object.assign(service, {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
