// The pages of the try-out, at their door: a small HTTP server for the browser of the person who started it, and for nobody else.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface PageRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Named groups of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** Read when asked for; up to 1 MiB. */
  body(): Promise<Buffer>;
}

export interface PageAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. A function keeps the answer open and writes to it until what it returns is called. */
  readonly body?: string | Buffer | object | ((write: (text: string) => void) => () => void);
}

export interface PageRoute {
  readonly method: 'GET' | 'POST' | 'ANY';
  readonly path: RegExp;
  handle(request: PageRequest): PageAnswer | Promise<PageAnswer>;
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

const LARGEST_BODY = 1024 * 1024;
/** Styles: Fluent writes its own into the page, and so does React. Everything else comes from this server. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A refusal on its way out; thrown by routes, answered as JSON that pages can show. */
export class PageProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** @param port 0 picks a free one @throws when the port is taken */
export async function startPageServer(routes: readonly PageRoute[], port: number): Promise<PageServer> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => void answer(routes, incoming, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const taken = await listen(server, port);
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function answer(routes: readonly PageRoute[], incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    refuseStrangers(incoming);
    const url = new URL(incoming.url ?? '/', 'http://pages');
    const found = find(routes, incoming.method ?? 'GET', url);
    if (!found) throw new PageProblem(404, `There is no ${incoming.method} ${url.pathname}.`);
    send(incoming, response, await found.route.handle({ method: incoming.method ?? 'GET', url, headers: headersOf(incoming), params: found.params, body: () => readBody(incoming) }));
  } catch (error) {
    const problem = error instanceof PageProblem ? error : new PageProblem(500, error instanceof Error ? error.message : 'Something went wrong.');
    if (!response.headersSent) send(incoming, response, { status: problem.status, body: { error: { message: problem.message } } });
    else response.destroy();
  }
}

/** Another page that the same browser has open must not work here: neither by a name that leads to this address, nor by a form or script of its own. */
function refuseStrangers({ method, headers }: IncomingMessage): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (host !== '127.0.0.1' && host !== 'localhost' && host !== '[::1]') throw new PageProblem(403, 'The try-out answers at 127.0.0.1 only.');
  const isRead = method === 'GET' || method === 'HEAD';
  const isForeign = headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
  if (!isRead && (isForeign || (headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin')) throw new PageProblem(403, 'Only the try-out’s own pages may change something here.');
}

function find(routes: readonly PageRoute[], method: string, url: URL): { route: PageRoute; params: Record<string, string> } | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  for (const route of routes) {
    const hit = route.method === method || route.method === 'ANY' ? route.path.exec(path) : null;
    if (hit) return { route, params: { ...hit.groups } };
  }
  return undefined;
}

const headersOf = (incoming: IncomingMessage): Record<string, string> => Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new PageProblem(413, 'That is too much at once.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(incoming: IncomingMessage, response: ServerResponse, { status = 200, headers = {}, body }: PageAnswer): void {
  const safe = { 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' };
  if (typeof body === 'function') {
    response.writeHead(status, { ...safe, ...headers });
    const end = body((text) => void response.write(text));
    incoming.once('close', end);
    return;
  }
  if (status === 200 && headers.etag !== undefined && incoming.headers['if-none-match'] === headers.etag) return void response.writeHead(304, { ...safe, ...headers }).end();
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined;
  const type: Record<string, string> = isRaw ? {} : { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, { ...safe, ...type, ...headers });
  response.end(isRaw ? body : JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new Error(`The pages of the try-out: port ${port} is taken. Stop the program that uses it.`) : error));
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
