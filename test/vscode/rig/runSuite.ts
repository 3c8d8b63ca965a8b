/**
 * Takes the command line that @vscode/test-electron gives to VS Code, and runs the suite in the rig's extension host.
 * Exit: 0 the suite passed, 1 a test failed, 70 the extension host or the rig broke, 124 no answer in time.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { launchChromium } from '../../support/chromium.ts';
import { installRig, newestVersion } from './install.ts';
import { createProfile, removeProfile, startServer } from './server.ts';

const answerTimeoutMs = 300_000;
const outFolder = fileURLToPath(new URL('../../../.out/vscode/', import.meta.url));

type Ending = { readonly code: number } | { readonly why: string } | 'timeout';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    // test-electron passes arguments for Electron and for a profile as well; the rig makes its own.
    strict: false,
    allowPositionals: true,
    options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
  });
  const extension = path.resolve(String(values['extensionDevelopmentPath']));
  const suite = path.resolve(String(values['extensionTestsPath']));
  // VS Code would wait for ever on either.
  if (!existsSync(path.join(extension, 'package.json'))) throw new Error(`${extension} holds no extension.`);
  if (!existsSync(suite)) throw new Error(`${suite} is not there.`);

  const witness = path.join(outFolder, 'witness.js');
  const source = fileURLToPath(new URL('witness.ts', import.meta.url));
  await build({ entryPoints: [source], outfile: witness, platform: 'node', format: 'cjs', target: 'node20' });

  const rig = await installRig(process.env['PGQP_VSCODE'] ?? newestVersion, (message) =>
    process.stdout.write(`${message}\n`),
  );
  const profile = await createProfile();
  const resultFile = path.join(profile.root, 'result');
  const printedFile = path.join(profile.root, 'printed');
  writeFileSync(printedFile, '');
  const server = await startServer(rig, profile, {
    log: path.join(outFolder, 'suite-server.log'),
    suites: true,
    env: { RIG_SUITE: suite, RIG_RESULT: resultFile, RIG_PRINTED: printedFile },
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    let end: (ending: Ending) => void = () => undefined;
    const ended = new Promise<Ending>((resolve) => (end = resolve));
    await page.exposeFunction('codeAutomationExit', (code: number) => end({ code }));
    await page.exposeFunction('codeAutomationLog', () => undefined);
    page.on('crash', () => end({ why: 'the page crashed' }));
    const timer = setTimeout(() => end('timeout'), answerTimeoutMs);
    await page.goto(
      server.urlFor({
        ...(positionals[0] ? { folder: path.resolve(positionals[0]) } : {}),
        payload: [
          ['extensionDevelopmentPath', remoteUri(extension)],
          ['extensionTestsPath', remoteUri(witness)],
          ['enableProposedApi', ''],
        ],
      }),
    );
    const ending = await ended;
    clearTimeout(timer);
    process.stdout.write(readFileSync(printedFile, 'utf8'));
    const code = exitCode(ending, resultFile, server.output());
    if (code !== 0) await page.screenshot({ path: path.join(outFolder, 'suite-failed.png') });
    return code;
  } finally {
    await browser.close();
    await server.stop();
    await removeProfile(profile);
  }
}

function exitCode(ending: Ending, resultFile: string, serverOutput: string): number {
  const result = existsSync(resultFile) ? readFileSync(resultFile, 'utf8') : undefined;
  if (ending === 'timeout') {
    process.stderr.write(`The suite did not end within ${answerTimeoutMs / 1000} s.\n`);
    return 124;
  }
  if (result === 'failed') return 1;
  if (result === 'passed' && 'code' in ending && ending.code === 0) return 0;
  const died = /Extension Host Process exited with code: \S+, signal: \S+\./.exec(serverOutput)?.[0];
  const why = 'why' in ending ? ending.why : (died ?? `VS Code reported ${ending.code}`);
  process.stderr.write(`The extension host ended before the suite did: ${why}\n`);
  return 70;
}

const remoteUri = (file: string) => `vscode-remote://remote${encodeURI(file)}`;

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(70);
  },
);
