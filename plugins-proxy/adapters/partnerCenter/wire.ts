// Reading what Partner Center answers: member names in any case, members missing, objects where arrays were promised.
import { decodeEntities, type Json } from '../../../core/index';

export type JsonObject = Readonly<Record<string, Json>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member by its name in any case (PascalCase occurs in samples beside camelCase); `null` when it is not there. */
export function memberOf(value: Json | undefined, name: string): Json {
  if (!isObject(value)) return null;
  if (Object.hasOwn(value, name)) return value[name] ?? null;
  const wanted = name.toLowerCase();
  const found = Object.keys(value).find((key) => key.toLowerCase() === wanted);
  return found === undefined ? null : (value[found] ?? null);
}

/** A member of a member: `at(referral, 'details', 'notes')`. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json => path.reduce<Json>((inner, name) => memberOf(inner, name), value ?? null);

/** Text with one round of HTML encoding undone (`&amp;` occurs in captured names); `null` when there is none. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string | null {
  const raw = rawTextAt(value, ...path);
  return raw === null ? null : decodeEntities(raw);
}

/** Text as it stands: ids, eTags, codes. */
export function rawTextAt(value: Json | undefined, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** A list; a single object counts as a list of one, and an empty object as none (`ids` comes as `{}` or `[]`). */
export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  if (Array.isArray(found)) return found as readonly Json[];
  return isObject(found) && Object.keys(found).length > 0 ? [found] : [];
}

/** A yes or no, also as text (`"True"` in old samples); `null` when it is neither. */
export function flagAt(value: Json | undefined, ...path: readonly string[]): boolean | null {
  const found = at(value, ...path);
  if (typeof found === 'boolean') return found;
  if (typeof found !== 'string') return null;
  const word = found.trim().toLowerCase();
  if (word === 'true') return true;
  return word === 'false' ? false : null;
}
