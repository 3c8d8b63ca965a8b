// npm run package: builds and packs pg-query-profiler.vsix.
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { mustRun, root, tool } from './steps.mjs';

await ensureInstalled();
await mustRun(process.execPath, ['.esbuild.mjs']);
// The bundles hold what they need of node_modules, so none of it is packed.
const vsix = path.join(root, 'pg-query-profiler.vsix');
await mustRun(
  process.execPath,
  tool('@vscode/vsce', 'package', '--no-dependencies', '--skip-license', '--out', vsix),
);
