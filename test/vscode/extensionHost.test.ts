/** Runs the suite of this folder inside the extension host of a real VS Code. */
import assert from 'node:assert/strict';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { newestVersion, rigIsPossible } from './rig/install.ts';
import type { SuiteResults } from './suite/results.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const version = process.env['PGQP_VSCODE'] ?? newestVersion;
/** Where VS Code may be downloaded the suite runs in the desktop's, elsewhere in the rig's. */
const downloads = process.env['PGQP_VSCODE_DOWNLOAD'] === '1' || !rigIsPossible;

test(`the extension in the extension host of VS Code ${version}`, async (t) => {
  const folder = path.join(root, '.out/vscode');
  const resultsFile = path.join(folder, 'suite-results.json');
  const extensionTestsPath = path.join(folder, 'suite.js');
  await mkdir(folder, { recursive: true });
  await rm(resultsFile, { force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/suite/index.ts'],
    outfile: extensionTestsPath,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  });
  await runTests({
    version,
    ...(downloads ? {} : { vscodeExecutablePath: fileURLToPath(new URL('rig/code', import.meta.url)) }),
    extensionDevelopmentPath: root,
    extensionTestsPath,
    extensionTestsEnv: { PGQP_SUITE_RESULTS: resultsFile, PGQP_VSCODE: version },
  });

  const results = JSON.parse(await readFile(resultsFile, 'utf8')) as SuiteResults;
  t.diagnostic(`activation ${results.activationMs.toFixed(1)} ms in VS Code ${results.vscodeVersion}`);
  assert.equal(results.vscodeVersion, version);
  assert.ok(results.checks.length > 0, 'the suite checked nothing');
  for (const { name, error } of results.checks) {
    await t.test(name, () => {
      if (error !== undefined) assert.fail(error);
    });
  }
});
