// The pages of the try-out: a start page, a seller's Dynamics 365 and the Partner Center portal, played by the stand-ins behind them.
import type { Dataverse } from '../dataverse/startDataverse';
import type { Entra } from '../entra/entra';
import type { KnownSolution } from '../partnerCenter/catalogue';
import type { PartnerCenter } from '../partnerCenter/partnerCenter';
import type { WatchedService } from '../start/watchService';
import { dynamicsRoutes } from './dynamics/dynamicsRoutes';
import { openPortal } from './portal/portalRoutes';
import { assetRoutes } from './server/assets';
import { startPageServer, type PageRequest, type PageRoute } from './server/pageServer';
import { languageOf, pageAnswer } from './server/shell';
import { say } from './server/words';
import { openStart } from './startPage/startRoutes';

export interface PagesOptions {
  /** 0 picks a free port. */
  readonly port: number;
  /** The built script of all pages; its styles lie beside it. */
  readonly bundle: string;
  /** The managed package: what a customer installs. */
  readonly packageFile: string;
  readonly entra: Entra;
  readonly partnerCenter: PartnerCenter;
  readonly dataverse: Dataverse;
  readonly service: Pick<WatchedService, 'state' | 'onState' | 'halt' | 'goOn'>;
  /** Who the partner is in the portal. */
  readonly organization: string;
  /** What the partner can sell. */
  readonly solutions: readonly KnownSolution[];
}

export interface Pages {
  readonly url: string;
  /** As `try-out.json` tells them. */
  readonly addresses: { readonly start: string; readonly form: string; readonly list: string; readonly portal: string };
  close(): Promise<void>;
}

const PATHS = { start: '/', form: '/dynamics/form?table=opportunity&suggest&tab=cosell_partnercenter', list: '/dynamics/list?table=opportunity', portal: '/partner-center' };

/** @throws when the port is taken */
export async function startPages(options: PagesOptions): Promise<Pages> {
  const start = openStart(options);
  const portal = openPortal(options.partnerCenter, options.solutions, options.organization);
  const server = await startPageServer([...pageRoutes(), ...start.routes, ...portal.routes, ...dynamicsRoutes({ ...options, paths: PATHS }), ...assetRoutes(options.bundle)], options.port);
  const at = (path: string): string => server.url + path;
  return {
    url: server.url,
    addresses: { start: at(PATHS.start), form: at(PATHS.form), list: at(PATHS.list), portal: at(PATHS.portal) },
    async close() {
      start.close();
      portal.close();
      await server.close();
    },
  };
}

function pageRoutes(): PageRoute[] {
  const page = (path: RegExp, name: string, title: (request: PageRequest) => string): PageRoute => ({
    method: 'GET',
    path,
    handle: (request) => pageAnswer(request, { title: title(request), settings: { page: name, language: languageOf(request), paths: PATHS } }),
  });
  return [page(/^\/$/, 'start', () => 'Co-sell Referral Sync'), page(/^\/partner-center$/, 'portal', (request) => `${say(languageOf(request), 'portal.title')} - Partner Center`)];
}
