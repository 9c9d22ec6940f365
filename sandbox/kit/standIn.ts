// The common ground of all stand-ins: a strict little HTTP server that counts every request by kind and can be made to fail.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createFaults, type Fault, type FaultKind } from './faults';

export interface StandInRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly params: Readonly<Record<string, string>>;
}

export interface StandInAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string or Buffer as it is; nothing for 204. */
  readonly body?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Matched against the decoded path from its beginning to its end; named groups become `params`. */
  readonly path: RegExp;
  /** The name under which the request is counted and by which a fault finds it; a function may look at the request. */
  readonly kind: string | ((request: StandInRequest) => string);
  /** Requests of the stand-in's own control are neither counted nor made to fail. */
  readonly control?: true;
  handle(request: StandInRequest): StandInAnswer | Promise<StandInAnswer>;
}

export interface StandInOptions {
  readonly name: string;
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port?: number;
  /** How this system words a refusal that a fault asks for (429, 503, 500). */
  refuse(fault: FaultKind, retryAfter: number | undefined): StandInAnswer;
  readonly maxBodyBytes?: number;
}

export interface CountedRequest {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | 'dropped' | 'hanging';
  readonly at: number;
  readonly ms: number;
}

export interface StandInServer {
  readonly url: string;
  readonly port: number;
  /** Requests since the last reset, by kind. */
  counts(): Record<string, number>;
  requests(): readonly CountedRequest[];
  /** Told of every counted request once it is answered, for as long as the stand-in runs. */
  onRequest(listener: (request: CountedRequest) => void): void;
  resetRequests(): void;
  addFault(fault: Fault): string;
  clearFaults(id?: string): void;
  close(): Promise<void>;
}

const REMEMBERED_REQUESTS = 20_000;

/** Starts a stand-in. @throws when the port is taken, naming it. */
export async function startStandIn(options: StandInOptions, routes: readonly Route[]): Promise<StandInServer> {
  const faults = createFaults();
  const counts = new Map<string, number>();
  const seen: CountedRequest[] = [];
  const listeners: ((request: CountedRequest) => void)[] = [];
  const sockets = new Set<Socket>();
  const release = new Set<() => void>();
  const reset = (): void => {
    counts.clear();
    seen.length = 0;
  };
  const all = [...routes, ...controlRoutes(counts, seen, faults, reset)];

  const answerOne = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = Date.now();
    const body = await readBody(incoming, options.maxBodyBytes ?? 20 * 1024 * 1024);
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'stand-in'}`);
    const found = match(all, incoming.method ?? 'GET', url, body, incoming);
    if (!found) return send(response, { status: 404, body: { error: { code: 'itemNotFound', message: `${options.name} has no ${incoming.method} ${url.pathname}` } } });
    const { route, request } = found;
    if (route.control) return send(response, await route.handle(request));

    const kind = typeof route.kind === 'string' ? route.kind : route.kind(request);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const note = (status: CountedRequest['status']): void => {
      const counted: CountedRequest = { kind, method: request.method, path: url.pathname + url.search, status, at: started, ms: Date.now() - started };
      seen.push(counted);
      if (seen.length > REMEMBERED_REQUESTS) seen.shift();
      for (const listener of listeners) listener(counted);
    };
    const fault = faults.take(kind);
    if (fault?.kind === 'slow') await sleep(fault.ms ?? 1_000);
    if (fault?.kind === 'drop') return note('dropped'), void incoming.socket.destroy();
    if (fault?.kind === 'hang') {
      note('hanging');
      return new Promise((resolve) => {
        const let_go = (): void => (release.delete(let_go), incoming.socket.destroy(), resolve());
        release.add(let_go);
        incoming.socket.once('close', let_go);
      });
    }
    if (fault?.kind === '429' || fault?.kind === '503' || fault?.kind === '500') {
      const refusal = byClock(options.refuse(fault.kind, fault.retryAfter), fault.clockOffMs);
      note(refusal.status);
      return send(response, refusal);
    }
    const answer = await route.handle(request);
    if (fault?.kind === 'dropAfterEffect') return note('dropped'), void incoming.socket.destroy();
    if (fault?.kind === 'lateAnswer') await sleep(fault.ms ?? 1_000);
    note(answer.status);
    send(response, answer);
  };

  const server = createServer((incoming, response) => {
    answerOne(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, body: { error: { code: 'generalException', message: String(error instanceof Error ? error.stack : error) } } });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listen(server, options);
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}`,
    port,
    counts: () => Object.fromEntries(counts),
    requests: () => seen,
    onRequest: (listener) => void listeners.push(listener),
    resetRequests: reset,
    addFault: faults.add,
    clearFaults(id) {
      faults.clear(id);
      if (id === undefined) for (const letGo of [...release]) letGo();
    },
    close: () =>
      new Promise((resolve) => {
        for (const letGo of [...release]) letGo();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A refusal whose times are dates of a clock that is off. */
function byClock(refusal: StandInAnswer, offMs: number | undefined): StandInAnswer {
  const seconds = refusal.headers?.['retry-after'];
  if (offMs === undefined || seconds === undefined) return refusal;
  const now = Date.now() + offMs;
  return { ...refusal, headers: { ...refusal.headers, date: new Date(now).toUTCString(), 'retry-after': new Date(now + Number(seconds) * 1_000).toUTCString() } };
}

function controlRoutes(counts: Map<string, number>, seen: CountedRequest[], faults: ReturnType<typeof createFaults>, reset: () => void): Route[] {
  return [
    { method: 'GET', path: /^\/__sandbox\/requests$/, kind: '', control: true, handle: () => ({ status: 200, body: { counts: Object.fromEntries(counts), requests: seen } }) },
    { method: 'DELETE', path: /^\/__sandbox\/requests$/, kind: '', control: true, handle: () => (reset(), { status: 204 }) },
    { method: 'GET', path: /^\/__sandbox\/faults$/, kind: '', control: true, handle: () => ({ status: 200, body: { faults: faults.list() } }) },
    { method: 'POST', path: /^\/__sandbox\/faults$/, kind: '', control: true, handle: (request) => ({ status: 200, body: { id: faults.add(JSON.parse(request.body.toString('utf8')) as Fault) } }) },
    { method: 'DELETE', path: /^\/__sandbox\/faults(?:\/(?<id>.+))?$/, kind: '', control: true, handle: (request) => (faults.clear(request.params.id), { status: 204 }) },
  ];
}

function match(routes: readonly Route[], method: string, url: URL, body: Buffer, incoming: IncomingMessage): { route: Route; request: StandInRequest } | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    path = url.pathname;
  }
  for (const route of routes) {
    if (route.method !== method) continue;
    const hit = route.path.exec(path);
    if (hit) return { route, request: { method, url, headers: flatten(incoming), body, params: { ...hit.groups } } };
  }
  return undefined;
}

const flatten = (incoming: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));

function readBody(incoming: IncomingMessage, max: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > max) reject(new Error(`body over ${max} bytes`));
      else chunks.push(chunk);
    });
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('error', reject);
  });
}

function send(response: ServerResponse, answer: StandInAnswer): void {
  const { body } = answer;
  const raw = body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const type = raw === undefined ? {} : { 'content-type': Buffer.isBuffer(raw) ? 'application/octet-stream' : 'application/json; charset=utf-8' };
  response.writeHead(answer.status, { date: new Date().toUTCString(), ...type, ...answer.headers });
  response.end(raw);
}

function listen(server: Server, options: StandInOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`${options.name}: port ${options.port} is taken. Stop the program that uses it.`) : error),
    );
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
