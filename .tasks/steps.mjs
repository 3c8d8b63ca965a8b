// What the tasks share: a progress line for each long step, and running the project's own tools.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export const step = (message) => process.stdout.write(`\n▸ ${message}\n`);

/** Runs a program in the project's folder, its output shown as it comes. Resolves to its exit code. */
export function run(command, args, { input, ...options } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    ...options,
  });
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? `signal ${signal}`));
  });
}

/** As `run`, but anything but exit 0 ends this task with that code. */
export async function mustRun(command, args, options) {
  const code = await run(command, args, options);
  if (code === 0) return;
  process.stderr.write(`\n${[path.basename(command), ...args].join(' ')} ended with ${code}\n`);
  process.exit(typeof code === 'number' ? code : 1);
}

/** The arguments with which node runs a package's command; npx would start a shell, and npm, for each. */
export function tool(packageName, ...args) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : (bin[path.basename(packageName)] ?? Object.values(bin)[0]);
  return [path.join(folder, file), ...args];
}
