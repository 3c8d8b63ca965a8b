// npm test: what every change must pass. Its last lines are the test runner's counts.
import { runChecks } from './checks.mjs';
import { findTests } from './findTests.mjs';
import { ensureInstalled } from './install.mjs';
import { mustRun, run, step } from './steps.mjs';

await ensureInstalled();
const failed = await runChecks();
if (failed.length > 0) {
  process.stderr.write(`\nNo test was run. Failed before: ${failed.join(', ')}\n`);
  process.exit(1);
}
step('Build');
await mustRun(process.execPath, ['.esbuild.mjs']);
await mustRun(process.execPath, ['--import', 'tsx', 'test/vscode/rig/install.ts']);
step('Tests');
const files = findTests(/\.test\.ts$/);
process.exitCode = await run(process.execPath, ['--import', 'tsx', '.tasks/runTests.mjs', ...files]);
