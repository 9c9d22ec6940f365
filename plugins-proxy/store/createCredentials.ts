// Sign-ins that change while the service runs (a rotated refresh token), encrypted at rest.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Credentials } from '../ports/credentials';

const ivLength = 12;
const tagLength = 16;

/**
 * The credentials port. A secret is sealed with AES-256-GCM, its name and fingerprint as additional data, so that rows cannot be swapped.
 * @param key 32 bytes
 * @throws when the key has another length; `read` throws when a secret cannot be opened with it
 */
export function createCredentials(pool: Pool, key: Buffer): Credentials {
  if (key.length !== 32) throw new Error('The key that encrypts stored credentials must be 32 bytes (in base64 in COSELL_SECRET_KEY_FILE).');
  return {
    async read(name) {
      const { rows } = await pool.query<{ secret: Buffer; fingerprint: string }>('select secret, fingerprint from cosell.credential where name = $1', [name]);
      const row = rows[0];
      return row && { secret: open(key, name, row.fingerprint, row.secret), fingerprint: row.fingerprint };
    },
    async write(name, secret, fingerprint) {
      await pool.query(
        `insert into cosell.credential (name, secret, fingerprint) values ($1, $2, $3)
         on conflict (name) do update set secret = excluded.secret, fingerprint = excluded.fingerprint, changed_on = now()`,
        [name, seal(key, name, fingerprint, secret), fingerprint],
      );
    },
  };
}

const additional = (name: string, fingerprint: string): Buffer => Buffer.from(JSON.stringify([name, fingerprint]));

function seal(key: Buffer, name: string, fingerprint: string, secret: string): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength }).setAAD(additional(name, fingerprint));
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function open(key: Buffer, name: string, fingerprint: string, sealed: Buffer): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivLength), { authTagLength: tagLength })
      .setAAD(additional(name, fingerprint))
      .setAuthTag(sealed.subarray(ivLength, ivLength + tagLength));
    return Buffer.concat([decipher.update(sealed.subarray(ivLength + tagLength)), decipher.final()]).toString('utf8');
  } catch {
    throw new Error(`The stored credential ${name} cannot be opened with this key. Give the key that it was stored with (COSELL_SECRET_KEY_FILE), or sign in again (cosell login).`);
  }
}
