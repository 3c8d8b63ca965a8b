/** The boundaries of src/ARCHITECTURE.md, held against the imports that are there. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { bundleContents, importGraph, root, sourceFiles, type SourceFile } from './support/importGraph.ts';

interface Boundary {
  /** Files whose path starts so; the first boundary that fits a file is its own. */
  readonly of: string;
  /** Where its imports may lead: the start of a source file's path, a package, or `node:`. */
  readonly mayImport: readonly string[];
}

/** Everything not listed is forbidden. Two folders that both name a package would be a second owner of it. */
const boundaries: readonly Boundary[] = [
  { of: 'src/shared/', mayImport: ['src/shared/'] },
  { of: 'src/core/sql/parser.ts', mayImport: ['src/shared/', 'src/core/', 'libpg-query'] },
  { of: 'src/core/plan/parseXml.ts', mayImport: ['src/shared/', 'src/core/', 'sax'] },
  { of: 'src/core/', mayImport: ['src/shared/', 'src/core/'] },
  { of: 'src/pg/', mayImport: ['src/shared/', 'src/core/', 'src/pg/', 'node:', 'pg'] },
  {
    of: 'src/embedded/',
    mayImport: [
      'src/shared/',
      'src/core/',
      'src/embedded/',
      'node:',
      '@electric-sql/pglite',
      '@electric-sql/pglite-socket',
    ],
  },
  {
    of: 'src/extension/',
    mayImport: ['src/shared/', 'src/core/', 'src/pg/', 'src/embedded/', 'src/extension/', 'node:', 'vscode'],
  },
  {
    of: 'src/cli/',
    mayImport: ['src/shared/', 'src/core/', 'src/pg/', 'src/embedded/', 'src/cli/', 'node:', 'package.json'],
  },
  { of: 'webview/toolkit.ts', mayImport: ['webview/toolkitProbe.ts', '@vscode/webview-ui-toolkit'] },
  { of: 'webview/', mayImport: ['src/shared/', 'webview/', 'lit'] },
];

/** What must never be inside a bundle: it would slow the start, or break the host that loads it. */
const bundleBans: Readonly<Record<string, RegExp>> = {
  extension: /^webview\/|^src\/cli\/|node_modules\/(@electric-sql|libpg-query|lit|@vscode)\//,
  cli: /^webview\/|^src\/extension\/|node_modules\/(@electric-sql|libpg-query|lit|@vscode)\//,
  planReader:
    /^webview\/|^src\/(cli|pg|embedded)\/|node_modules\/(pg|lit|@electric-sql|@vscode)\/|^src\/extension\/(?!plans\/)/,
  sampleServer: /^webview\/|^src\/(extension|cli|pg)\/|node_modules\/(pg|libpg-query|lit|@vscode)\//,
  pg: /^(?!node_modules\/(pg|pg-[a-z0-9-]+|pgpass|postgres-[a-z]+|split2|xtend)\/)/,
  parser: /^(?!node_modules\/(libpg-query|@pgsql)\/)/,
  webview: /^src\/(?!shared\/)|node_modules\/(pg|@electric-sql|libpg-query)\//,
};

const mostLines = 400;

const mayLead = (allowed: string, imported: string) =>
  imported === allowed ||
  imported.startsWith(allowed.endsWith('/') || allowed.endsWith(':') ? allowed : `${allowed}/`);

/** One sentence for each import that no boundary allows. */
function checkBoundaries(graph: readonly SourceFile[]): readonly string[] {
  return graph.flatMap(({ file, imports }) => {
    const boundary = boundaries.find(({ of }) => file.startsWith(of));
    if (!boundary) return [`${file} lies in no folder that has a boundary`];
    return imports
      .filter((imported) => !boundary.mayImport.some((allowed) => mayLead(allowed, imported)))
      .map((imported) => `${file} imports ${imported}`);
  });
}

/** One sentence for each file that a bundle must not hold. */
function checkBundle(name: string, files: readonly string[]): readonly string[] {
  const ban = bundleBans[name];
  if (!ban) return [`nothing says what the bundle ${name} may hold`];
  return files.filter((file) => ban.test(file)).map((file) => `${name}.js holds ${file}`);
}

test('every import stays inside its boundary', async () => {
  const graph = await importGraph(await sourceFiles('src', 'webview'));
  assert.ok(graph.length > 20, 'the graph is of the real sources');
  assert.deepEqual(checkBoundaries(graph), []);
});

test('each bundle holds only its own side', async () => {
  const contents = await bundleContents();
  assert.deepEqual([...contents.keys()].toSorted(), Object.keys(bundleBans).toSorted());
  for (const [name, files] of contents) {
    assert.ok(files.length > 0, `${name} is empty`);
    assert.deepEqual(checkBundle(name, files), []);
  }
});

test(`no file is longer than ${mostLines} lines`, async () => {
  const files = [...(await sourceFiles('src', 'webview', 'test')), ...(await styleFiles())];
  const lengths = await Promise.all(
    files.map(async (file) => ({
      file,
      lines: (await readFile(path.join(root, file), 'utf8')).split('\n').length - 1,
    })),
  );
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > mostLines),
    [],
  );
});

test('every style file is in the style sheet, once', async () => {
  const sheet = await readFile(path.join(root, 'webview/style.css'), 'utf8');
  const imported = [...sheet.matchAll(/@import '\.\/(.*)';/g)].map(([, file]) => `webview/${file}`);
  assert.deepEqual(imported.toSorted(), (await styleFiles()).toSorted());
});

async function styleFiles(): Promise<readonly string[]> {
  return (await readdir(path.join(root, 'webview/styles'))).map((file) => `webview/styles/${file}`);
}

const plantedImports: readonly (readonly [file: string, imported: string])[] = [
  ['src/shared/format.ts', 'src/core/plan/plan.ts'],
  ['src/shared/format.ts', 'node:path'],
  ['src/core/profiler.ts', 'node:fs'],
  ['src/core/profiler.ts', 'src/pg/openServer.ts'],
  ['src/core/profiler.ts', 'libpg-query'],
  ['src/core/profiler.ts', 'sax'],
  ['src/core/profiler.ts', 'vscode'],
  ['src/pg/openServer.ts', 'src/embedded/sampleDatabase.ts'],
  ['src/embedded/sampleDatabase.ts', 'pg'],
  ['src/embedded/sampleDatabase.ts', 'src/pg/openServer.ts'],
  ['src/extension/extension.ts', 'pg'],
  ['src/extension/extension.ts', '@electric-sql/pglite'],
  ['src/extension/extension.ts', 'src/cli/main.ts'],
  ['src/extension/extension.ts', 'webview/main.ts'],
  ['src/cli/main.ts', 'vscode'],
  ['src/cli/main.ts', 'src/extension/config.ts'],
  ['src/cli/main.ts', 'pg-query-stream'],
  ['webview/main.ts', 'src/core/profiler.ts'],
  ['webview/main.ts', '@vscode/webview-ui-toolkit'],
  ['webview/main.ts', 'node:fs'],
  ['tools/new.ts', 'src/shared/format.ts'],
];
for (const [file, imported] of plantedImports) {
  test(`a planted import is caught: ${file} → ${imported}`, () => {
    assert.equal(checkBoundaries([{ file, imports: [imported] }]).length, 1);
  });
}

test('what the boundaries allow is not caught', () => {
  const graph: readonly SourceFile[] = [
    {
      file: 'src/pg/openServer.ts',
      imports: ['pg', 'node:net', 'src/core/ports.ts', 'src/shared/report.ts'],
    },
    {
      file: 'src/embedded/sampleServer.ts',
      imports: ['@electric-sql/pglite', '@electric-sql/pglite/contrib/x'],
    },
    { file: 'webview/main.ts', imports: ['lit', 'lit/directives/repeat.js', 'webview/toolkit.ts'] },
  ];
  assert.deepEqual(checkBoundaries(graph), []);
});

const plantedFiles: readonly (readonly [bundle: string, file: string])[] = [
  ['extension', 'node_modules/@electric-sql/pglite/dist/index.js'],
  ['extension', 'node_modules/libpg-query/wasm/index.js'],
  ['extension', 'src/cli/main.ts'],
  ['cli', 'src/extension/extension.ts'],
  ['sampleServer', 'node_modules/pg/lib/index.js'],
  ['webview', 'src/core/profiler.ts'],
  ['newcomer', 'src/shared/format.ts'],
];
for (const [bundle, file] of plantedFiles) {
  test(`a planted file is caught: ${file} in ${bundle}.js`, () => {
    assert.equal(checkBundle(bundle, [file]).length, 1);
  });
}
