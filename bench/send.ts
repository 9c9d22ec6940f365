// Bench: one request on connections that stay open, and nothing around it.
import { request, type Agent, type OutgoingHttpHeaders } from 'node:http';

export interface Sent {
  readonly status: number;
  readonly etag: string;
  readonly text: string;
}

/** A connection that the server closed while it stood idle is no accident: once more, as Node's documentation of `reusedSocket` advises. @throws when the connection breaks */
export async function send(agent: Agent, method: string, url: string, headers: OutgoingHttpHeaders, body?: string): Promise<Sent> {
  try {
    return await sendOnce(agent, method, url, headers, body);
  } catch (accident) {
    if (!(accident instanceof IdleClosed)) throw accident;
    return sendOnce(agent, method, url, headers, body);
  }
}

class IdleClosed extends Error {}

function sendOnce(agent: Agent, method: string, url: string, headers: OutgoingHttpHeaders, body?: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { method, agent, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, etag: answer.headers.etag ?? '', text: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.once('error', (accident: NodeJS.ErrnoException) => reject(outgoing.reusedSocket && accident.code === 'ECONNRESET' ? new IdleClosed(accident.message) : accident)).end(body);
  });
}
