// The pages of the try-out: the one HTML document that each page begins as.
import type { PageAnswer, PageRequest } from './pageServer';

export type Language = 'en' | 'zh';

/** What a page is told when it is opened. */
export interface PageSettings {
  readonly page: string;
  readonly language: Language;
  readonly [more: string]: unknown;
}

export interface Shell {
  readonly title: string;
  readonly settings: PageSettings;
  /** Scripts beyond those of every page, loaded before the page's own, in order. */
  readonly scripts?: readonly string[];
}

const LANGUAGE_TAG: Readonly<Record<Language, string>> = { en: 'en-US', zh: 'zh-CN' };

/** `?lang=` decides and is remembered; without it what was remembered, then what the browser prefers. */
export function languageOf({ url, headers }: PageRequest): Language {
  const asked = url.searchParams.get('lang') ?? /(?:^|; )lang=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? headers['accept-language'] ?? '';
  return asked.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function pageAnswer(request: PageRequest, { title, settings, scripts = [] }: Shell): PageAnswer {
  const { language } = settings;
  // The switch to the other language needs Chinese signs in English, too.
  const fonts = ['open-sans/400.css', 'open-sans/600.css', 'noto-sans-sc/400.css', ...(language === 'zh' ? ['noto-sans-sc/600.css'] : [])];
  const all = ['/assets/react/react.production.min.js', '/assets/react-dom/react-dom.production.min.js', ...scripts, '/assets/pages.js'];
  const remembered: Record<string, string> = request.url.searchParams.has('lang') ? { 'set-cookie': `lang=${language}; Path=/; SameSite=Strict; Max-Age=31536000` } : {};
  return {
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...remembered },
    body: [
      '<!doctype html>',
      `<html lang="${LANGUAGE_TAG[language]}">`,
      '<head>',
      '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
      `<title>${escapeHtml(title)}</title>`,
      '<link rel="icon" href="data:,">',
      ...fonts.map((font) => `<link rel="stylesheet" href="/assets/${font}">`),
      '<link rel="stylesheet" href="/assets/pages.css">',
      `<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>`,
      ...all.map((script) => `<script defer src="${escapeHtml(script)}"></script>`),
      '</head>',
      '<body><div id="page"></div><noscript>These pages need JavaScript.</noscript></body>',
      '</html>',
    ].join('\n'),
  };
}

export const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
