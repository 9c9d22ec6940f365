// Opportunity form: the Web API as the platform's own page asks it.
import type { Row } from './values';

/** A refusal, in the shape that the Client API hands on. */
export class WebApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The platform's number, as a number. */
    readonly errorCode: number,
    readonly raw: string,
  ) {
    super(message);
  }
}

const BASE = '/api/data/v9.2/';

/** @param path below the Web API's root @throws WebApiProblem for a refusal, and when nobody answers */
export async function callWebApi(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const answer = await send(method, path, body, headers);
  if (answer.ok) return answer;
  const raw = await answer.text();
  throw new WebApiProblem(answer.status, messageOf(raw) ?? `${answer.status}`, codeOf(raw), raw);
}

async function send(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await fetch(BASE + path, { method, headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch (error) {
    throw new WebApiProblem(0, error instanceof Error ? error.message : 'The network does not answer.', 0, '');
  }
}

export const readRow = async (path: string): Promise<Row> => (await (await callWebApi('GET', path, undefined, { prefer: 'odata.include-annotations="*"' })).json()) as Row;

export const readRows = async (path: string): Promise<readonly Row[]> => ((await readRow(path)) as { value?: readonly Row[] }).value ?? [];

export const idOf = (answer: Response): string => /\(([^()]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? '';

function messageOf(raw: string): string | undefined {
  try {
    return (JSON.parse(raw) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}

/** `0x80040220` as the signed number that the Client API gives. */
function codeOf(raw: string): number {
  const hex = /"code":"0x(?<hex>[0-9a-f]+)"/i.exec(raw)?.groups?.hex;
  return hex === undefined ? 0 : Number.parseInt(hex, 16) | 0;
}
