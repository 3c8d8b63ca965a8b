// What is checked without running the product: lint, format, unused code, types. `npm run lint`.
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { run, step, tool } from './steps.mjs';

const checks = [
  ['Lint', () => tool('oxlint', '--type-aware', 'src', 'webview', 'test', '.tasks')],
  ['Format', () => tool('prettier', '--check', '--log-level', 'warn', '.')],
  ['Unused code', () => tool('knip')],
  ['Types', () => tool('typescript', '-b')],
];

/** Runs every check, so that one run tells all. Resolves to the names of those that failed. */
export async function runChecks() {
  const failed = [];
  for (const [name, args] of checks) {
    step(name);
    if ((await run(process.execPath, args())) !== 0) failed.push(name);
  }
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureInstalled();
  const failed = await runChecks();
  if (failed.length > 0) process.stderr.write(`\nFailed: ${failed.join(', ')}\n`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
