// The Partner Center door, signature check: from the signing certificate up to a trusted root.
import type { CertificateFacts } from './certificateFacts';
import { intermediateFault, rootFault } from './certificateRules';
import type { TrustedRoots } from './trustedRoots';

/** `chain`: leaf first, root last. `incomplete`: nobody at hand has the name that signed these. `broken`: somebody has, and is not fit. */
export type ChainSearch =
  | { type: 'chain'; chain: CertificateFacts[] }
  | { type: 'incomplete'; missing: CertificateFacts[] }
  | { type: 'broken'; reason: string };

const longestChain = 6;
const mostSignatureChecks = 60;

/**
 * Looks for a chain in which every issuer is a CA that may sign, valid now, with room in its path length, and in which
 * every signature verifies. `node:crypto` alone would accept a leaf that signs another leaf, so CA flag, key usage,
 * path length and dates are asked here, certificate by certificate.
 * @param leaf a certificate that passed `leafFault`
 * @param pool untrusted certificates that may stand between
 */
export function findChain(leaf: CertificateFacts, pool: readonly CertificateFacts[], roots: TrustedRoots, now: Date): ChainSearch {
  const search = { pool, roots, now, checksLeft: mostSignatureChecks, missing: new Set<CertificateFacts>(), faults: [] as string[] };
  const chain = climb([leaf], search);
  if (chain !== undefined) return { type: 'chain', chain };
  const reason = search.faults[0];
  if (reason !== undefined) return { type: 'broken', reason };
  return { type: 'incomplete', missing: [...search.missing] };
}

interface Search {
  pool: readonly CertificateFacts[];
  roots: TrustedRoots;
  now: Date;
  checksLeft: number;
  missing: Set<CertificateFacts>;
  faults: string[];
}

function climb(chain: CertificateFacts[], search: Search): CertificateFacts[] | undefined {
  const top = chain[chain.length - 1]!;
  const caBelow = chain.slice(1).filter((one) => one.subject !== one.issuer).length;
  const roots = search.roots.named(top);
  for (const root of roots) {
    if (fits(top, root, rootFault(root, caBelow, search.now), search)) return [...chain, root];
  }
  const issuers = search.pool.filter((one) => one.subject === top.issuer && !chain.includes(one));
  for (const issuer of chain.length < longestChain ? issuers : []) {
    if (!fits(top, issuer, intermediateFault(issuer, caBelow, search.now), search)) continue;
    const whole = climb([...chain, issuer], search);
    if (whole !== undefined) return whole;
  }
  if (roots.length + issuers.length === 0) search.missing.add(deadEnd(chain));
  return undefined;
}

// A root of its own that nobody trusts has no issuer to fetch; the one below may name a cross-signed one of that name.
function deadEnd(chain: CertificateFacts[]): CertificateFacts {
  const top = chain[chain.length - 1]!;
  return top.subject === top.issuer ? (chain[chain.length - 2] ?? top) : top;
}

function fits(subject: CertificateFacts, issuer: CertificateFacts, fault: string | undefined, search: Search): boolean {
  const reason = fault ?? signatureFault(subject, issuer, search);
  if (reason !== undefined) search.faults.push(reason);
  return reason === undefined;
}

function signatureFault(subject: CertificateFacts, issuer: CertificateFacts, search: Search): string | undefined {
  search.checksLeft -= 1;
  if (search.checksLeft < 0) return 'the chain has too many branches';
  const signed = subject.certificate.checkIssued(issuer.certificate) && subject.certificate.verify(issuer.publicKey);
  return signed ? undefined : 'a certificate was not signed by the issuer it names';
}
