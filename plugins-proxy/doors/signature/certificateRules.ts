// The Partner Center door, signature check: what a certificate must be, by its place in the chain.
import type { CertificateFacts } from './certificateFacts';

// sha256, sha384 and sha512 WithRSAEncryption (RFC 4055, 5).
const allowedAlgorithms = new Set(['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13']);

/**
 * Judges the signing certificate by itself. No extended key usage is demanded (Microsoft publishes none for it).
 * @param organization what the issuer's name must carry as O, letter by letter
 * @returns what is wrong, or undefined
 */
export function leafFault(leaf: CertificateFacts, organization: string, now: Date): string | undefined {
  if (leaf.isCa || leaf.certificate.ca) return 'the signing certificate is a CA';
  if (leaf.keyUsage?.digitalSignature !== true) return 'the signing certificate is not meant for digital signatures';
  if (leaf.keyUsage.keyCertSign) return 'the signing certificate claims to sign certificates';
  if (!carries(leaf.issuerOrganizations, organization)) return 'the signing certificate was issued for another organization';
  return commonFault(leaf, now) ?? signatureFault(leaf);
}

/**
 * Judges an issuer below a root.
 * @param caBelow CAs between this one and the signing certificate, those that only renew their own name not counted (RFC 5280, 4.2.1.9)
 * @returns what is wrong, or undefined
 */
export function intermediateFault(issuer: CertificateFacts, caBelow: number, now: Date): string | undefined {
  if (issuer.keyUsage === undefined) return 'an issuer does not say that it may sign certificates';
  return rootFault(issuer, caBelow, now) ?? signatureFault(issuer);
}

/** Judges a trusted root: how it was itself signed does not matter, and a private root may leave its key usage out. */
export function rootFault(issuer: CertificateFacts, caBelow: number, now: Date): string | undefined {
  if (!issuer.isCa) return 'an issuer is not a CA';
  if (issuer.keyUsage?.keyCertSign === false) return 'an issuer may not sign certificates';
  if (issuer.pathLength !== undefined && caBelow > issuer.pathLength) return 'the chain is longer than an issuer allows';
  return commonFault(issuer, now);
}

function commonFault(facts: CertificateFacts, now: Date): string | undefined {
  if (!facts.extensionsUnderstood) return 'a certificate has a critical extension that is not understood';
  if (now < facts.notBefore || now > facts.notAfter) return 'a certificate is not valid now';
  return keyFault(facts);
}

function keyFault({ publicKey }: CertificateFacts): string | undefined {
  const { modulusLength = 0, publicExponent = 0n } = publicKey.asymmetricKeyDetails ?? {};
  const sound = publicKey.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192 && publicExponent >= 3n;
  return sound ? undefined : 'a certificate has a key other than RSA of 2048 to 8192 bits';
}

function signatureFault(facts: CertificateFacts): string | undefined {
  return allowedAlgorithms.has(facts.signatureAlgorithm) ? undefined : 'a certificate is signed with another algorithm than RSA with SHA-256 or better';
}

function carries(organizations: string[], organization: string): boolean {
  return organizations.length > 0 && organizations.every((one) => one === organization);
}
