// Ids of Dataverse rows: one form for comparing, and ids that we choose ourselves.
import { createHash } from 'node:crypto';

/** Our own namespace for ids made from names; changing it would make second records for old referrals. */
const NAMESPACE = 'b6e0b7a4-52d1-5c1e-9a63-6f3d0c1f7e21';

/** A guid in lower case without braces, from any usual way of writing it; `null` when it is none. */
export function canonicalId(text: string): string | null {
  const hex = text.trim().replace(/^\{(.*)\}$/, '$1').toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(hex)) return hex;
  return /^[0-9a-f]{32}$/.test(hex) ? dashed(hex) : null;
}

/** UUIDv5 (RFC 9562, 5.5) of a name in our namespace: the same name, the same id, on every machine. */
export function idFor(name: string): string {
  const bytes = createHash('sha1').update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex')).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return dashed(bytes.toString('hex'));
}

const dashed = (hex: string): string => [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
