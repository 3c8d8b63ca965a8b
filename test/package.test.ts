/** What users download: its size, and exactly which files it holds. */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { checkGolden } from './support/golden.ts';
import { packVsix, readZip } from './support/vsix.ts';

const mebibyte = 1024 * 1024;
/** The embedded database alone is about 5.3 MiB compressed. */
const vsixLimitBytes = 8 * mebibyte;
/** Read and compiled at each start of VS Code. */
const extensionLimitBytes = 400 * 1024;

const root = fileURLToPath(new URL('../', import.meta.url));

/** Lists of files that vsce makes from package.json; ours start with `extension/`. */
const madeByVsce = new Set(['extension.vsixmanifest', '[Content_Types].xml']);

test('the VSIX is small and holds exactly the files of the golden list', async (t) => {
  const vsix = path.join(root, '.out/package-test.vsix');
  await packVsix(vsix);
  const { size } = await stat(vsix);
  t.diagnostic(`VSIX ${(size / mebibyte).toFixed(2)} MiB`);
  assert.ok(size <= vsixLimitBytes, `the VSIX has ${size} bytes, allowed are ${vsixLimitBytes}`);

  const entries = await readZip(vsix);
  const names = entries.map(({ name }) => name).filter((name) => !madeByVsce.has(name));
  checkGolden('vsix.txt', `${names.toSorted().join('\n')}\n`);

  await t.test('extension.js is small and loads parser and database only on demand', async (inner) => {
    const bundle = entries.find(({ name }) => name === 'extension/dist/extension.js')!.read();
    inner.diagnostic(`extension.js ${Math.round(bundle.length / 1024)} KiB`);
    assert.ok(
      bundle.length <= extensionLimitBytes,
      `extension.js has ${bundle.length} bytes, allowed are ${extensionLimitBytes}`,
    );
    const text = bundle.toString();
    // Names that each of them holds in every build: the C entry of libpg_query, the file system of PGlite.
    for (const mark of ['wasm_parse_query', 'PGliteWorker', 'pglite.data'])
      assert.ok(!text.includes(mark), `extension.js holds ${mark}`);
  });

  await t.test('every file of media/ that package.json or the README names is there', () => {
    const texts = entries.filter(({ name }) => /^extension\/(package\.json|readme\.md)$/i.test(name));
    assert.equal(texts.length, 2);
    const named = texts.flatMap(
      (entry) =>
        entry
          .read()
          .toString()
          .match(/media\/[\w./-]+\.\w+/g) ?? [],
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((file) => !names.includes(`extension/${file}`)),
      [],
    );
  });

  await t.test('no file tells of the machine that built it, or holds a key', () => {
    for (const entry of entries) {
      const text = entry.read().toString('latin1');
      assert.ok(!text.includes(root), `${entry.name} holds the path ${root}`);
      assert.ok(
        !/-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}/.test(text),
        `${entry.name} holds a private key`,
      );
    }
  });
});
