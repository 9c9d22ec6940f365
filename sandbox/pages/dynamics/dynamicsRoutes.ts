// A seller's Dynamics 365: its pages, the files of the package that a customer installs, and the Web API behind them.
import { seedIds, type Dataverse } from '../../dataverse/startDataverse';
import { typeOf } from '../server/assets';
import { PageProblem, type PageAnswer, type PageRequest, type PageRoute } from '../server/pageServer';
import { languageOf, pageAnswer } from '../server/shell';
import { openPackage, type ShippedPackage } from '../shipped/openPackage';
import { webApiRoute } from './forward';
import { formPage, listPage, platformLibraries } from './pageModels';
import { languageCode, readTable } from './tableModel';

export interface DynamicsOptions {
  readonly dataverse: Dataverse;
  /** The managed package. */
  readonly packageFile: string;
  readonly paths: Readonly<Record<string, string>>;
}

/** Fluent 8 would fetch its fonts from Microsoft's servers as soon as it is loaded; nothing here leaves the computer. */
const BEFORE_FLUENT = "window.FabricConfig = { fontBaseUrl: '', iconBaseUrl: '/assets/icons/' };\n";

export function dynamicsRoutes({ dataverse, packageFile, paths }: DynamicsOptions): readonly PageRoute[] {
  const shipped = openOnce(packageFile);
  const platform = platformLibraries();
  const seller = { id: seedIds.dana, name: String(dataverse.row('systemuser', seedIds.dana)?.cells.fullname ?? '') };
  const page = (name: string, scripts: readonly string[]) => (request: PageRequest): PageAnswer =>
    pageAnswer(request, { title: 'Dynamics 365', settings: { page: name, language: languageOf(request), paths, user: seller, organization: { name: 'contoso', id: seedIds.organization }, platform }, scripts });
  const get = (path: RegExp, handle: (request: PageRequest) => PageAnswer): PageRoute => ({ method: 'GET', path, handle });
  return [
    get(/^\/dynamics\/form$/, page('form', ['/dynamics/platform.js', '/assets/fluent/fluentui-react.umd.js'])),
    get(/^\/dynamics\/platform\.js$/, () => ({ body: BEFORE_FLUENT, headers: { 'content-type': typeOf('platform.js') } })),
    get(/^\/dynamics\/list$/, page('list', [])),
    get(/^\/shipped\/form\/(?<table>\w+)$/, (request) => ({ body: formPage(shipped(), request.params.table ?? '', languageOf(request), request.url.searchParams.has('quick'), platform) })),
    get(/^\/shipped\/views\/(?<table>\w+)$/, (request) => ({ body: listPage(shipped(), request.params.table ?? '', languageOf(request)) })),
    get(/^\/shipped\/table\/(?<table>\w+)$/, (request) => ({ body: readTable(request.params.table ?? '', languageCode(languageOf(request)), shipped()) })),
    get(/^\/shipped\/components\/(?<name>[\w.]+)\/(?<path>[\w./-]+)$/, ({ params }) => fileAnswer(shipped(), shipped().componentFile(params.name ?? '', params.path ?? ''), params.path ?? '')),
    // Where a real environment has them, too.
    get(/^\/WebResources\/(?<name>[\w./-]+)$/i, ({ params }) => fileAnswer(shipped(), shipped().webResource(params.name ?? ''), params.name ?? '')),
    webApiRoute(dataverse.url, () => dataverse.sellerToken(seedIds.dana)),
  ];
}

/** At the first request: the other pages need no package. */
function openOnce(file: string): () => ShippedPackage {
  let opened: ShippedPackage | undefined;
  return () => (opened ??= openPackage(file));
}

function fileAnswer({ mark }: ShippedPackage, content: Buffer | undefined, path: string): PageAnswer {
  if (!content) throw new PageProblem(404, `The package holds no ${path}.`);
  return { body: content, headers: { 'content-type': typeOf(path), etag: `"${mark}"`, 'cache-control': 'no-cache' } };
}
