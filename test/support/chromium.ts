/** The real browser of the tests: on Linux the Chromium inside an npm package, elsewhere the Chrome that is installed. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const cacheFolder = fileURLToPath(new URL('../../.cache/', import.meta.url));

/** No sandbox (tests run as root in containers), no GPU, and no way out of this machine: nothing but loopback resolves. */
const flags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

const installedBrowsers: readonly string[] = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
];

/** The browser's executable: RIG_CHROMIUM if set, else the npm package's own (Linux x64, unpacked into .cache once), else an installed Chrome. */
export async function chromiumPath(): Promise<string> {
  const override = process.env['RIG_CHROMIUM'];
  if (override) return override;
  if (process.platform === 'linux' && process.arch === 'x64')
    return path.join(await packagedFolder(), 'chromium');
  const installed = installedBrowsers.find((file) => existsSync(file));
  if (!installed)
    throw new Error('No Chrome was found. Install it, or set RIG_CHROMIUM to the executable of a Chromium.');
  return installed;
}

/** A headless browser that reaches only this machine. The caller closes it. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = await chromiumPath();
  return chromium.launch({
    executablePath,
    headless: true,
    ...options,
    args: [...flags, ...(options.args ?? [])],
    env: { ...process.env, ...(await missingParts(executablePath)), ...options.env },
  });
}

/**
 * Unpacks the package, in a child process because it unpacks into the system's temporary folder whatever it is told,
 * and takes a half-written file there for a whole one. The rename makes it safe for test files that start at once.
 */
async function packagedFolder(): Promise<string> {
  const entry = require.resolve('@sparticuz/chromium');
  const { version } = require(path.join(path.dirname(entry), '../../package.json')) as { version: string };
  const folder = path.join(cacheFolder, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const partial = await mkdtemp(path.join(cacheFolder, 'chromium-unpacking-'));
  const script = `import(${JSON.stringify(pathToFileURL(entry).href)}).then(({ default: c }) => (c.default ?? c).executablePath())`;
  // AWS_EXECUTION_ENV makes it unpack the libraries of al2023.tar.br as well.
  await run(process.execPath, ['-e', script], {
    env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
  await writeFile(path.join(partial, 'fonts.conf'), fontsConfig(path.join(folder, 'fonts')));
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was first
  }
  return folder;
}

/** What the packaged browser needs in its environment on a machine that lacks libnss3 and its like, or any font. */
async function missingParts(executablePath: string): Promise<Record<string, string>> {
  const folder = path.dirname(executablePath);
  const libraries = path.join(folder, 'al2023/lib');
  if (!existsSync(libraries)) return {};
  const { stdout } = await run('ldd', [executablePath]);
  return {
    ...(stdout.includes('not found') ? { LD_LIBRARY_PATH: libraries } : {}),
    ...(hasFonts() ? {} : { FONTCONFIG_FILE: path.join(folder, 'fonts.conf') }),
  };
}

const hasFonts = () =>
  existsSync('/etc/fonts/fonts.conf') &&
  existsSync('/usr/share/fonts') &&
  readdirSync('/usr/share/fonts').length > 0;

const fontsConfig = (fonts: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><dir>/usr/share/fonts</dir><cachedir>${fonts}-cache</cachedir></fontconfig>
`;
