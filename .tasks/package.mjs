// npm run package: builds and packs pg-query-profiler.vsix.
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { load } from './sources.mjs';
import { mustRun, root } from './steps.mjs';

await ensureInstalled();
await mustRun(process.execPath, ['.esbuild.mjs']);
const { packVsix } = await load('test/support/vsix.ts');
const file = path.join(root, 'pg-query-profiler.vsix');
await packVsix(file);
process.stdout.write(`${file}\n`);
