// The Partner Center door, signature check: downloaded bytes into certificates.
import { X509Certificate } from 'node:crypto';
import { ContentInfo, SignedData, Certificate } from 'pkijs';

const mostCertificates = 10;

/**
 * Reads certificates in the order they stand in the file: DER (one, or one after the other), PEM (any number), PKCS #7
 * "certificates only" in either form, which certification authorities publish for AIA (RFC 5280, 4.2.2.1).
 * @returns at most 10 certificates; an empty list when the bytes are anything else
 */
export function readCertificates(bytes: Buffer): X509Certificate[] {
  try {
    return blocksOf(bytes).flatMap(readBlock).slice(0, mostCertificates);
  } catch {
    return [];
  }
}

function readBlock(der: Buffer): X509Certificate[] {
  try {
    return [new X509Certificate(der)];
  } catch {
    return readSignedData(der);
  }
}

function readSignedData(der: Buffer): X509Certificate[] {
  const content = ContentInfo.fromBER(der);
  if (content.contentType !== ContentInfo.SIGNED_DATA) return [];
  const certificates = new SignedData({ schema: content.content }).certificates ?? [];
  return certificates.filter((one) => one instanceof Certificate).map((one) => new X509Certificate(Buffer.from(one.toSchema().toBER())));
}

function blocksOf(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  if (!text.includes('-----BEGIN ')) return splitDer(bytes);
  const blocks = text.matchAll(/-----BEGIN (CERTIFICATE|PKCS7)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g);
  return [...blocks].slice(0, mostCertificates).map((block) => Buffer.from(block[2]!, 'base64'));
}

function splitDer(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const length = derLength(rest);
    blocks.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return blocks;
}

function derLength(bytes: Buffer): number {
  const first = bytes[1] ?? 0;
  const lengthBytes = first & 0x7f;
  if (bytes[0] !== 0x30 || lengthBytes > 3) throw new Error('not a DER sequence');
  const total = first < 0x80 ? 2 + first : 2 + lengthBytes + bytes.readUIntBE(2, lengthBytes);
  if (total > bytes.length) throw new Error('cut off');
  return total;
}
