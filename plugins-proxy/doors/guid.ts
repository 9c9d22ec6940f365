// GUIDs as events write them: plain, in braces, in any case, or wrapped by the serializer.
import { isRecord } from './parseJson';

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;
const EMPTY = '00000000-0000-0000-0000-000000000000';

/** Lower case without braces; `undefined` when it is none, or the empty one. Captures show `{"__type":"Guid:#System","__value":"…"}` too. */
export function toGuid(value: unknown): string | undefined {
  const text = isRecord(value) ? value.__value : value;
  const found = typeof text === 'string' ? GUID.exec(text.trim())?.[1]?.toLowerCase() : undefined;
  return found === EMPTY ? undefined : found;
}
