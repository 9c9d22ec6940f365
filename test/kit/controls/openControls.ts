// Test kit: the built controls in a real browser, on a page that stands for the form. Everything is served from this machine; nothing else can be reached.
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import vm from 'node:vm';
import { build } from 'esbuild';
import { XMLParser } from 'fast-xml-parser';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { catalogue, NOW, type ControlName, type Situation } from './situations';
import type { Given } from './hostContext';
import type { Host, Log } from './hostPage';

const root = process.cwd();
const out = join(root, 'controls/out/controls');
const require = createRequire(join(root, 'package.json'));
const names: readonly ControlName[] = ['MicrosoftHelp', 'ReferralProducts', 'SyncStatus'];

export type Theme = 'light' | 'dark' | 'classic' | 'forced';
export type Solutions = object[] | 'fail' | 'never';

export interface Look {
  readonly theme?: Theme;
  readonly language?: 1033 | 2052;
  readonly width?: number;
  /** Cards beside each other. */
  readonly columns?: number;
  readonly isRightToLeft?: boolean;
}

export interface ControlsHost {
  open(look?: Look): Promise<ControlsPage>;
  /** The same page, after it was loaded anew. */
  enter(page: Page, look?: Look): Promise<ControlsPage>;
  close(): Promise<void>;
}

export interface ControlsPage {
  readonly page: Page;
  /** Lays a control into a card of its own. @returns the card's id */
  show(situation: Situation, solutions?: Solutions): Promise<string>;
  update(id: string, values: Readonly<Record<string, Given>>): Promise<void>;
  unmount(id: string): Promise<void>;
  log(): Promise<Log>;
}

/** Serves the built controls; build them first. */
export async function hostControls(browser: Browser): Promise<ControlsHost> {
  const files = await servedFiles();
  const server = createServer(({ url = '/' }, response) => {
    const found = files[url.split('?')[0]!];
    response.writeHead(found ? 200 : 404, { 'content-type': found?.[0] ?? 'text/plain', 'cache-control': 'max-age=600' }).end(found?.[1] ?? '');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
  const contexts = new Map<string, Promise<BrowserContext>>();
  const contextFor = (look: Look): Promise<BrowserContext> => {
    const options = contextOptions(look);
    const key = JSON.stringify(options);
    const context = contexts.get(key) ?? browser.newContext(options);
    contexts.set(key, context);
    return context;
  };
  return { open: async (look = {}) => openPage(await contextFor(look), address, look), enter: (page, look = {}) => prepare(page, look), close: () => stop(server) };
}

const contextOptions = ({ theme = 'light', width = 560, columns = 1 }: Look): BrowserContextOptions => ({
  viewport: { width: columns * (width + 48) + 16, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'],
  colorScheme: theme === 'dark' || theme === 'forced' ? 'dark' : 'light', forcedColors: theme === 'forced' ? 'active' : 'none',
});

async function openPage(context: BrowserContext, address: string, look: Look): Promise<ControlsPage> {
  const page = await context.newPage();
  page.on('pageerror', (error) => { throw error; });
  await page.clock.install({ time: new Date(NOW) });
  await page.goto(address);
  return prepare(page, look);
}

async function prepare(page: Page, { theme = 'light', language = 1033, columns = 1, isRightToLeft = false }: Look): Promise<ControlsPage> {
  const call = <Name extends keyof Host>(name: Name, ...all: Host[Name] extends (...given: infer Given) => unknown ? Given : never): Promise<void> =>
    page.evaluate(([key, given]) => (globalThis as unknown as { host: Record<string, (...all: unknown[]) => void> }).host[key]!(...given), [name as string, all as unknown[]] as const);
  await call('prepare', language === 2052 ? 'zh-CN' : 'en', isRightToLeft ? 'rtl' : 'ltr', theme, columns);
  let count = 0;
  return {
    page,
    show: async ({ title, control, values, settings }, solutions = catalogue) => {
      const id = `card-${(count += 1)}`;
      await call('card', id, title);
      await call('mount', id, control, { ...values }, { language, isRightToLeft, tokens: tokensOf(theme), words: wordsOf(control, language), solutions, ...settings });
      return id;
    },
    update: (id, values) => call('update', id, { ...values }),
    unmount: (id) => call('unmount', id),
    log: () => page.evaluate(() => (globalThis as unknown as { host: { log: Log } }).host.log),
  };
}

type Files = Readonly<Record<string, readonly [type: string, content: string | Buffer]>>;

/** React 16 and Fluent 8 as the platform provides them: under the names of its globals, which the bundles read. */
async function servedFiles(): Promise<Files> {
  const script = (path: string) => ['text/javascript', readFileSync(path)] as const;
  const { outputFiles } = await build({ entryPoints: [join(root, 'test/kit/controls/hostPage.ts')], bundle: true, write: false, format: 'iife', target: 'es2022', logLevel: 'silent' });
  const scripts = ['react.js', 'react-dom.js', 'globals.js', 'fluent.js', 'host.js', ...names.map((name) => `${name}.js`)];
  return {
    '/': ['text/html', pageHtml(scripts)],
    '/react.js': script(require.resolve('react/umd/react.production.min.js')),
    '/react-dom.js': script(require.resolve('react-dom/umd/react-dom.production.min.js')),
    '/globals.js': ['text/javascript', 'window.Reactv16 = React;'],
    '/fluent.js': script(join(root, 'node_modules/pcf-start/lib/fluent_8_29_0.js')),
    '/host.js': ['text/javascript', outputFiles[0]!.text],
    ...Object.fromEntries(names.map((name) => [`/${name}.js`, script(join(out, name, 'bundle.js'))])),
    ...Object.fromEntries(stylesOf().map(([path, text]) => [path, ['text/css', text] as const])),
    ...fonts(),
  };
}

/** Style sheets as the manifests name them. */
function stylesOf(): [string, string][] {
  return names.flatMap((name) => {
    const manifest = readFileSync(join(out, name, 'ControlManifest.xml'), 'utf8');
    return [...manifest.matchAll(/<css path="([^"]+)"/g)].map((hit): [string, string] => [`/${name}/${hit[1]}`, readFileSync(join(out, name, hit[1]!), 'utf8')]);
  });
}

const pageHtml = (scripts: readonly string[]): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Controls</title><link rel="icon" href="data:,">
${stylesOf().map(([path]) => `<link rel="stylesheet" href="${path}">`).join('\n')}
<link rel="stylesheet" href="/fonts.css"><style>
  body { background: #f0f0f0; color: #242424; font: 14px/20px 'Open Sans', 'Noto Sans SC', sans-serif; margin: 0; }
  .cosell { --fontFamilyBase: 'Open Sans', 'Noto Sans SC', sans-serif !important; }
  main { columns: var(--columns); column-gap: 16px; padding: 4px 16px 16px; }
  article { break-inside: avoid; padding-top: 14px; }
  h1 { display: none; }
  h2 { font-size: 12px; margin: 0 0 6px; }
  .card { background: #fff; border-radius: 8px; box-shadow: 0 1px 3px #0003; padding: 16px 20px; }
  [data-theme='dark'] body { background: #141414; color: #fff; }
  [data-theme='dark'] .card { background: #292929; }
  [data-theme='forced'] .card { border: 1px solid CanvasText; }
</style></head><body><main><h1>Controls</h1></main>${scripts.map((path) => `<script src="/${path}"></script>`).join('')}</body></html>`;

/** Fonts of the pictures; a browser without fonts of its own shows no Chinese. The part with the number holds the arrow. */
function fonts(): Files {
  const found = [['open-sans', 'latin', 400], ['open-sans', 'latin', 600], ['noto-sans-sc', 'chinese-simplified', 400], ['noto-sans-sc', 'chinese-simplified', 600], ['noto-sans-sc', '109', 400], ['noto-sans-sc', '109', 600]] as const;
  const faces = found.map(([family, subset, weight]) => [`${family}-${subset}-${weight}-normal.woff2`, family, weight] as const);
  const css = faces.map(([file, family, weight]) => `@font-face { font-family: '${family === 'open-sans' ? 'Open Sans' : 'Noto Sans SC'}'; font-weight: ${weight}; src: url(/${file}) format('woff2');${file.includes('-109-') ? ' unicode-range: U+2192;' : ''} }`).join('\n');
  return {
    '/fonts.css': ['text/css', css],
    ...Object.fromEntries(faces.map(([file, family]) => [`/${file}`, ['font/woff2', readFileSync(join(root, 'node_modules/@fontsource', family, 'files', file))] as const])),
  };
}

const read = new Map<string, Record<string, string>>();

/** The words of a control's RESX, read as the platform reads them. */
function wordsOf(name: ControlName, language: 1033 | 2052): Record<string, string> {
  const path = join(out, name, 'strings', `${name}.${language}.resx`);
  const words = read.get(path) ?? parseResx(readFileSync(path, 'utf8'));
  read.set(path, words);
  return words;
}

function parseResx(text: string): Record<string, string> {
  const { root: all } = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false }).parse(text) as { root: { data: { '@_name': string; value: string }[] } };
  return Object.fromEntries(all.data.map((each) => [each['@_name'], each.value]));
}

let themes: { webLightTheme: Record<string, string>; webDarkTheme: Record<string, string> } | undefined;

/** The tokens that a host with the new look hands over: those of the real Fluent 9. */
export function tokensOf(theme: Theme): Record<string, string> | undefined {
  if (theme === 'classic') return undefined;
  themes ??= readThemes();
  return theme === 'dark' ? themes.webDarkTheme : themes.webLightTheme;
}

function readThemes(): NonNullable<typeof themes> {
  const page: Record<string, unknown> = { React: require('react'), ReactDOM: require('react-dom'), navigator: { userAgent: '' }, setTimeout, document: { createElement: () => ({ style: {} }), addEventListener: () => undefined, documentElement: {} } };
  Object.assign(page, { self: page, window: page });
  vm.runInNewContext(readFileSync(join(root, 'node_modules/pcf-start/lib/fluent_9_4_0.js'), 'utf8'), page);
  return page.FluentUIReactv940 as NonNullable<typeof themes>;
}

const stop = (server: Server): Promise<void> => new Promise((done) => { server.close(() => done()); server.closeAllConnections(); });
