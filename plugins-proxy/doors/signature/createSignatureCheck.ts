// The Partner Center door: is this event really from Microsoft? Headers, address, certificate, signature, in that order.
import { constants, verify } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { createIssuerSource } from './createIssuerSource';
import { createSignerSource } from './createSignerSource';
import type { Signer } from './proveSigner';
import { readAllowedAddress } from './readAllowedAddress';
import { readSignatureHeaders } from './readSignatureHeaders';
import type { Headers, SignatureHeaders } from './readSignatureHeaders';
import { createTrustedRoots } from './trustedRoots';
import { refuse } from './verdict';
import type { Refused, Verdict } from './verdict';

/** What the check is told by the settings. */
export interface SignatureCheckOptions {
  /** Origins a signing certificate may come from (`COSELL_WEBHOOK_CERT_ORIGINS`). */
  certificateOrigins: readonly string[];
  /** Origins a missing intermediate may come from (`COSELL_WEBHOOK_ISSUER_ORIGINS`). */
  issuerOrigins: readonly string[];
  /** PEM texts (`COSELL_WEBHOOK_ROOTS_FILE`); unset: Node's own root store. */
  roots?: readonly string[];
  /** O of the leaf's issuer, letter by letter (`COSELL_WEBHOOK_ORGANIZATION`). */
  organization: string;
  now: () => Date;
  /** Milliseconds for each fetch, to its last byte (5000). */
  fetchTimeoutMs?: number;
  /** Bytes of each fetched file (65536). */
  maxCertificateBytes?: number;
}

/** Judges one event: its headers and the bytes of its body as they came. Never throws. */
export type SignatureCheck = (headers: Headers, rawBody: Buffer) => Promise<Verdict>;

/**
 * Creates the check of Partner Center's webhook events (Microsoft, "Partner Center webhooks", authentication of the
 * callback; stricter where the sample there is open: `docs/notes/signature.md`).
 * @returns a check that answers `genuine`, or `refused` with 400 (certificate headers missing or malformed),
 *   401 (signature, certificate, origin or algorithm wrong) or 503 (the certificate or an issuer it needs cannot be had)
 * @throws Error from the creation when the roots cannot be read
 */
export function createSignatureCheck(options: SignatureCheckOptions): SignatureCheck {
  const { now, organization } = options;
  const limits = { timeoutMs: options.fetchTimeoutMs ?? 5000, maxBytes: options.maxCertificateBytes ?? 65536 };
  const issuers = createIssuerSource(options.issuerOrigins, limits, now);
  const roots = createTrustedRoots(options.roots ?? rootCertificates);
  const signers = createSignerSource(limits, { roots, issuers, organization, now });

  return async (headers, rawBody) => {
    const sent = readSignatureHeaders(headers);
    if (sent.type === 'refused') return sent;
    const address = readAllowedAddress(sent.certificateUrl, options.certificateOrigins);
    if (address.type === 'refused') return address;
    const verdict = judge(await signers.signerAt(address.url), sent, rawBody);
    if (verdict !== 'unfitting') return verdict;
    const renewed = await signers.renewedAt(address.url);
    const second = renewed === undefined ? 'unfitting' : judge(renewed, sent, rawBody);
    return second === 'unfitting' ? refuse(401, 'the signature does not fit the body') : second;
  };
}

function judge(signer: Signer | Refused, sent: SignatureHeaders, rawBody: Buffer): Verdict | 'unfitting' {
  if (signer.type === 'refused') return signer;
  const key = { key: signer.publicKey, padding: constants.RSA_PKCS1_PADDING };
  return verify(sent.hash, rawBody, key, sent.signature) ? { type: 'genuine' } : 'unfitting';
}
