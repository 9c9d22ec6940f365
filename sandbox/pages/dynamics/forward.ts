// A seller's Dynamics 365: the Web API at the pages' own address, as in a real environment. The seller's token stays on the server.
import { PageProblem, type PageAnswer, type PageRequest, type PageRoute } from '../server/pageServer';

/** Headers that a client of the Web API may send, and those of an answer that it may see. */
const SENT = ['accept', 'content-type', 'if-match', 'if-none-match', 'prefer'] as const;
const SEEN = ['content-type', 'etag', 'location', 'odata-entityid', 'odata-version', 'preference-applied', 'retry-after'] as const;

/** @param url the environment @param token who is signed in */
export const webApiRoute = (url: string, token: () => string): PageRoute => ({ method: 'ANY', path: /^\/api\/data\/v9\.[0-2]\/.+$/, handle: (request) => forward(request, url, token()) });

async function forward(request: PageRequest, url: string, token: string): Promise<PageAnswer> {
  const body = request.method === 'GET' || request.method === 'DELETE' ? undefined : await request.body();
  const headers = Object.fromEntries(SENT.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]])));
  try {
    const answer = await fetch(url + request.url.pathname + request.url.search, { method: request.method, headers: { ...headers, authorization: `Bearer ${token}` }, ...(body === undefined || body.length === 0 ? {} : { body }) });
    const seen = Object.fromEntries(SEEN.flatMap((name) => (answer.headers.get(name) === null ? [] : [[name, answer.headers.get(name) ?? '']])));
    return { status: answer.status, headers: { ...seen, 'cache-control': 'no-store' }, body: Buffer.from(await answer.arrayBuffer()) };
  } catch {
    throw new PageProblem(502, 'Dynamics 365 (stand-in) does not answer.');
  }
}
