// The Partner Center door, signature check: from downloaded bytes to a key that Microsoft vouches for.
import type { KeyObject } from 'node:crypto';
import { certificateFacts } from './certificateFacts';
import type { CertificateFacts } from './certificateFacts';
import { leafFault } from './certificateRules';
import { confirmChain } from './confirmChain';
import type { IssuerSource } from './createIssuerSource';
import { findChain } from './findChain';
import { readCertificates } from './readCertificates';
import type { TrustedRoots } from './trustedRoots';
import { refuse } from './verdict';
import type { Refused } from './verdict';

/** A proven signing key and the time in which every certificate of its chain is valid. */
export interface Signer {
  type: 'signer';
  publicKey: KeyObject;
  validFrom: Date;
  validUntil: Date;
}

/** What a chain is judged against. */
export interface SignerRules {
  roots: TrustedRoots;
  issuers: IssuerSource;
  organization: string;
  now: () => Date;
}

const mostAiaRounds = 3;

/**
 * Proves the signing certificate in a downloaded file: the leaf by itself first, then its chain, completed by AIA up to
 * three issuers deep, then the second opinion.
 * @returns the signer, 401 for a certificate that is wrong, 503 for an issuer that cannot be had
 */
export async function proveSigner(file: Buffer, rules: SignerRules): Promise<Signer | Refused> {
  const certificates = readCertificates(file).map(certificateFacts);
  const readable = certificates.filter((one) => one !== undefined);
  const leaf = readable.find((one) => !one.isCa) ?? readable[0];
  if (leaf === undefined || readable.length < certificates.length) return refuse(401, 'the certificate cannot be read');
  const fault = leafFault(leaf, rules.organization, rules.now());
  if (fault !== undefined) return refuse(401, fault);
  const chain = await completeChain(leaf, readable.filter((one) => one !== leaf), rules);
  if (!Array.isArray(chain)) return chain;
  if (!(await confirmChain(chain, rules.now()))) return refuse(401, 'the chain breaks a name or policy rule of one of its issuers');
  return { type: 'signer', publicKey: leaf.publicKey, validFrom: latest(chain), validUntil: earliest(chain) };
}

async function completeChain(leaf: CertificateFacts, sent: CertificateFacts[], rules: SignerRules): Promise<CertificateFacts[] | Refused> {
  const pool = [...sent];
  const addresses: string[] = [];
  for (let round = 0; ; round += 1) {
    const search = findChain(leaf, pool, rules.roots, rules.now());
    if (search.type === 'broken') return refuse(401, search.reason);
    if (search.type === 'chain') {
      rules.issuers.keep(addresses);
      return search.chain;
    }
    if (round === mostAiaRounds) return refuse(401, 'the chain does not reach a trusted root');
    const fetched = await rules.issuers.fetchFor(search.missing);
    if (fetched.type === 'refused') return fetched;
    const fresh = fetched.issuers.filter((one) => !pool.some((held) => held.certificate.raw.equals(one.certificate.raw)));
    if (fresh.length === 0) return refuse(401, 'the chain does not reach a trusted root');
    pool.push(...fresh);
    addresses.push(...fetched.addresses);
  }
}

function latest(chain: CertificateFacts[]): Date {
  return new Date(Math.max(...chain.map((one) => one.notBefore.getTime())));
}

function earliest(chain: CertificateFacts[]): Date {
  return new Date(Math.min(...chain.map((one) => one.notAfter.getTime())));
}
