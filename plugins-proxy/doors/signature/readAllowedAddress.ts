// The Partner Center door, signature check: may this address be called at all? Decided on its letters, before any DNS.
import { refuse } from './verdict';
import type { Refused } from './verdict';

/** An address that may be fetched. */
export interface AllowedAddress {
  type: 'allowed';
  url: URL;
}

/**
 * Accepts an address only when its scheme, host and port are written exactly as one of the allowed origins.
 * What a URL parser would tidy into an allowed origin (numbers for an IP address, percent signs, tabs, backslashes,
 * user info) counts as another origin: a check and a client that tidy differently are how such lists are passed by.
 * A query or a fragment is refused: neither belongs to a published certificate, and each would be a cache entry of its own.
 * @param raw the address as sent
 * @param origins allowed origins, `https://host[:port]`; `http` only because an origin in the list says so
 * @returns the address, or 400 (no address at all) or 401 (not an allowed one)
 */
export function readAllowedAddress(raw: string, origins: readonly string[]): AllowedAddress | Refused {
  if (/[^\x21-\x7e]|\\/.test(raw)) return refuse(400, 'the certificate address has characters that no address has');
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  const written = /^([a-z]+):\/\/([^/?#]*)/i.exec(raw);
  if (url === undefined || written === null) return refuse(400, 'the certificate address is not an address');
  const scheme = written[1]!.toLowerCase();
  const origin = `${scheme}://${withoutDefaultPort(scheme, written[2]!.toLowerCase())}`;
  if (origin !== url.origin || !origins.some((allowed) => sameOrigin(allowed, url))) {
    return refuse(401, 'the certificate address is not at an allowed origin');
  }
  if (/[?#]/.test(raw)) return refuse(401, 'the certificate address has a query or a fragment');
  return { type: 'allowed', url };
}

function withoutDefaultPort(scheme: string, authority: string): string {
  return authority.replace(scheme === 'https' ? /:443$/ : /:80$/, '');
}

function sameOrigin(allowed: string, url: URL): boolean {
  return URL.canParse(allowed) && new URL(allowed).origin === url.origin && /^https?:$/.test(url.protocol);
}
