// `npm start`: the stand-ins keep their addresses from start to start, because both sides remember them.
import { createServer, type AddressInfo } from 'node:net';
import { keep, readKept } from './keepFile';

/** Below the range from which systems give ports to outgoing connections, so that nobody takes one between two starts. */
const PREFERRED = { pages: 7070, entra: 7072, partnerCenter: 7073, webhooks: 7074, certificates: 7075, dataverse: 7076, salesforce: 7077 } as const;

export type Ports = Readonly<Record<keyof typeof PREFERRED, number>>;

/** The remembered ports, each replaced by another where somebody else has taken it meanwhile. */
export async function choosePorts(file: string): Promise<Ports> {
  const wished: Ports = { ...PREFERRED, ...(readKept(file) as Partial<Ports> | undefined) };
  const entries = await Promise.all(Object.entries(wished).map(async ([name, port]) => [name, (await isPortFree(port)) ? port : await freePort()] as const));
  const ports = Object.fromEntries(entries) as Ports;
  keep(file, ports);
  return ports;
}

/** Whether nobody listens on this port of 127.0.0.1. */
export const isPortFree = async (port: number): Promise<boolean> => (await listenBriefly(port)) !== undefined;

async function freePort(): Promise<number> {
  const port = await listenBriefly(0);
  if (port === undefined) throw new Error('This machine lets nobody listen on 127.0.0.1. Bring the loopback interface up.');
  return port;
}

function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
