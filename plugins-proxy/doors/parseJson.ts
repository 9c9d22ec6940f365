// JSON from outside: nesting is counted before anything is built, so that a deep body costs one pass over its bytes.

/** Real contexts nest about 20 deep. */
const DEEPEST = 100;

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The object that a body holds, or `undefined` when it is not JSON, not an object, or nested too deep. */
export function parseJsonObject(body: Buffer): JsonRecord | undefined {
  if (isTooDeep(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

const QUOTE = 0x22, BACKSLASH = 0x5c, OPEN_BRACKET = 0x5b, CLOSE_BRACKET = 0x5d, OPEN_BRACE = 0x7b, CLOSE_BRACE = 0x7d;

/** UTF-8 never has these bytes inside a longer character, so bytes can be counted. */
function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth -= 1;
  }
  return false;
}
