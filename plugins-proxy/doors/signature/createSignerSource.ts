// The Partner Center door, signature check: the proven key for a certificate address, fetched as seldom as is safe.
//
// A proven signer is taken from memory for an hour; after that it is fetched again, and while it cannot be had (503)
// the old one serves on, up to a day and never beyond its dates. Microsoft renews a certificate at the same address: an
// event that the remembered key does not fit makes the door fetch again, at most once in ten seconds an address, so
// that forged events cannot be used to hammer the origin. A refusal is remembered for two seconds only, for the same
// reason, so that a certificate that was put right is believed at once. Refusals and signers are kept apart: an
// attacker's addresses never push a proven signer out.
import { createBoundedCache } from './boundedCache';
import { fetchBounded } from './fetchBounded';
import type { FetchLimits } from './fetchBounded';
import { proveSigner } from './proveSigner';
import type { Signer, SignerRules } from './proveSigner';
import { shareFetches } from './shareFetches';
import { refuse } from './verdict';
import type { Refused } from './verdict';

/** Where the door gets keys from. */
export interface SignerSource {
  /** The signer of this address, from memory or fetched and proven. */
  signerAt(url: URL): Promise<Signer | Refused>;
  /** Fetched again because an event did not fit; undefined when that was done a moment ago. */
  renewedAt(url: URL): Promise<Signer | Refused | undefined>;
}

const freshMs = 3600_000;
const staleMs = 24 * 3600_000;
const refusalMs = 2_000;
const renewalMs = 10_000;
const mostAtOnce = 16;

/** Creates the source; `limits` count for each fetch. */
export function createSignerSource(limits: FetchLimits, rules: SignerRules): SignerSource {
  const fresh = createBoundedCache<Signer>(32, rules.now);
  const stale = createBoundedCache<Signer>(32, rules.now);
  const refusals = createBoundedCache<Refused>(256, rules.now);
  const renewals = createBoundedCache<true>(256, rules.now);
  const busy = (): Signer | Refused => refuse(503, 'too many certificates are being fetched');
  const load = shareFetches(mostAtOnce, async (key, url: URL) => {
    const outcome = await fetchSigner(url, limits, rules);
    renewals.set(key, true, renewalMs);
    if (outcome.type === 'refused') refusals.set(key, outcome, refusalMs);
    else for (const [cache, life] of [[fresh, freshMs], [stale, staleMs]] as const) cache.set(key, outcome, life);
    return outcome;
  }, busy);
  return {
    async signerAt(url) {
      const held = inDate(fresh.get(url.href), rules.now());
      if (held !== undefined) return held;
      const outcome = refusals.get(url.href) ?? (await load(url.href, url));
      const old = inDate(stale.get(url.href), rules.now());
      return outcome.type === 'refused' && outcome.status === 503 && old !== undefined ? old : outcome;
    },
    renewedAt: async (url) => (renewals.get(url.href) === undefined ? load(url.href, url) : undefined),
  };
}

async function fetchSigner(url: URL, limits: FetchLimits, rules: SignerRules): Promise<Signer | Refused> {
  const fetched = await fetchBounded(url, limits);
  if (fetched.type === 'unavailable') return refuse(503, `the signing certificate cannot be had: ${fetched.reason}`);
  if (fetched.type === 'forbidden') return refuse(401, `the signing certificate is not taken: ${fetched.reason}`);
  return proveSigner(fetched.bytes, rules);
}

function inDate(signer: Signer | undefined, now: Date): Signer | undefined {
  return signer !== undefined && now >= signer.validFrom && now <= signer.validUntil ? signer : undefined;
}
