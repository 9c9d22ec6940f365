// The Partner Center door, signature check, first step: the three headers, before anything is fetched.
import { refuse } from './verdict';
import type { Refused } from './verdict';

export type Headers = Record<string, string | string[] | undefined>;
export type SignatureHash = 'sha256' | 'sha384' | 'sha512';

/** Well-formed headers: signature bytes, hash to verify with, and the certificate's address as sent. */
export interface SignatureHeaders {
  type: 'headers';
  signature: Buffer;
  hash: SignatureHash;
  certificateUrl: string;
}

const longestAddress = 2048;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads `x-ms-signature` or `Authorization: Signature`, `x-ms-certificate-url` and `x-ms-signature-algorithm`.
 * Source: Microsoft, "Partner Center webhooks", authentication of the callback; the header form with
 * `SignatureTokenToMsSignatureHeader`. A signature that is missing is told first (401), then the other two (400).
 * @param headers names in any case, a value or several
 */
export function readSignatureHeaders(headers: Headers): SignatureHeaders | Refused {
  const signature = readSignature(headers);
  if (signature.type === 'refused') return signature;
  const certificateUrl = single(headers, 'x-ms-certificate-url');
  const algorithm = single(headers, 'x-ms-signature-algorithm');
  if (certificateUrl === undefined || algorithm === undefined) {
    return refuse(400, 'x-ms-certificate-url and x-ms-signature-algorithm must each be sent once');
  }
  if (certificateUrl.length > longestAddress) return refuse(400, 'x-ms-certificate-url is too long');
  const hash = readHash(algorithm);
  if (hash === undefined) return refuse(401, 'the signature algorithm is not allowed: rsa-sha256, rsa-sha384 and rsa-sha512 are');
  return { type: 'headers', signature: signature.bytes, hash, certificateUrl };
}

function readSignature(headers: Headers): { type: 'signature'; bytes: Buffer } | Refused {
  const tokens = [
    ...valuesOf(headers, 'x-ms-signature').flatMap(splitJoined).map((value) => value.replace(/^signature(\s+|$)/i, '')),
    ...valuesOf(headers, 'authorization').filter((value) => /^signature(\s|$)/i.test(value)).map((value) => value.slice(9).trim()),
  ].filter((token) => token !== '');
  const token = tokens[0];
  if (token === undefined) return refuse(401, 'the event is not signed: neither x-ms-signature nor Authorization: Signature was sent');
  if (tokens.some((other) => other !== token)) return refuse(401, 'two signatures that differ were sent');
  if (!base64.test(token) || token.length > 4096) return refuse(401, 'the signature is not base64');
  return { type: 'signature', bytes: Buffer.from(token, 'base64') };
}

function readHash(algorithm: string): SignatureHash | undefined {
  const match = /^rsa-(sha256|sha384|sha512)$/.exec(algorithm.toLowerCase());
  return match?.[1] as SignatureHash | undefined;
}

// Node joins a header that was sent twice with a comma; neither base64 nor the algorithms have one.
function splitJoined(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}

function single(headers: Headers, name: string): string | undefined {
  const values = [...new Set(valuesOf(headers, name))];
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

function valuesOf(headers: Headers, name: string): string[] {
  return Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
    .map((value) => value.trim());
}
