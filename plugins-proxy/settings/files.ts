// Files that settings point at: read once at start, so that what is wrong with them is said then.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The content of a file by its path. @param judge says what is wrong with the content, or gives it back */
const fileOf = <T>(judge: (content: string) => T | string) =>
  z.string().transform((path, context): Exclude<T, string> => {
    const content = contentOf(path);
    const judged = content === undefined ? 'is a file that cannot be read; check the path and that this user may read it.' : judge(content);
    if (typeof judged !== 'string') return judged as Exclude<T, string>;
    context.addIssue({ code: 'custom', message: judged });
    return z.NEVER;
  });

/** 32 bytes in base64 that encrypt stored credentials. */
export const secretKeyFile = fileOf((content) => toSecretKey(content) ?? 'is a file that does not hold 32 bytes in base64; make one with: openssl rand -base64 32.');

export function toSecretKey(content: string): Buffer | undefined {
  const text = content.trim();
  const key = Buffer.from(text, 'base64');
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && key.length === 32 ? key : undefined;
}

/** PEM certificates. */
export const rootsFile = fileOf((content) => {
  const blocks = content.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate) ? { pem: blocks } : 'is a file without PEM certificates, or with one that cannot be read; export the roots as PEM.';
});

/** An RSA private key of at least 2048 bits, as Salesforce takes it. */
export const privateKeyFile = fileOf((content) => (isRsaKey(content) ? { pem: content } : 'is a file without an RSA private key of at least 2048 bits in PEM; make one with: openssl genrsa 2048.'));

/** A field mapping: JSON; the mapping itself is judged where it is used. */
export const mappingFile = fileOf((content) => {
  try {
    return { mapping: JSON.parse(content) as unknown };
  } catch {
    return 'is a file that is not JSON; check it with: cosell mapping check.';
  }
});

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function isRsaKey(pem: string): boolean {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048;
  } catch {
    return false;
  }
}
