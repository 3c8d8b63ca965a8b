// npm run soak: what takes longer than npm test may. All server versions, the oldest VS Code, and the *.soak.ts files.
import { findTests } from './findTests.mjs';
import { ensureInstalled } from './install.mjs';
import { load } from './sources.mjs';
import { mustRun, run, step } from './steps.mjs';

const oldestVscode = '1.100.3';
const servers = [13, 14, 15, 16, 17, 18];
const env = { ...process.env, PGQP_SERVERS: servers.join(','), PGQP_VSCODE: oldestVscode };

await ensureInstalled();
step('Installing the servers into .cache (once)');
const { installServer } = await load('test/support/postgres.ts');
for (const version of servers) await installServer(version);
step('Build');
await mustRun(process.execPath, ['.esbuild.mjs']);
await mustRun(process.execPath, ['--import', 'tsx', 'test/vscode/rig/install.ts', oldestVscode]);
step(`Soak: PostgreSQL ${env.PGQP_SERVERS}, VS Code ${oldestVscode}`);
const files = findTests(/\.soak\.ts$|^test\/(pg|profiler|vscode)\/.*\.test\.ts$/);
process.exitCode = await run(process.execPath, ['--import', 'tsx', '.tasks/runTests.mjs', ...files], { env });
