// npm run vscode: the extension in the desktop's VS Code if there is one, else in a VS Code in the browser.
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { load } from './sources.mjs';
import { mustRun, root, step } from './steps.mjs';

const folder = path.join(root, '.out/try');
const shell = process.platform === 'win32';

await ensureInstalled();
step('Building');
await mustRun(process.execPath, ['.esbuild.mjs']);
const guide = await load('src/embedded/guide.ts');
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, 'slow-deployments.sql'), `${guide.slowDeploymentsSql};\n`);

if (spawnSync('code', ['--version'], { shell }).status === 0) {
  await mustRun('code', ['--new-window', `--extensionDevelopmentPath=${root}`, folder], { shell });
  process.stdout.write(
    '\nVS Code has opened with the extension: look for “Query Profiler” in the activity bar.\n',
  );
} else {
  step('No `code` command on this machine: starting a VS Code in the browser');
  const { serveForBrowser } = await load('test/vscode/rig/serve.ts');
  await serveForBrowser(folder);
}
