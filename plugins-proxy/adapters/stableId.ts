// Ids that we choose ourselves, for every adapter: the same name, the same id, on every machine.
import { createHash } from 'node:crypto';

/** Our own namespace for ids made from names; changing it would make second records for old referrals. */
const NAMESPACE = 'b6e0b7a4-52d1-5c1e-9a63-6f3d0c1f7e21';

/** UUIDv5 (RFC 9562, 5.5) of a name in our namespace. */
export function stableId(name: string): string {
  const bytes = createHash('sha1').update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex')).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return dashed(bytes.toString('hex'));
}

/** 32 hexadecimal digits as a GUID. */
export const dashed = (hex: string): string => [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
