// The Partner Center door, signature check: a second, independent opinion on a chain that was found.
import { webcrypto } from 'node:crypto';
import { CertificateChainValidationEngine, CryptoEngine } from 'pkijs';
import type { CertificateFacts } from './certificateFacts';

const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });

/**
 * Lets the chain engine of pkijs walk the same chain: it adds name constraints and policies (RFC 5280, 6.1), and a
 * mistake in one of the two checks alone lets nobody in.
 * @param chain leaf first, root last
 * @returns whether the engine accepts it
 */
export async function confirmChain(chain: readonly CertificateFacts[], now: Date): Promise<boolean> {
  const certificates = chain.map((one) => one.parsed);
  const validation = new CertificateChainValidationEngine({
    trustedCerts: certificates.slice(-1),
    certs: certificates.slice(0, -1).reverse(), // the engine takes the last one as the leaf
    checkDate: now,
  });
  const outcome = await validation.verify({}, engine);
  return outcome.result;
}
