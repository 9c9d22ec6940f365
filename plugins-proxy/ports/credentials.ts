// The credentials port: sign-ins that change while the service runs, encrypted in the database.
export interface Credentials {
  /** The stored secret, or `undefined`. `fingerprint` tells whether the setting it came from has changed since. */
  read(name: string): Promise<{ readonly secret: string; readonly fingerprint: string } | undefined>;
  write(name: string, secret: string, fingerprint: string): Promise<void>;
}
