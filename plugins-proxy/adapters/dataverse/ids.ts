// Ids of Dataverse rows: one form for comparing.
import { dashed } from '../stableId';

/** A guid in lower case without braces, from any usual way of writing it; `null` when it is none. */
export function canonicalId(text: string): string | null {
  const hex = text.trim().replace(/^\{(.*)\}$/, '$1').toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(hex)) return hex;
  return /^[0-9a-f]{32}$/.test(hex) ? dashed(hex) : null;
}
