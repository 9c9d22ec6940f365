// The Partner Center door, signature check: what a certificate says about itself, read once.
import type { KeyObject, X509Certificate } from 'node:crypto';
import { BasicConstraints, Certificate, InfoAccess } from 'pkijs';
import { BitString } from 'asn1js';
import type { Extension, RelativeDistinguishedNames } from 'pkijs';

/** Names as their exact DER bytes in hexadecimal; absent key usage is `undefined`, which is not the same as none set. */
export interface CertificateFacts {
  certificate: X509Certificate;
  parsed: Certificate;
  publicKey: KeyObject;
  subject: string;
  issuer: string;
  issuerOrganizations: string[];
  notBefore: Date;
  notAfter: Date;
  isCa: boolean;
  pathLength: number | undefined;
  keyUsage: { digitalSignature: boolean; keyCertSign: boolean } | undefined;
  signatureAlgorithm: string;
  caIssuers: string[];
  extensionsUnderstood: boolean;
}

const oid = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', authorityInfo: '1.3.6.1.5.5.7.1.1', caIssuers: '1.3.6.1.5.5.7.48.2', organization: '2.5.4.10' };

// What may be critical: read here or, for names and policies, by the chain engine that confirms every chain (confirmChain).
const understood = new Set([
  oid.keyUsage, oid.basicConstraints,
  '2.5.29.17', '2.5.29.30', '2.5.29.32', '2.5.29.33', '2.5.29.36', '2.5.29.37', '2.5.29.54',
]);

/**
 * Reads a certificate; node:crypto parses and verifies, pkijs tells the extensions that node:crypto does not show.
 * @returns the facts, or undefined when the certificate cannot be read by both
 */
export function certificateFacts(certificate: X509Certificate): CertificateFacts | undefined {
  try {
    const parsed = Certificate.fromBER(certificate.raw);
    const extensions = parsed.extensions ?? [];
    const basic = read(extensions, oid.basicConstraints, BasicConstraints);
    return {
      certificate, parsed, publicKey: certificate.publicKey,
      subject: nameBytes(parsed.subject), issuer: nameBytes(parsed.issuer), issuerOrganizations: organizationsOf(parsed.issuer),
      notBefore: parsed.notBefore.value, notAfter: parsed.notAfter.value,
      isCa: basic?.cA === true && certificate.ca, pathLength: pathLengthOf(basic), keyUsage: keyUsageOf(extensions),
      signatureAlgorithm: parsed.signatureAlgorithm.algorithmId, caIssuers: caIssuersOf(extensions),
      extensionsUnderstood: areUnderstood(extensions),
    };
  } catch {
    return undefined;
  }
}

function areUnderstood(extensions: Extension[]): boolean {
  const ids = extensions.map((extension) => extension.extnID);
  return new Set(ids).size === ids.length && extensions.every((extension) => !extension.critical || understood.has(extension.extnID));
}

function keyUsageOf(extensions: Extension[]): CertificateFacts['keyUsage'] {
  const bits = read(extensions, oid.keyUsage, BitString)?.valueBlock.valueHexView[0];
  return bits === undefined ? undefined : { digitalSignature: (bits & 0x80) !== 0, keyCertSign: (bits & 0x04) !== 0 };
}

function pathLengthOf(basic: BasicConstraints | undefined): number | undefined {
  const length = basic?.pathLenConstraint;
  return length === undefined || typeof length === 'number' ? length : Number(length.toBigInt());
}

function caIssuersOf(extensions: Extension[]): string[] {
  const descriptions = read(extensions, oid.authorityInfo, InfoAccess)?.accessDescriptions ?? [];
  const locations = descriptions.filter((one) => one.accessMethod === oid.caIssuers).map((one) => one.accessLocation);
  return locations.filter((location) => location.type === 6).map((location) => String(location.value));
}

function organizationsOf(name: RelativeDistinguishedNames): string[] {
  return name.typesAndValues.filter((one) => one.type === oid.organization).map((one) => String(one.value.valueBlock.value));
}

function nameBytes(name: RelativeDistinguishedNames): string {
  return Buffer.from(name.valueBeforeDecode).toString('hex');
}

// An extension that is there but cannot be read must not pass as absent.
function read<T>(extensions: Extension[], id: string, kind: abstract new (...args: never[]) => T): T | undefined {
  const extension = extensions.find((one) => one.extnID === id);
  if (extension === undefined) return undefined;
  const value: unknown = extension.parsedValue;
  if (value instanceof kind) return value;
  throw new Error(`extension ${id} cannot be read`);
}
