// The pages of the try-out: files that a browser needs, from the build and from packages. Nothing comes from another address.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PageProblem, type PageAnswer, type PageRoute } from './pageServer';

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', woff2: 'font/woff2', woff: 'font/woff', png: 'image/png', map: 'application/json', json: 'application/json' };

/** Folders of packages that pages may read, by the first part of the path under /assets. */
const PACKAGES: Readonly<Record<string, { readonly name: string; readonly folder: string }>> = {
  react: { name: 'react', folder: 'umd' },
  'react-dom': { name: 'react-dom', folder: 'umd' },
  fluent: { name: '@fluentui/react', folder: 'dist' },
  icons: { name: '@fluentui/font-icons-mdl2', folder: 'fonts' },
  'open-sans': { name: '@fontsource/open-sans', folder: '' },
  'noto-sans-sc': { name: '@fontsource/noto-sans-sc', folder: '' },
};

export const typeOf = (path: string): string => TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';

/** Routes below /assets. @param bundle the built script of all pages; its styles lie beside it */
export function assetRoutes(bundle: string): readonly PageRoute[] {
  const cache = new Map<string, PageAnswer>();
  const read = (path: string, file: string, headers: Readonly<Record<string, string>>): PageAnswer => {
    const body = readOrRefuse(file, path);
    return { body, headers: { 'content-type': typeOf(path), etag: etagOf(body), ...headers } };
  };
  return [
    // Another build must be seen at the next reload; packages change with the lockfile only.
    { method: 'GET', path: /^\/assets\/pages\.(?<kind>js|css|js\.map)$/, handle: ({ params }) => read(`pages.${params.kind}`, bundle.replace(/js$/, params.kind ?? ''), { 'cache-control': 'no-cache' }) },
    {
      method: 'GET', path: /^\/assets\/(?<package>[\w-]+)\/(?<file>(?:[\w-]+\/)?[\w.-]+)$/,
      handle({ params }) {
        const from = PACKAGES[params.package ?? ''];
        if (!from) throw new PageProblem(404, `There is no package ${params.package} here.`);
        const path = `${params.package}/${params.file}`;
        const answer = cache.get(path) ?? read(path, join(packageFolder(from.name), from.folder, params.file ?? ''), { 'cache-control': 'public, max-age=86400' });
        cache.set(path, answer);
        return answer;
      },
    },
  ];
}

/** The version that a package here has, such as `16.14.0`. */
export const packageVersion = (name: string): string => (JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')) as { version: string }).version;

/** A package whose `exports` hide its package.json is still found by where its folder is looked for. */
function packageFolder(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      readFileSync(join(folder, name, 'package.json'));
      return join(folder, name);
    } catch {
      // looked for further up
    }
  }
  throw new PageProblem(500, `The package ${name} is missing. Install the project again: npm ci`);
}

function readOrRefuse(file: string, path: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new PageProblem(404, `There is no /assets/${path} (looked for in ${dirname(file).split(/[\\/]/).slice(-3).join('/')}).`);
  }
}

export const etagOf = (content: Buffer | string): string => `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
