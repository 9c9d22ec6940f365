// Test kit: makes certificates, good ones and every bad one, and signs bodies with their keys.
import { KeyObject, randomBytes, sign, webcrypto } from 'node:crypto';
import { BitString, Integer, OctetString, PrintableString, Utf8String } from 'asn1js';
import {
  AccessDescription, AttributeTypeAndValue, BasicConstraints, Certificate, ContentInfo, CryptoEngine, EncapsulatedContentInfo,
  Extension, GeneralName, InfoAccess, SignedData,
} from 'pkijs';

/** A certificate with its private key. */
export interface MadeCertificate {
  der: Buffer;
  pem: string;
  certificate: Certificate;
  keys: webcrypto.CryptoKeyPair;
  privateKey: KeyObject;
}

export type KeyKind = 'rsa' | 'rsa1024' | 'ec';

/** What a certificate shall be; what is left out is as on a good one of its kind. */
export interface CertificateWish {
  commonName: string;
  /** O of the subject ('Microsoft Corporation'); null for none. */
  organization?: string | null;
  /** Who signs it; unset: itself. */
  issuer?: MadeCertificate;
  ca?: boolean;
  pathLength?: number;
  /** null: no such extension. */
  keyUsage?: ('digitalSignature' | 'keyCertSign')[] | null;
  from?: Date;
  until?: Date;
  /** AIA addresses of the issuer's certificate. */
  caIssuers?: string[];
  key?: KeyKind;
  hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** An identifier of a critical extension that nobody knows. */
  criticalExtension?: string;
}

const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });
const dayMs = 24 * 3600_000;
const usageBits = { digitalSignature: 0x80, keyCertSign: 0x04 };

/** Makes a certificate with a new key, signed by `issuer`. Valid from yesterday to next year unless told otherwise. */
export async function makeCertificate(wish: CertificateWish): Promise<MadeCertificate> {
  const keys = await makeKeys(wish.key ?? 'rsa');
  const certificate = new Certificate({ version: 2, serialNumber: new Integer({ valueHex: serialNumber() }) });
  name(certificate.subject.typesAndValues, wish);
  certificate.issuer.typesAndValues = (wish.issuer?.certificate ?? certificate).subject.typesAndValues;
  certificate.notBefore.value = wish.from ?? new Date(Date.now() - dayMs);
  certificate.notAfter.value = wish.until ?? new Date(Date.now() + 365 * dayMs);
  certificate.extensions = extensionsFor(wish);
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey, engine);
  await certificate.sign(await withHash((wish.issuer?.keys ?? keys).privateKey, wish.hash), wish.hash ?? 'SHA-256', engine);
  const der = Buffer.from(certificate.toSchema(true).toBER(false));
  return { der, pem: toPem(der), certificate: Certificate.fromBER(der), keys, privateKey: KeyObject.from(keys.privateKey) };
}

/** A root, an intermediate below it and a leaf below that, as Microsoft's are made; `leaf` changes the leaf. */
export async function makeChain(leaf: Partial<CertificateWish> = {}): Promise<{ root: MadeCertificate; intermediate: MadeCertificate; leaf: MadeCertificate }> {
  const root = await makeCertificate({ commonName: 'Test Root', organization: 'Test Trust', ca: true });
  const intermediate = await makeCertificate({ commonName: 'Test Issuing CA', issuer: root, ca: true, pathLength: 0 });
  return { root, intermediate, leaf: await makeCertificate({ commonName: 'notifications.test', issuer: intermediate, ...leaf }) };
}

/** Signs bytes as Partner Center does (RSASSA-PKCS1-v1_5, base64). */
export function signBody(signer: MadeCertificate, body: Buffer, hash = 'sha256'): string {
  return sign(hash, body, signer.privateKey).toString('base64');
}

/** Packs certificates into a PKCS #7 file without signatures, as certification authorities publish them. */
export function toPkcs7(certificates: MadeCertificate[]): Buffer {
  const signed = new SignedData({ version: 1, encapContentInfo: new EncapsulatedContentInfo({ eContentType: ContentInfo.DATA }) });
  signed.certificates = certificates.map((one) => one.certificate);
  const content = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
  return Buffer.from(content.toSchema().toBER(false));
}

function toPem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

async function makeKeys(kind: KeyKind): Promise<webcrypto.CryptoKeyPair> {
  if (kind === 'ec') return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const modulusLength = kind === 'rsa1024' ? 1024 : 2048;
  return webcrypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify']);
}

// A WebCrypto key is bound to one hash; the same key under another one has to be imported again.
async function withHash(key: webcrypto.CryptoKey, hash: CertificateWish['hash']): Promise<webcrypto.CryptoKey> {
  if (hash === undefined) return key;
  return webcrypto.subtle.importKey('pkcs8', await webcrypto.subtle.exportKey('pkcs8', key), { name: 'RSASSA-PKCS1-v1_5', hash }, true, ['sign']);
}

function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(9);
  bytes[0] = 0x11;
  return new Uint8Array(bytes).buffer;
}

function name(into: AttributeTypeAndValue[], wish: CertificateWish): void {
  const organization = wish.organization === undefined ? 'Microsoft Corporation' : wish.organization;
  into.push(new AttributeTypeAndValue({ type: '2.5.4.6', value: new PrintableString({ value: 'US' }) }));
  if (organization !== null) into.push(new AttributeTypeAndValue({ type: '2.5.4.10', value: new Utf8String({ value: organization }) }));
  into.push(new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: wish.commonName }) }));
}

function extensionsFor(wish: CertificateWish): Extension[] {
  const ca = wish.ca ?? false;
  const extensions = [extension('2.5.29.19', true, new BasicConstraints(wish.pathLength === undefined ? { cA: ca } : { cA: ca, pathLenConstraint: wish.pathLength }).toSchema())];
  const usage = wish.keyUsage === undefined ? (ca ? (['keyCertSign', 'digitalSignature'] as const) : (['digitalSignature'] as const)) : wish.keyUsage;
  if (usage !== null) extensions.push(extension('2.5.29.15', true, keyUsage(usage.reduce((bits, one) => bits | usageBits[one], 0))));
  if (wish.caIssuers !== undefined) extensions.push(extension('1.3.6.1.5.5.7.1.1', false, authorityInfo(wish.caIssuers)));
  if (wish.criticalExtension !== undefined) extensions.push(extension(wish.criticalExtension, true, new OctetString({ valueHex: new ArrayBuffer(2) })));
  return extensions;
}

function keyUsage(bits: number): BitString {
  return new BitString({ valueHex: new Uint8Array([bits]).buffer, unusedBits: 2 });
}

function authorityInfo(addresses: string[]): ReturnType<InfoAccess['toSchema']> {
  const descriptions = addresses.map((value) => new AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.2', accessLocation: new GeneralName({ type: 6, value }) }));
  return new InfoAccess({ accessDescriptions: descriptions }).toSchema();
}

function extension(extnID: string, critical: boolean, value: { toBER(sizeOnly?: boolean): ArrayBuffer }): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER(false) });
}
