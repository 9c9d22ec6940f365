// Where the signing certificate and its issuer are fetched from (partner-center.md 4.3): the leaf alone, its issuer only behind the AIA address.
import { startStandIn, type Route, type StandInServer } from '../kit/standIn';
import type { IssuedCertificate } from './certificates';
import type { Pki } from './pki';
import { refuseByFault } from './refusal';

export interface CertificateServer {
  readonly server: StandInServer;
  /** What stands in `X-MS-Certificate-Url`. */
  readonly leafUrl: string;
  /** What the leaf's authority information access names. */
  readonly issuerUrl: string;
  readonly leaf: IssuedCertificate;
  /** How the leaf is served from now on. */
  setServing(serving: Partial<Serving>): void;
  close(): Promise<void>;
}

export interface Serving {
  readonly format: 'der' | 'pem';
  /** With its chain (PEM only) or alone. */
  readonly chain: boolean;
}

const LEAF_PATH = '/cert/pcnotifications-dispatch.microsoft.com.cer';
const ISSUER_PATH = '/pkiops/certs/issuing-authority-01.crt';

/** @throws when the port is taken */
export async function startCertificateServer(options: { host?: string; port?: number }, pki: Pki): Promise<CertificateServer> {
  let serving: Serving = { format: 'der', chain: false };
  const issued: { leaf?: IssuedCertificate } = {};
  const route = (path: string, kind: string, body: () => Buffer | undefined): Route => ({
    method: 'GET',
    path: new RegExp(`^${path.replaceAll('.', '\\.')}$`),
    kind,
    handle: () => ({ status: 200, headers: { 'content-type': 'application/pkix-cert' }, body: body() }),
  });
  const leafBody = (): Buffer | undefined => {
    if (serving.format === 'der') return issued.leaf?.der;
    return Buffer.from([issued.leaf, ...(serving.chain ? [pki.intermediate, pki.root] : [])].map((one) => one?.pem ?? '').join(''));
  };
  const server = await startStandIn({ name: 'Certificate stand-in', ...options, refuse: refuseByFault }, [route(LEAF_PATH, 'cert.leaf', leafBody), route(ISSUER_PATH, 'cert.issuer', () => pki.intermediate.der)]);
  const issuerUrl = server.url + ISSUER_PATH;
  // Only now, because the leaf names the port that was given to this server.
  const leaf = await pki.issueLeaf(issuerUrl);
  issued.leaf = leaf;
  return { server, leafUrl: server.url + LEAF_PATH, issuerUrl, leaf, setServing: (change) => void (serving = { ...serving, ...change }), close: server.close };
}
