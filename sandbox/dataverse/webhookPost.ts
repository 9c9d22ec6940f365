// One webhook call: the endpoint's own authentication, the headers Dataverse adds, one more try where it makes one.
import type { Row } from './rowStore';
import type { Message } from './executionContext';
import { Problem } from './problem';

export interface WebhookCall {
  readonly endpoint: Row;
  readonly message: Message;
  readonly organization: string;
  readonly table: string;
  readonly request: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A status, or why there was none. */
export type Outcome = number | 'timeout' | 'unreachable';

/** Answers each try's outcome; the last one counts. One extra attempt, and only for 502, 503 and 504 (dataverse.md section 3). */
export async function postWebhook(call: WebhookCall): Promise<readonly Outcome[]> {
  const first = await tryOnce(call);
  return first === 502 || first === 503 || first === 504 ? [first, await tryOnce(call)] : [first];
}

export const isAccepted = (outcome: Outcome | undefined): boolean => typeof outcome === 'number' && outcome >= 200 && outcome < 300;

async function tryOnce(call: WebhookCall): Promise<Outcome> {
  const { url, headers } = addressed(call.endpoint);
  const timeout = AbortSignal.timeout(call.timeoutMs);
  try {
    const answer = await fetch(url, {
      method: 'POST', redirect: 'manual', body: call.message.body, signal: AbortSignal.any([timeout, call.signal]),
      headers: {
        'content-type': 'application/json; charset=utf-8', ...headers,
        'x-ms-dynamics-organization': call.organization, 'x-ms-dynamics-entity-name': call.table, 'x-ms-dynamics-request-name': call.request, 'x-ms-correlation-request-id': call.message.correlationId,
        ...(call.message.exceeded ? { 'x-ms-dynamics-msg-size-exceeded': 'true' } : {}),
      },
    });
    // Only the status is read, never the body (dataverse.md section 3).
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return timeout.aborted ? 'timeout' : 'unreachable';
  }
}

function addressed(endpoint: Row): { url: string; headers: Readonly<Record<string, string>> } {
  const url = new URL(String(endpoint.cells.url));
  const value = String(endpoint.cells.authvalue ?? '');
  // Types: 4 WebhookKey (bare string), 5 HttpHeader, 6 HttpQueryString (dataverse.md section 1.8).
  if (endpoint.cells.authtype === 4) url.searchParams.set('code', value);
  if (endpoint.cells.authtype === 6) for (const [name, setting] of readAuthSettings(value)) url.searchParams.set(name, setting);
  return { url: url.href, headers: endpoint.cells.authtype === 5 ? Object.fromEntries(readAuthSettings(value)) : {} };
}

const SETTING = /<setting name="(?<name>[^"<>]+)" value="(?<value>[^"<>]*)"\s*\/>/g;

/** Reads `<settings><setting name="h" value="v"/></settings>`. @throws Problem 400 when it is anything else. */
export function readAuthSettings(xml: string): readonly (readonly [string, string])[] {
  const inner = /^\s*<settings>(?<inner>.*)<\/settings>\s*$/s.exec(xml)?.groups?.inner;
  const found = [...(inner ?? '').matchAll(SETTING)].map((hit) => [unescapeXml(hit.groups?.name ?? ''), unescapeXml(hit.groups?.value ?? '')] as const);
  if (inner === undefined || found.length === 0 || inner.replaceAll(SETTING, '').trim() !== '') throw new Problem(400, '0x8004a10e', 'AuthValue is Invalid');
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/g, (_whole, name: string) => ENTITIES[name] ?? '');
