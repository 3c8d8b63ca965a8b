// npm start: the product's main job on the sample database, in the terminal and as an HTML page.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { mustRun, root, step } from './steps.mjs';

const cli = (args) => mustRun(process.execPath, ['dist/cli.js', ...args]);
const folder = path.join(root, '.out/start');
const report = path.join(folder, 'report.json');
const page = path.join(root, 'query-profile.html');

await ensureInstalled();
step('Building');
await mustRun(process.execPath, ['.esbuild.mjs']);

step('Profiling the slow deployments query on the sample database');
await mkdir(folder, { recursive: true });
await cli([
  'profile',
  'media/sample/slow-deployments.sql',
  '--sample',
  '--format',
  'json',
  '--output',
  report,
]);

await cli(['plan', report]);
await cli(['plan', report, '--format', 'html', '--output', page]);
process.stdout.write(`
The same as a page: ${page}
The same in VS Code: npm run vscode
`);
