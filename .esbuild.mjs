// Builds every bundle into dist/. `node .esbuild.mjs [--watch]`.
// The parser and the database are big and rarely needed at once, so they are bundles of their own, loaded on first use.
import { build, context } from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const dist = path.join(root, 'dist');

/** Libraries with a bundle of their own, beside the one that imports them: they are loaded when first used. */
const ownBundles = { 'libpg-query': './parser.js', pg: './pg.js' };
const lazyLibraries = {
  name: 'lazy-libraries',
  setup(b) {
    b.onResolve({ filter: /^(libpg-query|pg)$/ }, ({ path: name }) => ({
      path: ownBundles[name],
      external: true,
    }));
  },
};

const common = {
  bundle: true,
  minify: true,
  sourcemap: false,
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
  legalComments: 'none',
};
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'pg-native'],
  plugins: [lazyLibraries],
  keepNames: true,
};

/** PGlite and our own code ask for `import.meta.url`, which a CommonJS bundle does not have. */
const withOwnUrl = {
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** Every bundle, by its name in dist/. The architecture test reads the same list. */
export const bundles = {
  extension: { ...node, entryPoints: ['src/extension/extension.ts'] },
  cli: { ...node, entryPoints: ['src/cli/main.ts'], banner: { js: '#!/usr/bin/env node' } },
  planReader: { ...node, entryPoints: ['src/extension/plans/planReaderThread.ts'] },
  sampleServer: { ...node, ...withOwnUrl, entryPoints: ['src/embedded/sampleServer.ts'] },
  parser: { ...node, plugins: [], entryPoints: [require.resolve('libpg-query')] },
  pg: { ...node, plugins: [], entryPoints: [require.resolve('pg')] },
  webview: {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: ['webview/main.ts'],
  },
};

/** dist/webview.css: the panel's style sheet with all that it imports. */
export const styleSheet = { ...common, entryPoints: ['webview/style.css'] };

/** Files that a bundle opens beside itself at run time: [from, name in dist/]. */
const pglite = path.dirname(require.resolve('@electric-sql/pglite'));
export const assets = [
  [path.join(path.dirname(require.resolve('libpg-query')), 'libpg-query.wasm'), 'libpg-query.wasm'],
  [path.join(pglite, 'pglite.wasm'), 'pglite.wasm'],
  [path.join(pglite, 'pglite.data'), 'pglite.data'],
  [path.join(pglite, 'initdb.wasm'), 'initdb.wasm'],
  [path.join(pglite, 'pg_stat_statements.tar.gz'), 'pg_stat_statements.tar.gz'],
];

export async function buildAll({ watch = false } = {}) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await Promise.all(assets.map(([from, to]) => cp(from, path.join(dist, to))));
  const outputs = Object.entries(bundles).map(([name, options]) => [`${name}.js`, options]);
  await Promise.all(
    [...outputs, ['webview.css', styleSheet]].map(async ([file, options]) => {
      const whole = { ...options, outfile: path.join(dist, file) };
      if (watch) await (await context(whole)).watch();
      else await build(whole);
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildAll({ watch: process.argv.includes('--watch') });
