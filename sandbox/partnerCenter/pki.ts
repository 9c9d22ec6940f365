// The stand-in's own chain: made once, kept beside its data, so that a root that was trusted yesterday is trusted today.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeIntermediate, makeKeys, makeLeaf, makeRoot, readCertificate, type IssuedCertificate, type Keys } from './certificates';

export interface Pki {
  readonly root: IssuedCertificate;
  readonly intermediate: IssuedCertificate;
  readonly leafKeys: Keys;
  /** The root, PEM: what a door is told to trust. */
  readonly rootsPem: string;
  /** The certificate that signs, naming where its issuer's certificate is. */
  issueLeaf(issuerUrl: string): Promise<IssuedCertificate>;
}

interface Kept {
  readonly root: { pem: string; keys: Keys };
  readonly intermediate: { pem: string; keys: Keys };
  readonly leafKeys: Keys;
}

/** Keys take a while to make: all stand-ins of a process that keep nothing share one chain. */
let inMemory: Promise<Kept> | undefined;

/** Opens the chain in `file`, or makes it (and the file, readable by its owner alone). */
export async function openPki(file: string | undefined, rootsFile: string | undefined): Promise<Pki> {
  const kept = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : await (file ? makeChain() : (inMemory ??= makeChain()));
  if (file) write(file, JSON.stringify(kept), 0o600);
  if (rootsFile) write(rootsFile, kept.root.pem, 0o644);
  const intermediate = readCertificate(kept.intermediate.pem, kept.intermediate.keys);
  return {
    root: readCertificate(kept.root.pem, kept.root.keys),
    intermediate,
    leafKeys: kept.leafKeys,
    rootsPem: kept.root.pem,
    issueLeaf: (issuerUrl) => makeLeaf(intermediate, { keys: kept.leafKeys, issuerUrls: [issuerUrl] }),
  };
}

async function makeChain(): Promise<Kept> {
  const root = await makeRoot();
  const intermediate = await makeIntermediate(root);
  return { root: { pem: root.pem, keys: root.keys }, intermediate: { pem: intermediate.pem, keys: intermediate.keys }, leafKeys: await makeKeys() };
}

function write(file: string, text: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}
