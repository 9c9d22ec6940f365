// Command line: one question to the admin API of the running service.
import type { ProblemBody } from '../api/adminProblem';
import { CliProblem, ServiceUnreachable } from './cliProblem';
import type { ServicePlace } from './findService';

export interface ServiceClient {
  readonly place: ServicePlace;
  /** @throws ServiceUnreachable, CliProblem with the service's own code and message */
  get<T>(path: string, query?: Readonly<Record<string, string | number | undefined>>): Promise<T>;
  post<T>(path: string, body?: Readonly<Record<string, unknown>>): Promise<T>;
}

/** Longer than anything the service does while somebody waits (registering all steps in Dataverse). */
const PATIENCE = 120_000;

export function createServiceClient(place: ServicePlace): ServiceClient {
  const ask = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const answer = await send(place, method, path, body);
    const parsed = await bodyOf(answer, place.url);
    if (answer.ok) return parsed as T;
    throw refusal(answer.status, parsed, place.url);
  };
  return {
    place,
    get: (path, query = {}) => ask('GET', `${path}${queryText(query)}`),
    post: (path, body = {}) => ask('POST', path, body),
  };
}

async function send(place: ServicePlace, method: string, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(`${place.url}/api/v1${path}`, {
      method,
      // The token goes to this address and nowhere else.
      redirect: 'manual',
      headers: { authorization: `Bearer ${place.token}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw new CliProblem('service-slow', `The service at ${place.url} did not answer within ${PATIENCE / 1000} s. Look at its log, or start it again.`);
    throw new ServiceUnreachable(place.url);
  }
}

async function bodyOf(answer: Response, url: string): Promise<unknown> {
  try {
    return JSON.parse(await answer.text());
  } catch {
    throw new CliProblem('not-the-service', `What answers at ${url} (${answer.status}) is not this service, or something between changes its answers. Correct COSELL_PUBLIC_URL, or COSELL_HOST and COSELL_PORT.`);
  }
}

function refusal(status: number, body: unknown, url: string): CliProblem {
  const { code, message } = (body as Partial<ProblemBody> | null)?.error ?? {};
  if (status === 401) return new CliProblem('unauthorized', `The service at ${url} does not take this admin token. Set COSELL_ADMIN_TOKEN to the service's own, or run the command in its folder or with its COSELL_DATA_DIR.`);
  return new CliProblem(code ?? 'failed', message ?? `The service at ${url} answered ${status}. Look at its log.`);
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}
