// The Partner Center door, signature check: the certificates that a chain must end at.
import { X509Certificate } from 'node:crypto';
import { certificateFacts } from './certificateFacts';
import type { CertificateFacts } from './certificateFacts';

/** Finds trusted certificates by name. */
export interface TrustedRoots {
  /** The trusted certificates whose name is the issuer's name of this one. */
  named(subject: CertificateFacts): CertificateFacts[];
}

/**
 * Takes PEM certificates that the administrator (or Node's root store) trusts; each may end a chain, an intermediate too.
 * Only those that a chain asks for are read in full (Node's store has more than a hundred).
 * @param pems each text holds one certificate or several
 * @throws Error when a text holds no certificate or one that cannot be read
 */
export function createTrustedRoots(pems: readonly string[]): TrustedRoots {
  const byName = new Map<string, X509Certificate[]>();
  for (const root of pems.flatMap(readPem)) byName.set(root.subject, [...(byName.get(root.subject) ?? []), root]);
  const read = new Map<X509Certificate, CertificateFacts | undefined>();
  const factsOf = (root: X509Certificate): CertificateFacts | undefined => {
    if (!read.has(root)) read.set(root, certificateFacts(root));
    return read.get(root);
  };
  return {
    named: (subject) => (byName.get(subject.certificate.issuer) ?? []).map(factsOf).filter((root) => root !== undefined && root.subject === subject.issuer) as CertificateFacts[],
  };
}

function readPem(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('The trusted roots for signing certificates hold a text without a PEM certificate. Put "-----BEGIN CERTIFICATE-----" blocks there.');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new Error(`Certificate ${index + 1} of the trusted roots for signing certificates cannot be read. Replace or remove it.`);
    }
  });
}
