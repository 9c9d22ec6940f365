// The Partner Center door, signature check: the intermediate that a lone leaf needs, from the address the leaf names.
import { createBoundedCache } from './boundedCache';
import { certificateFacts } from './certificateFacts';
import type { CertificateFacts } from './certificateFacts';
import { fetchBounded } from './fetchBounded';
import type { FetchLimits, Fetched } from './fetchBounded';
import { readAllowedAddress } from './readAllowedAddress';
import { readCertificates } from './readCertificates';
import { shareFetches } from './shareFetches';
import { refuse } from './verdict';
import type { Refused } from './verdict';

/** Issuers by AIA (RFC 5280, 4.2.2.1). */
export interface IssuerSource {
  /** Fetches the issuers that these certificates name; what it returns is untrusted until a chain holds it. */
  fetchFor(certificates: readonly CertificateFacts[]): Promise<{ type: 'issuers'; issuers: CertificateFacts[]; addresses: string[] } | Refused>;
  /** Keeps what came from these addresses for a day, because a chain to a root was found with it. */
  keep(addresses: readonly string[]): void;
}

const mostAddresses = 4;
const mostAtOnce = 8;
const provenLifeMs = 24 * 3600_000;
// The addresses are plain http: what somebody on the way put there must not stay longer than a moment.
const unprovenLifeMs = 2_000;

/** Creates the source. Only addresses at `origins` are called; the others are passed over. */
export function createIssuerSource(origins: readonly string[], limits: FetchLimits, now: () => Date): IssuerSource {
  const cache = createBoundedCache<Fetched>(64, now);
  const busy = (): Fetched => ({ type: 'unavailable', reason: 'too many certificates are being fetched' });
  const fetchShared = shareFetches(mostAtOnce, async (key, url: URL) => {
    const fetched = await fetchBounded(url, limits);
    cache.set(key, fetched, unprovenLifeMs);
    return fetched;
  }, busy);
  const fetchOne = async (url: URL): Promise<Fetched> => cache.get(url.href) ?? fetchShared(url.href, url);
  return {
    fetchFor: async (certificates) => {
      const urls = allowedAddresses(certificates, origins);
      if (urls.length === 0) return refuse(401, 'the chain does not reach a trusted root, and no allowed address leads to the missing issuer');
      return gather(urls, await Promise.all(urls.map(fetchOne)));
    },
    keep: (addresses) => {
      for (const address of addresses) {
        const fetched = cache.get(address);
        if (fetched?.type === 'bytes') cache.set(address, fetched, provenLifeMs);
      }
    },
  };
}

function allowedAddresses(certificates: readonly CertificateFacts[], origins: readonly string[]): URL[] {
  const named = new Set(certificates.flatMap((one) => one.caIssuers));
  const read = [...named].slice(0, 16).map((address) => readAllowedAddress(address, origins));
  return read.flatMap((address) => (address.type === 'allowed' ? [address.url] : [])).slice(0, mostAddresses);
}

function gather(urls: URL[], answers: Fetched[]): { type: 'issuers'; issuers: CertificateFacts[]; addresses: string[] } | Refused {
  const bytes = answers.flatMap((answer) => (answer.type === 'bytes' ? [answer.bytes] : []));
  const issuers = bytes.flatMap(readCertificates).flatMap((certificate) => certificateFacts(certificate) ?? []);
  if (issuers.length > 0) return { type: 'issuers', issuers, addresses: urls.map((url) => url.href) };
  const unavailable = answers.find((answer) => answer.type === 'unavailable');
  if (unavailable !== undefined) return refuse(503, `the issuer's certificate cannot be had: ${unavailable.reason}`);
  const forbidden = answers.find((answer) => answer.type === 'forbidden');
  return refuse(401, forbidden === undefined ? "the issuer's address holds no certificate" : `the issuer's certificate is not taken: ${forbidden.reason}`);
}
