// What is built: each program of the project from its first source file to the one file that runs.

/** Paths from the project's root. `global`: a script for a CRM page, with this one name; `page`: the try-out's own pages; everything else runs in Node. */
export const bundles = {
  proxy: { source: 'plugins-proxy/main.ts', file: 'dist/plugins-proxy/main.js' },
  cosell: { source: 'plugins-proxy/cli/main.ts', file: 'dist/plugins-proxy/cosell.js' },
  sandbox: { source: 'sandbox/start.ts', file: 'dist/sandbox/start.js' },
  pages: { source: 'sandbox/pages/browser/main.tsx', file: 'dist/sandbox/pages.js', page: true },
  trip: { source: 'sandbox/trip/trip.ts', file: 'dist/sandbox/trip.js' },
  webresources: { source: 'webresources/main.ts', file: 'dist/webresources/CoSell.js', global: 'CoSell' },
  bench: { source: 'bench/main.ts', file: 'dist/bench/main.js' },
  solution: { source: 'solution/main.ts', file: '.cache/build/solution.mjs' },
};

/** Bundles that a program starts by itself, and therefore needs beside its own. */
export const needs = {
  proxy: ['proxy', 'cosell'],
  sandbox: ['sandbox', 'pages', 'webresources', 'proxy', 'cosell'],
  trip: ['trip'],
  bench: ['bench', 'proxy', 'cosell'],
  cosell: ['cosell'],
};
