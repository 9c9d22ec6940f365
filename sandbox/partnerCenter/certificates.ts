// Makes the certificates behind a signed webhook: the honest chain of the stand-in, and every dishonest one that a door has to refuse.
import { createPublicKey, createSign, webcrypto } from 'node:crypto';
import { BitString, Integer, OctetString, Sequence, Set as Asn1Set, Utf8String } from 'asn1js';
import {
  AccessDescription,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  ExtKeyUsage,
  Extension,
  GeneralName,
  InfoAccess,
  PublicKeyInfo,
  RelativeDistinguishedNames,
} from 'pkijs';

export type SignatureKind = 'rsa-sha256' | 'rsa-sha384' | 'rsa-sha1' | 'ecdsa-sha256';
export type KeyUsageName = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'dataEncipherment' | 'keyAgreement' | 'keyCertSign' | 'cRLSign';

export interface Keys {
  readonly type: 'rsa' | 'ec';
  /** PKCS#8, PEM. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKeyPem: string;
}

export interface CertificateOptions {
  readonly commonName: string;
  /** `O=` of the subject; left out of the name when it is `null`. */
  readonly organization?: string | null;
  /** Who signs; the certificate signs itself when left out. */
  readonly issuer?: IssuedCertificate;
  /** Keys to use again; new ones otherwise (RSA 2048, or P-256 with `keyType: 'ec'`). */
  readonly keys?: Keys;
  readonly keyType?: 'rsa' | 'ec';
  /** How the issuer signs; by default what its key can do, with SHA-256. */
  readonly signature?: SignatureKind;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Basic constraints: an authority or not; `'absent'` leaves the extension out. */
  readonly ca?: boolean | 'absent';
  readonly pathLength?: number;
  /** `'absent'` leaves the extension out. */
  readonly keyUsage?: readonly KeyUsageName[] | 'absent';
  /** OIDs; left out when empty. */
  readonly extendedKeyUsage?: readonly string[];
  /** Addresses of the issuer's certificate (authority information access, caIssuers). */
  readonly issuerUrls?: readonly string[];
  /** The same, but as OCSP responders: an address that is no issuer. */
  readonly ocspUrls?: readonly string[];
}

export interface IssuedCertificate {
  readonly der: Buffer;
  readonly pem: string;
  readonly keys: Keys;
  /** The parsed certificate, for signing others with its name. */
  readonly certificate: Certificate;
}

const DAY = 86_400_000;
const MICROSOFT = 'Microsoft Corporation';
const OID = { commonName: '2.5.4.3', organization: '2.5.4.10', country: '2.5.4.6', basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', extendedKeyUsage: '2.5.29.37', authorityAccess: '1.3.6.1.5.5.7.1.1', caIssuers: '1.3.6.1.5.5.7.48.2', ocsp: '1.3.6.1.5.5.7.48.1' };
const KEY_USAGE_BIT: Record<KeyUsageName, number> = { digitalSignature: 0, nonRepudiation: 1, keyEncipherment: 2, dataEncipherment: 3, keyAgreement: 4, keyCertSign: 5, cRLSign: 6 };

/** A root that signs itself. Pass options to spoil it. */
export const makeRoot = (options: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  makeCertificate({ commonName: 'Sandbox Root Certificate Authority', organization: MICROSOFT, ca: true, keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'], notAfter: new Date(Date.now() + 3_650 * DAY), ...options });

/** An authority under `issuer` that may sign leaves only (path length 0). Its organisation is the one the door looks at (partner-center.md 4.3, step 4). */
export const makeIntermediate = (issuer: IssuedCertificate, options: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  makeCertificate({ commonName: 'Sandbox Issuing Authority 01', organization: MICROSOFT, issuer, ca: true, pathLength: 0, keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'], notAfter: new Date(Date.now() + 1_825 * DAY), ...options });

/** The certificate that signs notifications: no authority, digital signature, 90 days. */
export const makeLeaf = (issuer: IssuedCertificate, options: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  makeCertificate({ commonName: 'pcnotifications-dispatch.microsoft.com', organization: MICROSOFT, issuer, ca: false, keyUsage: ['digitalSignature', 'keyEncipherment'], ...options });

/** Ready-made bad leaves under `issuer` (an honest intermediate), by what is wrong with them. */
export const spoiledLeaf: Readonly<Record<'expired' | 'notYetValid' | 'isAuthority' | 'withoutKeyUsage' | 'wrongKeyUsage' | 'ellipticCurve' | 'sha1', (issuer: IssuedCertificate) => Promise<IssuedCertificate>>> = {
  expired: (issuer) => makeLeaf(issuer, { notBefore: new Date(Date.now() - 100 * DAY), notAfter: new Date(Date.now() - DAY) }),
  notYetValid: (issuer) => makeLeaf(issuer, { notBefore: new Date(Date.now() + DAY) }),
  isAuthority: (issuer) => makeLeaf(issuer, { ca: true, keyUsage: ['digitalSignature', 'keyCertSign'] }),
  withoutKeyUsage: (issuer) => makeLeaf(issuer, { keyUsage: 'absent' }),
  wrongKeyUsage: (issuer) => makeLeaf(issuer, { keyUsage: ['keyEncipherment'] }),
  ellipticCurve: (issuer) => makeLeaf(issuer, { keyType: 'ec' }),
  sha1: (issuer) => makeLeaf(issuer, { signature: 'rsa-sha1' }),
};

/** Ready-made bad chains, leaf first, the root last. `root` is the one the door trusts, where the chain does not bring its own. */
export const spoiledChain: Readonly<Record<'leafSignedLeaf' | 'intermediateWithoutAuthority' | 'intermediateMayNotSign' | 'wrongOrganization' | 'strangersRoot' | 'pathTooLong' | 'expiredIntermediate', (root: IssuedCertificate) => Promise<readonly IssuedCertificate[]>>> = {
  // The forged chain that node:crypto alone accepts: an honest leaf's key signs another leaf (platform-facts.md 11).
  leafSignedLeaf: async (root) => {
    const intermediate = await makeIntermediate(root);
    const honest = await makeLeaf(intermediate);
    return [await makeLeaf(honest), honest, intermediate, root];
  },
  intermediateWithoutAuthority: (root) => chainUnder(root, { ca: false }),
  intermediateMayNotSign: (root) => chainUnder(root, { keyUsage: ['digitalSignature'] }),
  wrongOrganization: (root) => chainUnder(root, { organization: 'Microsoft Corporation Ltd of Elsewhere' }),
  expiredIntermediate: (root) => chainUnder(root, { notBefore: new Date(Date.now() - 100 * DAY), notAfter: new Date(Date.now() - DAY) }),
  strangersRoot: async () => chainUnder(await makeRoot(), {}),
  pathTooLong: async (root) => {
    const first = await makeIntermediate(root, { pathLength: 0 });
    const second = await makeIntermediate(first, { commonName: 'Sandbox Issuing Authority 02' });
    return [await makeLeaf(second), second, first, root];
  },
};

/** Makes and signs one certificate, honest or not: nothing is checked. */
export async function makeCertificate(options: CertificateOptions): Promise<IssuedCertificate> {
  const keys = options.keys ?? (await makeKeys(options.keyType ?? 'rsa'));
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ valueHex: positiveSerial() });
  const name = nameOf(options.commonName, options.organization === undefined ? MICROSOFT : options.organization);
  certificate.subject = name;
  certificate.issuer = options.issuer?.certificate.subject ?? name;
  certificate.notBefore.value = options.notBefore ?? new Date(Date.now() - DAY);
  certificate.notAfter.value = options.notAfter ?? new Date(Date.now() + 90 * DAY);
  certificate.extensions = extensionsOf(options);
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(createPublicKey(keys.publicKeyPem).export({ type: 'spki', format: 'der' }));
  const signer = options.issuer?.keys ?? keys;
  const signature = options.signature ?? (signer.type === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256');
  await certificate.sign(await importPrivateKey(signer, signature), hashOf(signature));
  const der = Buffer.from(certificate.toSchema(true).toBER(false));
  return { der, pem: toPem(der, 'CERTIFICATE'), keys, certificate };
}

/** Reads a certificate made here back from PEM, with its keys. */
export function readCertificate(pem: string, keys: Keys): IssuedCertificate {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return { der, pem, keys, certificate: Certificate.fromBER(der) };
}

/** New keys, RSA 2048 or P-256. */
export async function makeKeys(type: Keys['type'] = 'rsa'): Promise<Keys> {
  const algorithm = type === 'ec' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  const pair = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  return {
    type,
    privateKeyPem: toPem(Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)), 'PRIVATE KEY'),
    publicKeyPem: toPem(Buffer.from(await webcrypto.subtle.exportKey('spki', pair.publicKey)), 'PUBLIC KEY'),
  };
}

/** Signs a notification's raw body (PKCS#1 v1.5 with RSA keys) and returns the signature in base64. */
export const signBody = (keys: Keys, body: Buffer | string, hash: 'sha256' | 'sha384' | 'sha512' | 'sha1' | 'md5' = 'sha256'): string =>
  createSign(hash).update(body).sign(keys.privateKeyPem, 'base64');

async function chainUnder(root: IssuedCertificate, spoil: Partial<CertificateOptions>): Promise<readonly IssuedCertificate[]> {
  const intermediate = await makeIntermediate(root, spoil);
  return [await makeLeaf(intermediate), intermediate, root];
}

/** Real names are a sequence of one-valued sets; the library by itself would write one set of several values. */
function nameOf(commonName: string, organization: string | null): RelativeDistinguishedNames {
  const part = (type: string, value: string): Asn1Set => new Asn1Set({ value: [new AttributeTypeAndValue({ type, value: new Utf8String({ value }) }).toSchema()] });
  const parts = [part(OID.country, 'US'), ...(organization === null ? [] : [part(OID.organization, organization)]), part(OID.commonName, commonName)];
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: parts }).toBER(false));
}

function extensionsOf(options: CertificateOptions): Extension[] {
  const extensions: Extension[] = [];
  const { ca = false, keyUsage = ['digitalSignature'], extendedKeyUsage = [], issuerUrls = [], ocspUrls = [] } = options;
  if (ca !== 'absent') {
    const constraints = new BasicConstraints({ cA: ca, ...(options.pathLength === undefined ? {} : { pathLenConstraint: options.pathLength }) });
    extensions.push(extension(OID.basicConstraints, true, constraints.toSchema().toBER(false)));
  }
  if (keyUsage !== 'absent') extensions.push(extension(OID.keyUsage, true, keyUsageBits(keyUsage).toBER(false)));
  if (extendedKeyUsage.length > 0) extensions.push(extension(OID.extendedKeyUsage, false, new ExtKeyUsage({ keyPurposes: [...extendedKeyUsage] }).toSchema().toBER(false)));
  const access = [...issuerUrls.map((url) => accessTo(OID.caIssuers, url)), ...ocspUrls.map((url) => accessTo(OID.ocsp, url))];
  if (access.length > 0) extensions.push(extension(OID.authorityAccess, false, new InfoAccess({ accessDescriptions: access }).toSchema().toBER(false)));
  return extensions;
}

const extension = (extnID: string, critical: boolean, value: ArrayBuffer): Extension => new Extension({ extnID, critical, extnValue: new OctetString({ valueHex: value }).valueBlock.valueHex });

const accessTo = (accessMethod: string, url: string): AccessDescription => new AccessDescription({ accessMethod, accessLocation: new GeneralName({ type: 6, value: url }) });

function keyUsageBits(names: readonly KeyUsageName[]): BitString {
  const byte = names.reduce((bits, name) => bits | (0x80 >> KEY_USAGE_BIT[name]), 0);
  // DER wants trailing zero bits counted as unused.
  const unusedBits = byte === 0 ? 0 : Math.log2(byte & -byte);
  return new BitString({ valueHex: new Uint8Array([byte]).buffer, unusedBits });
}

/** A serial number of 16 bytes whose first bit is 0, so that DER reads it as positive. */
function positiveSerial(): ArrayBuffer {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.buffer;
}

const hashOf = (signature: SignatureKind): string => ({ 'rsa-sha256': 'SHA-256', 'rsa-sha384': 'SHA-384', 'rsa-sha1': 'SHA-1', 'ecdsa-sha256': 'SHA-256' })[signature];

function importPrivateKey(keys: Keys, signature: SignatureKind): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(keys.privateKeyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const algorithm = keys.type === 'ec' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSASSA-PKCS1-v1_5', hash: hashOf(signature) };
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

const toPem = (der: Buffer, label: string): string => `-----BEGIN ${label}-----\n${der.toString('base64').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`;
