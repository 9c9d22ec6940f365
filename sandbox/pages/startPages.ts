// The pages of the try-out: a start page, a seller's Dynamics 365 and Salesforce, and the Partner Center portal, played by the stand-ins behind them.
import type { Dataverse } from '../dataverse/startDataverse';
import type { Entra } from '../entra/entra';
import type { KnownSolution } from '../partnerCenter/catalogue';
import type { PartnerCenter } from '../partnerCenter/partnerCenter';
import type { Salesforce } from '../salesforce/startSalesforce';
import type { WatchedService } from '../start/watchService';
import { dynamicsRoutes } from './dynamics/dynamicsRoutes';
import { openPortal } from './portal/portalRoutes';
import { readPackageWords, type PackageWords } from './salesforce/packageWords';
import { openSalesforcePage } from './salesforce/salesforceRoutes';
import { assetRoutes } from './server/assets';
import { startPageServer, type PageRequest, type PageRoute } from './server/pageServer';
import { languageOf, pageAnswer, type Language } from './server/shell';
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
  /** The org, and the folder of the package in it; left out, the pages are about the other two. */
  readonly salesforce?: { readonly org: Salesforce; readonly metadataDir: string } | undefined;
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
  /** The opportunities of Salesforce, where it is played. */
  readonly salesforceList?: string;
  close(): Promise<void>;
}

const PATHS = { start: '/', form: '/dynamics/form?table=opportunity&suggest&tab=cosell_partnercenter', list: '/dynamics/list?table=opportunity', portal: '/partner-center' };

const SALESFORCE_LIST = '/salesforce';

/** @throws when the port is taken, or the files of Salesforce's package cannot be read */
export async function startPages(options: PagesOptions): Promise<Pages> {
  const { salesforce } = options;
  const paths = { ...PATHS, ...(salesforce ? { salesforceList: SALESFORCE_LIST } : {}) };
  const start = openStart({ ...options, salesforce: salesforce?.org });
  const portal = openPortal(options.partnerCenter, options.solutions, options.organization);
  const org = salesforce && openSalesforcePage(salesforce.org);
  const server = await startPageServer(
    [...pageRoutes(paths, salesforce && readPackageWords(salesforce.metadataDir)), ...start.routes, ...portal.routes, ...(org?.routes ?? []), ...dynamicsRoutes({ ...options, paths }), ...assetRoutes(options.bundle)],
    options.port,
  );
  const at = (path: string): string => server.url + path;
  return {
    url: server.url,
    addresses: { start: at(PATHS.start), form: at(PATHS.form), list: at(PATHS.list), portal: at(PATHS.portal) },
    ...(salesforce ? { salesforceList: at(SALESFORCE_LIST) } : {}),
    async close() {
      start.close();
      portal.close();
      org?.close();
      await server.close();
    },
  };
}

function pageRoutes(paths: Readonly<Record<string, string>>, salesforceWords: Readonly<Record<Language, PackageWords>> | undefined): PageRoute[] {
  const page = (path: RegExp, name: string, title: (request: PageRequest) => string, more: (language: Language) => Readonly<Record<string, unknown>> = () => ({})): PageRoute => ({
    method: 'GET',
    path,
    handle: (request) => pageAnswer(request, { title: title(request), settings: { page: name, language: languageOf(request), paths, ...more(languageOf(request)) } }),
  });
  const titled = (word: Parameters<typeof say>[1], system: string) => (request: PageRequest): string => `${say(languageOf(request), word)} - ${system}`;
  return [
    page(/^\/$/, 'start', () => 'Co-sell Referral Sync'),
    page(/^\/partner-center$/, 'portal', titled('portal.title', 'Partner Center')),
    ...(salesforceWords ? [page(/^\/salesforce$/, 'salesforce', titled('nav.opportunities', 'Salesforce'), (language) => ({ packageWords: salesforceWords[language] }))] : []),
  ];
}
